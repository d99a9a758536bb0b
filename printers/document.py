"""A receipt as data: blocks from top to bottom, kept as JSON beside the print job."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Final, Literal, TypeAlias, get_args

from printers.ean import is_ean13

Align: TypeAlias = Literal["left", "center", "right"]

# Dots a side of a QR code's smallest square. Finer ones do not scan; the usual 0.6 mm of a 203 dpi head any
# phone reads at arm's length; larger ones cost paper, and bytes that a slow line takes seconds for.
SMALLEST_MODULE: Final = 3
USUAL_MODULE: Final = 5
LARGEST_MODULE: Final = 8


@dataclass(frozen=True, slots=True)
class Text:
    """Words that wrap between words; a line feed in them starts a new line."""

    text: str
    align: Align = "left"
    bold: bool = False
    big: bool = False

    def __post_init__(self) -> None:
        if self.align not in get_args(Align):
            raise ValueError(f"align is left, center or right, not {self.align!r}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Words on the left and their amount on the right: the left wraps, the right stays whole."""

    left: str
    right: str
    bold: bool = False
    big: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper, made of one character."""

    char: str = "-"

    def __post_init__(self) -> None:
        if len(self.char) != 1:
            raise ValueError("a rule is made of one character")


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= 30:
            raise ValueError("a feed is 1 to 30 lines")


@dataclass(frozen=True, slots=True)
class QR:
    """A QR code, under its caption if it has one; `module` is the most dots a side of its smallest square."""

    data: str
    caption: str = ""
    module: int = USUAL_MODULE

    def __post_init__(self) -> None:
        if not self.data:
            raise ValueError("a QR code needs data")
        if not SMALLEST_MODULE <= self.module <= LARGEST_MODULE:
            raise ValueError(f"a module has {SMALLEST_MODULE} to {LARGEST_MODULE} dots")


@dataclass(frozen=True, slots=True)
class Barcode:
    """An EAN-13 barcode with its digits below."""

    data: str

    def __post_init__(self) -> None:
        if not is_ean13(self.data):
            raise ValueError("a barcode is 13 digits of which the last checks the others")


@dataclass(frozen=True, slots=True)
class Image:
    """A logo: any picture that Pillow reads; it is made black and white and shrunk to the paper."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of a piece of paper: fed out and cut, or fed to the tear bar."""


Block: TypeAlias = Text | Columns | Rule | Feed | QR | Barcode | Image | Cut

_NAMES: dict[str, type[Block]] = {
    "text": Text,
    "columns": Columns,
    "rule": Rule,
    "feed": Feed,
    "qr": QR,
    "barcode": Barcode,
    "image": Image,
    "cut": Cut,
}
_NAME_OF: dict[type[Block], str] = {block: name for name, block in _NAMES.items()}
_FIELDS: dict[type[Block], tuple[tuple[str, object], ...]] = {
    block: tuple((field.name, field.default) for field in fields(block)) for block in _NAMES.values()
}
# A field means the same in every block that has it.
_TYPES: dict[str, type] = {
    "text": str,
    "align": str,
    "left": str,
    "right": str,
    "char": str,
    "data": str,
    "caption": str,
    "bold": bool,
    "big": bool,
    "lines": int,
    "module": int,
}


_dumps = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that comes out of the printer for one job."""

    blocks: tuple[Block, ...]

    def to_json(self) -> str:
        """The document as one line of plain ASCII JSON, which any database column keeps unharmed."""
        return _dumps({"blocks": [_to_plain(block) for block in self.blocks]})

    @classmethod
    def from_json(cls, text: str) -> "Document":
        """The document that `to_json` wrote; ValueError for anything else."""
        try:
            plain = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"not JSON: {error}") from error
        if not isinstance(plain, dict) or set(plain) != {"blocks"} or not isinstance(plain["blocks"], list):
            raise ValueError("a document is an object with a list of blocks")
        return cls(tuple(_from_plain(item) for item in plain["blocks"]))


def _to_plain(block: Block) -> dict[str, object]:
    plain: dict[str, object] = {"type": _NAME_OF[type(block)]}
    for name, default in _FIELDS[type(block)]:
        value: object = getattr(block, name)
        if default is MISSING or value != default:
            plain[name] = base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
    return plain


def _from_plain(item: object) -> Block:
    if not isinstance(item, dict):
        raise ValueError("a block is an object")  # noqa: TRY004 - one kind of error for a bad document
    values = dict(item)
    name = values.pop("type", None)
    block = _NAMES.get(name) if isinstance(name, str) else None
    if block is None:
        raise ValueError(f"there is no block named {name!r}")
    known = {field.name for field in fields(block)}
    needed = {field.name for field in fields(block) if field.default is MISSING}
    if not needed <= set(values) <= known:
        raise ValueError(f"a {name} block has the fields {sorted(known)}")
    make: Callable[..., Block] = block
    return make(**{key: _value(key, value) for key, value in values.items()})


def _value(key: str, value: object) -> object:
    if key == "png":
        if not isinstance(value, str):
            raise ValueError("a picture is base64 text")
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise ValueError(f"a picture is base64 text: {error}") from error
    if type(value) is not _TYPES[key]:
        raise ValueError(f"{key} is {_TYPES[key].__name__}, not {value!r}")
    return value
