"""A bank or payment company that speaks Bank Indonesia's SNAP (QRIS MPM). Its ways are in a profile."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pos import clock
from pos.payments import snap_notice
from pos.payments.base import (
    Answer,
    Attempt,
    Code,
    Notice,
    Refunded,
    Refunding,
    Refused,
    Reply,
    Unreachable,
)
from pos.payments.http import HttpClient, Patience
from pos.payments.snap_call import Caller, SnapAnswer, Tokens
from pos.payments.snap_profiles import profile_of
from pos.payments.snap_read import QR_SERVICE, Reader
from pos.payments.snap_sign import private_key, public_key, timestamp
from pos.settings import SettingsError, SnapSettings, is_loopback

log = logging.getLogger(__name__)

_NO_DIGIT_OR_LETTER = re.compile(r"[^A-Z0-9]")


class Snap:
    """The provider that the settings under `qris.snap` describe. Raises SettingsError."""

    name = "snap"

    def __init__(
        self,
        settings: SnapSettings,
        *,
        patience: Patience | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        profile = profile_of(settings.profile)
        here = is_loopback(settings.base_url)
        self.minimum_poll = 0.0 if here else profile.minimum_poll
        self.sandbox = here or settings.environment != "production"
        self.refunds = profile.refunds
        self._settings = settings
        self._profile = profile
        self._now = now
        self._reader = Reader(profile, settings.merchant_id)
        self._notices_key = (
            public_key(settings.provider_public_key_file, "qris.snap.provider_public_key_file")
            if settings.provider_public_key_file
            else None
        )
        prefix = _path(settings.path_prefix or profile.path_prefix, "qris.snap.path_prefix")
        own = _path(settings.token_path or profile.token_path, "qris.snap.token_path")
        key = private_key(settings.private_key_file, "qris.snap.private_key_file")
        client = HttpClient(settings.base_url, "qris.snap.base_url", patience)
        tokens = Tokens(client, settings, own or f"{prefix}/v1.0/access-token/b2b", key)
        self._caller = Caller(
            client, settings, profile, prefix, key, None if profile.scheme == "rsa" else tokens, now
        )

    def reference(self, payment_id: str) -> str:
        """Return our number of an attempt: the payment's id without hyphens, 32 letters and digits."""
        return payment_id.replace("-", "").upper()

    def create(self, attempt: Attempt) -> Code:
        """Make a code. Raises Unreachable (ask `find` before anything else), NotSent or Refused."""
        answer = self._caller.call("qr-mpm-generate", QR_SERVICE, self._wish(attempt), attempt.our_reference)
        if answer.code == f"200{QR_SERVICE}00":
            return self._reader.code(answer, attempt)
        if answer.status < 300 or answer.status == 409:
            # Under way, or there already: the provider knows which, and `find` asks it.
            raise Unreachable(answer.words)
        raise Refused(answer.words)

    def find(self, attempt: Attempt) -> Code | None:
        """Return the code that an unanswered `create` made, None when there is none or none is told."""
        answer = self._query(attempt)
        if answer.status in (401, 409):
            raise Unreachable(answer.words)
        return self._reader.found(answer, attempt) if answer.status == 200 else None

    def ask(self, attempt: Attempt) -> Answer:
        """Say what became of an attempt. Raises ProviderError."""
        return self._reader.state(self._query(attempt), attempt)

    def cancel(self, attempt: Attempt) -> None:
        """Have the code be of no use any more, if there is one and the provider has such a call."""
        if not self._profile.cancels:
            return
        body = {**self._original(attempt), "reason": "cancelled"}
        answer = self._caller.call("qr-mpm-cancel", "77", body)
        if answer.status in (200, 405) or (answer.status == 404 and answer.case == "01"):
            return
        if answer.status in (202, 401, 409):
            raise Unreachable(answer.words)
        raise Refused(answer.words)

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back once, however often it is asked with one key. Raises ProviderError."""
        number = _NO_DIGIT_OR_LETTER.sub("", asked.key.upper())[:36]
        body = {
            **self._original(asked.attempt),
            "partnerRefundNo": number,
            "refundAmount": _rupiah(asked.amount),
            "reason": "".join(c for c in asked.reason if c.isprintable())[:200],
        }
        try:
            answer = self._caller.call("qr-mpm-refund", "78", body, number)
        except Refused as error:
            return Refunded("refused", reason=error.detail)
        if answer.code in self._profile.refund_success:
            return Refunded("done", str(answer.data.get("refundNo") or ""))
        if answer.status == 409:
            # This number was used before: how that ended is in the payment's own history.
            return self._reader.refund(self._query(asked.attempt), number) or Refunded("waiting")
        if answer.status < 300:
            return Refunded("waiting", str(answer.data.get("refundNo") or ""))
        return Refunded("refused", reason=answer.words)

    def read_notice(self, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Notice:
        """Check a notification's signature over its raw bytes. Raises BadNotice."""
        return snap_notice.read(path, headers, body, at, key=self._notices_key, profile=self._profile)

    def acknowledge(self, *, known: bool) -> Reply:
        """Return the answer to a right notification."""
        return snap_notice.TAKEN if known else snap_notice.UNKNOWN

    def _wish(self, attempt: Attempt) -> dict[str, object]:
        earliest = self._now() + timedelta(seconds=self._profile.shortest_validity)
        body: dict[str, object] = {
            "partnerReferenceNo": attempt.our_reference,
            "amount": _rupiah(attempt.amount),
            "merchantId": self._settings.merchant_id,
            "storeId": self._settings.store_id,
            "terminalId": (self._settings.terminal_id or attempt.register)[:16],
            "validityPeriod": timestamp(max(attempt.expires_at, earliest)),
        }
        extra = dict(self._profile.extra)
        if self._settings.postal_code:
            extra["postalCode"] = self._settings.postal_code
        if extra:
            body["additionalInfo"] = extra
        return {name: value for name, value in body.items() if value}

    def _query(self, attempt: Attempt) -> SnapAnswer:
        body = {**self._original(attempt), "serviceCode": QR_SERVICE}
        if self._settings.store_id:
            body["externalStoreId"] = self._settings.store_id
        try:
            return self._caller.call("qr-mpm-query", "51", body)
        except Refused as error:
            # Not to be given a token says nothing of the payment.
            raise Unreachable(error.detail) from None

    def _original(self, attempt: Attempt) -> dict[str, object]:
        body = {
            "originalPartnerReferenceNo": attempt.our_reference,
            "originalReferenceNo": attempt.their_reference or "",
            "merchantId": self._settings.merchant_id,
        }
        if self._profile.external_id_is_reference:
            body["originalExternalId"] = attempt.our_reference
        return {name: value for name, value in body.items() if value}


def _rupiah(amount: int) -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": "IDR"}


def _path(path: str, setting: str) -> str:
    """Return a part of an address without a slash at its end. Raises SettingsError."""
    if path and not re.fullmatch(r"/[A-Za-z0-9/._~-]*", path):
        raise SettingsError(f"{setting}: must begin with / and hold letters, digits and / . _ ~ - only")
    return path.rstrip("/")
