"""EAN-13: a scanner's slip is noticed, and a shop's own numbers stay in the shop's range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.barcode import ean13_check_digit, in_store, is_ean13

twelve = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize("code", ["4006381333931", "5901234123457", "9780306406157", "0000000000000"])
def test_known_numbers_are_right(code):
    assert is_ean13(code)
    assert ean13_check_digit(code[:12]) == code[12]


@given(twelve, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first12, at, by):
    code = first12 + ean13_check_digit(first12)
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    assert is_ean13(code)
    assert not is_ean13(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "400638133393",
        "40063813339310",
        "400638133393x",
        " 4006381333931",
        "٤٠٠٦٣٨١٣٣٣٩٣١",
        "²006381333931",
    ],
)
def test_what_is_not_thirteen_plain_digits_is_no_ean(text):
    assert not is_ean13(text)


@given(st.text(max_size=20))
def test_any_text_is_answered_with_yes_or_no(text):
    assert is_ean13(text) in (True, False)


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890123", "12345678901x", "٤٠٠٦٣٨١٣٣٣٩٣"])
def test_a_check_digit_needs_twelve_digits(text):
    with pytest.raises(ValueError, match="twelve"):
        ean13_check_digit(text)


@given(st.integers(0, 10**10 - 1), st.integers(20, 29))
def test_a_number_of_the_shop_is_a_right_ean_of_the_in_store_range(serial, prefix):
    code = in_store(serial, prefix)
    assert is_ean13(code)
    assert 20 <= int(code[:2]) <= 29
    assert int(code[2:12]) == serial


@pytest.mark.parametrize(("serial", "prefix"), [(-1, 20), (10**10, 20), (1, 19), (1, 30)])
def test_a_number_outside_the_in_store_range_is_refused(serial, prefix):
    with pytest.raises(ValueError, match="in-store"):
        in_store(serial, prefix)


def test_a_number_of_the_shop_begins_with_twenty_unless_told_otherwise():
    assert in_store(1)[:12] == "200000000001"
