"""What a QR code or an EAN-13 says, read from the exact dots that this package draws.

There is no camera between the dots and the reader, so nothing is searched, straightened or corrected: a
picture is a code module by module, or it is none.
"""

from collections.abc import Iterator
from typing import Final, Literal

from PIL import Image, ImageChops
from qrcode import util
from qrcode.base import rs_blocks
from qrcode.main import QRCode

from printers import ean

_FINDER: Final = 7  # modules a side of the square in a QR code's corner
_FORMAT_BITS: Final = (
    *((8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8)),
    *((7, 8), (5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 8)),
)
_ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

Matrix = list[list[bool]]


class _NoCode(Exception):
    """The picture is no code of a kind that is drawn here."""


def code_in(picture: Image.Image) -> str | None:
    """The data of the one code that the picture is, or None when it is something else."""
    black = ImageChops.invert(picture.convert("L"))
    box = black.getbbox()
    if box is None:
        return None
    dots = black.crop(box)
    digits = _ean13(dots)
    if digits is not None:
        return digits
    try:
        return _text(_codewords(_matrix(dots)))
    except _NoCode:
        return None


def _ean13(dots: Image.Image) -> str | None:
    module, rest = divmod(dots.width, ean.MODULES)
    if rest or dots.resize((dots.width, 1), Image.Resampling.NEAREST).resize(dots.size) != dots:
        return None
    row = dots.crop((0, 0, dots.width, 1))
    modules = row.resize((ean.MODULES, 1), Image.Resampling.NEAREST)
    if modules.resize(row.size, Image.Resampling.NEAREST) != row or not module:
        return None
    return ean.digits("".join("1" if modules.getpixel((at, 0)) else "0" for at in range(ean.MODULES)))


def _matrix(dots: Image.Image) -> Matrix:
    """The modules of a square picture that is made of nothing but whole modules."""
    run = next((at for at in range(dots.width) if not dots.getpixel((at, 0))), 0)
    module = run // _FINDER
    if dots.width != dots.height or not module or dots.width % module:
        raise _NoCode
    count = dots.width // module
    if count not in range(21, 178, 4):
        raise _NoCode
    small = dots.resize((count, count), Image.Resampling.NEAREST)
    if small.resize(dots.size, Image.Resampling.NEAREST) != dots:
        raise _NoCode
    return [[bool(small.getpixel((column, row))) for column in range(count)] for row in range(count)]


def _codewords(matrix: Matrix) -> "_Bits":
    """The data of the code, in order and without its error correction: nothing has been damaged."""
    count = len(matrix)
    version = (count - 17) // 4
    level, mask = _format(matrix)
    blank = _fixed_parts(version, level, mask)
    if any(
        part is not None and part != module
        for parts, modules in zip(blank, matrix, strict=True)
        for part, module in zip(parts, modules, strict=True)
    ):
        raise _NoCode
    turned = util.mask_func(mask)
    bits = [matrix[row][column] != turned(row, column) for row, column in _path(blank)]
    words = [sum(bit << (7 - at) for at, bit in enumerate(bits[n : n + 8])) for n in range(0, len(bits), 8)]
    blocks = rs_blocks(version, level)
    taken = iter(words)
    parts: list[list[int]] = [[] for _ in blocks]
    for at in range(max(block.data_count for block in blocks)):
        for part, block in zip(parts, blocks, strict=True):
            if at < block.data_count:
                part.append(next(taken))
    return _Bits([word for part in parts for word in part], version)


def _format(matrix: Matrix) -> tuple[int, int]:
    """Error correction level and mask, which stand beside the first finder."""
    found = 0
    for row, column in _FORMAT_BITS:
        found = found << 1 | matrix[row][column]
    for known in range(32):
        if util.BCH_type_info(known) == found:
            return known >> 3, known & 7
    raise _NoCode


def _fixed_parts(version: int, level: int, mask: int) -> list[list[bool | None]]:
    """The modules that every code of this kind has in common; None where data stands."""
    code = QRCode(version=version, error_correction=level, mask_pattern=mask)
    count = code.modules_count = version * 4 + 17
    code.modules = [[None] * count for _ in range(count)]
    for row, column in ((0, 0), (count - _FINDER, 0), (0, count - _FINDER)):
        code.setup_position_probe_pattern(row, column)
    code.setup_position_adjust_pattern()
    code.setup_timing_pattern()
    code.setup_type_info(test=False, mask_pattern=mask)
    if version >= 7:
        code.setup_type_number(test=False)
    return code.modules


def _path(blank: list[list[bool | None]]) -> Iterator[tuple[int, int]]:
    """The places of the data's bits: in pairs of columns from the right, up and down by turns."""
    count = len(blank)
    upwards = True
    for right in (*range(count - 1, 6, -2), 5, 3, 1):
        rows = range(count - 1, -1, -1) if upwards else range(count)
        yield from (
            (row, column) for row in rows for column in (right, right - 1) if blank[row][column] is None
        )
        upwards = not upwards


class _Bits:
    """The data's bits, taken a few at a time."""

    def __init__(self, words: list[int], version: int) -> None:
        self.version = version
        self.left = len(words) * 8
        self._value = int.from_bytes(bytes(words), "big")

    def take(self, count: int) -> int:
        """The next bits as a number."""
        if count > self.left:
            raise _NoCode
        self.left -= count
        return self._value >> self.left & (1 << count) - 1

    def characters(self, mode: Literal[1, 2, 4]) -> int:
        """How many characters of this mode follow."""
        return self.take(util.length_in_bits(mode, self.version))


def _text(bits: _Bits) -> str:
    data = b""
    while bits.left >= 4 and (mode := bits.take(4)):
        if mode == util.MODE_NUMBER:
            data += _digits(bits)
        elif mode == util.MODE_ALPHA_NUM:
            data += _alphanumeric(bits)
        elif mode == util.MODE_8BIT_BYTE:
            data += bytes(bits.take(8) for _ in range(bits.characters(4)))
        else:
            raise _NoCode
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _NoCode from None


def _digits(bits: _Bits) -> bytes:
    left = bits.characters(1)
    text = ""
    while left:
        group = min(left, 3)
        text += f"{bits.take({1: 4, 2: 7, 3: 10}[group]):0{group}d}"
        left -= group
    return text.encode()


def _alphanumeric(bits: _Bits) -> bytes:
    left = bits.characters(2)
    text = ""
    while left:
        value = bits.take(11 if left > 1 else 6)
        pair = divmod(value, len(_ALPHANUMERIC)) if left > 1 else (value,)
        if max(pair) >= len(_ALPHANUMERIC):
            raise _NoCode
        text += "".join(_ALPHANUMERIC[each] for each in pair)
        left -= len(pair)
    return text.encode()
