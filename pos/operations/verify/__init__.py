"""`pos verify`: everything derived again from the first entry, and compared with what stands there.

Read as of one instant, so it runs beside a selling server without a false alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from pos.operations.journal import OFFICE
from pos.operations.verify import chain, notes
from pos.operations.verify.chain import BookView
from pos.operations.verify.consignment import Consignment
from pos.operations.verify.counts import Counts
from pos.operations.verify.exchange import Exchange
from pos.operations.verify.findings import EntryView, Findings, Problem
from pos.operations.verify.orders import Orders
from pos.operations.verify.refunds import Returns
from pos.operations.verify.rows import Tables
from pos.operations.verify.settlements import Settlements
from pos.operations.verify.stock import Stock
from pos.operations.verify.till import TillBook
from pos.operations.verify.transit import Transit
from pos.reading import snapshot


@dataclass(frozen=True, slots=True)
class BookHead:
    """A book as it was found: its last entry and the hash that proves all before."""

    code: str
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification looked at and what it found; `problems` begins with the first broken entry."""

    books: list[BookHead]
    rows: dict[str, int]
    problems: list[Problem] = field(default_factory=list)
    more: int = 0

    @property
    def good(self) -> bool:
        """Whether everything agrees."""
        return not self.problems

    @property
    def entries(self) -> int:
        """How many entries were read."""
        return sum(book.entries for book in self.books)


def verify() -> Verdict:
    """Derive everything again from the entries and compare it with the tables, as of this instant."""
    with snapshot() as connection:
        return _Verification(connection).run()


class _Verification:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._findings = Findings()
        self._tables = Tables(connection, self._findings)
        self._stock = Stock(self._findings)
        self._returns = Returns(self._findings)
        self._orders = Orders(self._findings)
        self._settlements = Settlements(self._findings)
        self._transit = Transit(self._findings)
        self._counts = Counts(self._findings)
        self._consignment = Consignment(self._findings)
        self._exchange = Exchange(self._findings)
        self._books = chain.books(connection, self._findings)

    def run(self) -> Verdict:
        heads = [self._read(book) for book in self._books]
        chain.orphans(self._connection, self._findings, self._books)
        self._tables.finish(self._again)
        self._orders.finish(self._connection, self._stock, self._again)
        self._stock.finish(self._connection)
        self._exchange.finish(self._connection)
        try:
            self._returns.finish(self._connection)
        except (TypeError, ValueError, ZeroDivisionError):
            # The rows that make no sense are named already.
            self._findings.apart("refunds can't be compared with their sales")
        found = self._findings
        return Verdict(heads, self._tables.counts, found.sorted(), found.more)

    def _read(self, book: BookView) -> BookHead:
        till = None if book.code == OFFICE else TillBook(book, self._findings, self._stock, self._returns)
        entries = 0
        for batch in chain.batches(self._connection, book, self._findings):
            entries += len(batch)
            for entry in batch:
                self._take(entry, till)
            self._tables.flush()
        chain.finish(book, self._findings)
        if till is not None:
            till.finish()
        elif any(book.row[name] for name in ("sale_count", "refund_count", "z_count", "grand_total")):
            self._findings.of_book(book.code, "the office's book counts sales")
        return BookHead(book.code, entries, book.head)

    def _take(self, entry: EntryView, till: TillBook | None) -> None:
        try:
            self._tables.add(entry)
            self._stock.add(entry)
            self._orders.add(entry)
            self._settlements.add(entry)
            self._transit.add(entry)
            self._counts.add(entry)
            self._consignment.add(entry)
            self._exchange.add(entry)
            notes.check(entry, self._findings)
            if till is not None:
                till.add(entry)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._findings.at(entry, f"the content makes no sense: {error!r}")

    def _again(self) -> Iterator[EntryView]:
        for book in self._books:
            for batch in chain.batches(self._connection, book, None):
                yield from batch
