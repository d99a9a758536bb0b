"""Rupiah are written one way on paper and one way on screens."""

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.money import MAX_AMOUNT, dotted, rupiah
from tests.domain.vectors import vectors

amounts = st.integers(-MAX_AMOUNT, MAX_AMOUNT)


def test_amounts_are_written_as_the_browser_writes_them():
    for case in vectors("money"):
        assert dotted(case["amount"]) == case["dotted"]
        assert rupiah(case["amount"]) == case["rupiah"]


@given(amounts)
def test_the_dots_can_be_taken_out_again(amount):
    assert int(dotted(amount).replace(".", "")) == amount


@given(amounts)
def test_every_group_but_the_first_has_three_digits(amount):
    first, *rest = dotted(abs(amount)).split(".")
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in rest)


@given(amounts)
def test_an_amount_on_a_screen_never_breaks_over_two_lines(amount):
    assert " " not in rupiah(amount)
    assert "\n" not in rupiah(amount)


@given(amounts)
def test_the_sign_stands_before_the_currency(amount):
    assert rupiah(amount).startswith("-Rp\u00a0") == (amount < 0)


def test_the_largest_amount_is_a_million_million():
    assert MAX_AMOUNT == 1_000_000_000_000
