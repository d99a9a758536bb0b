"""Reads ESC/POS bytes as a printer would and tells what came out; every byte it cannot explain is an error.

It knows the commands that receipts use and refuses all others, so that a command smuggled in through a
product's name is found.
"""

import io
from dataclasses import dataclass, field

from PIL import Image


class NotEscpos(Exception):
    """A byte that no command of a receipt explains."""


@dataclass
class Paper:
    """What came out of the printer."""

    lines: list[str] = field(default_factory=list)
    styles: list[tuple[bool, int]] = field(default_factory=list)  # bold and magnification, one for each line
    commands: list[str] = field(default_factory=list)  # in order, without text and line feeds
    pictures: list[Image.Image] = field(default_factory=list)  # raster pieces that touch are one picture
    codes: list[str] = field(default_factory=list)  # QR codes the printer drew itself
    code_sizes: list[int] = field(default_factory=list)
    pulses: list[int] = field(default_factory=list)  # pins
    cuts: int = 0
    order: list[str] = field(default_factory=list)  # line, picture, code, cut, as they follow each other


def read(data: bytes) -> Paper:
    """Everything that these bytes make a printer do."""
    return _Reader(data).read()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.paper = Paper()
        self.text = bytearray()
        self.bold, self.scale = False, 1
        self.code = b""
        self.module = 0
        self.joined = False  # whether the last thing on the paper was a raster piece

    def read(self) -> Paper:
        while self.at < len(self.data):
            byte = self.data[self.at]
            if byte == 0x0A:
                self.at += 1
                self._line()
            elif byte >= 0x20 and byte != 0x7F:
                self.text.append(byte)
                self.at += 1
            else:
                self._command()
        if self.text:
            raise NotEscpos(f"text without a line feed: {bytes(self.text)!r}")
        return self.paper

    def _take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise NotEscpos("cut off in the middle of a command")
        self.at += count
        return taken

    def _line(self) -> None:
        self.paper.lines.append(self.text.decode("cp437"))
        self.paper.styles.append((self.bold, self.scale))
        self.paper.order.append("line")
        self.text.clear()
        self.joined = False

    def _command(self) -> None:
        start = self.at
        lead, kind = self._take(2)
        handler = {
            (0x1B, ord("@")): self._start,
            (0x1B, ord("t")): self._page,
            (0x1B, ord("E")): self._bold,
            (0x1B, ord("a")): self._align,
            (0x1B, ord("d")): self._feed,
            (0x1B, ord("p")): self._pulse,
            (0x1C, ord(".")): self._single_bytes,
            (0x1D, ord("!")): self._size,
            (0x1D, ord("V")): self._cut,
            (0x1D, ord("v")): self._raster,
            (0x1D, ord("(")): self._code,
        }.get((lead, kind))
        if handler is None:
            raise NotEscpos(f"byte {start}: {self.data[start : start + 8].hex(' ')}")
        if self.text and kind not in b"E!":
            raise NotEscpos(f"byte {start}: a command in the middle of a line")
        self.paper.commands.append(handler())

    def _start(self) -> str:
        self.bold, self.scale = False, 1
        return "start"

    def _page(self) -> str:
        page = self._take(1)[0]
        if page != 0:
            raise NotEscpos(f"code page {page}")
        return "page 0"

    def _single_bytes(self) -> str:
        return "single bytes"

    def _bold(self) -> str:
        self.bold = bool(self._take(1)[0] & 1)
        return f"bold {int(self.bold)}"

    def _size(self) -> str:
        size = self._take(1)[0]
        if size not in {0x00, 0x11}:
            raise NotEscpos(f"size {size:#x}")
        self.scale = 2 if size else 1
        return f"size {self.scale}"

    def _align(self) -> str:
        return f"align {self._take(1)[0]}"

    def _feed(self) -> str:
        self.joined = False
        return f"feed {self._take(1)[0]}"

    def _pulse(self) -> str:
        pin = {0: 2, 1: 5}[self._take(3)[0]]
        self.paper.pulses.append(pin)
        return f"pulse {pin}"

    def _cut(self) -> str:
        if self._take(1)[0] not in {0, 1, 48, 49}:
            raise NotEscpos("an odd cut")
        self.paper.cuts += 1
        self.paper.order.append("cut")
        self.joined = False
        return "cut"

    def _raster(self) -> str:
        form, mode, width_low, width_high, height_low, height_high = self._take(6)
        width, height = (width_low + 256 * width_high) * 8, height_low + 256 * height_high
        if form != ord("0") or mode != 0 or not width or not height:
            raise NotEscpos("an odd picture")
        black = self._take(width // 8 * height)
        piece = Image.frombytes("1", (width, height), bytes(byte ^ 0xFF for byte in black))
        if self.joined and self.paper.pictures[-1].width == width:
            above = self.paper.pictures.pop()
            whole = Image.new("1", (width, above.height + height), 1)
            whole.paste(above, (0, 0))
            whole.paste(piece, (0, above.height))
            self.paper.pictures.append(whole)
        else:
            self.paper.pictures.append(piece)
            self.paper.order.append("picture")
        self.joined = True
        return f"raster {width}x{height}"

    def _code(self) -> str:
        if self._take(1) != b"k":
            raise NotEscpos("an odd GS (")
        low, high = self._take(2)
        body = io.BytesIO(self._take(low + 256 * high))
        kind, function = body.read(2)
        if kind != ord("1"):
            raise NotEscpos(f"a two-dimensional code of kind {kind}")
        rest = body.read()
        if function == 67:
            self.module = rest[0]
        elif function == 80:
            self.code = rest[1:]
        elif function == 81:
            self.paper.codes.append(self.code.decode())
            self.paper.code_sizes.append(self.module)
            self.paper.order.append("code")
            self.joined = False
        elif function not in {65, 69}:
            raise NotEscpos(f"function {function} of a QR code")
        return f"qr {function}"
