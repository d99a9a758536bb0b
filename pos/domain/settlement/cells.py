"""Numbers, dates and times as Indonesian and English settlement files write them.

Nothing is guessed: what can be meant in two ways is refused in words a person can act on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from pos.domain.money import MAX_AMOUNT
from pos.domain.words import N_


class BadCell(ValueError):
    """A cell that can't be understood."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params: Mapping[str, object] = params
        super().__init__(message % params if params else message)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a cell says of when: each part None where it says nothing."""

    day: date | None = None
    clock: time | None = None
    offset: timedelta | None = None


_CURRENCY = re.compile(r"^(?:rp\.?|idr)\s*|\s*(?:rp\.?|idr)$", re.IGNORECASE)
_GROUPED = re.compile(r"([0-9]{1,3}(?:([., '])[0-9]{3})(?:\2[0-9]{3}){0,5})(?:([.,])([0-9]{1,2}))?", re.ASCII)
_POINTED = re.compile(r"([0-9]{1,18})(?:[.,]([0-9]{1,6}))?", re.ASCII)
_NUMBER = N_("%(text)s is not an amount. Write 25000, 25.000 or 25.000,00.")


def sen(text: str) -> int:
    """Read an amount as sen, 100 to the rupiah: 1.250.000,00 or Rp 25.000 or 25000.00 or (25.000).

    Three digits behind the only separator are thousands, one or two are sen; brackets, a minus on either side
    and CR/DB behind the number give the sign.
    """
    plain = re.sub(r"[\u00a0\u202f\u2009]", " ", text).strip()
    # A bare dash behind a decimal mark stands for no sen: 25.000,-
    plain = re.sub(r"[.,]-{1,2}$", "", plain)
    negative = False
    if match := re.fullmatch(r"\((.*)\)", plain):
        negative, plain = True, match.group(1).strip()
    if match := re.fullmatch(r"(.*?)\s*\b(CR|DB|DR|K|D)\.?", plain, re.IGNORECASE):
        negative, plain = match.group(2).upper() in ("DB", "DR", "D"), match.group(1)
    for mark in ("-", "\u2212", "\u2013", "+"):
        for _ in range(2):
            if plain.startswith(mark) or plain.endswith(mark):
                negative ^= mark != "+"
                plain = plain.strip(mark).strip()
            plain = _CURRENCY.sub("", plain).strip()
    whole, fraction = _parts(plain, text)
    if len(fraction) > 2 and fraction[2:].strip("0"):
        raise BadCell(_NUMBER, text=text)
    amount = int(whole) * 100 + int((fraction + "00")[:2])
    if amount > MAX_AMOUNT * 100:
        raise BadCell(N_("%(text)s is too large."), text=text)
    return -amount if negative else amount


def _parts(plain: str, text: str) -> tuple[str, str]:
    """Return the digits before and behind the decimal mark."""
    if match := _GROUPED.fullmatch(plain):
        head, separator, mark, fraction = match.groups()
        if mark != separator and not plain.startswith("0"):
            return re.sub(r"[^0-9]", "", head), fraction or ""
    if match := _POINTED.fullmatch(plain):
        return match.group(1), match.group(2) or ""
    raise BadCell(_NUMBER, text=text)


def rupiah(text: str, unit: int = 1) -> int:
    """Read whole rupiah, negative ones included; `unit` 100 means that the file counts in sen."""
    amount = sen(text)
    rest = amount % (100 * unit)
    if rest:
        raise BadCell(N_("%(text)s has sen. Rupiah are whole."), text=text)
    return amount // (100 * unit)


def rounded(text: str, unit: int = 1) -> int:
    """Read an amount that may have sen, rounded half up to the rupiah: what a fee of 0,7 % comes to."""
    amount = sen(text)
    whole = (abs(amount) + 50 * unit) // (100 * unit)
    return whole if amount >= 0 else -whole


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february pebruari",
            "mar maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu ags agt agustus aug august",
            "sep sept september",
            "okt oct oktober october",
            "nov nop november nopember",
            "des dec desember december",
        ),
        1,
    )
    for name in names.split()
}
_DATES: tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...] = (
    (re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])", re.ASCII), (0, 1, 2)),
    (re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?![0-9])", re.ASCII), (2, 1, 0)),
    (re.compile(r"([0-9]{1,2})[-/. ]?([A-Za-z]{3,9})[-/. ,]*([0-9]{4}|[0-9]{2})(?![0-9])"), (2, 1, 0)),
    (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])", re.ASCII), (0, 1, 2)),
)
_TIME = re.compile(
    r"([0-9]{1,2})(?:([:.])([0-9]{2})(?:\2([0-9]{2})(?:[.,][0-9]{1,9})?)?|([0-9]{2})([0-9]{2}))"
    r"\s*([AaPp]\.?[Mm]\.?)?",
    re.ASCII,
)
_ZONE = re.compile(
    r"\(?(wib|wita|wit|utc|gmt)?\s*(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?\)?", re.IGNORECASE | re.ASCII
)
_NAMED_ZONE = re.compile(
    r"\b(wib|wita|wit|utc|gmt)\b\s*(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?", re.IGNORECASE | re.ASCII
)
_NAMED = {"wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0}
_DAY = N_("%(text)s is not a date. Write 24/11/2026 or 2026-11-24.")
_HOUR = N_("%(text)s is not a time of the day. Write 14:05 or 14:05:30.")


def zone(text: str) -> timedelta | None:
    """Return the time zone that a header names (Waktu (WITA), Time UTC+8); None when it names none."""
    match = _NAMED_ZONE.search(text)
    return None if match is None else _offset(match)


def _offset(match: re.Match[str]) -> timedelta:
    name, sign, hours, minutes = match.groups()
    offset = timedelta(hours=_NAMED[name.lower()]) if name else timedelta()
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if abs(offset) > timedelta(hours=14):
        raise BadCell(_HOUR, text=match.string)
    return offset


def moment(text: str) -> Moment:
    """Read a date, a time of the day, or both, with or without a time zone."""
    rest = text.strip()
    day, rest = _day(rest, text)
    rest = re.sub(r"^(?:[T,\s]|pukul|jam)+", "", rest, flags=re.IGNORECASE)
    if not rest:
        return Moment(day)
    found = _TIME.match(rest)
    if found is None:
        raise BadCell(_HOUR if day else _DAY, text=text)
    hour, minute = int(found.group(1)), int(found.group(3) or found.group(5))
    second = int(found.group(4) or found.group(6) or 0)
    if half := found.group(7):
        if not 1 <= hour <= 12:
            raise BadCell(_HOUR, text=text)
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    tail = rest[found.end() :].strip()
    offset: timedelta | None = None
    if tail.upper() == "Z":
        offset = timedelta()
    elif tail:
        match = _ZONE.fullmatch(tail)
        if match is None or not (match.group(1) or match.group(2)):
            raise BadCell(_HOUR, text=text)
        offset = _offset(match)
    try:
        return Moment(day, time(hour, minute, second), offset)
    except ValueError:
        raise BadCell(_HOUR, text=text) from None


def _day(rest: str, text: str) -> tuple[date | None, str]:
    # Mon, 24 Nov 2026: a weekday before the date says nothing new.
    shorn = re.sub(r"^[A-Za-z']{3,9},\s*", "", rest)
    for pattern, order in _DATES:
        match = pattern.match(shorn)
        if match is None:
            continue
        parts = [match.group(index + 1) for index in order]
        month = _MONTHS.get(parts[1].lower()) if parts[1].isalpha() else int(parts[1])
        year = int(parts[0]) + (2000 if len(parts[0]) == 2 else 0)
        try:
            if month is not None and 2000 <= year < 2100:
                return date(year, month, int(parts[2])), shorn[match.end() :]
        except ValueError:
            pass
        raise BadCell(_DAY, text=text)
    return None, rest
