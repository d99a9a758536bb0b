"""Putting documents and drawer pulses into the spool, in the transaction of the act behind them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from pos import clock
from pos.db import after_commit, db, table
from pos.errors import N_, NotFound, PosError
from pos.ids import new_id
from pos.models import PrintJob, ProductBarcode, ReceiptCopy, Register, Sale
from pos.models.partial import JOB_OPEN
from pos.operations import links, receipts, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row
from pos.operations.tills import Till
from pos.statements import adding
from printers.document import Document

JOB = table(PrintJob)
COPY = table(ReceiptCopy)
_ADD_JOB = adding(JOB)

DRAWER_SECONDS = 10
"""A drawer that did not open within this time must not spring open later, in front of somebody else."""

_wake: list[Callable[[], None]] = []


def on_new_jobs(action: Callable[[], None]) -> None:
    """Have `action` called after each commit that added jobs; the worker's way to wake at once."""
    _wake[:] = [action]


def _added() -> None:
    for action in _wake:
        action()


def add_job(
    till: Till,
    kind: str,
    document: Document | None,
    sale_id: str | None = None,
    title: str = "",
    *,
    until: datetime | None = None,
) -> str:
    """Add a document for the register's printer and return the job's id; it is of no use after `until`."""
    job = _job(till, kind, document, sale_id, title)
    if until is not None:
        job["expires_at"] = min(until, job["expires_at"])
    _add([job])
    return str(job["id"])


def _job(till: Till, kind: str, document: Document | None, sale_id: str | None, title: str = "") -> Row:
    at = clock.now()
    if document is not None and till.shop.training:
        document = receipts.as_training(document)
    lifetime = (
        timedelta(seconds=DRAWER_SECONDS) if document is None else timedelta(hours=till.shop.print_hours)
    )
    return {
        "id": new_id(),
        "kind": kind,
        "register_id": till.register_id,
        "sale_id": sale_id,
        "title": title[:60],
        "document": "" if document is None else document.to_json(),
        "payload": None,
        "status": "queued",
        "confirmed": False,
        "attempts": 0,
        "last_error": "",
        "created_at": at,
        "next_at": at,
        "expires_at": at + lifetime,
        "ended_at": None,
    }


def _add(jobs: list[Row]) -> None:
    _ADD_JOB.run(jobs)
    after_commit(_added)


def add_drawer(till: Till, sale_id: str | None = None) -> None:
    """Add a pulse for the register's drawer; a kiosk has none."""
    if till.kind != "kiosk":
        add_job(till, "drawer", None, sale_id)


def print_sale(sold: receipts.Sold, *, drawer: bool) -> None:
    """Add the receipt of a completed sale and, when cash was taken, the drawer's pulse before it."""
    sale_id, number = sold.sale["id"], sold.sale["number"]
    jobs = [_job(sold.till, "drawer", None, sale_id)] if drawer and sold.till.kind != "kiosk" else []
    sold = replace(sold, link=links.link_to(sale_id, number), barcodes=_barcodes(sold))
    _add([*jobs, _job(sold.till, "receipt", receipts.sale_receipt(sold), sale_id, number)])


def _barcodes(sold: receipts.Sold) -> dict[int, str]:
    if not sold.till.shop.receipt_show_barcodes:
        return {}
    ids = {line["product_id"] for line in sold.lines}
    rows = db.session.execute(
        select(ProductBarcode.product_id, ProductBarcode.barcode)
        .where(ProductBarcode.product_id.in_(ids))
        .order_by(ProductBarcode.barcode.desc())
    )
    return dict(rows.all())


def reprint(sale_id: str, register: str | None, actor: Actor, at: datetime, request: Request) -> None:
    """Print a copy of the sale's receipt, marked SALINAN and its count.

    Counted on the Z report of the register's shift.
    """
    sale = db.session.execute(select(Sale).where(Sale.id == sale_id)).scalar_one_or_none()
    if sale is None:
        raise NotFound(N_("There is no such sale."))
    own = db.session.execute(select(Register.code).where(Register.id == sale.register_id)).scalar_one()
    code = register or own
    actor.at(code)
    till = tills.enter(code, request)
    if sale.status != "completed":
        raise PosError("sale_not_refundable", N_("Only a completed sale has a receipt."))
    number = _copy(till, sale_id, "copy", actor, at, request)
    original = _receipt_of(sale_id)
    add_job(till, "copy", receipts.as_copy(original, number), sale_id, f"{sale.number} ({number})")


