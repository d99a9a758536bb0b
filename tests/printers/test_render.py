import io
import logging
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from printers import picture
from printers.document import QR, Barcode, Columns, Cut, Document, Image, Text
from printers.layout import Paper, TextLine, lay_out
from printers.render import drawer_pulse, to_escpos, to_png, to_text
from printers.sample import sample_page
from tests.escpos_reader import NotEscpos, read
from tests.printers.samples import LONG_CODE, everything, logo, receipt

PAPERS = [Paper.of(columns) for columns in (32, 42, 48)]
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
papers = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: f"{paper.columns}")


def scanned(image: Picture.Image) -> set[str]:
    """What a reader that knows nothing of how the picture was made finds in it."""
    return {code.text for code in zxingcpp.read_barcodes(image.convert("L"))}


def on_paper(image: Picture.Image, paper: Paper) -> Picture.Image:
    """A raster picture where the printer puts it: at the left edge of white paper."""
    sheet = Picture.new("1", (paper.dots, image.height), 1)
    sheet.paste(image, (0, 0))
    return sheet


@papers
@pytest.mark.parametrize("document", [receipt(), everything(), receipt("“Café” × 2 – pedas… " * 3)])
def test_paper_text_and_layout_agree_line_by_line(paper: Paper, document: Document) -> None:
    laid_out = [line.text for line in lay_out(document, paper) if isinstance(line, TextLine)]
    printed = read(to_escpos(document, paper)).lines
    shown = to_text(document, paper).splitlines()
    assert printed == laid_out
    assert [line for line in shown if not line.startswith("[")] == laid_out


@papers
def test_styles_reach_the_lines_they_belong_to(paper: Paper) -> None:
    paper_out = read(to_escpos(receipt(), paper))
    wanted = [line for line in lay_out(receipt(), paper) if isinstance(line, TextLine)]
    for line, (bold, scale) in zip(wanted, paper_out.styles, strict=True):
        if line.text:
            assert (bold, scale) == (line.bold, 2 if line.big else 1), line


@papers
@settings(deadline=None)
@given(name=anything)
def test_a_products_name_cannot_carry_a_command(paper: Paper, name: str) -> None:
    assert commands(name, paper) == commands("Keripik Tempe", paper)


def commands(name: str, paper: Paper) -> list[str]:
    """The commands of a receipt; a name that prints as nothing still is a line, so no style is lost."""
    document = Document(
        (
            Text(name + "."),
            Columns(name, "25.000"),
            Columns(name + ".", "1", bold=True),
            Text(name + "."),
            Cut(),
        )
    )
    return read(to_escpos(document, paper)).commands


def test_a_receipt_begins_with_a_printer_set_up_from_nothing() -> None:
    data = to_escpos(receipt(), PAPERS[0])
    assert data.startswith(b"\x1b@\x1c.\x1bt\x00")
    assert to_escpos(receipt(), PAPERS[0]) == data, "the same document gives the same bytes"


def test_names_with_accents_are_printed_from_page_437() -> None:
    assert "café".encode("cp437") in to_escpos(receipt("café"), PAPERS[0])


def test_a_cutter_cuts_and_a_tear_bar_gets_the_paper_fed_to_it() -> None:
    document = Document((Text("a"), Cut()))
    assert read(to_escpos(document, Paper.of(32))).commands[-2:] == ["feed 6", "cut"]
    assert read(to_escpos(document, Paper.of(32, cutter=False))).commands[-1] == "feed 6"
    assert read(to_escpos(document, Paper.of(32, cutter=False))).cuts == 0


@papers
@pytest.mark.parametrize("data", ["K1-000123", "https://example.org/r/7KQ2", LONG_CODE])
def test_a_code_scans_from_the_printers_own_dots(paper: Paper, data: str) -> None:
    (image,) = read(to_escpos(Document((QR(data),)), paper)).pictures
    assert image.width <= paper.dots
    assert scanned(on_paper(image, paper)) == {data}


@papers
def test_a_code_has_its_quiet_zone_in_the_middle_of_the_paper(paper: Paper) -> None:
    (image,) = read(to_escpos(Document((QR(LONG_CODE),)), paper)).pictures
    left, top, right, _ = (
        on_paper(image, paper).convert("L").point(lambda level: 255 - level).getbbox() or (0,) * 4
    )
    module = picture.qr_module_size(LONG_CODE, paper.dots)
    assert module >= 4, "half a millimetre"
    assert top >= 4 * module
    assert abs(left - (paper.dots - right)) <= 8
    assert left >= 4 * module


