"""Workbooks of strangers: read where they hold a table, refused in words where they hold anything else."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from pos.domain import workbook
from pos.domain.product_rows import EXPORTED, Sheet, Unreadable, read, write_workbook
from pos.domain.workbook import NotAWorkbook
from tests.domain.test_product_rows import PRODUCT, codes, problems, texts

SHEET = "xl/worksheets/sheet1.xml"


def book(*rows: list[Any], also: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook as another program writes it."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    if also:
        also(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rebuilt(data: bytes, **changes: bytes | None) -> bytes:
    """The same workbook with parts replaced, added or, with None, taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in changes:
                new.writestr(part, old.read(part))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def first(data: bytes) -> dict[str, object]:
    sheet = read(data)
    assert sheet.problems == []
    return dict(sheet.rows[0].values)


def said(sheet: Sheet) -> list[str]:
    return [problem.message % problem.params for problem in sheet.problems]


LAUGHS = (
    b'<!DOCTYPE z [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]>"
)
OUTSIDE = b'<!DOCTYPE z [<!ENTITY m SYSTEM "file:///etc/hostname">]>'

GOOD = book(["sku", "nama", "harga"], ["A1", "Keripik", 15_000])


def test_numbers_dates_and_yes_or_no_come_in_as_a_sheet_holds_them() -> None:
    data = book(
        ["SKU", "Nama", "Harga", "Berlaku mulai", "Barcode", "Aktif", "Stok", "Kedaluwarsa", "Harga pokok"],
        [
            "A1",
            "Keripik",
            15_000,
            date(2026, 12, 1),
            2099000000017,
            True,
            40.0,
            datetime.fromisoformat("2027-01-31"),
            0.1 * 3 * 1e4,
        ],
        ["A2", "Teh", "15.000", "1/12/2026", "2099000000024 20125", "tidak", "3", "", None],
    )
    sheet = read(data)
    assert sheet.problems == []
    assert sheet.rows[0].values == {
        "sku": "A1",
        "name": "Keripik",
        "price": 15_000,
        "valid_from": date(2026, 12, 1),
        "barcodes": ("2099000000017",),
        "active": True,
        "stock": 40,
        "expires_on": date(2027, 1, 31),
        "unit_cost": 3_000,
    }
    assert sheet.rows[1].values["barcodes"] == ("2099000000024", "20125")
    assert sheet.rows[1].values["active"] is False
    assert sheet.rows[1].values["expires_on"] is None


@pytest.mark.parametrize("amount", [15.5, 15.125, 1_234.567, 0.001, -5, 1e-9])
def test_a_fraction_is_never_read_as_thousands(amount: float) -> None:
    assert problems(read(book(["sku", "harga"], ["A1", amount]))) == [(2, "harga")]


@pytest.mark.parametrize("code", [8991234567891, 2099000000017])
def test_a_barcode_that_is_a_number_keeps_its_thirteen_digits(code: int) -> None:
    for value in (code, float(code), str(code)):
        assert first(book(["sku", "barcode"], ["A1", value]))["barcodes"] == (str(code),)


def test_a_barcode_written_with_an_exponent_comes_out_in_full() -> None:
    data = book(["sku", "barcode"], ["A1", 2099000000017])
    plain = part(data, SHEET)
    assert b"<v>2099000000017</v>" in plain
    data = rebuilt(data, **{SHEET: plain.replace(b"<v>2099000000017</v>", b"<v>2.099000000017E12</v>")})
    assert first(data)["barcodes"] == ("2099000000017",)


def test_a_barcode_that_lost_its_zeros_is_refused_and_an_own_short_code_is_not() -> None:
    sheet = read(book(["sku", "barcode"], ["A1", 12345678905], ["A2", 1234], ["A3", "012345678905"]))
    assert problems(sheet) == [(2, "barcode")]
    assert "dropped the zeros" in said(sheet)[0]
    assert [row.values["barcodes"] for row in sheet.rows[1:]] == [("1234",), ("012345678905",)]


def test_zeros_that_a_format_shows_belong_to_the_code() -> None:
    def shaped(sheet: Worksheet) -> None:
        sheet["A2"].number_format = "00000"
        sheet["B2"].number_format = "0000000000000"

    assert first(book(["sku", "barcode"], [123, 12345678905], also=shaped)) == {
        "sku": "00123",
        "barcodes": ("0012345678905",),
    }


def test_a_number_of_more_digits_than_excel_keeps_is_refused() -> None:
    sheet = read(book(["sku", "barcode"], ["A1", 12345678901234567]))
    assert "shortened this number (1234567890123457" in said(sheet)[0]


def test_results_of_formulas_count_and_a_formula_without_one_is_named() -> None:
    data = book(["sku", "harga"], ["A1", "=1000*15"], ["A2", "=B2"])
    sheet = read(data)
    assert problems(sheet) == [(2, "harga"), (3, "harga")]
    assert "no result" in said(sheet)[0]
    content = part(data, SHEET)
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        content = content.replace(b"<f>1000*15</f>" + empty, b"<f>1000*15</f><v>15000</v>")
    assert problems(read(rebuilt(data, **{SHEET: content}))) == [(3, "harga")]


