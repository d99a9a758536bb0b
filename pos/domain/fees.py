"""What a provider is likely to keep of a QRIS payment (MDR): an estimate; the settlement file is the truth.

The merchant bears it. It is never put on a bill or into a code: the law forbids to charge the buyer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MAX_RATE_BP = 1_000

CRITERIA = ("UMI", "UKE", "UME", "UBE", "URE", "PSO", "BLU", "EDU", "BBM", "DON")
"""Who pays which rate: the size classes in a merchant's QRIS (micro, small, medium, large, regular, public
service obligation, public service agency), and three kinds of merchants with rates of their own: education,
fuel stations, donations and social aid.
"""


@dataclass(frozen=True, slots=True)
class FeeRate:
    """A rate that holds from a date on for payments above an amount, in basis points of the whole payment."""

    criteria: str
    from_on: date
    above: int
    rate_bp: int


def rate(rates: Iterable[FeeRate], criteria: str, on: date, amount: int) -> FeeRate | None:
    """Return the rate of a payment: of the newest date that has begun, the one for the next lower amount."""
    begun = [one for one in rates if one.criteria == criteria and one.from_on <= on]
    if not begun:
        return None
    newest = max(one.from_on for one in begun)
    return max(
        (one for one in begun if one.from_on == newest and one.above < amount),
        key=lambda one: one.above,
        default=None,
    )


def fee(amount: int, rate_bp: int) -> int:
    """Return a rate of an amount in rupiah, rounded half up."""
    return (amount * rate_bp + 5_000) // 10_000


def estimate(rates: Iterable[FeeRate], criteria: str, on: date, amount: int) -> int | None:
    """Return what is likely kept of a payment; None when no rate is known."""
    found = rate(rates, criteria, on, amount)
    return None if found is None else fee(amount, found.rate_bp)


def hundredths(basis_points: int) -> str:
    """Write basis points as a number of percent: 1250 becomes `12.5`."""
    return f"{basis_points // 100}.{basis_points % 100:02d}".rstrip("0").rstrip(".")
