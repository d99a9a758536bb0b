"""Discounts that are ready to use at the till: the list, its order, adding and changing one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.money import dotted
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import discounts as operations
from pos.operations.discounts import PresetData
from pos.queries import discounts as queries
from pos.queries.shop import shop
from pos.web.office import show
from pos.web.office.arranging import place_of
from pos.web.office.form import Form
from pos.web.office.partners import basis_points

bp = Blueprint("discounts", __name__, url_prefix="/settings/discounts")


@bp.get("/")
def index() -> str:
    """The discounts in the order of the till, those no longer offered last."""
    identity.need(Right.SEE_AUDIT)
    return _list(Form())


def _list(form: Form) -> str:
    found = queries.presets(active_only=False)
    return render_template(
        "office/discounts/list.html",
        form=form,
        presets=sorted(found, key=lambda preset: not preset.active),
        percent=show.percent,
        limit=shop().limit_discount_percent,
    )


@bp.post("/")
def place() -> Response | tuple[str, int]:
    """Move a discount among those that are offered."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    preset_id, where = form.whole("preset", 1, 2**31 - 1) or 0, place_of(form)
    if form.carry_out(lambda key, at: operations.place_preset(preset_id, where, actor, at, key)):
        return redirect(url_for("office.discounts.index", _anchor=f"row-{preset_id}"))
    return _list(form), form.status


@bp.get("/new")
def new() -> str:
    """The form for a new discount."""
    identity.need(Right.MANAGE)
    return _form(Form({"kind": "percent", "active": True}), None)


@bp.get("/<int:preset_id>")
def preset(preset_id: int) -> str:
    """One discount, to be changed."""
    identity.need(Right.SEE_AUDIT)
    found = queries.preset(preset_id)
    by_percent = found.percent_bp is not None
    value = show.hundredths(found.percent_bp) if found.percent_bp is not None else dotted(found.amount or 0)
    values = {"name": found.name, "kind": "percent" if by_percent else "amount", "value": value}
    return _form(Form({**values, "approved": found.approved, "active": found.active}), found)


def _form(form: Form, found: queries.Preset | None) -> str:
    limit = shop().limit_discount_percent
    return render_template("office/discounts/form.html", form=form, preset=found, limit=limit)


@bp.post("/new")
def add() -> Response | tuple[str, int]:
    """Add a discount."""
    return _save(None)


@bp.post("/<int:preset_id>")
def change(preset_id: int) -> Response | tuple[str, int]:
    """Change a discount; carts that have it already keep theirs."""
    return _save(queries.preset(preset_id))


def _save(found: queries.Preset | None) -> Response | tuple[str, int]:
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    by_percent = form.choice("kind", ["percent", "amount"]) == "percent"
    name = form.text("name", required=True)
    if not form.value("value").strip():
        form.wrong("value", N_("Fill this in."))
    data = PresetData(
        name=name,
        percent_bp=basis_points(form, "value") if by_percent else None,
        amount=None if by_percent else form.rupiah("value"),
        approved=form.ticked("approved"),
        active=form.ticked("active"),
    )
    preset_id = None if found is None else found.id
    if form.carry_out(lambda key, at: operations.save_preset(preset_id, data, actor, at, key)):
        flash(gettext("%(name)s: saved.", name=name))
        return redirect(url_for("office.discounts.index"))
    return _form(form, found), form.status
