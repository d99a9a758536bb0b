"""Links to digital receipts: short, not to be guessed, and kept nowhere.

A link is the receipt's number and a seal of 80 bits made from the sale's id with the key in the data folder.
Who has the paper has the link; who knows numbers alone has nothing.
"""

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from pos.db import db
from pos.models import Sale

_SEAL_BYTES: Final = 10
_PURPOSE: Final = b"digital receipt 1:"


@dataclass(frozen=True, slots=True)
class Links:
    """Where phones reach this machine and the key that seals its links."""

    public_url: str
    key: bytes


_links: WeakKeyDictionary[Engine, Links] = WeakKeyDictionary()
"""Of each engine; a process has one, a test run several."""


def offer(public_url: str, key: str) -> None:
    """Say where phones reach the shop of the current app; an empty address: nowhere."""
    _links[db.engine] = Links(public_url, key.encode())


def link_to(sale_id: str, number: str) -> str:
    """Return the address of a sale's digital receipt, nothing when phones can't reach the shop."""
    links = _links.get(db.engine)
    if links is None or not links.public_url:
        return ""
    return f"{links.public_url}/r/{number}.{_seal(links.key, sale_id)}"


def sale_of(token: str) -> str | None:
    """Return the id of the sale whose digital receipt the end of a link opens, None for any other text."""
    links = _links.get(db.engine)
    if links is None or not links.public_url or not token.isascii():
        return None
    number, _, seal = token.rpartition(".")
    found = db.session.execute(select(Sale.id).where(Sale.number == number[:24])).scalar_one_or_none()
    # Sealed also when there is no such number, so that the answer takes as long.
    right = hmac.compare_digest(_seal(links.key, found or ""), seal)
    return found if right else None


def _seal(key: bytes, sale_id: str) -> str:
    """Return 16 characters of small letters and digits."""
    digest = hmac.new(key, _PURPOSE + sale_id.encode(), sha256).digest()
    return base64.b32encode(digest[:_SEAL_BYTES]).decode("ascii").lower()
