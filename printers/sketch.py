"""Laid-out lines as a picture: every character in its cell of 12 by 24 dots, as the print head sets them."""

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

from printers import picture
from printers.layout import (
    BarcodeLine,
    CutLine,
    ImageLine,
    Line,
    Printed,
    PulseLine,
    QRLine,
    RasterLine,
    TextLine,
)

CELL_WIDTH: Final = 12
CELL_HEIGHT: Final = 24
_LEADING: Final = 6  # a printer's line is 30 dots high
_MARGIN: Final = 16
_CUT_HEIGHT: Final = 12
_WHITE: Final = 255
_FONT_SIZE: Final = 20
_BASELINE: Final = 18
_INK: Final = 150


def draw(lines: Sequence[Printed], dots: int) -> bytes:
    """The lines as a black and white PNG as wide as a print head of so many dots."""
    strips = [_strip(line, dots) for line in lines if not isinstance(line, PulseLine)]
    height = sum(strip.height for strip in strips) + 2 * _MARGIN
    sheet = Image.new("L", (dots, height), _WHITE)
    top = _MARGIN
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    out = io.BytesIO()
    sheet.convert("1", dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _strip(line: Line | RasterLine, dots: int) -> Image.Image:
    match line:
        case TextLine():
            return _text(line, dots)
        case QRLine():
            return picture.on_paper(picture.qr_code(line.data, dots, line.module), dots)
        case BarcodeLine():
            return picture.on_paper(picture.barcode(line.data, dots), dots)
        case ImageLine():
            return picture.on_paper(picture.logo(line.png, dots), dots)
        case RasterLine():
            return line.image
        case CutLine():
            return _cut(dots)


def _text(line: TextLine, dots: int) -> Image.Image:
    scale = 2 if line.big and line.text else 1
    strip = Image.new("L", (dots, CELL_HEIGHT * scale + _LEADING), _WHITE)
    for column, char in enumerate(line.text):
        if char == " ":
            continue
        glyph = _glyph(char, bold=line.bold)
        if scale == 2:
            glyph = glyph.resize((CELL_WIDTH * 2, CELL_HEIGHT * 2), Image.Resampling.NEAREST)
        strip.paste(glyph, (column * CELL_WIDTH * scale, _LEADING // 2))
    return strip


def _cut(dots: int) -> Image.Image:
    strip = Image.new("L", (dots, _CUT_HEIGHT), _WHITE)
    pen = ImageDraw.Draw(strip)
    for left in range(0, dots, 16):
        pen.line((left, _CUT_HEIGHT // 2, left + 7, _CUT_HEIGHT // 2), fill=0)
    return strip


@lru_cache(maxsize=512)
def _glyph(char: str, *, bold: bool) -> Image.Image:
    """A character that fits its cell exactly, drawn with Pillow's own fonts: no font file is needed."""
    cell = _outlined(char) if char.isascii() else _dotted(char)
    if bold:
        cell = ImageChops.darker(cell, ImageChops.offset(cell, 1, 0))
    return cell


def _outlined(char: str) -> Image.Image:
    """An ASCII character of the proportional font, centred in its cell, narrowed if it is too wide."""
    sharp = 4
    wide = Image.new("L", (CELL_HEIGHT * 2 * sharp, CELL_HEIGHT * sharp), _WHITE)
    font = ImageFont.load_default(size=_FONT_SIZE * sharp)
    foot = (CELL_HEIGHT * sharp, _BASELINE * sharp)
    ImageDraw.Draw(wide).text(foot, char, font=font, fill=0, anchor="ms")
    cell = Image.new("L", (CELL_WIDTH, CELL_HEIGHT), _WHITE)
    box = ImageChops.invert(wide).getbbox()
    if box is not None:
        width = min(max(round((box[2] - box[0]) / sharp), 1), CELL_WIDTH - 1)
        ink = wide.crop((box[0], 0, box[2], wide.height))
        ink = ink.resize((width, CELL_HEIGHT), Image.Resampling.LANCZOS)
        black = ink.point([0 if level < _INK else _WHITE for level in range(256)])
        cell.paste(black, ((CELL_WIDTH - width) // 2, 0))
    return cell


def _dotted(char: str) -> Image.Image:
    """An accented character, which only the bitmap font has, at twice its size."""
    # A glyph reaches one dot to the left of where it is drawn, so it is drawn behind a space and cut out.
    small = Image.new("L", (20, 11), _WHITE)
    pen = ImageDraw.Draw(small)
    pen.fontmode = "1"
    pen.text((0, 0), " " + char, font=ImageFont.load_default_imagefont(), fill=0)
    glyph = small.crop((5, 0, 12, 11)).resize((14, 22), Image.Resampling.NEAREST)
    cell = Image.new("L", (CELL_WIDTH, CELL_HEIGHT), _WHITE)
    cell.paste(glyph, (-1, 0))
    return cell
