"""One user at a time: cheap printers serve one connection and keep the next one waiting without a word."""

import threading
from collections import defaultdict
from typing import ClassVar


class PrinterBusyError(OSError):
    """Another part of this process is using the printer."""


class Line:
    """The right to talk to one printer, held by one thread of this process at a time."""

    _guard: ClassVar[threading.Lock] = threading.Lock()
    _locks: ClassVar[defaultdict[str, threading.Lock]] = defaultdict(threading.Lock)

    def __init__(self, address: str) -> None:
        with self._guard:
            self._lock = self._locks[address]
        self._held = False

    def take(self, timeout: float) -> None:
        """Waits for the line; PrinterBusyError when it does not become free in time."""
        if not self._held and not self._lock.acquire(timeout=timeout):
            raise PrinterBusyError("the printer is in use")
        self._held = True

    def leave(self) -> None:
        """Gives the line back; may be called again."""
        if self._held:
            self._held = False
            self._lock.release()
