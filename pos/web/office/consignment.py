"""What goes to a partner and comes back, and their statement: as pages, files and paper."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from pos.domain import workbook
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import consignment, papers_consignment
from pos.operations.journal import Request
from pos.queries import partners as queries
from pos.queries.statement import Statement, statement
from pos.schemas.base import MAX_QUANTITY
from pos.schemas.consignment import ConsignmentReturnIn, DeliveryIn
from pos.schemas.stock import TransferPrintIn
from pos.web.office import show, stock_forms
from pos.web.office.form import Form, by_row
from pos.web.office.stock_forms import Line
from pos.web.office.tables import CSV, XLSX, attachment, csv_text

bp = Blueprint("consignment", __name__, url_prefix="/stock/partners")

DELIVER = "office/partners/deliver.html"
PDF = "application/pdf"
FLOW = ("opening", "delivered", "sold", "returned", "lost", "closing")


@bp.get("/<code>/deliver")
def deliver(code: str) -> str:
    """The form to hand goods to a partner."""
    identity.need(Right.STOCK_PAPERS)
    form = stock_forms.fresh()
    form.data["handed_over"] = "1"
    return _deliver(form, queries.partner(code))


def _deliver(form: Form, found: queries.PartnerView) -> str:
    return stock_forms.page(DELIVER, form, partner=found, ours=_ours(found))


def _ours(found: queries.PartnerView) -> list[tuple[str, str]]:
    """Return our own locations, without those of partners."""
    theirs = {one.code for one in queries.partners()} | {found.code}
    return [(code, text) for code, text in stock_forms.shelf_choices() if code not in theirs]


@bp.post("/<code>/deliver")
def do_deliver(code: str) -> BaseResponse | tuple[str, int] | str:
    """Send goods to a partner, or hand them over at once."""
    actor = identity.need(Right.STOCK_PAPERS)
    found, form = queries.partner(code), Form.sent()
    if form.ticked("more"):
        return stock_forms.more(form, DELIVER, partner=found, ours=_ours(found))

    def line(n: int) -> Line:
        return {
            "quantity": form.whole(f"lines.{n}.quantity", 1, MAX_QUANTITY),
            "lot": form.text(f"lines.{n}.lot") or None,
        }

    lines, rows = stock_forms.lines(form, line)
    paper: dict[str, Any] = {
        "partner": found.code,
        "from": form.text("from", required=True),
        "note": form.text("note"),
        "handed_over": form.ticked("handed_over"),
    }

    def work(key: Request, at: datetime) -> None:
        body = DeliveryIn.model_validate({**paper, "id": key.id, "lines": lines})
        consignment.deliver(body, actor, at, key)

    if form.carry_out(work, by_row(rows)):
        flash(
            gettext("The goods were handed over. Print the delivery note and have it signed.")
            if paper["handed_over"]
            else gettext("The goods are on their way. Say here what was handed over once they are there.")
        )
        return redirect(url_for("office.transfers.show", transfer_id=form.id))
    return _deliver(form, found), form.status


@bp.get("/deliveries/<uuid:transfer_id>.pdf")
def delivery_note(transfer_id: object) -> Response:
    """A delivery note on A4."""
    identity.need(Right.SEE_STOCK)
    view = queries.delivery_view(str(transfer_id))
    return attachment(papers_consignment.delivery_pdf(view, show.zone()), PDF, f"{view['number']}.pdf")


@bp.get("/<code>/return")
def take_back(code: str) -> str:
    """The form for unsold goods: every lot that lies there, how much comes back, how much is spoiled."""
    identity.need(Right.STOCK_PAPERS)
    found = queries.partner(code)
    ours = _ours(found)
    return _take_back(Form({"to": ours[0][0] if ours else ""}), found)


def _take_back(form: Form, found: queries.PartnerView) -> str:
    return render_template(
        "office/partners/return.html",
        form=form,
        partner=found,
        lots=queries.lying_at(found.id),
        ours=_ours(found),
        today=show.local_day().isoformat(),
    )


@bp.post("/<code>/return")
def do_take_back(code: str) -> BaseResponse | tuple[str, int]:
    """Take goods back and write off what is spoiled."""
    actor = identity.need(Right.STOCK_PAPERS)
    found, form = queries.partner(code), Form.sent()
    lines: list[Line] = []
    names: list[str] = []
    for n in range(min(2_000, len(form.values("sku")))):
        sku, lot = form.values("sku")[n], (form.values("lot") + [""] * (n + 1))[n]
        for kind in ("good", "bad"):
            name = f"{kind}.{sku}.{lot}"
            pieces = form.whole(name, 0, MAX_QUANTITY, required=False)
            if pieces:
                spoiled = kind == "bad"
                reason = form.text("reason") if spoiled else ""
                lines.append(
                    {"sku": sku, "lot": lot, "quantity": pieces, "spoiled": spoiled, "reason": reason}
                )
                names.append(name)
    if not lines and not form.errors:
        form.message = gettext("Type how many pieces of a lot come back.")
        form.status = 422
        form.errors["to"] = ""
    paper = {"partner": found.code, "to": form.text("to", required=True), "note": form.text("note")}

    def work(key: Request, at: datetime) -> None:
        body = ConsignmentReturnIn.model_validate({**paper, "id": key.id, "lines": lines})
        consignment.take_back(body, actor, at, key)

    def rename(loc: str) -> str:
        parts = loc.split(".")
        if parts[0] == "lines" and len(parts) > 2 and parts[1].isdigit():
            return "reason" if parts[2] == "reason" else names[int(parts[1])]
        return loc

    if form.carry_out(work, rename):
        flash(gettext("The goods came back."))
        return redirect(url_for("office.consignment.return_note", return_id=form.id))
    return _take_back(form, found), form.status


@bp.get("/returns/<uuid:return_id>")
def return_note(return_id: object) -> str:
    """One return note."""
    identity.need(Right.SEE_STOCK)
    return _return(str(return_id), Form())


def _return(return_id: str, form: Form) -> str:
    return render_template(
        "office/partners/return_note.html",
        note=queries.return_view(return_id),
        form=form,
        registers=stock_forms.registers(identity.actor().register),
    )


@bp.get("/returns/<uuid:return_id>.pdf")
def return_paper(return_id: object) -> Response:
    """A return note on A4."""
    identity.need(Right.SEE_STOCK)
    view = queries.return_view(str(return_id))
    return attachment(papers_consignment.return_pdf(view, show.zone()), PDF, f"{view['number']}.pdf")


@bp.post("/returns/<uuid:return_id>/print")
def print_return(return_id: object) -> BaseResponse | tuple[str, int]:
    """Put a return note into the spool of a register's printer."""
    actor = identity.need(Right.REPRINT)
    form, found = Form.sent(), str(return_id)

    def order(paper: TransferPrintIn, at: datetime, key: Request) -> None:
        papers_consignment.print_return(found, paper, actor, at, key)

    if stock_forms.printed(form, actor, order):
        return redirect(url_for("office.consignment.return_note", return_id=found))
    return _return(found, form), form.status


