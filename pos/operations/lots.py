"""Taking goods from lots, holding them and putting them back.

The database refuses what would go below zero.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Engine, bindparam, delete, select, update

from pos.db import db, dialect, table
from pos.domain.lots import LotStock, Shortage, Take, allocate
from pos.errors import N_, PosError, StockRaced
from pos.models import Location, Lot, Movement, StockBalance
from pos.operations.journal import Row
from pos.statements import Statement, upsert

BALANCE = table(StockBalance)
MOVEMENT = table(Movement)

_HERE = (
    (BALANCE.c.location_id == bindparam("l"))
    & (BALANCE.c.product_id == bindparam("p"))
    & (BALANCE.c.lot_id == bindparam("t"))
)
_KEY = (BALANCE.c.location_id, BALANCE.c.product_id, BALANCE.c.lot_id)
_EMPTY = (BALANCE.c.on_hand == 0) & (BALANCE.c.reserved == 0)
_N: BindParameter[int] = bindparam("n")
_TAKE = Statement(
    update(BALANCE)
    .where(_HERE, BALANCE.c.on_hand - BALANCE.c.reserved >= _N)
    .values(on_hand=BALANCE.c.on_hand - _N)
)
_HOLD = Statement(
    update(BALANCE)
    .where(_HERE, BALANCE.c.on_hand - BALANCE.c.reserved >= _N)
    .values(reserved=BALANCE.c.reserved + _N)
)
_FREE = Statement(
    update(BALANCE).where(_HERE, BALANCE.c.reserved >= _N).values(reserved=BALANCE.c.reserved - _N)
)
_TAKE_HELD = Statement(
    update(BALANCE)
    .where(_HERE, BALANCE.c.reserved >= _N)
    .values(on_hand=BALANCE.c.on_hand - _N, reserved=BALANCE.c.reserved - _N)
)
_ADD = Statement(update(BALANCE).where(_HERE).values(on_hand=BALANCE.c.on_hand + _N))
_F: BindParameter[int] = bindparam("f")
_ENOUGH = (BALANCE.c.reserved >= _F) & (BALANCE.c.on_hand - BALANCE.c.reserved + _F >= _N)
_TAKE_FREEING = Statement(
    update(BALANCE)
    .where(_HERE, _ENOUGH)
    .values(on_hand=BALANCE.c.on_hand - _N, reserved=BALANCE.c.reserved - _F)
)
_HOLD_FREEING = Statement(update(BALANCE).where(_HERE, _ENOUGH).values(reserved=BALANCE.c.reserved - _F + _N))


class _Races(threading.local):
    """How many races for lots this thread has lost in a row."""

    lost = 0

    def ended(self, *, won: bool) -> None:
        """Count one. Raises StockRaced when it was lost."""
        self.lost = 0 if won else self.lost + 1
        if not won:
            raise StockRaced


_races = _Races()


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces of a lot that are set aside for an order."""

    location_id: int
    product_id: int
    lot_id: int
    expires_on: date | None
    quantity: int


@cache
def _left(count: int) -> Statement:
    """Return the statement that finds what is left of `count` products at a location."""
    return Statement(
        select(BALANCE.c.lot_id, BALANCE.c.product_id, Lot.expires_on, BALANCE.c.on_hand - BALANCE.c.reserved)
        .join(Lot, Lot.id == BALANCE.c.lot_id)
        .where(
            BALANCE.c.location_id == bindparam("here"),
            BALANCE.c.product_id.in_([bindparam(f"product{n}") for n in range(count)]),
            BALANCE.c.on_hand > BALANCE.c.reserved,
        )
    )


@cache
def _locking(count: int) -> Statement:
    """Return the statement that locks what there is of `count` products, in the order of all writers."""
    return Statement(
        select(BALANCE.c.lot_id)
        .join(Lot, Lot.id == BALANCE.c.lot_id)
        .where(
            BALANCE.c.location_id == bindparam("here"),
            BALANCE.c.product_id.in_([bindparam(f"product{n}") for n in range(count)]),
        )
        .order_by(BALANCE.c.product_id, Lot.expires_on.asc().nulls_last(), BALANCE.c.lot_id)
        .with_for_update(of=BALANCE)
    )