def test_an_error_in_a_cell_is_no_value() -> None:
    sheet = read(book(["sku", "nama", "harga"], ["A1", "#N/A", "#REF!"]))
    assert problems(sheet) == [(2, "nama"), (2, "harga")]
    assert "#N/A" in said(sheet)[0]


def test_texts_that_cells_share_are_read_with_all_their_runs() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<si><r><t xml:space="preserve">Keripik </t></r><r><rPr><b/></rPr><t>tempe</t></r></si></sst>'
    )
    sheet = re.sub(rb'<c r="B2".*?</c>', b'<c r="B2" t="s"><v>0</v></c>', part(GOOD, SHEET))
    links = part(GOOD, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId99"/></Relationships>'.encode(),
    )
    types = part(GOOD, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    data = rebuilt(
        GOOD,
        **{
            SHEET: sheet,
            "xl/_rels/workbook.xml.rels": links,
            "[Content_Types].xml": types,
            "xl/sharedStrings.xml": strings.encode(),
        },
    )
    assert first(data)["name"] == "Keripik tempe"
    with pytest.raises(Unreadable, match="declares things"):
        read(rebuilt(data, **{"xl/sharedStrings.xml": LAUGHS + strings.replace("tempe", "&l;").encode()}))


def test_rows_are_numbered_as_the_sheet_numbers_them() -> None:
    def lower(sheet: Worksheet) -> None:
        sheet["A9"], sheet["C9"] = "A2", "mahal"
        sheet["E5"] = "tersesat"

    sheet = read(book([], [], ["sku", "nama", "harga"], ["A1", "x", "y"], also=lower))
    assert problems(sheet) == [(4, "harga"), (5, ""), (9, "harga")]


def test_a_size_that_the_sheet_claims_wrongly_loses_no_cell() -> None:
    content = part(GOOD, SHEET)
    assert b'ref="A1:C2"' in content
    assert first(rebuilt(GOOD, **{SHEET: content.replace(b'ref="A1:C2"', b'ref="A1"')}))["price"] == 15_000


def test_the_sheet_that_names_sku_is_read_and_two_of_them_are_refused() -> None:
    made = openpyxl.Workbook()
    notes = made.active
    assert isinstance(notes, Worksheet)
    notes.append(["Catatan"])
    hidden = made.create_sheet("Lama")
    hidden.append(["sku", "nama"])
    hidden.sheet_state = "hidden"
    right = made.create_sheet("Produk")
    right.append(["sku", "nama"])
    right.append(["A1", "Keripik"])
    out = io.BytesIO()
    made.save(out)
    assert first(out.getvalue()) == {"sku": "A1", "name": "Keripik"}
    hidden.sheet_state = "visible"
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(Unreadable, match="More than one sheet holds products: Lama, Produk"):
        read(out.getvalue())


def declaring(declaration: bytes, where: str) -> bytes:
    content = part(GOOD, where)
    head, mark, rest = content.partition(b"?>") if content.startswith(b"<?xml") else (b"", b"", content)
    return rebuilt(GOOD, **{where: head + mark + declaration + rest.replace(b"Keripik", b"&m;")})


@pytest.mark.parametrize("where", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE], ids=["billion laughs", "a file of this machine"])
def test_entities_are_refused_before_they_are_read(where: str, declaration: bytes) -> None:
    with pytest.raises(Unreadable, match="declares things"):
        read(declaring(declaration, where))


def test_entities_are_found_in_another_encoding_and_behind_a_long_comment() -> None:
    content = part(GOOD, SHEET).removeprefix(b"<?xml version='1.0'?>").decode()
    for text in (OUTSIDE.decode() + content, f"<!--{'x' * 200_000}-->{OUTSIDE.decode()}{content}"):
        with pytest.raises(Unreadable, match="declares things"):
            read(rebuilt(GOOD, **{SHEET: text.encode("utf-16")}))


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(Unreadable, match="larger than 40 MB"):
        read(rebuilt(GOOD, **{"xl/media/x.png": b"\0" * 60_000_000}))


def test_a_part_that_lies_about_its_size_is_not_unpacked_beyond_it() -> None:
    data = rebuilt(GOOD, **{SHEET: part(GOOD, SHEET) + b" " * 50_000_000})
    size = (len(part(GOOD, SHEET)) + 50_000_000).to_bytes(4, "little")
    assert data.count(size) >= 1
    with pytest.raises(Unreadable, match="damaged"):
        read(data.replace(size, (1_000).to_bytes(4, "little")))


def numbered(row: bytes, cell: bytes) -> bytes:
    content = part(GOOD, SHEET)
    return rebuilt(
        GOOD, **{SHEET: content.replace(b'<row r="2"', b'<row r="%b"' % row).replace(b'"A2"', cell)}
    )


