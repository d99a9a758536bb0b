"""Reversing a sale.

The void of a whole one in its own shift, and refunds of pieces, paid by any open shift.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from pos.db import db, table
from pos.domain.lots import Take
from pos.domain.pricing import portion, spread
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import Book, Movement, Refund, RefundLine, RefundTender, Sale, SaleLine
from pos.operations import lots, printing, receipts, refunding, tills
from pos.operations.actor import Actor
from pos.operations.cash import CASH, cash_event
from pos.operations.journal import Act, Request, Row
from pos.operations.tills import ShiftState, Till
from pos.queries.sales import register_of
from pos.queries.tenders import in_force
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


def void_sale(
    sale_id: str,
    reason: str,
    actor: Actor,
    at: datetime,
    request: Request,
    providers: Collection[str] = (),
) -> None:
    """Reverse a completed sale of the open shift whole: money back as it came, goods back on the shelf.

    What was paid by QRIS goes back through its provider, when that is one of `providers`.
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
    plan = _Plan(
        kind="void",
        till=till,
        shift=shift,
        sale=sale,
        pieces=[(line, line.quantity, line.paid) for line in lines],
        tenders=in_force(sale.id, sale.change).net,
        reason=reason,
        restock=True,
        approved_by=approved_by,
        providers=providers,
    )
    _give_back(plan, actor, at, request)


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
    providers: Collection[str] = (),
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
    plan = _Plan(
        "refund", till, shift, sale, back, [(method, total)], reason, restock, approved_by, providers
    )
    _give_back(plan, actor, at, request)


def _register_of(sale_id: str) -> str:
    code = register_of(sale_id)
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
        ).all()
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
    paid = in_force(sale.id, sale.change).paid("qris")
    given = db.session.execute(
        select(func.coalesce(func.sum(RefundTender.amount), 0))
        .join(Refund, Refund.id == RefundTender.refund_id)
        .where(Refund.sale_id == sale.id, RefundTender.method == "qris")
    ).scalar_one()
    if total > paid - int(given):
        raise ValidationError(FieldError("method", N_("Less than that was paid by QRIS. Refund in cash.")))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is given back: pieces of lines with their rupiah, and the rupiah by method."""

    kind: str
    till: Till
    shift: ShiftState
    sale: Sale
    pieces: Sequence[tuple[SoldLine, int, int]]
    tenders: Sequence[tuple[str, int]]
    reason: str
    restock: bool
    approved_by: str | None
    providers: Collection[str]


def _give_back(plan: _Plan, actor: Actor, at: datetime, request: Request) -> None:
    till, sale = plan.till, plan.sale
    act = Act(till.book, plan.kind, actor, at, request)
    row = _refund_row(plan, request.id, actor, at)
    lines, tenders = _line_rows(plan, request.id), _tender_rows(plan, request.id)
    act.insert(REFUND, [row])
    act.insert(REFUND_LINE, lines)
    act.insert(REFUND_TENDER, tenders)
    cash = sum(amount for method, amount in plan.tenders if method == "cash")
    if cash:
        act.insert(CASH, [cash_event(act, plan.shift.id, "refund", -cash, request.id)])
    refunding.start(
        act, sale.id, request.id, sum(a for method, a in plan.tenders if method == "qris"), plan.providers, at
    )
    shelf = _location_of(sale)
    takes = _lots_back(plan)
    act.insert(
        lots.MOVEMENT,
        lots.movements(
            act.book.id,
            act.seq,
            at,
            takes,
            from_id=lots.outside("customer"),
            to_id=shelf if plan.restock else lots.outside("loss"),
            reason=plan.kind,
            source_id=request.id,
        ),
    )
    act.finish(refund_count=till.book.refund_count + 1)
    if plan.restock:
        lots.put_back(shelf, takes)
    paper = receipts.refund_receipt(till, row, lines, tenders, sale)
    printing.add_job(till, plan.kind, paper, sale.id, row["number"])
    if cash:
        printing.add_drawer(till, sale.id)


def _refund_row(plan: _Plan, refund_id: str, actor: Actor, at: datetime) -> Row:
    return {
        "id": refund_id,
        "kind": plan.kind,
        "number": f"{plan.till.code}-R{plan.till.book.refund_count + 1:06d}",
        "sale_id": plan.sale.id,
        "register_id": plan.till.register_id,
        "shift_id": plan.shift.id,
        "method": plan.tenders[0][0] if len(plan.tenders) == 1 else "mixed",
        "total": sum(amount for _, amount in plan.tenders),
        "reason": plan.reason,
        "restock": plan.restock,
        "at": at,
        "by": actor.name,
        "approved_by": plan.approved_by,
    }


def _line_rows(plan: _Plan, refund_id: str) -> list[Row]:
    return [
        {
            "refund_id": refund_id,
            "position": sold.position,
            "product_id": sold.product_id,
            "sku": sold.sku,
            "name": sold.name,
            "quantity": pieces,
            "total": amount,
        }
        for sold, pieces, amount in plan.pieces
    ]


def _tender_rows(plan: _Plan, refund_id: str) -> list[Row]:
    return [
        {"refund_id": refund_id, "position": n, "method": method, "amount": amount}
        for n, (method, amount) in enumerate(plan.tenders)
    ]


def _location_of(sale: Sale) -> int:
    """Return the shelf the goods came from; they go back there, whichever register pays."""
    return db.session.execute(
        select(Movement.from_id).where(Movement.source_id == sale.id, *_movements_of(sale)).limit(1)
    ).scalar_one()


def _movements_of(sale: Sale) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for the sale's movements: the entry that completed it, by the primary key."""
    book_id = select(Book.id).where(Book.register_id == sale.register_id).scalar_subquery()
    return (Movement.book_id == book_id, Movement.seq == sale.seq)


def _lots_back(plan: _Plan) -> list[Take]:
    """Return the lots the pieces go back to.

    Those they left from, latest first, less what came back before.
    """
    sale = plan.sale
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
        ).all()
    )
    wanted: dict[int, int] = {}
    for sold, count, _ in plan.pieces:
        wanted[sold.product_id] = wanted.get(sold.product_id, 0) + count
    takes: list[Take] = []
    for product_id, lot_id, quantity in left:
        free = int(quantity) - int(returned.get(lot_id, 0))
        count = min(free, wanted.get(product_id, 0))
        if count > 0:
            takes.append(Take(product_id, lot_id, count))
            wanted[product_id] -= count
    return sorted(takes, key=lambda take: (take.product_id, take.lot_id))
