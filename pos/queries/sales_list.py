"""A list of sales, newest first: of a register or of all, of some days, in a state, with words.

Every state but completed is rare, and its sales are found first. In the order of the list, a database would
look for the few through all that a register ever sold.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select

from pos import clock
from pos.db import db
from pos.models import Refund, Register, Sale, SaleLine, Shift
from pos.models.partial import SALE_GIVEN_UP, SALE_VOID, SALE_WAITING, unkeyed
from pos.queries.paging import older
from pos.queries.sales import sale_views
from pos.queries.searching import MOST_WORDS

View: TypeAlias = dict[str, Any]

_VOIDED = select(Refund.sale_id).where(SALE_VOID)
_STATES: dict[str, ColumnElement[bool]] = {
    "completed": (Sale.status == "completed") & ~_VOIDED.where(Refund.sale_id == Sale.id).exists(),
    "awaiting_payment": Sale.id.in_(select(Sale.id).where(SALE_WAITING)),
    "voided": Sale.id.in_(_VOIDED),
    "cancelled": SALE_GIVEN_UP & (Sale.status == "cancelled"),
    "expired": SALE_GIVEN_UP & (Sale.status == "expired"),
}
STATES = tuple(_STATES)
"""What a sale can be, as it is shown."""
_FEW = ("awaiting_payment", "voided")
"""Found by the sales of an index of theirs."""


def page_of_sales(
    register: str | None,
    on: date | None,
    cursor: str | None,
    limit: int,
    *,
    status: str | None = None,
    until: date | None = None,
    query: str = "",
) -> tuple[list[View], str | None]:
    """Return a page of sales, newest first, and the cursor of the next page (None at the end).

    Of one business date, or from it until another; in one of `STATES`; with every word of a query in the
    number, the cashier's name or a product.
    """
    if status is not None and status not in _STATES:
        return [], None
    wanted = [] if status is None else [_STATES[status]]
    wanted += [_about(word) for word in query.split()[:MOST_WORDS]]
    if cursor is not None:
        at, _, last = cursor.partition("~")
        wanted.append(older(Sale.created_at, Sale.id, at, last))
    registers = (
        select(Register.id) if register is None else select(Register.id).where(Register.code == register)
    )
    found: list[tuple[str, datetime]] = []
    for register_id in db.session.execute(registers).scalars().all():
        key = unkeyed(Sale.register_id.expression) if status in _FEW else Sale.register_id
        here = key == register_id if on is None else _of_days(register_id, on, until or on)
        found += _newest([here, *wanted], limit + 1)
    rows = sorted(found, key=lambda row: (row[1], row[0]), reverse=True)[: limit + 1]
    more = f"{clock.iso(rows[limit - 1][1])}~{rows[limit - 1][0]}" if len(rows) > limit else None
    return sale_views([row[0] for row in rows[:limit]]) if rows else [], more


def _about(word: str) -> ColumnElement[bool]:
    product = select(SaleLine.position).where(
        SaleLine.sale_id == Sale.id,
        SaleLine.sku.icontains(word, autoescape=True) | SaleLine.name.icontains(word, autoescape=True),
    )
    number = Sale.number.icontains(word, autoescape=True)
    return number | Sale.cashier.icontains(word, autoescape=True) | product.exists()


def _of_days(register_id: int, on: date, until: date) -> ColumnElement[bool]:
    """Say whether a sale is of the register and the days: by their shifts alone.

    With the register named too, a database might look for an old day from today backwards.
    """
    days = Shift.business_date == on if until == on else Shift.business_date.between(on, until)
    return Sale.shift_id.in_(select(Shift.id).where(Shift.register_id == register_id, days))


def _newest(wanted: Sequence[ColumnElement[bool]], count: int) -> list[tuple[str, datetime]]:
    """Return (id, created at) of the newest sales that are wanted, at most `count`."""
    rows = db.session.execute(
        select(Sale.id, Sale.created_at)
        .where(*wanted)
        .order_by(Sale.created_at.desc(), Sale.id.desc())
        .limit(count)
    ).all()
    return [(row[0], row[1]) for row in rows]
