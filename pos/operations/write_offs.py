"""The stock corrected by hand: waste, samples, corrections and quick counts, each with its reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from pos.db import db
from pos.domain.lots import Take
from pos.errors import N_, FieldError, ValidationError
from pos.models import Lot
from pos.operations import lots, stock
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.operations.receiving import into_lots
from pos.schemas.stock import AdjustmentIn, AdjustmentLineIn, ReceiptLineIn


def adjust(paper: AdjustmentIn, actor: Actor, at: datetime, request: Request) -> None:
    """Correct the stock by signed quantities. What rises comes from, what falls goes to the loss location.

    Raises insufficient_stock when more would fall than is there unreserved, validation_error, unknown_sku,
    Replayed.
    """
    act = stock.begin("stock_adjustment", actor, at, request)
    location_id = stock.place(paper.location)
    products = stock.products([line.sku for line in paper.lines])
    _need_lots(paper.lines)
    need_known_lots(products, paper.lines, paper.reason)
    rising = [
        ReceiptLineIn(sku=line.sku, quantity=line.quantity, lot=line.lot or "", expires_on=line.expires_on)
        for line in paper.lines
        if line.quantity > 0
    ]
    takes_in = into_lots(act, products, rising)
    takes_out: list[Take] = []
    for line in paper.lines:
        if line.quantity < 0:
            takes_out += stock.out_of_lots(
                location_id, products[line.sku], line.sku, -line.quantity, line.lot, takes_out
            )
    row = stock.paper_row(act, paper.id, "adjustment", location_id, paper.reason, paper.note)
    act.insert(stock.PAPER, [row])
    loss = lots.outside("loss")
    stock.moves(act, takes_out, location_id, loss, paper.reason, paper.id)
    stock.moves(act, takes_in, loss, location_id, paper.reason, paper.id)
    act.finish()
    stock.settle(location_id, takes_out, takes_in)


def _need_lots(lines: Sequence[AdjustmentLineIn]) -> None:
    """Refuse a rise that does not say of which lot: nobody could tell until when the goods are good."""
    wrong = [
        FieldError(f"lines.{n}.quantity", N_("Type by how much, not 0."))
        for n, line in enumerate(lines)
        if line.quantity == 0
    ]
    wrong += [
        FieldError(f"lines.{n}.lot", N_("Name the lot of the goods that were found."))
        for n, line in enumerate(lines)
        if line.quantity > 0 and line.lot is None
    ]
    if wrong:
        raise ValidationError(*wrong)


def need_known_lots(products: dict[str, int], lines: Sequence[AdjustmentLineIn], reason: str) -> None:
    """Refuse goods of a lot that nobody knows, unless they say until when they are good.

    What a count finds may be of no known lot: it was said so with an empty code, and joins the product's lot
    without one, as goods do that come in without one.
    """
    rising = [(n, line) for n, line in enumerate(lines) if line.quantity > 0]
    wanted = {products[line.sku] for _, line in rising}
    rows = db.session.execute(select(Lot.product_id, Lot.code).where(Lot.product_id.in_(wanted)))
    known = {(product_id, code) for product_id, code in rows}
    unknown = [
        FieldError(
            f"lines.{n}.expires_on",
            N_("Lot %(lot)s is not known yet. Type its best-before date, or name a lot that is known."),
            {"lot": line.lot or "-"},
        )
        for n, line in rising
        if line.expires_on is None
        and (products[line.sku], line.lot or "") not in known
        and not (reason == "count" and line.lot == "")
    ]
    if unknown:
        raise ValidationError(*unknown)
