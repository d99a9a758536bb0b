"""Supply: what must be made, minimums, suppliers and maker groups, permits, and what the stock is worth."""

from datetime import date, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import supply as operations
from pos.operations.journal import Request
from pos.queries import catalogue, outlets
from pos.queries import stock_supply as queries
from pos.queries.searching import has_words
from pos.queries.stock_supply import View
from pos.schemas.base import MAX_QUANTITY
from pos.schemas.stock import MinimumsIn, SourceIn
from pos.web.office import lists, show, words
from pos.web.office.form import Form

bp = Blueprint("supply", __name__, url_prefix="/stock")


MISSING: tuple[lists.Column[View], ...] = (
    (N_("Location"), lambda item: item["location"]),
    (N_("SKU"), lambda item: item["sku"]),
    (N_("Product"), lambda item: item["name"]),
    (N_("Unit"), lambda item: item["unit"]),
    (N_("Minimum"), lambda item: item["minimum"]),
    (N_("Available"), lambda item: item["available"]),
    (N_("On the way"), lambda item: item["on_the_way"]),
    (N_("To make"), lambda item: item["missing"]),
)
WORTH: tuple[lists.Column[View], ...] = (
    (N_("Location"), lambda item: item["location"]),
    (N_("SKU"), lambda item: item["sku"]),
    (N_("Product"), lambda item: item["name"]),
    (N_("In stock"), lambda item: item["on_hand"]),
    (N_("Value in rupiah"), lambda item: item["value"]),
    (N_("Pieces without a cost"), lambda item: item["unknown"]),
)


def _fitting(items: list[View]) -> list[View]:
    return [item for item in items if has_words(lists.typed(), item["name"], item["sku"])]


def _location() -> str | None:
    asked = request.args.get("location")
    return next((shelf.code for shelf in outlets.shelves() if shelf.code == asked), None)


@bp.get("/make-more")
def make_more() -> Response | str:
    """Products of which less than the minimum is there, and how many are missing."""
    identity.need(Right.SEE_STOCK)
    location = _location()
    items = _fitting(queries.make_more(show.local_day(), location))
    if lists.file_asked():
        return lists.send(N_("Make more"), MISSING, lists.whole(items))
    return render_template(
        "office/stock/make_more.html",
        items=items,
        shelves=outlets.shelves(),
        location=location or "",
    )


@bp.get("/minimums")
def minimums() -> str:
    """The form with the minimum of every product at a location."""
    identity.need(Right.STOCK_PAPERS)
    location = _location() or outlets.shelves()[0].code
    values: dict[str, object] = {f"minimum.{sku}": n for sku, n in queries.minimums(location).items()}
    return _minimums(Form({"location": location, **values}))


def _minimums(form: Form) -> str:
    return render_template(
        "office/stock/minimums.html",
        form=form,
        shelves=outlets.shelves(),
        location=form.value("location"),
        products=catalogue.choices(),
    )


@bp.post("/minimums")
def set_minimums() -> Response | tuple[str, int]:
    """Set the minimums of a location."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    location = form.text("location", required=True)
    lines = [
        {"sku": sku, "minimum": form.whole(f"minimum.{sku}", 0, MAX_QUANTITY, required=False) or 0}
        for sku, _ in catalogue.choices()
        if f"minimum.{sku}" in form.data
    ]

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "location": location, "lines": lines}
        operations.set_minimums(MinimumsIn.model_validate(paper), actor, at, key)

    if form.carry_out(work):
        flash(gettext("The minimums are set."))
        return redirect(url_for("office.supply.make_more", location=location))
    return _minimums(form), form.status


@bp.get("/sources")
def sources() -> str:
    """Suppliers and maker groups, and the form to add one."""
    identity.need(Right.SEE_STOCK)
    return _sources(Form({"kind": "maker"}))


def _sources(form: Form) -> str:
    return render_template(
        "office/stock/sources.html", sources=queries.sources(), form=form, kinds=words.options("source")
    )


@bp.post("/sources")
def add_source() -> Response | tuple[str, int]:
    """Add a supplier or a maker group."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    name, kind = form.text("name", required=True), form.choice("kind", words.SOURCE)

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "name": name, "kind": kind}
        operations.add_source(SourceIn.model_validate(paper), actor, at, key)

    if form.carry_out(work):
        flash(gettext("Saved."))
        return redirect(url_for("office.supply.sources"))
    return _sources(form), form.status


