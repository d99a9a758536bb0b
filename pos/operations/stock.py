"""What every stock paper begins and ends with: the office's book locked, places and products found, goods
taken out of lots and put into them.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from pos.db import db, table
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.models import Location, Lot, Product, StockBalance, StockPaper
from pos.operations import lots
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row, lock_office

PAPER = table(StockPaper)


def begin(kind: str, actor: Actor, at: datetime, request: Request | None) -> Act:
    """Lock the office's book for a stock paper. Raises Replayed, forbidden, approval_needed."""
    book = lock_office(request)
    actor.need_or_approval(Right.STOCK_PAPERS)
    return Act(book, kind, actor, at, request)


def place(code: str, field: str = "location") -> int:
    """Return the id of one of our locations. Raises validation_error."""
    found: int | None = db.session.execute(
        select(Location.id).where(Location.code == code, Location.kind == "stock")
    ).scalar_one_or_none()
    if found is None:
        raise ValidationError(FieldError(field, N_("There is no location %(code)s."), {"code": code}))
    return found


def products(skus: Sequence[str]) -> dict[str, int]:
    """Return the ids of products by SKU. Raises unknown_sku, which names the lines."""
    wanted = set(skus)
    found = dict(db.session.execute(select(Product.sku, Product.id).where(Product.sku.in_(wanted))).all())
    unknown = [
        FieldError(f"lines.{n}.sku", N_("There is no product %(sku)s."), {"sku": sku})
        for n, sku in enumerate(skus)
        if sku not in found
    ]
    if unknown:
        raise PosError("unknown_sku", N_("Some products are not known."), fields=unknown)
    return found


def paper_row(
    act: Act, paper_id: str, kind: str, location_id: int, reason: str, note: str
) -> dict[str, object]:
    """Return the row of a receipt or an adjustment."""
    return {
        "id": paper_id,
        "kind": kind,
        "location_id": location_id,
        "reason": reason,
        "note": note,
        "at": act.at,
        "by": act.actor.name,
    }


def out_of_lots(
    location_id: int, product_id: int, sku: str, quantity: int, code: str | None, before: Sequence[Take]
) -> list[Take]:
    """Choose the lots a fall comes from: the one named, else first expired first, expired ones included."""
    rows = db.session.execute(
        select(Lot.id, Lot.code, StockBalance.on_hand - StockBalance.reserved)
        .join(StockBalance, StockBalance.lot_id == Lot.id)
        .where(StockBalance.location_id == location_id, StockBalance.product_id == product_id)
        .order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.id)
    ).all()
    taken: dict[int, int] = {}
    for earlier in before:
        taken[earlier.lot_id] = taken.get(earlier.lot_id, 0) + earlier.quantity
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


def moves(act: Act, takes: Sequence[Take], from_id: int, to_id: int, reason: str, source_id: str) -> None:
    """Add movements to the act, behind those it has already."""
    rows = lots.movements(
        act.book.id, act.seq, act.at, takes, from_id=from_id, to_id=to_id, reason=reason, source_id=source_id
    )
    first = act.count(lots.MOVEMENT)
    for row in rows:
        row["position"] += first
    act.insert(lots.MOVEMENT, rows)


def settle(location_id: int, taken: Sequence[Take], put: Sequence[Take]) -> None:
    """Bring the balances of a location to what the act's movements say, once the act is finished.

    Lots are taken by a conditional update. Raises StockRaced when a till was quicker.
    """
    lots.take(location_id, summed(taken))
    coming = summed(put)
    lots.put_back(location_id, coming)


def summed(takes: Sequence[Take]) -> list[Take]:
    """Return each lot once, in the order in which every writer locks lots: product, expiry, lot."""
    sums: dict[tuple[int, int], int] = {}
    for take in takes:
        key = (take.product_id, take.lot_id)
        sums[key] = sums.get(key, 0) + take.quantity
    if len(sums) < 2:
        return [Take(product_id, lot_id, count) for (product_id, lot_id), count in sums.items()]
    return lots.in_order([Take(product_id, lot_id, count) for (product_id, lot_id), count in sums.items()])


def ledger(rows: Sequence[Row]) -> list[Take]:
    """Return rows with a product, a lot and a quantity as what is moved."""
    return [Take(row["product_id"], row["lot_id"], row["quantity"]) for row in rows]
