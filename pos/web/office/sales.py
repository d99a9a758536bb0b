"""Sales: a day's list, and one sale with its receipt."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity, machine
from pos.errors import N_, NotFound
from pos.operations import printing
from pos.operations.actor import Actor
from pos.queries import journal, office
from pos.queries.outlets import desks
from pos.queries.print_jobs import receipt_of
from pos.queries.sales import sale_view
from pos.queries.sales_list import STATES, page_of_sales
from pos.queries.shifts import Report
from pos.web.office import lists, show, words
from pos.web.office.form import Form
from printers.layout import Paper
from printers.render import to_text

bp = Blueprint("sales", __name__, url_prefix="/sales")

PAGE = 50
MOST_DAYS = 92
"""So many business days are listed at once."""


def methods(sale: Report) -> str:
    """Return how a sale was paid, in words."""
    return ", ".join(
        words.word(name, "method") for name in dict.fromkeys(t["method"] for t in sale["tenders"])
    )


COLUMNS: tuple[lists.Column[Report], ...] = (
    (N_("Number"), lambda sale: sale["number"]),
    (N_("Business date"), lambda sale: date.fromisoformat(sale["business_date"])),
    (N_("Time"), lambda sale: show.at(sale["completed_at"] or sale["created_at"])),
    (N_("Register"), lambda sale: sale["register"]),
    (N_("Cashier"), lambda sale: sale["cashier"]),
    (N_("Pieces"), lambda sale: sum(line["quantity"] for line in sale["lines"])),
    (N_("Goods"), lambda sale: ", ".join(f"{line['quantity']} {line['sku']}" for line in sale["lines"])),
    (N_("Discount"), lambda sale: sale["discount"] + sum(line["discount"] for line in sale["lines"])),
    (N_("Total"), lambda sale: sale["total"]),
    (N_("Paid by"), methods),
    (N_("Given back"), lambda sale: sale["refunded"]),
    (N_("State"), lambda sale: words.word(sale["status"], "sale")),
)


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
    until = min(max(on, day_argument("to") or on), on + timedelta(days=MOST_DAYS - 1))
    register = actor.register or lists.asked("register") or None
    status = lists.asked("status", STATES)

    def fetch(cursor: str | None, limit: int) -> tuple[list[Report], str | None]:
        return page_of_sales(
            register, on, cursor, limit, status=status or None, until=until, query=lists.typed()
        )

    if lists.file_asked():
        return lists.send(N_("Sales"), COLUMNS, fetch)
    sales, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/sales/list.html",
        sales=sales,
        cursor=cursor,
        on=on,
        until=until,
        register=register or "",
        status=status,
        statuses=[(state, words.word(state, "sale")) for state in STATES],
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
    settings = machine.settings()
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
