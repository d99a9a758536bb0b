"""Midtrans' Core API: QRIS through GoPay, with Basic authorisation and states of its own."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

from pos.payments.base import (
    Answer,
    Attempt,
    BadNotice,
    Code,
    Money,
    Notice,
    Refunded,
    Refunding,
    Refused,
    Reply,
    State,
    Unreachable,
)
from pos.payments.http import HttpClient, Patience
from pos.payments.reading import (
    WIB,
    Json,
    NotReadable,
    checked_payload,
    instant_of,
    read_json,
    rupiah_of,
    text_of,
    within,
)
from pos.payments.snap_read import NO_AMOUNT, OTHER_CURRENCY, OTHER_PAYMENT, UNKNOWN_STATE
from pos.settings import MidtransSettings, SettingsError, is_loopback

log = logging.getLogger(__name__)

_MAX_NOTICE = 64 * 1024
_STATES: Mapping[str, State] = {
    "pending": "waiting",
    "settlement": "paid",
    # The money came; what was given back of it is another matter, and all of it leaves nothing to sell for.
    "partial_refund": "paid",
    "refund": "failed",
    "expire": "expired",
    "cancel": "cancelled",
    "deny": "failed",
    "failure": "failed",
}
_TAKEN = Reply(200, {"status": "ok"})
_NOT_SIGNED = Reply(401, {"status": "wrong signature"})
_NOT_READABLE = Reply(400, {"status": "not readable"})


class Midtrans:
    """The provider that the settings under `qris.midtrans` describe. Raises SettingsError."""

    name = "midtrans"
    refunds = True

    def __init__(
        self,
        settings: MidtransSettings,
        *,
        patience: Patience | None = None,
    ) -> None:
        here = is_loopback(settings.base_url)
        if not (settings.server_key.isascii() and settings.server_key.isprintable()):
            raise SettingsError("qris.midtrans.server_key: must be one line of letters, digits and signs")
        self.minimum_poll = 0.0 if here else 10.0
        self.sandbox = here or (urlsplit(settings.base_url).hostname or "").startswith("api.sandbox.")
        self._client = HttpClient(settings.base_url, "qris.midtrans.base_url", patience)
        self._server_key = settings.server_key

    def reference(self, payment_id: str) -> str:
        """Return our number of an attempt, the order_id: the payment's id without hyphens."""
        return payment_id.replace("-", "").upper()

    def create(self, attempt: Attempt) -> Code:
        """Make a code. Raises Unreachable (ask `find` before anything else), NotSent or Refused."""
        status, data = self._charge(attempt)
        if status == 201:
            return _code(data, attempt)
        if status < 300 or status == 406:
            # Under way, or there already.
            raise Unreachable(_words(status, data))
        raise Refused(_words(status, data))

    def find(self, attempt: Attempt) -> Code | None:
        """Return the code that an unanswered `create` made, None when there is none.

        The state of a payment doesn't tell its code; the same charge with the same key does for a while.
        """
        status, data = self._status(attempt)
        if status == 404 or _STATES.get(text_of(data, "transaction_status")) != "waiting":
            return None
        status, data = self._charge(attempt)
        return _code(data, attempt) if status == 201 else None

    def ask(self, attempt: Attempt) -> Answer:
        """Say what became of an attempt. Raises ProviderError."""
        status, data = self._status(attempt)
        if status == 404:
            return Answer("not_found")
        if status >= 400 and "transaction_status" not in data:
            if status == 401:
                raise Unreachable(_words(status, data))
            raise Refused(_words(status, data))
        return _state(status, data, attempt)

    def cancel(self, attempt: Attempt) -> None:
        """Let the code expire now. That acts on unpaid codes only, so money that came can't be touched."""
        status, data = self._post(f"/v2/{quote(attempt.our_reference)}/expire", {})
        if status in (200, 404, 407):
            return
        if status in (202, 401, 409):
            raise Unreachable(_words(status, data))
        raise Refused(_words(status, data))

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back once, however often it is asked with one key. Raises ProviderError."""
        body = {
            "refund_key": asked.key,
            "amount": asked.amount,
            "reason": "".join(c for c in asked.reason if c.isprintable())[:200],
        }
        status, data = self._post(f"/v2/{quote(asked.attempt.our_reference)}/refund", body, asked.key)
        if status == 200:
            return Refunded("done", text_of(data, "refund_chargeback_uuid", "refund_key"))
        if status < 300:
            return Refunded("waiting")
        # A key that was used before is refused as well; the payment's own list says how that ended.
        before = _refund_of(self._status(asked.attempt)[1], asked.key)
        return before or Refunded("refused", reason=_words(status, data))

    def read_notice(self, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Notice:
        """Check a notification's signature key. Raises BadNotice.

        It covers neither the state nor the time, so nothing else of a notification is used.
        """
        del path, headers, at
        if len(body) > _MAX_NOTICE:
            raise BadNotice(_NOT_READABLE, f"{len(body)} bytes")
        try:
            data = read_json(body)
        except NotReadable as error:
            raise BadNotice(_NOT_READABLE, str(error)) from None
        parts = [data.get(name) for name in ("order_id", "status_code", "gross_amount", "signature_key")]
        order, code, amount, signature = [part if isinstance(part, str) else "" for part in parts]
        right = signature_key(order, code, amount, self._server_key)
        if not order or not hmac.compare_digest(right.encode(), signature.lower().encode("utf-8", "replace")):
            raise BadNotice(_NOT_SIGNED, "the signature does not fit")
        return Notice(text_of(data, "order_id"))

    def acknowledge(self, *, known: bool) -> Reply:
        """Return the answer to a right notification. One about somebody else's order need not come again."""
        del known
        return _TAKEN

    def _charge(self, attempt: Attempt) -> tuple[int, Json]:
        seconds = max(20, round((attempt.expires_at - attempt.created_at).total_seconds()))
        body = {
            "payment_type": "qris",
            "transaction_details": {"order_id": attempt.our_reference, "gross_amount": attempt.amount},
            "qris": {"acquirer": "gopay"},
            "custom_expiry": {
                "order_time": attempt.created_at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S %z"),
                "expiry_duration": seconds,
                "unit": "second",
            },
        }
        return self._post("/v2/charge", body, attempt.our_reference)

    def _status(self, attempt: Attempt) -> tuple[int, Json]:
        return self._send("GET", f"/v2/{quote(attempt.our_reference)}/status", b"", {})

    def _post(self, path: str, body: Mapping[str, object], key: str = "") -> tuple[int, Json]:
        content = json.dumps(body, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key[:46]
        return self._send("POST", path, content, headers)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json]:
        """Send a request; return the status that the answer means and what it says."""
        basic = base64.b64encode(f"{self._server_key}:".encode()).decode()
        answer = self._client.send(method, path, {**headers, "Authorization": f"Basic {basic}"}, body)
        try:
            data = read_json(answer.body)
        except NotReadable as error:
            raise Unreachable(f"HTTP {answer.status}, {error}") from None
        # The status of the HTTP answer is often 200 whatever happened; the one inside is meant.
        inside = text_of(data, "status_code", longest=3)
        status = int(inside) if len(inside) == 3 and inside.isascii() and inside.isdigit() else answer.status
        if answer.status >= 500 or status == 429 or not (200 <= status < 300 or 400 <= status < 500):
            raise Unreachable(_words(status, data))
        return status, data


