"""What this process has learned about each printer, by its address."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar, Final, Literal, TypeAlias

from printers.status import is_answer

# Letters and digits that cannot be taken for an answer to a question about the status.
_SIGNS: Final = "".join(
    sign
    for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    if not is_answer(ord(sign))
)
_MARK: Final = 4

# The best that a printer says of the end of a job: nothing, that it has read everything, that it is printed.
End: TypeAlias = Literal["no", "read", "printed"]


def _counter() -> Iterator[int]:
    """Counts on from the time of day, so that a new process does not repeat the marks of the one before."""
    return count(time.time_ns() // 1_000_000)


@dataclass(slots=True)
class Habits:
    """How one printer behaves."""

    answers: bool | None = None  # whether it ever answered; None: it was not asked yet
    end: End | None = None  # what it says of the end of a job; None: not known
    _numbers: Iterator[int] = field(default_factory=_counter)

    _all: ClassVar[dict[str, "Habits"]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def of(cls, address: str) -> "Habits":
        """What is known of the printer at this address."""
        with cls._guard:
            return cls._all.setdefault(address, cls())

    @classmethod
    def forget_all(cls) -> None:
        """Forgets every printer; for tests."""
        with cls._guard:
            cls._all.clear()

    def next_mark(self) -> bytes:
        """Four characters that this printer has not been sent for a long time."""
        number = next(self._numbers)
        mark = ""
        for _ in range(_MARK):
            number, sign = divmod(number, len(_SIGNS))
            mark += _SIGNS[sign]
        return mark.encode("ascii")
