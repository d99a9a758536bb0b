"""Counting the stock: begin, count by scanning or typing, look at what differs, count again, post."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.ids import new_id
from pos.operations import counts as operations
from pos.operations.journal import Request
from pos.queries import catalogue, till
from pos.queries import stock_counts as queries
from pos.schemas.base import MAX_QUANTITY
from pos.schemas.stock import CountDropIn, CountPostIn, StockCountIn, TallyIn
from pos.web.assets import static_url
from pos.web.office import lists, stock_forms, words
from pos.web.office import show as office_show
from pos.web.office.form import Form
from pos.web.till_words import words as script_words

bp = Blueprint("counts", __name__, url_prefix="/stock/counts")

PAGE = 50
COLUMNS: tuple[lists.Column[queries.View], ...] = (
    (N_("Begun"), lambda one: office_show.at(one["started_at"])),
    (N_("Begun by"), lambda one: one["started_by"]),
    (N_("Location"), lambda one: one["location_name"]),
    (N_("Note"), lambda one: one["note"]),
    (N_("State"), lambda one: words.word(one["status"], "stock_count")),
    (N_("Ended"), lambda one: office_show.at(one["ended_at"]) if one["ended_at"] else ""),
    (N_("Ended by"), lambda one: one["ended_by"] or ""),
)
LINES: tuple[lists.Column[queries.View], ...] = (
    (N_("SKU"), lambda line: line["sku"]),
    (N_("Product"), lambda line: line["name"]),
    (N_("Lot"), lambda line: line["lot"]),
    (N_("Best before"), lambda line: line["expires_on"]),
    (N_("Books at the freeze"), lambda line: line["frozen"]),
    (N_("Books when counted"), lambda line: line["on_books"]),
    (N_("Counted"), lambda line: line["counted"]),
    (N_("Difference"), lambda line: line["difference"]),
)
MOST_AGAIN = 200
CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), serial=()"
"""What the page to count with may do besides: scan with the camera of a phone."""


@bp.after_request
def allow_camera(answer: Response) -> Response:
    """Let the page to count with use the camera; no other page may."""
    if request.endpoint in ("office.counts.show", "office.counts.tally"):
        answer.headers["Permissions-Policy"] = CAMERA
    return answer


@bp.get("/here")
def here() -> Response:
    """Lead to the count that is open where this browser's register sells from; else to all counts."""
    identity.need(Right.COUNT)
    device = identity.current_device()
    shelf = till.shelf_of(device.register.code)[0] if device and device.register else None
    found = queries.open_at(shelf)
    if found is None:
        return redirect(url_for("office.counts.index"))
    return redirect(url_for("office.counts.show", count_id=found))


@bp.get("/")
def index() -> Response | str:
    """Counts, the newest first, and the form to begin one."""
    identity.need(Right.SEE_STOCK)
    if lists.file_asked():
        return lists.send(N_("Counts"), COLUMNS, _fetch)
    return _index(Form({"location": request.args.get("location", "")}))


def _fetch(cursor: str | None, limit: int) -> tuple[list[queries.View], str | None]:
    status = lists.asked("status", words.STOCK_COUNT)
    return queries.counts(cursor, limit, status=status, words=lists.typed())


def _index(form: Form) -> str:
    items, cursor = lists.page(_fetch, PAGE)
    return render_template(
        "office/stock/counts.html",
        items=items,
        cursor=cursor,
        form=form,
        running=queries.counts(None, PAGE, status="open")[0],
        status=lists.asked("status", words.STOCK_COUNT),
        statuses=[("", gettext("All")), *words.options("stock_count")],
        shelves=stock_forms.shelf_choices(),
        at_till=stock_forms.at_till(),
    )


