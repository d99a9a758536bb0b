"""Rupiah as whole numbers, and the only two ways they are written."""

MAX_AMOUNT: int = 10**12
"""The largest amount any row or request may carry; far above a shop's year, far below a 64-bit integer."""

_NO_BREAK_SPACE = "\u00a0"


def dotted(amount: int) -> str:
    """Write an amount for paper: 12500 becomes `12.500`, a negative one starts with a hyphen."""
    return f"{amount:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """Write an amount for screens: 12500 becomes `Rp 12.500`, its space one that never breaks a line."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{_NO_BREAK_SPACE}{dotted(abs(amount))}"
