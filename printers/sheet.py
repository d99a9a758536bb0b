"""Labels on sheets of A4, as a PDF for an office printer: text, bars and squares, no picture."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from printers import ean
from printers.labels import Label
from printers.text import safe

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_PAGE: Final = (210.0, 297.0)
_MM: Final = 72 / 25.4
_REGULAR: Final = "Helvetica"
_BOLD: Final = "Helvetica-Bold"
_CODEC: Final = "cp1252"  # what these fonts, which every PDF reader has, can write
_DOT: Final = 25.4 / 600  # mm: bars are whole dots of an office printer, or they come out unevenly wide
_MODULE: Final = 8  # dots: 0.34 mm, the nominal width of a bar of an EAN-13
_SMALLEST: Final = 7  # dots: 0.30 mm; scanners must read down to 0.26 mm
_CAP: Final = 0.75  # height of capital letters, of the font's size
_LEADING: Final = 1.12
_FURTHEST: Final = 20.0  # mm that a sheet can be shifted


@dataclass(frozen=True, slots=True)
class Format:
    """Where labels stand on a sheet; lengths in millimetres."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    step_x: float
    step_y: float
    padding: float
    name: float  # sizes of letters in points
    price: float
    note: float
    bars: float  # height of bars

    @property
    def labels(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows


FORMATS: Final[dict[str, Format]] = {
    "3x8": Format(3, 8, 70, 37, 0, 0.5, 70, 37, 4, 10, 20, 8, 9),
    "5x13": Format(5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2, 1.5, 6, 9, 5, 6.5),
}
"""24 labels of 70 x 37 mm, and 65 of 38.1 x 21.2 mm."""


class SheetError(ValueError):
    """The sheet cannot be made as it was asked for."""


def pdf(
    labels: Sequence[Label], sheet: str = "3x8", *, first: int = 1, shift: tuple[float, float] = (0, 0)
) -> bytes:
    """The labels on as many sheets as they need.

    `first` is the place on the first sheet to begin at, for a sheet that was used in part: 1 is at the top
    left, counted row by row. `shift` moves everything right and down by millimetres, for a printer that
    draws its paper in askew.
    """
    from reportlab.pdfgen.canvas import Canvas

    form = FORMATS.get(sheet)
    if form is None:
        raise SheetError(f"sheets are {', '.join(FORMATS)}, not {sheet!r}")
    if not labels or not 1 <= first <= form.labels:
        raise SheetError(f"labels begin at a place from 1 to {form.labels}, and there is at least one")
    if any(abs(way) > _FURTHEST for way in shift):
        raise SheetError(f"a sheet is shifted by at most {_FURTHEST:g} mm")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_PAGE[0] * _MM, _PAGE[1] * _MM), invariant=1)
    canvas.setTitle("Labels")
    for number, label in enumerate(labels, first - 1):
        page, place = divmod(number, form.labels)
        if page and not place:
            canvas.showPage()
        row, column = divmod(place, form.columns)
        left = form.left + column * form.step_x + shift[0]
        top = form.top + row * form.step_y + shift[1]
        _Pen(canvas, form, left, top).label(label)
    canvas.save()
    return out.getvalue()


