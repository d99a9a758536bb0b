"""Pictures for paper: QR codes, barcodes and logos, black and white, centred by their own padding."""

import io
from functools import lru_cache
from typing import Final, Literal

import qrcode
from PIL import Image, ImageChops
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from printers import ean
from printers.document import SMALLEST_MODULE, USUAL_MODULE

QUIET_ZONE: Final = 4
_BAR_HEIGHT: Final = 76
_THRESHOLD: Final = 160
_LARGEST_LOGO: Final = 4000  # pixels a side, before shrinking
_WHITE: Final = 255
# Long pictures go to the printer in pieces of so many rows: some printers take one that is too tall for text.
PIECE: Final = 100
# Heights that some 58 mm printers read wrongly.
_BAD_HEIGHTS: Final = (48, 96)
_STRIP: Final = 24


class UnprintableError(ValueError):
    """The document cannot be put on the paper."""


@lru_cache(maxsize=32)
def qr_code(data: str, dots: int, largest: int = USUAL_MODULE) -> Image.Image:
    """A QR code with its quiet zone, as large as is useful on paper of so many dots."""
    for correction in (ERROR_CORRECT_M, ERROR_CORRECT_L):
        matrix = qr_matrix(data, correction)
        module = module_size(len(matrix) - 2 * QUIET_ZONE, dots, largest) if matrix else 0
        if matrix and module:
            image = Image.new("L", (len(matrix), len(matrix)), _WHITE)
            image.putdata([0 if black else _WHITE for row in matrix for black in row])
            size = len(matrix) * module
            return image.resize((size, size), Image.Resampling.NEAREST)
    raise UnprintableError(f"a QR code of {len(data.encode())} bytes does not fit on {dots} dots")


def qr_matrix(data: str, correction: Literal[0, 1] = ERROR_CORRECT_M) -> list[list[bool]] | None:
    """The modules of a QR code with its quiet zone; None when the data is too long for any."""
    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=correction)
    try:
        code.add_data(data.encode())
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return None
    return [[bool(module) for module in row] for row in code.get_matrix()]


def module_size(modules: int, dots: int, largest: int = USUAL_MODULE) -> int:
    """Dots a side of one module, or 0 when the code would be too fine to scan."""
    size = min(dots // (modules + 2 * QUIET_ZONE), largest)
    return size if size >= SMALLEST_MODULE else 0


def qr_module_size(data: str, dots: int, largest: int = USUAL_MODULE) -> int:
    """The module size for a printer that draws the code itself, at error correction M; 0 if none fits."""
    matrix = qr_matrix(data)
    return module_size(len(matrix) - 2 * QUIET_ZONE, dots, largest) if matrix else 0


def barcode(digits: str, dots: int) -> Image.Image:
    """The bars of an EAN-13 with their quiet zones."""
    pattern = "0" * ean.QUIET_LEFT + ean.bars(digits) + "0" * ean.QUIET_RIGHT
    module = min(dots // len(pattern), 4)
    if module < 2:
        raise UnprintableError(f"a barcode does not fit on {dots} dots")
    image = Image.new("L", (len(pattern), 1), _WHITE)
    image.putdata([0 if bar == "1" else _WHITE for bar in pattern])
    return image.resize((len(pattern) * module, _BAR_HEIGHT), Image.Resampling.NEAREST)


@lru_cache(maxsize=8)
def logo(png: bytes, dots: int) -> Image.Image:
    """A picture shrunk to the paper, black and white by a threshold: dither turns lettering to dust."""
    try:
        with Image.open(io.BytesIO(png)) as opened:
            if max(opened.size) > _LARGEST_LOGO:
                raise UnprintableError(f"a picture has at most {_LARGEST_LOGO} pixels a side")
            picture = opened.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnprintableError(f"not a picture: {error}") from error
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    grey = paper.convert("L")
    if grey.width > dots:
        height = max(1, grey.height * dots // grey.width)
        grey = grey.resize((dots, height), Image.Resampling.LANCZOS)
    return grey.point([0 if level < _THRESHOLD else _WHITE for level in range(256)])


def centred(image: Image.Image, dots: int) -> Image.Image:
    """The image with white on its left, so that it stands in the middle of the paper, in whole bytes.

    The printer's own centring is not used: clones ignore it for pictures.
    """
    left = (dots - image.width) // 2
    width = min(-(-(left + image.width) // 8) * 8, dots)
    canvas = Image.new("L", (width, image.height), _WHITE)
    canvas.paste(image, (left, 0))
    return canvas


def on_paper(image: Image.Image, dots: int) -> Image.Image:
    """The picture exactly as a printer of so many dots gets it: centred, harmless, of a height it can read.

    Its last piece is always shorter than the others, so that whoever reads the bytes knows where it ends.
    """
    ready = _harmless(centred(image, dots))
    if ready.height % PIECE in {0, *_BAD_HEIGHTS}:
        taller = Image.new("1", (ready.width, ready.height + 8), _WHITE)
        taller.paste(ready, (0, 0))
        return taller
    return ready


def strips(image: Image.Image) -> bytes:
    """The picture column by column, in strips of 24 rows, each with its command and its line feed."""
    rows = -(-image.height // _STRIP) * _STRIP
    sheet = Image.new("1", (image.width, rows), _WHITE)
    sheet.paste(image, (0, 0))
    head = b"\x1b*\x21" + image.width.to_bytes(2, "little")
    data = b""
    for top in range(0, rows, _STRIP):
        strip = sheet.crop((0, top, image.width, top + _STRIP)).transpose(Image.Transpose.TRANSPOSE)
        data += head + _defused(ImageChops.invert(strip).tobytes()) + b"\n"
    return data


def _harmless(image: Image.Image) -> Image.Image:
    """The picture in black and white, without bytes that a printer obeys even inside pictures."""
    black = ImageChops.invert(image).convert("1", dither=Image.Dither.NONE).tobytes()
    return ImageChops.invert(Image.frombytes("1", image.size, _defused(black)))


def _defused(dots: bytes) -> bytes:
    """DLE EOT, DLE ENQ and DLE DC4 ask, clear and pulse the drawer in real time: they lose a dot or two."""
    safe = bytearray(dots)
    for at in range(len(safe) - 1):
        if safe[at] == 0x10 and safe[at + 1] in {0x04, 0x05, 0x14}:
            safe[at + 1] = 0
    return bytes(safe)