def _period() -> tuple[date, date]:
    """Return the days that the address names, else those of last month."""
    first = show.local_day().replace(day=1) - timedelta(days=1)
    try:
        from_on = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        from_on = first.replace(day=1)
    try:
        until_on = date.fromisoformat(request.args.get("until", ""))
    except ValueError:
        until_on = max(first, from_on)
    return (from_on, until_on) if from_on <= until_on else (until_on, from_on)


def _statement(code: str) -> Statement:
    identity.need(Right.SEE_REPORTS)
    return statement(queries.partner(code), *_period(), show.zone())


@bp.get("/<code>/statement")
def statement_page(code: str) -> str:
    """A partner's statement of a period."""
    found = _statement(code)
    today = show.local_day()
    last = today.replace(day=1) - timedelta(days=1)
    return render_template(
        "office/partners/statement.html",
        found=found,
        partner=found.partner,
        percent=show.percent,
        months=[
            (gettext("This month"), today.replace(day=1), today),
            (gettext("Last month"), last.replace(day=1), last),
        ],
        number=lambda report: queries.report_head(report)["number"],
    )


HEAD = (
    N_("SKU"),
    N_("Product"),
    N_("Opening"),
    N_("Delivered"),
    N_("Sold there"),
    N_("Returned"),
    N_("Lost"),
    N_("Closing"),
    N_("Agreed price"),
    N_("Value at the end"),
    N_("Gross at the partner"),
    N_("Their commission"),
    N_("They owe us"),
)


def _rows(found: Statement) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [
            line.sku,
            line.name,
            *(getattr(line.flow, name) for name in FLOW),
            line.price,
            line.value,
            line.gross,
            line.commission,
            line.due,
        ]
        for line in found.lines
    ]
    sums = [getattr(found.sums, name) for name in FLOW]
    money = [None, found.value, found.gross, found.commission, found.due]
    return [*rows, [gettext("Total"), "", *sums, *money]]


def _name(found: Statement, suffix: str) -> str:
    return f"{found.partner.code}-{found.from_on}-{found.until_on}.{suffix}"


@bp.get("/<code>/statement.csv")
def statement_csv(code: str) -> Response:
    """The same as CSV."""
    found = _statement(code)
    return attachment(csv_text(HEAD, _rows(found)), CSV, _name(found, "csv"))


@bp.get("/<code>/statement.xlsx")
def statement_workbook(code: str) -> Response:
    """The same as an Excel workbook."""
    found = _statement(code)
    data = workbook.write(found.partner.code, [gettext(text) for text in HEAD], _rows(found))
    return attachment(data, XLSX, _name(found, "xlsx"))


@bp.get("/<code>/statement.pdf")
def statement_paper(code: str) -> Response:
    """The same on A4, to be signed."""
    found = _statement(code)
    return attachment(papers_consignment.statement_pdf(found), PDF, _name(found, "pdf"))
