"""The books' canonical text and its hash: one spelling for one value, so that a hash proves the content."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

JSON: TypeAlias = "str | int | bool | Sequence[JSON] | Mapping[str, JSON] | None"

GENESIS: str = "0" * 64
"""What the first entry of every book names as the hash before it."""

_SCALARS = frozenset({str, int, bool, type(None)})
_CONTAINERS = frozenset({list, dict})
_ONLY_STR = frozenset({str})
_dumps = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=True
).encode


class CanonicalError(ValueError):
    """A value that has no canonical text: a float, a key that is no text, half a character, a cycle."""


def canonical(value: JSON) -> str:
    """Write a value as JSON with sorted keys, no spaces and UTF-8 as it is.

    Only str, int, bool, None, list and dict are taken. Floats are refused because two machines may print one
    differently, other keys because JSON would make them text and two different values would look the same.
    """
    try:
        # First, because this is also what finds a cycle; the check below would walk one for ever.
        text = _dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise CanonicalError(str(error)) from error
    _check(value)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise CanonicalError("half a surrogate pair is no text") from error
    return text


def _check(value: JSON) -> None:
    """Refuse every type but the plain ones; whole rows of values are looked at in C, not one by one."""
    if type(value) in _SCALARS:
        return
    todo: list[object] = [value]
    for item in todo:
        if type(item) is dict:
            if item and not _ONLY_STR.issuperset(map(type, item)):
                raise CanonicalError("only text can be a key")
            inner: Sequence[object] = list(item.values())
        elif type(item) is list:
            inner = item
        else:
            raise CanonicalError(f"{type(item).__name__} has no canonical form")
        if not _SCALARS.issuperset(map(type, inner)):
            todo += [part for part in inner if type(part) not in _SCALARS]


def is_canonical(text: str) -> bool:
    """Say whether a text is the canonical form of the value it spells."""
    try:
        return canonical(json.loads(text)) == text
    except (ValueError, RecursionError):
        return False


def entry_line(
    *,
    book: str,
    seq: int,
    at: str,
    kind: str,
    actor: Mapping[str, JSON],
    request: str | None,
    content: str,
    previous: str,
) -> str:
    """Write a whole journal entry as one canonical JSON object; `content` is canonical text already."""
    before = canonical({"actor": dict(actor), "at": at, "book": book})
    after = canonical({"kind": kind, "previous": previous, "request": request, "seq": seq})
    # "content" sorts between "book" and "kind": its text is put in as it is, not read and written again.
    return f'{before[:-1]},"content":{content},{after[1:]}'


def entry_hash(line: str) -> str:
    """Give the SHA-256 of an entry's line in lower-case hex."""
    return sha256(line.encode()).hexdigest()
