"""Registers, shifts and the day, looked up by what people call them."""

from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import select

from pos.db import db
from pos.errors import N_, NotFound, PosError
from pos.models import CashCount, CashEvent, Entry, Outlet, Register, Shift
from pos.models.partial import SHIFT_NOT_CLOSED
from pos.queries.shifts import local, shift_report

View: TypeAlias = dict[str, Any]

SUMS = (
    "sales_count",
    "refund_count",
    "void_count",
    "gross",
    "discounts",
    "refunds",
    "rounding",
    "net",
    "float",
    "cash_sales",
    "cash_refunds",
    "paid_in",
    "paid_out",
    "expected_cash",
    "drawer_openings",
    "copies",
    "tender_corrections",
)


def shift_view(shift_id: str) -> View:
    """Return a shift as the API shows it. Raises not_found."""
    row = db.session.execute(
        select(Shift, Register.code, Outlet.time_zone)
        .join(Register, Register.id == Shift.register_id)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .where(Shift.id == shift_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such shift."))
    shift, register, zone = row
    return {
        "id": shift.id,
        "register": register,
        "status": shift.status,
        "business_date": shift.business_date.isoformat(),
        "opened_at": local(shift.opened_at, zone),
        "opened_by": shift.opened_by,
        "float": shift.float,
        "closed_at": local(shift.closed_at, zone) if shift.closed_at else None,
        "closed_by": shift.closed_by,
    }


def current_shift(register: str) -> View:
    """Return the register's shift that is not closed.

    Raises not_found (register) and shift_not_open as 404.
    """
    register_id = db.session.execute(
        select(Register.id).where(Register.code == register)
    ).scalar_one_or_none()
    if register_id is None:
        raise NotFound(N_("There is no register %(code)s."), code=register)
    shift_id = db.session.execute(
        select(Shift.id).where(Shift.register_id == register_id, SHIFT_NOT_CLOSED)
    ).scalar_one_or_none()
    if shift_id is None:
        raise PosError(
            "shift_not_open", N_("The till is not open. Open it with a float first."), extra={"status": 404}
        )
    return shift_view(shift_id)


def cash_event_view(event_id: str) -> View:
    """Return a pay-in, pay-out or drawer opening. Raises not_found."""
    # Through its entry: cash events have no index of their own on the checkout path.
    event = db.session.execute(
        select(CashEvent)
        .join(Entry, (Entry.book_id == CashEvent.book_id) & (Entry.seq == CashEvent.seq))
        .where(
            Entry.request_id == event_id,
            CashEvent.id == event_id,
            CashEvent.kind.in_(("pay_in", "pay_out", "no_sale")),
        )
    ).scalar_one_or_none()
    if event is None:
        raise NotFound
    return {
        "id": event.id,
        "shift": event.shift_id,
        "kind": event.kind,
        "direction": {"pay_in": "in", "pay_out": "out"}.get(event.kind),
        "amount": abs(event.amount),
        "reason": event.reason,
        "by": event.by,
    }


def count_view(shift_id: str) -> View:
    """Return the fixed count with what was expected and the difference."""
    count = db.session.execute(
        select(CashCount).where(CashCount.shift_id == shift_id).order_by(CashCount.position.desc()).limit(1)
    ).scalar_one()
    report = shift_report(shift_id)
    expected = report["expected_cash"]
    return {
        "id": count.id,
        "shift": shift_id,
        "counted": count.counted,
        "expected_cash": expected,
        "over_short": count.counted - expected,
        "by": count.by,
        "approved_by": count.approved_by,
    }


def day_report(on: date, outlet: str | None) -> View:
    """Return the business day: its shifts, closed and open, and their sums, as in a Z."""
    query = (
        select(Shift.id, Shift.status, Outlet.code)
        .join(Register, Register.id == Shift.register_id)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .where(Shift.business_date == on)
        .order_by(Register.code, Shift.opened_at)
    )
    if outlet is not None:
        if db.session.execute(select(Outlet.id).where(Outlet.code == outlet)).first() is None:
            raise NotFound(N_("There is no outlet %(code)s."), code=outlet)
        query = query.where(Outlet.code == outlet)
    rows = db.session.execute(query).all()
    reports = [(shift_report(shift_id) | {"outlet": code}, status) for shift_id, status, code in rows]
    totals: View = {key: sum(report.get(key, 0) for report, _ in reports) for key in SUMS}
    totals["by_method"] = {
        method: sum(report["by_method"][method] for report, _ in reports) for method in ("cash", "qris")
    }
    closed = [report for report, status in reports if status == "closed"]
    totals["counted_cash"] = sum(report["counted_cash"] for report in closed)
    totals["over_short"] = sum(report["over_short"] for report in closed)
    totals["by_product"] = _by_product([report for report, _ in reports])
    return {
        "business_date": on.isoformat(),
        "outlet": outlet,
        "closed_shifts": closed,
        "open_shifts": [report for report, status in reports if status != "closed"],
        "totals": totals,
        **totals,
    }


def _by_product(reports: list[View]) -> list[View]:
    sums: dict[str, View] = {}
    for report in reports:
        for line in report["by_product"]:
            into = sums.setdefault(line["sku"], {"sku": line["sku"], "name": line["name"]})
            for key in ("quantity", "gross", "total", "refunded_quantity", "refunded"):
                into[key] = into.get(key, 0) + line[key]
    return [sums[sku] for sku in sorted(sums)]
