"""EAN-13: the check digit, the test, and numbers of the range a shop may give out itself."""

_WEIGHTS = (1, 3) * 6


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def ean13_check_digit(first12: str) -> str:
    """Give the thirteenth digit for the twelve before it."""
    if not _digits(first12, 12):
        raise ValueError("an EAN-13 has twelve digits before its check digit")
    total = sum(int(digit) * weight for digit, weight in zip(first12, _WEIGHTS, strict=True))
    return str(-total % 10)


def is_ean13(text: str) -> bool:
    """Say whether a text is thirteen digits of which the last is right."""
    return _digits(text, 13) and ean13_check_digit(text[:12]) == text[12]


def in_store(serial: int, prefix: int = 20) -> str:
    """Make an EAN-13 for goods without one; prefixes 20 to 29 are set aside for use inside a shop."""
    if not (20 <= prefix <= 29 and 0 <= serial < 10**10):
        raise ValueError("an in-store EAN-13 has a prefix of 20 to 29 and a serial of ten digits")
    first12 = f"{prefix}{serial:010d}"
    return first12 + ean13_check_digit(first12)
