"""The spool, as lists."""

from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import select

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.ids import first_id_at
from pos.models import PrintJob, Register
from pos.models.partial import JOB_OPEN
from pos.operations.receipts import is_copy, original
from pos.queries.office import sale_with_number
from pos.queries.searching import with_words
from printers.document import Document

View: TypeAlias = dict[str, Any]

OPEN = ("queued", "printing", "unknown")
LOOKS_BACK = timedelta(days=30)
"""How far back papers of a register, in a state or with words are looked for: the spool of years has no index
for them."""


def looks_back(status: str | None, register: str | None, words: str) -> bool:
    """Say whether what is asked for is looked for among the papers of the last `LOOKS_BACK` alone."""
    return status not in OPEN and bool(status or register or words)


def print_jobs(
    status: str | None,
    sale: str | None,
    register: str | None,
    cursor: str | None,
    limit: int,
    words: str = "",
) -> tuple[list[View], str | None]:
    """Return a page of print jobs, newest first, and the cursor of the next.

    `words` are the whole number of a receipt, or stand in the title. What no index finds is looked for among
    the papers of the last `LOOKS_BACK`; those of a sale are found however old they are.
    """
    of_sale = sale_with_number(words) if words else None
    if of_sale is not None:
        sale, words = of_sale, ""
    query = (
        select(PrintJob, Register.code)
        .join(Register, Register.id == PrintJob.register_id)
        .order_by(PrintJob.id.desc())
        .limit(limit + 1)
        .execution_options(populate_existing=True)
    )
    if status in OPEN:
        # Few are open, and a list that has none of them would be read back for years to say so.
        query = query.where(PrintJob.id.in_(select(PrintJob.id).where(JOB_OPEN, PrintJob.status == status)))
    elif sale is None and looks_back(status, register, words):
        query = query.where(PrintJob.id >= first_id_at(clock.now() - LOOKS_BACK))
    for column, value in ((PrintJob.status, status), (PrintJob.sale_id, sale), (Register.code, register)):
        if value is not None:
            query = query.where(column == value)
    query = query.where(*with_words(words, PrintJob.title))
    if cursor is not None:
        query = query.where(PrintJob.id < cursor)
    rows = db.session.execute(query).all()
    return [_job(job, code) for job, code in rows[:limit]], rows[limit - 1][0].id if len(
        rows
    ) > limit else None


def print_job(job_id: str) -> View:
    """Return one print job. Raises not_found."""
    row = db.session.execute(
        select(PrintJob, Register.code)
        .join(Register, Register.id == PrintJob.register_id)
        .where(PrintJob.id == job_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such print job."))
    return _job(*row)


def _job(job: PrintJob, register: str) -> View:
    return {
        "id": job.id,
        "kind": job.kind,
        "register": register,
        "sale": job.sale_id,
        "title": job.title,
        "status": job.status,
        "confirmed": job.confirmed,
        "attempts": job.attempts,
        "last_error": job.last_error,
        "created_at": clock.iso(job.created_at),
        "ended_at": clock.iso(job.ended_at) if job.ended_at else None,
    }


def paper_of(job_id: str) -> tuple[Document, str]:
    """Return the document of a print job and the code of its register. Raises not_found."""
    row = db.session.execute(
        select(PrintJob.document, Register.code)
        .join(Register, Register.id == PrintJob.register_id)
        .where(PrintJob.id == job_id, PrintJob.kind != "drawer")
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such print job."))
    return Document.from_json(row[0]), row[1]


def newest_paper(register_id: int) -> View | None:
    """Return the id and the name of the paper that a register printed last."""
    row = db.session.execute(
        select(PrintJob.id, PrintJob.kind, PrintJob.title)
        .where(PrintJob.register_id == register_id, PrintJob.kind != "drawer")
        .order_by(PrintJob.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else {"id": row[0], "kind": row[1], "title": row[2]}


def receipt_of(sale_id: str) -> tuple[Document, bytes | None, str]:
    """Return the document of a sale's newest receipt, its bytes once rendered, and the register.

    Raises not_found.
    """
    row = db.session.execute(
        select(PrintJob.document, PrintJob.payload, Register.code)
        .join(Register, Register.id == PrintJob.register_id)
        .where(PrintJob.sale_id == sale_id, PrintJob.kind == "receipt")
        .order_by(PrintJob.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("This sale has no receipt (yet)."))
    document = Document.from_json(row[0])
    return original(document), None if is_copy(document) else row[1], row[2]
