"""The printer's own word that a job is done: asked for, believed, missed and never mistaken."""

import socket
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import delivery, status
from printers.config import PrinterConfig
from printers.delivery import AFTER, Delivery, deliver, query
from printers.layout import Paper
from printers.models import PrinterModel, ProcessId
from printers.render import to_escpos
from printers.transports import connect
from printers.transports.habits import Habits
from printers.transports.talker import Ear, end_of_job
from tests.fake_printer import FakePrinter
from tests.printers.samples import receipt

SMALL = to_escpos(receipt(), Paper.of(32))
WISH = b"\x1d(H"
TIMEOUT = 0.6


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    Habits.forget_all()
    yield
    Habits.forget_all()


def config(printer: FakePrinter, process_id: ProcessId = "probe", **model: object) -> PrinterConfig:
    model = PrinterModel(process_id=process_id, **model)  # type: ignore[arg-type]
    return PrinterConfig("kasir", host=printer.host, port=printer.port, timeout=TIMEOUT, model=model)


def send(printer: FakePrinter, process_id: ProcessId = "probe") -> Delivery:
    return deliver(connect(config(printer, process_id)), SMALL, timeout=TIMEOUT)


def wishes(printer: FakePrinter) -> int:
    return sum(bytes(each).count(WISH) for each in printer.connections)


def test_a_printer_that_tells_is_found_by_asking_once() -> None:
    with FakePrinter(tells_end=True) as printer:
        assert send(printer).confirmed
        assert len(printer.marks) == 2, "once to find out, once for the receipt"
        assert send(printer).confirmed
        assert len(printer.marks) == 3
        printer.wait_until_idle()
    assert len(set(printer.marks)) == 3
    assert [bytes(each) for each in printer.kept] == [SMALL, SMALL], "the wishes are no part of a receipt"


def test_one_that_does_not_tell_is_asked_once_and_confirms_by_its_status() -> None:
    with FakePrinter() as printer:
        began = time.monotonic()
        assert send(printer).confirmed
        assert time.monotonic() - began < 2
        began = time.monotonic()
        assert send(printer).confirmed
        assert time.monotonic() - began < 0.4, "the second receipt is not held up"
        assert wishes(printer) == 1


def test_a_printer_whose_record_says_no_is_never_sent_the_command() -> None:
    with FakePrinter(tells_end=True) as printer:
        assert send(printer, "no").confirmed
        assert query(config(printer, "no")).good
        assert wishes(printer) == 0


def test_no_question_at_all_stands_in_the_way_of_one_whose_record_says_no_twice() -> None:
    with FakePrinter(tells_end=True, in_turn=True) as printer:
        settings = config(printer, "no", in_turn="no")
        assert deliver(connect(settings), SMALL, timeout=TIMEOUT).confirmed
        assert (wishes(printer), printer.turns) == (0, 0)


def test_one_that_only_answers_in_its_turn_is_waited_for() -> None:
    with FakePrinter(in_turn=True) as printer:
        assert send(printer).confirmed
        assert (len(printer.marks), printer.turns) == (1, 2), (
            "both asked once, the better of what it has used"
        )
        printer.ends_late = 2 * TIMEOUT
        began = time.monotonic()
        assert send(printer).confirmed
        assert time.monotonic() - began >= 2 * TIMEOUT
        assert len(printer.marks) == 1


@pytest.mark.parametrize("after", [1, 200, len(SMALL)])
@pytest.mark.parametrize(
    ("mode", "reason"), [("paper-out-at", "paper_out"), ("silent", "silent"), ("drop", "broken")]
)
def test_trouble_before_its_turn_leaves_the_job_unknown(mode: str, reason: str, after: int) -> None:
    with FakePrinter(in_turn=True) as printer:
        assert send(printer).confirmed
        printer.set_mode(mode, after=len(SMALL) + after)
        ended = send(printer)
    assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, reason)


class RunsOut(FakePrinter):
    """Has no more paper from the moment on that it has said its word about a job."""

    runs_out = False

    def _say_end(self, link: socket.socket, words: bytes) -> None:
        super()._say_end(link, words)
        if self.runs_out and words:
            self.mode = "paper-out"


def test_a_printer_that_has_read_everything_and_then_has_no_paper_may_not_have_printed() -> None:
    with RunsOut(in_turn=True) as printer:
        assert send(printer).confirmed
        printer.runs_out = True
        ended = send(printer)
    assert (ended.outcome, ended.reason) == ("unknown", "paper_out")


def test_a_turn_of_a_job_before_does_not_confirm_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_LONGEST", 0.2)
    with FakePrinter(in_turn=True) as printer:
        transport = connect(config(printer))
        assert deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True).confirmed
        printer.ends_late = None
        link = printer._link
        assert link is not None
        assert deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True).reason == "no_end"
        assert send(printer).confirmed, "asked anew in vain, and judged by its status"


def test_a_printer_that_does_not_answer_at_all_is_never_sent_the_command() -> None:
    with FakePrinter("mute") as printer:
        assert send(printer).outcome == "printed"
        assert send(printer, "yes").outcome == "printed"
        assert wishes(printer) == 0


def test_a_printer_whose_record_says_yes_is_not_asked_first() -> None:
    with FakePrinter(tells_end=True) as printer:
        assert send(printer, "yes").confirmed
        assert wishes(printer) == 1


def test_one_whose_record_promised_too_much_prints_unconfirmed_and_is_not_expected_to_again() -> None:
    with FakePrinter() as printer:
        first, second = send(printer, "yes"), send(printer, "yes")
        assert (first.outcome, first.confirmed) == ("printed", False)
        assert (second.outcome, second.confirmed) == ("printed", True)
        assert wishes(printer) == 1


