"""Reads what providers write: JSON objects, amounts, instants, numbers. Nothing that comes in is trusted."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, TypeAlias

from pos.domain.money import MAX_AMOUNT
from pos.domain.qris import Malformed, clean, findings, parse
from pos.payments.base import Refused

log = logging.getLogger(__name__)

Json: TypeAlias = Mapping[str, Any]

WIB = timezone(timedelta(hours=7))
"""Western Indonesia time, in which providers write."""

_RUPIAH = re.compile(r"([0-9]{1,13})(?:\.(0{0,2}))?", re.ASCII)
_FATAL = {"crc_not_last", "crc_format", "crc_wrong", "currency", "transfer"}
"""Findings with which no wallet can pay; what else a bank does wrong in its own code is not ours to judge."""


class NotReadable(ValueError):
    """What came is no JSON object."""


def read_json(body: bytes) -> Json:
    """Read a JSON object; decimals stay exact. Raises NotReadable and nothing else."""
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotReadable("not JSON") from None
    if not isinstance(value, dict):
        raise NotReadable("not a JSON object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


def within(data: Json, *keys: str) -> Json:
    """Return the object that lies inside by these keys, an empty one when there is none."""
    for key in keys:
        inner = data.get(key)
        if not isinstance(inner, dict):
            return {}
        data = inner
    return data


def text_of(data: Json, *keys: str, longest: int = 64) -> str:
    """Return the first of some fields that says anything, printable and cut to `longest`."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**longest else ""
        if isinstance(value, str):
            shown = "".join(c for c in value if c.isprintable()).strip()[:longest]
            if shown:
                return shown
    return ""


def rupiah_of(value: object) -> int | None:
    """Read whole rupiah from `"25000.00"`, `"25000"` or a number; None when it is nothing of that kind."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 < value <= MAX_AMOUNT else None
    if isinstance(value, Decimal):
        value = format(value, "f") if abs(value.adjusted()) < 20 else ""
    if not isinstance(value, str) or not (found := _RUPIAH.fullmatch(value)):
        return None
    amount = int(found[1])
    return amount if 0 < amount <= MAX_AMOUNT else None


def instant_of(value: object) -> datetime | None:
    """Read an instant in ISO 8601, in Western Indonesia time when it names no zone; None if it is none."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        at = datetime.fromisoformat(value.strip())
        aware = at if at.tzinfo is not None else at.replace(tzinfo=WIB)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def checked_payload(payload: object, amount: int) -> str:
    """Return a code's text if a buyer can pay exactly `amount` with it. Raises Refused."""
    if not isinstance(payload, str) or not payload:
        raise Refused("the provider gave no qrContent")
    text = clean(payload)
    try:
        code = parse(text)
    except Malformed as error:
        raise Refused(f"the provider's code can't be read: {error}") from None
    found = findings(text)
    for finding in found:
        if finding.code in _FATAL:
            raise Refused(f"the provider's code can't be used: {finding.text}")
    if code.amount != amount:
        raise Refused(f"the provider's code is for {code.get('54') or 'no amount'}, we asked for {amount}")
    if found:
        log.info("the provider's code: %s", "; ".join(finding.text for finding in found))
    return text