def _copy(till: Till, sale_id: str, kind: str, actor: Actor, at: datetime, request: Request | None) -> int:
    number = db.session.execute(select(func.count()).where(ReceiptCopy.sale_id == sale_id)).scalar_one() + 1
    act = Act(till.book, kind, actor, at, request)
    act.insert(
        COPY,
        [
            {
                "id": request.id if request else new_id(),
                "sale_id": sale_id,
                "register_id": till.register_id,
                "shift_id": till.shift.id if till.shift else None,
                "number": number,
                "at": at,
                "by": actor.name,
            }
        ],
    )
    act.finish()
    return number


def _receipt_of(sale_id: str) -> Document:
    # The newest: after a correction of how it was paid there is another one.
    text = db.session.execute(
        select(PrintJob.document)
        .where(PrintJob.sale_id == sale_id, PrintJob.kind == "receipt")
        .order_by(PrintJob.id.desc())
        .limit(1)
    ).scalar_one()
    return receipts.original(Document.from_json(text))


def retry(job_id: str, actor: Actor, at: datetime) -> None:
    """Print a job of unknown outcome again, marked SALINAN.

    A person saw that no paper came out, or not all of it.
    """
    job, till = _unknown_job(job_id, actor)
    if job.kind == "drawer":
        raise _known()  # a drawer that opens later opens in front of somebody else
    document = Document.from_json(job.document)
    number = receipts.copy_number(document) + 1
    if job.sale_id and job.kind in ("receipt", "copy"):
        number = _copy(till, job.sale_id, "copy", actor, at, None)
        document = receipts.as_copy(_receipt_of(job.sale_id), number)
    else:
        document = receipts.as_copy(document, number)
    _move(
        job_id,
        status="queued",
        document=document.to_json(),
        payload=None,
        next_at=at,
        # The slip of a code is of no use once the code has ended.
        expires_at=job.expires_at if job.kind == "qr" else at + timedelta(hours=till.shop.print_hours),
    )
    after_commit(_added)


def try_now(register_id: int, at: datetime) -> int:
    """Have the papers of a register that wait for its printer tried at once; return how many there are."""
    mine = (JOB_OPEN, JOB.c.register_id == register_id, JOB.c.kind != "drawer")
    db.session.execute(update(JOB).where(*mine, JOB.c.status == "queued").values(next_at=at))
    after_commit(_added)
    # One that is being tried this moment waits as well.
    waiting = select(func.count()).select_from(JOB).where(*mine, JOB.c.status.in_(("queued", "printing")))
    return int(db.session.execute(waiting).scalar_one())


def withdraw(sale_id: str, kind: str) -> None:
    """Print no more what was not begun: its sale went on without it."""
    db.session.execute(
        update(JOB)
        .where(JOB.c.sale_id == sale_id, JOB.c.kind == kind, JOB.c.status == "queued")
        .values(status="expired", ended_at=clock.now())
    )


def resolve(job_id: str, actor: Actor, at: datetime) -> None:
    """Record that a person saw the paper of a job of unknown outcome come out, or the drawer open."""
    _unknown_job(job_id, actor)
    _move(job_id, status="printed", ended_at=at)


def _unknown_job(job_id: str, actor: Actor) -> tuple[PrintJob, Till]:
    code = db.session.execute(
        select(Register.code).join(PrintJob, PrintJob.register_id == Register.id).where(PrintJob.id == job_id)
    ).scalar_one_or_none()
    if code is None:
        raise NotFound(N_("There is no such print job."))
    actor.at(code)
    till = tills.enter(code, None)
    # Read once the book is locked: of two who retry at the same instant one finds it queued.
    job = db.session.execute(
        select(PrintJob).where(PrintJob.id == job_id).execution_options(populate_existing=True)
    ).scalar_one()
    if job.status != "unknown":
        raise _known()
    return job, till


def _known() -> PosError:
    return PosError(
        "job_not_unknown", N_("It is known what became of this print job. Use reprint for a copy.")
    )


def _move(job_id: str, **values: object) -> None:
    db.session.execute(update(JOB).where(JOB.c.id == job_id, JOB.c.status == "unknown").values(**values))
