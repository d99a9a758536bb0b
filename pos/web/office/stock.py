"""Stock: what lies where, goods in, corrections, and each product's movements like a bank statement."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import receiving, write_offs
from pos.operations.journal import Request
from pos.queries import catalogue, lots, outlets
from pos.queries import products as queries
from pos.schemas.base import MAX_QUANTITY
from pos.schemas.stock import AdjustmentIn, StockReceiptIn
from pos.web.office import show, words
from pos.web.office.form import Form, by_row

bp = Blueprint("stock", __name__, url_prefix="/stock")

PAGE = 50
ROWS = 6
MOST_ROWS = 60

Line: TypeAlias = dict[str, Any]


@bp.get("/")
def index() -> str:
    """What lies where, by location and lot."""
    identity.need(Right.SEE_STOCK)
    shelves = outlets.shelves()
    location = next((s.code for s in shelves if s.code == request.args.get("location")), None)
    items = queries.stock(location, show.local_day())
    for item in items:
        item["lots"] = [lot for lot in item["lots"] if lot["on_hand"] or lot["reserved"]]
    return render_template(
        "office/stock/list.html",
        items=items,
        shelves=shelves,
        location=location or "",
        today=show.local_day().isoformat(),
    )


@bp.get("/expiring")
def expiring() -> str:
    """Lots that are expired, or will be soon."""
    identity.need(Right.SEE_STOCK)
    days = request.args.get("days", "")
    span = min(int(days), 366) if days.isdecimal() else 30
    today = show.local_day()
    return render_template(
        "office/stock/expiring.html",
        lots=lots.expiring(today + timedelta(days=span)),
        days=span,
        today=today,
    )


@bp.get("/movements/<path:sku>")
def movements(sku: str) -> str:
    """A product's movements at one location, newest first, with the balance after each."""
    identity.need(Right.SEE_STOCK)
    product = catalogue.item(sku)
    shelves = outlets.shelves()
    asked = request.args.get("location")
    location = next((shelf for shelf in shelves if shelf.code == asked), shelves[0])
    try:
        lines, cursor = lots.statement(sku, location.code, request.args.get("before"), PAGE)
    except ValueError:
        lines, cursor = lots.statement(sku, location.code, None, PAGE)
    return render_template(
        "office/stock/movements.html",
        product=product,
        location=location,
        shelves=shelves,
        lines=lines,
        cursor=cursor,
    )


def _fresh() -> Form:
    first = outlets.shelves()[0].code
    return Form({"location": request.args.get("location", first), "lines.0.sku": request.args.get("sku", "")})


def _page(template: str, form: Form) -> str:
    rows = min(MOST_ROWS, max(ROWS, _rows(form)))
    return render_template(
        template,
        form=form,
        rows=rows,
        products=catalogue.choices(),
        shelves=[(shelf.code, f"{shelf.name} ({shelf.code})") for shelf in outlets.shelves()],
        reasons=[(reason, gettext(text)) for reason, text in words.ADJUSTMENT.items()],
    )


def _rows(form: Form) -> int:
    sent = form.value("rows")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0


def _more(form: Form, template: str) -> str:
    form.data["rows"] = str(min(MOST_ROWS, max(ROWS, _rows(form)) + ROWS))
    return _page(template, form)


def _lines(form: Form, read: Callable[[int], Line]) -> tuple[list[Line], list[int]]:
    """Return the lines that name a product, and which row of the form each is."""
    lines, rows = [], []
    for n in range(min(MOST_ROWS, max(ROWS, _rows(form)))):
        if form.value(f"lines.{n}.sku"):
            lines.append({"sku": form.value(f"lines.{n}.sku"), **read(n)})
            rows.append(n)
        elif any(form.value(f"lines.{n}.{name}").strip() for name in ("quantity", "lot", "expires_on")):
            form.wrong(f"lines.{n}.sku", N_("Choose a product."))
    if not lines and not form.errors:
        form.wrong("lines.0.sku", N_("Choose a product."))
    return lines, rows


@bp.get("/receive")
def receive() -> str:
    """The form for goods that came in."""
    identity.need(Right.STOCK_PAPERS)
    return _page("office/stock/receive.html", _fresh())


@bp.post("/receive")
def do_receive() -> Response | tuple[str, int] | str:
    """Take goods in."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    if form.ticked("more"):
        return _more(form, "office/stock/receive.html")

    def line(n: int) -> Line:
        cost = form.rupiah(f"lines.{n}.unit_cost", required=False)
        return {
            "quantity": form.whole(f"lines.{n}.quantity", 1, MAX_QUANTITY),
            "lot": form.text(f"lines.{n}.lot"),
            "expires_on": form.day(f"lines.{n}.expires_on"),
            "unit_cost": cost,
        }

    lines, rows = _lines(form, line)
    location, note = form.text("location", required=True), form.text("note")

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "location": location, "lines": lines, "note": note}
        receiving.receive(StockReceiptIn.model_validate(paper), actor, at, key)

    if form.carry_out(work, by_row(rows)):
        flash(gettext("The goods are in stock."))
        return redirect(url_for("office.stock.index", location=location))
    return _page("office/stock/receive.html", form), form.status


@bp.get("/adjust")
def adjust() -> str:
    """The form to correct the stock, with a reason."""
    identity.need(Right.STOCK_PAPERS)
    return _page("office/stock/adjust.html", _fresh())


@bp.post("/adjust")
def do_adjust() -> Response | tuple[str, int] | str:
    """Correct the stock."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    if form.ticked("more"):
        return _more(form, "office/stock/adjust.html")

    def line(n: int) -> Line:
        lot = form.text(f"lines.{n}.lot")
        pieces = form.whole(f"lines.{n}.quantity", -MAX_QUANTITY, MAX_QUANTITY)
        if pieces == 0:
            form.wrong(f"lines.{n}.quantity", N_("Type by how much, not 0."))
        return {"quantity": pieces, "lot": lot or None}

    lines, rows = _lines(form, line)
    location, note = form.text("location", required=True), form.text("note")
    reason = form.choice("reason", words.ADJUSTMENT)

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "location": location, "reason": reason, "lines": lines, "note": note}
        write_offs.adjust(AdjustmentIn.model_validate(paper), actor, at, key)

    if form.carry_out(work, by_row(rows)):
        flash(gettext("The stock is corrected."))
        return redirect(url_for("office.stock.index", location=location))
    return _page("office/stock/adjust.html", form), form.status
