"""Stock: what lies where, goods in, corrections, and each product's movements like a bank statement."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import labels, receiving, write_offs
from pos.operations.journal import Request
from pos.queries import catalogue, lots, outlets
from pos.queries import products as queries
from pos.queries import stock as ledger
from pos.queries import stock_supply as supply
from pos.queries.products import View
from pos.schemas.base import MAX_QUANTITY
from pos.schemas.papers import MAX_COPIES, LabelStripIn
from pos.schemas.stock import AdjustmentIn, StockReceiptIn
from pos.web.office import lists, show, stock_forms, words
from pos.web.office.form import Form, by_row
from pos.web.office.labels import CODES
from pos.web.office.stock_forms import Line

bp = Blueprint("stock", __name__, url_prefix="/stock")

PAGE = 50
LOTS: tuple[lists.Column[View], ...] = (
    (N_("SKU"), lambda lot: lot["sku"]),
    (N_("Product"), lambda lot: lot["name"]),
    (N_("Location"), lambda lot: lot["location"]),
    (N_("Lot"), lambda lot: lot["lot"]),
    (N_("Best before"), lambda lot: lot["expires_on"]),
    (N_("In stock"), lambda lot: lot["on_hand"]),
    (N_("Set aside"), lambda lot: lot["reserved"]),
)
MOVED: tuple[lists.Column[lots.StatementLine], ...] = (
    (N_("When"), lambda one: show.at(one.at)),
    (N_("What"), lambda one: words.word(one.reason, "movement")),
    (N_("Lot"), lambda one: one.lot),
    (N_("In or out"), lambda one: one.change),
    (N_("Balance"), lambda one: one.balance),
    (N_("Note"), lambda one: one.note),
)
PAPERS: tuple[lists.Column[View], ...] = (
    (N_("When"), lambda paper: show.at(paper["at"])),
    (N_("Reason"), lambda paper: words.word(paper["reason"], "movement")),
    (N_("Location"), lambda paper: paper["location"]),
    (N_("Note"), lambda paper: paper["note"]),
    (N_("Who"), lambda paper: paper["by"]),
)
RECEIVE = "office/stock/receive.html"
ADJUST = "office/stock/adjust.html"


@bp.get("/")
def index() -> Response | str:
    """What lies where, by location and lot."""
    identity.need(Right.SEE_STOCK)
    shelves = outlets.shelves()
    location = lists.asked("location", [shelf.code for shelf in shelves])

    def fetch(cursor: str | None, limit: int) -> tuple[list[View], str | None]:
        return queries.page_of_stock(location or None, lists.typed(), cursor, limit, show.local_day())

    def fetch_lots(cursor: str | None, limit: int) -> tuple[list[View], str | None]:
        items, following = fetch(cursor, limit)
        return [{**item, **lot} for item in items for lot in item["lots"]], following

    if lists.file_asked():
        return lists.send(N_("Stock"), LOTS, fetch_lots)
    items, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/stock/list.html",
        items=items,
        cursor=cursor,
        shelves=shelves,
        location=location,
        today=show.local_day().isoformat(),
    )


@bp.get("/movements/<path:sku>")
def movements(sku: str) -> Response | str:
    """A product's movements at one location, newest first, with the balance after each."""
    identity.need(Right.SEE_STOCK)
    product = catalogue.item(sku)
    shelves = outlets.shelves()
    asked = request.args.get("location")
    location = next((shelf for shelf in shelves if shelf.code == asked), shelves[0])
    since, until = _day("from"), _day("to")
    span = (
        None if since is None else _midnight(since),
        None if until is None else _midnight(until + timedelta(days=1)),
    )

    def fetch(cursor: str | None, limit: int) -> tuple[list[lots.StatementLine], str | None]:
        return lots.statement(sku, location.code, cursor, limit, *span)

    if lists.file_asked():
        return lists.send(N_("Movements"), MOVED, fetch)
    lines, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/stock/movements.html",
        product=product,
        location=location,
        shelves=shelves,
        lines=lines,
        cursor=cursor,
        since=since,
        until=until,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    """Return the first instant of a date at the first outlet."""
    return datetime.combine(day, time(0), ZoneInfo(show.zone())).astimezone(UTC)


@bp.get("/receive")
def receive() -> str:
    """The form for goods that came in."""
    identity.need(Right.STOCK_PAPERS)
    return _receive(stock_forms.fresh())


def _receive(form: Form) -> str:
    return stock_forms.page(RECEIVE, form, sources=supply.source_choices())


