"""What is forgotten: pulses and passing papers that are long done, and balances of lots that are no more."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from pos import clock
from pos.db import db, transact
from pos.ids import first_id_at
from pos.operations import lots
from pos.worker.spool import ATTEMPT, JOB

PULSE_DAYS: Final = 30
"""A drawer's pulse stands in the books where it matters: with its sale, or counted on the Z."""
PAPER_DAYS: Final = 400
"""More than a year, so that last year's papers can be looked at while the year is closed."""
KEPT: Final = ("receipt", "refund", "void", "z")
"""Kinds that stay for ever: copies are made from them, and screens show a receipt as it was printed."""
DONE: Final = ("printed", "failed", "expired")
"""States that a job is forgotten in; an `unknown` one waits for a person, however long."""
STEP: Final = 1_000
"""Jobs looked at at a time: on a large table the walk is long, and nobody waits for it."""
BATCH: Final = 200
"""Jobs forgotten at a time: a sale that waits for the write lock must not notice."""
LOTS: Final = 50
"""Lots whose balances are looked at at a time."""
EMPTY_DAYS: Final = 30
"""Balances of nothing go so long after their lot's best-before date."""
REST: Final = 600.0
"""Seconds until the next look once a walk has come to its end."""


class Walk:
    """Goes through the jobs from the oldest on, in small steps, and forgets those that match.

    It begins anew with the process, so it needs no memory of its own in the database.
    """

    def __init__(self, which: ColumnElement[bool], days: int) -> None:
        self._which, self._age = which, timedelta(days=days)
        self._past = ""
        self._rests_until = float("-inf")

    def step(self, at: datetime) -> int:
        """Take one step; return how many jobs were forgotten."""
        if clock.monotonic() < self._rests_until:
            return 0
        ahead = list(
            db.session.execute(
                select(JOB.c.id)
                .where(JOB.c.id > self._past, JOB.c.id < first_id_at(at - self._age))
                .order_by(JOB.c.id)
                .limit(STEP)
            ).scalars()
        )
        if len(ahead) < STEP:
            self._rests_until = clock.monotonic() + REST
        if not ahead:
            return 0
        found = self._among(ahead[0], ahead[-1])
        for first in range(0, len(found), BATCH):
            transact(lambda ids=found[first : first + BATCH]: _forget(ids))  # type: ignore[misc]
        self._past = ahead[-1]
        return len(found)

    def _among(self, first: str, last: str) -> list[str]:
        query = select(JOB.c.id).where(JOB.c.id.between(first, last), self._which, JOB.c.status.in_(DONE))
        return list(db.session.execute(query).scalars())


class Empties:
    """Goes through the lots in small steps and forgets balances of nothing of those that expired long ago."""

    def __init__(self) -> None:
        self._past = 0
        self._rests_until = float("-inf")

    def step(self, at: datetime) -> int:
        """Take one step; return how many balances were forgotten."""
        if clock.monotonic() < self._rests_until:
            return 0
        ahead = lots.next_lots(self._past, LOTS)
        last = len(ahead) < LOTS
        self._past = 0 if last else ahead[-1].id
        if last:
            self._rests_until = clock.monotonic() + REST
        before = (at - timedelta(days=EMPTY_DAYS)).date()
        expired = [lot for lot in ahead if lot.expires_on is not None and lot.expires_on < before]
        empty = lots.empty_balances(expired) if expired else []
        if empty:
            transact(lambda: lots.forget_balances(empty))
        return len(empty)


def walks() -> tuple[Walk | Empties, ...]:
    """Return the walks of one process."""
    return (
        Walk(JOB.c.kind == "drawer", PULSE_DAYS),
        Walk(JOB.c.kind.not_in(KEPT), PAPER_DAYS),
        Empties(),
    )


def _forget(ids: list[str]) -> None:
    db.session.execute(delete(ATTEMPT).where(ATTEMPT.c.job_id.in_(ids)))
    db.session.execute(delete(JOB).where(JOB.c.id.in_(ids)))
