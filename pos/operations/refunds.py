"""Reversing a sale.

The void of a whole one in its own shift, and refunds of pieces, paid by any open shift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from pos.db import db, table
from pos.domain.lots import Take
from pos.domain.pricing import portion, spread
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import Book, Movement, Refund, RefundLine, RefundTender, Register, Sale, SaleLine, Tender
from pos.operations import lots, printing, receipts, tills
from pos.operations.actor import Actor
from pos.operations.cash import CASH, cash_event
from pos.operations.journal import Act, Request, Row
from pos.operations.tills import ShiftState, Till
from pos.schemas.sales import RefundLineIn

REFUND = table(Refund)
REFUND_LINE = table(RefundLine)
REFUND_TENDER = table(RefundTender)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the sale.

    What it was paid with its share of discount and rounding, and what came back already.
    """

    position: int
    product_id: int
    sku: str
    name: str
    quantity: int
    paid: int
    returned: int


def void_sale(sale_id: str, reason: str, actor: Actor, at: datetime, request: Request) -> None:
    """Reverse a completed sale of the open shift whole: money back as it came, goods back on the shelf.

    Raises sale_not_refundable (not completed, voided or refunded before) and shift_closed (not of the open
    shift).
    """
    code = _register_of(sale_id)
    actor.at(code)
    till = tills.enter(code, request)
    sale, lines = _lock_sale(sale_id)
    approved_by = actor.need_or_approval(Right.VOID)
    if any(line.returned for line in lines) or _voided(sale_id):
        raise _not_refundable()
    shift = tills.need_open_shift(till)
    if sale.shift_id != shift.id:
        raise PosError("shift_closed", N_("The shift of this sale is closed. Refund it instead."))
    tills.refuse_odd_clock(till, at)
    back = _paid_by(sale)
    _give_back(
        "void",
        till,
        shift,
        sale,
        [(line, line.quantity, line.paid) for line in lines],
        back,
        reason,
        True,
        actor,
        at,
        request,
        approved_by,
    )


def refund_sale(
    sale_id: str,
    register: str | None,
    asked: Sequence[RefundLineIn],
    reason: str,
    restock: bool,
    method: str,
    actor: Actor,
    at: datetime,
    request: Request,
) -> None:
    """Pay some pieces of a sale back, at `register` (default: the sale's), by cash or QRIS.

    Each piece is paid back what it was paid, its share of discount and rounding included; all pieces together
    give exactly the sale's total. One's own sale needs another person's approval.
    """
    code = register or _register_of(sale_id)
    actor.at(code)
    till = tills.enter(code, request)
    sale, lines = _lock_sale(sale_id)
    approved_by = actor.need_or_approval(Right.REFUND)
    if sale.cashier_key == actor.key:
        approved_by = actor.need_other(Right.REFUND)
    if _voided(sale_id):
        raise _not_refundable()
    back = _pieces(lines, asked)
    total = sum(amount for _, _, amount in back)
    shift = tills.need_open_shift(till)
    tills.refuse_odd_clock(till, at)
    if method == "cash" and till.kind == "kiosk":
        raise ValidationError(FieldError("register", N_("A kiosk has no drawer. Refund at a till.")))
    if method == "qris":
        _refuse_more_qris(sale, total)
    _give_back(
        "refund", till, shift, sale, back, [(method, total)], reason, restock, actor, at, request, approved_by
    )


def _register_of(sale_id: str) -> str:
    code = db.session.execute(
        select(Register.code).join(Sale, Sale.register_id == Register.id).where(Sale.id == sale_id)
    ).scalar_one_or_none()
    if code is None:
        raise NotFound(N_("There is no such sale."))
    return code


