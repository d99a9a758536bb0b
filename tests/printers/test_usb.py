"""Printers on USB, with a backend of pyusb that fails the way cables and cheap printers do."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import usb.core

from printers.config import PrinterConfig
from printers.delivery import AFTER, BEFORE, Delivery, deliver, query
from printers.layout import Paper
from printers.models import PrinterModel
from printers.render import to_escpos
from printers.transports import connect
from printers.transports.habits import Habits
from printers.transports.usb import UsbTransport, plugged_in
from tests.printers.fake_usb import PACKET, Backend, UsbPrinter
from tests.printers.mind import Mind
from tests.printers.samples import receipt

SMALL = to_escpos(receipt(), Paper.of(32))
TIMEOUT = 0.4


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    Habits.forget_all()
    yield
    Habits.forget_all()


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Backend]:
    """Puts printers on the bus."""

    def put(*printers: UsbPrinter) -> Backend:
        backend = Backend(*printers)
        monkeypatch.setattr(UsbTransport, "backend", backend)
        return backend

    return put


def config(product: int = 0x0202, serial: str = "", **model: object) -> PrinterConfig:
    return PrinterConfig(
        "kasir",
        connection="usb",
        vendor_id=0x04B8,
        product_id=product,
        serial_number=serial,
        timeout=TIMEOUT,
        model=PrinterModel(**model),  # type: ignore[arg-type]
    )


def send(payload: bytes = SMALL, settings: PrinterConfig | None = None) -> Delivery:
    settings = settings or config()
    return deliver(connect(settings), payload, timeout=settings.timeout)


@pytest.mark.parametrize(("out", "back"), [(0x01, 0x82), (0x02, 0x81), (0x03, 0x81)])
def test_a_printer_is_found_by_its_numbers_and_its_pipes_by_what_it_describes(
    plug: Callable[..., Backend], out: int, back: int
) -> None:
    printer = UsbPrinter(Mind(), out=out, back=back)
    backend = plug(UsbPrinter(Mind(), product=0x9999), printer)
    ended = send()
    assert (ended.outcome, ended.confirmed, ended.bytes_written) == ("printed", True, len(SMALL))
    assert bytes(printer.mind.kept) == SMALL
    assert not printer.driver, "the system's own driver let go"
    assert not printer.claimed
    assert backend.open_handles == 0


def test_a_clone_of_the_vendors_own_class_is_used_too(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind(), kind=0xFF)
    plug(printer)
    assert send().confirmed


def test_a_device_that_is_no_printer_is_sent_nothing(plug: Callable[..., Backend]) -> None:
    plug(UsbPrinter(Mind(), kind=8))
    ended = send()
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")


def test_of_two_alike_the_serial_number_chooses(plug: Callable[..., Backend]) -> None:
    first, second = UsbPrinter(Mind(), serial="AAA1"), UsbPrinter(Mind(), serial="AAA2")
    plug(first, second)
    assert send(settings=config(serial="AAA2")).confirmed
    assert (bytes(first.mind.kept), bytes(second.mind.kept)) == (b"", SMALL)
    ended = send(settings=config(serial="AAA3"))
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    assert "AAA3" in ended.detail


def test_no_wait_is_ever_without_an_end(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind(tells_end=True))
    plug(printer)
    assert send().confirmed
    assert printer.timeouts
    assert min(printer.timeouts) > 0


def test_a_printer_that_is_plugged_out_is_sent_nothing_until_it_is_back(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind())
    plug(printer)
    transport = connect(config())
    assert deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True).confirmed
    printer.unplug()
    ended = deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True)
    assert (ended.outcome, ended.bytes_written) == ("not_sent", 0)
    ended = deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True)
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    printer.plug_in()
    assert deliver(transport, SMALL, timeout=TIMEOUT).confirmed
    assert bytes(printer.mind.kept) == SMALL * 2


@pytest.mark.parametrize("mute", [False, True])
def test_a_printer_that_goes_with_the_first_packet_is_sent_nothing(
    plug: Callable[..., Backend], mute: bool
) -> None:
    printer = UsbPrinter(Mind("mute" if mute else "normal"))
    printer.goes_at = 0
    plug(printer)
    ended = send()
    assert (ended.outcome, ended.bytes_written) == ("not_sent", 0)
    assert printer.mind.kept == b""


@pytest.mark.parametrize("mute", [False, True])
@pytest.mark.parametrize("at", [1, PACKET + 1, PACKET * 3])
def test_a_printer_that_goes_later_leaves_the_job_unknown(
    plug: Callable[..., Backend], at: int, mute: bool
) -> None:
    printer = UsbPrinter(Mind("mute" if mute else "normal"))
    printer.goes_at = at
    plug(printer)
    ended = send()
    assert (ended.outcome, ended.reason) == ("unknown", "broken")
    assert ended.bytes_written > 0
    assert ended.error == AFTER["broken"]


def test_a_stalled_pipe_is_opened_again_for_the_next_job(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind())
    printer.stalls_at = 100
    plug(printer)
    assert (send().outcome, send().outcome) == ("unknown", "not_sent")
    printer.stalls_at = None
    assert send().confirmed


def test_a_printer_that_takes_nothing_is_sent_nothing(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind("mute"))
    printer.room = 0
    plug(printer)
    began = time.monotonic()
    ended = send()
    assert (ended.outcome, ended.reason, ended.bytes_written) == ("not_sent", "stalled", 0)
    assert time.monotonic() - began < 2.0


def test_a_printer_that_stops_taking_leaves_the_job_unknown_with_what_it_took(
    plug: Callable[..., Backend],
) -> None:
    printer = UsbPrinter(Mind("mute"))
    printer.room = 5 * PACKET
    plug(printer)
    ended = send(SMALL * 5)
    assert (ended.outcome, ended.reason) == ("unknown", "stalled")
    assert ended.bytes_written == len(printer.mind.kept) > 0


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("paper-out", "paper_out"), ("cover", "cover_open"), ("error", "error"), ("offline", "offline")],
)
def test_a_printer_in_trouble_is_sent_nothing(plug: Callable[..., Backend], mode: str, reason: str) -> None:
    printer = UsbPrinter(Mind(mode))
    plug(printer)
    ended = send()
    assert (ended.outcome, ended.reason, ended.error) == ("not_sent", reason, BEFORE[ended.reason])
    assert printer.mind.kept == b""


@pytest.mark.parametrize(("mode", "reason"), [("silent", "silent"), ("paper-out-at", "paper_out")])
@pytest.mark.parametrize("tells_end", [False, True])
def test_what_happens_while_printing_is_noticed(
    plug: Callable[..., Backend], mode: str, reason: str, tells_end: bool
) -> None:
    plug(UsbPrinter(Mind(mode, after=200, tells_end=tells_end)))
    ended = send()
    assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, reason)


def test_a_printer_that_says_when_it_is_done_is_believed(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind(tells_end=True))
    plug(printer)
    assert send().confirmed
    assert len(printer.mind.marks) == 2, "asked once whether it tells, and told once"


def test_a_printer_without_a_way_back_cannot_answer(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind(), back=None)
    plug(printer)
    ended = send()
    assert (ended.outcome, ended.confirmed) == ("printed", False)
    assert query(config()).words == "cannot say how it is"


@pytest.mark.parametrize(
    ("byte", "words"),
    [
        (0x18, "does not say"),
        (0x38, "out of paper"),
        (0x20, "out of paper"),
        (0xFF, "does not say"),
        (0, "does not say"),
    ],
)
def test_a_printer_that_does_not_answer_may_tell_of_paper_by_its_port(
    plug: Callable[..., Backend], byte: int, words: str
) -> None:
    plug(UsbPrinter(Mind("mute"), port_status=byte))
    assert query(config()).words == words
    ended = send()
    assert (ended.outcome, ended.confirmed) == ("not_sent" if words == "out of paper" else "printed", False)


def test_a_printer_that_another_program_holds_is_waited_for(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind())
    printer.held_by_another = True
    backend = plug(printer)
    ended = send()
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    letting_go = threading.Timer(0.15, setattr, (printer, "held_by_another", False))
    letting_go.start()
    assert send().confirmed
    letting_go.join()
    assert backend.open_handles == 0


def test_the_udev_rule_is_named_to_who_has_no_right(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind())
    printer.allowed = False
    plug(printer)
    assert "70-karya-printers.rules" in send().detail
    assert "70-karya-printers.rules" in query(config()).detail


def test_a_machine_without_libusb_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**wanted: object) -> object:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(usb.core, "find", missing)
    ended = send()
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    assert "libusb-1.0-0" in ended.detail


def test_plugged_in_printers_are_listed_for_people_to_choose_from(plug: Callable[..., Backend]) -> None:
    plug(UsbPrinter(Mind(), serial="J7"), UsbPrinter(Mind(), product=1, kind=8))
    (found,) = plugged_in()
    assert (found.vendor_id, found.product_id, found.serial_number) == (0x04B8, 0x0202, "J7")
    assert found.title == "EPSON TM-T20"


def test_two_threads_never_mix_their_jobs(plug: Callable[..., Backend]) -> None:
    printer = UsbPrinter(Mind())
    plug(printer)
    jobs = [bytes([65 + number]) * 1000 + b"\n" for number in range(4)]
    settings = PrinterConfig("kasir", connection="usb", vendor_id=0x04B8, product_id=0x0202, timeout=5.0)
    threads = [threading.Thread(target=send, args=(job, settings)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bytes(printer.mind.kept).splitlines(keepends=True)) == jobs
