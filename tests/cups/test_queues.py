"""Receipts through a CUPS queue: what it did is told, and nothing it keeps comes out later by itself."""

import threading
import time
from pathlib import Path

import pytest

from printers.config import PrinterConfig
from printers.delivery import Delivery, deliver, query
from printers.layout import Paper
from printers.render import to_escpos
from printers.status import PrinterStatus
from printers.transports import connect
from tests.cups.conftest import Cups
from tests.printers.samples import receipt

SMALL = to_escpos(receipt(), Paper.of(32))
TIMEOUT = 2.0


def config(queue: str) -> PrinterConfig:
    return PrinterConfig("kasir", connection="cups", queue=queue, timeout=TIMEOUT)


def send(queue: str, payload: bytes = SMALL) -> Delivery:
    return deliver(connect(config(queue)), payload, timeout=TIMEOUT)


def test_a_receipt_reaches_the_printer_as_it_is_and_is_not_called_confirmed(cups: Cups) -> None:
    paper = cups.queue("kasir", "good")
    every = SMALL + bytes(range(256))
    ended = send("kasir", every)
    assert (ended.outcome, ended.confirmed, ended.bytes_written) == ("printed", False, len(every))
    assert ended.status == PrinterStatus(cannot_answer=True)
    assert paper.read_bytes() == every
    assert cups.waiting("kasir") == ""
    assert query(config("kasir")).words == "cannot say how it is"


def test_a_slow_printer_is_waited_for(cups: Cups) -> None:
    paper = cups.queue("pelan", "slow")
    assert send("pelan").outcome == "printed"
    assert paper.read_bytes() == SMALL


def test_jobs_come_out_in_their_order(cups: Cups) -> None:
    paper = cups.queue("urut", "good")
    transport = connect(config("urut"))
    for number in range(5):
        ended = deliver(transport, b"receipt %d\n" % number, timeout=TIMEOUT, keep_open=True)
        assert ended.outcome == "printed"
    transport.close()
    assert paper.read_bytes() == b"".join(b"receipt %d\n" % number for number in range(5))


def test_a_queue_that_does_not_exist_is_sent_nothing(cups: Cups) -> None:
    ended = send("tidak-ada")
    assert (ended.outcome, ended.reason, ended.bytes_written) == ("not_sent", "unreachable", 0)
    assert query(config("tidak-ada")).trouble == "unreachable"


@pytest.mark.parametrize("how", ["cupsdisable", "cupsreject"])
def test_a_stopped_queue_is_sent_nothing_that_it_would_print_later(cups: Cups, how: str) -> None:
    paper = cups.queue("berhenti", "good")
    cups.run(how, "berhenti")
    ended = send("berhenti")
    assert (ended.outcome, ended.reason, ended.bytes_written) == ("not_sent", "offline", 0)
    assert cups.waiting("berhenti") == ""
    cups.run("cupsenable", "berhenti")
    cups.run("cupsaccept", "berhenti")
    assert send("berhenti").outcome == "printed"
    assert paper.read_bytes() == SMALL
    paper.unlink()


def test_a_job_that_sticks_is_taken_back_and_left_to_a_person(cups: Cups) -> None:
    paper = cups.queue("macet", "half")
    ended = send("macet")
    assert (ended.outcome, ended.reason) == ("unknown", "stalled")
    assert ended.bytes_written == len(SMALL)
    assert cups.waiting("macet") == ""
    assert paper.read_bytes() == SMALL[:100]


def test_a_job_that_the_queue_could_not_send_is_not_sent_again_by_the_queue(cups: Cups) -> None:
    cups.queue("rusak", "broken")
    ended = send("rusak")
    assert (ended.outcome, ended.reason) == ("unknown", "broken")
    assert cups.waiting("rusak") == ""


def test_a_job_that_somebody_cancels_is_not_called_printed(cups: Cups) -> None:
    cups.queue("batal", "half")
    cancelling = threading.Timer(0.7, cups.run, ("cancel", "-a", "batal"))
    cancelling.start()
    ended = send("batal")
    cancelling.join()
    assert (ended.outcome, ended.reason) == ("unknown", "broken")


def test_a_scheduler_that_is_not_running_is_sent_nothing(cups: Cups) -> None:
    cups.queue("mati", "good")
    cups.stop()
    began = time.monotonic()
    ended = send("mati")
    assert (ended.outcome, ended.reason, ended.bytes_written) == ("not_sent", "unreachable", 0)
    assert time.monotonic() - began < TIMEOUT + 1
    cups.start()
    assert send("mati").outcome == "printed"


def test_a_machine_without_the_commands_says_what_to_install(
    cups: Cups, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = send("kasir")
    assert (ended.outcome, ended.reason) == ("not_sent", "unreachable")
    assert "cups-client" in ended.detail