def test_the_word_is_waited_for_as_long_as_the_printer_is_well() -> None:
    with FakePrinter(tells_end=True) as printer:
        assert send(printer).confirmed
        printer.ends_late = 3 * TIMEOUT
        began = time.monotonic()
        assert send(printer).confirmed
        assert time.monotonic() - began >= 3 * TIMEOUT


def test_a_printer_that_told_before_and_does_not_now_leaves_the_job_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "_LONGEST", 0.3)
    with FakePrinter(tells_end=True) as printer:
        assert send(printer).confirmed
        printer.ends_late = None
        ended = send(printer)
        assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, "no_end")
        assert ended.error == AFTER["no_end"]
        assert ended.bytes_written == len(SMALL)
        printer.tells_end = False
        assert send(printer).confirmed, "asked anew, and judged by its status from now on"


def test_another_printer_in_its_place_is_asked_anew() -> None:
    with FakePrinter(tells_end=True) as printer:
        assert send(printer).confirmed
        printer.set_mode("refuse")
        assert send(printer).outcome == "not_sent"
        printer.tells_end = False
        printer.set_mode("normal")
        assert (send(printer).outcome, send(printer).confirmed) == ("printed", True)


@pytest.mark.parametrize("after", [1, 200, len(SMALL)])
@pytest.mark.parametrize(
    ("mode", "reason"),
    [("paper-out-at", "paper_out"), ("silent", "silent"), ("drop", "broken"), ("hang-up", "broken")],
)
def test_trouble_before_the_word_leaves_the_job_unknown(mode: str, reason: str, after: int) -> None:
    with FakePrinter(tells_end=True) as printer:
        assert send(printer).confirmed
        printer.set_mode(mode, after=len(SMALL) + after)
        ended = send(printer)
    assert (ended.outcome, ended.confirmed, ended.reason) == ("unknown", False, reason)


def test_trouble_after_it_is_printed_does_not_concern_the_job() -> None:
    with RunsOut(tells_end=True) as printer:
        assert send(printer).confirmed
        printer.runs_out = True
        ended = send(printer)
    assert (ended.outcome, ended.confirmed) == ("printed", True)
    assert ended.status is not None
    assert ended.status.paper == "out", "the till shows it at once"


def test_an_older_word_that_comes_late_is_not_taken_for_the_new_one() -> None:
    with FakePrinter(tells_end=True, ends_late=0.3) as printer:
        transport = connect(config(printer))
        transport.open()
        older = transport.mark_end()
        newer = transport.mark_end()
        while len(printer.marks) < 2:
            time.sleep(0.005)
        printer.ends_late = None
        last = transport.mark_end()
        assert transport.has_ended(newer, 1.0)
        assert transport.has_ended(older, 0.0)
        assert not transport.has_ended(last, 0.2)
        assert printer.turns == 0
        transport.close()


def test_the_word_for_a_job_before_does_not_confirm_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_LONGEST", 0.0)
    with FakePrinter(tells_end=True) as printer:
        transport = connect(config(printer))
        assert deliver(transport, SMALL, timeout=TIMEOUT, keep_open=True).confirmed
        printer.ends_late = None
        link = printer._link
        assert link is not None
        link.sendall(b"7\x22" + printer.marks[-1] + b"\0")
        assert deliver(transport, SMALL, timeout=TIMEOUT).reason == "no_end"


def test_marks_are_not_repeated_and_never_look_like_an_answer() -> None:
    habits = Habits()
    marks = [habits.next_mark() for _ in range(2000)]
    assert len(set(marks)) == 2000
    assert not any(status.is_answer(byte) for mark in marks for byte in mark)
    assert all(len(end_of_job(mark)) == 11 for mark in marks)


_marks = st.integers(0, 10**6).map(lambda _: Habits().next_mark())
_said = st.lists(
    st.one_of(
        _marks.map(lambda mark: b"7\x22" + mark + b"\0"),
        st.sampled_from(
            [
                b"\x12",
                b"\x16",
                b"\x32",
                b"\x52",
                b"\x72",
                b"\x7e",
                b"\x11",
                b"\x13",
                b"7",
                b'"',
                b"\0",
                b"\x03",
            ]
        ),
    ),
    max_size=12,
)


@given(_said, st.lists(st.integers(0, 80), max_size=6))
def test_words_and_answers_are_told_apart_however_they_arrive(said: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(said)
    at_once, in_pieces = Ear(), Ear()
    rest = at_once.hear(whole)
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    pieces = [whole[start:end] for start, end in pairwise(edges)]
    assert b"".join(map(in_pieces.hear, pieces)) == rest
    assert in_pieces.marks == at_once.marks
    assert {each[2:6] for each in said if len(each) == 7} <= at_once.marks
    answers = [each for each in said if len(each) == 1 and status.is_answer(each[0])]
    assert [byte for byte in rest if status.is_answer(byte)] == [each[0] for each in answers]


def test_a_printer_that_is_never_asked_is_said_to_be_one_that_cannot_answer() -> None:
    with FakePrinter() as printer:
        settings = config(printer, status=False)
        assert query(settings).words == "cannot say how it is"
        ended = deliver(connect(settings), SMALL, timeout=TIMEOUT)
        printer.wait_until_idle()
    assert (ended.outcome, ended.confirmed) == ("printed", False)
    assert bytes(printer.connections[-1]) == SMALL, "not one byte but the receipt"
