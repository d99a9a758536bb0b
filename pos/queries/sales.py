"""A sale as the API, the till and the back office show it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import select

from pos import clock
from pos.db import db, table
from pos.domain.qris import Malformed, parse
from pos.errors import N_, NotFound
from pos.models import (
    Book,
    Entry,
    Payment,
    PaymentTask,
    Refund,
    RefundLine,
    Register,
    Sale,
    SaleLine,
    SaleNote,
    Tender,
)
from pos.models.partial import SALE_WAITING
from pos.models.sales import WHOLE
from pos.payments.base import UNAVAILABLE
from pos.payments.pretending import pretends
from pos.queries import tenders as paying

View: TypeAlias = dict[str, Any]
Row: TypeAlias = Mapping[Any, Any]

SALE = table(Sale)
LINE = table(SaleLine)
TENDER = table(Tender)
PAYMENT = table(Payment)


def sale_view(sale_id: str) -> View:
    """Return the sale as it is now. Raises not_found."""
    return sale_views([sale_id])[0]


def sale_views(ids: Sequence[str]) -> list[View]:
    """Return sales in the order of `ids`.

    A few queries for all of them. Raises not_found when one is missing.
    """
    sales = {
        row["id"]: row
        for row in _rows(
            select(SALE, Register.code.label("register"), Book.id.label("book_id"))
            .join(Register, Register.id == SALE.c.register_id)
            .join(Book, Book.register_id == SALE.c.register_id)
            .where(SALE.c.id.in_(ids))
        )
    }
    if len(sales) != len(set(ids)):
        raise NotFound(N_("There is no such sale."))
    lines = _grouped(select(LINE).where(LINE.c.sale_id.in_(ids)).order_by(LINE.c.position))
    tenders = _grouped(select(TENDER).where(TENDER.c.sale_id.in_(ids)).order_by(TENDER.c.position))
    payments = _grouped(select(PAYMENT).where(PAYMENT.c.sale_id.in_(ids)).order_by(PAYMENT.c.created_at))
    collected = {sale_id: _collected(rows) for sale_id, rows in payments.items()}
    troubles = _troubles([row["id"] for row in collected.values() if row["status"] == "waiting"])
    refunds, corrections, notes = _refunds(ids), paying.corrections(ids), notes_of(ids)
    hashes = _hashes([(sale["book_id"], sale["seq"]) for sale in sales.values() if sale["seq"] is not None])
    views = []
    for sale_id in ids:
        sale = sales[sale_id]
        view = view_of(
            sale["register"],
            sale,
            lines.get(sale_id, []),
            tenders.get(sale_id, []),
            hashes.get((sale["book_id"], sale["seq"])),
            refunds.get(sale_id, []),
            corrections.get(sale_id, []),
            notes.get(sale_id, {}),
        )
        by_qris = any(tender["method"] == "qris" for tender in view["tenders"])
        # Corrected to cash: what became of the code is no longer what the sale is about.
        if sale_id in collected and (by_qris or not view["corrections"]):
            payment = collected[sale_id]
            view["qris"] = _qris(payment, troubles.get(payment["id"], ""))
        views.append(view)
    return views


def notes_of(ids: Sequence[str]) -> dict[str, dict[int, str]]:
    """Return the words about sales and their lines: by the sale, then by the position of the line."""
    rows = db.session.execute(
        select(SaleNote.sale_id, SaleNote.position, SaleNote.text).where(SaleNote.sale_id.in_(ids))
    )
    found: dict[str, dict[int, str]] = {}
    for sale_id, position, text in rows:
        found.setdefault(sale_id, {})[position] = text
    return found


def sale_number(register: str, count: int) -> str:
    """Return the number of the register's `count`-th completed sale: K1-000001."""
    return f"{register}-{count:06d}"


def register_of(sale_id: str) -> str | None:
    """Return the code of the register that a sale belongs to, None when there is no such sale."""
    return db.session.execute(
        select(Register.code).join(Sale, Sale.register_id == Register.id).where(Sale.id == sale_id)
    ).scalar_one_or_none()


def seller_of(sale_id: str) -> str:
    """Return the key of the person or program that made the sale, empty when there is none."""
    return db.session.execute(select(Sale.cashier_key).where(Sale.id == sale_id)).scalar_one_or_none() or ""


def waiting_payment(sale_id: str) -> str | None:
    """Return the id of the attempt that a sale waits for, None when it waits for none."""
    return db.session.execute(
        select(Payment.id).where(Payment.sale_id == sale_id, Payment.status == "waiting")
    ).scalar_one_or_none()


def _rows(query: Any) -> Sequence[Row]:
    return db.session.execute(query).mappings().all()


def _grouped(query: Any) -> dict[str, list[Row]]:
    return paying.grouped(_rows(query), "sale_id")