@bp.post("/receive")
def do_receive() -> Response | tuple[str, int] | str:
    """Take goods in; then their paper is shown, which prints the labels."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    if form.ticked("more"):
        return stock_forms.more(form, RECEIVE, sources=supply.source_choices())

    def line(n: int) -> Line:
        cost = form.rupiah(f"lines.{n}.unit_cost", required=False)
        return {
            "quantity": form.whole(f"lines.{n}.quantity", 1, MAX_QUANTITY),
            "lot": form.text(f"lines.{n}.lot"),
            "made_on": form.day(f"lines.{n}.made_on"),
            "expires_on": form.day(f"lines.{n}.expires_on"),
            "unit_cost": cost,
        }

    lines, rows = stock_forms.lines(form, line)
    location, note, source = form.text("location", required=True), form.text("note"), form.text("source")

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "location": location, "lines": lines, "note": note, "source": source}
        receiving.receive(StockReceiptIn.model_validate(paper), actor, at, key)

    if form.carry_out(work, by_row(rows)):
        flash(gettext("The goods are in stock."))
        return redirect(url_for("office.stock.paper", paper_id=form.id))
    return _receive(form), form.status


@bp.get("/adjust")
def adjust() -> str:
    """The form to correct the stock, with a reason."""
    identity.need(Right.STOCK_PAPERS)
    return stock_forms.page(ADJUST, stock_forms.fresh())


@bp.post("/adjust")
def do_adjust() -> Response | tuple[str, int] | str:
    """Correct the stock."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    if form.ticked("more"):
        return stock_forms.more(form, ADJUST)

    def line(n: int) -> Line:
        lot = form.text(f"lines.{n}.lot")
        pieces = form.whole(f"lines.{n}.quantity", -MAX_QUANTITY, MAX_QUANTITY)
        if pieces == 0:
            form.wrong(f"lines.{n}.quantity", N_("Type by how much, not 0."))
        return {"quantity": pieces, "lot": lot or None, "expires_on": form.day(f"lines.{n}.expires_on")}

    lines, rows = stock_forms.lines(form, line)
    location, note = form.text("location", required=True), form.text("note")
    reason = form.choice("reason", words.ADJUSTMENT)

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "location": location, "reason": reason, "lines": lines, "note": note}
        write_offs.adjust(AdjustmentIn.model_validate(paper), actor, at, key)

    if form.carry_out(work, by_row(rows)):
        flash(gettext("The stock is corrected."))
        return redirect(url_for("office.stock.paper", paper_id=form.id))
    return stock_forms.page(ADJUST, form), form.status


@bp.get("/papers")
def papers() -> Response | str:
    """Goods in and corrections, the newest first, by reason."""
    identity.need(Right.SEE_STOCK)
    reason = lists.asked("reason", words.MOVEMENT) or None

    def fetch(cursor: str | None, limit: int) -> tuple[list[View], str | None]:
        return ledger.papers(reason, cursor, limit, lists.typed())

    if lists.file_asked():
        return lists.send(N_("Stock papers"), PAPERS, fetch)
    items, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/stock/papers.html",
        items=items,
        cursor=cursor,
        reason=reason or "",
        reasons=[("", gettext("All"))]
        + [(name, gettext(words.MOVEMENT[name])) for name in ("receipt", *words.ADJUSTMENT)],
    )


@bp.get("/papers/<uuid:paper_id>")
def paper(paper_id: object) -> str:
    """One paper with its lots; goods in offer their labels."""
    identity.need(Right.SEE_STOCK)
    view = ledger.paper_view(str(paper_id))
    copies = {f"copies.{n}": min(line["quantity"], MAX_COPIES) for n, line in enumerate(view["lines"])}
    return _paper(view, Form({"code": "barcode", **copies}))


def _paper(view: dict[str, Any], form: Form) -> str:
    registers = stock_forms.registers(identity.actor().register)
    return render_template("office/stock/paper.html", paper=view, form=form, registers=registers)


@bp.post("/papers/<uuid:paper_id>/labels")
def print_labels(paper_id: object) -> Response | tuple[str, int]:
    """Print a label for each piece that came in, at a register's printer."""
    actor = identity.need(Right.REPRINT)
    form, found = Form.sent(), str(paper_id)
    view = ledger.paper_view(found)
    register = form.choice("register", [code for code, _ in stock_forms.registers(actor.register)])
    items: list[Line] = []
    for n, came in enumerate(view["lines"]):
        copies = form.whole(f"copies.{n}", 0, labels.MOST)
        for batch in range(0, copies or 0, MAX_COPIES):
            part = min(MAX_COPIES, (copies or 0) - batch)
            items.append({"sku": came["sku"], "lot": came["lot"], "copies": part})
    if not items and not form.errors:
        form.wrong("copies.0", N_("Type how many labels."))
    order = {"kind": "lot", "items": items, "code": form.choice("code", CODES), "register": register}

    def work(key: Request, at: datetime) -> None:
        labels.print_labels(LabelStripIn.model_validate({**order, "id": key.id}), actor, at, key)

    if form.carry_out(work, lambda _loc: "copies.0"):
        flash(gettext("Labels are being printed at %(register)s.", register=register))
        return redirect(url_for("office.stock.paper", paper_id=found))
    return _paper(view, form), form.status
