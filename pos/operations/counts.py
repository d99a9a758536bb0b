"""Counting what lies at a location while selling goes on: freeze, tallies by many, recounts, one posting."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.counts import Counted, Tally, counted
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import Lot, Product, StockBalance, StockCount, StockCountFrozen, StockCountResult, StockTally
from pos.operations import lots, stock
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row, lock_office, next_id
from pos.operations.receiving import LOT
from pos.schemas.stock import CountDropIn, CountPostIn, StockCountIn, TallyIn, TallyLineIn

COUNT = table(StockCount)
FROZEN = table(StockCountFrozen)
TALLY = table(StockTally)
RESULT = table(StockCountResult)


def start(paper: StockCountIn, actor: Actor, at: datetime, request: Request) -> None:
    """Begin a count of a location: what the books say of each lot there is kept. One at a time a location.

    Raises count_open, validation_error, Replayed.
    """
    act = stock.begin("stock_count", actor, at, request)
    location_id = stock.place(paper.location)
    other = select(COUNT.c.id).where(COUNT.c.location_id == location_id, COUNT.c.status == "open")
    if (found := db.session.execute(other).scalar_one_or_none()) is not None:
        message = N_("This location is being counted already. Go on with that count, or drop it.")
        raise PosError("count_open", message, extra={"count": found})
    row = {
        "id": paper.id,
        "location_id": location_id,
        "status": "open",
        "blind": paper.blind,
        "note": paper.note,
        "started_at": at,
        "started_by": actor.name,
        "ended_at": None,
        "ended_by": None,
    }
    there = db.session.execute(
        select(StockBalance.lot_id, StockBalance.product_id, StockBalance.on_hand)
        .where(StockBalance.location_id == location_id, StockBalance.on_hand > 0)
        .order_by(StockBalance.product_id, StockBalance.lot_id)
    )
    act.insert(COUNT, [row])
    names = ("lot_id", "product_id", "on_hand")
    act.insert(FROZEN, [{"count_id": paper.id, **dict(zip(names, lot, strict=True))} for lot in there])
    act.finish()


def tally(count_id: str, paper: TallyIn, actor: Actor, at: datetime, request: Request) -> None:
    """Count pieces of lots: added to what was counted of them, or instead of it. Many may do so at once.

    A lot need not be named while only one of the product lies there. Raises not_found, count_closed,
    unknown_sku, validation_error by line, Replayed.
    """
    actor.need(Right.COUNT)
    book = lock_office(request)
    if any(line.kind == "again" for line in paper.lines):
        actor.need_or_approval(Right.STOCK_PAPERS)
    act = Act(book, "stock_counted", actor, at, request)
    count = open_count(count_id)
    products = stock.products([line.sku for line in paper.lines])
    chosen = _lots(act, count["location_id"], products, paper.lines)
    on_books = _on_books(count["location_id"], chosen)
    first = _tallied(count_id)
    rows = [
        {
            "count_id": count_id,
            "number": first + n,
            "product_id": products[line.sku],
            "lot_id": lot_id,
            "kind": line.kind,
            "quantity": 0 if line.kind == "again" else line.quantity,
            "on_books": on_books.get(lot_id, 0),
            "at": at,
            "by": actor.name,
        }
        for n, (line, lot_id) in enumerate(zip(paper.lines, chosen, strict=True), start=1)
    ]
    so_far = counted([*_tallies(count_id, set(chosen)), *(_plain(row) for row in rows)])
    short = {lot_id for lot_id, lot in so_far.items() if lot.quantity is not None and lot.quantity < 0}
    if short:
        wrong = [n for n, lot_id in enumerate(chosen) if lot_id in short]
        message = N_("So many were not counted yet.")
        raise ValidationError(*(FieldError(f"lines.{n}.quantity", message) for n in wrong))
    act.insert(TALLY, rows)
    act.finish()


def _plain(row: Row) -> Tally:
    return Tally(row["lot_id"], row["product_id"], row["kind"], row["quantity"], row["on_books"])


def open_count(count_id: str) -> Row:
    """Return a count that is open; the caller holds the office's book. Raises not_found, count_closed."""
    row = db.session.execute(select(COUNT).where(COUNT.c.id == count_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("There is no such count."))
    if row["status"] != "open":
        message = N_("%(by)s ended this count already.")
        raise PosError("count_closed", message, {"by": row["ended_by"]})
    return dict(row)


def _lots(act: Act, location_id: int, products: Mapping[str, int], lines: Sequence[TallyLineIn]) -> list[int]:
    """Return the lot of each line; one that nobody knows is made when its date is said."""
    wanted = set(products.values())
    known = {
        (product_id, code): lot_id
        for product_id, code, lot_id in db.session.execute(
            select(Lot.product_id, Lot.code, Lot.id).where(Lot.product_id.in_(wanted))
        )
    }
    here = _lots_here(location_id, wanted)
    found: list[int] = []
    new: list[Row] = []
    wrong: list[FieldError] = []
    for n, line in enumerate(lines):
        product_id = products[line.sku]
        if line.lot is None:
            only = here.get(product_id) or [
                lot for (product, _), lot in known.items() if product == product_id
            ]
            if len(only) == 1:
                found.append(only[0])
            else:
                wrong.append(
                    FieldError(f"lines.{n}.lot", N_("Name the lot: several of this product are known."))
                )
        elif (product_id, line.lot) in known:
            found.append(known[product_id, line.lot])
        elif line.expires_on is None:
            message = N_(
                "Lot %(lot)s is not known yet. Type its best-before date, or name a lot that is known."
            )
            wrong.append(FieldError(f"lines.{n}.expires_on", message, {"lot": line.lot or "-"}))
        else:
            known[product_id, line.lot] = lot_id = next_id(LOT) + len(new)
            new.append(_new_lot(lot_id, product_id, line.lot, line.expires_on))
            found.append(lot_id)
    if wrong:
        raise ValidationError(*wrong)
    act.insert(LOT, new)
    return found


def _new_lot(lot_id: int, product_id: int, code: str, expires_on: date) -> Row:
    return {
        "id": lot_id,
        "product_id": product_id,
        "code": code,
        "expires_on": expires_on,
        "unit_cost": None,
        "made_on": None,
        "source_id": None,
    }


def _lots_here(location_id: int, products: set[int]) -> dict[int, list[int]]:
    rows = db.session.execute(
        select(StockBalance.product_id, StockBalance.lot_id).where(
            StockBalance.location_id == location_id,
            StockBalance.product_id.in_(products),
            StockBalance.on_hand > 0,
        )
    )
    found: dict[int, list[int]] = {}
    for product_id, lot_id in rows:
        found.setdefault(product_id, []).append(lot_id)
    return found


def _on_books(location_id: int, wanted: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(StockBalance.lot_id, StockBalance.on_hand).where(
            StockBalance.location_id == location_id,
            StockBalance.product_id.in_(select(Lot.product_id).where(Lot.id.in_(set(wanted)))),
            StockBalance.lot_id.in_(set(wanted)),
        )
    )
    return dict(rows.all())


def _tallied(count_id: str) -> int:
    highest = select(func.max(TALLY.c.number)).where(TALLY.c.count_id == count_id)
    return int(db.session.execute(highest).scalar_one() or 0)


def _tallies(count_id: str, only: set[int] | None = None) -> list[Tally]:
    query = (
        select(TALLY.c.lot_id, TALLY.c.product_id, TALLY.c.kind, TALLY.c.quantity, TALLY.c.on_books)
        .where(TALLY.c.count_id == count_id)
        .order_by(TALLY.c.number)
    )
    if only is not None:
        query = query.where(TALLY.c.lot_id.in_(only))
    return [Tally(*row) for row in db.session.execute(query)]


def post(count_id: str, paper: CountPostIn, actor: Actor, at: datetime, request: Request) -> None:
    """End a count: what differs becomes movements. What was not counted stays, or counts as gone.

    Raises not_found, count_closed, count_waits, insufficient_stock, Replayed.
    """
    act = stock.begin("stock_count_posted", actor, at, request)
    count = open_count(count_id)
    settled = counted(_tallies(count_id))
    waits = sum(lot.quantity is None for lot in settled.values())
    if waits:
        message = N_("%(count)s lots are still to be counted again.")
        raise PosError("count_waits", message, {"count": waits})
    here = count["location_id"]
    if paper.missing == "zero":
        settled |= _gone(count_id, here, set(settled))
    rises, falls = _differences(here, settled)
    act.change(COUNT, {"id": count_id}, {"status": "posted", "ended_at": at, "ended_by": actor.name})
    act.insert(
        RESULT,
        [
            {
                "count_id": count_id,
                "lot_id": lot_id,
                "product_id": lot.product_id,
                "on_books": lot.on_books,
                "counted": lot.quantity,
                "difference": lot.difference,
            }
            for lot_id, lot in sorted(settled.items())
        ],
    )
    loss = lots.outside("loss")
    stock.moves(act, falls, here, loss, "count", count_id)
    stock.moves(act, rises, loss, here, "count", count_id)
    act.finish()
    stock.settle(here, falls, rises)


def _gone(count_id: str, location_id: int, seen: set[int]) -> dict[int, Counted]:
    """Return lots of the freeze that nobody counted as gone; what came in since the freeze is not."""
    rows = db.session.execute(
        select(FROZEN.c.lot_id, FROZEN.c.product_id, FROZEN.c.on_hand, func.coalesce(StockBalance.on_hand, 0))
        .outerjoin(
            StockBalance,
            (StockBalance.location_id == location_id)
            & (StockBalance.product_id == FROZEN.c.product_id)
            & (StockBalance.lot_id == FROZEN.c.lot_id),
        )
        .where(FROZEN.c.count_id == count_id)
    )
    return {
        lot_id: Counted(product_id, max(0, now - then), now)
        for lot_id, product_id, then, now in rows
        if lot_id not in seen
    }


def _differences(location_id: int, settled: Mapping[int, Counted]) -> tuple[list[Take], list[Take]]:
    """Return what rises and what falls. Raises insufficient_stock for pieces that are set aside."""
    rises, falls = [], []
    for lot_id, lot in sorted(settled.items()):
        difference = lot.difference or 0
        if difference > 0:
            rises.append(Take(lot.product_id, lot_id, difference))
        elif difference < 0:
            falls.append(Take(lot.product_id, lot_id, -difference))
    free: dict[int, int] = dict(
        db.session.execute(
            select(StockBalance.lot_id, StockBalance.on_hand - StockBalance.reserved).where(
                StockBalance.location_id == location_id,
                StockBalance.product_id.in_([take.product_id for take in falls]),
                StockBalance.lot_id.in_([take.lot_id for take in falls]),
            )
        ).all()
    )
    short = [take for take in falls if take.quantity > free.get(take.lot_id, 0)]
    if short:
        _refuse_held(short, free)
    return rises, falls


def _refuse_held(short: Sequence[Take], free: Mapping[int, int]) -> None:
    wanted = {take.product_id for take in short}
    skus = dict(db.session.execute(select(Product.id, Product.sku).where(Product.id.in_(wanted))).all())
    lines = [
        {"sku": skus[take.product_id], "quantity": take.quantity, "available": free.get(take.lot_id, 0)}
        for take in short
    ]
    raise PosError(
        "insufficient_stock",
        N_("Of %(skus)s fewer were counted than are set aside. Drop those orders first, or count again."),
        {"skus": ", ".join(sorted({str(line["sku"]) for line in lines}))},
        extra={"lines": lines},
    )


def drop(count_id: str, paper: CountDropIn, actor: Actor, at: datetime, request: Request) -> None:
    """Give a count up: nothing changes. Raises not_found, count_closed, Replayed."""
    del paper
    act = stock.begin("stock_count_dropped", actor, at, request)
    open_count(count_id)
    act.change(COUNT, {"id": count_id}, {"status": "dropped", "ended_at": at, "ended_by": actor.name})
    act.finish()
