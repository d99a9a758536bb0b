"""A paper on A4 as a PDF for an office printer: who, to whom, a table that may run over pages, signatures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from printers.text import safe

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MM: Final = 72 / 25.4
_WIDTH: Final = {"portrait": 210.0, "landscape": 297.0}
_HEIGHT: Final = {"portrait": 297.0, "landscape": 210.0}
_MARGIN: Final = 15.0
_REGULAR: Final = "Helvetica"
_BOLD: Final = "Helvetica-Bold"
_CODEC: Final = "cp1252"  # what these fonts, which every PDF reader has, can write
_LINE: Final = 5.0  # mm a line of text
_ROW: Final = 6.0  # mm a row of the table
_FOOT: Final = 12.0
_SIGN: Final = 34.0  # mm that signatures need

Align: TypeAlias = Literal["left", "right"]
Way: TypeAlias = Literal["portrait", "landscape"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its head, its part of the width, and which way its cells lean."""

    head: str
    share: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper. `facts` are lines of name and value; `sums` is the last row, in bold."""

    issuer: Sequence[str]
    title: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    sums: Sequence[str] = ()
    notes: Sequence[str] = ()
    signatures: Sequence[str] = ()
    foot: str = ""
    way: Way = "portrait"
    boxes: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Sums below the table, with their names, one a line at the right; the last in bold."""


def pdf(paper: Paper) -> bytes:
    """The paper on as many pages as its table needs, each numbered, each with the table's head."""
    pages = _pages(paper)
    out = io.BytesIO()
    pen = _Pen(paper, _canvas(out, paper), pages)
    pen.all()
    pen.canvas.save()
    return out.getvalue()


def _pages(paper: Paper) -> int:
    """How many pages it takes, found by drawing it once for nobody."""
    pen = _Pen(paper, _canvas(io.BytesIO(), paper), 0)
    pen.all()
    return pen.page


def _canvas(out: io.BytesIO, paper: Paper) -> "Canvas":
    from reportlab.pdfgen.canvas import Canvas

    size = (_WIDTH[paper.way] * _MM, _HEIGHT[paper.way] * _MM)
    canvas = Canvas(out, pagesize=size, invariant=1)
    canvas.setTitle(_said(paper.title))
    return canvas


def _said(text: str) -> str:
    return safe(text, _CODEC)


