"""Shifts: opening, cash, the blind count, the close, reports."""

from pos import clock
from pos.api.endpoint import Call, View, argument, changes, date_argument, reads
from pos.domain.business_day import business_date
from pos.domain.rights import Right
from pos.errors import N_, FieldError, ValidationError
from pos.operations import cash, shifts
from pos.operations.actor import Actor
from pos.queries import registers
from pos.queries.outlets import first_place
from pos.queries.shifts import for_reader, shift_report
from pos.schemas.answers import CashOut, CountOut, DayOut, ReportOut, ShiftOut
from pos.schemas.shifts import CashIn, ClockIn, CloseIn, CountIn, DrawerIn, ShiftIn


def _show_shift(actor: Actor, made: str) -> View:
    return registers.shift_view(made)


def _show_cash(actor: Actor, made: str, shift_id: str) -> View:
    return registers.cash_event_view(made)


def _show_count(actor: Actor, made: str, shift_id: str) -> View:
    return registers.count_view(shift_id)


def _show_report(actor: Actor, shift_id: str, made: str = "") -> View:
    registers.shift_view(shift_id)
    return for_reader(shift_report(shift_id), sees_cash=actor.may(Right.EXPECTED_CASH))


@changes("/shifts", ShiftIn, _show_shift, "Open a register with a float", ShiftOut)
def post_shift(call: Call, body: ShiftIn) -> None:
    """Open a shift."""
    shifts.open_shift(body.at_register, body.float, call.actor, call.at, call.request)


@reads("/shifts/current", "The register's shift that is not closed", ShiftOut, (("register", "code"),))
def get_current_shift(actor: Actor) -> View:
    """Return the open shift."""
    register = argument("register") or actor.register
    if register is None:
        raise ValidationError(FieldError("register", N_("Name a register.")))
    actor.at(register)
    return registers.current_shift(register)


@changes("/shifts/<shift_id>/cash", CashIn, _show_cash, "Cash in or out", CashOut)
def post_cash(call: Call, body: CashIn, shift_id: str) -> None:
    """Put cash in or take it out."""
    cash.move_cash(shift_id, body.direction, body.amount, body.reason, call.actor, call.at, call.request)


@changes("/shifts/<shift_id>/drawer", DrawerIn, _show_cash, "Open the drawer without a sale", CashOut)
def post_drawer(call: Call, body: DrawerIn, shift_id: str) -> None:
    """Open the drawer."""
    cash.open_drawer(shift_id, body.reason, call.actor, call.at, call.request)


@changes(
    "/shifts/<shift_id>/count", CountIn, _show_count, "Fix the count, then learn what was expected", CountOut
)
def post_count(call: Call, body: CountIn, shift_id: str) -> None:
    """Fix the count."""
    shifts.count(shift_id, body.counted, call.actor, call.at, call.request)


def _fix_count(call: Call, body: CloseIn, shift_id: str) -> None:
    shifts.fix_count_for_close(shift_id, body.counted, call.actor, call.at, call.request)


@changes(
    "/shifts/<shift_id>/close",
    CloseIn,
    _show_report,
    "Close the shift; the Z report",
    ReportOut,
    before=_fix_count,
)
def post_close(call: Call, body: CloseIn, shift_id: str) -> None:
    """Close the shift. The count stays fixed even when the close is then refused."""
    shifts.close_shift(shift_id, body.reason, call.actor, call.at, call.request)


@reads("/shifts/<shift_id>/report", "X while open, Z once closed", ReportOut)
def get_report(actor: Actor, shift_id: str) -> View:
    """Return the report as the caller may see it."""
    view = registers.shift_view(shift_id)
    if not actor.may(Right.SEE_REPORTS):
        actor.need(Right.COUNT)
        actor.at(view["register"])
    return _show_report(actor, shift_id)


@reads("/reports/day", "The business day", DayOut, (("date", "business date"), ("outlet", "code")))
def get_day(actor: Actor) -> View:
    """Return the day's shifts and their sums."""
    actor.need(Right.SEE_REPORTS)
    on = date_argument("date") or business_date(clock.now(), *first_place())
    return registers.day_report(on, argument("outlet"))


def _show_clock(actor: Actor, made: str, register: str) -> View:
    return {"id": made, "register": register, "at": clock.iso(clock.now())}


@changes("/registers/<register>/clock", ClockIn, _show_clock, "Confirm that date and time are right")
def confirm_clock(call: Call, body: ClockIn, register: str) -> None:
    """Confirm the clock after it jumped."""
    shifts.confirm_clock(register, call.actor, call.at, call.request)
