"""Papers on A4: as many pages as their rows need, and nothing in them that a font can't write."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.a4 import Column, Paper, pdf

COLUMNS = (Column("Barang", 60), Column("Jumlah", 15, "right"))


def paper(rows: Sequence[Sequence[str]], way: str = "portrait") -> bytes:
    return pdf(
        Paper(
            issuer=("Toko Karya", "Jalan Melati 3"),
            title="SURAT JALAN",
            facts=(("Kepada", "Toko Mawar " * 20),),
            columns=COLUMNS,
            rows=rows,
            sums=("JUMLAH", "7"),
            notes=("Dibayar kemudian.",),
            signatures=("Yang menyerahkan,", "Yang menerima,"),
            boxes=(("Tagihan", "12.500"),),
            way=way,  # type: ignore[arg-type]
        )
    )


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", data))


@pytest.mark.parametrize(("rows", "wanted"), [(0, 1), (20, 1), (60, 2), (200, 6)])
def test_a_long_table_goes_on_overleaf(rows: int, wanted: int) -> None:
    assert pages(paper([("Keripik", "1")] * rows)) == wanted


def test_a_word_wider_than_its_column_is_broken_and_not_cut_off() -> None:
    assert pages(paper([("x" * 4_000, "1")] * 2)) > pages(paper([("x", "1")] * 2))


def test_the_same_paper_is_the_same_file() -> None:
    assert paper([("Teh", "1")]) == paper([("Teh", "1")])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=9)), max_size=5))
def test_whatever_stands_in_a_cell_makes_a_paper(rows: list[tuple[str, str]]) -> None:
    assert paper(rows, "landscape").startswith(b"%PDF-")
