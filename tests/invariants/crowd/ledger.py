"""Does the database agree: its entries in the order they were committed, and the stock after each of them.

Entries are read as they stand in the table, not through the program, and added up by the few lines below.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import create_engine, text

from tests.invariants.crowd.record import History

Place: TypeAlias = tuple[int, int, int]
"""Location, product, lot."""
ORDER = {
    # On SQLite one transaction follows the other, so rows lie in the order of their commits.
    "sqlite": ("rowid", "0"),
    # Of two transactions that changed one lot, the second waited for the commit of the first.
    "postgresql": ("coalesce(pg_xact_commit_timestamp(xmin), 'epoch'), book_id, seq", "xmin::text"),
}
MOVEMENT = ("book_id", "seq", "position", "product_id", "lot_id", "from_id", "to_id", "quantity")
ENDS_SALE = ("completed", "cancelled", "expired")
ENDS_ORDER = ("used", "dropped", "expired")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the table; `together` names the transaction where several share one."""

    book: int
    seq: int
    kind: str
    request: str | None
    content: Mapping[str, Any]
    together: str = ""


@dataclass
class Ledger:
    """What the database holds after the run."""

    entries: list[Entry]
    balances: dict[Place, tuple[int, int]]
    shelves: set[int]
    expired: set[int] = field(default_factory=set)
    """Lots that nobody may sell."""
    movements: list[tuple[Any, ...]] = field(default_factory=list)


def read(url: str) -> Ledger:
    """Read what is checked; nobody writes any more."""
    engine = create_engine(url)
    order, together = ORDER[engine.dialect.name]
    with engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT book_id, seq, kind, request_id, content, {together} FROM entry ORDER BY {order}")
        )
        entries = [Entry(*row[:4], json.loads(row[4]), str(row[5])) for row in rows]
        balances = {
            (row[0], row[1], row[2]): (row[3], row[4])
            for row in connection.execute(
                text("SELECT location_id, product_id, lot_id, on_hand, reserved FROM stock_balance")
            )
        }
        shelves = set(connection.execute(text("SELECT id FROM location WHERE kind = 'stock'")).scalars())
        old = set(connection.execute(text("SELECT id FROM lot WHERE code = 'LAMA'")).scalars())
        moved = [
            tuple(row) for row in connection.execute(text(f"SELECT {', '.join(MOVEMENT)} FROM movement"))
        ]
    engine.dispose()
    return Ledger(entries, balances, shelves, old, moved)


def check(ledger: Ledger, history: History) -> Iterator[str]:
    """Say what is wrong with the books and the stock at every point of them."""
    yield from _once(ledger, history)
    yield from _gapless(ledger.entries)
    yield from _movements(ledger)
    on_hand: Counter[Place] = Counter()
    reserved: Counter[Place] = Counter()
    holds = Holds()
    for step in _steps(ledger.entries):
        changed: set[Place] = set()
        for entry in step:
            for place, pieces in _moved(entry, ledger.shelves):
                on_hand[place] += pieces
                changed.add(place)
                if pieces < 0 and place[2] in ledger.expired and entry.kind.startswith("sale"):
                    yield f"book {entry.book} entry {entry.seq}: sold the expired lot {place[2]}"
            for place, pieces in holds.take_in(entry):
                reserved[place] += pieces
                changed.add(place)
        for place in changed:
            if not 0 <= reserved[place] <= on_hand[place]:
                last = step[-1]
                yield (
                    f"after book {last.book} entry {last.seq} ({last.kind}): {on_hand[place]} on hand and "
                    f"{reserved[place]} set aside of location, product, lot {place}"
                )
    for place in sorted(ledger.balances.keys() | on_hand.keys()):
        found, wanted = ledger.balances.get(place, (0, 0)), (on_hand[place], reserved[place])
        if found != wanted:
            yield f"{place}: the balance says {found}, the entries {wanted}"


def _once(ledger: Ledger, history: History) -> Iterator[str]:
    """Each acknowledged act has its one entry, a refused one none, and nobody else's are there."""
    times = Counter(entry.request for entry in ledger.entries if entry.request)
    asked = {call.id: call for call in history.calls if call.id}
    for call in asked.values():
        if call.done and times[call.id] != 1:
            yield f"acknowledged, and {times[call.id]} entries: {call}"
        if call.refused and not call.done and times[call.id]:
            yield f"refused, and there is an entry: {call}"
    made = {str(sale["id"]) for sale in history.sales}
    for entry in ledger.entries:
        if entry.kind in ("sale", "sale_waiting") and entry.request not in made:
            yield f"book {entry.book} entry {entry.seq}: a sale that the API does not list"


def _gapless(entries: Iterable[Entry]) -> Iterator[str]:
    by_book: defaultdict[int, list[int]] = defaultdict(list)
    for entry in entries:
        by_book[entry.book].append(entry.seq)
    for book, numbers in by_book.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"book {book}: its entries were not committed in the order of their numbers"


def _movements(ledger: Ledger) -> Iterator[str]:
    """The table of movements is what the entries say, no more and no less."""
    told = Counter(
        tuple(row[name] for name in MOVEMENT)
        for entry in ledger.entries
        for row in entry.content.get("movement", ())
    )
    there = Counter(ledger.movements)
    for row in (told - there) + (there - told):
        yield f"movement {row}: in the entries {told[row]} times, in the table {there[row]} times"


def _steps(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries of one transaction came to be at one instant."""
    step: list[Entry] = []
    for entry in entries:
        if step and (entry.together == "0" or entry.together != step[-1].together):
            yield step
            step = []
        step.append(entry)
    if step:
        yield step


def _moved(entry: Entry, shelves: set[int]) -> Iterator[tuple[Place, int]]:
    for row in entry.content.get("movement", ()):
        for place, sign in ((row["from_id"], -1), (row["to_id"], 1)):
            if place in shelves:
                yield (place, row["product_id"], row["lot_id"]), sign * row["quantity"]


class Holds:
    """What waiting sales and open orders hold."""

    def __init__(self) -> None:
        self._held: defaultdict[str, list[tuple[Place, int]]] = defaultdict(list)

    def take_in(self, entry: Entry) -> Iterator[tuple[Place, int]]:
        """Say what one entry sets aside and what it frees."""
        for row in entry.content.get("sale", ()):
            if row.get("status") in ENDS_SALE:
                yield from self._free(row["id"])
        for row in entry.content.get("held_order", ()):
            if row.get("status") in ENDS_ORDER:
                yield from self._free(row["id"])
        for table, owner in (("reservation", "sale_id"), ("held_order_reservation", "order_id")):
            for row in entry.content.get(table, ()):
                place = (row["location_id"], row["product_id"], row["lot_id"])
                self._held[row[owner]].append((place, row["quantity"]))
                yield place, row["quantity"]

    def _free(self, owner: str) -> Iterator[tuple[Place, int]]:
        for place, pieces in self._held.pop(owner, ()):
            yield place, -pieces
