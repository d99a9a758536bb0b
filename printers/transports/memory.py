"""A printer that is a place in memory, for tests and for trying the shop out without one."""

import threading
from typing import ClassVar

from printers.status import PrinterStatus
from printers.transports.silent import Silent


class MemoryTransport(Silent):
    """Keeps what is printed, by the printer's name; it never answers unless a test gives it a status."""

    printed: ClassVar[dict[str, bytes]] = {}
    statuses: ClassVar[dict[str, PrinterStatus]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, name: str) -> None:
        self.name = name
        self.bytes_written = 0
        self.is_open = False

    @property
    def has_answered(self) -> bool | None:
        """Whether a status was given to it."""
        return self.name in self.statuses

    def open(self) -> None:
        """Opens; there is nothing that could fail."""
        self.is_open = True

    def read_status(self, timeout: float) -> PrinterStatus:  # noqa: ARG002 - memory keeps nobody waiting
        """The status it was given, else silence."""
        return self.statuses.get(self.name, PrinterStatus(cannot_answer=True))

    def write(self, data: bytes) -> None:
        """Keeps the bytes behind those printed before."""
        if not self.is_open:
            raise OSError("not open")
        with self._guard:
            self.printed[self.name] = self.printed.get(self.name, b"") + data
        self.bytes_written += len(data)

    def settle(self) -> None:
        """Everything written is there already."""

    def close(self, patience: float = 2.0) -> None:  # noqa: ARG002 - nobody to wait for
        """Closes."""
        self.is_open = False
