"""A cashier gets into the drawer when the paper is out, and a pulse is never kept for later."""

from collections.abc import Iterator

import pytest

from printers.config import PrinterConfig
from printers.delivery import Delivery, deliver
from printers.drawer import drawer_pulse, drawer_pulse_now
from printers.models import PrinterModel
from printers.transports import connect
from printers.transports.habits import Habits
from tests.escpos_reader import read
from tests.fake_printer import FakePrinter

TIMEOUT = 0.6


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    Habits.forget_all()
    yield
    Habits.forget_all()


def config(printer: FakePrinter, **model: object) -> PrinterConfig:
    return PrinterConfig(
        "kasir",
        host=printer.host,
        port=printer.port,
        timeout=TIMEOUT,
        model=PrinterModel(**model),  # type: ignore[arg-type]
    )


def pulse(printer: FakePrinter, **model: object) -> Delivery:
    settings = config(printer, **model)
    return deliver(
        connect(settings),
        settings.drawer_pulse,
        timeout=TIMEOUT,
        when_stopped=settings.drawer_pulse_now,
    )


def test_the_pulse_is_that_of_the_record() -> None:
    assert drawer_pulse() == b"\x1bp\x00\x32\x32"
    assert drawer_pulse(5, 200, 400) == b"\x1bp\x01\x64\xc8"
    assert drawer_pulse_now() == b"\x10\x14\x01\x00\x01"
    assert drawer_pulse_now(5, 260) == b"\x10\x14\x01\x01\x03"
    assert read(drawer_pulse(5)).pulses == [5]
    for bad in (0, 1, 3, 6):
        with pytest.raises(ValueError, match="pin 2 or 5"):
            drawer_pulse(bad)


@pytest.mark.parametrize("milliseconds", [2, 50, 100, 510])
def test_no_pulse_is_endless_or_too_long_for_its_command(milliseconds: int) -> None:
    assert 1 <= drawer_pulse(2, milliseconds, milliseconds)[3] <= 255
    assert 1 <= drawer_pulse_now(2, milliseconds)[4] <= 8


@pytest.mark.parametrize("mode", ["paper-out", "cover", "offline"])
def test_a_printer_that_obeys_at_once_opens_the_drawer_without_paper(mode: str) -> None:
    with FakePrinter(mode) as printer:
        ended = pulse(printer, realtime_pulse=True)
        printer.wait_until_idle()
    assert (ended.outcome, ended.confirmed) == ("printed", False)
    assert printer.printed == drawer_pulse_now()
    assert ended.status is not None
    assert ended.status.trouble, "the till still shows that there is no paper"


@pytest.mark.parametrize("mode", ["paper-out", "cover", "offline", "error"])
def test_a_printer_that_might_keep_the_pulse_for_later_is_not_sent_one(mode: str) -> None:
    with FakePrinter(mode) as printer:
        ended = pulse(printer)
        printer.wait_until_idle()
    assert (ended.outcome, ended.bytes_written) == ("not_sent", 0)
    assert printer.printed == b""


def test_a_printer_with_an_error_ignores_pulses_and_is_not_sent_one() -> None:
    with FakePrinter("error") as printer:
        assert pulse(printer, realtime_pulse=True).outcome == "not_sent"
    assert printer.printed == b""


def test_a_printer_that_is_well_is_sent_the_pulse_that_waits_its_turn() -> None:
    with FakePrinter() as printer:
        assert pulse(printer, realtime_pulse=True, drawer_pin=5).confirmed
        printer.wait_until_idle()
    assert printer.printed == drawer_pulse(5)


def test_a_receipt_is_never_sent_in_the_pulse_s_place() -> None:
    with FakePrinter("paper-out") as printer:
        settings = config(printer, realtime_pulse=True)
        ended = deliver(connect(settings), b"receipt\n", timeout=TIMEOUT)
    assert (ended.outcome, printer.printed) == ("not_sent", b"")


def test_a_printer_without_a_socket_has_no_drawer() -> None:
    none = PrinterConfig("a", registers=("K1",), drawer="K1", model=PrinterModel(drawer_pin=0))
    assert (none.drawer_register, none.drawer_pulse, none.drawer_pulse_now) == ("", b"", b"")
