"""Tokens for programs: made, shown once, revoked."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import ROLES, Right
from pos.doors import identity, problems
from pos.operations import people
from pos.queries import outlets
from pos.web.office.form import Form
from pos.web.office.people import show_once

bp = Blueprint("tokens", __name__, url_prefix="/devices/tokens")


@bp.get("/new")
def new() -> str:
    """The form for a new token."""
    identity.need(Right.MANAGE)
    return _page(Form({"role": "cashier"}))


def _page(form: Form) -> str:
    return render_template(
        "office/devices/token.html",
        form=form,
        roles=[(role, gettext(problems.ROLE_NAMES[role])) for role in ROLES],
        registers=[
            ("", gettext("Every register")),
            *((desk.code, f"{desk.code} · {desk.name}") for desk in outlets.desks() if desk.active),
        ],
    )


@bp.post("/new")
def add() -> Response | tuple[str, int]:
    """Make a token; it is shown on the next page and never again."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    name, role = form.text("name", required=True), form.choice("role", ROLES)
    register = form.value("register") or None
    made: list[str] = []
    if form.carry_out(
        lambda key, at: made.append(people.create_token(name, role, register, actor, at, request=key))
    ):
        show_once("token", name, made[-1] if made else "", form)
        return redirect(url_for("office.devices.index"))
    return _page(form), form.status


@bp.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> Response:
    """End a token at once."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    done = form.carry_out(lambda key, at: people.revoke_token(token_id, actor, at, request=key))
    flash(gettext("The token is revoked.") if done else form.message, "" if done else "danger")
    return redirect(url_for("office.devices.index"))