@pytest.mark.parametrize("row", [b"1048577", b"99999999999999999999", b"-7", b"zwei"])
def test_a_row_of_an_impossible_number_ends_in_a_refusal(row: bytes) -> None:
    with pytest.raises(Unreadable):
        read(numbered(row, b'"A%b"' % row))


def test_cells_far_to_the_right_are_refused_however_few_they_are() -> None:
    def far(sheet: Worksheet) -> None:
        sheet["XFD2"] = "x"

    with pytest.raises(Unreadable, match="Row 2 has more than 200 columns"):
        read(book(["sku", "nama"], ["A1", "x"], also=far))


def test_a_grid_of_empty_cells_is_not_walked_to_its_end() -> None:
    content = part(GOOD, SHEET)
    cells = b"".join(b'<row r="%d"><c r="XFD%d" s="0"/></row>' % (n, n) for n in range(3, 1_000))
    with pytest.raises(Unreadable, match="too large"):
        read(rebuilt(GOOD, **{SHEET: content.replace(b"</sheetData>", cells + b"</sheetData>")}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (rebuilt(GOOD, **{"xl/vbaProject.bin": b"\xd0\xcf"}), "macros"),
        (rebuilt(GOOD, **{"[Content_Types].xml": None}), "no Excel workbook"),
        (rebuilt(GOOD, **{"xl/workbook.xml": None}), "damaged"),
        (rebuilt(GOOD, **{SHEET: b"<worksheet"}), "damaged"),
        (rebuilt(GOOD, **{SHEET: b""}), "damaged"),
        (GOOD[:-300], "damaged"),
        (GOOD[:200] + b"\0" * 300 + GOOD[500:], "damaged"),
        (b"PK\x03\x04 and so on", "damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "password"),
    ],
    ids=[
        "macros",
        "an archive",
        "no workbook",
        "cut xml",
        "empty",
        "cut",
        "overwritten",
        "PK",
        "nothing",
        "xls",
    ],
)
def test_what_is_no_healthy_workbook_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_a_csv_file_that_is_called_a_workbook_is_refused_by_its_name() -> None:
    with pytest.raises(Unreadable, match=r"produk\.XLSX is no Excel workbook"):
        read(b"sku;nama\nA1;x\n", "produk.XLSX")
    assert read(GOOD, "produk.csv").rows[0].values["price"] == 15_000


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255))
def test_one_wrong_byte_is_a_refusal_or_a_table_and_nothing_else(at: int, value: int) -> None:
    mangled = bytearray(GOOD)
    mangled[at] = value
    with suppress(Unreadable):
        assert read(bytes(mangled)).rows


def test_more_rows_than_a_file_may_have_are_refused() -> None:
    data = workbook.write("x", ["sku"], [[f"A{n}"] for n in range(20_001)])
    with pytest.raises(Unreadable, match="more than 20000 rows"):
        read(data)


@settings(max_examples=30, deadline=None)
@given(name=texts, barcodes=st.lists(codes, unique=True, max_size=3), active=st.booleans())
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_written_is_read_back(language: str, name: str, barcodes: list[str], active: bool) -> None:
    product = {**PRODUCT, "name": name, "barcodes": barcodes, "active": active}
    sheet = read(write_workbook([product], language))
    if any("shortened" in text for text in said(sheet)):
        return
    assert sheet.problems == []
    found = dict(sheet.rows[0].values)
    assert found.pop("barcodes") == (tuple(barcodes) or None)
    wanted = {**product, "name_en": None, "category": None}
    assert found == {column: wanted[column] for column in EXPORTED if column != "barcodes"}


@pytest.mark.parametrize("text", ["=1+1", "+62", "-x", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0"])
def test_no_text_of_ours_is_a_formula_for_another_program(text: str) -> None:
    data = write_workbook([{**PRODUCT, "name": text, "barcodes": [text.replace(" ", "")]}], "id")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    assert {
        cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None
    } == {
        "s",
        "n",
        "d",
    }
    assert sheet["B2"].number_format == "@"
    assert b"<f>" not in part(data, SHEET)
    assert read(data).rows[0].values["name"] == text


def test_prices_and_dates_are_numbers_for_another_program() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([PRODUCT], "en"))).active
    assert isinstance(sheet, Worksheet)
    assert [cell.value for cell in sheet[1]][5:7] == ["price", "valid_from"]
    assert [cell.value for cell in sheet[2]][5:7] == [15_000, datetime.fromisoformat("2026-11-24")]


def test_times_and_spans_are_written_as_a_clock_shows_them() -> None:
    data = book(
        ["a", "b", "c"], [datetime.fromisoformat("2026-11-24T14:05:30"), timedelta(hours=25, seconds=1), "x"]
    )
    ((_, rows),) = workbook.sheets(data)
    assert list(rows)[1] == (2, ["2026-11-24 14:05:30", "25:00:01", "x"])


def test_a_refusal_names_itself() -> None:
    assert str(NotAWorkbook("Row %(row)s", row=3)) == "Row 3"
