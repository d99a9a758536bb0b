"""Partners as people set them: who they are, their place, their commission and their prices."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Table, func, select

from pos.db import db, table
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import ConsignmentDelivery, Location, Outlet, Partner, PartnerPrice
from pos.operations import stock
from pos.operations.actor import Actor
from pos.operations.catalogue import check_code
from pos.operations.journal import Act, Request, Row, lock_office, next_id, row_of
from pos.schemas.consignment import PartnerData, PartnerIn, PartnerPricesIn

PARTNER = table(Partner)
PRICE = table(PartnerPrice)
LOCATION = table(Location)
DELIVERY = table(ConsignmentDelivery)


def add(paper: PartnerIn, actor: Actor, at: datetime, request: Request) -> int:
    """Add a partner and the location of the goods at their place; return the partner's key.

    A location of ours that is there already, from which no outlet sells, becomes theirs with all that lies in
    it. Raises validation_error, Replayed.
    """
    book = lock_office(request)
    actor.need(Right.MANAGE)
    check_code(paper.code, 20)
    act = Act(book, "partner_added", actor, at, request)
    partner_id = next_id(PARTNER)
    act.insert(
        PARTNER,
        [
            {
                "id": partner_id,
                "location_id": _place(act, paper),
                **paper.model_dump(include=set(PartnerData.model_fields)),
                "columns": "",
                "active": True,
            }
        ],
    )
    act.finish()
    return partner_id


def _place(act: Act, paper: PartnerIn) -> int:
    row = db.session.execute(select(Location).where(Location.code == paper.code)).scalar_one_or_none()
    if row is None:
        made = next_id(LOCATION)
        act.insert(LOCATION, [{"id": made, "code": paper.code, "name": paper.name, "kind": "stock"}])
        return made
    used = (
        select(Outlet.id)
        .where(Outlet.location_id == row.id)
        .union_all(select(Partner.id).where(Partner.location_id == row.id))
    )
    if row.kind != "stock" or db.session.execute(used).first() is not None:
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    return row.id


def change(
    partner_id: int, data: PartnerData, *, active: bool, actor: Actor, at: datetime, request: Request
) -> None:
    """Change what is said of a partner; a new commission holds for reports booked from now on.

    Raises not_found, Replayed.
    """
    book = lock_office(request)
    actor.need(Right.MANAGE)
    _need(partner_id)
    act = Act(book, "partner_changed", actor, at, request)
    act.change(PARTNER, {"id": partner_id}, {**data.model_dump(), "active": active})
    act.finish()


def _need(partner_id: int) -> None:
    if db.session.execute(select(PARTNER.c.id).where(PARTNER.c.id == partner_id)).first() is None:
        raise NotFound(N_("There is no such partner."))


def set_prices(
    partner_id: int, paper: PartnerPricesIn, today: date, actor: Actor, at: datetime, request: Request
) -> None:
    """Set agreed prices from a day on; null goes back to our own price. Raises unknown_sku, Replayed."""
    book = lock_office(request)
    actor.need(Right.MANAGE)
    _need(partner_id)
    products = stock.products([line.sku for line in paper.lines])
    act = Act(book, "partner_prices_set", actor, at, request)
    first = next_id(PRICE)
    wanted = {products[line.sku]: line.price for line in paper.lines}
    act.insert(
        PRICE,
        [
            {
                "id": first + n,
                "partner_id": partner_id,
                "product_id": product_id,
                "amount": amount,
                "valid_from": paper.valid_from or today,
                "set_at": at,
                "set_by": actor.name[:40],
            }
            for n, (product_id, amount) in enumerate(sorted(wanted.items()))
        ],
    )
    act.finish()


def known(code: str) -> Row:
    """Return the partner whose place has this code. Raises validation_error."""
    found = db.session.execute(
        select(PARTNER).join(LOCATION, LOCATION.c.id == PARTNER.c.location_id).where(LOCATION.c.code == code)
    ).mappings()
    row = found.one_or_none()
    if row is None:
        raise ValidationError(FieldError("partner", N_("There is no partner %(code)s."), {"code": code}))
    return dict(row)


def code_of(partner: Mapping[str, object]) -> str:
    """Return the code of a partner's place."""
    return str(row_of(LOCATION, LOCATION.c.id == partner["location_id"])["code"])


def note_delivery(act: Act, transfer_id: str, to_id: int) -> None:
    """Give a transfer the number of a delivery note when it goes to a partner's place.

    Raises partner_inactive.
    """
    row = db.session.execute(
        select(PARTNER.c.id, PARTNER.c.name, PARTNER.c.active).where(PARTNER.c.location_id == to_id)
    ).one_or_none()
    if row is None:
        return
    partner_id, name, active = row
    if not active:
        message = N_("%(name)s gets no more goods. Let the manager make this partner active again first.")
        raise PosError("partner_inactive", message, {"name": name})
    number = next_number(DELIVERY)
    act.insert(DELIVERY, [{"id": transfer_id, "number": number, "partner_id": partner_id}])


def next_number(numbered: Table) -> int:
    """Return the next number of a series that the office's book, locked by the caller, serialises."""
    return (db.session.execute(select(func.max(numbered.c.number))).scalar_one() or 0) + 1


def remember_columns(act: Act, partner: Row, columns: Mapping[str, str]) -> None:
    """Keep which column of a partner's file is what, for their next one."""
    text = json.dumps(columns, ensure_ascii=False, sort_keys=True)
    if text != partner["columns"]:
        act.change(PARTNER, {"id": partner["id"]}, {"columns": text})
