"""Files of products as people make them: what is meant in one way is read, everything else is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.product_rows import BadCell, Sheet, Unreadable, day, read, whole, write


def only(text: str, **changes: str) -> dict[str, object]:
    sheet = read(text.encode())
    assert sheet.problems == []
    (row,) = sheet.rows
    return dict(row.values)


def problems(sheet: Sheet) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in sheet.problems]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_any_usual_separator_line_end_and_mark_is_read(mark: str, end: str, start: str) -> None:
    text = start + end.join([mark.join(["sku", "nama", "harga"]), mark.join(["A1", "Keripik", "15000"]), ""])
    assert only(text) == {"sku": "A1", "name": "Keripik", "price": 15_000}


@pytest.mark.parametrize(
    "header",
    [
        "sku;nama;nama_en;kategori;satuan;harga;berlaku_mulai;barcode;aktif;urutan;stok;lot;kedaluwarsa;lokasi",
        "SKU;Name;Name-en;Category;Unit;Price;Valid from;Barcodes;Active;Position;Stock;Lot;Expiry;Location",
    ],
)
def test_headers_are_known_in_both_languages(header: str) -> None:
    line = "A1;Keripik;Chips;Camilan;bungkus;15.000;1/12/2026;20123 20124|20125;ya;3;40;L1;2027-01-31;GERAI"
    assert only(f"{header}\n{line}\n") == {
        "sku": "A1",
        "name": "Keripik",
        "name_en": "Chips",
        "category": "Camilan",
        "unit": "bungkus",
        "price": 15_000,
        "valid_from": date(2026, 12, 1),
        "barcodes": ("20123", "20124", "20125"),
        "active": True,
        "position": 3,
        "stock": 40,
        "lot": "L1",
        "expires_on": date(2027, 1, 31),
        "location": "GERAI",
    }


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15000", 15_000),
        ("15.000", 15_000),
        ("1.500.000", 1_500_000),
        ("Rp 15.000", 15_000),
        ("Rp15.000,00", 15_000),
        ("Rp. 15.000,-", 15_000),
        ("Rp\u00a015.000", 15_000),
        ("0", 0),
    ],
)
def test_whole_rupiah_are_read_as_people_write_them(text: str, amount: int) -> None:
    assert whole(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "15,5",
        "15.5",
        "15,000",
        "15000.00",
        "1.50",
        "15.0000",
        "-5",
        "1e5",
        "1E+5",
        "\u0661\u0665",
        "lima",
        "0x10",
        "1 5",
        "1_5",
    ],
)
def test_what_may_be_a_fraction_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        whole(text)


@given(st.integers(0, 10**15 - 1))
def test_any_amount_is_read_back_from_both_spellings(amount: int) -> None:
    assert whole(str(amount)) == amount
    assert whole(f"{amount:,}".replace(",", ".")) == amount


@pytest.mark.parametrize("text", ["2026-11-24", "24/11/2026", "24-11-2026", "24.11.2026"])
def test_dates_are_read_with_the_day_first(text: str) -> None:
    assert day(text) == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["11/24/2026", "31/02/2027", "24/11/26", "2026-13-01", "besok", "46350"])
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(BadCell):
        day(text)


def test_every_wrong_cell_is_listed_with_row_and_column_as_in_the_spreadsheet() -> None:
    text = (
        'SKU;Harga;Aktif;Kedaluwarsa\nA1;15,5;ya;\n\nA2;10.000;mungkin;31/02/2027\n"A\n3";x;ya;\nA4;1;ya;;9\n'
    )
    assert problems(read(text.encode())) == [
        (2, "Harga"),
        (4, "Aktif"),
        (4, "Kedaluwarsa"),
        (5, "Harga"),
        (6, ""),
    ]


@pytest.mark.parametrize("code", ["2,01235E+12", "2.01235E+12", "2E+12"])
def test_a_barcode_that_excel_has_shortened_is_refused(code: str) -> None:
    assert problems(read(f"sku;barcode\nA1;{code}\n".encode())) == [(2, "barcode")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"sku;nama\n",
        b"nama;harga\nKeripik;1\n",
        b"sku;warna\nA1;merah\n",
        b"sku;nama;name\nA1;a;b\n",
        b'sku;nama\nA1;"open\n',
        b"sku;nama\nA1;caf\xe9\n",
        b"PK\x03\x04rest of a workbook",
        b"\xd0\xcf\x11\xe0rest of an old workbook",
        "sku;nama\nA1;x\n".encode("utf-16"),
        b"sku;nama\nA1;\0\n",
        b"sku\n" + b"A\n" * 20_001,
        b"sku;nama\nA1;" + b"x" * 11_000_000,
    ],
    ids=lambda data: repr(data[:16]),
)
def test_what_is_no_table_of_products_is_refused_whole(data: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert str(refusal.value)


def test_the_hint_that_excel_writes_before_the_header_is_not_the_header() -> None:
    sheet = read(b"sep=;\r\nsku;harga\r\nA1;x\r\n")
    assert problems(sheet) == [(3, "harga")]


PRODUCT = {
    "sku": "A1",
    "name": "Keripik",
    "name_en": "",
    "category": "",
    "unit": "pcs",
    "price": 15_000,
    "valid_from": date(2026, 11, 24),
    "barcodes": ["20123"],
    "active": True,
    "position": 1,
    "favourite": False,
    "category_position": None,
}
texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)
codes = st.text(
    st.characters(codec="ascii", categories=["L", "N", "P", "S"], exclude_characters="|"), min_size=1
)


def test_a_quote_that_belongs_to_a_code_stays() -> None:
    text = write([{**PRODUCT, "barcodes": ["'=1", "'-2"]}], "id")
    assert read(text.encode()).rows[0].values["barcodes"] == ("'=1", "'-2")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_text_of_ours_is_run_as_a_formula(start: str) -> None:
    text = write([{**PRODUCT, "name": f"{start}cmd|' /C calc'!A0"}], "id")
    assert f";'{start}cmd" in text
    assert read(text.encode()).rows[0].values["name"] == f"{start}cmd|' /C calc'!A0"


@given(name=texts, barcodes=st.lists(codes, unique=True, max_size=3), active=st.booleans())
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_written_is_read_back(language: str, name: str, barcodes: list[str], active: bool) -> None:
    product = {**PRODUCT, "name": name, "barcodes": barcodes, "active": active}
    sheet = read(write([product], language).encode())
    (row,) = sheet.rows
    found = {column: value for column, value in row.values.items() if value is not None}
    said = [problem.message for problem in sheet.problems]
    if any("shortened" in message for message in said):
        return
    assert said == []
    assert found.get("barcodes", ()) == tuple(barcodes)
    assert (found["name"], found["active"], found["price"]) == (name, active, 15_000)
