"""Papers that are printed because somebody asks for them, not because something was sold."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from pos.db import db
from pos.domain.rights import Right
from pos.errors import N_, NotFound, PosError
from pos.ids import first_id_at
from pos.models import PrintJob, Register
from pos.operations import cash, papers_shift, printing, receipts, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request
from pos.operations.tills import Till
from pos.queries.registers import shift_view
from pos.queries.shifts import Report, for_reader, shift_report
from printers.config import PrinterConfig
from printers.document import Document
from printers.sample import sample_page


def print_report(shift_id: str, register: str | None, actor: Actor, at: datetime, request: Request) -> None:
    """Print the X report of an open shift, or of a closed one a copy of its Z report, marked SALINAN.

    It comes out at `register`, the shift's own when none is named. What the caller may not see before the
    count is not on the paper either. Raises not_found, Replayed.
    """
    actor.need(Right.COUNT)
    own = str(shift_view(shift_id)["register"])
    actor.at(own)
    till = tills.enter(own, request)
    printer = till if register in (None, own) else replace(till, register_id=_register_id(register, actor))
    report = for_reader(shift_report(shift_id), sees_cash=actor.may(Right.EXPECTED_CASH))
    if report["status"] == "closed":
        title = f"Z {till.code} {report['number']}"
        printing.add_job(printer, "z", _copy_of_z(till, report, title), title=title)
    else:
        document = papers_shift.x_document(till, report, actor.name, at)
        printing.add_job(printer, "x", document, title=f"X {till.code}")
    Act(till.book, "report_printed", actor, at, request).finish()


def _register_id(code: str | None, actor: Actor) -> int:
    actor.at(str(code))
    found = db.session.execute(select(Register.id).where(Register.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("There is no such register."))
    return found


def _copy_of_z(till: Till, report: Report, title: str) -> Document:
    printed = [
        Document.from_json(text)
        for text in db.session.execute(
            select(PrintJob.document)
            # Copies may have come out anywhere, but none before the shift was closed.
            .where(
                PrintJob.id >= first_id_at(datetime.fromisoformat(report["closed_at"])),
                PrintJob.kind == "z",
                PrintJob.title == title,
            )
            .order_by(PrintJob.id)
        ).scalars()
    ]
    first = receipts.original(printed[0]) if printed else papers_shift.z_document(till, report)
    return receipts.as_copy(first, 1 + max(map(receipts.copy_number, printed), default=0))


def print_test(printer: PrinterConfig, register: str, actor: Actor, at: datetime, request: Request) -> str:
    """Print the test page of a printer as one of its registers' papers; return the job's id.

    The drawer that hangs on it opens with the page, which says so. Raises Replayed.
    """
    actor.need(Right.MANAGE)
    till = tills.enter(register, request)
    drawer = _has_drawer(printer, till) and (till.shift is None or till.shift.status == "open")
    page = sample_page(printer.name, printer.paper, record=printer.model.name, drawer=drawer)
    act = Act(till.book, "printer_tested", actor, at, request)
    if drawer:
        _open_drawer(till, act, request)
    act.finish()
    return printing.add_job(till, "test", page, title=printer.name)


def test_drawer(printer: PrinterConfig, actor: Actor, at: datetime, request: Request) -> None:
    """Open the drawer that hangs on a printer, to see whether it does. Raises Replayed, no_drawer."""
    actor.need(Right.MANAGE)
    if not printer.drawer_register:
        raise PosError("no_drawer", N_("No drawer hangs on this printer."))
    till = tills.enter(printer.drawer_register, request)
    if not _has_drawer(printer, till):
        raise PosError("no_drawer", N_("No drawer hangs on this printer."))
    tills.refuse_counted(till)
    act = Act(till.book, "printer_tested", actor, at, request)
    _open_drawer(till, act, request)
    act.finish()


def _has_drawer(printer: PrinterConfig, till: Till) -> bool:
    return printer.drawer_register == till.code and till.kind != "kiosk"


def _open_drawer(till: Till, act: Act, request: Request) -> None:
    """Open a drawer for a test: a shift that is open counts it with the others opened without a sale."""
    if till.shift is not None:
        row = cash.cash_event(act, till.shift.id, "no_sale", 0, request.id, "Uji printer")
        act.insert(cash.CASH, [row])
    printing.add_drawer(till)
