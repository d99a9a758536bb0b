"""Outlets and registers: adding and changing them."""

from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import catalogue
from pos.queries import outlets
from pos.web.office import words
from pos.web.office.form import Form

bp = Blueprint("outlets", __name__, url_prefix="/devices")

ZONES = (
    ("Asia/Jakarta", "WIB (Asia/Jakarta)"),
    ("Asia/Pontianak", "WIB (Asia/Pontianak)"),
    ("Asia/Makassar", "WITA (Asia/Makassar)"),
    ("Asia/Jayapura", "WIT (Asia/Jayapura)"),
)


def _short(form: Form, name: str, most: int, *, required: bool = False) -> str:
    text = form.text(name, required=required)
    if len(text) > most:
        form.wrong(name, N_("This text is too long."))
    elif not text.isprintable():
        form.wrong(name, N_("Leave out control characters and line breaks."))
    return text


def _zones(chosen: str) -> list[tuple[str, str]]:
    other = [(chosen, chosen)] if chosen in available_timezones() - {zone for zone, _ in ZONES} else []
    return [*ZONES, *other]


@bp.get("/outlets/new")
def new_outlet() -> str:
    """The form for a new outlet."""
    identity.need(Right.MANAGE)
    return _outlet_page(None, Form({"time_zone": "Asia/Jakarta", "cut_off": "00:00"}))


def _outlet_page(place: outlets.Place | None, form: Form) -> str:
    return render_template(
        "office/devices/outlet.html",
        place=place,
        form=form,
        zones=_zones(form.value("time_zone")),
        shelves=[(shelf.code, f"{shelf.name} ({shelf.code})") for shelf in outlets.shelves()],
    )


@bp.post("/outlets/new")
def add_outlet() -> Response | tuple[str, int]:
    """Add an outlet that sells from a location."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    code, name = form.text("code", required=True).upper(), _short(form, "name", 60, required=True)
    address, zone, cut_off = _short(form, "address", 200), form.value("time_zone"), form.value("cut_off")
    if form.carry_out(
        lambda key, at: catalogue.add_outlet(
            code,
            name,
            form.value("location"),
            actor,
            at,
            address=address,
            time_zone=zone,
            cut_off=cut_off,
            request=key,
        )
    ):
        return _saved(name)
    return _outlet_page(None, form), form.status


@bp.get("/outlets/<int:outlet_id>")
def outlet(outlet_id: int) -> str:
    """The form to change an outlet."""
    identity.need(Right.MANAGE)
    place = outlets.outlet(outlet_id)
    form = Form(
        {
            "name": place.name,
            "address": place.address,
            "time_zone": place.time_zone,
            "cut_off": place.cut_off,
        }
    )
    return _outlet_page(place, form)


@bp.post("/outlets/<int:outlet_id>")
def change_outlet(outlet_id: int) -> Response | tuple[str, int]:
    """Change an outlet; its code and location stay."""
    actor = identity.need(Right.MANAGE)
    place = outlets.outlet(outlet_id)
    form = Form.sent()
    name, address = _short(form, "name", 60, required=True), _short(form, "address", 200)
    if form.carry_out(
        lambda key, at: catalogue.change_outlet(
            outlet_id,
            actor,
            at,
            name=name,
            address=address,
            time_zone=form.value("time_zone"),
            cut_off=form.value("cut_off"),
            request=key,
        )
    ):
        return _saved(name)
    return _outlet_page(place, form), form.status


@bp.get("/registers/new")
def new_register() -> str:
    """The form for a new register."""
    identity.need(Right.MANAGE)
    return _register_page(None, Form({"kind": "till"}))


def _register_page(desk: outlets.Desk | None, form: Form) -> str:
    return render_template(
        "office/devices/register.html",
        desk=desk,
        form=form,
        kinds=words.options("register"),
        outlets=[(place.code, place.name) for place in outlets.outlets()],
    )


@bp.post("/registers/new")
def add_register() -> Response | tuple[str, int]:
    """Add a register with a book of its own."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    code, name = form.text("code", required=True).upper(), _short(form, "name", 60, required=True)
    if form.carry_out(
        lambda key, at: catalogue.add_register(
            code, name, form.value("outlet"), form.value("kind"), actor, at, request=key
        )
    ):
        return _saved(code)
    return _register_page(None, form), form.status


@bp.get("/registers/<int:register_id>")
def register(register_id: int) -> str:
    """The form to rename or retire a register."""
    identity.need(Right.MANAGE)
    desk = outlets.desk(register_id)
    return _register_page(desk, Form({"name": desk.name, "active": desk.active}))


@bp.post("/registers/<int:register_id>")
def change_register(register_id: int) -> Response | tuple[str, int]:
    """Rename or retire a register; its code, its outlet and its book stay."""
    actor = identity.need(Right.MANAGE)
    desk = outlets.desk(register_id)
    form = Form.sent()
    name, active = _short(form, "name", 60, required=True), form.ticked("active")
    if form.carry_out(
        lambda key, at: catalogue.change_register(
            register_id, actor, at, name=name, active=active, request=key
        )
    ):
        return _saved(desk.code)
    return _register_page(desk, form), form.status


def _saved(name: str) -> Response:
    flash(gettext("%(name)s: saved.", name=name))
    return redirect(url_for("office.devices.index"))
