"""The one computation behind the X report, the Z report, the screen and the day's report."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, case, func, select
from sqlalchemy.orm import aliased

from pos import reading
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
from pos.queries.shift_qris import QRIS_PARTS, Found, cash_for_qris, qris_split
from pos.queries.tenders import CORRECTION
from pos.statements import Statement, together

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


_SHIFT: BindParameter[str] = bindparam("shift")
_DONE = (Sale.shift_id == _SHIFT, Sale.status == "completed")
_EARLIER = aliased(Shift)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a register was closed before its first shift."""

_FROZEN = Statement(select(ZReport.report).where(ZReport.shift_id == _SHIFT))
_OPEN = Statement(
    select(
        Register.id,
        Register.code,
        Outlet.time_zone,
        Book.id,
        Book.grand_total,
        Book.head,
        Shift.status,
        Shift.business_date,
        Shift.opened_at,
        Shift.opened_by,
        Shift.opened_seq,
        # The one that opened last before it: shifts of a register follow each other.
        select(_EARLIER.closed_at)
        .where(
            _EARLIER.register_id == Shift.register_id,
            _EARLIER.opened_at < Shift.opened_at,
            _EARLIER.closed_at.is_not(None),
        )
        .order_by(_EARLIER.opened_at.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .join(Register, Register.id == Shift.register_id)
    .join(Outlet, Outlet.id == Register.outlet_id)
    .join(Book, Book.register_id == Register.id)
    .where(Shift.id == _SHIFT)
)

_DRAWER_PARTS: Mapping[str, Statement] = {
    "drawer": Statement(
        select(CashEvent.kind, func.sum(CashEvent.amount), func.count())
        # By the book's own key and from the opening entry on: no index of its own on the checkout path.
        .where(
            CashEvent.book_id == bindparam("book"),
            CashEvent.seq >= bindparam("opened_seq"),
            CashEvent.shift_id == _SHIFT,
        )
        .group_by(CashEvent.kind)
    ),
    "corrected": Statement(
        select(func.count(), func.coalesce(func.sum(CORRECTION.c.moved), 0)).where(
            CORRECTION.c.shift_id == _SHIFT
        )
    ),
}
_PARTS: Mapping[str, Statement] = {
    **_DRAWER_PARTS,
    **QRIS_PARTS,
    "sold": Statement(
        select(
            func.count(),
            func.coalesce(func.sum(Sale.gross), 0),
            func.coalesce(func.sum(Sale.gross - Sale.subtotal + Sale.discount), 0),
            func.coalesce(func.sum(Sale.rounding), 0),
        ).where(*_DONE)
    ),
    "first": Statement(select(Sale.number).where(*_DONE).order_by(Sale.seq).limit(1)),
    "last": Statement(select(Sale.number).where(*_DONE).order_by(Sale.seq.desc()).limit(1)),
    "refunded": Statement(
        select(
            func.count(),
            func.coalesce(func.sum(Refund.total), 0),
            func.coalesce(func.sum(case((Refund.kind == "void", 1), else_=0)), 0),
        ).where(Refund.shift_id == _SHIFT)
    ),
    "by_qris": Statement(
        select(func.coalesce(func.sum(Tender.amount), 0))
        .join(Sale, Sale.id == Tender.sale_id)
        .where(*_DONE, Tender.method == "qris")
    ),
    "back_by_qris": Statement(
        select(func.coalesce(func.sum(RefundTender.amount), 0))
        .join(Refund, Refund.id == RefundTender.refund_id)
        .where(Refund.shift_id == _SHIFT, RefundTender.method == "qris")
    ),
    "goods": Statement(
        select(
            SaleLine.sku,
            func.max(SaleLine.name),
            func.sum(SaleLine.quantity),
            func.sum(SaleLine.quantity * SaleLine.unit_price),
            func.sum(SaleLine.total),
        )
        .join(Sale, Sale.id == SaleLine.sale_id)
        .where(*_DONE)
        .group_by(SaleLine.sku)
    ),
    "goods_back": Statement(
        select(
            RefundLine.sku,
            func.max(RefundLine.name),
            func.sum(RefundLine.quantity),
            func.sum(RefundLine.total),
        )
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.shift_id == _SHIFT)
        .group_by(RefundLine.sku)
    ),
    "counted": Statement(
        select(CashCount.counted)
        .where(CashCount.shift_id == _SHIFT)
        .order_by(CashCount.position.desc())
        .limit(1)
    ),
    "copies": Statement(select(func.count()).where(ReceiptCopy.shift_id == _SHIFT)),
}
"""What an X report adds up. All are asked in one go: none needs another's answer."""


def _ask(parts: Mapping[str, Statement], **values: object) -> Found:
    with together():
        answers = {name: part.ask(**values) for name, part in parts.items()}
        return {name: answer.rows() for name, answer in answers.items()}


def shift_report(shift_id: str) -> Report:
    """Return the X report of an open shift or, once it is closed, the frozen Z report.

    The shift must exist.
    """
    with reading.a_report():
        # Of the same instant as the rest: a close between the two would be neither an X nor a Z.
        frozen = _FROZEN.ask(shift=shift_id).row()
        if frozen is not None:
            report: Report = json.loads(frozen[0])
            return report
        (shift,) = _OPEN.ask(shift=shift_id).rows()
        register_id, register, zone, book_id, grand_total, head = shift[:6]
        status, business_date, opened_at, opened_by, opened_seq, closed_before = shift[6:]
        found = _ask(
            _PARTS,
            shift=shift_id,
            register=register_id,
            book=book_id,
            opened_seq=opened_seq,
            closed_before=closed_before or NEVER,
        )
    drawer = _drawer(found)
    counted = found["counted"][0][0] if found["counted"] else None
    return {
        "shift": shift_id,
        "register": register,
        "status": status,
        "number": None,
        "business_date": business_date.isoformat(),
        "opened_at": local(opened_at, zone),
        "opened_by": opened_by,
        "closed_at": None,
        "closed_by": None,
        **_sales(found),
        "by_method": _by_method(found, drawer),
        "qris": qris_split(found),
        "float": drawer.float,
        "cash_sales": drawer.cash_sales,
        "cash_refunds": drawer.cash_refunds,
        "paid_in": drawer.paid_in,
        "paid_out": drawer.paid_out,
        "expected_cash": drawer.expected_cash,
        "counted_cash": counted,
        "over_short": None if counted is None else counted - drawer.expected_cash,
        "by_product": _by_product(found),
        "drawer_openings": drawer.drawer_openings,
        "copies": found["copies"][0][0],
        "tender_corrections": found["corrected"][0][0],
        "grand_total": grand_total,
        "last_entry_hash": head,
    }


def shift_drawer(book_id: int, shift: Shift) -> DrawerTotals:
    """Return what moved through the shift's drawer, by the one function that knows expected cash."""
    return _drawer(_ask(_DRAWER_PARTS, book=book_id, opened_seq=shift.opened_seq, shift=shift.id))


def _drawer(found: Found) -> DrawerTotals:
    events = [DrawerEvent("correction", _moved(found))]
    for kind, amount, count in found["drawer"]:
        events += [DrawerEvent(kind, 0)] * count if kind == "no_sale" else [DrawerEvent(kind, int(amount))]
    return drawer_totals(events)


def _moved(found: Found) -> int:
    """Return how many rupiah are cash by corrections that had been QRIS."""
    return int(found["corrected"][0][1])


def _sales(found: Found) -> Report:
    ((count, *sums),) = found["sold"]
    gross, discounts, rounding = map(int, sums)
    refund_count, refunds, voids = map(int, found["refunded"][0])
    return {
        "sales_count": count,
        "refund_count": refund_count,
        "void_count": voids,
        "gross": gross,
        "discounts": discounts,
        "refunds": refunds,
        "rounding": rounding,
        "net": gross - discounts + rounding - refunds,
        "first_number": found["first"][0][0] if count else None,
        "last_number": found["last"][0][0] if count else None,
    }


def _by_method(found: Found, drawer: DrawerTotals) -> dict[str, int]:
    (qris,), (back,) = found["by_qris"][0], found["back_by_qris"][0]
    return {
        "cash": drawer.cash_sales - drawer.cash_refunds,
        "qris": int(qris - back) - _moved(found) + cash_for_qris(found),
    }


def _by_product(found: Found) -> list[Report]:
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
        for sku, name, quantity, gross, total in found["goods"]
    }
    for sku, name, quantity, total in found["goods_back"]:
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
