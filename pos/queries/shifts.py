"""The one computation behind the X report, the Z report, the screen and the day's report."""

import json
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from pos.db import db
from pos.domain.drawer import DrawerEvent, DrawerTotals, drawer_totals
from pos.models import (
    Book,
    CashCount,
    CashEvent,
    Outlet,
    ReceiptCopy,
    Refund,
    RefundLine,
    RefundTender,
    Register,
    Sale,
    SaleLine,
    Shift,
    Tender,
    ZReport,
)
from pos.queries.shift_qris import cash_for_qris, qris_split
from pos.queries.tenders import Corrected, corrected

Report: TypeAlias = dict[str, Any]

HIDDEN_BEFORE_COUNT = (
    "expected_cash",
    "over_short",
    "cash_sales",
    "cash_refunds",
    "by_method",
    "qris",
    "gross",
    "refunds",
    "net",
    "grand_total",
)
"""What would tell a cashier the expected cash before the count (contract, `GET /shifts/{id}/report`)."""


def local(at: datetime, time_zone: str) -> str:
    """Return `at` as RFC 3339 with the outlet's offset."""
    return at.astimezone(ZoneInfo(time_zone)).isoformat(timespec="seconds")


def shift_report(shift_id: str) -> Report:
    """Return the X report of an open shift or, once it is closed, the frozen Z report.

    The shift must exist.
    """
    frozen = db.session.execute(
        select(ZReport.report).where(ZReport.shift_id == shift_id)
    ).scalar_one_or_none()
    if frozen is not None:
        report: Report = json.loads(frozen)
        return report
    shift, register, zone, book = db.session.execute(
        select(Shift, Register, Outlet.time_zone, Book)
        .join(Register, Register.id == Shift.register_id)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .join(Book, Book.register_id == Register.id)
        .where(Shift.id == shift_id)
        .execution_options(populate_existing=True)
    ).one()
    corrections = corrected(shift_id)
    drawer = shift_drawer(book.id, shift, corrections)
    counted = db.session.execute(
        select(CashCount.counted)
        .where(CashCount.shift_id == shift_id)
        .order_by(CashCount.position.desc())
        .limit(1)
    ).scalar_one_or_none()
    return {
        "shift": shift.id,
        "register": register.code,
        "status": shift.status,
        "number": None,
        "business_date": shift.business_date.isoformat(),
        "opened_at": local(shift.opened_at, zone),
        "opened_by": shift.opened_by,
        "closed_at": None,
        "closed_by": None,
        **_sales(shift_id),
        "by_method": _by_method(shift_id, drawer, corrections.moved),
        "qris": qris_split(shift_id, register.id, shift.opened_at),
        "float": drawer.float,
        "cash_sales": drawer.cash_sales,
        "cash_refunds": drawer.cash_refunds,
        "paid_in": drawer.paid_in,
        "paid_out": drawer.paid_out,
        "expected_cash": drawer.expected_cash,
        "counted_cash": counted,
        "over_short": None if counted is None else counted - drawer.expected_cash,
        "by_product": _by_product(shift_id),
        "drawer_openings": drawer.drawer_openings,
        "copies": db.session.execute(
            select(func.count()).where(ReceiptCopy.shift_id == shift_id)
        ).scalar_one(),
        "tender_corrections": corrections.count,
        "grand_total": book.grand_total,
        "last_entry_hash": book.head,
    }


def shift_drawer(book_id: int, shift: Shift, corrections: Corrected | None = None) -> DrawerTotals:
    """Return what moved through the shift's drawer, by the one function that knows expected cash.

    `corrections` of how its sales were paid, where they are at hand already.
    """
    rows = db.session.execute(
        select(CashEvent.kind, func.sum(CashEvent.amount), func.count())
        # By the book's own key and from the opening entry on: no index of its own on the checkout path.
        .where(
            CashEvent.book_id == book_id, CashEvent.seq >= shift.opened_seq, CashEvent.shift_id == shift.id
        )
        .group_by(CashEvent.kind)
    ).all()
    events = [DrawerEvent("correction", (corrections or corrected(shift.id)).moved)]
    for kind, amount, count in rows:
        events += [DrawerEvent(kind, 0)] * count if kind == "no_sale" else [DrawerEvent(kind, int(amount))]
    return drawer_totals(events)


