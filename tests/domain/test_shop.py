"""The shop's settings: a stored value counts, an unknown one does no harm, a wrong one is refused."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.shop import BOUNDS, LENGTHS, Shop, problems, shop_of

NAMES = tuple(asdict(Shop()))


def test_a_new_shop_has_the_limits_that_people_were_promised():
    shop = shop_of({})
    assert shop.rounding_step == 100
    assert shop.limit_discount_percent == 10
    assert shop.limit_over_short == 10_000
    assert shop.limit_manual_qris == 500_000


def test_a_stored_value_wins_and_a_key_of_a_newer_program_does_no_harm():
    shop = shop_of({"rounding_step": 500, "colour_of_the_moon": "blue"})
    assert shop.rounding_step == 500
    assert shop.name == Shop().name


@pytest.mark.parametrize("name", NAMES)
def test_every_default_is_allowed_and_every_setting_has_its_bound(name):
    default = asdict(Shop())[name]
    assert problems(name, default) is None
    if not isinstance(default, bool):
        assert name in (LENGTHS if isinstance(default, str) else BOUNDS)


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_number_is_allowed_from_its_least_to_its_greatest_and_no_further(name):
    low, high = BOUNDS[name]
    assert problems(name, low) is None
    assert problems(name, high) is None
    assert problems(name, low - 1)
    assert problems(name, high + 1)


@pytest.mark.parametrize("value", [True, 5.0, "5", None, [5]])
def test_what_is_no_whole_number_is_refused_as_one(value):
    assert problems("limit_discount_percent", value)


@pytest.mark.parametrize("value", [1, 0, "true", None])
def test_yes_or_no_is_not_guessed_from_other_values(value):
    assert problems("demo", value)


@given(st.sampled_from(sorted(LENGTHS)), st.integers(0, 600))
def test_a_text_may_be_as_long_as_its_limit(name, length):
    assert (problems(name, "x" * length) is None) == (length <= LENGTHS[name])


@pytest.mark.parametrize("value", [1, None, b"x", ["x"]])
def test_what_is_no_text_is_refused_as_one(value):
    assert problems("name", value)


def test_a_setting_that_does_not_exist_cannot_be_set():
    assert problems("colour_of_the_moon", "blue")
