import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.document import QR, Barcode, Columns, Cut, Document, Feed, Rule, Text
from printers.layout import BarcodeLine, CutLine, Paper, QRLine, TextLine, lay_out
from tests.printers.samples import everything

WIDTHS = [32, 42, 48]
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=80)


def texts(*blocks: object, columns: int = 32) -> list[str]:
    lines = lay_out(Document(blocks), Paper.of(columns))  # type: ignore[arg-type]
    return [line.text for line in lines if isinstance(line, TextLine)]


def test_papers_have_the_dots_of_their_print_heads() -> None:
    assert [Paper.of(columns).dots for columns in WIDTHS] == [384, 512, 576]
    for wrong in (0, 8, 400):
        with pytest.raises(ValueError, match="columns"):
            Paper.of(wrong)


def test_an_amount_stands_at_the_right_edge() -> None:
    assert texts(Columns("TOTAL", "38.000")) == ["TOTAL                     38.000"]


def test_a_long_name_wraps_beside_its_whole_amount() -> None:
    assert texts(Columns("Keripik Tempe Rasa Balado Pedas Manis", "25.000")) == [
        "Keripik Tempe Rasa Balado 25.000",
        "Pedas Manis",
    ]


def test_an_amount_too_wide_to_share_its_line_stands_below() -> None:
    amount = "1.000.000.000.000 (satu)"
    assert texts(Columns("Jumlah seluruhnya", amount)) == ["Jumlah seluruhnya", amount.rjust(32)]


def test_an_amount_too_wide_for_big_letters_is_printed_in_small_ones() -> None:
    (line,) = lay_out(Document((Columns("A", "1.000.000.000.000", bold=True, big=True),)), Paper.of(32))
    assert line == TextLine("A              1.000.000.000.000", bold=True, big=False)


def test_big_letters_halve_the_columns() -> None:
    (line,) = lay_out(Document((Columns("TOTAL", "38.000", big=True),)), Paper.of(48))
    assert line == TextLine("TOTAL             38.000", big=True)
    assert texts(Text("Keripik Tempe Rasa", big=True, align="center")) == [" Keripik Tempe", "      Rasa"]


def test_text_is_aligned_with_spaces() -> None:
    assert texts(Text("ab", align="center")) == [" " * 15 + "ab"]
    assert texts(Text("ab", align="right")) == [" " * 30 + "ab"]
    assert texts(Text("satu\r\ndua\n\ntiga")) == ["satu", "dua", "", "tiga"]


def test_rules_feeds_codes_and_cuts() -> None:
    lines = lay_out(Document((Rule(), Rule("\x1b"), Feed(2), QR("x", "Pindai"), Cut())), Paper.of(32))
    assert lines == [
        TextLine("-" * 32),
        TextLine("-" * 32),
        TextLine(""),
        TextLine(""),
        TextLine(" " * 13 + "Pindai"),
        QRLine("x"),
        CutLine(),
    ]


def test_a_barcode_has_its_digits_below() -> None:
    lines = lay_out(Document((Barcode("8991234567891"),)), Paper.of(32))
    assert lines == [BarcodeLine("8991234567891"), TextLine(" " * 9 + "8991234567891")]


@pytest.mark.parametrize("columns", WIDTHS)
@settings(deadline=None)
@given(left=anything, right=st.integers(-(10**12), 10**12), big=st.booleans())
def test_no_name_ever_costs_an_amount_a_digit(columns: int, left: str, right: int, big: bool) -> None:
    amount = f"{right:,}".replace(",", ".")
    lines = lay_out(Document((Columns(left, amount, big=big),)), Paper.of(columns))
    assert sum(line.text.endswith(amount) for line in lines if isinstance(line, TextLine)) >= 1
    whole = next(line for line in lines if isinstance(line, TextLine) and line.text.endswith(amount))
    assert len(whole.text) == (columns // 2 if whole.big else columns)


@pytest.mark.parametrize("columns", [*WIDTHS, 16, 20, 64])
@settings(deadline=None)
@given(name=anything)
def test_no_line_is_wider_than_the_paper(columns: int, name: str) -> None:
    document = everything(name)
    for line in lay_out(document, Paper.of(columns)):
        if isinstance(line, TextLine):
            assert len(line.text) * (2 if line.big else 1) <= columns
            assert line.text == line.text.rstrip(" ")
