"""The business date of an instant: the local day, which starts at the outlet's cut-off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name; ValueError when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def business_date(at: datetime, time_zone: str, cut_off: time) -> date:
    """Give the business date of an instant; before the cut-off it still belongs to the day before."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    local = at.astimezone(zone(time_zone))
    if local.time() < cut_off:
        return local.date() - timedelta(days=1)
    return local.date()


def day_end(on: date, time_zone: str, cut_off: time) -> datetime:
    """Give the instant at which business date `on` ends: the next day's cut-off, in UTC."""
    return datetime.combine(on + timedelta(days=1), cut_off, zone(time_zone)).astimezone(UTC)