@bp.post("/sources/<int:source_id>")
def change_source(source_id: int) -> Response | tuple[str, int]:
    """Offer a supplier or maker group no more, or again."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    source = next((one for one in queries.sources() if one.id == source_id), None)
    name, active = ("" if source is None else source.name), form.value("active") == "1"

    def work(key: Request, at: datetime) -> None:
        operations.change_source(source_id, name, active=active, actor=actor, at=at, request=key)

    if form.carry_out(work):
        flash(gettext("Saved."))
        return redirect(url_for("office.supply.sources"))
    return _sources(form), form.status


@bp.get("/permits/<path:sku>")
def permits(sku: str) -> str:
    """P-IRT and halal numbers of a product, with their expiry."""
    identity.need(Right.MANAGE)
    product = catalogue.item(sku)
    values: dict[str, object] = {}
    for kind, (number, expires_on) in queries.permits_of(product.id).items():
        values |= {f"{kind}_number": number, f"{kind}_expires_on": expires_on}
    return render_template("office/stock/permits.html", product=product, form=Form(values))


@bp.post("/permits/<path:sku>")
def set_permits(sku: str) -> Response | tuple[str, int]:
    """Set a product's permits."""
    actor = identity.need(Right.MANAGE)
    product, form = catalogue.item(sku), Form.sent()
    wanted: dict[str, tuple[str, date | None]] = {
        kind: (form.text(f"{kind}_number"), form.day(f"{kind}_expires_on")) for kind in words.PERMIT
    }

    def work(key: Request, at: datetime) -> None:
        operations.set_permits(product.id, wanted, actor, at, key)

    if form.carry_out(work):
        flash(gettext("Saved."))
        return redirect(url_for("office.products.product", sku=sku))
    return render_template("office/stock/permits.html", product=product, form=form), form.status


def permits_due(product_id: int) -> list[tuple[str, str, date | None, str]]:
    """Return a product's permits as (kind, number, expiry, state): good, soon or over."""
    today = show.local_day()

    def state(expires_on: date | None) -> str:
        if expires_on is None or expires_on > today + timedelta(days=queries.PERMIT_DAYS):
            return "good"
        return "over" if expires_on < today else "soon"

    return [
        (kind, number, expires_on, state(expires_on))
        for kind, (number, expires_on) in sorted(queries.permits_of(product_id).items(), reverse=True)
    ]


def permits_home() -> list[queries.Permit]:
    """Return permits that are over or soon will be, for the first page."""
    return queries.permits_due(show.local_day() + timedelta(days=queries.PERMIT_DAYS))


bp.add_app_template_global(permits_due, "permits_due")
bp.add_app_template_global(permits_home, "permits_home")


@bp.get("/value")
def value() -> Response | str:
    """What the stock is worth at the cost of its lots, by location; what is not known is said."""
    identity.need(Right.SEE_STOCK)
    found = queries.valuation()
    totals: dict[str, dict[str, int]] = {}
    for item in found:
        sums = totals.setdefault(item["location"], {"on_hand": 0, "value": 0, "unknown": 0})
        for name in sums:
            sums[name] += item[name]
    location = _location() or (
        request.args.get("location") if request.args.get("location") in totals else None
    )
    items = _fitting([item for item in found if location in (None, item["location"])])
    if lists.file_asked():
        return lists.send(N_("Value of the stock"), WORTH, lists.whole(items))
    return render_template(
        "office/stock/value.html",
        totals=totals,
        items=items,
        location=location or "",
    )