@bp.post("/")
def start() -> Response | tuple[str, int]:
    """Begin a count of a location."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    location, note = form.text("location", required=True), form.text("note")

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "location": location, "note": note, "blind": form.ticked("blind")}
        operations.start(StockCountIn.model_validate(paper), actor, at, key)

    if form.carry_out(work):
        return redirect(url_for("office.counts.show", count_id=form.id))
    return _index(form), form.status


@bp.get("/<uuid:count_id>")
def show(count_id: object) -> str:
    """The page to count with: made for one hand and a scanner."""
    identity.need(Right.SEE_STOCK)
    return _page(str(count_id), Form({"quantity": "1"}))


def _page(count_id: str, form: Form, **more: object) -> str:
    view = queries.count_view(count_id, books=True)
    return render_template(
        "office/stock/count.html",
        sheet=view,
        form=form,
        last=queries.last_tallies(count_id),
        products=catalogue.choices(),
        told=not view["blind"] or view["status"] == "posted",
        boot={"count": count_id, "icons": static_url("img/icons.svg"), "strings": script_words()},
        at_till=stock_forms.at_till(),
        **more,
    )


@bp.post("/<uuid:count_id>")
def tally(count_id: object) -> Response | tuple[str, int]:
    """Take in one scan, or one product with its pieces; several lots are asked about."""
    actor = identity.need(Right.COUNT)
    form, found = Form.sent(), str(count_id)
    code = form.text("code") or form.text("sku")
    known = queries.scanned(code) if code else None
    if known is None:
        form.wrong("code", N_("Nothing is known by this code.") if code else N_("Scan or type a code."))
        return _page(found, form), form.status
    sku, name, lot = known
    if "lot" in form.data:
        lot = form.text("lot")
    quantity = form.whole("quantity", -MAX_QUANTITY, MAX_QUANTITY)
    kind = "set" if form.ticked("whole") else "add"
    line = {"sku": sku, "lot": lot, "quantity": quantity, "kind": kind, "expires_on": form.day("expires_on")}

    def work(key: Request, at: datetime) -> None:
        operations.tally(found, TallyIn.model_validate({"id": key.id, "lines": [line]}), actor, at, key)

    def rename(loc: str) -> str:
        return loc.removeprefix("lines.0.")

    if form.carry_out(work, rename):
        _say(found)
        return redirect(url_for("office.counts.show", count_id=found))
    choice: dict[str, Any] = {}
    if "lot" in form.errors or "expires_on" in form.errors:
        location = queries.count_view(found, books=True)["location"]
        # A form of its own each, so that a second tap on one counts it once.
        lots = [{**lot, "form": new_id()} for lot in queries.lots_here(sku, location)]
        choice = {"sku": sku, "name": name, "lots": lots}
        form.data["quantity"] = form.value("quantity") or "1"
    return _page(found, form, choice=choice), form.status


def _say(count_id: str) -> None:
    """Say what was counted last and how many that makes, so that nobody has to look it up."""
    newest = queries.last_tallies(count_id, 1)[0]
    line = next(
        one
        for one in queries.count_view(count_id, books=True)["lines"]
        if (one["sku"], one["lot"]) == (newest["sku"], newest["lot"])
    )
    flash(
        gettext(
            "%(name)s, lot %(lot)s: %(count)s",
            name=newest["name"],
            lot=newest["lot"] or "–",
            count="–" if line["counted"] is None else office_show.count(line["counted"]),
        )
    )


@bp.get("/<uuid:count_id>/review")
def review(count_id: object) -> Response | str:
    """What differs, what was not counted, what to do about it; as a file: every lot."""
    identity.need(Right.SEE_STOCK)
    if lists.file_asked():
        return lists.send(
            N_("Count"), LINES, lists.whole(queries.count_view(str(count_id), books=True)["lines"])
        )
    return _review(str(count_id), Form({"missing": "leave"}))


def _review(count_id: str, form: Form) -> str:
    view = queries.count_view(count_id, books=True)
    if view["status"] == "open" and view["blind"] and not identity.actor().may(Right.STOCK_PAPERS):
        identity.need(Right.STOCK_PAPERS)
    groups = {
        "differs": [line for line in view["lines"] if line["difference"]],
        "again": [line for line in view["lines"] if line["state"] == "again"],
        "left": [line for line in view["lines"] if line["state"] == "left"],
        "agrees": [line for line in view["lines"] if line["difference"] == 0],
    }
    return render_template("office/stock/count_review.html", sheet=view, groups=groups, form=form)


@bp.post("/<uuid:count_id>/again")
def again(count_id: object) -> Response | tuple[str, int]:
    """Have the lots that are ticked counted anew."""
    actor = identity.need(Right.STOCK_PAPERS)
    form, found = Form.sent(), str(count_id)
    lines = [
        {"sku": line["sku"], "lot": line["lot"], "kind": "again"}
        for line in queries.count_view(found, books=True)["lines"]
        if f"{line['sku']}~{line['lot']}" in form.values("lot")
    ][:MOST_AGAIN]
    if not lines:
        form.wrong("lot", N_("Tick what is counted again."))
        form.message = form.error("lot")

    def work(key: Request, at: datetime) -> None:
        operations.tally(found, TallyIn.model_validate({"id": key.id, "lines": lines}), actor, at, key)

    if form.carry_out(work):
        flash(gettext("To be counted again: %(count)s", count=len(lines)))
        return redirect(url_for("office.counts.show", count_id=found))
    return _review(found, form), form.status


@bp.post("/<uuid:count_id>/post")
def post(count_id: object) -> Response | tuple[str, int]:
    """Post the count: what differs becomes movements."""
    actor = identity.need(Right.STOCK_PAPERS)
    form, found = Form.sent(), str(count_id)
    missing = "zero" if form.ticked("zero") else "leave"

    def work(key: Request, at: datetime) -> None:
        operations.post(found, CountPostIn.model_validate({"id": key.id, "missing": missing}), actor, at, key)

    if form.carry_out(work):
        flash(gettext("The count is posted."))
        return redirect(url_for("office.counts.review", count_id=found))
    return _review(found, form), form.status


@bp.post("/<uuid:count_id>/drop")
def drop(count_id: object) -> Response | tuple[str, int]:
    """Give the count up."""
    actor = identity.need(Right.STOCK_PAPERS)
    form, found = Form.sent(), str(count_id)

    def work(key: Request, at: datetime) -> None:
        operations.drop(found, CountDropIn.model_validate({"id": key.id}), actor, at, key)

    if form.carry_out(work):
        flash(gettext("The count was dropped. Nothing was changed."))
        return redirect(url_for("office.counts.index"))
    return _review(found, form), form.status
