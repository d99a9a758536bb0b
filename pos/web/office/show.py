"""How the back office writes dates, times and counts: in the reader's language, in the outlet's own time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import g
from flask_babel import get_locale, gettext

from pos import clock
from pos.domain import fees
from pos.domain.business_day import business_date
from pos.queries.outlets import first_place


def locale() -> str:
    """Return the reader's language."""
    return str(get_locale() or "id")


def zone() -> str:
    """Return the time zone of the first outlet, which stands for the shop's where no outlet is named."""
    if "zone" not in g:
        g.zone, g.cut_off = first_place()
    found: str = g.zone
    return found


def today() -> date:
    """Return the business date at the first outlet."""
    here = zone()
    return business_date(clock.now(), here, g.cut_off)


def yes_or_no(value: bool) -> str:
    """Return the word for it."""
    return str(gettext("yes") if value else gettext("no"))


def local_day() -> date:
    """Return the date on the wall at the first outlet, which decides what is expired."""
    return local_date(clock.now())


def local_date(value: datetime) -> date:
    """Return the date that an instant has on the wall at the first outlet."""
    return value.astimezone(ZoneInfo(zone())).date()


def day(value: date | str | None, form: str = "d MMM y") -> str:
    """Return a date: 24 Nov 2026. A dash stands for none."""
    if not value:
        return "–"
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return format_date(found, form, locale=locale())


def long_day(value: date | str | None) -> str:
    """Return a date with its weekday."""
    return day(value, "EEEE, d MMMM y")


def at(value: datetime | str | None, form: str = "") -> str:
    """Return an instant as date and time of the day: 24 Nov 2026 14.05, in English 14:05."""
    if not value:
        return "–"
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    pattern = form or "d MMM y HH{}mm"
    separator = "." if locale() == "id" else ":"
    text: str = format_datetime(found, pattern.format(separator), tzinfo=ZoneInfo(zone()), locale=locale())
    return text


def clock_time(value: datetime | str | None) -> str:
    """Return the time of the day alone."""
    return at(value, "HH{}mm")


def count(value: int) -> str:
    """Return a number of pieces with the thousands apart, as the reader's language does."""
    text = f"{value:,d}".replace("-", "\u2212")
    return text.replace(",", ".") if locale() == "id" else text


def hundredths(basis_points: int) -> str:
    """Write basis points as a number of percent in the reader's language: 1250 is 12,5 or 12.5."""
    text = fees.hundredths(basis_points)
    return text.replace(".", ",") if locale() == "id" else text


def percent(basis_points: int) -> str:
    """Write basis points as percent: 1250 is 12,5 %, in English 12.5%."""
    return f"{hundredths(basis_points)}{' %' if locale() == 'id' else '%'}"
