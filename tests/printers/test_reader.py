"""What the screen shows is read from the bytes that the printer got."""

import io

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from printers import picture
from printers.codes import code_in
from printers.document import QR, Barcode, Block, Columns, Cut, Document, Feed, Image, Rule, Text
from printers.ean import check_digit
from printers.layout import CutLine, Paper, PulseLine, QRLine, RasterLine, TextLine, lay_out
from printers.reader import UnreadableError, png_of, read, text_of
from printers.render import drawer_pulse, to_escpos, to_png, to_text
from printers.sample import sample_page
from tests.printers.samples import LONG_CODE, everything, logo, receipt

PAPERS = [
    *(Paper.of(columns) for columns in (32, 42, 48)),
    Paper.of(48, "native"),
    Paper(columns=32, dots=384, image="graphics", feed=3, cutter=False),
    Paper(columns=48, dots=576, image="column", line_pitch=28, code_page=16, codec="cp1252"),
    Paper(columns=32, dots=384, image="none"),
]
papers = pytest.mark.parametrize(
    "paper", PAPERS, ids=lambda paper: f"{paper.columns}-{paper.qr}-{paper.image}-{paper.codec}"
)


def noise(width: int, height: int, seed: bytes) -> bytes:
    """A picture of arbitrary dots, as a PNG."""
    row = (seed * (width // 8 * height // len(seed) + 1))[: (width + 7) // 8 * height]
    out = io.BytesIO()
    Picture.frombytes("1", (width, height), row).save(out, "PNG")
    return out.getvalue()


def picture_of_a_code(data: str) -> bytes:
    """A logo that is a QR code: shops print such things."""
    out = io.BytesIO()
    picture.qr_code(data, 384).save(out, "PNG")
    return out.getvalue()


words = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
printable = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=80)
eans = st.text("0123456789", min_size=12, max_size=12).map(lambda digits: digits + check_digit(digits))
sizes = st.tuples(st.integers(1, 60), st.integers(1, 210))
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, words, st.sampled_from(("left", "center", "right")), st.booleans(), st.booleans()),
    st.builds(Columns, words, words, st.booleans(), st.booleans()),
    st.builds(Rule, st.characters(exclude_categories=())),
    st.builds(Feed, st.integers(1, 3)),
    st.builds(QR, printable, words, st.integers(3, 6)),
    st.builds(Barcode, eans),
    st.builds(
        Image, st.builds(lambda size, seed: noise(size[0] * 8, size[1], seed), sizes, st.binary(min_size=1))
    ),
    st.builds(Image, st.builds(picture_of_a_code, st.text("AB12 ", min_size=1, max_size=20))),
    st.just(Cut()),
)
documents = st.lists(blocks, max_size=7).map(lambda made: Document(tuple(made)))


@papers
@settings(deadline=None, max_examples=60)
@example(Document((Image(noise(80, 100, b"\x55\xaa")), Image(noise(80, 200, b"\x0f")), QR("a"), QR("b"))))
@example(
    Document((Barcode("8991234567891"), Barcode("8991234567891"), Text("a", big=True), Feed(), Text("b")))
)
@given(documents)
def test_the_bytes_say_what_the_document_said(paper: Paper, document: Document) -> None:
    assert text_of(to_escpos(document, paper), paper) == to_text(document, paper)


@papers
@settings(deadline=None, max_examples=20)
@given(documents)
def test_the_picture_of_the_bytes_is_the_picture_of_the_document(paper: Paper, document: Document) -> None:
    if paper.image == "column":  # rows are filled up to whole strips: the same dots, a little more white
        assert text_of(to_escpos(document, paper), paper) == to_text(document, paper)
        return
    assert png_of(to_escpos(document, paper), paper, dots=paper.dots) == to_png(document, paper)


@papers
@pytest.mark.parametrize("document", [receipt(), everything(), sample_page("kasir", Paper.of(32))])
def test_a_receipt_needs_no_paper_to_be_read(paper: Paper, document: Document) -> None:
    data = to_escpos(document, paper)
    if paper.codec == "cp437":
        assert text_of(data) == to_text(document, paper)
    if paper.image != "column":
        assert png_of(data) == to_png(document, paper)


@papers
def test_codes_can_be_scanned_from_the_screen(paper: Paper) -> None:
    document = Document((Text("a"), QR(LONG_CODE), Rule(), Barcode("8991234567891"), Cut()))
    shown = Picture.open(io.BytesIO(png_of(to_escpos(document, paper), paper)))
    wanted = set() if paper.image == "none" else {LONG_CODE, "8991234567891"}
    if paper.image == "none" and paper.qr == "native":
        wanted = {LONG_CODE}
    assert {code.text for code in zxingcpp.read_barcodes(shown.convert("L"))} == wanted


