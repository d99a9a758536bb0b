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
from pos.queries.searching import has_words
from pos.web.office import lists, show, words
from pos.web.office.form import Form
from pos.web.office.people import show_once, take_once

bp = Blueprint("devices", __name__, url_prefix="/devices")


@bp.get("/")
def index() -> Response | str:
    """Everything that stands somewhere, with what can be done about it."""
    identity.need(Right.SEE_AUDIT)
    if lists.file_asked():
        return lists.send(N_("Devices"), COLUMNS, lists.whole(_rows()))
    return _page(Form())


def _desks() -> list[outlets.Desk]:
    typed = lists.typed()
    return [one for one in outlets.desks() if has_words(typed, one.code, one.name, one.outlet_name)]


def _browsers() -> list[outlets.Browser]:
    typed = lists.typed()
    return [one for one in outlets.browsers() if has_words(typed, one.register, one.seen_by, f"#{one.id}")]


def _rows() -> list[tuple[object, ...]]:
    """Return registers and browsers as rows of one file."""
    rows: list[tuple[object, ...]] = []
    for desk in _desks():
        state = gettext("In use") if desk.active else gettext("Retired")
        rows.append(
            (words.word(desk.kind, "register"), desk.code, desk.name, desk.outlet_name, state, "", "")
        )
    for one in _browsers():
        seen = show.at(one.seen_at) if one.seen_at else ""
        where = (gettext("Browser"), one.register or "", f"#{one.id}", "")
        rows.append((*where, show.at(one.created_at), seen, one.seen_by or ""))
    return rows


COLUMNS: tuple[lists.Column[tuple[object, ...]], ...] = (
    (N_("Kind"), lambda row: row[0]),
    (N_("Register"), lambda row: row[1]),
    (N_("Name"), lambda row: row[2]),
    (N_("Outlet"), lambda row: row[3]),
    (N_("State or enrolled"), lambda row: row[4]),
    (N_("Last signed in"), lambda row: row[5]),
    (N_("Who"), lambda row: row[6]),
)


def _page(location_form: Form) -> str:
    device = identity.current_device()
    return render_template(
        "office/devices/list.html",
        outlets=outlets.outlets(),
        registers=_desks(),
        browsers=_browsers(),
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
