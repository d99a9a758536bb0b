import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.status import PrinterStatus, is_answer, question

IDLE = 0x12


@pytest.mark.parametrize(
    ("answers", "trouble", "paper", "words"),
    [
        ({4: IDLE, 2: IDLE, 1: IDLE}, "", "ok", "ready"),
        ({4: 0x1E, 2: IDLE, 1: IDLE}, "", "low", "paper low"),
        ({4: 0x72, 2: IDLE, 1: 0x1A}, "paper_out", "out", "out of paper"),
        ({4: 0x7E, 2: 0x32, 1: 0x1A}, "paper_out", "out", "out of paper"),
        ({4: IDLE, 2: 0x32, 1: 0x1A}, "paper_out", "out", "out of paper"),
        ({4: IDLE, 2: 0x16, 1: 0x1A}, "cover_open", "ok", "cover open"),
        ({4: IDLE, 2: 0x52, 1: 0x1A}, "error", "ok", "has an error"),
        ({3: 0x1A}, "error", "unknown", "has an error"),
        ({4: IDLE, 2: IDLE, 1: 0x1A}, "offline", "ok", "offline"),
        ({4: IDLE}, "", "ok", "ready"),
        ({1: 0x16}, "", "unknown", "ready"),
        ({}, "", "unknown", "does not say"),
    ],
)
def test_answers_are_understood(answers: dict[int, int], trouble: str, paper: str, words: str) -> None:
    status = PrinterStatus.from_answers(answers)
    assert (status.trouble, status.paper, status.words) == (trouble, paper, words)
    assert status.answered == bool(answers)
    assert status.good == (bool(answers) and not trouble)


def test_a_printer_that_cannot_be_reached_is_not_good() -> None:
    status = PrinterStatus(unavailable="unreachable", online=False)
    assert (status.good, status.trouble, status.words) == (False, "unreachable", "cannot be reached")


@settings(deadline=None)
@given(st.integers(0, 255))
def test_only_bytes_with_the_fixed_bits_are_answers(byte: int) -> None:
    assert is_answer(byte) == (
        format(byte, "08b")[0] + format(byte, "08b")[3] + format(byte, "08b")[6:] == "0110"
    )


def test_flow_control_and_status_reports_are_no_answers() -> None:
    assert not any(map(is_answer, [0x11, 0x13, 0x10, 0x14, 0x18, 0x00, 0x0F, 0x37, 0x22]))


def test_questions_are_real_time_commands() -> None:
    assert question(4) == b"\x10\x04\x04"
