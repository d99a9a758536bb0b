"""A document laid out for one width of paper: the lines that every renderer draws."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from printers.document import (
    QR,
    USUAL_MODULE,
    Align,
    Barcode,
    Block,
    Columns,
    Cut,
    Document,
    Feed,
    Image,
    Rule,
    Text,
)
from printers.text import safe, wrap

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

QRStyle: TypeAlias = Literal["image", "native"]
ImageStyle: TypeAlias = Literal["raster", "graphics", "column", "none"]

# Printable dots of the usual papers: 58 mm at 203 dpi, 80 mm at 180 dpi, 80 mm at 203 dpi.
_DOTS: Final = {32: 384, 42: 512, 48: 576}
_CELL_DOTS: Final = 12
# With less room than this beside an amount, the words go above it.
_NARROW: Final = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """What a printer can put on its paper."""

    columns: int = 32
    dots: int = 384
    cutter: bool = True
    qr: QRStyle = "image"
    code_page: int = 0  # the printer's own number of its page
    codec: str = "cp437"  # what that page is called here; one byte a character
    feed: int = 6  # lines from the print head to the cutter or the tear bar
    image: ImageStyle = "raster"  # the command that draws pictures; none: it draws no picture fit to be read
    line_pitch: int = 0  # dots from line to line; 0: as the printer does it by itself

    @classmethod
    def of(cls, columns: int, qr: QRStyle = "image", *, cutter: bool = True) -> "Paper":
        """The paper of a printer with so many columns: 32 for 58 mm, 42 or 48 for 80 mm."""
        if not 16 <= columns <= 96:
            raise ValueError(f"a receipt has 16 to 96 columns, not {columns}")
        if qr not in {"image", "native"}:
            raise ValueError(f"a QR code is an image or native, not {qr!r}")
        dots = _DOTS.get(columns, -(-columns * _CELL_DOTS // 8) * 8)
        return cls(columns=columns, dots=dots, cutter=cutter, qr=qr)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of safe text, its alignment already made with spaces."""

    text: str
    bold: bool = False
    big: bool = False


@dataclass(frozen=True, slots=True)
class QRLine:
    """A QR code in the middle of the paper, its modules at most so many dots wide."""

    data: str
    module: int = USUAL_MODULE


@dataclass(frozen=True, slots=True)
class BarcodeLine:
    """The bars of an EAN-13 in the middle of the paper."""

    data: str


@dataclass(frozen=True, slots=True)
class ImageLine:
    """A picture in the middle of the paper."""

    png: bytes


@dataclass(frozen=True, slots=True)
class CutLine:
    """Where the paper is cut or torn."""


@dataclass(frozen=True, slots=True)
class RasterLine:
    """A picture in dots, as it came out of a printer's bytes."""

    image: "Picture"


@dataclass(frozen=True, slots=True)
class PulseLine:
    """A pulse that opens the drawer on this pin."""

    pin: int


Line: TypeAlias = TextLine | QRLine | BarcodeLine | ImageLine | CutLine
# What can be read back from bytes: the lines of a document and what only bytes know.
Printed: TypeAlias = Line | RasterLine | PulseLine


def lay_out(document: Document, paper: Paper) -> list[Line]:
    """The lines of a document on this paper, top to bottom."""
    return [line for block in document.blocks for line in _lines(block, paper)]


def _lines(block: Block, paper: Paper) -> list[Line]:
    match block:
        case Text():
            return list(_text(block.text, block.align, paper, bold=block.bold, big=block.big))
        case Columns():
            return list(_columns(block, paper))
        case Rule():
            return [TextLine((safe(block.char, paper.codec).strip() or "-")[0] * paper.columns)]
        case Feed():
            return [TextLine("")] * block.lines
        case QR() | Barcode() | Image() if paper.image == "none":
            words = [getattr(block, "caption", ""), getattr(block, "data", "")]
            return [line for text in words if text for line in _text(text, "center", paper)]
        case QR():
            caption = _text(block.caption, "center", paper) if block.caption else []
            return [*caption, QRLine(block.data, block.module)]
        case Barcode():
            return [BarcodeLine(block.data), *_text(block.data, "center", paper)]
        case Image():
            return [ImageLine(block.png)]
        case Cut():
            return [CutLine()]


def _width(paper: Paper, *, big: bool) -> int:
    return paper.columns // 2 if big else paper.columns


def _text(text: str, align: Align, paper: Paper, *, bold: bool = False, big: bool = False) -> list[TextLine]:
    width = _width(paper, big=big)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [line for row in rows for line in wrap(safe(row, paper.codec), width)]
    return [TextLine(_aligned(line, align, width), bold, big) for line in lines]


def _aligned(line: str, align: Align, width: int) -> str:
    if align == "left":
        return line
    line = line.strip(" ")
    room = width - len(line)
    return " " * (room if align == "right" else room // 2) + line if line else ""


def _columns(block: Columns, paper: Paper) -> list[TextLine]:
    left, right = safe(block.left, paper.codec), safe(block.right, paper.codec).strip(" ")
    big = block.big and len(right) <= _width(paper, big=True)  # an amount is printed smaller before it is cut
    width = _width(paper, big=big)
    if not right:
        return [TextLine(line, block.bold, big) for line in wrap(left, width)]
    room = width - len(right) - 1
    if len(left) > room and room < _NARROW:
        texts = [*wrap(left, width), *(_aligned(line, "right", width) for line in wrap(right, width))]
    else:
        first, *rest = wrap(left, room) if left.strip(" ") else [""]
        texts = [first.ljust(width - len(right)) + right, *rest]
    return [TextLine(text, block.bold, big) for text in texts]
