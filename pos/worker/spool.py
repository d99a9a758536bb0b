"""The spool's states: every step to or from a printer is a row first and an action second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, insert, or_, select, update

from pos.db import db, table
from pos.errors import N_
from pos.models import PrintAttempt, PrintJob, Register
from pos.models.partial import JOB_OPEN
from printers.config import PrinterConfig
from printers.delivery import Delivery
from printers.document import Document
from printers.render import to_escpos

JOB = table(PrintJob)
ATTEMPT = table(PrintAttempt)

BACK_OFF = (1, 2, 5, 10, 15)
"""Seconds before the next try; a printer that is away is asked again at least every 15 seconds (contract)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job this worker has taken."""

    id: str
    kind: str
    document: str
    payload: bytes | None
    attempts: int


def _mine(registers: Sequence[int], drawer: int | None):  # type: ignore[no-untyped-def]
    """Return the condition for jobs of one printer.

    Its registers' papers and the one drawer that hangs on it.
    """
    return or_(
        and_(JOB.c.register_id.in_(registers), JOB.c.kind != "drawer"),
        and_(JOB.c.register_id == (drawer if drawer is not None else -1), JOB.c.kind == "drawer"),
    )


def register_ids(codes: Sequence[str]) -> dict[str, int]:
    """Return the ids of registers by code."""
    return dict(db.session.execute(select(Register.code, Register.id).where(Register.code.in_(codes))).all())


def next_job(registers: Sequence[int], drawer: int | None, at: datetime) -> str | None:
    """Return the id of the job to do now, None when none is due.

    A drawer's pulse goes first: a cashier must get into the drawer while receipts wait for paper. Of the
    papers the oldest is next, and one that can't be printed yet holds back those behind it, so receipts come
    out in the order of the sales.
    """
    waiting = (
        select(JOB.c.id, JOB.c.next_at)
        .where(JOB_OPEN, JOB.c.status == "queued", JOB.c.expires_at > at, _mine(registers, drawer))
        # Not the bare id: its index would be walked from the first job ever printed, to save sorting a few.
        .order_by(func.coalesce(JOB.c.id, ""))
        .limit(1)
    )
    pulse = waiting.where(JOB.c.kind == "drawer", JOB.c.next_at <= at)
    for query in (pulse, waiting.where(JOB.c.kind != "drawer")):
        row = db.session.execute(query).one_or_none()
        if row is not None and row[1] <= at:
            found: str = row[0]
            return found
    return None


def claim(job_id: str, printer: str, worker: str, at: datetime) -> Job | None:
    """Take a job by compare-and-set and record the attempt before it is made.

    None when another was quicker.
    """
    taken = db.session.execute(
        update(JOB)
        .where(JOB.c.id == job_id, JOB.c.status == "queued")
        .values(status="printing", attempts=JOB.c.attempts + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    row = db.session.execute(
        select(JOB.c.id, JOB.c.kind, JOB.c.document, JOB.c.payload, JOB.c.attempts).where(JOB.c.id == job_id)
    ).one()
    db.session.execute(
        insert(ATTEMPT),
        {
            "job_id": job_id,
            "number": row[4],
            "printer": printer[:40],
            "worker": worker[:40],
            "started_at": at,
            "ended_at": None,
            "outcome": None,
            "bytes_written": None,
            "error": "",
        },
    )
    return Job(*row)


def render(job: Job, printer: PrinterConfig) -> bytes:
    """Return the job's bytes: those that are kept, else made now, once."""
    if job.payload is not None:
        return job.payload
    if job.kind == "drawer":
        return printer.drawer_pulse
    return to_escpos(Document.from_json(job.document), printer.paper)


def keep(job_id: str, payload: bytes) -> None:
    """Keep the bytes of a job, so that it is rendered once."""
    db.session.execute(update(JOB).where(JOB.c.id == job_id, JOB.c.payload.is_(None)).values(payload=payload))


def record(job: Job, delivery: Delivery, at: datetime) -> None:
    """Write down how a try ended: printed, unknown, or back in the queue when not one byte went out."""
    db.session.execute(
        update(ATTEMPT)
        .where(ATTEMPT.c.job_id == job.id, ATTEMPT.c.number == job.attempts)
        .values(
            ended_at=at,
            outcome=delivery.outcome,
            bytes_written=delivery.bytes_written,
            error=f"{delivery.error} {delivery.detail}".strip(),
        )
    )
    if delivery.outcome == "not_sent":
        wait = BACK_OFF[min(job.attempts, len(BACK_OFF)) - 1]
        values = {"status": "queued", "next_at": at + timedelta(seconds=wait), "last_error": delivery.error}
    else:
        values = {
            "status": delivery.outcome,
            "confirmed": delivery.confirmed,
            "last_error": delivery.error,
            "ended_at": at,
        }
    _from_printing(job.id, values)


def fail(job: Job, reason: str, at: datetime) -> None:
    """Give up a job that can't be rendered; trying again would fail again."""
    _from_printing(job.id, {"status": "failed", "last_error": reason, "ended_at": at})


def _from_printing(job_id: str, values: dict[str, object]) -> None:
    db.session.execute(update(JOB).where(JOB.c.id == job_id, JOB.c.status == "printing").values(**values))


def hurry(registers: Sequence[int], drawer: int | None, at: datetime) -> None:
    """Let queued jobs be tried at once: their printer is back."""
    db.session.execute(
        update(JOB)
        .where(JOB_OPEN, JOB.c.status == "queued", JOB.c.next_at > at, _mine(registers, drawer))
        .values(next_at=at)
    )


def note_first_byte(job: Job) -> None:
    """Write down that the printer gets the job's first byte now; from here on paper may come out."""
    db.session.execute(
        update(ATTEMPT)
        .where(ATTEMPT.c.job_id == job.id, ATTEMPT.c.number == job.attempts)
        .values(bytes_written=0)
    )


def recover(registers: Sequence[int], drawer: int | None, at: datetime) -> None:
    """Sort out what a killed process left in mid-print.

    A try that never came to its first byte is queued again. Of any other nobody can know whether paper came
    out: it is unknown, and a person decides.
    """
    left = (JOB_OPEN, JOB.c.status == "printing", _mine(registers, drawer))
    begun = (
        select(ATTEMPT.c.job_id)
        .where(
            ATTEMPT.c.job_id == JOB.c.id,
            ATTEMPT.c.number == JOB.c.attempts,
            ATTEMPT.c.bytes_written.is_not(None),
        )
        .exists()
    )
    db.session.execute(
        update(JOB)
        .where(*left, begun)
        .values(
            status="unknown",
            last_error=N_("The program stopped while printing; it may have come out."),
            ended_at=at,
        )
    )
    db.session.execute(update(JOB).where(*left).values(status="queued", next_at=at))


def has_expired(at: datetime) -> bool:
    """Say whether any queued job is too old to print."""
    return (
        db.session.execute(
            select(JOB.c.id).where(JOB_OPEN, JOB.c.status == "queued", JOB.c.expires_at <= at).limit(1)
        ).one_or_none()
        is not None
    )


def expire(at: datetime) -> None:
    """Retire queued jobs that are too old, instead of flooding out paper nobody waits for."""
    db.session.execute(
        update(JOB)
        .where(JOB_OPEN, JOB.c.status == "queued", JOB.c.expires_at <= at)
        .values(status="expired", ended_at=at)
    )
