"""The shop to practise in, begun afresh by whoever leads the practice. A real shop has no such page."""

from collections.abc import Callable

from flask import Blueprint, current_app, render_template

from pos.domain.rights import Right
from pos.doors import identity
from pos.doors.machine import settings
from pos.errors import N_, NotFound

bp = Blueprint("practice", __name__, url_prefix="/practice")


def _beginning() -> Callable[[], None]:
    """Return what begins afresh. Raises not_found anywhere but in the back office of a practice shop."""
    begin: Callable[[], None] | None = current_app.extensions.get("begin_afresh")
    if begin is None or not settings().practice:
        raise NotFound(N_("Only a shop to practise in is begun afresh."))
    identity.need(Right.MANAGE)
    return begin


@bp.get("/")
def index() -> str:
    """Ask once."""
    _beginning()
    return render_template("office/practice.html", begun=False)


@bp.post("/")
def begin() -> str:
    """Begin afresh, and wait for the new shop on a page that leads there."""
    _beginning()()
    return render_template("office/practice.html", begun=True)