def choose(
    location_id: int,
    wanted: Mapping[int, int],
    on: date,
    skus: Mapping[int, str],
    own: Sequence[Held] = (),
    gone: Sequence[Take] = (),
) -> list[Take]:
    """Choose lots for `wanted` (product id to pieces), first expired first out.

    What the buyer's order holds, `own`, is there for them as well; what is `gone` is not.
    Raises insufficient_stock with what is left of each product, or lot_expired when only expired goods would
    have done.
    """
    products = {f"product{n}": product_id for n, product_id in enumerate(sorted(wanted))}
    if _races.lost > 1 and dialect() == "postgresql":
        # Without it a slow till among quick ones could lose the race for a hot lot for ever. What is left is
        # then read by a statement of its own, which sees what those who held the locks have done.
        _locking(len(wanted)).ask(here=location_id, **products).rows()
    rows = _left(len(wanted)).ask(here=location_id, **products).rows()
    stock = {row[0]: LotStock(*row) for row in rows}
    for held in own:
        if held.location_id == location_id:
            free = stock[held.lot_id].available if held.lot_id in stock else 0
            stock[held.lot_id] = LotStock(held.lot_id, held.product_id, held.expires_on, free + held.quantity)
    for took in gone:
        if took.lot_id in stock:
            here = stock[took.lot_id]
            stock[took.lot_id] = replace(here, available=here.available - took.quantity)
    takes, shortages = allocate(wanted, list(stock.values()), on)
    if shortages:
        raise _short(shortages, skus)
    return takes


def _short(shortages: Sequence[Shortage], skus: Mapping[int, str]) -> PosError:
    lines = [
        {"sku": skus[short.product_id], "quantity": short.wanted, "available": short.available}
        for short in shortages
    ]
    names = ", ".join(str(line["sku"]) for line in lines)
    if all(short.available + short.expired >= short.wanted for short in shortages):
        return PosError(
            "lot_expired",
            N_(
                "Past its best-before date and not to be sold: %(skus)s. "
                "Take it off the shelf and write it off."
            ),
            {"skus": names},
            extra={"lines": lines},
        )
    return PosError(
        "insufficient_stock",
        N_("Not enough in stock: %(skus)s. Take some off the cart, or have a supervisor correct the stock."),
        {"skus": names},
        extra={"lines": lines},
    )


def take(location_id: int, takes: Sequence[Take], own: Sequence[Held] = ()) -> None:
    """Take goods off the shelf, and free what the buyer's order held.

    Raises StockRaced when another till was quicker since they were chosen.
    """
    if own:
        _exchange(_TAKE_FREEING, location_id, takes, own)
    else:
        _apply(_TAKE, location_id, takes)


def hold(location_id: int, takes: Sequence[Take], own: Sequence[Held] = ()) -> None:
    """Reserve goods for an order or a sale that waits, and free what the buyer's earlier order held."""
    if own:
        _exchange(_HOLD_FREEING, location_id, takes, own)
    else:
        _apply(_HOLD, location_id, takes)


def let_go(own: Sequence[Held]) -> None:
    """Give free what an order held."""
    if own:
        _exchange(_HOLD_FREEING, own[0].location_id, (), own)


def free(location_id: int, takes: Sequence[Take]) -> None:
    """Give reserved goods free again."""
    _apply(_FREE, location_id, takes)


def take_held(location_id: int, takes: Sequence[Take]) -> None:
    """Take goods that were reserved."""
    _apply(_TAKE_HELD, location_id, takes)


def put_back(location_id: int, takes: Sequence[Take]) -> None:
    """Put goods on the shelf, into their lots."""
    _ensure(location_id, [(take.product_id, take.lot_id) for take in takes])
    _apply(_ADD, location_id, takes)


def _apply(statement: Statement, location_id: int, takes: Sequence[Take]) -> None:
    rows = [{"l": location_id, "p": t.product_id, "t": t.lot_id, "n": t.quantity} for t in takes]
    _races.ended(won=statement.run(rows) == len(rows))


