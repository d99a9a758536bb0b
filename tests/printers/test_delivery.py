import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from printers.config import PrinterConfig
from printers.delivery import AFTER, BEFORE, Delivery, deliver, query
from printers.layout import Paper
from printers.render import drawer_pulse, to_escpos
from printers.transports import connect
from printers.transports.habits import Habits
from printers.transports.network import NetworkTransport
from tests.fake_printer import FakePrinter
from tests.printers.samples import everything, receipt

SMALL = to_escpos(receipt(), Paper.of(32))
# More than any buffer between us and the printer holds.
LARGE = to_escpos(everything(), Paper.of(48)) * 20
TIMEOUT = 0.6


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What one test learned about a port must not help the next."""
    Habits.forget_all()
    yield
    Habits.forget_all()


def config(printer: FakePrinter, timeout: float = TIMEOUT) -> PrinterConfig:
    return PrinterConfig("kasir", host=printer.host, port=printer.port, timeout=timeout)


def send(printer: FakePrinter, payload: bytes = SMALL, **options: object) -> Delivery:
    settings = config(printer)
    return deliver(connect(settings), payload, timeout=settings.timeout, **options)  # type: ignore[arg-type]


def test_a_printer_that_says_it_is_well_confirms() -> None:
    with FakePrinter() as printer:
        ended = send(printer)
        printer.wait_until_idle()
    assert ended.outcome == "printed"
    assert ended.confirmed
    assert ended.bytes_written == len(SMALL)
    assert printer.printed == SMALL
    assert printer.endings == ["closed"], "never reset"


def test_a_large_job_arrives_whole() -> None:
    with FakePrinter() as printer:
        ended = send(printer, LARGE)
        printer.wait_until_idle()
    assert (ended.outcome, ended.confirmed) == ("printed", True)
    assert printer.printed == LARGE


def test_a_printer_that_never_answers_prints_unconfirmed() -> None:
    with FakePrinter("mute") as printer:
        ended = send(printer)
        printer.wait_until_idle()
    assert (ended.outcome, ended.confirmed, ended.error) == ("printed", False, "")
    assert printer.printed == SMALL
    assert printer.endings == ["closed"]


def test_little_paper_still_prints() -> None:
    with FakePrinter("low") as printer:
        ended = send(printer)
    assert (ended.outcome, ended.confirmed) == ("printed", True)
    assert ended.status is not None
    assert ended.status.paper == "low"


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("paper-out", "paper_out"), ("cover", "cover_open"), ("error", "error"), ("offline", "offline")],
)
def test_a_printer_in_trouble_is_sent_nothing(mode: str, reason: str) -> None:
    with FakePrinter(mode) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.bytes_written, ended.reason) == ("not_sent", 0, reason)
    assert ended.error == BEFORE[ended.reason]
    assert printer.printed == b""


def test_a_dead_printer_is_sent_nothing() -> None:
    with FakePrinter("refuse") as printer:
        ended = send(printer)
    assert (ended.outcome, ended.bytes_written, ended.reason) == ("not_sent", 0, "unreachable")
    assert "refused" in ended.detail


def test_a_printer_that_takes_no_connection_costs_no_more_than_its_timeout() -> None:
    with socket.socket() as full:
        # A queue of one that is full: further connections are left waiting, as by a host that is gone.
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        began = time.monotonic()
        transport = NetworkTransport("127.0.0.1", full.getsockname()[1], TIMEOUT)
        ended = deliver(transport, SMALL, timeout=TIMEOUT)
        took = time.monotonic() - began
        for each in waiting:
            each.close()
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    assert took < TIMEOUT + 0.5


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    for host in ("no-such-printer.invalid", "a..b", "x" * 300):
        transport = NetworkTransport(host, 9100, 2.0)
        assert deliver(transport, SMALL, timeout=2.0).outcome == "not_sent"
        assert not transport.is_open


@pytest.mark.parametrize("mute", [False, True])
@pytest.mark.parametrize("mode", ["drop", "hang-up"])
def test_a_printer_that_goes_before_the_first_byte_is_sent_nothing(mode: str, mute: bool) -> None:
    with FakePrinter(mode, after=0, mute=mute) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.bytes_written) == ("not_sent", 0)
    assert ended.reason in {"broken", "unreachable"}


@pytest.mark.parametrize("mute", [False, True])
@pytest.mark.parametrize("mode", ["drop", "hang-up"])
@pytest.mark.parametrize("after", [1, 100, len(SMALL) - 1, len(SMALL)])
def test_a_printer_that_goes_after_the_first_byte_leaves_the_job_unknown(
    mode: str, after: int, mute: bool
) -> None:
    with FakePrinter(mode, after=after, mute=mute) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, "broken")
    assert ended.bytes_written > 0
    assert ended.error == AFTER["broken"]
    assert len(printer.printed) == after


@pytest.mark.parametrize("after", [1, 100, len(SMALL) - 1, len(SMALL)])
@pytest.mark.parametrize("mode", ["stall", "silent"])
def test_a_printer_that_answered_and_falls_silent_leaves_the_job_unknown(mode: str, after: int) -> None:
    with FakePrinter(mode, after=after) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, "silent")
    assert ended.error == AFTER["silent"]


@pytest.mark.parametrize("mute", [False, True])
def test_a_printer_that_stops_taking_a_large_job_leaves_it_unknown(mute: bool) -> None:
    with FakePrinter("stall", after=500, mute=mute) as printer:
        ended = send(printer, LARGE)
    assert (ended.outcome, ended.reason) == ("unknown", "stalled")
    assert 500 <= ended.bytes_written < len(LARGE)


@pytest.mark.parametrize("after", [1, 200, len(SMALL)])
def test_paper_that_runs_out_while_printing_leaves_the_job_unknown(after: int) -> None:
    with FakePrinter("paper-out-at", after=after) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.reason) == ("unknown", "paper_out")
    assert "paper" in ended.error
    assert ended.status is not None
    assert ended.status.paper == "out"


def test_a_printer_that_knows_only_one_question_still_confirms() -> None:
    with FakePrinter(unanswered=(1, 2)) as printer:
        ended = send(printer)
    assert (ended.outcome, ended.confirmed) == ("printed", True)


def test_one_that_is_known_to_answer_and_is_silent_is_sent_nothing() -> None:
    with FakePrinter("mute") as printer:
        ended = send(printer, expects_answer=True)
    assert (ended.outcome, ended.reason) == ("not_sent", "silent")
    assert printer.printed == b""


def test_a_slow_printer_is_waited_for() -> None:
    with FakePrinter(rate=1000) as printer:
        ended = send(printer, SMALL * 2)
        printer.wait_until_idle()
    assert (ended.outcome, ended.confirmed) == ("printed", True)
    assert printer.printed == SMALL * 2


def test_the_first_byte_is_announced_only_when_it_may_go() -> None:
    announced: list[int] = []
    with FakePrinter() as printer:
        send(printer, before_first_byte=lambda: announced.append(len(printer.printed)))
        printer.set_mode("paper-out")
        send(printer, before_first_byte=lambda: announced.append(-1))
        printer.set_mode("refuse")
        send(printer, before_first_byte=lambda: announced.append(-2))
    assert announced == [0]


def test_nothing_is_sent_when_the_announcement_fails() -> None:
    def refuse() -> None:
        raise LookupError("taken by another worker")

    with FakePrinter() as printer:
        transport = connect(config(printer))
        with pytest.raises(LookupError):
            deliver(transport, SMALL, timeout=TIMEOUT, before_first_byte=refuse)
        assert not transport.is_open
        assert send(printer).confirmed, "the line is free again"
    assert printer.printed == SMALL


def test_drawer_and_receipt_share_one_connection() -> None:
    with FakePrinter() as printer:
        transport = connect(config(printer))
        first = deliver(transport, drawer_pulse(), timeout=TIMEOUT, keep_open=True)
        second = deliver(transport, SMALL, timeout=TIMEOUT)
        assert not transport.is_open
        printer.wait_until_idle()
    assert (first.confirmed, second.confirmed) == (True, True)
    assert (first.bytes_written, second.bytes_written) == (len(drawer_pulse()), len(SMALL))
    assert [bytes(part) for part in printer.kept] == [drawer_pulse() + SMALL]


@pytest.mark.parametrize("mode", ["drop", "stall", "paper-out", "paper-out-at", "refuse"])
def test_a_connection_is_not_kept_after_a_fault(mode: str) -> None:
    with FakePrinter() as printer:
        transport = connect(config(printer))
        assert deliver(transport, drawer_pulse(), timeout=TIMEOUT, keep_open=True).confirmed
        assert transport.is_open
        printer.set_mode(mode, after=len(drawer_pulse()) + 10)
        assert deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True).outcome != "printed"
        assert not transport.is_open
        printer.set_mode("normal")
        assert deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True).confirmed
        transport.close()


def test_a_printer_that_hung_up_between_two_jobs_is_sent_nothing_over_the_dead_connection() -> None:
    with FakePrinter() as printer:
        transport = connect(config(printer))
        assert deliver(transport, drawer_pulse(), timeout=TIMEOUT, keep_open=True).confirmed
        printer.power_cycle()
        printer.wait_until_idle()
        ended = deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True)
        assert (ended.outcome, ended.bytes_written) == ("not_sent", 0)
        assert deliver(transport, SMALL, timeout=TIMEOUT).confirmed


def test_a_printer_is_used_again_after_every_fault() -> None:
    with FakePrinter("drop", after=10) as printer:
        assert send(printer).outcome == "unknown"
        printer.set_mode("refuse")
        assert send(printer).outcome == "not_sent"
        printer.set_mode("paper-out")
        assert send(printer).outcome == "not_sent"
        printer.set_mode("normal")
        assert send(printer).confirmed
        printer.wait_until_idle()
    assert bytes(printer.kept[-1]) == SMALL


def test_two_threads_never_mix_their_jobs() -> None:
    jobs = [bytes([65 + number]) * 3000 + b"\n" for number in range(4)]
    with FakePrinter() as printer, ThreadPoolExecutor(len(jobs)) as threads:
        # Who comes last waits for all others: patience that a busy machine cannot use up.
        patient = config(printer, timeout=20.0)
        ended = list(threads.map(lambda job: deliver(connect(patient), job, timeout=20.0), jobs))
        printer.wait_until_idle()
    assert [each.outcome for each in ended] == ["printed"] * len(jobs)
    assert sorted(bytes(part) for part in printer.kept) == jobs


def test_a_printer_in_use_is_said_to_be_busy() -> None:
    with FakePrinter() as printer:
        holding = connect(config(printer))
        holding.open()
        assert send(printer).reason == "busy"
        assert query(config(printer)).trouble == "busy"
        holding.close()
        assert query(config(printer)).good


def test_an_empty_job_is_a_mistake_of_the_caller() -> None:
    with FakePrinter() as printer, pytest.raises(ValueError, match="nothing"):
        send(printer, b"")


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("normal", "ready"),
        ("low", "paper low"),
        ("paper-out", "out of paper"),
        ("cover", "cover open"),
        ("mute", "does not say"),
        ("refuse", "cannot be reached"),
        ("drop", "cannot be reached"),
        ("stall", "does not say"),
    ],
)
def test_a_printer_is_asked_how_it_is_within_its_timeout(mode: str, words: str) -> None:
    with FakePrinter(mode) as printer:
        began = time.monotonic()
        status = query(config(printer))
        took = time.monotonic() - began
    assert status.words == words
    assert took < TIMEOUT + 0.2
    assert printer.printed == b""


def test_printers_are_reached_over_ipv6() -> None:
    with FakePrinter(host="::1") as printer:
        assert send(printer).confirmed
        assert deliver(NetworkTransport("[::1]", printer.port, TIMEOUT), SMALL, timeout=TIMEOUT).confirmed


def test_printers_are_reached_by_name() -> None:
    with FakePrinter() as printer:
        ended = deliver(NetworkTransport("localhost", printer.port, TIMEOUT), SMALL, timeout=TIMEOUT)
    assert ended.confirmed
