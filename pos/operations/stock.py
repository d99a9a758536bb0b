"""Stock papers: goods come in, or the stock is corrected. Both are entries of the office's book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from pos.db import db, table
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.models import Location, Lot, Product, StockBalance, StockPaper
from pos.operations import lots
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, lock_office, next_id, refuse_replay
from pos.schemas.stock import AdjustmentIn, ReceiptLineIn, StockReceiptIn

LOT = table(Lot)
PAPER = table(StockPaper)


@dataclass(slots=True)
class _Lot:
    """A lot as it will be after the paper.

    `id` is chosen before it is written, so that the entry can name it.
    """

    id: int
    product_id: int
    code: str
    expires_on: date | None
    unit_cost: int | None


def receive(paper: StockReceiptIn, actor: Actor, at: datetime, request: Request) -> None:
    """Take goods in. A lot is made when its code is new to the product; a known one must have the same date.

    Raises validation_error and unknown_sku by line, Replayed.
    """
    act, location_id, products = _begin(
        "stock_receipt", paper.location, [line.sku for line in paper.lines], actor, at, request
    )
    takes = _into_lots(act, products, paper.lines)
    act.insert(PAPER, [_paper_row(paper.id, "receipt", location_id, "receipt", paper.note, actor, at)])
    _move_in(act, location_id, takes, lots.outside("supplier"), "receipt", paper.id)


def adjust(paper: AdjustmentIn, actor: Actor, at: datetime, request: Request) -> None:
    """Correct the stock by signed quantities. What rises comes from, what falls goes to the loss location.

    Raises insufficient_stock when more would fall than is there unreserved, validation_error, unknown_sku,
    Replayed.
    """
    act, location_id, products = _begin(
        "stock_adjustment", paper.location, [line.sku for line in paper.lines], actor, at, request
    )
    _need_lots(paper)
    rising = [
        ReceiptLineIn(sku=line.sku, quantity=line.quantity, lot=line.lot or "")
        for line in paper.lines
        if line.quantity > 0
    ]
    takes_in = _into_lots(act, products, rising)
    takes_out: list[Take] = []
    for n, line in enumerate(paper.lines):
        if line.quantity == 0:
            raise ValidationError(FieldError(f"lines.{n}.quantity", N_("Type by how much, not 0.")))
        if line.quantity < 0:
            takes_out += _out_of_lots(
                location_id, products[line.sku], line.sku, -line.quantity, line.lot, takes_out
            )
    act.insert(PAPER, [_paper_row(paper.id, "adjustment", location_id, paper.reason, paper.note, actor, at)])
    loss = lots.outside("loss")
    out_rows = lots.movements(
        act.book.id,
        act.seq,
        at,
        takes_out,
        from_id=location_id,
        to_id=loss,
        reason=paper.reason,
        source_id=paper.id,
    )
    act.insert(lots.MOVEMENT, out_rows)
    _move_in(act, location_id, takes_in, loss, paper.reason, paper.id, first=len(out_rows))
    lots.take(location_id, takes_out)


def _need_lots(paper: AdjustmentIn) -> None:
    """Refuse a rise that does not say of which lot: nobody could tell until when the goods are good."""
    unnamed = [
        FieldError(f"lines.{n}.lot", N_("Name the lot of the goods that were found."))
        for n, line in enumerate(paper.lines)
        if line.quantity > 0 and line.lot is None
    ]
    if unnamed:
        raise ValidationError(*unnamed)


def _begin(
    kind: str, location: str, skus: Sequence[str], actor: Actor, at: datetime, request: Request
) -> tuple[Act, int, dict[str, int]]:
    book = lock_office()
    refuse_replay(request)
    actor.need_or_approval(Right.STOCK_PAPERS)
    location_id = db.session.execute(
        select(Location.id).where(Location.code == location, Location.kind == "stock")
    ).scalar_one_or_none()
    if location_id is None:
        raise ValidationError(
            FieldError("location", N_("There is no location %(code)s."), {"code": location})
        )
    products = dict(
        db.session.execute(select(Product.sku, Product.id).where(Product.sku.in_(set(skus)))).all()
    )
    unknown = [
        FieldError(f"lines.{n}.sku", N_("There is no product %(sku)s."), {"sku": sku})
        for n, sku in enumerate(skus)
        if sku not in products
    ]
    if unknown:
        raise PosError("unknown_sku", N_("Some products are not known."), fields=unknown)
    return Act(book, kind, actor, at, request), location_id, products


def _paper_row(
    paper_id: str, kind: str, location_id: int, reason: str, note: str, actor: Actor, at: datetime
) -> dict[str, object]:
    return {
        "id": paper_id,
        "kind": kind,
        "location_id": location_id,
        "reason": reason,
        "note": note,
        "at": at,
        "by": actor.name,
    }


def _into_lots(act: Act, products: dict[str, int], lines: Sequence[ReceiptLineIn]) -> list[Take]:
    """Find or make the lots of lines that come in; new lots become rows of the act."""
    wanted = {products[line.sku] for line in lines}
    known = {
        (lot.product_id, lot.code): _Lot(lot.id, lot.product_id, lot.code, lot.expires_on, lot.unit_cost)
        for lot in db.session.execute(select(Lot).where(Lot.product_id.in_(wanted))).scalars()
    }
    next_lot = next_id(LOT)
    takes: list[Take] = []
    new: list[dict[str, object]] = []
    for n, line in enumerate(lines):
        key = (products[line.sku], line.lot)
        lot = known.get(key)
        if lot is None:
            lot = known[key] = _Lot(next_lot, key[0], line.lot, line.expires_on, line.unit_cost)
            next_lot += 1
            new.append(
                {
                    "id": lot.id,
                    "product_id": lot.product_id,
                    "code": lot.code,
                    "expires_on": lot.expires_on,
                    "unit_cost": lot.unit_cost,
                }
            )
        elif line.expires_on is not None and line.expires_on != lot.expires_on:
            raise ValidationError(
                FieldError(
                    f"lines.{n}.expires_on",
                    N_("Lot %(lot)s has another best-before date. Give the goods a lot code of their own."),
                    {"lot": line.lot or "-"},
                )
            )
        takes.append(Take(lot.product_id, lot.id, line.quantity))
    act.insert(LOT, new)
    return takes


def _out_of_lots(
    location_id: int, product_id: int, sku: str, quantity: int, code: str | None, before: Sequence[Take]
) -> list[Take]:
    """Choose the lots a fall comes from: the one named, else first expired first, expired ones included."""
    rows = db.session.execute(
        select(Lot.id, Lot.code, StockBalance.on_hand - StockBalance.reserved)
        .join(StockBalance, StockBalance.lot_id == Lot.id)
        .where(StockBalance.location_id == location_id, StockBalance.product_id == product_id)
        .order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.id)
    ).all()
    taken = {take.lot_id: take.quantity for take in before}
    takes: list[Take] = []
    left = quantity
    for lot_id, lot_code, available in rows:
        count = min(left, available - taken.get(lot_id, 0))
        if count > 0 and (code is None or lot_code == code):
            takes.append(Take(product_id, lot_id, count))
            left -= count
    if left:
        raise PosError(
            "insufficient_stock",
            N_("Only %(available)s of %(sku)s can be taken out."),
            {"available": quantity - left, "sku": sku},
            extra={"lines": [{"sku": sku, "quantity": quantity, "available": quantity - left}]},
        )
    return takes


def _move_in(
    act: Act,
    location_id: int,
    takes: Sequence[Take],
    from_id: int,
    reason: str,
    source_id: str,
    first: int = 0,
) -> None:
    """Finish the act with goods that come in: movements, then the balances, made where there is none yet."""
    rows = lots.movements(
        act.book.id,
        act.seq,
        act.at,
        takes,
        from_id=from_id,
        to_id=location_id,
        reason=reason,
        source_id=source_id,
    )
    for row in rows:
        row["position"] += first
    act.insert(lots.MOVEMENT, rows)
    act.finish()
    sums: dict[tuple[int, int], int] = {}
    for take in takes:
        sums[take.product_id, take.lot_id] = sums.get((take.product_id, take.lot_id), 0) + take.quantity
    lots.ensure(location_id, list(sums))
    lots.put_back(location_id, [Take(p, lot, n) for (p, lot), n in sorted(sums.items())])
