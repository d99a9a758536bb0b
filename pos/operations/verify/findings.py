"""What a verification found."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

KEPT = 1_000
"""So many problems are kept in words; of the others only the number."""


@dataclass(slots=True)
class EntryView:
    """One entry as it stands in the database, with the rows its content names.

    `since` is the latest instant of its book so far: it orders the entries of all books, and never against
    the order within one.
    """

    book_id: int
    book: str
    seq: int
    at: str
    kind: str
    previous: str
    since: str
    rows: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that does not agree, at the entry that is broken; `seq` 0: no entry accounts for it."""

    since: str
    book: str
    seq: int
    number: int
    at: str
    kind: str
    what: str

    def __str__(self) -> str:
        if self.seq:
            return f"{self.book} entry {self.seq} ({self.kind}, {self.at}): {self.what}"
        return f"{self.book}: {self.what}" if self.book else self.what


@dataclass(slots=True)
class Findings:
    """Collects problems. Those without an entry sort behind all entries."""

    problems: list[Problem] = field(default_factory=list)
    more: int = 0
    _number: int = 0

    def at(self, entry: EntryView, what: str) -> None:
        """Note a problem of an entry."""
        self._add(Problem(entry.since, entry.book, entry.seq, self._next(), entry.at, entry.kind, what))

    def of_book(self, code: str, what: str) -> None:
        """Note a problem of a book as a whole."""
        self._add(Problem("~", code, 0, self._next(), "", "", what))

    def apart(self, what: str) -> None:
        """Note a problem that no entry and no book accounts for."""
        self._add(Problem("~~", "", 0, self._next(), "", "", what))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _add(self, problem: Problem) -> None:
        # A tampered value may hold line breaks; the verdict is one line.
        problem = replace(problem, what=" ".join(problem.what.split()))
        if len(self.problems) < KEPT:
            self.problems.append(problem)
            return
        # The first broken entry must not be lost among a thousand later ones.
        self.more += 1
        last = max(self.problems)
        if problem < last:
            self.problems[self.problems.index(last)] = problem

    def sorted(self) -> list[Problem]:
        """Return what is kept, the first broken entry first."""
        return sorted(self.problems)

    def __bool__(self) -> bool:
        return bool(self.problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.sorted())


class Series:
    """Numbers that run 1, 2, … without a gap, several series at once."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._last: defaultdict[Hashable, int] = defaultdict(int)

    def take(self, entry: EntryView, series: Hashable, name: str, number: int) -> None:
        """Take in the next number of a series; `name` is what bears it."""
        self._last[series] += 1
        if number != self._last[series]:
            self._findings.at(entry, f"{name}: number is {number}, not {self._last[series]}")
            self._last[series] = number