def _sales(shift_id: str) -> Report:
    done = (Sale.shift_id == shift_id, Sale.status == "completed")
    count, gross, discounts, rounding, first, last = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Sale.gross), 0),
            func.coalesce(func.sum(Sale.gross - Sale.subtotal + Sale.discount), 0),
            func.coalesce(func.sum(Sale.rounding), 0),
            func.min(Sale.seq),
            func.max(Sale.seq),
        ).where(*done)
    ).one()
    ends = select(Sale.seq, Sale.number).where(*done, Sale.seq.in_((first, last)))
    number_of = {row.seq: row.number for row in db.session.execute(ends)}
    refunds, refund_count, voids = db.session.execute(
        select(
            func.coalesce(func.sum(Refund.total), 0),
            func.count(),
            func.coalesce(func.sum(case((Refund.kind == "void", 1), else_=0)), 0),
        ).where(Refund.shift_id == shift_id)
    ).one()
    return {
        "sales_count": count,
        "refund_count": refund_count,
        "void_count": int(voids),
        "gross": int(gross),
        "discounts": int(discounts),
        "refunds": int(refunds),
        "rounding": int(rounding),
        "net": int(gross - discounts + rounding - refunds),
        "first_number": number_of.get(first),
        "last_number": number_of.get(last),
    }


def _by_method(shift_id: str, drawer: DrawerTotals, moved: int) -> dict[str, int]:
    qris = db.session.execute(
        select(func.coalesce(func.sum(Tender.amount), 0))
        .join(Sale, Sale.id == Tender.sale_id)
        .where(Sale.shift_id == shift_id, Sale.status == "completed", Tender.method == "qris")
    ).scalar_one()
    back = db.session.execute(
        select(func.coalesce(func.sum(RefundTender.amount), 0))
        .join(Refund, Refund.id == RefundTender.refund_id)
        .where(Refund.shift_id == shift_id, RefundTender.method == "qris")
    ).scalar_one()
    return {
        "cash": drawer.cash_sales - drawer.cash_refunds,
        "qris": int(qris - back) - moved + cash_for_qris(shift_id),
    }


def _by_product(shift_id: str) -> list[Report]:
    sold = db.session.execute(
        select(
            SaleLine.sku,
            func.max(SaleLine.name),
            func.sum(SaleLine.quantity),
            func.sum(SaleLine.quantity * SaleLine.unit_price),
            func.sum(SaleLine.total),
        )
        .join(Sale, Sale.id == SaleLine.sale_id)
        .where(Sale.shift_id == shift_id, Sale.status == "completed")
        .group_by(SaleLine.sku)
    ).all()
    back = db.session.execute(
        select(
            RefundLine.sku,
            func.max(RefundLine.name),
            func.sum(RefundLine.quantity),
            func.sum(RefundLine.total),
        )
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.shift_id == shift_id)
        .group_by(RefundLine.sku)
    ).all()
    products = {
        sku: {
            "sku": sku,
            "name": name,
            "quantity": int(quantity),
            "gross": int(gross),
            "total": int(total),
            "refunded_quantity": 0,
            "refunded": 0,
        }
        for sku, name, quantity, gross, total in sold
    }
    for sku, name, quantity, total in back:
        empty = {"sku": sku, "name": name, "quantity": 0, "gross": 0, "total": 0}
        products.setdefault(sku, empty).update(refunded_quantity=int(quantity), refunded=int(total))
    return [products[sku] for sku in sorted(products)]


def for_reader(report: Report, *, sees_cash: bool) -> Report:
    """Return the report as the caller may see it: before the count, nothing that tells the expected cash."""
    if sees_cash or report["status"] != "open":
        return report
    seen = {key: value for key, value in report.items() if key not in HIDDEN_BEFORE_COUNT}
    seen["by_product"] = [
        {key: line[key] for key in ("sku", "name", "quantity", "refunded_quantity")}
        for line in report["by_product"]
    ]
    return seen
