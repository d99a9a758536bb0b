"""How things stand at a till, in words a cashier understands: printer, QRIS, the date.

Composed here and not in the script: the page stays small, and the words are those of the reader's language.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import current_app
from flask_babel import get_locale, gettext

from pos.errors import N_
from pos.payments.standing import NO_KEYS, NO_MERCHANT, Standing, standing
from pos.queries import till as queries
from pos.queries.shop import shop
from pos.web.printing import printer_state

PRINTER = {
    "ok": N_("Printer ready"),
    "paper_low": N_("Paper is running out"),
    "paper_out": N_("Printer out of paper"),
    "away": N_("Printer does not answer"),
    "cover_open": N_("Printer cover is open"),
    "silent": N_("Printer connected, it can't report its paper"),
    "error": N_("Printer has an error"),
    "offline": N_("Printer is not ready"),
    "unasked": N_("Printer is being asked"),
    "none": N_("No printer"),
    "screen": N_("Receipts come to the screen"),
}
"""Each state of a printer in a few words."""

TROUBLE = {
    "away": N_("The printer does not answer; the receipt prints when it is back."),
    "cover_open": N_("The printer's cover is open; the receipt prints once it is closed."),
    "error": N_("The printer is not ready; the receipt prints once it is. Look at its lights."),
    "offline": N_("The printer is not ready; the receipt prints once it is. Look at its lights."),
    "paper_out": N_("The printer is out of paper; the receipt prints once there is paper."),
}
"""A sentence for each state in which the receipt does not come out now."""


def status_line(register: str, shift: dict[str, Any] | None, at: datetime) -> dict[str, Any]:
    """Return the printer, the words of the status line, and those of them that are trouble."""
    printer = printer_state(register)
    state = printer["state"]
    trouble = gettext(TROUBLE[state]) if state in TROUBLE else ""
    provider, provider_bad = _provider(standing(current_app.extensions["qris"], shop().merchant_qris))
    printer_words = gettext(PRINTER[state])
    bad = [words for words, wrong in ((printer_words, bool(trouble)), (provider, provider_bad)) if wrong]
    words = [printer_words, provider, _date(register, shift, at)]
    return {
        "printer": {**printer, "trouble": trouble},
        "line": [one for one in words if one],
        "bad": bad,
    }


def _provider(stands: Standing) -> tuple[str, bool]:
    """Return what there is to say about QRIS, and whether that is trouble."""
    if stands.trouble == NO_MERCHANT:
        return gettext("QRIS is not set up"), False
    if stands.trouble == NO_KEYS:
        return gettext("QRIS can't be used here"), True
    if not stands.ok:
        return gettext("QRIS does not answer"), True
    if stands.provider == "simulator":
        return gettext("QRIS is pretended"), False
    if stands.sandbox:
        return gettext("QRIS on trial, no real money"), False
    return ("", False) if stands.provider == "static" else (gettext("QRIS ready"), False)


def _date(register: str, shift: dict[str, Any] | None, at: datetime) -> str:
    today = at.astimezone(ZoneInfo(queries.place_of(register)[1])).date()
    words = _day(today)
    business = date.fromisoformat(str(shift["business_date"])) if shift else today
    if business == today:
        return words
    return str(gettext("%(today)s, business day %(day)s", today=words, day=_day(business)))


def _day(day: date) -> str:
    words = str(format_date(day, "EEE d MMM", locale=str(get_locale() or "id")))
    return words.replace(" ", "\u00a0")  # a day is not broken over two lines
