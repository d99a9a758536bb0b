"""What people set about supply: suppliers and maker groups, minimums, permits. Each is an entry of the
office's book.
"""

from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from pos.db import db, table
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, ValidationError
from pos.models import ProductMinimum, ProductPermit, ProductSource
from pos.operations import stock
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, lock_office, next_id
from pos.schemas.stock import MinimumsIn, SourceIn

SOURCE = table(ProductSource)
MINIMUM = table(ProductMinimum)
PERMIT = table(ProductPermit)
PERMITS = ("pirt", "halal")


def add_source(paper: SourceIn, actor: Actor, at: datetime, request: Request) -> None:
    """Add a supplier or maker group. Raises validation_error when the name is taken, Replayed."""
    act = stock.begin("source_added", actor, at, request)
    _need_free_name(paper.name, None)
    row = {"id": next_id(SOURCE), "name": paper.name, "kind": paper.kind, "active": True}
    act.insert(SOURCE, [row])
    act.finish()


def change_source(
    source_id: int, name: str, *, active: bool, actor: Actor, at: datetime, request: Request
) -> None:
    """Rename a supplier or maker group, or offer it no more. Raises not_found, validation_error, Replayed."""
    act = stock.begin("source_changed", actor, at, request)
    if db.session.execute(select(SOURCE.c.id).where(SOURCE.c.id == source_id)).first() is None:
        raise NotFound(N_("There is no such supplier or maker group."))
    if not name:
        raise ValidationError(FieldError("name", N_("Fill this in.")))
    _need_free_name(name, source_id)
    act.change(SOURCE, {"id": source_id}, {"name": name[:60], "active": active})
    act.finish()


def _need_free_name(name: str, own: int | None) -> None:
    taken = db.session.execute(select(SOURCE.c.id).where(SOURCE.c.name == name)).scalar_one_or_none()
    if taken is not None and taken != own:
        raise ValidationError(FieldError("name", N_("This name is taken.")))


def set_minimums(paper: MinimumsIn, actor: Actor, at: datetime, request: Request) -> None:
    """Set how many pieces of products should at least lie at a location; 0 takes the minimum away.

    Products that are not named keep theirs. Raises unknown_sku, validation_error, Replayed.
    """
    act = stock.begin("minimums_set", actor, at, request)
    location_id = stock.place(paper.location)
    products = stock.products([line.sku for line in paper.lines])
    wanted = {products[line.sku]: line.minimum for line in paper.lines}
    before: dict[int, int] = dict(
        db.session.execute(
            select(MINIMUM.c.product_id, MINIMUM.c.minimum).where(MINIMUM.c.location_id == location_id)
        ).all()
    )
    for product_id, minimum in sorted(wanted.items()):
        if minimum != before.get(product_id, 0):
            key = {"product_id": product_id, "location_id": location_id}
            act.note("product_minimum", {**key, "minimum": minimum})
            _store_minimum(key, minimum, known=product_id in before)
    act.finish()


def _store_minimum(key: dict[str, int], minimum: int, *, known: bool) -> None:
    # A table that people set is not replayed, so that a row may also go.
    here = (MINIMUM.c.product_id == key["product_id"]) & (MINIMUM.c.location_id == key["location_id"])
    if not minimum:
        db.session.execute(delete(MINIMUM).where(here))
    elif known:
        db.session.execute(update(MINIMUM).where(here).values(minimum=minimum))
    else:
        db.session.execute(insert(MINIMUM), {**key, "minimum": minimum})


def set_permits(
    product_id: int,
    permits: dict[str, tuple[str, date | None]],
    actor: Actor,
    at: datetime,
    request: Request,
) -> None:
    """Set a product's P-IRT and halal numbers with their expiry; an empty number takes one away.

    Raises validation_error, Replayed.
    """
    book = lock_office(request)
    actor.need(Right.MANAGE)
    act = Act(book, "permits_set", actor, at, request)
    wrong = [
        FieldError(f"{kind}_number", N_("Fill this in, or leave the date out."))
        for kind, (number, expires_on) in permits.items()
        if expires_on is not None and not number
    ]
    wrong += [
        FieldError(f"{kind}_number", N_("This text is too long."))
        for kind, (number, _) in permits.items()
        if len(number) > 40 or not number.isprintable()
    ]
    if wrong:
        raise ValidationError(*wrong)
    for kind, (number, expires_on) in permits.items():
        row = {"product_id": product_id, "kind": kind, "number": number, "expires_on": expires_on}
        act.note("product_permit", row)
        db.session.execute(delete(PERMIT).where(PERMIT.c.product_id == product_id, PERMIT.c.kind == kind))
        if number:
            db.session.execute(insert(PERMIT), row)
    act.finish()
