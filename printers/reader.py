"""The bytes of `render` read back into lines, so that a screen shows what the paper shows.

It knows the commands that this package sends, each with the values it sends, and refuses every other byte: a
preview that guesses would hide exactly the faults it is looked at for.
"""

from collections.abc import Callable
from typing import Final

from PIL import Image

from printers import picture
from printers.layout import CutLine, Paper, Printed, PulseLine, QRLine, RasterLine, TextLine
from printers.models import PAGES
from printers.plain import plain
from printers.sketch import CELL_WIDTH, draw

_USUAL_DOTS: Final = (384, 512, 576)
_STRIP: Final = 24  # rows of a picture that is sent column by column


class UnreadableError(ValueError):
    """Bytes that this package would not have sent."""


def text_of(data: bytes, paper: Paper | None = None) -> str:
    """What a person reads on the paper that these bytes make; the same as `to_text` of their document."""
    lines = read(data, paper)
    return plain(lines, _dots(lines))


def png_of(data: bytes, paper: Paper | None = None, *, dots: int | None = None) -> bytes:
    """The paper that these bytes make, as a picture of so many dots across, else of the usual paper they fit.

    `paper` only says what its code page is called: bytes that are kept may be of another width than today's.
    """
    lines = read(data, paper)
    return draw(lines, dots or _dots(lines))


def read(data: bytes, paper: Paper | None = None) -> list[Printed]:
    """What comes out of the printer, top to bottom; UnreadableError for any byte that is not understood."""
    return _Reader(data, paper).read()


