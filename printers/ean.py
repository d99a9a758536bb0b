"""EAN-13: its check digit and its bars."""

from typing import Final

# Left odd, left even and right codes of each digit; the first digit chooses which of the left ones are even.
_ODD: Final = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
_RIGHT: Final = ["".join("10"[int(bit)] for bit in code) for code in _ODD]
_EVEN: Final = [code[::-1] for code in _RIGHT]
_PARITY: Final = (
    *("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE"),
    *("OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"),
)

MODULES: Final = 95
QUIET_LEFT: Final = 11
QUIET_RIGHT: Final = 7


def is_ean13(text: str) -> bool:
    """Whether the text is 13 digits whose last is the check digit of the others."""
    if len(text) != 13 or not (text.isascii() and text.isdigit()):
        return False
    return check_digit(text[:12]) == text[12]


def check_digit(first: str) -> str:
    """The thirteenth digit to these twelve."""
    weighted = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(first))
    return str((10 - weighted % 10) % 10)


def bars(digits: str) -> str:
    """The 95 modules of a barcode, `1` for a bar and `0` for a space."""
    parity = _PARITY[int(digits[0])]
    left = "".join(
        (_ODD if kind == "O" else _EVEN)[int(digit)] for kind, digit in zip(parity, digits[1:7], strict=True)
    )
    right = "".join(_RIGHT[int(digit)] for digit in digits[7:])
    return f"101{left}01010{right}101"


def digits(modules: str) -> str | None:
    """The digits whose bars these modules are, or None."""
    left = [modules[at : at + 7] for at in range(3, 45, 7)]
    right = [modules[at : at + 7] for at in range(50, 92, 7)]
    try:
        first = _PARITY.index("".join("O" if code in _ODD else "E" for code in left))
        found = [_ODD.index(code) if code in _ODD else _EVEN.index(code) for code in left]
        found += [_RIGHT.index(code) for code in right]
    except ValueError:
        return None
    text = "".join(map(str, (first, *found)))
    return text if is_ean13(text) and bars(text) == modules else None
