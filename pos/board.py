"""What the printers of this machine and its QRIS providers last said, and which kiosks call an officer.

Written by the worker and the desk, read by readiness, metrics, the till and the back office.
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


@dataclass(frozen=True, slots=True)
class Told:
    """When a QRIS provider answered last, and what is the matter since then; empty: nothing."""

    answered_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None


_told: dict[str, Told] = {}


def provider_answered(provider: str, at: datetime) -> None:
    """Keep that a provider answered, whatever it said."""
    with _guard:
        _told[provider] = Told(answered_at=at)


def provider_silent(provider: str, trouble: str, at: datetime) -> None:
    """Keep that a provider gave no answer, and since when that is so."""
    with _guard:
        before = _told.get(provider, Told())
        _told[provider] = Told(before.answered_at, trouble, before.trouble_since or at)


def provider_told(provider: str) -> Told:
    """Return how asking a provider went last."""
    with _guard:
        return _told.get(provider, Told())


_seen: dict[str, datetime] = {}


def register_seen(register: str, at: datetime) -> None:
    """Keep that a till or kiosk asked how things stand."""
    with _guard:
        _seen[register] = at


def last_seen(register: str) -> datetime | None:
    """Return when a till or kiosk asked last; None: never since this machine started."""
    with _guard:
        return _seen.get(register)


_calls: dict[str, datetime] = {}


def call(register: str, at: datetime) -> None:
    """Keep that a kiosk calls an officer, and since when."""
    with _guard:
        _calls.setdefault(register, at)


def answer_call(register: str) -> None:
    """Forget a call: somebody went there."""
    with _guard:
        _calls.pop(register, None)


def calls() -> dict[str, datetime]:
    """Return the kiosks that call, with the instant of each call."""
    with _guard:
        return dict(_calls)
