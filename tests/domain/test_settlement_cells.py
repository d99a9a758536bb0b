"""Numbers, dates and times in settlement files."""

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.settlement import BadCell, Moment, moment, rounded, rupiah, sen, zone

WIB, WITA = timedelta(hours=7), timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25000", 25_000),
        ("25.000", 25_000),
        ("25,000", 25_000),
        ("25 000", 25_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("Rp 25.000", 25_000),
        ("Rp. 1.000.000", 1_000_000),
        ("IDR25000", 25_000),
        ("25000.00", 25_000),
        ("25000,0", 25_000),
        ("175.0000", 175),
        ("25.000,-", 25_000),
        ("(25.000)", -25_000),
        ("-25.000", -25_000),
        ("-Rp25.000", -25_000),
        ("Rp -25.000,00", -25_000),
        ("25.000-", -25_000),
        ("25.000 CR", 25_000),
        ("25.000 DB", -25_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, amount: int) -> None:
    assert rupiah(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1.2.3", "1.250,000", "25.000,505", "1e5", "12.34.567", "--", "Rp", "٣", "0x10", "9" * 40],
)
def test_what_may_mean_two_things_or_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        sen(text)


def test_sen_are_refused_in_an_amount_and_rounded_in_a_fee() -> None:
    with pytest.raises(BadCell):
        rupiah("87,50")
    assert rounded("87,50") == 88
    assert rounded("87,49") == 87
    assert rounded("-87,50") == -88


def test_a_provider_that_counts_in_sen_is_read_in_rupiah() -> None:
    assert rupiah("2500000", 100) == 25_000
    with pytest.raises(BadCell):
        rupiah("2500050", 100)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["id", "en", "plain", "brackets"]))
def test_an_amount_written_by_any_house_is_read_back(amount: int, style: str) -> None:
    grouped = f"{abs(amount):,}"
    sign = "-" if amount < 0 else ""
    text = {
        "id": f"{sign}Rp {grouped.replace(',', '.')},00",
        "en": f"{sign}IDR {grouped}.00",
        "plain": f"{amount}",
        "brackets": f"({grouped})" if amount < 0 else grouped,
    }[style]
    assert rupiah(text) == amount


@given(st.text(max_size=30))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    for read in (sen, moment, zone):
        with suppress(BadCell):
            read(text)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("24/11/2026", Moment(date(2026, 11, 24))),
        ("2026-11-24", Moment(date(2026, 11, 24))),
        ("24-Nov-26", Moment(date(2026, 11, 24))),
        ("24 Nop 2026", Moment(date(2026, 11, 24))),
        ("24 Agustus 2026", Moment(date(2026, 8, 24))),
        ("20261124", Moment(date(2026, 11, 24))),
        ("Sel, 24 Nov 2026 14.05", Moment(date(2026, 11, 24), time(14, 5))),
        ("24/11/2026 14:05:30 WITA", Moment(date(2026, 11, 24), time(14, 5, 30), WITA)),
        ("2026-11-24T14:05:30+07:00", Moment(date(2026, 11, 24), time(14, 5, 30), WIB)),
        ("2026-11-24T07:05:30.123Z", Moment(date(2026, 11, 24), time(7, 5, 30), timedelta())),
        ("24 Nov 2026, 2:05 PM (UTC+07:00)", Moment(date(2026, 11, 24), time(14, 5), WIB)),
        ("140530", Moment(None, time(14, 5, 30))),
        ("12:00 AM", Moment(None, time(0, 0))),
    ],
)
def test_a_moment_is_read_with_what_it_says(text: str, when: Moment) -> None:
    assert moment(text) == when


@pytest.mark.parametrize(
    "text", ["31/02/2026", "11/24/2026", "24/11/2026 25:00", "14", "besok", "1/1/1999", "13:05 PM"]
)
def test_a_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        moment(text)


def test_a_header_may_name_the_time_zone() -> None:
    assert zone("Waktu (WITA)") == WITA
    assert zone("Time UTC+7") == WIB
    assert zone("Waktu Transaksi") is None