def signature_key(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """Give the signature key of a notification: SHA-512 in hexadecimal, the amount exactly as it came."""
    text = f"{order_id}{status_code}{gross_amount}{server_key}"
    return hashlib.sha512(text.encode("utf-8", "replace")).hexdigest()


def _words(status: int, data: Json) -> str:
    return f"{status} {text_of(data, 'status_message', 'message', longest=200)}".strip()


def _code(data: Json, attempt: Attempt) -> Code:
    if text_of(data, "order_id") != attempt.our_reference:
        raise Refused("the provider made a code for another order")
    ends = instant_of(data.get("expiry_time"))
    return Code(
        checked_payload(data.get("qr_string"), attempt.amount),
        text_of(data, "transaction_id") or None,
        ends if ends is not None and ends > attempt.created_at else None,
    )


def _state(status: int, data: Json, attempt: Attempt) -> Answer:
    said = text_of(data, "transaction_status")
    if data.get("order_id") != attempt.our_reference:
        return _doubtful(OTHER_PAYMENT, said, attempt)
    state = _STATES.get(said)
    if state is None:
        return _doubtful(UNKNOWN_STATE, said, attempt)
    if state != "paid":
        return Answer(state)
    if status != 200 or data.get("fraud_status") != "accept":
        return _doubtful(UNKNOWN_STATE, f"{said} {status} {text_of(data, 'fraud_status')}", attempt)
    if data.get("currency") != "IDR":
        return _doubtful(OTHER_CURRENCY, said, attempt)
    # Where a shop lets its buyers bear a fee, gross_amount holds it; what we asked for is then told apart.
    told = within(data, "metadata", "extra_info", "gross_amount_info").get("original_amount")
    rupiah = rupiah_of(data.get("gross_amount") if told is None else told)
    if rupiah is None:
        return _doubtful(NO_AMOUNT, said, attempt)
    number = text_of(data, "transaction_id") or attempt.their_reference or attempt.our_reference
    paid_at = instant_of(data.get("settlement_time"))
    issuer = text_of(data, "issuer", longest=60)
    return Answer("paid", (Money(number, rupiah, paid_at, issuer),))


def _doubtful(doubt: str, said: str, attempt: Attempt) -> Answer:
    log.warning("%s: %s (%s)", attempt.our_reference, doubt, said)
    return Answer("waiting", doubt=doubt)


def _refund_of(data: Json, key: str) -> Refunded | None:
    refunds = data.get("refunds")
    for entry in refunds if isinstance(refunds, list) else ():
        if isinstance(entry, dict) and entry.get("refund_key") == key:
            return Refunded("done", text_of(entry, "refund_chargeback_uuid", "refund_key"))
    return None
