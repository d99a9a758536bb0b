"""The only source of identity: UUIDs in canonical lower-case text.

The service makes version 7 (RFC 9562 section 5.7): ids that grow with time keep index pages together, which
holds the next sale at ten million rows as quick as at ten thousand. Those of one process grow also within a
millisecond: papers of one act come out in the order in which they were asked for.
"""

import os
import re
import secrets
import threading
import time
from datetime import datetime

_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


_lock = threading.Lock()
_last = [0]


def new_id() -> str:
    """Return a new UUID version 7 as 36 characters."""
    millis, fraction = divmod(_tick(), 4096)
    value = (millis & (2**48 - 1)) << 80 | 0x7 << 76 | fraction << 64 | int.from_bytes(os.urandom(8), "big")
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _tick() -> int:
    """Return the time in parts of 4096 a millisecond (RFC 9562 section 6.2, method 3), each only once."""
    millis, rest = divmod(time.time_ns(), 1_000_000)
    tick = millis << 12 | rest * 4096 // 1_000_000
    with _lock:
        # A clock that was put back is believed: then ids begin anew from there.
        if tick <= _last[0] and millis == _last[0] >> 12:
            tick = _last[0] + 1
        _last[0] = tick
    return tick


def first_id_at(at: datetime) -> str:
    """Return the least id of an instant: ids that the service made before it are less."""
    text = f"{int(at.timestamp() * 1000):012x}"
    return f"{text[:8]}-{text[8:]}-7000-8000-000000000000"


def is_id(text: str) -> bool:
    """Say whether `text` is a UUID in canonical form, of any version."""
    return _CANONICAL.fullmatch(text) is not None


def new_secret() -> str:
    """Return 256 random bits as URL-safe text, for tokens and cookies."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Return a one-time code of eight characters a person can type: no 0, O, 1, I or L."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    return "".join(secrets.choice(alphabet) for _ in range(8))


def new_pin() -> str:
    """Return a random six-digit PIN."""
    return f"{secrets.randbelow(1_000_000):06d}"
