"""Reads answers of SNAP about one attempt. What is not said beyond doubt is never money."""

import logging
from dataclasses import dataclass
from datetime import datetime

from pos.errors import N_
from pos.payments.base import Answer, Attempt, Code, Money, Refunded, Refused, Unreachable
from pos.payments.reading import checked_payload, instant_of, rupiah_of, text_of, within
from pos.payments.snap_call import SnapAnswer
from pos.payments.snap_profiles import Profile

log = logging.getLogger(__name__)

QR_SERVICE = "47"
"""The service that makes codes; questions name it as what they are about."""

OTHER_PAYMENT = N_("The provider answered about another payment.")
OTHER_MERCHANT = N_("The provider says it was paid to another merchant.")
OTHER_CURRENCY = N_("The provider says it was paid in another currency than rupiah.")
NO_AMOUNT = N_("The provider says it was paid, but not how much in whole rupiah.")
UNKNOWN_STATE = N_("The provider gave a state that we do not know.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads by a profile, for one merchant; `merchant_id` may be empty."""

    profile: Profile
    merchant_id: str

    def code(self, answer: SnapAnswer, attempt: Attempt) -> Code:
        """Return the code that was made. Raises Refused when it isn't the one we asked for."""
        data = answer.data
        if (named := text_of(data, "partnerReferenceNo")) and named != attempt.our_reference:
            raise Refused(f"the provider made a code for {named}, we asked for {attempt.our_reference}")
        payload = checked_payload(data.get("qrContent"), attempt.amount)
        return Code(payload, text_of(data, "referenceNo") or None, _ends(answer, attempt))

    def found(self, answer: SnapAnswer, attempt: Attempt) -> Code | None:
        """Return the code that an answer to a question holds, None when it holds none of use."""
        data = answer.data
        content = data.get("qrContent") or within(data, "additionalInfo").get("qrContent")
        if not content or self._doubt(answer, attempt):
            return None
        reference = text_of(data, "originalReferenceNo", "referenceNo") or None
        return Code(checked_payload(content, attempt.amount), reference, _ends(answer, attempt))

    def state(self, answer: SnapAnswer, attempt: Attempt) -> Answer:
        """Say how an attempt stands by the answer to a question about it. Raises Unreachable or Refused."""
        if answer.status == 202:
            return Answer("waiting")
        if answer.status == 404 and answer.case == "01":
            return Answer("not_found")
        if answer.status == 403 and answer.case == "00":
            return Answer("expired")
        if answer.status in (401, 409):
            # Wrong keys and numbers used twice are our trouble; the buyer may have paid all the same.
            raise Unreachable(answer.words)
        if answer.status >= 400:
            raise Refused(answer.words)
        if doubt := self._doubt(answer, attempt):
            return _doubtful(doubt, answer, attempt)
        said = self.profile.asked.get(text_of(answer.data, "latestTransactionStatus"))
        if answer.code != "2005100" or said is None:
            return _doubtful(UNKNOWN_STATE, answer, attempt)
        if said == "refunded":
            log.warning("%s: was paid and given back, says the provider", attempt.our_reference)
            return Answer("failed")
        return self._paid(answer, attempt) if said == "paid" else Answer(said)

    def _doubt(self, answer: SnapAnswer, attempt: Attempt) -> str:
        data = answer.data
        named = data.get("originalPartnerReferenceNo", attempt.our_reference)
        if named not in (attempt.our_reference, "", None):
            return OTHER_PAYMENT
        merchant = data.get("merchantId") or within(data, "additionalInfo").get("merchantId")
        if self.merchant_id and merchant and str(merchant) != self.merchant_id:
            return OTHER_MERCHANT
        return ""

    def _paid(self, answer: SnapAnswer, attempt: Attempt) -> Answer:
        data = answer.data
        amount = next((within(data, name) for name in self.profile.amount_fields if within(data, name)), {})
        rupiah = rupiah_of(amount.get("value"))
        if amount and amount.get("currency") != "IDR":
            return _doubtful(OTHER_CURRENCY, answer, attempt)
        if rupiah is None:
            return _doubtful(NO_AMOUNT, answer, attempt)
        extra = within(data, "additionalInfo")
        number = (
            text_of(extra, "rrn", "RRN", "retrievalReferenceNumber")
            or text_of(data, "originalReferenceNo", "referenceNo")
            or attempt.their_reference
            or attempt.our_reference
        )
        issuer = text_of(extra, "issuer", "issuerName", longest=60)
        return Answer("paid", (Money(number, rupiah, instant_of(data.get("paidTime")), issuer),))

    def refund(self, answer: SnapAnswer, number: str) -> Refunded | None:
        """Say how the refund with our `number` stands by an answer to a question, None if it isn't listed."""
        history = answer.data.get("refundHistory") or within(answer.data, "additionalInfo").get(
            "refundHistory"
        )
        for entry in history if isinstance(history, list) else ():
            if isinstance(entry, dict) and number in (
                entry.get("partnerRefundNo"),
                entry.get("partnerReferenceNo"),
            ):
                status = text_of(entry, "refundStatus")
                theirs = text_of(entry, "refundNo")
                if status == "00":
                    return Refunded("done", theirs)
                if status == "06":
                    return Refunded("refused", theirs, text_of(entry, "reason", longest=200) or "06")
                return Refunded("waiting", theirs)
        return None


def _ends(answer: SnapAnswer, attempt: Attempt) -> datetime | None:
    """Return when the code ends if the provider says so, and later than it was asked for."""
    said = answer.data.get("validityPeriod")
    extra = within(answer.data, "additionalInfo")
    ends = instant_of(said or extra.get("validUpTo") or extra.get("expiredAt"))
    return ends if ends is not None and ends > attempt.created_at else None


def _doubtful(doubt: str, answer: SnapAnswer, attempt: Attempt) -> Answer:
    log.warning(
        "%s: %s %s, status %r",
        attempt.our_reference,
        doubt,
        answer.words,
        text_of(answer.data, "latestTransactionStatus"),
    )
    return Answer("waiting", doubt=doubt)