def _lock_sale(sale_id: str) -> tuple[Sale, list[SoldLine]]:
    """Lock the sale's row, so two registers can't refund the same piece, and return its lines."""
    sale = db.session.execute(
        select(Sale).where(Sale.id == sale_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if sale is None:
        raise NotFound(N_("There is no such sale."))
    if sale.status != "completed":
        raise _not_refundable()
    returned = dict(
        db.session.execute(
            select(RefundLine.position, func.sum(RefundLine.quantity))
            .join(Refund, Refund.id == RefundLine.refund_id)
            .where(Refund.sale_id == sale_id)
            .group_by(RefundLine.position)
        )
        .tuples()
        .all()
    )
    rows = db.session.execute(
        select(SaleLine).where(SaleLine.sale_id == sale_id).order_by(SaleLine.position)
    ).scalars()
    lines = list(rows)
    if sale.total and not any(line.total for line in lines):
        paid = spread(sale.total, [line.quantity for line in lines])
    else:
        paid = spread(sale.total, [line.total for line in lines])
    return sale, [
        SoldLine(
            line.position,
            line.product_id,
            line.sku,
            line.name,
            line.quantity,
            amount,
            int(returned.get(line.position, 0)),
        )
        for line, amount in zip(lines, paid, strict=True)
    ]


def _voided(sale_id: str) -> bool:
    return bool(
        db.session.execute(
            select(func.count()).where(Refund.sale_id == sale_id, Refund.kind == "void")
        ).scalar_one()
    )


def _not_refundable() -> PosError:
    return PosError(
        "sale_not_refundable",
        N_("This sale can't be given back: it was voided, given back, or never completed."),
    )


def _paid_by(sale: Sale) -> list[tuple[str, int]]:
    """Return what each method really brought: the change is taken off the cash."""
    rows = db.session.execute(
        select(Tender.method, func.sum(Tender.amount))
        .where(Tender.sale_id == sale.id)
        .group_by(Tender.method)
    ).all()
    amounts = {method: int(amount) for method, amount in rows}
    if "cash" in amounts:
        amounts["cash"] -= sale.change
    return sorted(amounts.items()) or [("cash", 0)]


def _pieces(lines: Sequence[SoldLine], asked: Sequence[RefundLineIn]) -> list[tuple[SoldLine, int, int]]:
    """Find the pieces in the sale's lines, first line first; refuse more than are left."""
    wanted: dict[str, int] = {}
    for line in asked:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    back: list[tuple[SoldLine, int, int]] = []
    for sold in lines:
        pieces = min(wanted.get(sold.sku, 0), sold.quantity - sold.returned)
        if pieces > 0:
            back.append((sold, pieces, portion(sold.paid, sold.quantity, sold.returned, pieces)))
            wanted[sold.sku] -= pieces
    if any(wanted.values()):
        fields = [
            FieldError(f"lines.{n}.quantity", N_("More than was sold, or than is left to give back."))
            for n, line in enumerate(asked)
            if wanted[line.sku]
        ]
        raise PosError(
            "sale_not_refundable",
            N_("More pieces than were sold, or than are left to give back."),
            fields=fields,
        )
    return back


def _refuse_more_qris(sale: Sale, total: int) -> None:
    paid = dict(_paid_by(sale)).get("qris", 0)
    given = db.session.execute(
        select(func.coalesce(func.sum(RefundTender.amount), 0))
        .join(Refund, Refund.id == RefundTender.refund_id)
        .where(Refund.sale_id == sale.id, RefundTender.method == "qris")
    ).scalar_one()
    if total > paid - int(given):
        raise ValidationError(FieldError("method", N_("Less than that was paid by QRIS. Refund in cash.")))


def _give_back(
    kind: str,
    till: Till,
    shift: ShiftState,
    sale: Sale,
    back: Sequence[tuple[SoldLine, int, int]],
    tenders: Sequence[tuple[str, int]],
    reason: str,
    restock: bool,
    actor: Actor,
    at: datetime,
    request: Request,
    approved_by: str | None,
) -> None:
    act = Act(till.book, kind, actor, at, request)
    total = sum(amount for _, amount in tenders)
    row: Row = {
        "id": request.id,
        "kind": kind,
        "number": f"{till.code}-R{till.book.refund_count + 1:06d}",
        "sale_id": sale.id,
        "register_id": till.register_id,
        "shift_id": shift.id,
        "method": tenders[0][0] if len(tenders) == 1 else "mixed",
        "total": total,
        "reason": reason,
        "restock": restock,
        "at": at,
        "by": actor.name,
        "approved_by": approved_by,
    }
    lines: list[Row] = [
        {
            "refund_id": request.id,
            "position": sold.position,
            "product_id": sold.product_id,
            "sku": sold.sku,
            "name": sold.name,
            "quantity": pieces,
            "total": amount,
        }
        for sold, pieces, amount in back
    ]
    tender_rows: list[Row] = [
        {"refund_id": request.id, "position": n, "method": method, "amount": amount}
        for n, (method, amount) in enumerate(tenders)
    ]
    act.insert(REFUND, [row])
    act.insert(REFUND_LINE, lines)
    act.insert(REFUND_TENDER, tender_rows)
    cash = sum(amount for method, amount in tenders if method == "cash")
    if cash:
        act.insert(CASH, [cash_event(act, shift.id, "refund", -cash, request.id)])
    location_id = _location_of(sale)
    takes = _lots_back(
        sale, {sold.position: pieces for sold, pieces, _ in back}, {s.position: s for s, _, _ in back}
    )
    act.insert(
        lots.MOVEMENT,
        lots.movements(
            act.book.id,
            act.seq,
            at,
            takes,
            from_id=lots.outside("customer"),
            to_id=location_id if restock else lots.outside("loss"),
            reason=kind,
            source_id=request.id,
        ),
    )
    act.finish(refund_count=till.book.refund_count + 1)
    if restock:
        lots.put_back(location_id, takes)
    printing.add_job(
        till, kind, receipts.refund_receipt(till, row, lines, tender_rows, sale), sale.id, row["number"]
    )
    if cash:
        printing.add_drawer(till, sale.id)


def _location_of(sale: Sale) -> int:
    """Return the shelf the goods came from; they go back there, whichever register pays."""
    return db.session.execute(
        select(Movement.from_id).where(Movement.source_id == sale.id, *_movements_of(sale)).limit(1)
    ).scalar_one()


def _movements_of(sale: Sale) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for the sale's movements: the entry that completed it, by the primary key."""
    book_id = select(Book.id).where(Book.register_id == sale.register_id).scalar_subquery()
    return (Movement.book_id == book_id, Movement.seq == sale.seq)


def _lots_back(sale: Sale, pieces: dict[int, int], sold: dict[int, SoldLine]) -> list[Take]:
    """Return the lots the pieces go back to.

    Those they left from, latest first, less what came back before.
    """
    left = db.session.execute(
        select(Movement.product_id, Movement.lot_id, Movement.quantity)
        .where(*_movements_of(sale), Movement.reason == "sale")
        .order_by(Movement.position.desc())
    ).all()
    returned = dict(
        db.session.execute(
            select(Movement.lot_id, func.sum(Movement.quantity))
            .join(Refund, Refund.id == Movement.source_id)
            .where(Refund.sale_id == sale.id, Movement.at >= sale.completed_at)
            .group_by(Movement.lot_id)
        )
        .tuples()
        .all()
    )
    wanted: dict[int, int] = {}
    for position, count in pieces.items():
        product_id = sold[position].product_id
        wanted[product_id] = wanted.get(product_id, 0) + count
    takes: list[Take] = []
    for product_id, lot_id, quantity in left:
        free = int(quantity) - int(returned.get(lot_id, 0))
        count = min(free, wanted.get(product_id, 0))
        if count > 0:
            takes.append(Take(product_id, lot_id, count))
            wanted[product_id] -= count
    return sorted(takes, key=lambda take: (take.product_id, take.lot_id))