def _dots(lines: list[Printed]) -> int:
    """The narrowest usual paper that holds every line: a rule or an amount fills its line."""
    widest = 0
    for line in lines:
        if isinstance(line, TextLine):
            widest = max(widest, len(line.text) * CELL_WIDTH * (2 if line.big else 1))
        elif isinstance(line, RasterLine):
            widest = max(widest, line.image.width)
    return next((dots for dots in _USUAL_DOTS if dots >= widest), -(-widest // 8) * 8)


class _Reader:
    def __init__(self, data: bytes, paper: Paper | None) -> None:
        self._data = data
        self._at = 0
        self._pages = PAGES | ({paper.code_page: paper.codec} if paper is not None else {})
        self._codec = "cp437"
        self._lines: list[Printed] = []
        self._text = bytearray()
        self._bold = self._big = self._centred = False
        self._pieces: list[Image.Image] = []
        self._stored: Image.Image | None = None
        self._code = b""
        self._module = 0
        self._commands: dict[bytes, Callable[[], None]] = {
            b"\x1b@": self._start,
            b"\x1bt": self._page,
            b"\x1bE": self._weight,
            b"\x1ba": self._align,
            b"\x1bd": self._feed,
            b"\x1bp": self._pulse,
            b"\x1b2": self._usual_pitch,
            b"\x1b3": self._pitch,
            b"\x1b*": self._strip,
            b"\x1c.": self._single_bytes,
            b"\x1d!": self._size,
            b"\x1dV": self._cut,
            b"\x1dv": self._raster,
            b"\x1d(": self._block,
        }

    def read(self) -> list[Printed]:
        while self._at < len(self._data):
            byte = self._data[self._at]
            if byte == 0x0A:
                self._at += 1
                self._line()
            elif byte >= 0x20 and byte != 0x7F:
                self._only(not self._pieces and not self._centred, "text beside a picture")
                self._at += 1
                self._text.append(byte)
            else:
                self._command()
        self._only(not self._text and not self._pieces and self._stored is None, "the end is missing")
        return self._lines

    def _command(self) -> None:
        name = self._data[self._at : self._at + 2]
        command = self._commands.get(name)
        self._only(command is not None and not self._text, f"{name.hex(' ')} is no command of a document")
        self._at += 2
        assert command is not None  # noqa: S101 - said the line before last
        command()

    def _only(self, right: bool, wrong: str) -> None:
        if not right:
            raise UnreadableError(f"byte {self._at}: {wrong}")

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._only(len(taken) == count, "a command is cut short")
        self._at += count
        return taken

    def _one_of(self, *known: int) -> int:
        found = self._take(1)[0]
        self._only(found in known, f"{found} is not one of {known}")
        return found

    def _number(self) -> int:
        return int.from_bytes(self._take(2), "little")

    def _line(self) -> None:
        if self._pieces:  # the end of a strip
            return
        try:
            text = self._text.decode(self._codec)
        except UnicodeDecodeError as error:
            raise UnreadableError(f"byte {self._at}: {error}") from error
        self._lines.append(TextLine(text, self._bold, self._big))
        self._text.clear()

    def _start(self) -> None:
        self._only(not self._pieces, "a start in the middle of a picture")
        self._bold = self._big = self._centred = False
        self._codec = "cp437"

    def _page(self) -> None:
        self._codec = self._pages[self._one_of(*self._pages)]

    def _weight(self) -> None:
        self._bold = bool(self._one_of(0, 1))

    def _size(self) -> None:
        self._big = bool(self._one_of(0x00, 0x11))

    def _align(self) -> None:
        self._centred = bool(self._one_of(0, 1))

    def _single_bytes(self) -> None:
        """Two-byte characters are off, as everything here assumes."""

    def _pulse(self) -> None:
        pin = (2, 5)[self._one_of(0, 1)]
        self._take(2)
        self._lines.append(PulseLine(pin))

    def _feed(self) -> None:
        self._take(1)
        self._lines.append(CutLine())

    def _cut(self) -> None:
        self._one_of(0, 1)
        self._only(
            bool(self._lines) and isinstance(self._lines[-1], CutLine), "a cut before the paper was fed"
        )

    def _raster(self) -> None:
        self._only(self._take(2) == b"0\x00", "a picture of another kind")
        width, height = self._number(), self._number()
        self._piece(self._bitmap(width * 8, height))

    def _bitmap(self, width: int, height: int) -> Image.Image:
        self._only(width > 0 and height > 0, "an empty picture")
        black = self._take((width + 7) // 8 * height)
        return Image.frombytes("1", (width, height), bytes(byte ^ 0xFF for byte in black))

    def _piece(self, image: Image.Image) -> None:
        """Adds a piece of a picture; the last one is shorter than the others."""
        self._only(image.height <= picture.PIECE, "a piece that is too tall")
        self._only(not self._pieces or image.width == self._pieces[0].width, "pieces that do not fit")
        self._pieces.append(image)
        if image.height < picture.PIECE:
            self._picture()

    def _picture(self) -> None:
        sheet = Image.new("1", (self._pieces[0].width, sum(piece.height for piece in self._pieces)), 255)
        top = 0
        for piece in self._pieces:
            sheet.paste(piece, (0, top))
            top += piece.height
        self._pieces = []
        self._lines.append(RasterLine(sheet))

    def _strip(self) -> None:
        self._one_of(33)
        width = self._number()
        self._only(width > 0, "an empty picture")
        standing = Image.frombytes("1", (_STRIP, width), bytes(byte ^ 0xFF for byte in self._take(3 * width)))
        self._pieces.append(standing.transpose(Image.Transpose.TRANSPOSE))
        self._only(self._data[self._at : self._at + 1] == b"\n", "a strip without its line feed")

    def _usual_pitch(self) -> None:
        if self._pieces:
            self._picture()

    def _pitch(self) -> None:
        self._take(1)
        self._usual_pitch()

    def _block(self) -> None:
        kind = self._take(1)
        body = self._take(self._number())
        if kind == b"L":
            self._graphics(body)
        else:
            self._only(kind == b"k" and len(body) >= 3 and body[:1] == b"1", "a block of another kind")
            self._native(body[1], body[2:])

    def _graphics(self, body: bytes) -> None:
        if body == b"02":
            self._only(self._stored is not None, "nothing to print")
            assert self._stored is not None  # noqa: S101 - said in the line before
            image, self._stored = self._stored, None
            self._piece(image)
            return
        self._only(body[:6] == b"0p0\x01\x011" and len(body) > 10, "graphics of another kind")
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        inner = _Reader(body[10:], None)
        self._stored = inner._bitmap(width, height)
        self._only(inner._at == len(body) - 10, "graphics of another size")

    def _native(self, function: int, body: bytes) -> None:
        self._only(function in {65, 67, 69, 80, 81}, "an unknown function of a QR code")
        if function == 67:
            self._module = body[0]
        elif function == 80:
            self._code = body[1:]
        elif function == 81:
            self._only(bool(self._code and self._module) and self._centred, "a code that is nowhere")
            try:
                self._lines.append(QRLine(self._code.decode("ascii"), self._module))
            except UnicodeDecodeError as error:
                raise UnreadableError(f"byte {self._at}: {error}") from error
