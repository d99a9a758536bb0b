"""Labels of a product or of one of its lots: on a register's receipt printer, or on sheets of A4 as a PDF."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from pydantic import ValidationError as PydanticError
from werkzeug.wrappers import Response as BaseResponse

from pos.domain.rights import Right
from pos.doors import identity, problems
from pos.doors.machine import settings
from pos.errors import N_, PosError
from pos.operations import labels
from pos.queries import catalogue, lots, outlets
from pos.schemas.papers import MAX_COPIES, LabelSheetIn, LabelStripIn
from pos.web.office import show
from pos.web.office.form import Form
from pos.web.office.tables import attachment
from printers.sheet import FORMATS

bp = Blueprint("labels", __name__, url_prefix="/labels")

SHELF = "-"
"""Stands for a label of the shelf in the select of lots; a lot's own code comes after a "="."""
CODES = {"barcode": N_("Barcode, which the till scans"), "qr": N_("QR with product, lot and date")}
SHEETS = {
    "3x8": N_("24 labels of 70 × 37 mm"),
    "5x13": N_("65 labels of 38.1 × 21.2 mm"),
}


@bp.get("/<path:sku>")
def index(sku: str) -> str:
    """The form: which label, how many, and on what."""
    identity.need(Right.SEE_STOCK)
    what = f"={request.args['lot']}" if "lot" in request.args else SHELF
    start = {"what": what, "copies": 1, "code": "barcode", "sheet": "3x8", "first": 1}
    return _page(catalogue.item(sku), Form(start))


def _page(found: catalogue.Item, form: Form) -> str:
    actor = identity.actor()
    known = lots.of_product(found.id)
    whats = [(SHELF, gettext("For the shelf: name and price"))]
    for code, expires_on in known:
        name = gettext("Lot %(lot)s", lot=code) if code else gettext("Lot without a code")
        dated = f" · {gettext('best before %(date)s', date=show.day(expires_on))}" if expires_on else ""
        whats.append((f"={code}", f"{name}{dated}"))
    return render_template(
        "office/labels.html",
        product=found,
        form=form,
        whats=whats,
        codes=[(code, gettext(text)) for code, text in CODES.items()],
        sheets=[(sheet, gettext(text)) for sheet, text in SHEETS.items()],
        registers=[
            (desk.code, _register(desk.code, desk.name))
            for desk in outlets.desks()
            if desk.active and actor.register in (None, desk.code)
        ],
        most=MAX_COPIES,
        places=max(sheet.labels for sheet in FORMATS.values()),
    )


def _register(code: str, name: str) -> str:
    printer = settings().printer_of(code)
    if printer is None:
        return f"{code} · {name}"
    width = "58 mm" if printer.paper.dots <= 384 else "80 mm"
    return f"{code} · {printer.name}, {width}"


def _order(form: Form, sku: str) -> dict[str, Any]:
    what = form.value("what")
    item: dict[str, Any] = {"sku": sku, "copies": form.whole("copies", 1, MAX_COPIES) or 1}
    if what.startswith("="):
        item["lot"] = what[1:]
    return {
        "kind": "lot" if what.startswith("=") else "shelf",
        "items": [item],
        "code": form.choice("code", CODES),
    }


def _field(loc: str) -> str:
    last = loc.rpartition(".")[2]
    return {"sku": "what", "lot": "what", "items": "copies"}.get(last, last)


@bp.post("/<path:sku>")
def print_at_register(sku: str) -> BaseResponse | tuple[str, int]:
    """Put the labels into the spool of a register's printer."""
    actor = identity.need(Right.REPRINT)
    found, form = catalogue.item(sku), Form.sent()
    register = form.choice("register", [desk.code for desk in outlets.desks() if desk.active])
    order = _order(form, sku)

    def work(key: Any, at: Any) -> None:
        asked = LabelStripIn.model_validate({**order, "id": key.id, "register": register})
        labels.print_labels(asked, actor, at, key)

    if form.carry_out(work, _field):
        flash(gettext("Labels are being printed at %(register)s.", register=register))
        return redirect(url_for("office.labels.index", sku=sku, lot=order["items"][0].get("lot")))
    return _page(found, form), form.status


@bp.get("/sheet/<path:sku>")
def sheet(sku: str) -> Response | tuple[str, int]:
    """The labels on sheets of A4, to be saved and printed on any printer."""
    actor = identity.need(Right.SEE_STOCK)
    found = catalogue.item(sku)
    form = Form({name: request.args.get(name, "") for name in ("what", "copies", "code", "sheet", "first")})
    order = _order(form, sku) | {
        "sheet": form.choice("sheet", SHEETS),
        "first": form.whole("first", 1, 65) or 1,
    }
    if not form.errors:
        try:
            data = labels.sheet(LabelSheetIn.model_validate(order), actor, show.local_day())
        except PydanticError as error:
            form.refuse(problems.from_pydantic(error), _field)
        except PosError as error:
            form.refuse(error, _field)
        else:
            return attachment(data, "application/pdf", f"label-{show.local_day()}.pdf")
    return _page(found, form), form.status
