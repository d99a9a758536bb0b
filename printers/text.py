"""Text made safe for paper: only what the printer's code page shows, and nothing it would obey."""

import unicodedata
from functools import lru_cache
from typing import Final

from printers.nearest import NEAREST

PAGE: Final = "cp437"  # the page that every printer has
# The Greek letters, signs and boxes of the page are left out: clones disagree on them.
_LAST: Final = "\xff"

_UNKNOWN: Final = "?"


def safe(text: str, codec: str = PAGE) -> str:
    """One line of text that a printer shows and cannot take for a command.

    Control, formatting and bidirectional characters are dropped, line ends and tabs become a space,
    characters missing from the code page are written with the nearest ones, and what has no likeness
    becomes `?`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char, codec) for char in unicodedata.normalize("NFC", text))


def encode(text: str, codec: str = PAGE) -> bytes:
    """The bytes of text that `safe` made for the same page."""
    return text.encode(codec)


@lru_cache(maxsize=2048)
def _shown(char: str, codec: str) -> str:
    if " " <= char <= "~":
        return char
    if char in "\t\n\v\f\r\x85" or unicodedata.category(char) in {"Zs", "Zl", "Zp"}:
        return " "
    if unicodedata.category(char) in {"Cc", "Cf", "Mn", "Me", "Mc"}:
        # A mark that stands alone here belonged to a letter that has been shown without it.
        return ""
    if near := _nearest(char, codec):
        return near
    if _on_page(char, codec):
        return char
    return _decomposed(char, codec) or _UNKNOWN


def _decomposed(char: str, codec: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    if parts == char:
        return ""
    shown = [_nearest(part, codec) or (part if _on_page(part, codec) else "") for part in parts]
    # Marks that stand alone decompose to a space with the marks on it.
    return "".join(shown).strip()


def _nearest(char: str, codec: str) -> str:
    """Near characters, if this page has them; the table was made for the first page."""
    near = NEAREST.get(char, "")
    return near if all(_on_page(each, codec) for each in near) else ""


def _on_page(char: str, codec: str) -> bool:
    if char > _LAST:
        return False
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 1 and encoded[0] >= 0x20 and encoded[0] != 0x7F


def wrap(text: str, width: int) -> list[str]:
    """Safe text in lines of at most `width` characters, broken between words.

    A word that is longer than a line is broken anywhere. The indentation of the first line is kept on the
    others. Empty text is one empty line.
    """
    stripped = text.lstrip(" ")
    indent = text[: len(text) - len(stripped)]
    if len(indent) > width // 2:
        indent = ""
    room = width - len(indent)
    lines: list[str] = []
    line = ""
    for word in stripped.split(" "):
        if line and len(line) + 1 + len(word) <= room:
            line += " " + word
            continue
        if line.strip(" "):
            lines.append(line)
        line = word
        while len(line) > room:
            lines.append(line[:room])
            line = line[room:]
    if line or not lines:
        lines.append(line)
    return [(indent + each).rstrip(" ") for each in lines]