class _Pen:
    """Draws one label from its top to its bottom, in millimetres from its upper left corner."""

    def __init__(self, canvas: "Canvas", form: Format, left: float, top: float) -> None:
        self._canvas = canvas
        self._form = form
        self._left = left + form.padding
        self._top = top + form.padding
        self._width = form.width - 2 * form.padding
        self._height = form.height - 2 * form.padding

    def label(self, label: Label) -> None:
        """Draws the code at the bottom or the right, and the words in the room that it leaves."""
        width, height = self._width, self._height
        if label.ean:
            height = self._bars(label.ean)
        elif label.qr:
            width -= self._square(label.qr) + self._form.padding / 2
        elif label.code:
            height -= self._form.note / _MM
            self._written(label.code, self._height, _REGULAR, self._form.note, width)
        self._words(label, width, height)

    def _words(self, label: Label, width: float, height: float) -> None:
        """Writes name, price and notes one below the other, all of them smaller when there is much to say."""
        form = self._form
        rows = [(row, _BOLD, form.name) for row in self._rows(label.name, _BOLD, form.name, width)]
        if label.price:
            rows.append((label.price, _BOLD, form.price))
        rows += [(note, _REGULAR, form.note) for note in (label.unit, *label.notes) if note]
        scale = min(1.0, height * _MM / sum(_LEADING * size for _, _, size in rows))
        down = 0.0
        for text, font, size in rows:
            self._written(text, down + _CAP * scale * size / _MM, font, scale * size, width)
            down += _LEADING * scale * size / _MM

    def _rows(self, text: str, font: str, size: float, width: float) -> list[str]:
        """A name in at most two rows; the second takes all the rest and is made to fit."""
        words = safe(text, _CODEC).split()
        row = ""
        for at, word in enumerate(words):
            longer = f"{row} {word}".strip()
            if row and self._length(longer, font, size) > width:
                return [row, " ".join(words[at:])]
            row = longer
        return [row]

    def _length(self, text: str, font: str, size: float) -> float:
        return float(self._canvas.stringWidth(text, font, size)) / _MM

    def _written(self, text: str, down: float, font: str, size: float, width: float) -> None:
        """Writes in the middle of the width; what is too long is narrowed, so that nothing is cut off."""
        shown = safe(text, _CODEC)
        long = self._length(shown, font, size)
        narrow = min(1.0, width / long) if long else 1.0
        canvas = self._canvas
        words = canvas.beginText(self._x((width - long * narrow) / 2), self._y(down))
        words.setFont(font, size)
        words.setHorizScale(100 * narrow)
        words.textOut(shown)
        canvas.drawText(words)

    def _bars(self, digits: str) -> float:
        """Draws bars with their digits at the bottom and returns how much height is left above them."""
        size = self._form.note
        room = ean.QUIET_LEFT + ean.MODULES + ean.QUIET_RIGHT
        dots = min(_MODULE, int(self._width / room / _DOT))
        if dots < _SMALLEST:
            raise SheetError("a barcode does not fit on this label")
        module = dots * _DOT
        start = (self._width - module * room) / 2 + module * ean.QUIET_LEFT
        top = self._height - _CAP * size / _MM - 0.5 - self._form.bars
        modules = [bar == "1" for bar in ean.bars(digits)]
        for at, wide in _runs(modules):
            self._box(start + at * module, top, wide * module, self._form.bars)
        self._written(digits, self._height, _REGULAR, size, self._width)
        return top - 0.5

    def _square(self, data: str) -> float:
        """Draws a QR code at the right edge and returns how much of the width it takes."""
        from printers.picture import qr_matrix  # what draws pictures is loaded where one is drawn

        matrix = qr_matrix(data)
        if matrix is None:
            raise SheetError("this is too long for a QR code")
        side = min(self._height, self._width * 0.45)
        module = side / len(matrix)
        for down, row in enumerate(matrix):
            for at, wide in _runs(row):
                self._box(self._width - side + at * module, down * module, wide * module, module)
        return side

    def _box(self, left: float, down: float, width: float, height: float) -> None:
        self._canvas.rect(self._x(left), self._y(down + height), width * _MM, height * _MM, stroke=0, fill=1)

    def _x(self, right: float) -> float:
        return (self._left + right) * _MM

    def _y(self, down: float) -> float:
        return (_PAGE[1] - self._top - down) * _MM


def _runs(modules: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where black begins and how many modules it goes on: boxes side by side would show a seam."""
    at = 0
    for black, group in groupby(modules):
        wide = len(list(group))
        if black:
            yield at, wide
        at += wide
