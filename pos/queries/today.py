"""How today goes beside the same day of last week: by hour, by outlet, by product.

Everything is found by the shifts of the two days, which are a handful; a shop of ten years costs the same.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from pos.db import db
from pos.domain.business_day import business_date
from pos.models import Outlet, Refund, Register, Sale, SaleLine, Shift

WEEK = timedelta(days=7)
TOP = 8
"""So many products are named."""
LEAST_HOURS = 8
"""A chart has at least so many hours, or a single sale in the morning would fill it."""


@dataclass(slots=True)
class Sums:
    """Completed sales, what was taken for them, and what of it was given back."""

    sales: int = 0
    taken: int = 0
    back: int = 0

    @property
    def net(self) -> int:
        """What is left of it."""
        return self.taken - self.back


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the outlets' clocks, today and a week ago."""

    hour: int
    sales: int
    taken: int
    taken_before: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A product's pieces and rupiah today, before discounts on whole receipts."""

    sku: str
    name: str
    pieces: int
    taken: int


@dataclass(slots=True)
class Today:
    """The figures of the first page."""

    now: Sums = field(default_factory=Sums)
    then: Sums = field(default_factory=Sums)
    """The same day of last week, until the same hour."""
    then_whole: Sums = field(default_factory=Sums)
    """The whole of it."""
    outlets: dict[str, Sums] = field(default_factory=dict)
    hours: list[Hour] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Day:
    """A shift of one of the two days."""

    outlet: str
    zone: ZoneInfo
    today: bool


def today(at: datetime) -> Today:
    """Return how the shop's business day goes at an instant; each outlet's own day and clock count."""
    places = db.session.execute(
        select(Outlet.id, Outlet.name, Outlet.time_zone, Outlet.cut_off).order_by(Outlet.id)
    ).all()
    found = Today(outlets={name: Sums() for _, name, _, _ in places})
    days = {key: business_date(at, zone, time.fromisoformat(cut)) for key, _, zone, cut in places}
    zones = {key: ZoneInfo(zone) for key, _, zone, _ in places}
    names = {key: name for key, name, _, _ in places}
    shifts = _shifts(days, names, zones)
    by_hour: dict[tuple[int, bool], tuple[int, int]] = {}
    for shift_id, completed_at, total in _sales(list(shifts)):
        day = shifts[shift_id]
        _count(found, day, completed_at, total, at)
        hour = completed_at.astimezone(day.zone).hour
        sales, taken = by_hour.get((hour, day.today), (0, 0))
        by_hour[hour, day.today] = (sales + 1, taken + total)
    for shift_id, given_at, total in _refunds(list(shifts)):
        _count(found, shifts[shift_id], given_at, total, at, back=True)
    first = min((time.fromisoformat(cut).hour for _, _, _, cut in places), default=0)
    found.hours = _hours(by_hour, first)
    found.goods = _goods([shift_id for shift_id, day in shifts.items() if day.today])
    return found


def _shifts(days: dict[int, date], names: dict[int, str], zones: dict[int, ZoneInfo]) -> dict[str, _Day]:
    wanted = {*days.values(), *(on - WEEK for on in days.values())}
    rows = db.session.execute(
        select(Shift.id, Shift.business_date, Register.outlet_id)
        .join(Register, Register.id == Shift.register_id)
        .where(Shift.business_date.in_(wanted))
    )
    return {
        shift_id: _Day(names[outlet], zones[outlet], on == days[outlet])
        for shift_id, on, outlet in rows
        if on in (days[outlet], days[outlet] - WEEK)
    }


def _sales(shifts: list[str]) -> list[tuple[str, datetime, int]]:
    rows = db.session.execute(
        select(Sale.shift_id, Sale.completed_at, Sale.total).where(
            Sale.shift_id.in_(shifts), Sale.status == "completed"
        )
    )
    return [(shift_id, done, total) for shift_id, done, total in rows if done is not None]


def _refunds(shifts: list[str]) -> list[tuple[str, datetime, int]]:
    rows = db.session.execute(
        select(Refund.shift_id, Refund.at, Refund.total).where(Refund.shift_id.in_(shifts))
    )
    return [(shift_id, at, total) for shift_id, at, total in rows]


def _count(found: Today, day: _Day, when: datetime, total: int, at: datetime, *, back: bool = False) -> None:
    if day.today:
        into = [found.now, found.outlets[day.outlet]]
    else:
        into = [found.then_whole, *([found.then] if when <= at - WEEK else [])]
    for sums in into:
        if back:
            sums.back += total
        else:
            sums.sales += 1
            sums.taken += total


def _hours(by_hour: dict[tuple[int, bool], tuple[int, int]], first: int) -> list[Hour]:
    """Return the hours between the first and the last that sold, from the hour on at which the day turns."""
    if not by_hour:
        return []
    places = sorted((hour - first) % 24 for hour, _ in by_hour)
    end = max(places[-1], min(places[0] + LEAST_HOURS - 1, 23))
    begin = max(0, min(places[0], end - LEAST_HOURS + 1))
    hours = [(place + first) % 24 for place in range(begin, end + 1)]
    found = []
    for hour in hours:
        sales, taken = by_hour.get((hour, True), (0, 0))
        found.append(Hour(hour, sales, taken, by_hour.get((hour, False), (0, 0))[1]))
    return found


def _goods(shifts: list[str]) -> list[Goods]:
    taken = func.sum(SaleLine.total)
    rows = db.session.execute(
        select(SaleLine.sku, func.max(SaleLine.name), func.sum(SaleLine.quantity), taken)
        .join(Sale, Sale.id == SaleLine.sale_id)
        .where(Sale.shift_id.in_(shifts), Sale.status == "completed")
        .group_by(SaleLine.sku)
        .order_by(taken.desc(), SaleLine.sku)
        .limit(TOP)
    )
    return [Goods(sku, name, int(pieces), int(total)) for sku, name, pieces, total in rows]
