"""What a printer says, or cannot say, is the same at every place that shows it."""

from dataclasses import replace
from typing import Any

import pytest

from pos import board, clock
from pos.settings import Settings
from pos.web import till_status
from pos.web.printing import printer_state
from printers.config import PrinterConfig
from printers.status import PrinterStatus
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office


def told(**words: Any) -> PrinterStatus:
    return PrinterStatus(answered=True, **words)


AWAY = PrinterStatus(unavailable="unreachable", online=False)
SAID = (
    # what is heard, its words in English and Indonesian, the till's state, the figure of metrics, the badge
    (told(online=True, paper="ok"), "ready", "siap", "ok", "1.0", "good"),
    (told(online=True, paper="low"), "paper low", "kertas hampir habis", "paper_low", "1.0", "good"),
    (told(online=False, paper="out"), "out of paper", "kertas habis", "paper_out", "0.0", "warn"),
    (told(online=False, cover="open"), "cover open", "tutup terbuka", "cover_open", "0.0", "warn"),
    (told(online=False, error=True), "has an error", "ada gangguan", "error", "0.0", "warn"),
    (told(online=False), "offline", "tidak siap (offline)", "offline", "0.0", "warn"),
    (AWAY, "cannot be reached", "tidak dapat dihubungi", "away", "0.0", "warn"),
    (PrinterStatus(cannot_answer=True), "cannot say how it is", "tidak bisa melapor", "silent", "0.0", ""),
    (PrinterStatus(), "does not say", "tidak melapor", "silent", "0.0", ""),
)  # fmt: skip


@pytest.fixture
def printing(shop: Shop) -> Shop:
    """The shop with a printer of K1, of which nothing was heard yet."""
    settings: Settings = shop.app.config["SETTINGS"]
    # Not the id of an object: Python gives it again to a later one.
    name = f"says-{new_id()}"
    listed = ({"name": name, "registers": ["K1"]},)
    shop.app.config["SETTINGS"] = replace(settings, printers=(PrinterConfig(name, ("K1",)),), listed=listed)
    return shop


def name_of(shop: Shop) -> str:
    printer: PrinterConfig = shop.app.config["SETTINGS"].printers[0]
    return printer.name


@pytest.mark.parametrize(("status", "words", "kata", "till", "figure", "badge"), SAID)
def test_every_place_says_the_same_of_a_printer(
    printing: Shop,
    office: Office,
    status: PrinterStatus,
    words: str,
    kata: str,
    till: str,
    figure: str,
    badge: str,
) -> None:
    board.note(name_of(printing), status, clock.now())
    (ready,) = printing.get("/readyz", who=None)["printers"]
    assert (ready["says"], ready["paper"], ready["cannot_answer"]) == (
        words,
        status.paper,
        status.cannot_answer,
    )
    metrics = printing.get("/metrics", who=None).content.decode()
    assert f'karya_printer_online{{printer="{name_of(printing)}"}} {figure}' in metrics
    with printing.app.app_context():
        assert printer_state("K1")["state"] == till
    manager = office("Manajer")
    for page in ("printing/", "devices/printers/"):
        manager.see(page)
        assert f'badge {badge}">{words}<' in manager.source, page
    manager.client.set_cookie("pos_language", "id")
    assert kata in manager.see("printing/")


def test_a_printer_nobody_asked_yet_is_neither_good_nor_bad(printing: Shop) -> None:
    (ready,) = printing.get("/readyz", who=None)["printers"]
    assert (ready["says"], ready["answers"], ready["cannot_answer"], ready["paper"]) == (
        "was not asked yet", None, None, "unknown",
    )  # fmt: skip
    with printing.app.app_context():
        assert printer_state("K1")["state"] == "unasked"
        assert printer_state("G1")["state"] == "none"


def test_every_state_of_the_till_has_words_of_its_own() -> None:
    for state in {row[3] for row in SAID} | {"unasked", "none", "screen"}:
        assert state in till_status.PRINTER, state
    assert set(till_status.TROUBLE) == {row[3] for row in SAID if row[5] == "warn"}
