"""Receipts on the screen, made from the bytes that the printer got, and reports on paper."""

import logging

from flask import Response

from pos.api.endpoint import Call, View, changes, reads
from pos.api.sales import show_sale
from pos.doors.machine import settings
from pos.operations import papers
from pos.operations.actor import Actor
from pos.queries.print_jobs import receipt_of
from pos.schemas.answers import ReportPrintOut
from pos.schemas.papers import ReportPrintIn
from printers.document import Document
from printers.layout import Paper
from printers.render import to_escpos

log = logging.getLogger("pos")


@reads("/sales/<sale_id>/receipt.txt", "The receipt as text")
def receipt_text(actor: Actor, sale_id: str) -> Response:
    """Return the receipt line for line as it is on paper."""
    data, paper, _ = _receipt(actor, sale_id)
    return as_text(data, paper)


@reads("/sales/<sale_id>/receipt.png", "The receipt as a picture")
def receipt_picture(actor: Actor, sale_id: str) -> Response:
    """Return the receipt as a picture of the paper."""
    data, paper, dots = _receipt(actor, sale_id)
    return as_picture(data, paper, dots)


@reads("/sales/<sale_id>/receipt.bin", "The receipt as ESC/POS bytes")
def receipt_bytes(actor: Actor, sale_id: str) -> Response:
    """Return the exact bytes that the printer gets, without the drawer's pulse."""
    data, _, _ = _receipt(actor, sale_id, as_they_are=True)
    return Response(data, content_type="application/octet-stream")


def _receipt(actor: Actor, sale_id: str, *, as_they_are: bool = False) -> tuple[bytes, Paper, int | None]:
    """Return the receipt's bytes, the paper they are for, and its dots when the bytes were made just now."""
    show_sale(actor, sale_id)
    return on_paper(*receipt_of(sale_id), as_they_are=as_they_are)


def as_text(data: bytes, paper: Paper) -> Response:
    """Answer what a person reads on the paper."""
    from printers.reader import text_of

    return Response(text_of(data, paper), content_type="text/plain; charset=utf-8")


def as_picture(data: bytes, paper: Paper, dots: int | None) -> Response:
    """Answer a picture of the paper, so many dots across."""
    from printers.reader import png_of

    return Response(png_of(data, paper, dots=dots), content_type="image/png")


def on_paper(
    document: Document, payload: bytes | None, register: str, *, as_they_are: bool = False
) -> tuple[bytes, Paper, int | None]:
    """Return a paper's bytes, kept or made now, for its register's printer, and the dots if made now."""
    printer = settings().printer_of(register)
    paper = printer.paper if printer else Paper.of(32)
    if payload is not None and (as_they_are or _readable(payload, paper)):
        return payload, paper, None
    return to_escpos(document, paper), paper, paper.dots


def _readable(payload: bytes, paper: Paper) -> bool:
    from printers.reader import UnreadableError, text_of

    try:
        text_of(payload, paper)
    except UnreadableError as error:
        # Kept by another version, or for a printer that is gone: the document still says the same words.
        log.warning("the kept bytes of a paper can't be read: %s", error)
        return False
    return True


def _show_print(actor: Actor, made: str, shift_id: str) -> View:
    return {"id": made, "shift": shift_id}


@changes(
    "/shifts/<shift_id>/report/print",
    ReportPrintIn,
    _show_print,
    "Print the X report, or a copy of the Z report once the shift is closed",
    ReportPrintOut,
)
def print_report(call: Call, body: ReportPrintIn, shift_id: str) -> None:
    """Print the report as the caller may see it."""
    papers.print_report(shift_id, body.at_register, call.actor, call.at, call.request)
