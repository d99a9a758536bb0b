"""The files that a shop and an outlet of it exchange: one JSON document with a seal. No I/O.

{"body": {...}, "seal": "..."}: the seal is an HMAC-SHA256 over the body's canonical text with the key that
both shops share, so a file that was changed, or comes from a stranger, is refused.
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeAlias

from pos.domain.journal import canonical

Body: TypeAlias = dict[str, Any]
FORMAT, VERSION = "karya-exchange", 1
MAX_BYTES = 8 * 1024 * 1024
CODE = "karya1"
"""What a code that links two shops begins with."""


class Unusable(Exception):
    """A file that is not taken; the reason is unreadable, newer, or changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def seal(body: Mapping[str, Any], key: str) -> bytes:
    """Return the file of a body."""
    text = canonical(dict(body))
    mark = hmac.new(bytes.fromhex(key), text.encode(), sha256).hexdigest()
    return f'{{"body":{text},"seal":"{mark}"}}\n'.encode()


def peek(data: bytes) -> Body:
    """Return a file's body before its seal is looked at, to know between whom it is. Raises Unusable."""
    try:
        whole = json.loads(data)
        body = whole["body"]
        known = (
            body["format"] == FORMAT and isinstance(body["version"], int) and isinstance(whole["seal"], str)
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unusable("unreadable") from None
    if not known:
        raise Unusable("unreadable")
    if body["version"] != VERSION:
        raise Unusable("newer")
    return dict(body)


def opened(data: bytes, key: str) -> Body:
    """Return a file's body when its seal is right. Raises Unusable."""
    body = peek(data)
    try:
        right = hmac.new(bytes.fromhex(key), canonical(body).encode(), sha256).hexdigest()
    except ValueError:
        raise Unusable("changed") from None
    if not hmac.compare_digest(right.encode(), str(json.loads(data)["seal"]).encode()):
        raise Unusable("changed")
    return body


def link_code(code: str, key: str) -> str:
    """Return what the outlet types once to be linked."""
    check = sha256(f"{code}.{key}".encode()).hexdigest()[:4]
    return f"{CODE}.{code}.{key}.{check}"


def read_link_code(text: str) -> tuple[str, str] | None:
    """Return the partner's code and the key of a link code; None when it was typed wrong."""
    parts = text.strip().split(".")
    if len(parts) != 4 or parts[0] != CODE or link_code(parts[1], parts[2]) != text.strip():
        return None
    return parts[1], parts[2]


def net_of_lots(lots: Mapping[tuple[str, str], int]) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Return what was sold by product and lot, none below zero, and what products brought back on the whole.

    Pieces of a lot brought back that were sold in an earlier period are taken off the product's other lots.
    """
    sold = dict(lots)
    whole: dict[str, int] = {}
    for (sku, _), count in lots.items():
        whole[sku] = whole.get(sku, 0) + count
    for key in sorted(lots):
        if sold[key] < 0 <= whole[key[0]]:
            for other in sorted(lots):
                if other[0] == key[0] and sold[other] > 0 > sold[key]:
                    part = min(sold[other], -sold[key])
                    sold[other] -= part
                    sold[key] += part
    return {key: n for key, n in sold.items() if n > 0 and whole[key[0]] >= 0}, {
        sku: -count for sku, count in whole.items() if count < 0
    }
