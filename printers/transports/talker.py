"""What connections to printers that may answer have in common: questions, answers and the end of a job."""

import time
from abc import ABC, abstractmethod
from typing import Final

from printers import status
from printers.models import ProcessId
from printers.status import PrinterStatus
from printers.transports.habits import Habits

# A printer that answered one question answers the next at once, or never.
_NEXT_ANSWER: Final = 1.0
# How long a printer is given that is asked for the first time whether it says when a job is done.
_PROBE: Final = 0.5
_REPLY: Final = b"\x37\x22"
_REPLY_SIZE: Final = 7  # the two bytes, the mark, a zero


def end_of_job(mark: bytes) -> bytes:
    """The command that a printer answers with the mark once everything before it is printed (GS ( H)."""
    return b"\x1d(H\x06\x0000" + mark


class Ear:
    """Sorts what a printer says: replies at the end of a job, and everything else."""

    def __init__(self) -> None:
        self.marks: set[bytes] = set()  # of the replies heard on this connection
        self.taken = 0  # bytes
        self._half = b""

    def hear(self, data: bytes) -> bytes:
        """Takes the replies out, also one that comes in two halves, and gives back the rest."""
        self.taken += len(data)
        data = self._half + data
        self._half = b""
        rest = b""
        while data:
            if not _may_begin_reply(data):
                rest += data[:1]
                data = data[1:]
            elif len(data) < _REPLY_SIZE:
                self._half = data
                break
            else:
                self.marks.add(data[2:6])
                data = data[_REPLY_SIZE:]
        return rest


def _may_begin_reply(data: bytes) -> bool:
    """Whether the bytes begin with a reply or with what could become one.

    Marks have no character that is an answer to a question, so no answer is held back.
    """
    mark = data[2:6]
    return (
        data[:2] == _REPLY[: len(data)]
        and all(0x20 <= byte <= 0x7E and not status.is_answer(byte) for byte in mark)
        and data[6:7] in {b"", b"\0"}
    )


class Talker(ABC):
    """The talking half of a transport; the connection itself is the other half's."""

    def __init__(self, address: str, timeout: float, *, asks: bool, process_id: ProcessId) -> None:
        self.address, self.timeout = address, timeout
        self.asks, self.process_id = asks, process_id
        self.bytes_written = 0
        self._habits = Habits.of(address)
        self._ear = Ear()

    @abstractmethod
    def _send(self, data: bytes, *, counted: bool) -> None:
        """Hands over all bytes, adding to `bytes_written` as they go if they are counted."""

    @abstractmethod
    def _received(self, wait: float) -> bytes:
        """What has come in within so many seconds, or nothing; OSError when the printer has gone."""

    def _port_status(self) -> PrinterStatus:
        """What is known without an answer of the printer."""
        return PrinterStatus(cannot_answer=not self.asks)

    @property
    def has_answered(self) -> bool | None:
        """Whether this printer ever answered a question of this process; None before it was asked."""
        return self._habits.answers if self.asks else False

    @property
    def has_told_end(self) -> bool:
        """Whether it was heard to say that a job was done, since it was last lost."""
        return self._habits.tells_end is True

    def read_status(self, timeout: float) -> PrinterStatus:
        """Asks for paper, cause and state; the first question that stays unanswered ends it."""
        answers: dict[int, int] = {}
        if self.asks:
            until = time.monotonic() + timeout
            for number in status.QUESTIONS:
                self._drop_input()
                self._send(status.question(number), counted=False)
                answer = self._answer(until)
                if answer is None:
                    break
                answers[number] = answer
                self._habits.answers = True
                until = min(until, time.monotonic() + _NEXT_ANSWER)
            if self._habits.answers is None:
                self._habits.answers = False
        return PrinterStatus.from_answers(answers) if answers else self._port_status()

    def tells_end(self, timeout: float) -> bool:
        """Whether to expect word at the end of a job: it is known, or the printer is asked once.

        A printer that does not know the command may take it for text, which the next receipt's first
        command wipes out; one whose record says no is never sent it.
        """
        if self.process_id == "no":
            return False
        if self._habits.tells_end is None:
            if self.process_id == "yes":
                return True
            told = self.has_ended(self.mark_end(), min(timeout, _PROBE))
            self._habits.tells_end = told
        return self._habits.tells_end

    def mark_end(self) -> bytes:
        """Asks the printer for word when everything before is printed; returns the mark it will say."""
        mark = self._habits.next_mark()
        self._drop_input()
        self._send(end_of_job(mark), counted=False)
        return mark

    def has_ended(self, mark: bytes, timeout: float) -> bool:
        """Whether the printer said this mark, or does within so many seconds; older marks do not count."""
        until = time.monotonic() + timeout
        while mark not in self._ear.marks:
            left = until - time.monotonic()
            self._hear(max(left, 0.0))
            if left <= 0:
                break
        return mark in self._ear.marks

    def end_not_told(self) -> None:
        """Remembers that no word came: one that told before is asked anew, another is expected not to."""
        self._habits.tells_end = None if self.has_told_end else False

    def _lost(self) -> None:
        """The printer is away: what comes back may be another one."""
        self._habits.tells_end = None

    def _hear(self, wait: float) -> bytes:
        """What came in without the replies at the end of jobs, which are remembered."""
        heard = self._ear.hear(self._received(wait))
        if self._ear.marks and self._habits.tells_end is not True:
            self._habits.tells_end = True
        return heard

    def _drop_input(self, wait: float = 0.0) -> None:
        """Throws away what the printer said unasked; a connection it has ended is an error."""
        before = -1
        while before != self._ear.taken:
            before = self._ear.taken
            self._hear(wait)
            wait = 0.0

    def _answer(self, until: float) -> int | None:
        """The first byte that can be an answer; anything else a printer says by itself is passed over."""
        while True:
            left = until - time.monotonic()
            if left <= 0:
                return None
            for byte in self._hear(left):
                if status.is_answer(byte):
                    return byte
