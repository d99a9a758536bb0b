"""Sales: a day's list, and one sale with its receipt."""

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import NotFound
from pos.operations import printing
from pos.operations.actor import Actor
from pos.queries import journal, office
from pos.queries.outlets import desks
from pos.queries.print_jobs import receipt_of
from pos.queries.sales import page_of_sales, sale_view
from pos.queries.shifts import Report
from pos.settings import Settings
from pos.web.office import show, words
from pos.web.office.form import Form
from printers.layout import Paper
from printers.render import to_text

bp = Blueprint("sales", __name__, url_prefix="/sales")

PAGE = 50
STATUSES = ("completed", "awaiting_payment", "cancelled", "expired")


def day_argument(name: str) -> date | None:
    """Return a date from the address, None when there is none or it is no date."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("/")
def index() -> Response | str:
    """A business day's sales, newest first; a receipt's number leads straight to its sale."""
    actor = identity.need(Right.SEE_SALES)
    number = request.args.get("number", "").strip()
    if number:
        found = office.sale_with_number(number)
        if found is not None and _may_see(actor, sale_view(found)):
            return redirect(url_for("office.sales.sale", sale_id=found))
    on = day_argument("date") or show.today()
    register = actor.register or request.args.get("register") or None
    status = request.args.get("status") or None
    try:
        sales, cursor = page_of_sales(
            register, on, request.args.get("after"), PAGE, status=status if status in STATUSES else None
        )
    except ValueError:
        sales, cursor = page_of_sales(register, on, None, PAGE, status=None)
    return render_template(
        "office/sales/list.html",
        sales=sales,
        cursor=cursor,
        on=on,
        register=register or "",
        status=status or "",
        statuses=[(state, words.word(state, "sale")) for state in STATUSES],
        number=number,
        registers=[
            (desk.code, f"{desk.code} · {desk.name}")
            for desk in desks()
            if actor.register in (None, desk.code)
        ],
    )


def seen_sale(actor: Actor, sale_id: str) -> Report:
    """Return a sale that the actor may see. Raises not_found."""
    view = sale_view(sale_id.lower())
    if not _may_see(actor, view):
        raise NotFound
    return view


def _may_see(actor: Actor, view: Report) -> bool:
    return actor.register in (None, view["register"])


@bp.get("/<sale_id>")
def sale(sale_id: str) -> str:
    """One sale: its lines, how it was paid, what came back, its receipt and its entry."""
    view = seen_sale(identity.need(Right.SEE_SALES), sale_id)
    return render_template(
        "office/sales/sale.html",
        sale=view,
        receipt=_receipt(view),
        entry=office.entry_of_sale(view["id"]),
        entries={
            made["id"]: journal.place_of(made["id"]) for made in (*view["refunds"], *view["corrections"])
        },
        left=sum(pieces_left(view).values()),
        reprint=Form(),
        registers=registers_to_print_at(identity.actor(), view["register"]),
    )


def registers_to_print_at(actor: Actor, own: str) -> list[tuple[str, str]]:
    """Return the registers whose printers may print a copy; the paper's own is among them, retired or not."""
    return [
        (desk.code, f"{desk.code} · {desk.name}")
        for desk in desks()
        if (desk.active or desk.code == own) and actor.register in (None, desk.code)
    ]


def _receipt(view: Report) -> str | None:
    if view["number"] is None:
        return None
    try:
        document, _, register = receipt_of(view["id"])
    except NotFound:
        return None
    settings: Settings = current_app.config["SETTINGS"]
    printer = settings.printer_of(register)
    return to_text(document, printer.paper if printer else Paper.of(32))


def pieces_left(view: Report) -> dict[str, int]:
    """Return how many pieces of each SKU of a sale can still be given back."""
    if view["status"] != "completed":
        return {}
    left: dict[str, int] = {}
    for line in view["lines"]:
        left[line["sku"]] = left.get(line["sku"], 0) + line["quantity"]
    for refund in view["refunds"]:
        for line in refund["lines"]:
            left[line["sku"]] -= line["quantity"]
    return left


@bp.post("/<sale_id>/reprint")
def reprint(sale_id: str) -> Response:
    """Print a copy marked SALINAN at the chosen register's printer, the sale's own when none is named."""
    actor = identity.need(Right.REPRINT)
    view = seen_sale(actor, sale_id)
    form = Form.sent()
    register = form.value("register") or view["register"]
    if form.carry_out(lambda key, at: printing.reprint(view["id"], register, actor, at, key)):
        flash(gettext("A copy is being printed at %(register)s.", register=register))
    else:
        flash(form.message, "danger")
    return redirect(url_for("office.sales.sale", sale_id=view["id"]))
