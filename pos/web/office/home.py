"""The first page: today at a glance, and what needs a person."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, current_app, render_template
from flask_babel import gettext

from pos import board, clock
from pos.domain.rights import Right
from pos.doors import identity
from pos.queries import lots, office
from pos.settings import Settings
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
    settings: Settings = current_app.config["SETTINGS"]
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


@bp.get("/")
def index() -> str:
    """Today's takings for those who see reports; what waits for whoever may do something about it."""
    actor = identity.need(Right.SEE_PRODUCTS)
    reports = actor.may(Right.SEE_REPORTS)
    registers = (
        office.day_at_registers(clock.now(), with_cash=actor.may(Right.EXPECTED_CASH)) if reports else []
    )
    places: dict[str, list[office.RegisterToday]] = {}
    for register in registers:
        places.setdefault(register.outlet_name, []).append(register)
    stock = actor.may(Right.SEE_STOCK)
    today = show.local_day()
    return render_template(
        "office/home.html",
        today=show.today(),
        places=places,
        net=sum(register.net for register in registers),
        sales=sum(register.sales for register in registers),
        waits=office.waits(actor.register) if actor.may(Right.SEE_SALES) else None,
        low=lots.low(today) if stock else None,
        expiring=lots.expiring(today + timedelta(days=lots.SOON_DAYS)) if stock else None,
        expired_before=today,
        printers=printers(),
        money=payment_words.due(actor) if actor.may(Right.SEE_SALES) else None,
        stands=payment_words.stands(),
        words=payment_words,
    )
