"""Goods come in: with their lot, its dates, what they cost and whom they come from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.lots import Take
from pos.errors import N_, FieldError, ValidationError
from pos.models import Lot, ProductSource, StockBalance
from pos.operations import lots, stock
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, next_id
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn

LOT = table(Lot)


@dataclass(slots=True)
class _Lot:
    """A lot as it will be after the paper. `changes` are columns of a known one that were empty before."""

    id: int
    product_id: int
    code: str
    expires_on: date | None
    unit_cost: int | None
    made_on: date | None
    source_id: int | None
    new: bool = False
    pieces: int | None = None
    changes: dict[str, object] = field(default_factory=dict)

    def row(self) -> dict[str, object]:
        return {
            "id": self.id,
            "product_id": self.product_id,
            "code": self.code,
            "expires_on": self.expires_on,
            "unit_cost": self.unit_cost,
            "made_on": self.made_on,
            "source_id": self.source_id,
        }


def receive(paper: StockReceiptIn, actor: Actor, at: datetime, request: Request) -> None:
    """Take goods in. A lot is made when its code is new to the product; a known one keeps its dates.

    A lot that comes in at another cost gets the average by pieces. Raises validation_error and unknown_sku by
    line, Replayed.
    """
    act = stock.begin("stock_receipt", actor, at, request)
    location_id = stock.place(paper.location)
    products = stock.products([line.sku for line in paper.lines])
    takes = into_lots(act, products, paper.lines, _source(paper.source))
    note = paper.note
    act.insert(stock.PAPER, [stock.paper_row(act, paper.id, "receipt", location_id, "receipt", note)])
    stock.moves(act, takes, lots.outside("supplier"), location_id, "receipt", paper.id)
    act.finish()
    stock.settle(location_id, (), takes)


def _source(name: str) -> int | None:
    if not name:
        return None
    found: int | None = db.session.execute(
        select(ProductSource.id).where(ProductSource.name == name)
    ).scalar_one_or_none()
    if found is None:
        message = N_("There is no supplier or maker group %(name)s. Add it first.")
        raise ValidationError(FieldError("source", message, {"name": name}))
    return found


def into_lots(
    act: Act, products: dict[str, int], lines: Sequence[ReceiptLineIn], source_id: int | None = None
) -> list[Take]:
    """Find or make the lots of lines that come in; what is new about them becomes part of the act."""
    wanted = {products[line.sku] for line in lines}
    known = {
        (lot.product_id, lot.code): _Lot(
            lot.id, lot.product_id, lot.code, lot.expires_on, lot.unit_cost, lot.made_on, lot.source_id
        )
        for lot in db.session.execute(select(Lot).where(Lot.product_id.in_(wanted))).scalars()
    }
    next_lot = next_id(LOT)
    takes: list[Take] = []
    for n, line in enumerate(lines):
        key = (products[line.sku], line.lot)
        lot = known.get(key)
        if lot is None:
            lot = known[key] = _Lot(
                next_lot, *key, line.expires_on, line.unit_cost, line.made_on, source_id, new=True, pieces=0
            )
            next_lot += 1
        _need_sense(n, line.made_on or lot.made_on, lot.expires_on)
        _join(n, lot, line, source_id)
        takes.append(Take(lot.product_id, lot.id, line.quantity))
    act.insert(LOT, [lot.row() for lot in known.values() if lot.new])
    for lot in known.values():
        if lot.changes and not lot.new:
            act.change(LOT, {"id": lot.id}, lot.changes)
    return takes


def _need_sense(n: int, made_on: date | None, expires_on: date | None) -> None:
    if made_on is not None and expires_on is not None and made_on > expires_on:
        message = N_("Goods can't be made after their best-before date.")
        raise ValidationError(FieldError(f"lines.{n}.made_on", message))


def _join(n: int, lot: _Lot, line: ReceiptLineIn, source_id: int | None) -> None:
    """Add a line to its lot: what the lot does not say yet is filled in, its dates are never changed."""
    said = {"lot": line.lot or "-"}
    if line.expires_on is not None and line.expires_on != lot.expires_on:
        message = N_("Lot %(lot)s has another best-before date. Give the goods a lot code of their own.")
        raise ValidationError(FieldError(f"lines.{n}.expires_on", message, said))
    if line.made_on is not None and lot.made_on not in (None, line.made_on):
        message = N_("Lot %(lot)s was made on another day. Give the goods a lot code of their own.")
        raise ValidationError(FieldError(f"lines.{n}.made_on", message, said))
    # Goods without a lot code may come from anybody; a lot that has one comes from one place.
    if source_id is not None and lot.code and lot.source_id not in (None, source_id):
        message = N_("Lot %(lot)s came from somebody else. Give the goods a lot code of their own.")
        raise ValidationError(FieldError(f"lines.{n}.lot", message, said))
    if line.made_on is not None and lot.made_on is None:
        lot.made_on = line.made_on
        lot.changes["made_on"] = line.made_on
    if source_id is not None and lot.source_id is None:
        lot.source_id = source_id
        lot.changes["source_id"] = source_id
    _average(lot, line)


def _average(lot: _Lot, line: ReceiptLineIn) -> None:
    """Let a lot cost what its pieces cost on average; what is not known of those that lie there stays so."""
    if line.unit_cost is not None and line.unit_cost != lot.unit_cost:
        pieces = _on_hand(lot.id) if lot.pieces is None else lot.pieces
        if lot.unit_cost is None and pieces:
            cost = None
        elif lot.unit_cost is None:
            cost = line.unit_cost
        else:
            whole = lot.unit_cost * pieces + line.unit_cost * line.quantity
            cost = (2 * whole + pieces + line.quantity) // (2 * (pieces + line.quantity))
        if cost != lot.unit_cost:
            lot.unit_cost = cost
            lot.changes["unit_cost"] = cost
        lot.pieces = pieces
    if lot.pieces is not None:
        lot.pieces += line.quantity


def _on_hand(lot_id: int) -> int:
    return int(
        db.session.execute(
            select(func.coalesce(func.sum(StockBalance.on_hand), 0)).where(StockBalance.lot_id == lot_id)
        ).scalar_one()
    )
