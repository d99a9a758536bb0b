"""Printers as people read them: what each says, choices of its form, questions after its test page."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from pos import board
from pos.errors import N_
from pos.web.office import show
from printers.models import PrinterModel
from printers.status import PrinterStatus

CONNECTIONS = {
    "network": N_("Network"),
    "usb": N_("USB"),
    "serial": N_("Serial or Bluetooth"),
    "cups": N_("CUPS queue"),
    "file": N_("Device or file"),
}
SOURCES = {
    "settings": N_("settings file"),
    "office": N_("back office"),
    "both": N_("back office, over the settings file"),
}
FLOW = {"xonxoff": N_("XON/XOFF"), "rtscts": N_("RTS/CTS"), "none": N_("none (flow control)")}
PAPER = {"ok": N_("enough"), "low": N_("nearly used up"), "out": N_("used up")}
COVER = {"closed": N_("closed"), "open": N_("open")}
CANT_SAY = N_("can't say")


@dataclass(frozen=True, slots=True)
class Question:
    """Something to look at on the test page, and what helps where it is wrong."""

    name: str
    asks: str
    advice: tuple[str, ...]


QUESTIONS = (
    Question(
        "width",
        N_("Step 1: does the ruler fill one line exactly, from edge to edge?"),
        (
            N_("The ruler went on to a second line: choose fewer columns, 32 for 58 mm paper."),
            N_("Paper was left free on the right: choose more columns, 48 for 80 mm paper, or 42."),
            N_("Or choose the record of this very model; it knows the width."),
        ),
    ),
    Question(
        "letters",
        N_("Step 2: are all letters as they are named beside them?"),
        (
            N_("Choose the record of this model: its code page is another one."),
            N_("Single question marks are harmless; the shop's own texts need none of these letters."),
        ),
    ),
    Question(
        "qr",
        N_("Step 4: does a phone read the QR code, and does it say this printer's name?"),
        (
            N_("No code, or letters in its place: let us draw it, QR code as a picture."),
            N_("The picture is torn or striped: let the printer draw it, if its record says that it can."),
            N_("Pale: look at the paper's side and at the print density of the printer."),
        ),
    ),
    Question(
        "drawer",
        N_("Step 6: did the drawer open once? Say yes where the page says that there is none."),
        (
            N_("Choose the other pin of the drawer's plug: 5 in place of 2."),
            N_(
                "Look at the drawer's lock and at its cable: "
                "the plug goes into the printer, not into the network."
            ),
            N_("No drawer hangs here: choose no drawer, so that no till waits for one."),
        ),
    ),
    Question(
        "cut",
        N_("Step 7: is the paper cut, or to be torn off, below the last word?"),
        (
            N_("This printer has a tear bar: choose that it has no cutter."),
            N_("It cuts through the text: choose the record of this model, which feeds far enough."),
        ),
    ),
)


def says(name: str) -> tuple[str, bool | None, list[tuple[str, str]]]:
    """Return a printer's last words, whether they are good, and what it says of each of its parts."""
    heard = board.heard(name)
    if heard is None:
        return gettext("was not asked yet"), None, []
    status = heard.status
    return (
        gettext(status.words),
        status.verdict,
        [*_parts(status), (gettext("Asked"), show.clock_time(heard.at))],
    )


def _parts(status: PrinterStatus) -> list[tuple[str, str]]:
    reached = status.unavailable != "unreachable"
    online = {True: N_("yes"), False: N_("no"), None: CANT_SAY}[status.online if reached else False]
    known = status.answered and reached
    return [
        (gettext("Online"), gettext(online)),
        (gettext("Cover"), gettext(COVER.get(status.cover, CANT_SAY))),
        (gettext("Paper"), gettext(PAPER.get(status.paper, CANT_SAY))),
        (gettext("Error"), gettext(N_("yes") if status.error else N_("no") if known else CANT_SAY)),
    ]


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return choices as a select wants them."""
    return [(value, gettext(text)) for value, text in words.items()]


def models(known: Mapping[str, PrinterModel]) -> list[tuple[str, str]]:
    """Return the printer records to choose from; the first: none, by the columns alone."""
    named = sorted(known.values(), key=lambda model: model.title.lower())
    return [("", gettext("Not in this list")), *((model.name, _named(model)) for model in named)]


def _named(model: PrinterModel) -> str:
    return f"{model.title} · {gettext('%(count)s columns', count=model.columns)}"
