"""How often something may be asked for that needs no sign-in."""

import threading
from collections import OrderedDict
from typing import Final

from pos import clock
from pos.errors import N_, PosError

MINUTE: Final = 60.0
_KNOWN: Final = 2_000
"""Askers that are remembered; beyond, the one that was quiet longest is forgotten."""


class Pace:
    """So many requests a minute for each key; kept in memory, for a restart may forget it."""

    def __init__(self, a_minute: int) -> None:
        self._most = float(a_minute)
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one request. Raises slow_down when there were too many of this key."""
        now = clock.monotonic()
        with self._lock:
            left, at = self._seen.pop(key, (self._most, now))
            left = min(self._most, left + (now - at) * self._most / MINUTE)
            allowed = left >= 1
            self._seen[key] = (left - 1 if allowed else left, now)
            if len(self._seen) > _KNOWN:
                self._seen.popitem(last=False)
        if not allowed:
            raise PosError(
                "slow_down", N_("Too many requests. Wait a minute."), extra={"retry_after": int(MINUTE)}
            )
