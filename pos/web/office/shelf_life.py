"""Dates and lots: what to sell today, what is expired and written off, and where a lot went."""

from datetime import date, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import write_offs
from pos.operations.journal import Request
from pos.queries import lots, stock_lots
from pos.queries.searching import has_words
from pos.schemas.stock import AdjustmentIn
from pos.web.office import lists, show, words
from pos.web.office.form import Form
from pos.web.office.tables import list_file

bp = Blueprint("shelf_life", __name__, url_prefix="/stock")

SOON = 7
"""Days before its date that a lot is warned of."""


def _span() -> int:
    days = request.args.get("days", "")
    return min(int(days), 366) if days.isascii() and days.isdigit() and len(days) < 5 else SOON


def groups(found: list[lots.Expiring], today: date) -> dict[str, list[lots.Expiring]]:
    """Return lots by what is to be done: written off, sold today, watched."""
    return {
        "expired": [lot for lot in found if lot.expires_on < today],
        "today": [lot for lot in found if lot.expires_on == today],
        "soon": [lot for lot in found if lot.expires_on > today],
    }


def _fitting(days: int, today: date) -> list[lots.Expiring]:
    found = lots.expiring(today + timedelta(days=days))
    return [lot for lot in found if has_words(lists.typed(), lot.name, lot.sku, lot.lot, lot.location)]


@bp.get("/expiring")
def expiring() -> Response | str:
    """Lots that are expired, must be sold today, or will expire soon."""
    identity.need(Right.SEE_STOCK)
    if lists.file_asked():
        return lists.send(N_("Best-before dates"), COLUMNS, lists.whole(_fitting(_span(), show.local_day())))
    return _page(Form(), _span())


def _state(lot: lots.Expiring, today: date) -> str:
    name = next(name for name, those in groups([lot], today).items() if those)
    names = {"expired": N_("expired"), "today": N_("Sell today"), "soon": N_("Expires soon")}
    return str(gettext(names[name]))


COLUMNS: tuple[lists.Column[lots.Expiring], ...] = (
    (N_("State"), lambda lot: _state(lot, show.local_day())),
    (N_("SKU"), lambda lot: lot.sku),
    (N_("Product"), lambda lot: lot.name),
    (N_("Location"), lambda lot: lot.location),
    (N_("Lot"), lambda lot: lot.lot),
    (N_("Best before"), lambda lot: lot.expires_on),
    (N_("In stock"), lambda lot: lot.on_hand),
)


def _page(form: Form, days: int) -> str:
    today = show.local_day()
    found = groups(_fitting(days, today), today)
    return render_template(
        "office/stock/expiring.html", found=found, form=form, days=days, today=today, soon=SOON
    )


@bp.post("/expiring")
def write_off() -> Response | tuple[str, int]:
    """Write off the expired lots that are ticked, all that is not set aside, as damaged goods."""
    actor = identity.need(Right.STOCK_PAPERS)
    form, today = Form.sent(), show.local_day()
    ticked = set(form.values("lot"))
    gone = [lot for lot in lots.expiring(today - timedelta(days=1)) if key_of(lot) in ticked and lot.free > 0]
    places = {lot.location for lot in gone}
    if not gone:
        form.wrong("lot", N_("Choose what is written off."))
    if len(places) > 1:
        form.wrong("lot", N_("One location at a time."))
    if form.errors:
        form.message = next(iter(form.errors.values()))

    def work(key: Request, at: datetime) -> None:
        lines = [{"sku": lot.sku, "quantity": -lot.free, "lot": lot.lot} for lot in gone]
        paper = {"id": key.id, "location": places.pop(), "reason": "waste", "lines": lines}
        paper["note"] = form.text("note") or gettext("Expired")
        write_offs.adjust(AdjustmentIn.model_validate(paper), actor, at, key)

    if form.carry_out(work):
        flash(gettext("The expired goods are written off."))
        return redirect(url_for("office.stock.paper", paper_id=form.id))
    return _page(form, SOON), form.status


def key_of(lot: lots.Expiring) -> str:
    """Return the name of a lot at a location, as the tick of its row carries it."""
    return f"{lot.location}~{lot.sku}~{lot.lot}"


bp.add_app_template_global(key_of, "lot_key")


@bp.get("/lot/<path:sku>")
def lot(sku: str) -> Response | str:
    """A lot: its dates, where it lies, which receipts held it."""
    identity.need(Right.SEE_STOCK)
    view = stock_lots.lot_view(sku, request.args.get("lot", ""))
    held = stock_lots.held_by(view["product_id"], view["id"])
    if lists.file_asked():
        return _lot_file(view, held)
    return render_template(
        "office/stock/lot.html",
        lot=view,
        held=held[:500],
        more=max(0, len(held) - 500),
        sold=sum(item["quantity"] for item in held),
        receipts=len({item["sale"] for item in held if item["reason"] == "sale"}),
        today=show.local_day().isoformat(),
    )


def _lot_file(view: stock_lots.View, held: list[stock_lots.View]) -> Response:
    """The receipts that held a lot, and where the rest of it lies."""
    rows: list[tuple[object, ...]] = [
        (
            words.word(item["reason"], "movement"),
            item["number"],
            show.at(item["at"]),
            item["register"] or item["partner"],
            item["quantity"],
        )
        for item in held
    ]
    rows += [(gettext("In stock"), place["location"], "", "", place["on_hand"]) for place in view["places"]]
    rows += [
        (gettext("On the way"), way["to"], show.at(way["sent_at"]), "", way["quantity"])
        for way in view["in_transit"]
    ]
    head = (N_("What"), N_("Number or location"), N_("When"), N_("Register or partner"), N_("Pieces"))
    return list_file(N_("Lot"), head, rows)
