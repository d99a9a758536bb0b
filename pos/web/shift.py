"""The shift's pages: the X report with the close, and every Z report for ever."""

from datetime import date, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, NotFound
from pos.queries import registers
from pos.queries import till as queries
from pos.queries.shifts import for_reader, shift_report
from pos.web.till import boot

bp = Blueprint("shift", __name__)


@bp.get("/shift")
def page() -> Response | str:
    """The open shift; back to the till when nobody is signed in or nothing is open."""
    device = identity.current_device()
    user = identity.current_user()
    register = device.register if device else None
    shift = queries.open_shift(register.code) if register and user else None
    if register is None or user is None or shift is None:
        return redirect(url_for("till.front"))
    actor = identity.need(Right.COUNT)
    report = for_reader(shift_report(shift["id"]), sees_cash=actor.may(Right.EXPECTED_CASH))
    known = ("expected_cash", "counted_cash", "over_short") if shift["counted"] else ()
    return render_template(
        "shift/shift.html",
        register=register,
        outlet=register.outlet_name,
        report=report,
        opened_at=_clock(report["opened_at"]),
        boot=boot(
            register,
            shift={"id": shift["id"], "status": shift["status"]},
            report={key: report[key] for key in known},
            me=user.name,
        ),
    )


@bp.get("/shift/z/<shift_id>")
def z_report(shift_id: str) -> Response | str:
    """A closed shift's Z report, as it was frozen."""
    if identity.current_user() is None:
        return redirect(url_for("till.front"))
    actor = identity.actor()
    view = registers.shift_view(shift_id)
    if not actor.may(Right.SEE_REPORTS):
        actor.need(Right.COUNT)
        actor.at(view["register"])
    if view["status"] != "closed":
        raise NotFound(N_("This shift is not closed yet."))
    report = shift_report(shift_id)
    return render_template(
        "shift/z.html",
        report=report,
        outlet=queries.place_of(view["register"])[0],
        business_date=format_date(date.fromisoformat(report["business_date"]), format="full"),
        opened_at=_clock(report["opened_at"]),
        closed_at=_clock(report["closed_at"]),
    )


def _clock(instant: str) -> str:
    """The time of day as people here write it: 14.05. Reports carry the outlet's own offset."""
    return datetime.fromisoformat(instant).strftime("%H.%M")
