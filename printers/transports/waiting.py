"""Waiting for one file or socket; unlike select(), for any number of open files."""

import select
from typing import Protocol


class HasFileno(Protocol):
    """What the system can wait for."""

    def fileno(self) -> int:
        """Its number."""
        ...


def wait_for(thing: int | HasFileno, event: int, seconds: float) -> bool:
    """Whether the event, an error or a hang-up came within so many seconds."""
    poll = select.poll()
    poll.register(thing, event)
    return bool(poll.poll(max(seconds, 0.0) * 1000))
