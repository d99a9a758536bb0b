"""What every client asked and what it was told, with when: the history that is checked afterwards.

Times are `time.monotonic()` of the one process that drives all clients, so they can be compared.
"""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]
LOST = 0
"""The status of an attempt whose answer never came."""


@dataclass(slots=True)
class Attempt:
    """One request: when it began and ended, and what came back (status 0: the connection broke)."""

    start: float
    end: float
    status: int
    body: Any = None
    trouble: str = ""
    server: int = 0

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    @property
    def is_doubtful(self) -> bool:
        """Whether the client can't know if it happened: no answer, or one that says to try again."""
        return self.status == LOST or self.status >= 500


@dataclass(slots=True)
class Call:
    """What a client wanted, asked with one id as often as it took to get an answer."""

    number: int
    client: str
    kind: str
    method: str
    path: str
    body: Body
    attempts: list[Attempt] = field(default_factory=list)
    at: str = ""
    """The register or location it is about."""

    @property
    def id(self) -> str:
        return str(self.body.get("id", ""))

    @property
    def start(self) -> float:
        return self.attempts[0].start

    @property
    def end(self) -> float:
        """When the client first knew that it happened, else when it last heard."""
        return next((one.end for one in self.attempts if 200 <= one.status < 300), self.attempts[-1].end)

    @property
    def last(self) -> Attempt:
        return self.attempts[-1]

    @property
    def done(self) -> bool:
        """Whether some attempt was told that it happened."""
        return any(200 <= attempt.status < 300 for attempt in self.attempts)

    @property
    def first_answer(self) -> Any:
        """The first good answer."""
        return next(attempt.body for attempt in self.attempts if 200 <= attempt.status < 300)

    @property
    def refused(self) -> bool:
        """Whether the last word was a refusal."""
        return 400 <= self.last.status < 500

    @property
    def open(self) -> bool:
        """Whether nobody knows yet what came of it."""
        return not self.done and self.last.is_doubtful

    def __str__(self) -> str:
        told = " then ".join(f"{one.status} {one.code or one.trouble}".strip() for one in self.attempts[-3:])
        return f"#{self.number} {self.client} {self.kind} {self.method} {self.path} {self.id} [{told}]"


@dataclass
class History:
    """All calls of a run, what lay where before it and after it, and how all ended."""

    calls: list[Call] = field(default_factory=list)
    opening: list[Body] = field(default_factory=list)
    """`GET /stock` before the run."""
    closing: list[Body] = field(default_factory=list)
    """`GET /stock` after it."""
    sales: list[Body] = field(default_factory=list)
    """Every sale that the API lists after it."""
    orders: dict[str, Body] = field(default_factory=dict)
    """Every order that was asked for, as it is after it; a refused one is missing."""
    reports: dict[str, Body] = field(default_factory=dict)
    """By shift: its X or Z report after it."""
    absent: dict[str, bool] = field(default_factory=dict)
    """By id of a refused sale: whether the API says that there is none."""
    movements: list[Body] = field(default_factory=list)
    """The ledger as the API tells it."""
    patience: float = 0.0
    """After how many seconds a waiting sale may expire."""
    slips: float = 0.0
    """After how many seconds a slip may expire."""
    hung: list[str] = field(default_factory=list)
    """What the watchdog saw."""
    deadlocks: int = 0
    """How many deadlocks PostgreSQL found."""
    notes: list[str] = field(default_factory=list)
    """Kills, cuts and locks, as they were done."""

    def of(self, *kinds: str) -> Iterator[Call]:
        """The calls of these kinds that happened, in the order they were begun."""
        return (call for call in self.calls if call.kind in kinds and call.done)

    def save(self, path: Path) -> None:
        """Keep it for who wants to look: one call a line, then the rest."""
        with path.open("w", encoding="utf-8") as file:
            for call in self.calls:
                file.write(json.dumps(asdict(call)) + "\n")
            rest = {name: value for name, value in vars(self).items() if name != "calls"}
            file.write(json.dumps(rest) + "\n")


def load(path: Path) -> History:
    """Read a history that was kept."""
    *calls, rest = path.read_text(encoding="utf-8").splitlines()
    history = History(**json.loads(rest))
    for line in calls:
        raw = json.loads(line)
        raw["attempts"] = [Attempt(**attempt) for attempt in raw["attempts"]]
        history.calls.append(Call(**raw))
    return history


class Recorder:
    """Takes down calls of many threads, and knows which are under way."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._guard = threading.Lock()
        self._under_way: dict[int, tuple[float, Call]] = {}

    def begin(self, client: str, kind: str, method: str, path: str, body: Body, at: str) -> Call:
        with self._guard:
            call = Call(len(self.calls), client, kind, method, path, body, at=at)
            self.calls.append(call)
            return call

    def started(self, call: Call) -> float:
        now = time.monotonic()
        with self._guard:
            self._under_way[call.number] = (now, call)
        return now

    def ended(self, call: Call, attempt: Attempt) -> None:
        with self._guard:
            self._under_way.pop(call.number, None)
            call.attempts.append(attempt)

    def older_than(self, seconds: float) -> list[str]:
        """The calls that have been under way for longer."""
        now = time.monotonic()
        with self._guard:
            return [
                f"{now - since:.1f} s: #{call.number} {call.client} {call.method} {call.path} {call.id}"
                for since, call in self._under_way.values()
                if now - since > seconds
            ]
