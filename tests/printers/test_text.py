import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.text import encode, safe, wrap

anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Keripik Tempe", "Keripik Tempe"),
        ("Rp\u00a012.500", "Rp 12.500"),
        ("café", "café"),
        ("cafe\u0301", "café"),
        ("€5", "EUR5"),
        ("“kutip” \u2018satu’", "\"kutip\" 'satu'"),
        ("2 × 3", "2 x 3"),
        ("a – b — c…", "a - b - c..."),
        ("şeker İzmir", "seker Izmir"),
        ("①㎏ ﬁ", "1kg fi"),
        ("茶🍵", "??"),
        ("baris\nbaru\tlagi", "baris baru lagi"),
        ("\x1bp\x00\x19\xfa", "pú"),
        ("a\x1b@b\x10\x14\x01c\x7fd", "a@bcd"),
        ("a\x9bb\x85c", "ab c"),
        ("\u202egnp.kirepik\u202c", "gnp.kirepik"),
        ("\u2066a\u2069\u200e\u200fb\u200b\ufeffc", "abc"),
        ("\ud800", "?"),
        ("a\ufc5eb", "a?b"),
    ],
)
def test_text_is_printed_in_the_nearest_characters_the_printer_has(written: str, printed: str) -> None:
    assert safe(written) == printed


@settings(deadline=None)
@given(anything)
def test_no_text_whatever_leaves_a_byte_that_a_printer_obeys(text: str) -> None:
    data = encode(safe(text))
    assert all(byte >= 0x20 and byte != 0x7F for byte in data)
    assert len(data) == len(safe(text))


@settings(deadline=None)
@given(anything)
def test_safe_text_stays_as_it_is(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@settings(deadline=None)
@given(st.characters(categories=["L", "N", "P", "S"]))
def test_no_visible_character_vanishes(char: str) -> None:
    assert safe(char).strip()


def test_every_character_of_unicode_is_printed_or_dropped_but_never_obeyed() -> None:
    for number in range(0x110000):
        assert safe(chr(number)).strip() or unicodedata.category(chr(number))[0] not in "LNPS"
        for shown in safe(chr(number)):
            assert shown.isprintable()
            assert unicodedata.category(shown) not in {"Cc", "Cf"}


@settings(deadline=None)
@given(anything, st.integers(1, 48))
def test_wrapped_lines_fit_and_lose_only_spaces(text: str, width: int) -> None:
    line = safe(text)
    lines = wrap(line, width)
    assert lines
    assert all(len(each) <= width for each in lines)
    assert "".join(lines).replace(" ", "") == line.replace(" ", "")


def test_words_are_not_broken_when_they_fit() -> None:
    assert wrap("Keripik Tempe Rasa Balado", 14) == ["Keripik Tempe", "Rasa Balado"]
    assert wrap("Superkalifragilistik a", 8) == ["Superkal", "ifragili", "stik a"]


def test_the_indentation_goes_on() -> None:
    assert wrap("  isi dua baris", 9) == ["  isi dua", "  baris"]
    assert wrap("", 9) == [""]