class _Pen:
    """Draws from the top of the first page down, and turns the page when it is full."""

    def __init__(self, paper: Paper, canvas: "Canvas", pages: int) -> None:
        self.paper, self.canvas, self.page = paper, canvas, 1
        self._pages = pages
        self._right = _WIDTH[paper.way] - _MARGIN
        self._y = _MARGIN
        whole = sum(column.share for column in paper.columns)
        self._widths = [column.share / whole * (self._right - _MARGIN) for column in paper.columns]

    def all(self) -> None:
        """The whole paper."""
        self._head()
        self._columns()
        for row in self.paper.rows:
            self._row(row)
        if self.paper.sums:
            self._row(self.paper.sums, bold=True)
        self._rule()
        for n, (name, value) in enumerate(self.paper.boxes):
            self._box(name, value, bold=n == len(self.paper.boxes) - 1)
        self._y += 2
        for note in self.paper.notes:
            for line in self._wrapped(note, self._right - _MARGIN, _REGULAR, 9):
                self._room(_LINE)
                self._text(_MARGIN, line, 9)
                self._y += _LINE
        if self.paper.signatures:
            self._signatures()
        self._end()

    def _head(self) -> None:
        for n, line in enumerate(self.paper.issuer):
            self._text(_MARGIN, line, 12 if n == 0 else 9, bold=n == 0)
            self._y += _LINE
        self._y += 3
        self._text(_MARGIN, self.paper.title, 16, bold=True)
        self._y += 8
        for name, value in self.paper.facts:
            self._text(_MARGIN, name, 9)
            for line in self._wrapped(value, self._right - _MARGIN - 38, _REGULAR, 9) or [""]:
                self._text(_MARGIN + 38, line, 9)
                self._y += _LINE
        self._y += 3

    def _columns(self) -> None:
        self._rule()
        heads = [column.head for column in self.paper.columns]
        self._cells([[head] for head in heads], bold=True)
        self._y += _ROW
        self._rule()

    def _row(self, row: Sequence[str], *, bold: bool = False) -> None:
        font = _BOLD if bold else _REGULAR
        lines = [
            self._wrapped(cell, width - 2, font, 9) or [""]
            for cell, width in zip(row, self._widths, strict=True)
        ]
        height = _ROW + (max(len(cell) for cell in lines) - 1) * 4.2
        if self._room(height):
            self._columns()
        self._cells(lines, bold=bold)
        self._y += height

    def _cells(self, lines: Sequence[Sequence[str]], *, bold: bool = False) -> None:
        left, top = _MARGIN, self._y
        for column, width, cell in zip(self.paper.columns, self._widths, lines, strict=True):
            for n, line in enumerate(cell):
                self._y = top + n * 4.2
                place = left + width - 1 if column.align == "right" else left + 1
                self._text(place, line, 9, bold=bold, align=column.align)
            left += width
        self._y = top

    def _box(self, name: str, value: str, *, bold: bool) -> None:
        self._room(_ROW)
        self._text(self._right - 42, name, 10, bold=bold, align="right")
        self._text(self._right - 1, value, 10, bold=bold, align="right")
        self._y += _ROW

    def _signatures(self) -> None:
        self._room(_SIGN)
        self._y += 6
        step = (self._right - _MARGIN) / len(self.paper.signatures)
        for n, name in enumerate(self.paper.signatures):
            left, top = _MARGIN + n * step, self._y
            self._text(left, name, 9)
            self._y = top + 22
            self._text(left, "(" + " " * 40 + ")", 9)
            self._y = top
        self._y += 26

    def _text(self, x: float, text: str, size: float, *, bold: bool = False, align: Align = "left") -> None:
        self.canvas.setFont(_BOLD if bold else _REGULAR, size)
        y = (_HEIGHT[self.paper.way] - self._y) * _MM - size
        draw = self.canvas.drawRightString if align == "right" else self.canvas.drawString
        draw(x * _MM, y, _said(text))

    def _wrapped(self, text: str, width: float, font: str, size: float) -> list[str]:
        lines: list[str] = []
        for word in _said(text).split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.canvas.stringWidth(longer, font, size) <= width * _MM:
                lines[-1] = longer
                continue
            lines += self._broken(word, width, font, size)
        return lines

    def _broken(self, word: str, width: float, font: str, size: float) -> list[str]:
        """A word in pieces that are no wider than `width` millimetres, unless a single letter is."""
        pieces, left = [""], width * _MM
        for letter in word:
            needs = self.canvas.stringWidth(letter, font, size)
            if pieces[-1] and needs > left:
                pieces.append("")
                left = width * _MM
            pieces[-1] += letter
            left -= needs
        return pieces

    def _rule(self) -> None:
        y = (_HEIGHT[self.paper.way] - self._y) * _MM
        self.canvas.line(_MARGIN * _MM, y, self._right * _MM, y)
        self._y += 1

    def _room(self, height: float) -> bool:
        """Make room for so many millimetres; say whether the page was turned for it."""
        if self._y + height <= _HEIGHT[self.paper.way] - _MARGIN - _FOOT:
            return False
        self._end()
        self.canvas.showPage()
        self.page += 1
        self._y = _MARGIN
        return True

    def _end(self) -> None:
        kept, self._y = self._y, _HEIGHT[self.paper.way] - _FOOT
        self._text(_MARGIN, self.paper.foot, 8)
        self._text(self._right, f"{self.page} / {self._pages}", 8, align="right")
        self._y = kept
