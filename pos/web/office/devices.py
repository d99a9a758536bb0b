"""Devices: outlets, registers, the browsers that are registers, and locations."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos import clock
from pos.db import transaction
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import catalogue, people
from pos.queries import outlets
from pos.queries.people import programs
from pos.web.office.form import Form
from pos.web.office.people import show_once, take_once

bp = Blueprint("devices", __name__, url_prefix="/devices")


@bp.get("/")
def index() -> str:
    """Everything that stands somewhere, with what can be done about it."""
    identity.need(Right.SEE_AUDIT)
    return _page(Form())


def _page(location_form: Form) -> str:
    device = identity.current_device()
    return render_template(
        "office/devices/list.html",
        outlets=outlets.outlets(),
        registers=outlets.desks(),
        browsers=outlets.browsers(),
        this_browser=device.id if device else None,
        shelves=outlets.shelves(),
        tokens=programs(),
        form=location_form,
        enrol=Form(),
        release=Form(),
        once=take_once(),
    )


@bp.post("/registers/<int:register_id>/code")
def enrolment(register_id: int) -> Response:
    """Make a one-time code that makes a new browser this register; shown once, good for a day."""
    actor = identity.need(Right.MANAGE)
    desk = outlets.desk(register_id)
    form = Form.sent()
    made: list[str] = []
    done = form.carry_out(
        lambda key, at: made.append(people.create_enrolment(desk.code, actor, at, request=key))
    )
    if done:
        show_once("code", desk.code, made[-1] if made else "", form)
    else:
        flash(form.message, "danger")
    return redirect(url_for("office.devices.index"))


@bp.post("/browsers/<int:device_id>/release")
def release(device_id: int) -> Response:
    """Make a browser nobody's again; whoever is signed in there is signed out."""
    identity.need(Right.MANAGE)
    with transaction():
        people.release_device(device_id, clock.now())
    flash(gettext("The browser is released. It needs a new code to be a register again."))
    return redirect(url_for("office.devices.index"))


@bp.post("/locations")
def add_location() -> Response | tuple[str, int]:
    """Add a location for goods."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    code, name = form.text("code", required=True).upper(), form.text("name")
    if len(name) > 60:
        form.wrong("name", N_("This text is too long."))
    if form.carry_out(lambda key, at: catalogue.add_location(code, name, "stock", actor, at, request=key)):
        flash(gettext("%(name)s: saved.", name=code))
        return redirect(url_for("office.devices.index"))
    return _page(form), form.status
