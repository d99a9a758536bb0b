"""Labels as paper: what stands on them, where, and that scanners read their codes."""

import io
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers.ean import bars, check_digit, digits, is_ean13
from printers.labels import Label, strip
from printers.layout import Paper
from printers.render import to_escpos, to_text
from printers.sheet import FORMATS, SheetError, pdf
from tests.escpos_reader import read

EAN = "2999999999991"
LONG = "Minuman Bunga Telang Lemon Madu Spesial Isi Ulang Kemasan Keluarga 1.500 ml"
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


def pages(data: bytes, folder: Path, dpi: int) -> list[Image.Image]:
    (folder / "labels.pdf").write_bytes(data)
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", str(folder / "labels.pdf"), str(folder / "page")], check=True
    )
    return [Image.open(path) for path in sorted(folder.glob("page*.pgm"))]


def words(data: bytes, folder: Path) -> str:
    (folder / "labels.pdf").write_bytes(data)
    done = subprocess.run(
        ["pdftotext", "-layout", str(folder / "labels.pdf"), "-"], check=True, capture_output=True, text=True
    )
    return " ".join(done.stdout.split())


def test_a_strip_has_one_piece_of_paper_a_label() -> None:
    label = Label("Keripik", price="Rp 15.000", unit="per bungkus", ean=EAN)
    out = read(to_escpos(strip([label] * 3), Paper.of(32)))
    assert out.cuts == 3
    assert out.order[-1] == "cut"
    assert out.lines.count("   Rp 15.000") == 3
    with pytest.raises(ValueError, match="no label"):
        strip([])


def test_goods_without_a_barcode_get_their_sku_in_words() -> None:
    assert to_text(strip([Label("Kaus", code="KAUS-L")]), Paper.of(32)).split() == ["Kaus", "KAUS-L"]


def test_a_wrong_barcode_is_refused_before_it_is_printed() -> None:
    with pytest.raises(ValueError, match="EAN-13"):
        Label("Keripik", ean="2999999999992")


@given(st.text("0123456789", min_size=12, max_size=12))
def test_bars_say_their_digits_and_a_spoiled_bar_says_nothing(first: str) -> None:
    code = first + check_digit(first)
    assert is_ean13(code)
    assert digits(bars(code)) == code
    for at in range(0, 95, 7):
        spoiled = bars(code)[:at] + str(1 - int(bars(code)[at])) + bars(code)[at + 1 :]
        assert digits(spoiled) != code


@pytest.mark.parametrize("sheet", sorted(FORMATS))
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_codes_scan_however_fine_the_office_printer_is(tmp_path: Path, sheet: str, dpi: int) -> None:
    full = [
        Label(LONG, "Rp 1.250.000", "per botol", ("Lot L1-2026", "Baik digunakan sebelum 24-11-2026"), EAN),
        Label(LONG, notes=("Lot L1-2026",), qr="(01)02999999999991(17)261124(10)L1-2026"),
    ]
    (page,) = pages(pdf(full * 8, sheet), tmp_path, dpi)
    found = sorted(code.text for code in zxingcpp.read_barcodes(page))
    assert found == sorted([EAN, "(01)02999999999991(17)261124(10)L1-2026"] * 8)


@pytest.mark.parametrize("sheet", sorted(FORMATS))
def test_labels_stand_where_the_sheet_has_them(tmp_path: Path, sheet: str) -> None:
    form = FORMATS[sheet]
    assert form.left + (form.columns - 1) * form.step_x + form.width <= 210.1
    assert form.top + (form.rows - 1) * form.step_y + form.height <= 297.1
    last = form.labels
    (page,) = pages(pdf([Label("Keripik", ean=EAN)], sheet, first=last, shift=(1, -1)), tmp_path, 300)
    box = page.point([255 if level < 128 else 0 for level in range(256)]).getbbox()
    assert box is not None
    left, top, right, bottom = (edge * 25.4 / 300 for edge in box)
    assert left >= form.left + (form.columns - 1) * form.step_x + 1
    assert right <= form.left + (form.columns - 1) * form.step_x + form.width + 1
    assert top >= form.top + (form.rows - 1) * form.step_y - 1
    assert bottom <= form.top + (form.rows - 1) * form.step_y + form.height


@pytest.mark.parametrize("sheet", sorted(FORMATS))
def test_a_long_name_and_a_long_price_are_whole(tmp_path: Path, sheet: str) -> None:
    said = words(pdf([Label(LONG, "Rp 1.000.000.000", "per lusin", ("Lot 1",), EAN)], sheet), tmp_path)
    for part in ("Keluarga 1.500 ml", "Rp 1.000.000.000", "per lusin", "Lot 1", EAN):
        assert part in said, part


def test_letters_that_the_font_lacks_are_written_with_the_nearest(tmp_path: Path) -> None:
    said = words(pdf([Label("Café “Şeker” 茶 €5", "Rp\u00a05.000")], "3x8"), tmp_path)
    assert 'Café "Seker" ? EUR5' in said
    assert "Rp 5.000" in said


@settings(deadline=None, max_examples=30)
@given(name=anything, price=anything, note=anything)
def test_no_text_breaks_a_sheet(name: str, price: str, note: str) -> None:
    for sheet in FORMATS:
        assert pdf([Label(name, price, note, (note,), code=name)], sheet).startswith(b"%PDF-")


def test_the_same_labels_are_the_same_file() -> None:
    labels = [Label("Keripik", "Rp 15.000", ean=EAN)] * 30
    assert pdf(labels) == pdf(labels)


@pytest.mark.parametrize(
    ("labels", "more"),
    [
        ([], {}),
        ([Label("a")], {"sheet": "2x2"}),
        ([Label("a")], {"first": 0}),
        ([Label("a")], {"first": 25}),
        ([Label("a")], {"shift": (0, 21)}),
        ([Label("a", qr="x" * 5_000)], {}),
    ],
)
def test_a_sheet_that_cannot_be_made_says_why(labels: list[Label], more: dict[str, object]) -> None:
    with pytest.raises(SheetError):
        pdf(labels, **more)  # type: ignore[arg-type]


def test_a_sheet_is_small() -> None:
    assert (
        len(io.BytesIO(pdf([Label("Keripik", "Rp 15.000", "per bungkus", (), EAN)] * 65, "5x13")).getvalue())
        < 60_000
    )
