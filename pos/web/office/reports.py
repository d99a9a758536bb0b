"""Shifts and reports: X of open shifts, every Z for ever, and the day of an outlet."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import papers
from pos.queries import office, registers
from pos.queries.outlets import desks, outlets
from pos.queries.shifts import Report, for_reader, shift_report
from pos.queries.till import place_of
from pos.web.office import lists, show
from pos.web.office.form import Form
from pos.web.office.sales import day_argument, registers_to_print_at

bp = Blueprint("reports", __name__, url_prefix="/reports")

PAGE = 30
Closed = tuple[office.ShiftRow, Report]
COLUMNS: tuple[lists.Column[Closed], ...] = (
    (N_("Report"), lambda one: f"Z {one[0].register} {one[0].z}"),
    (N_("Business date"), lambda one: one[0].business_date),
    (N_("Outlet"), lambda one: one[0].outlet),
    (N_("Opened"), lambda one: show.at(one[0].opened_at)),
    (N_("Opened by"), lambda one: one[0].opened_by),
    (N_("Closed"), lambda one: show.at(one[0].closed_at)),
    (N_("Closed by"), lambda one: one[0].closed_by),
    (N_("Number of sales"), lambda one: one[1]["sales_count"]),
    (N_("Net"), lambda one: one[1]["net"]),
    (N_("Cash"), lambda one: one[1]["by_method"]["cash"]),
    ("QRIS", lambda one: one[1]["by_method"]["qris"]),
    (N_("Over or short"), lambda one: one[1]["over_short"]),
)


def _with_totals(fetch: lists.Fetch[office.ShiftRow]) -> lists.Fetch[Closed]:
    """Return the same pages with the frozen sums of each Z."""

    def more(cursor: str | None, limit: int) -> tuple[list[Closed], str | None]:
        rows, following = fetch(cursor, limit)
        return [(row, shift_report(row.id)) for row in rows], following

    return more


@bp.get("/")
def index() -> Response | str:
    """Open shifts with their X, closed ones with their Z, and the way to the day's report."""
    identity.need(Right.SEE_REPORTS)
    register = lists.asked("register") or None
    since, until = day_argument("from"), day_argument("to")

    def fetch(cursor: str | None, limit: int) -> tuple[list[office.ShiftRow], str | None]:
        return office.shifts(
            register=register, before=cursor, limit=limit, open_ones=False, since=since, until=until
        )

    if lists.file_asked():
        return lists.send(N_("Z reports"), COLUMNS, _with_totals(fetch))
    closed, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/reports/list.html",
        open_shifts=office.shifts(register=register, before=None, limit=100, open_ones=True)[0],
        closed_shifts=closed,
        cursor=cursor,
        register=register or "",
        registers=desks(),
        since=since,
        until=until,
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
