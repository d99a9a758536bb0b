"""What a provider is likely to keep of a payment."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.fees import FeeRate, estimate, fee

RATES = [
    FeeRate("UMI", date(2023, 9, 1), 0, 0),
    FeeRate("UMI", date(2023, 9, 1), 100_000, 30),
    FeeRate("UMI", date(2024, 12, 1), 0, 0),
    FeeRate("UMI", date(2024, 12, 1), 500_000, 30),
    FeeRate("UKE", date(2020, 1, 1), 0, 70),
]


def test_the_threshold_belongs_to_the_lower_rate_and_the_whole_payment_pays_the_higher() -> None:
    today = date(2026, 11, 24)
    assert estimate(RATES, "UMI", today, 500_000) == 0
    assert estimate(RATES, "UMI", today, 500_001) == 1_500
    assert estimate(RATES, "UMI", today, 1_000_000) == 3_000


def test_a_rate_holds_from_its_day_on() -> None:
    assert estimate(RATES, "UMI", date(2024, 11, 30), 300_000) == 900
    assert estimate(RATES, "UMI", date(2024, 12, 1), 300_000) == 0


def test_before_the_first_rate_and_for_an_unknown_class_nothing_is_estimated() -> None:
    assert estimate(RATES, "UMI", date(2023, 8, 31), 10_000) is None
    assert estimate(RATES, "ABC", date(2026, 1, 1), 10_000) is None


def test_half_a_rupiah_is_rounded_up() -> None:
    assert fee(12_500, 70) == 88
    assert fee(12_499, 70) == 87
    assert fee(50, 100) == 1


@given(st.integers(1, 10**9), st.integers(0, 1_000))
def test_a_fee_is_never_negative_and_never_off_by_more_than_half(amount: int, rate_bp: int) -> None:
    assert abs(fee(amount, rate_bp) * 10_000 - amount * rate_bp) <= 5_000
