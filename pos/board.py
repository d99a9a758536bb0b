"""What the printers of this machine last said.

Written by the worker, read by readiness, metrics and the till.
"""

import threading
from dataclasses import dataclass
from datetime import datetime

from printers.status import PrinterStatus


@dataclass(frozen=True, slots=True)
class Heard:
    """A printer's last words and when they were heard."""

    status: PrinterStatus
    at: datetime


_guard = threading.Lock()
_heard: dict[str, Heard] = {}


def note(printer: str, status: PrinterStatus, at: datetime) -> None:
    """Keep what a printer said."""
    with _guard:
        _heard[printer] = Heard(status, at)


def heard(printer: str) -> Heard | None:
    """Return what a printer said last, None before the first question."""
    with _guard:
        return _heard.get(printer)
