"""Papers that are printed because somebody asks for them, not because something was sold."""

from datetime import datetime

from sqlalchemy import select

from pos.db import db
from pos.domain.rights import Right
from pos.models import PrintJob
from pos.operations import papers_shift, printing, receipts, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request
from pos.operations.tills import Till
from pos.queries.registers import shift_view
from pos.queries.shifts import Report, for_reader, shift_report
from printers.document import Document


def print_report(shift_id: str, actor: Actor, at: datetime, request: Request) -> None:
    """Print the X report of an open shift, or of a closed one a copy of its Z report, marked SALINAN.

    What the caller may not see before the count is not on the paper either. Raises not_found, Replayed.
    """
    actor.need(Right.COUNT)
    register = str(shift_view(shift_id)["register"])
    actor.at(register)
    till = tills.enter(register, request)
    report = for_reader(shift_report(shift_id), sees_cash=actor.may(Right.EXPECTED_CASH))
    if report["status"] == "closed":
        title = f"Z {till.code} {report['number']}"
        printing.add_job(till, "z", _copy_of_z(till, report, title), title=title)
    else:
        document = papers_shift.x_document(till, report, actor.name, at)
        printing.add_job(till, "x", document, title=f"X {till.code}")
    Act(till.book, "report_printed", actor, at, request).finish()


def _copy_of_z(till: Till, report: Report, title: str) -> Document:
    printed = [
        Document.from_json(text)
        for text in db.session.execute(
            select(PrintJob.document)
            .where(PrintJob.register_id == till.register_id, PrintJob.kind == "z", PrintJob.title == title)
            .order_by(PrintJob.id)
        ).scalars()
    ]
    first = receipts.original(printed[0]) if printed else papers_shift.z_document(till, report)
    return receipts.as_copy(first, 1 + max(map(receipts.copy_number, printed), default=0))
