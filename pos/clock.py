"""The only source of time. Doors read it and pass instants down as arguments.

Below the doors time is always an argument, so a test, a replay and a restored backup see the same rules.
"""

import time as _time
from datetime import UTC, date, datetime
from functools import lru_cache


def now() -> datetime:
    """Return the present instant, aware, in UTC, cut to milliseconds.

    Milliseconds are what both databases, the journal and the API can carry without a difference.
    """
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def monotonic() -> float:
    """Return seconds of a clock that never jumps, for durations and time-outs."""
    return _time.monotonic()


@lru_cache(maxsize=64)
def iso(at: datetime) -> str:
    """Return `at` as RFC 3339 in UTC with milliseconds, the one form in the journal and the API.

    A sale says its instant in ten places.
    """
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_day(on: date | None) -> str | None:
    """Return a day as RFC 3339 writes it; None stays None."""
    return None if on is None else on.isoformat()
