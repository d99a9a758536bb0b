"""Checking a printed QRIS sign against the shop's merchant: every look is kept in the office's book."""

from datetime import datetime

from pos.domain.qris import Malformed, parse
from pos.domain.qris.compare import SignCheck, compare
from pos.domain.rights import Right
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, lock_office
from pos.queries.shop import shop

KIND = "sign_checked"
NOTE = "sign_check"
MAX_SCAN = 600
MAX_PLACE = 60


def check_sign(scanned: str, place: str, actor: Actor, at: datetime, request: Request) -> SignCheck:
    """Compare what was read from a sign with the merchant of the shop, and write down who found what.

    Raises merchant_not_set, validation_error, Replayed.
    """
    actor.need(Right.CONFIRM_QRIS)
    book = lock_office(request)
    text = "".join(char for char in scanned if char.isprintable()).strip()
    if not text:
        raise ValidationError(FieldError("scanned", N_("Scan the sign, or paste its text.")))
    for field, value, most in (("scanned", text, MAX_SCAN), ("place", place, MAX_PLACE)):
        if len(value) > most:
            raise ValidationError(FieldError(field, N_("This text is too long.")))
    merchant = shop().merchant_qris
    if not merchant:
        raise PosError(
            "merchant_not_set", N_("The shop's merchant QRIS is not set, so nothing can be compared.")
        )
    found = compare(merchant, text)
    act = Act(book, KIND, actor, at, request)
    act.note(
        NOTE,
        {
            "outcome": found.outcome,
            "place": place,
            "payload": found.payload,
            "differs": ", ".join(row.name for row in found.differs),
            "our_nmid": parse(merchant).nmid or "",
        },
    )
    act.finish()
    return found


def seen_again(merchant: str, payload: str) -> SignCheck | None:
    """Compare an earlier check's text with the merchant of now; None when there is no merchant to compare."""
    try:
        return compare(merchant, payload)
    except Malformed:
        return None
