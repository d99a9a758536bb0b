"""Printers on serial lines, on real pseudo terminals; and printer ports, whose status the system knows."""

import os
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from printers.config import PrinterConfig
from printers.delivery import Delivery, deliver, query
from printers.layout import Paper
from printers.render import to_escpos
from printers.status import PrinterStatus
from printers.transports import connect, file
from printers.transports.habits import Habits
from tests.printers.mind import Mind
from tests.printers.pty_printer import PtyPrinter
from tests.printers.samples import everything, receipt

SMALL = to_escpos(receipt(), Paper.of(32))
LARGE = to_escpos(everything(), Paper.of(48)) * 20
TIMEOUT = 0.5


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Pseudo terminals have the same few names again and again."""
    Habits.forget_all()
    yield
    Habits.forget_all()


def config(path: str, **options: object) -> PrinterConfig:
    given: dict[str, object] = {"baud_rate": 115_200, "timeout": TIMEOUT, **options}
    return PrinterConfig("kasir", connection="serial", path=path, **given)  # type: ignore[arg-type]


def send(printer: PtyPrinter, payload: bytes = SMALL, **options: object) -> Delivery:
    settings = config(printer.path, **options)
    return deliver(connect(settings), payload, timeout=settings.timeout)


@pytest.mark.parametrize("tells_end", [False, True])
def test_a_receipt_goes_over_a_serial_line_and_is_confirmed(tells_end: bool) -> None:
    with PtyPrinter(Mind(tells_end=tells_end)) as printer:
        ended = send(printer)
        assert (ended.outcome, ended.confirmed, ended.bytes_written) == ("printed", True, len(SMALL))
        assert printer.wait_for(len(SMALL)) == SMALL


def test_every_byte_arrives_as_it_is() -> None:
    every = bytes(range(256)).replace(b"\x10", b"") * 4
    with PtyPrinter(Mind("mute")) as printer:
        assert send(printer, every).outcome == "printed"
        assert printer.wait_for(len(every)) == every


def test_a_large_job_goes_at_the_pace_of_the_line() -> None:
    with PtyPrinter(Mind(tells_end=True), rate=20_000) as printer:
        ended = send(printer, SMALL * 20)
        assert (ended.outcome, ended.confirmed) == ("printed", True)
        assert printer.wait_for(1) == SMALL * 20


def test_the_line_is_set_up_as_the_settings_say() -> None:
    with PtyPrinter(Mind()) as printer:
        transport = connect(config(printer.path, baud_rate=19_200))
        transport.open()
        attributes = termios.tcgetattr(transport._file)  # type: ignore[attr-defined]
        assert attributes[5] == termios.B19200
        assert attributes[0] & termios.IXON, "the printer may hold us back"
        assert not attributes[3] & (termios.ICANON | termios.ECHO)
        transport.close()
        transport = connect(config(printer.path, flow_control="none"))
        transport.open()
        assert not termios.tcgetattr(transport._file)[0] & termios.IXON  # type: ignore[attr-defined]
        transport.close()


def test_a_printer_that_never_answers_prints_unconfirmed() -> None:
    with PtyPrinter(Mind("mute")) as printer:
        ended = send(printer)
        assert (ended.outcome, ended.confirmed) == ("printed", False)
        assert printer.wait_for(len(SMALL)) == SMALL


@pytest.mark.parametrize(("mode", "reason"), [("paper-out", "paper_out"), ("cover", "cover_open")])
def test_a_printer_in_trouble_is_sent_nothing(mode: str, reason: str) -> None:
    with PtyPrinter(Mind(mode)) as printer:
        ended = send(printer)
        assert (ended.outcome, ended.reason, ended.bytes_written) == ("not_sent", reason, 0)
        assert printer.mind.kept == b""


def test_an_adapter_that_is_not_plugged_in_is_sent_nothing_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    ended = deliver(connect(config(str(tmp_path / "ttyUSB0"))), SMALL, timeout=TIMEOUT)
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    assert time.monotonic() - began < TIMEOUT
    assert query(config(str(tmp_path / "ttyUSB0"))).trouble == "unreachable"


def test_something_that_is_no_serial_line_is_sent_nothing(tmp_path: Path) -> None:
    plain = tmp_path / "file"
    plain.write_bytes(b"")
    ended = deliver(connect(config(str(plain))), SMALL, timeout=TIMEOUT)
    assert (ended.outcome, ended.bytes_written) == ("not_sent", 0)
    assert plain.read_bytes() == b""


def test_a_line_that_another_program_holds_is_waited_for() -> None:
    with PtyPrinter(Mind()) as printer:
        other = serial.Serial(printer.path, exclusive=True)
        assert send(printer).outcome == "not_sent"
        letting_go = threading.Timer(0.2, other.close)
        letting_go.start()
        assert send(printer).confirmed
        letting_go.join()


@pytest.mark.parametrize("mute", [False, True])
@pytest.mark.parametrize("at", [1, 300])
def test_an_adapter_that_is_pulled_out_while_printing_leaves_the_job_unknown(at: int, mute: bool) -> None:
    with PtyPrinter(Mind("mute" if mute else "normal"), goes_at=at) as printer:
        ended = send(printer, LARGE)
    assert (ended.outcome, ended.reason) == ("unknown", "broken")
    assert ended.bytes_written >= at


def test_a_printer_that_stops_taking_leaves_the_job_unknown() -> None:
    with PtyPrinter(Mind("mute"), stops_at=500) as printer:
        began = time.monotonic()
        ended = send(printer, LARGE)
        assert (ended.outcome, ended.reason) == ("unknown", "stalled")
        assert 500 <= ended.bytes_written < len(LARGE)
        assert time.monotonic() - began < 5 * TIMEOUT


@pytest.mark.parametrize(("mode", "reason"), [("silent", "silent"), ("paper-out-at", "paper_out")])
@pytest.mark.parametrize("tells_end", [False, True])
def test_what_happens_while_printing_is_noticed(mode: str, reason: str, tells_end: bool) -> None:
    with PtyPrinter(Mind(mode, after=200, tells_end=tells_end)) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, reason)


def test_a_line_is_used_again_after_a_fault() -> None:
    with PtyPrinter(Mind("cover")) as printer:
        transport = connect(config(printer.path))
        assert deliver(transport, SMALL, timeout=TIMEOUT).outcome == "not_sent"
        printer.mind.mode = "normal"
        assert deliver(transport, SMALL, timeout=TIMEOUT).confirmed
        assert query(config(printer.path)).words == "ready"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[PtyPrinter]:
    """A printer port as Linux has them under /dev/usb; its status byte is invented, its bytes are real."""
    with PtyPrinter(Mind("mute")) as printer:
        monkeypatch.setattr(file, "port_status", lambda _: 0x18)
        yield printer


def on_port(printer: PtyPrinter) -> PrinterConfig:
    return PrinterConfig("kasir", connection="file", path=printer.path, timeout=TIMEOUT)


def test_a_printer_port_that_knows_of_no_paper_is_sent_nothing(
    port: PtyPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert query(on_port(port)).words == "does not say"
    ended = deliver(connect(on_port(port)), SMALL, timeout=TIMEOUT)
    assert (ended.outcome, ended.confirmed) == ("printed", False)
    monkeypatch.setattr(file, "port_status", lambda _: 0x38)
    assert query(on_port(port)).words == "out of paper"
    ended = deliver(connect(on_port(port)), SMALL, timeout=TIMEOUT)
    assert (ended.outcome, ended.reason) == ("not_sent", "paper_out")
    assert port.wait_for(len(SMALL)) == SMALL


def test_a_printer_on_a_port_that_answers_is_asked_itself(port: PtyPrinter) -> None:
    port.mind.mode, port.mind.tells_end = "normal", True
    assert deliver(connect(on_port(port)), SMALL, timeout=TIMEOUT).confirmed
    port.mind.mode = "low"
    assert query(on_port(port)).words == "paper low"


def test_a_device_that_is_no_port_is_only_written_to() -> None:
    assert file.port_status(os.open("/dev/null", os.O_WRONLY)) is None
    ended = deliver(connect(PrinterConfig("a", connection="file", path="/dev/null")), SMALL, timeout=TIMEOUT)
    assert (ended.outcome, ended.confirmed, ended.status) == (
        "printed",
        False,
        PrinterStatus(cannot_answer=True),
    )
