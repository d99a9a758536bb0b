"""Transfers: goods sent from one of our locations to another, and received there short or over."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import transfers as operations
from pos.operations.journal import Request
from pos.queries import catalogue
from pos.queries import stock_transfers as queries
from pos.queries.partners import delivery_of
from pos.schemas.base import MAX_QUANTITY
from pos.schemas.stock import TransferArrivalIn, TransferIn, TransferPrintIn
from pos.web.office import lists, stock_forms, words
from pos.web.office import show as office_show
from pos.web.office.form import Form, by_row
from pos.web.office.stock_forms import Line

bp = Blueprint("transfers", __name__, url_prefix="/stock/transfers")

PAGE = 50
COLUMNS: tuple[lists.Column[queries.View], ...] = (
    (N_("Sent"), lambda one: office_show.at(one["sent_at"])),
    (N_("Sent by"), lambda one: one["sent_by"]),
    (N_("From"), lambda one: one["from_name"]),
    (N_("To"), lambda one: one["to_name"]),
    (N_("Pieces"), lambda one: one["pieces"]),
    (N_("State"), lambda one: words.word(one["status"], "transfer")),
    (N_("Received"), lambda one: office_show.at(one["received_at"]) if one["received_at"] else ""),
    (N_("Received by"), lambda one: one["received_by"] or ""),
    (N_("Pieces received"), lambda one: one["received"] if one["received_at"] else None),
    (N_("Reason"), lambda one: one["reason"]),
    (N_("Note"), lambda one: one["note"]),
)
NEW = "office/stock/transfer_new.html"


@bp.get("/")
def index() -> Response | str:
    """Transfers, the newest first: those that are on the way, those that arrived, or all."""
    identity.need(Right.SEE_STOCK)
    status = request.args.get("status", "sent" if queries.waiting() else "all")
    wanted = status if status in ("sent", "received") else None

    def fetch(cursor: str | None, limit: int) -> tuple[list[queries.View], str | None]:
        return queries.transfers(wanted, cursor, limit, lists.typed())

    if lists.file_asked():
        return lists.send(N_("Transfers"), COLUMNS, fetch)
    items, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/stock/transfers.html",
        items=items,
        cursor=cursor,
        status=wanted or "all",
        here_tab="transfers",
    )


@bp.get("/new")
def new() -> str:
    """The form to send goods."""
    identity.need(Right.STOCK_PAPERS)
    return stock_forms.page(NEW, stock_forms.fresh())


@bp.post("/new")
def send() -> Response | tuple[str, int] | str:
    """Send goods to another location."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    if form.ticked("more"):
        return stock_forms.more(form, NEW)

    def line(n: int) -> Line:
        return {
            "quantity": form.whole(f"lines.{n}.quantity", 1, MAX_QUANTITY),
            "lot": form.text(f"lines.{n}.lot") or None,
        }

    lines, rows = stock_forms.lines(form, line)
    paper = {"from": form.text("from", required=True), "to": form.text("to", required=True)}
    paper["note"] = form.text("note")

    def work(key: Request, at: datetime) -> None:
        body = TransferIn.model_validate({**paper, "id": key.id, "lines": lines})
        operations.send(body, actor, at, key)

    if form.carry_out(work, by_row(rows)):
        flash(gettext("The goods are on their way. Whoever receives them counts them in."))
        return redirect(url_for("office.transfers.show", transfer_id=form.id))
    return stock_forms.page(NEW, form), form.status


@bp.get("/<uuid:transfer_id>")
def show(transfer_id: object) -> str:
    """One transfer: its lots, and the form to receive it while it is on the way."""
    identity.need(Right.SEE_STOCK)
    return _page(str(transfer_id), Form())


def _page(transfer_id: str, form: Form) -> str:
    view = queries.transfer_view(transfer_id)
    return render_template(
        "office/stock/transfer.html",
        transfer=view,
        delivery=delivery_of(transfer_id),
        form=form,
        print_form=Form(),
        products=catalogue.choices() if view["status"] == "sent" else [],
        registers=stock_forms.registers(identity.actor().register),
    )


@bp.post("/<uuid:transfer_id>/receive")
def receive(transfer_id: object) -> Response | tuple[str, int]:
    """Count in what arrived. A difference is said why."""
    actor = identity.need(Right.STOCK_PAPERS)
    form, found = Form.sent(), str(transfer_id)
    sent = queries.transfer_view(found)["lines"]
    lines: list[Line] = []
    differs = False
    for n, line in enumerate(sent):
        pieces = form.whole(f"lines.{n}.quantity", 0, MAX_QUANTITY)
        differs = differs or pieces != line["sent"]
        lines.append({"sku": line["sku"], "lot": line["lot"], "quantity": pieces})
    if form.value("extra.sku"):
        pieces = form.whole("extra.quantity", 1, MAX_QUANTITY)
        lines.append({"sku": form.value("extra.sku"), "lot": form.text("extra.lot"), "quantity": pieces})
        differs = True
    reason = form.text("reason")
    if differs and not reason and not form.errors:
        form.wrong("reason", N_("Less or more arrived than had left. Say why."))

    def work(key: Request, at: datetime) -> None:
        body = TransferArrivalIn.model_validate({"id": key.id, "lines": lines, "reason": reason})
        operations.receive(found, body, actor, at, key)

    def rename(loc: str) -> str:
        return loc.replace(f"lines.{len(sent)}.", "extra.")

    if form.carry_out(work, rename):
        flash(gettext("The goods are in stock."))
        return redirect(url_for("office.transfers.show", transfer_id=found))
    return _page(found, form), form.status


@bp.post("/<uuid:transfer_id>/print")
def print_slip(transfer_id: object) -> Response | tuple[str, int]:
    """Put the slip into the spool of a register's printer."""
    actor = identity.need(Right.REPRINT)
    form, found = Form.sent(), str(transfer_id)

    def order(paper: TransferPrintIn, at: datetime, key: Request) -> None:
        operations.print_slip(found, paper, actor, at, key)

    if stock_forms.printed(form, actor, order):
        return redirect(url_for("office.transfers.show", transfer_id=found))
    return _page(found, Form()), form.status
