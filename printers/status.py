"""What a printer says about itself: its answers to DLE EOT 1 to 4, or what its USB port knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from printers.words import N_

PaperState: TypeAlias = Literal["ok", "low", "out", "unknown"]
CoverState: TypeAlias = Literal["closed", "open", "unknown"]
Trouble: TypeAlias = Literal["", "unreachable", "busy", "paper_out", "cover_open", "error", "offline"]

# The questions, in the order they are asked: paper, cause of being offline, the printer as a whole.
PAPER: Final = 4
CAUSE: Final = 2
PRINTER: Final = 1
FAULT: Final = 3
QUESTIONS: Final = (PAPER, CAUSE, PRINTER)

_WORDS: Final[dict[str, str]] = {
    "": N_("ready"),
    "unreachable": N_("cannot be reached"),
    "busy": N_("is printing"),
    "paper_out": N_("out of paper"),
    "cover_open": N_("cover open"),
    "error": N_("has an error"),
    "offline": N_("offline"),
}


def question(number: int) -> bytes:
    """The command that makes a printer answer one byte at once, even while it prints."""
    return bytes((0x10, 0x04, number))


def is_answer(byte: int) -> bool:
    """Whether a byte can be an answer to DLE EOT: some bits are fixed, other chatter differs in them."""
    return byte & 0b10010011 == 0b00010010


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The printer's own words, as far as it has any."""

    answered: bool = False  # to a question of ours; a port's status is no answer
    cannot_answer: bool = False  # this printer, or this way to it, has no answers: silence means nothing
    online: bool | None = None
    paper: PaperState = "unknown"
    cover: CoverState = "unknown"
    error: bool = False
    # Whether the connection stood at all, or why it could not be had; `detail` is for the technician.
    unavailable: Literal["", "unreachable", "busy"] = ""
    detail: str = ""
    answers: frozenset[int] = field(default=frozenset())

    @property
    def trouble(self) -> Trouble:
        """Why nothing can be printed now, or nothing."""
        if self.unavailable:
            return self.unavailable
        if self.paper == "out":
            return "paper_out"
        if self.cover == "open":
            return "cover_open"
        if self.error:
            return "error"
        return "offline" if self.online is False else ""

    @property
    def good(self) -> bool:
        """Whether the printer itself said that it can print."""
        return self.answered and not self.trouble

    @property
    def verdict(self) -> bool | None:
        """Whether it can print, by its own word or by our not reaching it; None when it cannot say."""
        return not self.trouble if self.answered or self.trouble else None

    @property
    def words(self) -> str:
        """The status in a few English words, for a status line."""
        if not self.trouble and self.paper == "low":
            return N_("paper low")
        if not self.trouble and not self.answered:
            return N_("cannot say how it is") if self.cannot_answer else N_("does not say")
        return _WORDS[self.trouble]

    @classmethod
    def from_answers(cls, answers: Mapping[int, int]) -> "PrinterStatus":
        """The status that the bytes answered to the questions of these numbers mean."""
        if not answers:
            return cls()
        printer, cause = answers.get(PRINTER), answers.get(CAUSE)
        return cls(
            answered=True,
            online=None if printer is None else not printer & 0x08,
            paper=_paper(answers.get(PAPER), cause),
            cover="unknown" if cause is None else "open" if cause & 0x04 else "closed",
            error=bool((cause or 0) & 0x40) or bool(answers.get(FAULT, 0) & 0x28),
            answers=frozenset(answers),
        )

    @classmethod
    def from_port(cls, byte: int) -> "PrinterStatus":
        """What the status byte of a USB printer port means, for a printer that does not answer itself.

        Many printers always give the same byte, so only a plain word about paper is believed: the bit for no
        paper, from a port that otherwise looks alive.
        """
        alive = not byte & 0xC7  # bits that stay 0
        return cls(paper="out" if alive and byte & 0x20 else "unknown")


def _paper(paper: int | None, cause: int | None) -> PaperState:
    ended = 0x60
    near_end = 0x0C
    if (paper is not None and paper & ended == ended) or (cause is not None and cause & 0x20):
        return "out"
    if paper is None:
        return "unknown"
    return "low" if paper & near_end == near_end else "ok"
