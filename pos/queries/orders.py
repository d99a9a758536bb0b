"""Orders as the API, the till and the slip show them: with the prices of now, for nothing is sold yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeAlias

from sqlalchemy import func, select, tuple_

from pos import clock
from pos.db import db, table
from pos.domain.business_day import business_date
from pos.domain.orders import code_of
from pos.errors import N_, NotFound
from pos.models import Order, OrderLine, OrderNote, Outlet, PrintJob, Register
from pos.models.partial import ORDER_OPEN, unkeyed
from pos.operations.receipts import is_copy, original
from pos.queries.products import prices_on
from pos.queries.shifts import local
from printers.document import Document

View: TypeAlias = dict[str, Any]
Row: TypeAlias = Mapping[Any, Any]

ORDER = table(Order)
LINE = table(OrderLine)
NOTE = table(OrderNote)

_ORDERS = (
    select(
        ORDER, Register.code.label("register"), Outlet.code.label("outlet"), Outlet.time_zone, Outlet.cut_off
    )
    .join(Register, Register.id == ORDER.c.register_id)
    .join(Outlet, Outlet.id == ORDER.c.outlet_id)
)

_AGE = (ORDER.c.business_date, ORDER.c.number)


def order_view(order_id: str, at: datetime) -> View:
    """Return an order as it is now. Raises not_found."""
    return _views([_row(order_id)], at)[0]


def maker_of(order_id: str) -> tuple[str, str, str]:
    """Return the outlet and the register of an order and the key of who made it. Raises not_found."""
    row = _row(order_id)
    return row["outlet"], row["register"], row["by_key"]


def open_orders(
    register: str,
    at: datetime,
    *,
    number: int | None,
    cursor: str | None,
    limit: int,
    only: str | None = None,
    maker: str | None = None,
) -> tuple[list[View], str | None]:
    """Return a page of the open orders of a register's outlet, oldest first, and the cursor of the next.

    With a `number` the one of today that has it, open or not: who types it is told what became of it. `only`
    and `maker` leave out what other registers or people made.
    """
    outlet = _outlet_of(register)
    query = _ORDERS.order_by(*_AGE).limit(limit + 1)
    if number is None:
        query = query.where(unkeyed(ORDER.c.outlet_id) == outlet.id, ORDER_OPEN, ORDER.c.expires_at > at)
    else:
        today = business_date(at, outlet.time_zone, time.fromisoformat(outlet.cut_off))
        query = query.where(
            ORDER.c.outlet_id == outlet.id, ORDER.c.number == number, ORDER.c.business_date == today
        )
    if maker is not None:
        query = query.where(ORDER.c.by_key == maker)
    if only is not None:
        query = query.where(Register.code == only)
    if cursor is not None:
        last = select(*_AGE).where(ORDER.c.id == cursor)
        query = query.where(tuple_(*_AGE) > last.scalar_subquery())
    rows = db.session.execute(query).mappings().all()
    return _views(rows[:limit], at), rows[limit - 1]["id"] if len(rows) > limit else None


def waiting_orders(register: str, at: datetime) -> list[View]:
    """Return the open orders of a register's outlet as the till lists them, oldest first."""
    pieces = (
        select(func.sum(LINE.c.quantity))
        .where(LINE.c.order_id == ORDER.c.id)
        .correlate(ORDER)
        .scalar_subquery()
    )
    here = select(Register.outlet_id).where(Register.code == register).scalar_subquery()
    rows = db.session.execute(
        select(ORDER, Register.code.label("register"), pieces.label("pieces"))
        .join(Register, Register.id == ORDER.c.register_id)
        .where(unkeyed(ORDER.c.outlet_id) == here, ORDER_OPEN, ORDER.c.expires_at > at)
        .order_by(*_AGE)
    ).mappings()
    return [
        {name: row[name] for name in ("id", "number", "kind", "note", "by", "register")}
        | {"pieces": int(row["pieces"]), "created_at": clock.iso(row["created_at"])}
        | {"expires_at": clock.iso(row["expires_at"])}
        for row in rows
    ]


def slip_of(order_id: str) -> tuple[Document, bytes | None] | None:
    """Return the slip as it was printed, with its bytes once rendered; None when none is kept."""
    job = db.session.execute(
        select(PrintJob.document, PrintJob.payload)
        .join(Order, Order.slip_id == PrintJob.id)
        .where(Order.id == order_id)
    ).one_or_none()
    if job is None:
        return None
    document = Document.from_json(job[0])
    return original(document), None if is_copy(document) else job[1]


def _row(order_id: str) -> Row:
    row = db.session.execute(_ORDERS.where(ORDER.c.id == order_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("There is no such order here."))
    return row


def outlet_of(register: str) -> str:
    """Return the code of a register's outlet. Raises not_found."""
    return _outlet_of(register).code


def _outlet_of(register: str) -> Outlet:
    found = db.session.execute(
        select(Outlet).join(Register, Register.outlet_id == Outlet.id).where(Register.code == register)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("There is no register %(code)s."), code=register)
    return found


def _views(orders: Sequence[Row], at: datetime) -> list[View]:
    lines: dict[str, list[Row]] = {row["id"]: [] for row in orders}
    for line in db.session.execute(
        select(LINE).where(LINE.c.order_id.in_(lines)).order_by(LINE.c.position)
    ).mappings():
        lines[line["order_id"]].append(line)
    noted = db.session.execute(select(NOTE).where(NOTE.c.order_id.in_(lines))).all()
    notes = {(row.order_id, row.position): row.text for row in noted}
    prices: dict[date, dict[int, int]] = {}
    views = []
    for row in orders:
        today = business_date(at, row["time_zone"], time.fromisoformat(row["cut_off"]))
        if today not in prices:
            ids = {line["product_id"] for found in lines.values() for line in found}
            prices[today] = prices_on(list(ids), today)
        views.append(_view(row, [_line(line, prices[today], notes) for line in lines[row["id"]]], at))
    return views


def _line(line: Row, prices: Mapping[int, int], notes: Mapping[tuple[str, int], str]) -> View:
    unit_price = prices[line["product_id"]]
    return {
        "sku": line["sku"],
        "name": line["name"],
        "quantity": line["quantity"],
        "unit_price": unit_price,
        "discount": line["discount"],
        "reason": line["discount_reason"],
        "total": max(0, line["quantity"] * unit_price - line["discount"]),
        "note": notes.get((line["order_id"], line["position"]), ""),
    }


def _view(order: Row, lines: list[View], at: datetime) -> View:
    over = order["status"] == "open" and order["expires_at"] <= at
    return {
        "id": order["id"],
        "number": order["number"],
        "kind": order["kind"],
        "status": "expired" if over else order["status"],
        "register": order["register"],
        "outlet": order["outlet"],
        "business_date": order["business_date"].isoformat(),
        "note": order["note"],
        "lines": lines,
        "discount": order["discount"],
        "reason": order["discount_reason"],
        "total": max(0, sum(line["total"] for line in lines) - order["discount"]),
        "qr": code_of(order["id"]),
        "by": order["by"],
        "created_at": local(order["created_at"], order["time_zone"]),
        "expires_at": local(order["expires_at"], order["time_zone"]),
        "ended_at": local(order["ended_at"], order["time_zone"]) if order["ended_at"] else None,
        "ended_by": order["ended_by"],
        "sale": order["sale_id"],
    }
