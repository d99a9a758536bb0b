"""Products: the list, adding and changing them, and their prices."""

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, FieldError, ValidationError
from pos.operations import products as operations
from pos.operations.actor import Actor
from pos.operations.journal import Request, lock_office
from pos.operations.products import ProductData
from pos.queries import catalogue as queries
from pos.queries.products import View, page_of_products
from pos.web.office import lists, show
from pos.web.office.form import Form, strip

bp = Blueprint("products", __name__, url_prefix="/products")

PAGE = 100
SHOWN = {"active": True, "retired": False, "all": None}


@bp.get("/")
def index() -> str:
    """The catalogue in the till's order, searched and filtered."""
    identity.need(Right.SEE_PRODUCTS)
    shown = shown_argument("active")

    def fetch(cursor: str | None, limit: int) -> tuple[list[View], str | None]:
        return page_of_products(lists.typed(), SHOWN[shown], cursor, limit, show.today())

    found, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/products/list.html",
        products=found,
        cursor=cursor,
        available=queries.on_hand(show.local_day(), [product["sku"] for product in found]),
        shown=shown,
    )


def shown_argument(default: str) -> str:
    """Return which products the address names: those on sale, those that are not, or all."""
    return lists.asked("shown", SHOWN) or default


@bp.get("/new")
def new() -> str:
    """The form for a new product."""
    identity.need(Right.MANAGE)
    return _new_page(Form({"unit": "bungkus", "active": True, "position": queries.next_position()}))


def _new_page(form: Form) -> str:
    return render_template(
        "office/products/new.html", form=form, categories=queries.categories(), units=queries.units()
    )


@bp.post("/new")
def add() -> Response | tuple[str, int]:
    """Add a product with its first price."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    sku = form.text("sku", required=True)
    data = _read(form, sku, price=form.rupiah("price"), price_from=show.today())

    def work(key: Request, at: datetime) -> None:
        # The same form sent again is a replay, told apart here from a SKU that another product has.
        lock_office(key)
        if queries.exists(sku):
            raise ValidationError(FieldError("sku", N_("This SKU is used already.")))
        operations.save_products([data], actor, at, show.today(), key)

    if form.carry_out(work, strip("products.0.")):
        flash(gettext("%(name)s: saved.", name=data.name))
        return redirect(url_for("office.products.product", sku=sku))
    return _new_page(form), form.status


def _read(form: Form, sku: str, *, price: int | None = None, price_from: date | None = None) -> ProductData:
    return ProductData(
        sku=sku,
        name=form.text("name", required=True),
        name_en=form.text("name_en"),
        unit=form.text("unit", required=True),
        category=form.text("category"),
        barcodes=tuple(dict.fromkeys(form.value("barcodes").split())),
        active=form.ticked("active"),
        position=form.whole("position", 0, 100_000, required=False) or 0,
        price=price,
        price_from=price_from,
    )


@bp.get("/<path:sku>")
def product(sku: str) -> str:
    """One product: what can be set about it, its prices and its picture."""
    identity.need(Right.SEE_PRODUCTS)
    found = queries.item(sku)
    return page_of(found, _filled(found), Form({"valid_from": show.today()}), fresh_picture())


def _filled(found: queries.Item) -> Form:
    return Form(
        {
            "name": found.name,
            "name_en": found.name_en,
            "unit": found.unit,
            "category": found.category,
            "barcodes": "\n".join(found.barcodes),
            "active": found.active,
            "position": found.position,
        }
    )


def fresh_picture() -> Form:
    """Return the form for a picture: shown is the middle."""
    return Form({"crop_zoom": 100, "crop_x": 500, "crop_y": 500})


def page_of(found: queries.Item, form: Form | None, price_form: Form, picture_form: Form) -> str:
    """Return a product's page with its three forms as they stand."""
    prices = queries.prices(found.id)
    today = show.today()
    return render_template(
        "office/products/product.html",
        product=found,
        form=form or _filled(found),
        price_form=price_form,
        picture_form=picture_form,
        prices=prices,
        now=next((price for price in prices if price.valid_from <= today), None),
        today=today,
        available=queries.on_hand(show.local_day(), [found.sku]).get(found.sku, 0),
        categories=queries.categories(),
        units=queries.units(),
    )


@bp.post("/<path:sku>")
def change(sku: str) -> Response | tuple[str, int]:
    """Change what is set about a product; its SKU stays."""
    actor = identity.need(Right.MANAGE)
    found = queries.item(sku)
    form = Form.sent()
    data = _read(form, sku)
    if form.carry_out(
        lambda key, at: operations.save_products([data], actor, at, show.today(), key), strip("products.0.")
    ):
        flash(gettext("%(name)s: saved.", name=data.name))
        return redirect(url_for("office.products.product", sku=sku))
    return page_of(found, form, Form({"valid_from": show.today()}), fresh_picture()), form.status


@bp.post("/<path:sku>/price")
def set_price(sku: str) -> Response | tuple[str, int]:
    """Append a price from a business date on, today or later."""
    actor = identity.need(Right.MANAGE)
    found = queries.item(sku)
    form = Form.sent()
    amount, valid_from = form.rupiah("price"), form.day("valid_from", required=True)
    if valid_from is not None and valid_from < show.today():
        form.wrong("valid_from", N_("Today or later: the past stays as it was."))
    if _append(form, found, amount, valid_from, actor):
        flash(gettext("The price is set."))
        return redirect(url_for("office.products.product", sku=sku))
    return page_of(found, None, form, fresh_picture()), form.status


def _append(
    form: Form, found: queries.Item, amount: int | None, valid_from: date | None, actor: Actor
) -> bool:
    if amount is None or valid_from is None:
        return False
    return form.carry_out(lambda key, at: operations.set_price(found.id, amount, valid_from, actor, at, key))
