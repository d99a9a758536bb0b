"""What a sale costs: the sums hold for every cart, and no rupiah is lost when it is split."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos.domain.money import MAX_AMOUNT
from pos.domain.pricing import PricedLine, PricingError, percent_of, portion, rounding_for, spread, totals
from tests.domain.vectors import vectors

cases = vectors("pricing")


@st.composite
def priced_lines(draw):
    quantity = draw(st.integers(1, 999))
    unit_price = draw(st.integers(0, 5_000_000))
    return PricedLine(quantity, unit_price, draw(st.integers(0, quantity * unit_price)))


@st.composite
def carts(draw):
    lines = draw(st.lists(priced_lines(), max_size=12))
    return lines, draw(st.integers(0, sum(line.total for line in lines)))


steps = st.sampled_from([0, 1, 5, 50, 99, 100, 500, 1000])


@pytest.mark.parametrize("case", cases["rounding"], ids=str)
def test_amounts_are_rounded_as_the_browser_rounds_them(case):
    assert rounding_for(case["amount"], case["step"]) == case["rounding"]


@pytest.mark.parametrize("case", cases["percent"], ids=str)
def test_a_percentage_is_as_many_rupiah_as_the_browser_says(case):
    assert percent_of(case["amount"], case["bp"]) == case["off"]


@given(st.integers(0, 10**12), st.integers(0, 100))
def test_a_discount_of_exactly_the_limit_never_exceeds_it(gross, percent):
    assert percent_of(gross, percent * 100) * 100 <= gross * percent


@pytest.mark.parametrize("case", cases["totals"], ids=lambda case: case["name"])
def test_a_cart_adds_up_as_the_browser_adds_it_up(case):
    lines = [PricedLine(*line) for line in case["lines"]]
    found = totals(lines, case["sale_discount"], case["step"], case["all_cash"])
    for name in ("gross", "subtotal", "discount", "rounding", "total"):
        assert getattr(found, name) == case[name], name


@pytest.mark.parametrize("case", cases["refused"], ids=lambda case: case["name"])
def test_what_cannot_be_priced_is_refused_and_named(case):
    lines = [PricedLine(*line) for line in case["lines"]]
    with pytest.raises(PricingError) as refused:
        totals(lines, case["sale_discount"], 100, True)
    assert refused.value.code == case["code"]


def test_a_refusal_says_which_line_is_wrong():
    lines = [PricedLine(1, 8000, 0), PricedLine(1, 8000, 9000)]
    with pytest.raises(PricingError) as refused:
        totals(lines, 0, 100, True)
    assert refused.value.line == 1


def test_a_sale_of_more_than_the_books_can_hold_is_refused():
    assert totals([PricedLine(2, MAX_AMOUNT // 2, 0)], 0, 100, True).total == MAX_AMOUNT
    with pytest.raises(PricingError) as refused:
        totals([PricedLine(2, MAX_AMOUNT // 2 + 1, 0)], 0, 100, True)
    assert refused.value.code == "too_large"


@given(carts(), steps, st.booleans())
def test_the_total_is_the_subtotal_less_the_discount_plus_the_rounding(cart, step, all_cash):
    lines, discount = cart
    found = totals(lines, discount, step, all_cash)
    assert found.subtotal == sum(line.quantity * line.unit_price - line.discount for line in lines)
    assert found.gross == sum(line.gross for line in lines)
    assert found.total == found.subtotal - found.discount + found.rounding
    assert found.gross - found.discounts + found.rounding == found.total
    assert found.total >= 0


@given(carts(), steps)
def test_a_sale_with_any_qris_is_never_rounded(cart, step):
    lines, discount = cart
    assert totals(lines, discount, step, all_cash=False).rounding == 0


@given(st.integers(0, 10**9), st.integers(2, 1000))
def test_rounding_goes_to_the_nearest_step_and_a_half_goes_up(amount, step):
    rounded = amount + rounding_for(amount, step)
    assert rounded % step == 0
    assert -step < 2 * (rounded - amount) <= step


@given(st.integers(0, 10**9), st.integers(0, 1000))
def test_what_is_rounded_stays_as_it_is(amount, step):
    rounded = amount + rounding_for(amount, step)
    assert rounding_for(rounded, step) == 0


def test_a_negative_step_is_refused():
    with pytest.raises(PricingError):
        rounding_for(1000, -100)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_the_parts_of_a_split_add_up_and_are_fair_to_a_rupiah(amount, weights):
    assume(sum(weights) > 0)
    parts = spread(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert part >= 0
        assert abs(part - Fraction(amount * weight, sum(weights))) < 1
        assert weight > 0 or part == 0


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**7), max_size=12))
def test_no_part_of_a_discounted_sale_exceeds_its_line(discount, line_totals):
    assume(sum(line_totals) > 0 and discount <= sum(line_totals))
    parts = spread(sum(line_totals) - discount, line_totals)
    assert all(part <= line for part, line in zip(parts, line_totals, strict=True))


def test_nothing_is_split_over_nothing_and_something_over_nothing_is_refused():
    assert spread(0, []) == []
    assert spread(0, [0, 0]) == [0, 0]
    with pytest.raises(PricingError):
        spread(1, [0, 0])
    with pytest.raises(PricingError):
        spread(1, [])
    with pytest.raises(PricingError):
        spread(-1, [1])
    with pytest.raises(PricingError):
        spread(1, [2, -1])


@given(st.integers(0, 10**8), st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_paying_a_line_back_in_any_steps_pays_back_exactly_what_was_paid(paid, steps_of_pieces):
    quantity = sum(steps_of_pieces)
    before = returned = 0
    for now in steps_of_pieces:
        part = portion(paid, quantity, before, now)
        assert part >= 0
        returned += part
        before += now
        assert returned <= paid
    assert returned == paid


@pytest.mark.parametrize(
    ("quantity", "before", "now"), [(3, 3, 1), (3, 0, 4), (3, 2, 2), (3, 0, 0), (3, -1, 1), (0, 0, 1)]
)
def test_more_pieces_than_were_sold_are_never_paid_back(quantity, before, now):
    with pytest.raises(PricingError):
        portion(30_000, quantity, before, now)
