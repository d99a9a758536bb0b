"""People: who works here, what they may do, and their PINs."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import ROLES, Right
from pos.doors import identity, problems
from pos.errors import N_
from pos.ids import new_pin
from pos.operations import people
from pos.queries import people as queries
from pos.queries.searching import has_words
from pos.web.office import lists, show, words
from pos.web.office.form import Form

bp = Blueprint("people", __name__, url_prefix="/people")

STATES = {"active": N_("Work here"), "gone": N_("No longer here")}
COLUMNS: tuple[lists.Column[queries.Person], ...] = (
    (N_("Name"), lambda person: person.name),
    (N_("Role"), lambda person: words.word(person.role, "role")),
    (N_("State"), lambda person: gettext(STATES["active" if person.active else "gone"])),
    (N_("Has a one-time PIN"), lambda person: gettext("yes") if person.pin_once else ""),
    (N_("Last here"), lambda person: show.at(person.seen_at) if person.seen_at else ""),
)
SHOWN_ONCE = "shown_once"
"""Where the browser's signed cookie keeps a secret between making it and showing it, once."""


def show_once(kind: str, whose: str, secret: str, form: Form) -> None:
    """Keep a secret that was just made for the next page this browser opens; a repeated form made none."""
    if form.repeated:
        flash(gettext("This was done already."))
    else:
        session[SHOWN_ONCE] = {"kind": kind, "whose": whose, "secret": secret}


def take_once() -> dict[str, str] | None:
    """Return the secret that was just made, and forget it."""
    found: dict[str, str] | None = session.pop(SHOWN_ONCE, None)
    return found


def roles() -> list[tuple[str, str]]:
    """Return the roles a person can have, in words."""
    return [(role, gettext(problems.ROLE_NAMES[role])) for role in ROLES if role != "kiosk"]


@bp.get("/")
def index() -> Response | str:
    """Everybody, and the form to add somebody."""
    identity.need(Right.SEE_AUDIT)
    if lists.file_asked():
        return lists.send(N_("People"), COLUMNS, lists.whole(_fitting()))
    return _list(Form({"role": "cashier"}))


def _fitting() -> list[queries.Person]:
    role, state = lists.asked("works_as", ROLES), lists.asked("state", STATES)
    return [
        person
        for person in queries.people()
        if has_words(lists.typed(), person.name)
        and role in ("", person.role)
        and state in ("", "active" if person.active else "gone")
    ]


def _list(form: Form) -> str:
    return render_template(
        "office/people/list.html",
        people=_fitting(),
        form=form,
        roles=roles(),
        once=take_once(),
        role=lists.asked("works_as", ROLES),
        state=lists.asked("state", STATES),
        states=[(name, gettext(text)) for name, text in STATES.items()],
    )


@bp.post("/")
def add() -> Response | tuple[str, int]:
    """Add a person with a PIN that is shown once and must be changed at the first sign-in."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    name, role = form.text("name", required=True), form.choice("role", ROLES)
    pin = new_pin()
    hashed = people.hash_pin(pin) if not form.errors else ""
    if form.carry_out(lambda key, at: people.add_user(name, role, hashed, actor, at, once=True, request=key)):
        show_once("pin", name, pin, form)
        return redirect(url_for("office.people.index"))
    return _list(form), form.status


@bp.get("/<int:user_id>")
def person(user_id: int) -> str:
    """One person: role, whether they may sign in, and a new PIN."""
    identity.need(Right.SEE_AUDIT)
    found = queries.person(user_id)
    return _page(found, Form({"role": found.role, "active": found.active}))


def _page(found: queries.Person, form: Form) -> str:
    return render_template(
        "office/people/person.html", person=found, form=form, roles=roles(), reset=Form(), once=take_once()
    )


@bp.post("/<int:user_id>")
def change(user_id: int) -> Response | tuple[str, int]:
    """Change what a person may do, or retire them."""
    actor = identity.need(Right.MANAGE)
    found = queries.person(user_id)
    form = Form.sent()
    role, active = form.choice("role", ROLES), form.ticked("active")
    if form.carry_out(
        lambda key, at: people.change_user(user_id, actor, at, role=role, active=active, request=key)
    ):
        flash(gettext("%(name)s: saved.", name=found.name))
        return redirect(url_for("office.people.index"))
    return _page(found, form), form.status


@bp.post("/<int:user_id>/pin")
def reset(user_id: int) -> Response | tuple[str, int]:
    """Give a person a new PIN, shown once; the old one is no longer good and they are signed out."""
    actor = identity.need(Right.MANAGE)
    found = queries.person(user_id)
    form = Form.sent()
    pin = new_pin()
    hashed = people.hash_pin(pin)
    if form.carry_out(lambda key, at: people.set_pin(user_id, hashed, actor, at, once=True, request=key)):
        show_once("pin", found.name, pin, form)
        return redirect(url_for("office.people.person", user_id=user_id))
    return _page(found, form), form.status
