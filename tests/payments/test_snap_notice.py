"""Notifications: who can make the till ask, and who can't."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.payments.base import BadNotice
from pos.payments.snap import Snap
from tests.fake_snap import FakeSnap
from tests.payments.conftest import shop

STANDARD = "/v1.0/qr/qr-mpm-notify"
OURS = "/webhooks/qris/snap" + STANDARD
REFERENCE = "0197F3C21A2B7C3D8E4F5A6B7C8D9E0F"


def now() -> datetime:
    return datetime.now(UTC)


def refusal(snap: Snap, headers: Mapping[str, str], body: bytes, *, path: str = OURS) -> tuple[int, str]:
    """How a notification is refused: the HTTP status and the code."""
    with pytest.raises(BadNotice) as caught:
        snap.read_notice(path, headers, body, now())
    return caught.value.reply.status, caught.value.reply.body["responseCode"]


@pytest.mark.parametrize("signed", [OURS, STANDARD])
@pytest.mark.parametrize("pretty", [False, True])
def test_a_signed_notification_tells_whom_to_ask_about(
    signed: str, pretty: bool, snap: Snap, bank: FakeSnap
) -> None:
    headers, body = bank.notice(signed, REFERENCE, pretty=pretty)
    assert snap.read_notice(OURS, headers, body, now()).our_reference == REFERENCE


def test_names_of_headers_may_be_written_in_any_case(snap: Snap, bank: FakeSnap) -> None:
    headers, body = bank.notice(STANDARD, REFERENCE)
    shouted = {name.upper(): value for name, value in headers.items()}
    assert snap.read_notice(OURS, shouted, body, now()).our_reference == REFERENCE


def test_the_same_notification_may_come_again(snap: Snap, bank: FakeSnap) -> None:
    headers, body = bank.notice(STANDARD, REFERENCE)
    assert {snap.read_notice(OURS, headers, body, now()).our_reference for _ in range(10)} == {REFERENCE}


def test_a_notification_signed_by_somebody_else_is_refused(snap: Snap, bank: FakeSnap) -> None:
    stranger = rsa.generate_private_key(65537, 2048)
    assert refusal(snap, *bank.notice(STANDARD, REFERENCE, key=stranger)) == (401, "4015200")
    # Our own key signs requests, never notifications.
    assert refusal(snap, *bank.notice(STANDARD, REFERENCE, key=bank.merchant_key)) == (401, "4015200")


def test_a_notification_for_another_address_is_refused(snap: Snap, bank: FakeSnap) -> None:
    assert refusal(snap, *bank.notice("/v1.0/debit/notify", REFERENCE)) == (401, "4015200")


def test_a_changed_body_or_time_is_refused(snap: Snap, bank: FakeSnap) -> None:
    headers, body = bank.notice(STANDARD, REFERENCE)
    assert refusal(snap, headers, body.replace(b"0F", b"0E")) == (401, "4015200")
    later = (now() + timedelta(seconds=5)).isoformat(timespec="seconds")
    assert refusal(snap, headers | {"X-TIMESTAMP": later}, body) == (401, "4015200")
    assert snap.read_notice(OURS, headers, body, now())


@pytest.mark.parametrize("age", [601, 3600, 86400, -601])
def test_a_stale_notification_is_refused(age: float, snap: Snap, bank: FakeSnap) -> None:
    assert refusal(snap, *bank.notice(STANDARD, REFERENCE, age=age)) == (401, "4015200")


@pytest.mark.parametrize("age", [590, -590])
def test_a_clock_may_be_some_minutes_wrong(age: float, snap: Snap, bank: FakeSnap) -> None:
    headers, body = bank.notice(STANDARD, REFERENCE, age=age)
    assert snap.read_notice(OURS, headers, body, now())


@pytest.mark.parametrize("missing", ["X-SIGNATURE", "X-TIMESTAMP"])
def test_a_notification_without_its_headers_is_refused(missing: str, snap: Snap, bank: FakeSnap) -> None:
    headers, body = bank.notice(STANDARD, REFERENCE)
    del headers[missing]
    assert refusal(snap, headers, body) == (401, "4015200")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b'"x"', b"{", b"\xff\xfe", b"[" * 30_000])
def test_what_cannot_be_read_is_refused_even_if_signed(content: bytes, snap: Snap, bank: FakeSnap) -> None:
    headers, _ = signed(bank, content)
    assert refusal(snap, headers, content) == (400, "4005201")


def test_a_large_body_is_refused(snap: Snap, bank: FakeSnap) -> None:
    content = json.dumps({"originalPartnerReferenceNo": REFERENCE, "x": "y" * 70_000}).encode()
    headers, _ = signed(bank, content)
    assert refusal(snap, headers, content) == (400, "4005201")


def signed(bank: FakeSnap, content: bytes) -> tuple[dict[str, str], bytes]:
    """Any content with the bank's own signature."""
    import base64

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    headers, _ = bank.notice(STANDARD, REFERENCE)
    text = f"POST:{STANDARD}:{hashlib.sha256(content).hexdigest()}:{headers['X-TIMESTAMP']}"
    signature = bank.own_key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return headers | {"X-SIGNATURE": base64.b64encode(signature).decode()}, content


def test_without_the_banks_key_no_notification_is_believed(bank: FakeSnap, tmp_path: Path) -> None:
    snap = shop(bank, tmp_path, provider_public_key_file="")
    assert refusal(snap, *bank.notice(STANDARD, REFERENCE)) == (401, "4015200")


def test_the_answers_are_those_of_the_standard(snap: Snap) -> None:
    known, unknown = snap.acknowledge(known=True), snap.acknowledge(known=False)
    assert (known.status, known.body["responseCode"]) == (200, "2005200")
    assert (unknown.status, unknown.body["responseCode"]) == (404, "4045201")


@settings(max_examples=300, deadline=None)
@given(
    signature=st.text(max_size=400) | st.binary(max_size=300).map(lambda b: b.decode("latin-1")),
    stamp=st.text(max_size=40) | st.just("2026-11-24T10:00:00+07:00"),
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    path=st.text(max_size=60),
)
def test_nothing_made_up_is_ever_believed(
    signature: str, stamp: str, body: bytes, path: str, forged: Snap
) -> None:
    with pytest.raises(BadNotice):
        forged.read_notice(path, {"X-Signature": signature, "X-Timestamp": stamp}, body, now())


@pytest.fixture(scope="module")
def forged(
    two_keys: tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey], tmp_path_factory: pytest.TempPathFactory
) -> Snap:
    with FakeSnap(merchant_key=two_keys[0], own_key=two_keys[1]) as bank:
        return shop(bank, tmp_path_factory.mktemp("shop"))
