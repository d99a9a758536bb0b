"""The merchant's own static QRIS with the amount put in. Nobody calls back: a person confirms by hand.

Only the amount is locked into the code; expiry exists here alone, so a code can be paid after we gave it up
(qris.md 1.6).
"""

from pos.domain.qris import MAX_QRIS, Malformed, to_dynamic
from pos.errors import N_, FieldError, PosError, ValidationError

NAME = "static"


def create(merchant_qris: str, amount: int) -> str:
    """Return the payload of a code for `amount` rupiah.

    Raises validation_error above Rp 10.000.000 (PADG 24/1/PADG/2022) and provider_unavailable without a
    usable merchant code.
    """
    refuse_more(amount)
    if not merchant_qris:
        raise PosError(
            "provider_unavailable",
            N_("The shop's QRIS is not set up yet. Enter it in the back office, or take cash."),
        )
    try:
        return to_dynamic(merchant_qris, amount)
    except (Malformed, ValueError) as error:
        raise PosError(
            "provider_unavailable",
            N_("The shop's QRIS can't be used. Check it in the back office, or take cash."),
        ) from error


def refuse_more(amount: int) -> None:
    """Raise validation_error above what one QRIS payment may be, whoever makes the code."""
    if amount > MAX_QRIS:
        raise ValidationError(
            FieldError(
                "tenders", N_("One QRIS payment can't be above Rp 10.000.000. Split it, or take cash.")
            )
        )
