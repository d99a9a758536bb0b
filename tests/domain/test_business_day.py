"""The business date: local, and the night before the cut-off belongs to the evening."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.business_day import business_date

JAKARTA = "Asia/Jakarta"
zones = st.sampled_from([JAKARTA, "Asia/Makassar", "Asia/Jayapura", "UTC", "America/New_York"])
instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
cut_offs = st.times().map(lambda at: at.replace(tzinfo=None, fold=0))


@pytest.mark.parametrize(
    ("at", "zone", "cut_off", "expected"),
    [
        ("2026-11-23T16:59:59+00:00", JAKARTA, time(0), date(2026, 11, 23)),
        ("2026-11-23T17:00:00+00:00", JAKARTA, time(0), date(2026, 11, 24)),
        ("2026-11-23T20:59:59.999999+00:00", JAKARTA, time(4), date(2026, 11, 23)),
        ("2026-11-23T21:00:00+00:00", JAKARTA, time(4), date(2026, 11, 24)),
        ("2026-11-24T03:59:00+07:00", JAKARTA, time(4), date(2026, 11, 23)),
        ("2026-11-23T15:30:00+00:00", "Asia/Jayapura", time(0), date(2026, 11, 24)),
        ("2026-12-31T18:00:00+00:00", JAKARTA, time(4), date(2026, 12, 31)),
        ("2028-02-29T18:00:00+00:00", JAKARTA, time(4), date(2028, 2, 29)),
    ],
)
def test_the_day_turns_at_the_cut_off_of_the_outlet(at, zone, cut_off, expected):
    assert business_date(datetime.fromisoformat(at), zone, cut_off) == expected


@given(instants, zones)
def test_without_a_cut_off_the_business_date_is_the_date_on_the_wall(at, zone):
    assert business_date(at, zone, time(0)) == at.astimezone(ZoneInfo(zone)).date()


@given(instants, zones, cut_offs)
def test_an_instant_belongs_to_its_day_or_to_the_one_before(at, zone, cut_off):
    wall = at.astimezone(ZoneInfo(zone))
    expected = wall.date() if wall.time() >= cut_off else wall.date() - timedelta(days=1)
    assert business_date(at, zone, cut_off) == expected


@given(instants, cut_offs, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_later_sale_never_gets_an_earlier_date(at, cut_off, later):
    assert business_date(at + later, JAKARTA, cut_off) >= business_date(at, JAKARTA, cut_off)


@given(instants, cut_offs)
def test_the_same_instant_told_in_another_zone_has_the_same_date(at, cut_off):
    elsewhere = at.astimezone(ZoneInfo("America/New_York"))
    assert business_date(elsewhere, JAKARTA, cut_off) == business_date(at, JAKARTA, cut_off)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        business_date(datetime(2026, 11, 24, 10), JAKARTA, time(4))  # noqa: DTZ001


@pytest.mark.parametrize("name", ["Asia/Tangerang", "", "../../etc/passwd", "Asia", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_refused_as_a_wrong_value(name):
    with pytest.raises(ValueError, match="unknown time zone"):
        business_date(datetime(2026, 11, 24, tzinfo=UTC), name, time(4))
