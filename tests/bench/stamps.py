"""Sales of one line, struck from a sale that was made in full: ten million of them in minutes.

Two such sales of the same goods differ only in what happens once: ids, instants, numbers, hashes. The first
is made by `years` with values that stand nowhere else; wherever they are found in its rows, later sales put
theirs.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias

from pos.clock import iso
from pos.domain.journal import entry_line
from pos.operations import receipts
from pos.queries.sales import sale_number
from pos.worker.pruning import PULSE_DAYS
from tests.bench.rows import Day, Spelling
from tests.bench.years import PRINTS_IN, Counter, Shift

Values: TypeAlias = dict[str, Any]
Maker: TypeAlias = Callable[[Values], Any]

ON = date(2016, 2, 3)
AT = datetime(2016, 2, 4, 5, 6, 7, 891000, UTC)
SEQ, COUNT, LOT = 883311775, 557799, 994422661
HEAD = "5e" * 32
KEEPS_FOR = timedelta(hours=12)


class Stamps:
    """What one register strikes its sales from."""

    def __init__(self, counter: Counter, spelling: Spelling) -> None:
        self._counter, self._spelling = counter, spelling
        self._known: dict[tuple[int, int, bool], _Stamp] = {}
        self._instant = dict(spelling.makers("sale"))["completed_at"] or (lambda at: at)
        self._date = dict(spelling.makers("sale"))["business_date"] or (lambda on: on)
        self._ids = random.Random(counter.till.code)

    def strike(self, day: Day, at: datetime, shift: str, lot: int, n: int, pieces: int) -> str:
        """Add a sale of one line to the day; return its entry's hash. The counter has moved on already."""
        counter = self._counter
        pulse = counter.last_day - day.on < timedelta(days=PULSE_DAYS)
        if (n, pieces, pulse) not in self._known:
            self._known[n, pieces, pulse] = self._made(n, pieces, pulse=pulse)
        stamp = self._known[n, pieces, pulse]
        values = self._values(day.on, at, counter.seq, counter.sales, counter.head)
        values |= {"shift": shift, "lot": lot} | {name: self._id(values["time"]) for name in stamp.ids}
        values["asked"] = sha256(values["sale"].encode()).hexdigest()
        values["hash"] = sha256(stamp.line(values).encode()).hexdigest()
        for name, rows in stamp.rows.items():
            day.tuples.setdefault(name, []).extend(
                [tuple([cell(values) if callable(cell) else cell for cell in row]) for row in rows]
            )
        found: str = values["hash"]
        return found

    def _id(self, time: str) -> str:
        tail = f"{self._ids.getrandbits(74) | 1 << 74:x}"
        return f"{time[:8]}-{time[8:]}-7{tail[1:4]}-a{tail[5:8]}-{tail[7:]}"

    def _values(self, on: date, at: datetime, seq: int, count: int, head: str) -> Values:
        """Return what a sale has of its own, its ids, its lot and its hashes aside."""
        return {
            "on": self._date(on),
            "on_text": on.isoformat(),
            "at": self._instant(at),
            "at_text": iso(at),
            "printed": self._instant(at + PRINTS_IN),
            "expires": self._instant(at + KEEPS_FOR),
            "when": receipts.when(at, self._counter.till.time_zone),
            "number": sale_number(self._counter.till.code, count),
            "seq": seq,
            "previous": head,
            "time": f"{int(at.timestamp() * 1000):012x}",
        }

    def _made(self, n: int, pieces: int, *, pulse: bool) -> "_Stamp":
        """Make a sale in full and learn from it."""
        last = ON if pulse else ON + timedelta(days=PULSE_DAYS)
        scratch = replace(self._counter, seq=SEQ - 1, sales=COUNT - 1, head=HEAD, last_day=last, stamps=None)
        day = Day(ON)
        shift = Shift(scratch, day, random.Random(1), {n: LOT})
        shift.sell(AT, [(n, pieces)])
        (entry,) = day.rows["entry"]
        (sale,) = day.rows["sale"]
        jobs = {f"job_{at}": row["id"] for at, row in enumerate(day.rows["printer_job"])}
        marks = self._values(ON, AT, SEQ, COUNT, HEAD)
        marks |= {"shift": sale["shift_id"], "lot": LOT, "sale": sale["id"], **jobs}
        marks |= {"asked": entry["request_hash"], "hash": entry["hash"]}
        who = dict(zip(("key", "name", "role"), self._counter.seller, strict=True))
        line = entry_line(
            book=self._counter.till.code,
            seq=SEQ,
            at=iso(AT),
            kind="sale",
            actor=who,
            request=sale["id"],
            content=entry["content"],
            previous=HEAD,
        )
        if sha256(line.encode()).hexdigest() != entry["hash"]:
            raise RuntimeError("an entry's line is made in another way now")
        rows = {name: self._spelling.values(name, found) for name, found in day.rows.items()}
        return _Stamp(marks, ["sale", *jobs], line, rows)


class _Stamp:
    """One sale in full, with a hole wherever the next one differs."""

    def __init__(
        self, marks: Values, ids: Sequence[str], line: str, rows: dict[str, list[tuple[Any, ...]]]
    ) -> None:
        self.ids = ids
        self._marks = {name: mark for name, mark in marks.items() if name != "time"}
        # The longest first: an instant's text holds a date's.
        texts = sorted(
            ((str(mark), name) for name, mark in self._marks.items()), key=lambda one: -len(one[0])
        )
        self._names = dict(texts)
        self._pattern = re.compile("|".join(re.escape(text) for text, _ in texts))
        made = self._cell(line)
        if not callable(made):
            raise TypeError("an entry says when it happened")
        self.line: Maker = made
        self.rows = {
            name: [[self._cell(value) for value in row] for row in found] for name, found in rows.items()
        }

    def _cell(self, value: Any) -> Any:
        """Return the value itself when all sales have it, else what makes the next sale's."""
        for name, mark in self._marks.items():
            if type(value) is type(mark) and value == mark:
                return lambda values: values[name]
        if not isinstance(value, str):
            return value
        parts: list[str] = []
        holes: list[str] = []
        end = 0
        for found in self._pattern.finditer(value):
            parts.append(value[end : found.start()])
            holes.append(self._names[found.group()])
            end = found.end()
        if not holes:
            return value
        rest = value[end:]
        pairs = list(zip(parts, holes, strict=True))
        return lambda values: "".join([f"{part}{values[hole]}" for part, hole in pairs]) + rest