@papers
def test_a_native_code_is_drawn_by_the_printer(paper: Paper) -> None:
    native = Paper.of(paper.columns, "native")
    out = read(to_escpos(Document((Text("a"), QR(LONG_CODE), Text("b"))), native))
    assert (out.codes, out.pictures, out.lines) == ([LONG_CODE], [], ["a", "b"])
    assert out.commands[-2 - 5 : -1] == ["align 1", "qr 65", "qr 67", "qr 69", "qr 80", "qr 81"]
    assert out.commands[-1] == "align 0"
    assert out.code_sizes == [picture.qr_module_size(LONG_CODE, paper.dots)]


@pytest.mark.parametrize("data", ["a\x1bp\x00\x19\xfab", "a\x10\x14\x01\x00\x05", "café"])
def test_a_code_with_odd_bytes_is_drawn_here_instead(data: str) -> None:
    out = read(to_escpos(Document((QR(data),)), Paper.of(32, "native")))
    assert out.codes == []
    (found,) = zxingcpp.read_barcodes(on_paper(out.pictures[0], PAPERS[0]))
    assert found.bytes == data.encode()


def test_a_code_that_cannot_be_scanned_any_more_is_refused() -> None:
    with pytest.raises(picture.UnprintableError, match="does not fit"):
        to_escpos(Document((QR("x" * 2500),)), PAPERS[0])
    with pytest.raises(ValueError, match="does not fit"):
        to_png(Document((QR("x" * 5000),)), PAPERS[2])


@papers
def test_a_barcode_scans_from_the_printers_own_dots(paper: Paper) -> None:
    for digits in ("8991234567891", "4006381333931", "0012345678905"):
        (image,) = read(to_escpos(Document((Barcode(digits),)), paper)).pictures
        (found,) = zxingcpp.read_barcodes(on_paper(image, paper))
        assert (found.text, found.format) == (digits, zxingcpp.BarcodeFormat.EAN13)


@papers
@pytest.mark.parametrize("size", [(120, 40), (384, 48), (400, 96), (1200, 300), (9, 196), (384, 148)])
def test_a_logo_fits_the_paper_and_no_piece_has_a_height_that_printers_misread(
    paper: Paper, size: tuple[int, int]
) -> None:
    out = read(to_escpos(Document((Image(logo(*size)), Text("a"))), paper))
    pieces = [command.split()[1].split("x") for command in out.commands if command.startswith("raster")]
    assert pieces
    for width, height in pieces:
        assert int(width) <= paper.dots
        assert int(height) <= 100
        assert int(height) not in {48, 96}
    assert out.lines == ["a"]


def test_a_logo_is_black_and_white_without_dust() -> None:
    out = io.BytesIO()
    Picture.linear_gradient("L").resize((64, 64)).save(out, "PNG")
    (image,) = read(to_escpos(Document((Image(out.getvalue()),)), PAPERS[0])).pictures
    row = [image.getpixel((200, y)) for y in range(64)]
    assert sum(1 for a, b in pairwise(row) if a != b) == 1, "one edge, no dots"


@settings(deadline=None)
@given(st.binary(min_size=600, max_size=600))
def test_no_picture_holds_bytes_that_a_printer_obeys_at_once(dots: bytes) -> None:
    marked = bytearray(dots)
    for at, poison in ((10, b"\x10\x14\x01\x00\x05"), (99, b"\x10\x05\x02"), (300, b"\x10\x04\x01")):
        marked[at : at + len(poison)] = poison
    out = io.BytesIO()
    black = bytes(byte ^ 0xFF for byte in marked)
    Picture.frombytes("1", (48, 100), black).save(out, "PNG")
    data = to_escpos(Document((Image(out.getvalue()),)), Paper(columns=16, dots=48))
    for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
        assert command not in data
    assert len(read(data).pictures) == 1


@pytest.mark.parametrize("wrong", [b"", b"no picture", b"\x89PNG\r\n\x1a\nshort"])
def test_a_broken_logo_is_refused_by_name(wrong: bytes) -> None:
    for render in (to_escpos, to_png):
        with pytest.raises(picture.UnprintableError, match="picture"):
            render(Document((Image(wrong),)), PAPERS[0])


