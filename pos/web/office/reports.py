"""Shifts and reports: X of open shifts, every Z for ever, and the day of an outlet."""

from flask import Blueprint, render_template, request
from flask_babel import gettext

from pos.domain.rights import Right
from pos.doors import identity
from pos.queries import office, registers
from pos.queries.outlets import desks, outlets
from pos.queries.shifts import for_reader, shift_report
from pos.queries.till import place_of
from pos.web.office import show
from pos.web.office.sales import day_argument

bp = Blueprint("reports", __name__, url_prefix="/reports")

PAGE = 30


@bp.get("/")
def index() -> str:
    """Open shifts with their X, closed ones with their Z, and the way to the day's report."""
    identity.need(Right.SEE_REPORTS)
    register = request.args.get("register") or None
    try:
        closed, cursor = office.shifts(
            register=register, before=request.args.get("before"), limit=PAGE, open_ones=False
        )
    except ValueError:
        closed, cursor = office.shifts(register=register, before=None, limit=PAGE, open_ones=False)
    return render_template(
        "office/reports/list.html",
        open_shifts=office.shifts(register=register, before=None, limit=100, open_ones=True)[0],
        closed_shifts=closed,
        cursor=cursor,
        register=register or "",
        registers=desks(),
        choices=_choices(),
        today=show.today(),
    )


def _choices() -> list[tuple[str, str]]:
    return [("", gettext("All outlets")), *((place.code, place.name) for place in outlets())]


@bp.get("/shifts/<shift_id>")
def shift(shift_id: str) -> str:
    """The X report of an open shift, the frozen Z of a closed one."""
    actor = identity.need(Right.SEE_REPORTS)
    view = registers.shift_view(shift_id)
    report = for_reader(shift_report(shift_id), sees_cash=actor.may(Right.EXPECTED_CASH))
    return render_template(
        "office/reports/shift.html", shift=view, report=report, outlet=place_of(view["register"])[0]
    )


@bp.get("/day")
def of_day() -> str:
    """A business day of one outlet or of all: sums as in a Z, and its shifts."""
    identity.need(Right.SEE_REPORTS)
    places = outlets()
    outlet = request.args.get("outlet") or None
    known = next((place for place in places if place.code == outlet), None)
    on = day_argument("date") or show.today()
    report = registers.day_report(on, known.code if known else None)
    return render_template("office/reports/day.html", report=report, on=on, outlet=known, choices=_choices())
