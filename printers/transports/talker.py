"""What connections to printers that may answer have in common: questions, answers and the end of a job."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from printers import status
from printers.models import InTurn, ProcessId
from printers.status import PrinterStatus
from printers.transports.habits import End, Habits

# A printer that answered one question answers the next at once, or never.
_NEXT_ANSWER: Final = 1.0
# How long a printer is given that is asked for the first time whether it says when a job is done.
_PROBE: Final = 0.5
_REPLY: Final = b"\x37\x22"
_REPLY_SIZE: Final = 7  # the two bytes, the mark, a zero
# The question about paper that waits its turn behind everything sent before (GS r), and what it is answered.
_IN_TURN: Final = b"\x1dr\x01"
_TURNS: Final = frozenset(b"\x00\x03\x0c\x0f")


def end_of_job(mark: bytes) -> bytes:
    """The command that a printer answers with the mark once everything before it is printed (GS ( H)."""
    return b"\x1d(H\x06\x0000" + mark


@dataclass(frozen=True, slots=True)
class Manners:
    """What may be asked of a printer, as its record says."""

    asks: bool = True  # how it is
    process_id: ProcessId = "no"
    in_turn: InTurn = "no"


POLITE: Final = Manners()  # asked how it is, and no more
MUTE: Final = Manners(asks=False)


class Ear:
    """Sorts what a printer says on one connection: words about the end of a job, and everything else."""

    def __init__(self) -> None:
        self.marks: set[bytes] = set()  # of the jobs it said were printed
        self.turns = 0  # questions answered in their turn
        self.taken = 0  # bytes
        self._half = b""

    def hear(self, data: bytes) -> bytes:
        """Takes those words out, also one that comes in two halves, and gives back the rest."""
        self.taken += len(data)
        data = self._half + data
        self._half = b""
        rest = b""
        while data:
            if not _may_begin_reply(data):
                if data[0] in _TURNS:
                    self.turns += 1
                else:
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

    def __init__(self, address: str, timeout: float, manners: Manners) -> None:
        self.address, self.timeout, self.manners = address, timeout, manners
        self.bytes_written = 0
        self._habits = Habits.of(address)
        self._begin()

    def _begin(self) -> None:
        """A new connection: what was said on the one before is forgotten."""
        self._ear = Ear()
        self._turns_asked = 0

    @abstractmethod
    def _send(self, data: bytes, *, counted: bool) -> None:
        """Hands over all bytes, adding to `bytes_written` as they go if they are counted."""

    @abstractmethod
    def _received(self, wait: float) -> bytes:
        """What has come in within so many seconds, or nothing; OSError when the printer has gone."""

    def _port_status(self) -> PrinterStatus:
        """What is known without an answer of the printer."""
        return PrinterStatus(cannot_answer=not self.manners.asks)

    @property
    def has_answered(self) -> bool | None:
        """Whether this printer ever answered a question of this process; None before it was asked."""
        return self._habits.answers if self.manners.asks else False

    @property
    def has_told_end(self) -> bool:
        """Whether it was heard to say that a job was done, since it was last lost."""
        return self._habits.end in {"read", "printed"}

    def read_status(self, timeout: float) -> PrinterStatus:
        """Asks for paper, cause and state; the first question that stays unanswered ends it."""
        answers: dict[int, int] = {}
        if self.manners.asks:
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

    def tells_end(self, timeout: float) -> End:
        """What word to expect at the end of a job: it is known, or the printer is asked once.

        A printer that does not know the commands may take them for text, which the next receipt's first
        command wipes out; one whose record says no is never sent them.
        """
        if self._habits.end is None:
            if self.manners.process_id == "yes":
                return "printed"
            self._probe(min(timeout, _PROBE))
        return self._habits.end or "no"

    def _probe(self, timeout: float) -> None:
        """Asks for both words at once: they come in the order of the questions."""
        until = time.monotonic() + timeout
        mark = self._ask_printed() if self.manners.process_id == "probe" else b""
        if self.manners.in_turn == "probe":
            self._ask_in_turn()
        elif not mark:
            until = 0.0
        while mark not in self._ear.marks and not self._turns_are_answered():
            left = until - time.monotonic()
            if left <= 0:
                break
            self._hear(left)
        if self._habits.end is None:
            self._habits.end = "no"

    def mark_end(self) -> bytes:
        """Asks the printer for word at the end of what was sent; returns the mark to wait for."""
        return self._ask_in_turn() if self._habits.end == "read" else self._ask_printed()

    def has_ended(self, mark: bytes, timeout: float) -> bool:
        """Whether the printer said this mark, or does within so many seconds; older marks do not count."""
        until = time.monotonic() + timeout
        while not self._is_said(mark):
            left = until - time.monotonic()
            self._hear(max(left, 0.0))
            if left <= 0:
                break
        return self._is_said(mark)

    def end_not_told(self) -> None:
        """Remembers that no word came: one that told before is asked anew, another is expected not to."""
        self._habits.end = None if self.has_told_end else "no"

    def _ask_printed(self) -> bytes:
        mark = self._habits.next_mark()
        self._drop_input()
        self._send(end_of_job(mark), counted=False)
        return mark

    def _ask_in_turn(self) -> bytes:
        self._drop_input()
        if not self._turns_asked:
            self._ear.turns = 0  # answers to a connection before this one
        self._send(_IN_TURN, counted=False)
        self._turns_asked += 1
        return b""

    def _is_said(self, mark: bytes) -> bool:
        return mark in self._ear.marks if mark else self._turns_are_answered()

    def _turns_are_answered(self) -> bool:
        return 0 < self._turns_asked <= self._ear.turns

    def _lost(self) -> None:
        """The printer is away: what comes back may be another one."""
        self._habits.end = None

    def _hear(self, wait: float) -> bytes:
        """What came in without the words about the end of jobs, which are remembered."""
        heard = self._ear.hear(self._received(wait))
        if self._ear.marks:
            self._habits.end = "printed"
        elif self._turns_are_answered():
            self._habits.end = "read"
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
