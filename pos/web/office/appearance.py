"""How receipts look: the words above and below, the logo and what is shown, with a preview before saving."""

import base64
import hashlib
from datetime import datetime

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from pos.domain.rights import Right
from pos.domain.shop import LENGTHS, LINES, Shop
from pos.doors import identity
from pos.errors import N_, PosError
from pos.operations import catalogue
from pos.operations.journal import Request
from pos.operations.papers_appearance import LOGO_FILE, Preview, fit_logo, preview
from pos.queries.shop import shop
from pos.web.office.form import Form
from printers.layout import Paper

bp = Blueprint("appearance", __name__, url_prefix="/settings/receipt")

SWITCHES = {
    "receipt_show_address": N_("Address of the outlet"),
    "receipt_show_cashier": N_("Name of the cashier"),
    "receipt_show_unit_prices": N_("Unit prices"),
    "receipt_show_discounts": N_("Discounts of lines"),
    "receipt_show_barcodes": N_("Barcodes of products"),
    "receipt_show_link": N_("QR code of the digital receipt, where the machine has a public address"),
}
TEXTS = ("receipt_header", "receipt_footer")
WIDTHS = (32, 48)
EXAMPLE_LINK = "https://toko.example/r/K1-000123.abcdefghijklmnop"


@bp.get("/")
def index() -> str:
    """The form, and the receipt as it comes out now."""
    identity.need(Right.MANAGE)
    here = shop()
    names = (*TEXTS, "receipt_logo", *SWITCHES)
    return _page(Form({name: getattr(here, name) for name in names}))


def _page(form: Form) -> str:
    shown = _previews(form) if form.status < 400 else {}
    return render_template(
        "office/receipt.html",
        form=form,
        switches=[(name, gettext(text)) for name, text in SWITCHES.items()],
        lengths=LENGTHS,
        lines=LINES,
        logo=_picture(form.value("receipt_logo")),
        pictures={columns: _address(shown[columns].png) if columns in shown else "" for columns in WIDTHS},
        texts={columns: found.text for columns, found in shown.items()},
    )


def _picture(text: str) -> str:
    return f"data:image/png;base64,{text}" if text.isascii() and text else ""


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _read(form: Form) -> dict[str, object]:
    """Return the settings that the form describes; a chosen file becomes the logo the form carries on."""
    file = request.files.get("logo")
    data = file.read(LOGO_FILE + 1) if file is not None else b""
    if file is not None:
        file.close()
    form.attached = hashlib.sha256(data).hexdigest() if data else ""
    if form.ticked("no_logo"):
        form.data["receipt_logo"] = ""
        form.data.poplist("no_logo")
    elif data:
        try:
            form.data["receipt_logo"] = fit_logo(data)
        except PosError as error:
            form.refuse(error, _field)
    values: dict[str, object] = {name: _text(form.value(name)) for name in TEXTS}
    return (
        values | {"receipt_logo": form.value("receipt_logo")} | {name: form.ticked(name) for name in SWITCHES}
    )


def _text(typed: str) -> str:
    """Return lines as the settings keep them: without the space that a browser or a person left around."""
    return "\n".join(line.strip() for line in typed.replace("\r\n", "\n").split("\n")).strip()


def _field(loc: str) -> str:
    return "logo" if loc == "receipt_logo" else loc


def _previews(form: Form) -> dict[int, Preview]:
    values: dict[str, object] = {name: _text(form.value(name)) for name in TEXTS}
    values |= {"receipt_logo": form.value("receipt_logo")}
    values |= {name: form.ticked(name) for name in SWITCHES}
    link = EXAMPLE_LINK if values["receipt_show_link"] else ""
    try:
        here: Shop = shop()
        return {columns: preview(values, here, Paper.of(columns), link=link) for columns in WIDTHS}
    except PosError as error:
        form.refuse(error, _field)
        return {}


@bp.post("/preview")
def look() -> Response | tuple[Response, int] | tuple[str, int]:
    """The receipt for what stands in the form; nothing is saved. A script gets the pictures alone."""
    identity.need(Right.MANAGE)
    request.max_content_length = LOGO_FILE + 64 * 1024
    form = Form.sent()
    _read(form)
    shown = _previews(form) if form.status < 400 else {}
    if "application/json" not in request.headers.get("Accept", ""):
        return _page(form), form.status
    if not shown:
        return jsonify({"errors": form.errors}), form.status
    return jsonify(
        {
            "pictures": {str(columns): _address(found.png) for columns, found in shown.items()},
            "texts": {str(columns): found.text for columns, found in shown.items()},
        }
    )


@bp.post("/")
def change() -> BaseResponse | tuple[str, int]:
    """Save how receipts look; it holds from the next sale on."""
    actor = identity.need(Right.MANAGE)
    request.max_content_length = LOGO_FILE + 64 * 1024
    form = Form.sent()
    values = _read(form)

    def work(key: Request, at: datetime) -> None:
        now = shop()
        changed = {name: value for name, value in values.items() if getattr(now, name) != value}
        if changed:
            catalogue.change_settings(changed, actor, at, key)

    if form.carry_out(work, _field):
        flash(gettext("Saved. Receipts look like this from the next sale on."))
        return redirect(url_for("office.appearance.index"))
    return _page(form), form.status