def _hashes(keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for book_id in {book for book, _ in keys}:
        rows = db.session.execute(
            select(Entry.seq, Entry.hash).where(
                Entry.book_id == book_id, Entry.seq.in_([s for b, s in keys if b == book_id])
            )
        )
        found |= {(book_id, seq): digest for seq, digest in rows}
    return found


def view_of(
    register: str,
    sale: Row,
    lines: Sequence[Row],
    tenders: Sequence[Row],
    entry_hash: str | None,
    refunds: Sequence[View] = (),
    corrections: Sequence[Row] = (),
    notes: Mapping[int, str] | None = None,
) -> View:
    """Return a sale from its rows, those just written or those read again."""
    notes = notes or {}
    voided = any(refund["kind"] == "void" for refund in refunds)
    return {
        "id": sale["id"],
        "register": register,
        "shift": sale["shift_id"],
        "number": sale["number"],
        "status": "voided" if voided else sale["status"],
        "business_date": sale["business_date"].isoformat(),
        "created_at": clock.iso(sale["created_at"]),
        "completed_at": clock.iso(sale["completed_at"]) if sale["completed_at"] else None,
        "cashier": sale["cashier"],
        "approved_by": sale["approved_by"],
        "lines": [
            {
                "sku": line["sku"],
                "name": line["name"],
                "quantity": line["quantity"],
                "unit_price": line["unit_price"],
                "discount": line["discount"],
                "reason": line["discount_reason"],
                "total": line["total"],
                "note": notes.get(line["position"], ""),
            }
            for line in lines
        ],
        "subtotal": sale["subtotal"],
        "discount": sale["discount"],
        "reason": sale["discount_reason"],
        "rounding": sale["rounding"],
        "total": sale["total"],
        **paying.view_of(tenders, sale["change"], corrections),
        "note": notes.get(WHOLE, ""),
        "refunded": sum(refund["total"] for refund in refunds),
        "refunds": list(refunds),
        "entry_hash": entry_hash,
    }


def _collected(payments: Sequence[Row]) -> Row:
    """Return the attempt that says how a sale's payment stands: the one that paid it, else the newest.

    Money that came a second time is a row of its own, without a code.
    """
    paid = [
        row for row in payments if row["status"] in ("paid", "refunded") and row["decision"] != "refunded"
    ]
    own = [row for row in payments if row["why"] != "twice"]
    return (paid or own or payments)[-1]


def _troubles(payment_ids: Sequence[str]) -> dict[str, str]:
    """Return what is wrong with asking about attempts: `silent`, or `odd` for what nobody can act on."""
    if not payment_ids:
        return {}
    rows = db.session.execute(
        select(PaymentTask.id, PaymentTask.trouble).where(PaymentTask.id.in_(payment_ids))
    )
    return {row[0]: "silent" if row[1] == UNAVAILABLE else "odd" for row in rows if row[1]}


def _qris(payment: Row, trouble: str) -> View:
    return {
        "payment": payment["id"],
        "provider": payment["provider"],
        "sandbox": pretends(payment["provider"]),
        "status": payment["status"],
        "payload": payment["payload"],
        "merchant": _merchant(payment["payload"]),
        "amount": payment["amount"],
        "paid_amount": payment["paid_amount"],
        "expires_at": clock.iso(payment["expires_at"]),
        "reference": payment["reference"],
        "issuer": payment["issuer"],
        "confirmed_by": payment["confirmed_by"],
        "why": payment["why"],
        "trouble": trouble,
    }


def _merchant(payload: str | None) -> View | None:
    """Return whom a code pays, as the buyer's app will show it."""
    if payload is None:
        return None
    try:
        code = parse(payload)
    except Malformed:
        return None
    # One whose number we don't know is named by the domain in its account.
    domain = next((account.domain for account in code.accounts if account.domain), None)
    return {"name": code.merchant_name, "nmid": code.nmid, "acquirer": code.acquirer or domain}


def refund_view(refund_id: str) -> View:
    """Return a refund or void as the API shows it. Raises not_found."""
    refund = db.session.get(Refund, refund_id)
    if refund is None:
        raise NotFound(N_("There is no such refund."))
    return next(view for view in _refunds([refund.sale_id])[refund.sale_id] if view["id"] == refund_id)


def _refunds(sale_ids: Sequence[str]) -> dict[str, list[View]]:
    lines: dict[str, list[View]] = {}
    rows = db.session.execute(
        select(RefundLine)
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.sale_id.in_(sale_ids))
        .order_by(RefundLine.position)
    ).scalars()
    for line in rows:
        lines.setdefault(line.refund_id, []).append(
            {"sku": line.sku, "name": line.name, "quantity": line.quantity, "total": line.total}
        )
    found: dict[str, list[View]] = {}
    for refund in db.session.execute(
        select(Refund).where(Refund.sale_id.in_(sale_ids)).order_by(Refund.at, Refund.number)
    ).scalars():
        found.setdefault(refund.sale_id, []).append(
            {
                "id": refund.id,
                "kind": refund.kind,
                "number": refund.number,
                "sale": refund.sale_id,
                "method": refund.method,
                "total": refund.total,
                "reason": refund.reason,
                "restock": refund.restock,
                "at": clock.iso(refund.at),
                "by": refund.by,
                "approved_by": refund.approved_by,
                "lines": lines.get(refund.id, []),
            }
        )
    return found


def waiting_sales(register_id: int) -> list[View]:
    """Return the register's sales that wait for their payment, oldest first."""
    # Sorted here: asked to, SQLite would read all of the register's sales in their order instead of the few.
    rows = db.session.execute(
        select(Sale.created_at, Sale.id).where(Sale.register_id == register_id, SALE_WAITING)
    ).all()
    ids = [row[1] for row in sorted(rows, key=lambda row: (row[0], row[1]))]
    return sale_views(ids) if ids else []


def last_sale(register_id: int) -> View | None:
    """Return the register's last completed sale."""
    code, count = db.session.execute(
        select(Book.code, Book.sale_count).where(Book.register_id == register_id)
    ).one()
    # By its number, which is indexed: the till asks every few seconds, for years.
    found = db.session.execute(
        select(Sale.id).where(Sale.number == sale_number(code, count))
    ).scalar_one_or_none()
    return None if found is None else sale_view(found)