@papers
def test_the_picture_of_a_receipt_shows_the_same_dots(paper: Paper) -> None:
    document = Document((Text("a"), QR(LONG_CODE), Barcode("8991234567891"), Columns("b", "1.000"), Cut()))
    image = Picture.open(io.BytesIO(to_png(document, paper)))
    assert image.width == paper.dots
    assert {code.text for code in zxingcpp.read_barcodes(image.convert("L"))} == {LONG_CODE, "8991234567891"}


def test_every_character_of_the_picture_stands_in_its_own_cell() -> None:
    paper = PAPERS[0]
    text = "Wi|@#gjyQ_éñ0.½"
    (line,) = [image_rows(Document((Text(text),)), paper)]
    for column in range(paper.columns):
        cell = line.crop((column * 12, 16, column * 12 + 12, 46)).convert("L")
        inked = cell.getextrema()[0] == 0
        assert inked == (column < len(text)), column


def image_rows(document: Document, paper: Paper) -> Picture.Image:
    return Picture.open(io.BytesIO(to_png(document, paper)))


def test_text_shows_codes_in_brackets() -> None:
    shown = to_text(Document((QR("https://example.org/r/1", "Struk"), Barcode("8991234567891"))), PAPERS[0])
    assert shown.splitlines() == [
        " " * 13 + "Struk",
        "[https://example.org/r/1]",
        "[8991234567891]",
        " " * 9 + "8991234567891",
    ]


def test_the_drawer_opens_by_a_pulse_on_its_pin() -> None:
    assert read(drawer_pulse()).pulses == [2]
    assert read(drawer_pulse(5)).pulses == [5]
    with pytest.raises(ValueError, match="pin"):
        drawer_pulse(3)


@papers
def test_the_test_page_leads_through_everything_that_may_be_set_up_wrongly(paper: Paper) -> None:
    out = read(to_escpos(sample_page("kasir", paper, record="XP-58", drawer=True), paper))
    assert ("1234567890" * 5)[: paper.columns] in out.lines
    said = " ".join(" ".join(out.lines).split())
    for words in ("Halaman uji printer kasir", "Catatan printer: XP-58", f"{paper.columns} kolom", "(cp437)"):
        assert words in said, words
    assert [step for step in range(1, 8) if f"{step}. " in said] == list(range(1, 8))
    assert scanned(on_paper(out.pictures[0], paper)) == {f"KARYA POS kasir {paper.columns}"}
    (barcode,) = zxingcpp.read_barcodes(on_paper(out.pictures[1], paper))
    assert barcode.text in said
    assert out.cuts == 1
    assert out.pulses == [], "the pulse is for whoever sends the page"
    assert "?" not in said
    without = " ".join(" ".join(read(to_escpos(sample_page("x", paper), paper)).lines).split())
    assert "tidak ada di printer ini" in without


def test_a_printer_without_a_cutter_is_told_about_its_tear_bar() -> None:
    paper = Paper.of(32, cutter=False)
    said = " ".join(" ".join(read(to_escpos(sample_page("kasir", paper), paper)).lines).split())
    assert "gerigi penyobek" in said
    assert "terpotong" not in said


@papers
def test_a_receipt_of_three_lines_is_small(paper: Paper) -> None:
    assert len(to_escpos(receipt(), paper)) < 700


def test_the_reader_of_these_tests_finds_smuggled_commands() -> None:
    for smuggled in (
        b"\x1bp\x00\x19\xfa\x1bz",
        b"a\x1b@\n",
        b"\x10\x14\x01\x00\x01",
        b"\x1d",
        b"abc",
        b"\x7f\n",
    ):
        with pytest.raises(NotEscpos):
            read(smuggled)


def test_python_escpos_leaves_nothing_behind(tmp_path: Path) -> None:
    # In a process of its own: the library is imported once, and this process has done it already.
    script = (
        "import logging, os, sys\n"
        "from printers.document import Document, Text\n"
        "from printers.layout import Paper\n"
        "from printers import render\n"
        "assert 'escpos' not in sys.modules\n"
        "render.to_escpos(Document((Text('a'),)), Paper.of(32))\n"
        "assert logging.getLogger().handlers == []\n"
        "assert 'ESCPOS_CAPABILITIES_PICKLE_DIR' not in os.environ\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_rendering_leaves_the_process_as_it_was() -> None:
    made = tempfile.mkdtemp
    handlers = list(logging.getLogger().handlers)
    to_escpos(receipt(), PAPERS[0])
    assert tempfile.mkdtemp is made
    assert logging.getLogger().handlers == handlers
