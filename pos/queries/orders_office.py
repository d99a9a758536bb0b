"""Held carts and slips as the back office lists them: what became of each."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from pos.db import db
from pos.models import Order, OrderLine, Outlet, Register, Sale
from pos.queries.searching import has_words


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order of a day, with the sale that used it."""

    id: str
    number: int
    kind: str
    status: str
    outlet: str
    register: str
    note: str
    pieces: int
    by: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    sale_id: str | None
    sale_number: str | None
    sale_total: int | None


def page(
    on: date,
    cursor: str | None,
    limit: int,
    *,
    outlet: str = "",
    register: str | None = None,
    status: str = "",
    words: str = "",
) -> tuple[list[OrderRow], str | None]:
    """Return a page of a business day's orders, the newest first; the cursor is the last one's id.

    `words` stand in the number, the note, or are who made it. A day is read whole: it has some hundred.
    """
    places = select(Outlet.id).where(Outlet.code == outlet) if outlet else select(Outlet.id)
    known = list(db.session.execute(places).scalars())
    pieces = (
        select(func.sum(OrderLine.quantity))
        .where(OrderLine.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    sale = aliased(Sale)
    query = (
        select(Order, Outlet.name, Register.code, pieces, sale.number, sale.total)
        .join(Outlet, Outlet.id == Order.outlet_id)
        .join(Register, Register.id == Order.register_id)
        .outerjoin(sale, sale.id == Order.sale_id)
        .where(Order.outlet_id.in_(known), Order.business_date == on)
    )
    if register is not None:
        query = query.where(Register.code == register)
    if status:
        query = query.where(Order.status == status)
    rows = [_row(*row) for row in db.session.execute(query)]
    fits = [row for row in rows if has_words(words, str(row.number), row.note, row.by, row.register)]
    fits.sort(key=lambda row: (row.created_at, row.id), reverse=True)
    begin = next((n + 1 for n, row in enumerate(fits) if row.id == cursor), 0) if cursor else 0
    shown = fits[begin : begin + limit]
    return shown, shown[-1].id if len(fits) > begin + limit else None


def _row(
    order: Order, outlet: str, register: str, pieces: int, number: str | None, total: int | None
) -> OrderRow:
    return OrderRow(
        order.id,
        order.number,
        order.kind,
        order.status,
        outlet,
        register,
        order.note,
        int(pieces or 0),
        order.by,
        order.created_at,
        order.expires_at,
        order.ended_at,
        order.ended_by,
        order.sale_id,
        number,
        total,
    )