def test_lines_keep_their_style_and_order() -> None:
    document = Document((Text("a", bold=True), Columns("b", "1", big=True), QR("x"), Image(logo()), Cut()))
    lines = read(to_escpos(document, Paper.of(48, "native")))
    assert lines[0] == TextLine("a", bold=True)
    assert lines[1] == TextLine("b" + " " * 22 + "1", big=True)
    assert lines[2] == QRLine("x")
    assert isinstance(lines[3], RasterLine)
    assert lines[4:] == [CutLine()]


def test_a_pulse_before_a_receipt_is_seen_and_prints_nothing() -> None:
    data = to_escpos(receipt(), PAPERS[0])
    assert read(drawer_pulse(5) + data)[0] == PulseLine(5)
    assert text_of(drawer_pulse() + data) == text_of(data)
    assert png_of(drawer_pulse() + data) == png_of(data)


def test_every_single_cut_of_the_bytes_is_noticed_or_ends_a_whole_line() -> None:
    paper = PAPERS[0]
    data = to_escpos(Document((Text("a", bold=True), Image(logo()), QR("x"), Cut())), paper)
    whole = read(data, paper)
    for length in range(len(data)):
        try:
            seen = read(data[:length], paper)
        except UnreadableError:
            continue
        assert [type(line) for line in seen] == [type(line) for line in whole[: len(seen)]]


@pytest.mark.parametrize(
    "wrong",
    [
        b"a",
        b"a\x1b@\n",
        b"\x10\x14\x01\x00\x01",
        b"\x10\x04\x01",
        b"\x1bp\x00\x19",
        b"\x1bp\x07\x19\xfa",
        b"\x1bz",
        b"\x1bt\x63",
        b"\x1bE\x07",
        b"\x1d!\x22",
        b"\x1ba\x02",
        b"\x1ba\x01a\n",
        b"\x1dV\x00",
        b"\x1bd\x06\x1dV\x42",
        b"\x1dv0\x01\x01\x00\x01\x00\xff",
        b"\x1dv0\x00\x01\x00\x02\x00\xff",
        b"\x1dv0\x00\x00\x00\x01\x00",
        b"\x1dv0\x00\x01\x00\x64\x00" + b"\xff" * 100,
        b"\x1d(k\x03\x001Q0",
        b"\x1d(k\x04\x001P0\xff\x1ba\x01\x1d(k\x03\x001Q0",
        b"\x1d(L\x02\x0002",
        b"\x1d(A\x02\x00\x00\x02",
        b"\x7f\n",
        b"\x00",
        b"\x1b",
    ],
)
def test_bytes_that_are_not_ours_are_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableError, match="byte"):
        read(wrong)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read(data)
    except UnreadableError:
        return


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=300))
@example("0123456789")
@example("HTTPS://EXAMPLE.ORG/R/1")
@example("Rp 12.500 untuk Ibu Siti, 0812345678901234567890 ABCDEFGHIJKLMNOPQRSTUVWXYZ")
@example("é" * 400)
@example(LONG_CODE)
def test_a_drawn_code_is_read_back_without_a_camera(data: str) -> None:
    assert code_in(picture.on_paper(picture.qr_code(data, 576), 576)) == data


def test_what_is_no_code_is_read_as_none() -> None:
    code = picture.qr_code(LONG_CODE, 384)
    spoiled = code.copy()
    spoiled.putpixel((code.width // 2, code.height // 2), 255 - spoiled.getpixel((code.width // 2,) * 2))
    assert code_in(spoiled) is None
    assert code_in(code.rotate(90)) is None
    assert code_in(Picture.new("L", (40, 40), 255)) is None
    assert code_in(Picture.new("L", (84, 84), 0)) is None
    assert code_in(picture.logo(logo(), 384)) is None
    bars = picture.barcode("8991234567891", 384)
    bars.putpixel((60, 0), 255 - bars.getpixel((60, 0)))
    assert code_in(bars) is None
    assert code_in(picture.barcode("8991234567891", 384).rotate(180)) is None


def test_lines_of_a_document_and_of_its_bytes_are_the_same() -> None:
    for paper in PAPERS[:3]:
        wanted = [line for line in lay_out(receipt(), paper) if isinstance(line, TextLine) and line.text]
        found = [
            line for line in read(to_escpos(receipt(), paper)) if isinstance(line, TextLine) and line.text
        ]
        assert found == wanted
