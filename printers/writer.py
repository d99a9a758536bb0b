"""A document as the bytes of an ESC/POS printer."""

import threading
from functools import cache
from typing import Any, Final

from PIL import Image

from printers import picture
from printers.document import Document
from printers.escpos_library import tidy_import
from printers.layout import (
    BarcodeLine,
    CutLine,
    ImageLine,
    ImageStyle,
    Line,
    Paper,
    QRLine,
    TextLine,
    lay_out,
)
from printers.text import encode

# Chinese two-byte mode off, where clones start; then the printer's code page.
_SINGLE_BYTES: Final = b"\x1c."
_PAGE: Final = b"\x1bt"
_LINE_FEED: Final = b"\n"
_PITCH: Final = b"\x1b3"
_USUAL_PITCH: Final = b"\x1b2"
_FEED: Final = b"\x1bd"
_CUT: Final = b"\x1dV\x00"
# The commands that draw pictures, in the library's words; pieces of its columns would leave gaps.
_DRAWN_BY: Final[dict[ImageStyle, str]] = {
    "raster": "bitImageRaster",
    "graphics": "graphics",
}
_IMPORTING: Final = threading.Lock()

# python-escpos has no types; its printer is used for the handful of calls below.
_Dummy = Any


def write(document: Document, paper: Paper) -> bytes:
    """The bytes that print a document; ValueError when it cannot be put on this paper."""
    printer = _new_printer(paper)
    printer.hw("INIT")
    # .text() of the library would let control bytes through and choose pages of its own.
    printer._raw(_SINGLE_BYTES + _PAGE + bytes((paper.code_page,)))  # noqa: SLF001
    if paper.line_pitch:
        printer._raw(_PITCH + bytes((paper.line_pitch,)))  # noqa: SLF001
    style = TextLine("")
    for line in lay_out(document, paper):
        if isinstance(line, TextLine):
            style = _line(printer, line, style, paper)
        else:
            _place(printer, line, paper)
    return _bytes(printer)


def _line(printer: _Dummy, line: TextLine, style: TextLine, paper: Paper) -> TextLine:
    """Prints a line and returns the style the printer is in afterwards; only what changes is sent."""
    if line.text:
        if line.bold != style.bold:
            printer.set(bold=line.bold)
        if line.big != style.big:
            size = 2 if line.big else 1
            printer.set(custom_size=True, width=size, height=size)
        style = line
    printer._raw(encode(line.text, paper.codec) + _LINE_FEED)  # noqa: SLF001
    return style


def _place(printer: _Dummy, line: Line, paper: Paper) -> None:
    match line:
        case QRLine() if paper.qr == "native" and _native(printer, line, paper):
            pass
        case QRLine():
            _raster(printer, picture.qr_code(line.data, paper.dots, line.module), paper)
        case BarcodeLine():
            _raster(printer, picture.barcode(line.data, paper.dots), paper)
        case ImageLine():
            _raster(printer, picture.logo(line.png, paper.dots), paper)
        case CutLine():
            # The library's own cut feeds six lines, however far the cutter is.
            printer._raw(_FEED + bytes((paper.feed,)) + (_CUT if paper.cutter else b""))  # noqa: SLF001


def _native(printer: _Dummy, line: QRLine, paper: Paper) -> bool:
    """Lets the printer draw the code, unless the data has control bytes, which it might obey."""
    data = line.data
    plain_text = data.isascii() and data.isprintable()
    size = picture.qr_module_size(data, paper.dots, line.module) if plain_text else 0
    if not size:
        return False
    printer.set(align="center")
    printer.qr(data, ec=1, size=size, native=True)  # 1 is level M in the printer's own numbering
    printer.set(align="left")
    return True


def _raster(printer: _Dummy, image: Image.Image, paper: Paper) -> None:
    ready = picture.on_paper(image, paper.dots)
    if paper.image == "column":
        pitch = _PITCH + bytes((paper.line_pitch,)) if paper.line_pitch else _USUAL_PITCH
        # Closer lines than a strip is high: printers then go on right below it.
        printer._raw(_PITCH + b"\x10" + picture.strips(ready) + pitch)  # noqa: SLF001
        return
    printer.image(ready, impl=_DRAWN_BY[paper.image], fragment_height=picture.PIECE)


def _bytes(printer: _Dummy) -> bytes:
    output: bytes = printer.output
    return output


def _new_printer(paper: Paper) -> _Dummy:
    """A fresh printer of python-escpos: it remembers code page and style, so none is used twice."""
    dummy, profile = _library()
    printer = dummy(profile=profile(columns=paper.columns))
    printer.profile.profile_data = {
        "media": {"width": {"pixels": paper.dots}},
        "features": {"paperFullCut": paper.cutter},
        "fonts": {"0": {"columns": paper.columns}},
        "codePages": {"0": "CP437"},
    }
    printer.profile.features = {"paperFullCut": paper.cutter}
    return printer


def _library() -> tuple[Any, Any]:
    with _IMPORTING:
        return _import_library()


@cache
def _import_library() -> tuple[Any, Any]:
    with tidy_import():
        from escpos.capabilities import Profile
        from escpos.printer import Dummy
    return Dummy, Profile
