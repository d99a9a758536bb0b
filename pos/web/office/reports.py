"""Shifts and reports: X of open shifts, every Z for ever, and the day of an outlet."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.operations import papers
from pos.queries import office, registers
from pos.queries.outlets import desks, outlets
from pos.queries.shifts import for_reader, shift_report
from pos.queries.till import place_of
from pos.web.office import show
from pos.web.office.form import Form
from pos.web.office.sales import day_argument, registers_to_print_at

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
        "office/reports/shift.html",
        shift=view,
        report=report,
        outlet=place_of(view["register"])[0],
        printing=Form(),
        registers=registers_to_print_at(actor, view["register"]),
    )


@bp.post("/shifts/<shift_id>/print")
def print_shift(shift_id: str) -> Response:
    """Print the X report, or a copy of the Z report marked SALINAN, at the chosen register's printer."""
    actor = identity.need(Right.COUNT)
    form = Form.sent()
    register = form.value("register") or str(registers.shift_view(shift_id)["register"])
    if form.carry_out(lambda key, at: papers.print_report(shift_id, register, actor, at, key)):
        flash(gettext("The report is being printed at %(register)s.", register=register))
    else:
        flash(form.message, "danger")
    return redirect(url_for("office.reports.shift", shift_id=shift_id))


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
