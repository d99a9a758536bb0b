"""A payment company that speaks SNAP, on a real socket, written without a line of ours.

    with FakeSnap() as bank:
        settings = load(bank.variables(folder))   # POS_QRIS__... with key files
        code = Snap(settings.qris.snap).create(attempt)
        bank.pay(attempt.our_reference)
    assert bank.violations == []

It checks every request by itself (signatures over the bytes as they came, times, tokens, numbers used twice)
and writes down what was wrong. `fail(action, fault)` makes the next request of an action go wrong. Actions:
token, generate, query, cancel, refund. Faults: slow, hang, drip (a byte now and then), lose (does it, then
hangs up), drop (hangs up first), 401, 409, 429, 500, garbage, list (JSON, but no object), huge, redirect,
in-progress, refused, expired-403; of generate: wrong-amount, no-code, not-qris, other-reference; of query:
wrong-amount, wrong-merchant, wrong-currency, no-amount, sen, unknown-status, other-reference, with-code.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.fake_company import Company
from tests.fake_snap_http import Handler, coded, post, qris

JAKARTA = timezone(timedelta(hours=7))
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


@dataclass
class Order:
    """A code that was made, and what became of it."""

    reference: str
    number: str
    amount: int
    status: str = "03"
    paid: int = 0
    rrn: str = ""
    paid_at: str = ""
    refunds: list[dict[str, Any]] = field(default_factory=list)


class FakeSnap(Company):
    """The company's server on a free port of this machine."""

    client_key = "TOKO-CONTOH-1"
    client_secret = "rahasia-toko-9f2c51d7e3"
    merchant_id = "TOKO0001"
    channel_id = "95221"

    def __init__(
        self,
        *,
        prefix: str = "",
        token_path: str = "",
        scheme: str = "hmac",
        digits_only: bool = True,
        token_life: object = "900",
        merchant_key: rsa.RSAPrivateKey | None = None,
        own_key: rsa.RSAPrivateKey | None = None,
    ) -> None:
        super().__init__(Handler, "bank")
        self.prefix, self.scheme, self.digits_only, self.token_life = prefix, scheme, digits_only, token_life
        self.token_path = token_path or f"{prefix}/v1.0/access-token/b2b"
        self.merchant_key = merchant_key or rsa.generate_private_key(65537, 2048)
        self.own_key = own_key or rsa.generate_private_key(65537, 2048)
        self.violations: list[str] = []
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.orders: dict[str, Order] = {}
        self.tokens: dict[str, float] = {}
        self.slowness = 0.5
        self._numbers: set[tuple[str, str]] = set()

    # -- what a test says ------------------------------------------------------------------------------------

    def variables(self, folder: Path) -> dict[str, str]:
        """The shop's settings as environment variables; writes the key files they name."""
        ours, theirs = folder / "our-key.pem", folder / "bank-key.pem"
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        ours.write_bytes(self.merchant_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        theirs.write_bytes(self.own_key.public_key().public_bytes(pem, public))
        snap = {
            "base_url": self.url, "path_prefix": self.prefix, "client_key": self.client_key,
            "client_secret": self.client_secret, "private_key_file": str(ours),
            "provider_public_key_file": str(theirs), "channel_id": self.channel_id,
            "merchant_id": self.merchant_id,
        }  # fmt: skip
        return {"POS_QRIS__PROVIDER": "snap"} | {f"POS_QRIS__SNAP__{k.upper()}": v for k, v in snap.items()}

    def pay(self, reference: str, amount: int | None = None, rrn: str = "") -> str:
        """A buyer pays; gives the retrieval reference number."""
        with self._lock:
            order = self.orders[reference]
            order.status, order.paid = "00", order.amount if amount is None else amount
            order.rrn = rrn or f"{secrets.randbelow(10**12):012d}"
            order.paid_at = datetime.now(JAKARTA).isoformat(timespec="seconds")
            return order.rrn

    def expire_tokens(self) -> None:
        """No token given so far is good any more."""
        with self._lock:
            self.tokens = dict.fromkeys(self.tokens, 0.0)

    def count(self, action: str) -> int:
        """How many requests of an action came."""
        with self._lock:
            return sum(1 for name, _, _ in self.requests if name == action)

    def notice(
        self,
        path: str,
        reference: str,
        *,
        status: str = "00",
        amount: int | None = None,
        age: float = 0,
        key: rsa.RSAPrivateKey | None = None,
        pretty: bool = False,
    ) -> tuple[dict[str, str], bytes]:
        """A notification's headers and body, signed over `path`; pretty: signed minified, sent indented."""
        order = self.orders.get(reference) or Order(reference, "0", 1)
        data = {
            "originalReferenceNo": order.number,
            "originalPartnerReferenceNo": reference,
            "latestTransactionStatus": status,
            "transactionStatusDesc": 'Sukses "lunas"',
            "amount": {"value": f"{order.amount if amount is None else amount}.00", "currency": "IDR"},
            "additionalInfo": {"rrn": order.rrn, "issuerName": "Bank Contoh"},
        }  # fmt: skip
        small = json.dumps(data, separators=(",", ":")).encode()
        body = json.dumps(data, indent=2).encode() if pretty else small
        stamp = (datetime.now(JAKARTA) - timedelta(seconds=age)).isoformat(timespec="seconds")
        text = f"POST:{path}:{hashlib.sha256(small).hexdigest()}:{stamp}"
        signature = (key or self.own_key).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {
            "Content-Type": "application/json",
            "X-TIMESTAMP": stamp,
            "X-SIGNATURE": base64.b64encode(signature).decode(),
            "X-PARTNER-ID": self.client_key,
            "X-EXTERNAL-ID": f"{secrets.randbelow(10**18):018d}",
            "CHANNEL-ID": self.channel_id,
        }, body

    def notify(self, shop: str, path: str, reference: str, *, signed_path: str = "", **how: Any) -> int:
        """Send a notification to a shop's address; gives the HTTP status of its answer."""
        headers, body = self.notice(signed_path or path, reference, **how)
        return post(shop + path, headers, body)

    # -- what it does with requests --------------------------------------------------------------------------

    def wrong(self, what: str) -> None:
        """Write down a violation."""
        with self._lock:
            self.violations.append(what)

    def check_time(self, stamp: str) -> bool:
        """Whether a time is written as the standard wants and near now."""
        if not _STAMP.fullmatch(stamp):
            self.wrong(f"X-TIMESTAMP {stamp!r}")
            return False
        if abs(datetime.now(JAKARTA) - datetime.fromisoformat(stamp)) > timedelta(minutes=5):
            self.wrong(f"X-TIMESTAMP {stamp} is far from now")
            return False
        return True

    def check_rsa(self, signature: str, text: str, what: str) -> bool:
        """Whether the shop's key signed a text."""
        try:
            self.merchant_key.public_key().verify(
                base64.b64decode(signature, validate=True), text.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (InvalidSignature, ValueError):
            self.wrong(f"signature of {what}")
            return False
        return True

    def token(self, headers: dict[str, str], data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Give an access token to whom signs right."""
        stamp, key = headers.get("x-timestamp", ""), headers.get("x-client-key", "")
        right = self.check_time(stamp) and self.check_rsa(
            headers.get("x-signature", ""), f"{key}|{stamp}", "token"
        )
        if not right or key != self.client_key or data != {"grantType": "client_credentials"}:
            self.wrong("token request")
            return 401, {"responseCode": "4017300", "responseMessage": "Unauthorized. [Signature]"}
        token = secrets.token_urlsafe(24)
        with self._lock:
            life = float(self.token_life) if str(self.token_life).isdigit() else 900.0
            self.tokens[token] = time.monotonic() + life
        return 200, {
            "responseCode": "2007300", "responseMessage": "Successful", "accessToken": token,
            "tokenType": "Bearer", "expiresIn": self.token_life,
        }  # fmt: skip

    def check_call(self, path: str, headers: dict[str, str], body: bytes) -> str:
        """The case of a request that is not right ("00" a signature, "01" a token), empty when it is."""
        stamp = headers.get("x-timestamp", "")
        token = headers.get("authorization", "").removeprefix("Bearer ")
        hashed = hashlib.sha256(body).hexdigest()
        if not self.check_time(stamp):
            return "00"
        if self.scheme == "rsa":
            if not self.check_rsa(headers.get("x-signature", ""), f"POST:{path}:{hashed}:{stamp}", path):
                return "00"
        else:
            text = f"POST:{path}:{token}:{hashed}:{stamp}"
            digest = hmac.new(self.client_secret.encode(), text.encode(), hashlib.sha512)
            right = (
                digest.hexdigest()
                if self.scheme == "hmac_hex"
                else base64.b64encode(digest.digest()).decode()
            )
            if not hmac.compare_digest(right, headers.get("x-signature", "")):
                self.wrong(f"signature of {path}")
                return "00"
            # A token that is over is no violation: a shop can't know for sure, and has to ask for a new one.
            if self.tokens.get(token, 0) <= time.monotonic():
                if token not in self.tokens:
                    self.wrong("a token nobody gave")
                return "01"
        for name, value in (("x-partner-id", self.client_key), ("channel-id", self.channel_id)):
            if headers.get(name) != value:
                self.wrong(f"{name} {headers.get(name)!r}")
        self._check_number(headers.get("x-external-id", ""), stamp[:10])
        return ""

    def _check_number(self, number: str, day: str) -> None:
        if len(number) > 36 or not (number.isdigit() if self.digits_only else number.isalnum()):
            self.wrong(f"X-EXTERNAL-ID {number!r}")
        with self._lock:
            if (number, day) in self._numbers and self.digits_only:
                self.wrong(f"X-EXTERNAL-ID {number} a second time")
            self._numbers.add((number, day))

    def answer(self, action: str, data: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        """Do what a right request asks for."""
        with self._lock:
            return {
                "generate": self._generate,
                "query": self._query,
                "cancel": self._cancel,
                "refund": self._refund,
            }[action](data, fault)

    def _generate(self, data: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        reference, amount = data.get("partnerReferenceNo", ""), data.get("amount", {})
        if not re.fullmatch(r"[A-Z0-9]{5,32}", reference) or not re.fullmatch(
            r"\d+\.00", amount.get("value", "")
        ):
            self.wrong(f"generate {data}")
            return coded("400", "47", "01", "Invalid Field Format")
        if amount.get("currency") != "IDR" or data.get("merchantId") not in (self.merchant_id, None):
            self.wrong(f"generate {data}")
            return coded("404", "47", "08", "Invalid Merchant")
        if not _STAMP.fullmatch(data.get("validityPeriod", "")):
            self.wrong(f"validityPeriod {data.get('validityPeriod')!r}")
        if reference in self.orders:
            return coded("409", "47", "01", "Duplicate partnerReferenceNo")
        rupiah = int(amount["value"][:-3])
        order = self.orders[reference] = Order(reference, f"{secrets.randbelow(10**16):016d}", rupiah)
        code = qris(rupiah + (1000 if fault == "wrong-amount" else 0), reference)
        told = {"no-code": "", "not-qris": "https://contoh.example/qr"}.get(fault, code)
        named = "LAIN" + reference[4:] if fault == "other-reference" else reference
        return coded(
            "200", "47", "00", "Successful", referenceNo=order.number, partnerReferenceNo=named,
            qrContent=told, additionalInfo={"acquirer": "contoh"},
        )  # fmt: skip

    def _query(self, data: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        if data.get("serviceCode") != "47":
            self.wrong(f"query {data}")
        order = self._order(data)
        if order is None:
            return coded("404", "51", "01", "Transaction Not Found")
        status = "99" if fault == "unknown-status" else order.status
        value = f"{order.paid or order.amount}.{'50' if fault == 'sen' else '00'}"
        told: dict[str, Any] = {
            "originalReferenceNo": order.number,
            "originalPartnerReferenceNo": order.reference,
            "merchantId": self.merchant_id,
            "serviceCode": "47",
            "latestTransactionStatus": status,
            "amount": {"value": value, "currency": "IDR"},
            "additionalInfo": {"refundHistory": order.refunds},
        }
        if order.rrn:
            told["paidTime"] = order.paid_at
            told["additionalInfo"] |= {"rrn": order.rrn, "issuer": "Bank Contoh"}
        if fault == "wrong-amount":
            told["amount"]["value"] = f"{order.amount - 1}.00"
        elif fault == "wrong-merchant":
            told["merchantId"] = "TOKO9999"
        elif fault == "wrong-currency":
            told["amount"]["currency"] = "USD"
        elif fault == "no-amount":
            del told["amount"]
        elif fault == "other-reference":
            told["originalPartnerReferenceNo"] = "F" * 32
        elif fault == "with-code":
            told["qrContent"] = qris(order.amount, order.reference)
        return coded("200", "51", "00", "Successful", **told)

    def _cancel(self, data: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        order = self._order(data)
        if order is None:
            return coded("404", "77", "01", "Transaction Not Found")
        if order.status != "03":
            return coded("404", "77", "00", "Invalid Transaction Status")
        order.status = "05"
        return coded(
            "200", "77", "00", "Successful", cancelTime=datetime.now(JAKARTA).isoformat(timespec="seconds")
        )

    def _refund(self, data: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        order, number = self._order(data), data.get("partnerRefundNo", "")
        value = data.get("refundAmount", {}).get("value", "")
        if not re.fullmatch(r"[A-Z0-9]{1,36}", number) or not re.fullmatch(r"\d+\.00", value):
            self.wrong(f"refund {data}")
            return coded("400", "78", "01", "Invalid Field Format")
        if order is None:
            return coded("404", "78", "01", "Transaction Not Found")
        if any(entry["partnerRefundNo"] == number for entry in order.refunds):
            return coded("409", "78", "01", "Duplicate partnerRefundNo")
        given = sum(int(entry["refundAmount"]["value"][:-3]) for entry in order.refunds)
        if order.status not in ("00", "04") or int(value[:-3]) > order.paid - given:
            return coded("404", "78", "13", "Invalid Amount")
        entry = {
            "refundNo": f"R{secrets.randbelow(10**12):012d}", "partnerRefundNo": number, "refundStatus": "00",
            "refundAmount": {"value": value, "currency": "IDR"}, "reason": data.get("reason", ""),
        }  # fmt: skip
        order.refunds.append(entry)
        return coded("200", "78", "00", "Successful", refundNo=entry["refundNo"], partnerRefundNo=number)

    def _order(self, data: dict[str, Any]) -> Order | None:
        found = self.orders.get(data.get("originalPartnerReferenceNo", ""))
        number = data.get("originalReferenceNo")
        if found is not None and number not in (None, found.number):
            self.wrong(f"originalReferenceNo {number!r}")
        return found