def _exchange(statement: Statement, location_id: int, takes: Sequence[Take], own: Sequence[Held]) -> None:
    """Free `own` and apply `takes`, each lot once, in the order of product, expiry and lot.

    In one go, because freeing first and taking then would lock lots out of that order, and two tills could
    wait for each other.
    """
    rows = {(held.location_id, held.product_id, held.lot_id): {"n": 0, "f": held.quantity} for held in own}
    for t in takes:
        rows.setdefault((location_id, t.product_id, t.lot_id), {"n": 0, "f": 0})["n"] = t.quantity
    lots = {lot for _, _, lot in rows}
    dates = dict(db.session.execute(select(Lot.id, Lot.expires_on).where(Lot.id.in_(lots))).all())
    keys = sorted(rows, key=lambda key: (key[1], dates[key[2]] or date.max, key[2], key[0]))
    done = statement.run([{"l": key[0], "p": key[1], "t": key[2], **rows[key]} for key in keys])
    _races.ended(won=done == len(keys))


def in_order(takes: Sequence[Take]) -> list[Take]:
    """Return what is taken in the order in which every writer locks lots: product, expiry, lot."""
    ids = [take.lot_id for take in takes]
    dates = dict(db.session.execute(select(Lot.id, Lot.expires_on).where(Lot.id.in_(ids))).all())
    return sorted(takes, key=lambda t: (t.product_id, dates[t.lot_id] or date.max, t.lot_id))


def outside(kind: str) -> int:
    """Return the id of the one location of `kind`: supplier, customer or loss."""
    engine = db.engine
    found = _outside.setdefault(engine, {})
    if kind not in found:
        found[kind] = db.session.execute(select(Location.id).where(Location.kind == kind)).scalar_one()
    return found[kind]


_outside: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()
"""Made with the shop and never changed again, so each engine looks once."""


def movements(
    book_id: int,
    seq: int,
    at: datetime,
    takes: Sequence[Take],
    *,
    from_id: int,
    to_id: int,
    reason: str,
    source_id: str,
) -> list[Row]:
    """Return the movement rows of one entry."""
    return [
        {
            "book_id": book_id,
            "seq": seq,
            "position": position,
            "at": at,
            "product_id": t.product_id,
            "lot_id": t.lot_id,
            "from_id": from_id,
            "to_id": to_id,
            "quantity": t.quantity,
            "reason": reason,
            "source_id": source_id,
        }
        for position, t in enumerate(takes)
    ]


@dataclass(frozen=True, slots=True)
class AnyLot:
    """A lot, whether it lies anywhere or not."""

    id: int
    product_id: int
    expires_on: date | None


def next_lots(after: int, limit: int) -> list[AnyLot]:
    """Return the next `limit` lots behind the one with the id `after`, in the order of their ids."""
    columns = (Lot.id, Lot.product_id, Lot.expires_on)
    rows = db.session.execute(select(*columns).where(Lot.id > after).order_by(Lot.id).limit(limit))
    return [AnyLot(*row) for row in rows]


def empty_balances(of: Sequence[AnyLot]) -> list[tuple[int, int, int]]:
    """Return the keys of the lots' balances of nothing.

    A sale looks through all balances of its products, and in years most would be empty. What was never there
    and what was forgotten is the same: nothing.
    """
    # Column by column: SQLite reads the whole table for (a, b) IN (VALUES ...).
    of_lots = (
        BALANCE.c.location_id.in_(select(Location.id))
        & BALANCE.c.product_id.in_({lot.product_id for lot in of})
        & BALANCE.c.lot_id.in_([lot.id for lot in of])
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(select(*_KEY).where(of_lots, _EMPTY))]


def forget_balances(keys: Sequence[tuple[int, int, int]]) -> None:
    """Delete balances of nothing; what has come back meanwhile stays."""
    one = delete(BALANCE).where(_HERE, _EMPTY)
    db.session.connection().execute(
        one, [{"l": place, "p": product, "t": lot} for place, product, lot in keys]
    )


def _ensure(location_id: int, lots: Sequence[tuple[int, int]]) -> None:
    """Make the balance rows of (product, lot) at the location where there are none."""
    there = set(
        db.session.execute(
            select(BALANCE.c.lot_id).where(
                BALANCE.c.location_id == location_id,
                BALANCE.c.product_id.in_([product_id for product_id, _ in lots]),
                BALANCE.c.lot_id.in_([lot_id for _, lot_id in lots]),
            )
        ).scalars()
    )
    rows = [
        {"location_id": location_id, "product_id": product_id, "lot_id": lot_id, "on_hand": 0, "reserved": 0}
        for product_id, lot_id in lots
        if lot_id not in there
    ]
    if rows:
        # Two tills may put something back into the same lot.
        db.session.execute(upsert(BALANCE).on_conflict_do_nothing(), rows)
