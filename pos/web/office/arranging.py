"""The order at the till and the kiosk: products, favourites, categories, by buttons or by a number."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import arranging
from pos.queries import catalogue as queries
from pos.queries.products import categories
from pos.web.office.form import Form

bp = Blueprint("arranging", __name__, url_prefix="/products/order")

FAVOURITES = "*"
"""The group of favourites, beside the categories."""
MOST_SHOWN = 300
"""Rows of a page; a category with more is arranged by numbers or by a file."""


def place_of(form: Form) -> Callable[[int], int]:
    """Return where a row of the form shall stand: one up, one down, or at the number that was typed."""
    if form.value("to") in ("up", "down"):
        step = -1 if form.value("to") == "up" else 1
        return lambda now: now + step
    number = form.whole("number", 1, 100_000)
    return lambda now: number or now


@bp.get("/")
def index() -> str:
    """The products of a group in the order of the till, and the categories in theirs."""
    identity.need(Right.SEE_PRODUCTS)
    return _page(Form(), request.args.get("group", ""))


def _page(form: Form, group: str) -> str:
    names = categories()
    if group != FAVOURITES and group not in names:
        group = ""
    found = queries.arranged(
        MOST_SHOWN + 1,
        favourites=group == FAVOURITES,
        category="" if group == FAVOURITES else group,
    )
    return render_template(
        "office/products/order.html",
        form=form,
        group=group,
        groups=[("", gettext("All products")), (FAVOURITES, gettext("Favourites")), *((n, n) for n in names)],
        products=found[:MOST_SHOWN],
        more=len(found) > MOST_SHOWN,
        categories=names,
    )


@bp.post("/")
def place() -> Response | tuple[str, int]:
    """Move a product within the group that is shown."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    group, sku, where = form.value("group"), form.value("sku"), place_of(form)
    favourites = group == FAVOURITES
    if form.carry_out(
        lambda key, at: arranging.place_product(
            sku,
            where,
            actor,
            at,
            favourites=favourites,
            category="" if favourites else group,
            request=key,
        )
    ):
        return redirect(url_for("office.arranging.index", group=group or None, _anchor=f"row-{sku}"))
    return _page(form, group), form.status


@bp.post("/favourite")
def favourite() -> Response | tuple[str, int]:
    """Make a product a favourite, or an ordinary one again."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    group, sku, on = form.value("group"), form.value("sku"), form.value("favourite")
    if on not in ("0", "1"):
        form.wrong("sku", N_("Choose yes or no."))
    if form.carry_out(lambda key, at: arranging.mark_favourite(sku, on == "1", actor, at, key)):
        return redirect(url_for("office.arranging.index", group=group or None, _anchor=f"row-{sku}"))
    return _page(form, group), form.status


@bp.post("/categories")
def place_category() -> Response | tuple[str, int]:
    """Move a category."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    name, where = form.value("name"), place_of(form)
    if form.carry_out(lambda key, at: arranging.place_category(name, where, actor, at, key)):
        return redirect(url_for("office.arranging.index", _anchor="categories"))
    return _page(form, ""), form.status
