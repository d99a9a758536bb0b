"""What providers still have to be asked: rows with a lease, so that of several machines one asks.

Bookkeeping, not books: nothing here is journaled. Times are the wall clock's, because they are shared by
machines and outlive restarts; a clock that jumped back can delay no question for longer than `FAR`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from pos.db import after_commit, db, table
from pos.models import PaymentTask

TASK = table(PaymentTask)

LEASE = timedelta(seconds=60)
"""Longer than any call to a provider may take; a process that dies gives its questions up after it."""
FAR = timedelta(minutes=10)
"""No question is ever put off for longer, so what lies beyond was written by a clock that was wrong."""
WATCHED = timedelta(hours=1)
"""How long an attempt that was given up is still asked about (contract, "Payments")."""
AFTERWARDS = timedelta(seconds=45)
"""Between two such questions: at least once a minute."""
SOONEST, LATEST = timedelta(seconds=1), timedelta(seconds=45)
"""Until the next try after no answer: half as long as the silence lasts, within these."""

_wake: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class Task:
    """A question this process may ask now."""

    id: str
    kind: str
    provider: str
    silent_since: datetime | None


def on_new_tasks(action: Callable[[], None]) -> None:
    """Have `action` called after each commit that made a question due; the worker's way to wake at once."""
    _wake[:] = [action]


def _due_now() -> None:
    for action in _wake:
        action()


def add(task_id: str, kind: str, provider: str, at: datetime, *, leased_by: str | None = None) -> None:
    """Add a question due at `at`. `leased_by`: it is being asked already, by that process."""
    db.session.execute(
        insert(TASK),
        {
            "id": task_id,
            "kind": kind,
            "provider": provider,
            "ask_at": at,
            "silent_since": None,
            "leased_until": at + LEASE if leased_by else None,
            "leased_by": leased_by,
            "trouble": "",
        },
    )
    after_commit(_due_now)


def _due(at: datetime) -> ColumnElement[bool]:
    return or_(TASK.c.ask_at <= at, TASK.c.ask_at > at + FAR) & or_(
        TASK.c.leased_until.is_(None), TASK.c.leased_until <= at, TASK.c.leased_until > at + FAR
    )


def due(providers: Sequence[str], at: datetime, limit: int) -> list[str]:
    """Return the ids of questions to ask now, the longest waiting first."""
    return list(
        db.session.execute(
            select(TASK.c.id)
            .where(TASK.c.provider.in_(providers), _due(at))
            .order_by(TASK.c.ask_at)
            .limit(limit)
        ).scalars()
    )


def claim(task_id: str, holder: str, at: datetime) -> Task | None:
    """Take the lease of a question by compare-and-set; None when another process was quicker."""
    taken = db.session.execute(
        update(TASK).where(TASK.c.id == task_id, _due(at)).values(leased_until=at + LEASE, leased_by=holder)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    row = db.session.execute(
        select(TASK.c.id, TASK.c.kind, TASK.c.provider, TASK.c.silent_since).where(TASK.c.id == task_id)
    ).one()
    return Task(*row)


def leaseholders() -> list[str]:
    """Return the processes that hold leases."""
    return list(
        db.session.execute(select(TASK.c.leased_by).where(TASK.c.leased_by.is_not(None)).distinct()).scalars()
    )


def release(holder: str) -> None:
    """End the leases of a process that is known to have ended."""
    db.session.execute(
        update(TASK).where(TASK.c.leased_by == holder).values(leased_until=None, leased_by=None)
    )


def ask_now(payment_id: str, provider: str, at: datetime) -> None:
    """Have an attempt asked about at once, also when asking about it had ended."""
    there = db.session.execute(select(TASK.c.id).where(TASK.c.id == payment_id)).first()
    if there is None:
        add(payment_id, "ask", provider, at)
        return
    db.session.execute(update(TASK).where(TASK.c.id == payment_id, TASK.c.ask_at > at).values(ask_at=at))
    after_commit(_due_now)


def answered(task_id: str, next_at: datetime, trouble: str = "") -> None:
    """Give the lease back after an answer; ask again at `next_at`. `trouble`: what was odd about it."""
    db.session.execute(
        update(TASK)
        .where(TASK.c.id == task_id)
        .values(ask_at=next_at, leased_until=None, leased_by=None, silent_since=None, trouble=trouble)
    )


def unanswered(task: Task, trouble: str, at: datetime) -> None:
    """Give the lease back after no answer; ask again a little later each time."""
    since = task.silent_since or at
    wait = min(max((at - since) / 2, SOONEST), LATEST)
    db.session.execute(
        update(TASK)
        .where(TASK.c.id == task.id)
        .values(
            ask_at=at + wait,
            leased_until=None,
            leased_by=None,
            silent_since=since,
            trouble=trouble,
        )
    )


def becomes_asking(task_id: str, at: datetime) -> None:
    """Turn "make the code" into "was it paid": the code is there."""
    db.session.execute(
        update(TASK)
        .where(TASK.c.id == task_id, TASK.c.kind == "create")
        .values(kind="ask", ask_at=at, silent_since=None, leased_until=None, leased_by=None, trouble="")
    )
    after_commit(_due_now)


def end(task_id: str) -> None:
    """Ask no more."""
    db.session.execute(delete(TASK).where(TASK.c.id == task_id))


def watch_on(task_id: str, at: datetime) -> None:
    """Keep asking about an attempt that was given up, for an hour."""
    db.session.execute(
        update(TASK).where(TASK.c.id == task_id).values(kind="ask", silent_since=None, ask_at=at + AFTERWARDS)
    )
