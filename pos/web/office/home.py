"""The first page: today at a glance, and what needs a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template
from flask_babel import gettext

from pos import board, clock
from pos.domain.rights import Right
from pos.doors import identity, machine
from pos.queries import lots, office
from pos.queries.today import WEEK
from pos.queries.today import today as figures
from pos.web.office import payment_words, show

bp = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class PrinterView:
    """A printer of this machine and its last words."""

    name: str
    registers: tuple[str, ...]
    connection: str
    columns: int
    words: str
    good: bool | None
    asked: str


def printers() -> list[PrinterView]:
    """Return this machine's printers with what each last said."""
    settings = machine.settings()
    found = []
    for printer in settings.printers:
        heard = board.heard(printer.name)
        found.append(
            PrinterView(
                printer.name,
                printer.registers,
                f"{printer.connection} {printer.address}".strip(),
                printer.columns,
                gettext(heard.status.words) if heard else gettext("was not asked yet"),
                heard.status.verdict if heard else None,
                show.clock_time(heard.at) if heard else "",
            )
        )
    return found


ANSWERS = timedelta(minutes=2)
"""A till or kiosk that is on asks every few seconds; one that was silent for so long is off or away."""


@dataclass(frozen=True, slots=True)
class Device:
    """A till or kiosk and when it was heard of last."""

    register: office.RegisterToday
    on: bool
    seen_at: datetime | None

    @property
    def missed(self) -> bool:
        """Whether somebody should look: its shift is open and it is silent."""
        return not self.on and self.register.shift is not None


def devices(registers: list[office.RegisterToday], at: datetime) -> list[Device]:
    """Return the registers in use with when each was seen: by this machine, else by its last entry."""
    found = []
    for register in registers:
        seen = board.last_seen(register.code)
        known = [when for when in (seen, register.last_at) if when is not None]
        on = seen is not None and at - seen < ANSWERS
        if register.active:
            found.append(Device(register, on, max(known, default=None)))
    return found


def hour_span(hour: int) -> str:
    """Write an hour of the clock from its beginning to its end."""
    mark = "." if show.locale() == "id" else ":"
    return f"{hour:02d}{mark}00–{(hour + 1) % 24:02d}{mark}00"


@bp.get("/")
def index() -> str:
    """Today's takings for those who see reports; what waits for whoever may do something about it."""
    actor = identity.need(Right.SEE_PRODUCTS)
    reports = actor.may(Right.SEE_REPORTS)
    at, cash = clock.now(), actor.may(Right.EXPECTED_CASH)
    registers = office.day_at_registers(at, with_cash=cash) if reports else []
    places: dict[str, list[office.RegisterToday]] = {}
    for register in registers:
        places.setdefault(register.outlet_name, []).append(register)
    stock = actor.may(Right.SEE_STOCK)
    today = show.local_day()
    drawers = [one.expected_cash for one in registers if one.kind == "till" and one.expected_cash is not None]
    return render_template(
        "office/home.html",
        today=show.today(),
        before=show.today() - WEEK,
        places=places,
        # What was taken tells what is in a drawer: only those see it who may see that before the count.
        figures=figures(at) if reports and cash else None,
        drawers=drawers if cash else None,
        devices=devices(registers, at),
        day_of=lambda on: show.day(on, "EEEE, d MMM"),
        hour_span=hour_span,
        waits=office.waits(actor.register) if actor.may(Right.SEE_SALES) else None,
        low=lots.low(today) if stock else None,
        expiring=lots.expiring(today + timedelta(days=lots.SOON_DAYS)) if stock else None,
        expired_before=today,
        printers=printers(),
        money=payment_words.due(actor) if actor.may(Right.SEE_SALES) else None,
        stands=payment_words.stands(),
        words=payment_words,
    )
