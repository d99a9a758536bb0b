"""Whatever a provider answers: nothing is money unless every check holds."""

import contextlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.payments import midtrans, reading
from pos.payments.base import Answer, Attempt, Code, ProviderError
from pos.payments.http import HttpAnswer
from pos.payments.snap_call import read_answer
from pos.payments.snap_profiles import PROFILES
from pos.payments.snap_read import Reader

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ATTEMPT = Attempt("0197F3C21A2B7C3D8E4F5A6B7C8D9E0F", "12345", 25_000, AT, AT + timedelta(minutes=5), "K1")
MERCHANT = "TOKO0001"

RIGHT: dict[str, Any] = {
    "responseCode": "2005100",
    "responseMessage": "Successful",
    "originalReferenceNo": "12345",
    "originalPartnerReferenceNo": ATTEMPT.our_reference,
    "merchantId": MERCHANT,
    "latestTransactionStatus": "00",
    "amount": {"value": "25000.00", "currency": "IDR"},
    "paidTime": "2026-11-24T10:01:00+07:00",
    "additionalInfo": {"rrn": "123456789012", "issuer": "Bank Contoh"},
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
likely = st.sampled_from(
    [
        "00", "0", 0, "0000", "01", "03", "06", "99", "", None, "2005100", "2004700", "4045101", "5005100",
        "4035100", "25000.00", "25000", "25000.50", "-25000.00", "2.5e4", "25.000", "0", 25000, 25000.0,
        25000.5, "IDR", "idr", "USD", "360", MERCHANT, "TOKO0002", ATTEMPT.our_reference, "F" * 32,
        {"value": "25000.00", "currency": "IDR"}, {"value": "25000.00"}, {"value": 25000, "currency": "IDR"},
        {"value": "25000.01", "currency": "IDR"}, [], {}, True, "٢٥٠٠٠", "25000\n", " 25000", "1" * 40,
    ]
)  # fmt: skip
changed = st.dictionaries(st.sampled_from(sorted(RIGHT)), likely | anything, max_size=4)
missing = st.sets(st.sampled_from(sorted(RIGHT)), max_size=3)
statuses = st.sampled_from([200, 200, 200, 201, 202, 302, 400, 401, 403, 404, 409, 429, 500, 503])


def asked(data: object, status: int = 200, profile: str = "standard") -> Answer | None:
    """What the till makes of an answer; None: nothing at all."""
    reader = Reader(PROFILES[profile], MERCHANT)
    with contextlib.suppress(ProviderError):
        return reader.state(read_answer(HttpAnswer(status, json.dumps(data).encode()), "51"), ATTEMPT)
    return None


def test_the_right_answer_is_money() -> None:
    answer = asked(RIGHT)
    assert answer is not None
    [money] = answer.money
    assert (answer.state, money.reference, money.amount) == ("paid", "123456789012", 25_000)
    assert money.paid_at == datetime(2026, 11, 24, 3, 1, tzinfo=UTC)


@settings(max_examples=1500, deadline=None)
@given(changes=changed, without=missing, status=statuses, profile=st.sampled_from(sorted(PROFILES)))
def test_a_changed_answer_is_money_only_if_it_still_says_so_in_every_part(
    changes: dict[str, Any], without: set[str], status: int, profile: str
) -> None:
    data = {name: value for name, value in (RIGHT | changes).items() if name not in without}
    answer = asked(data, status, profile)
    if answer is None or answer.state != "paid":
        assert answer is None or answer.money == ()
        return
    assert answer.doubt == ""
    assert 200 <= status < 300
    assert data["responseCode"] == "2005100"
    assert str(data["latestTransactionStatus"]) == "00"
    assert data.get("originalPartnerReferenceNo") in (None, "", ATTEMPT.our_reference)
    assert str(data.get("merchantId") or MERCHANT) == MERCHANT
    assert data["amount"]["currency"] == "IDR"
    [money] = answer.money
    written = data["amount"]["value"]
    assert float(written) == money.amount
    assert isinstance(written, int | float) or re.fullmatch(r"[0-9]+(\.0{0,2})?", written)
    assert 0 < len(money.reference) <= 64
    assert money.reference.isprintable()
    assert len(money.issuer) <= 60


@settings(max_examples=500, deadline=None)
@given(data=anything, status=statuses)
def test_any_other_json_is_never_money(data: object, status: int) -> None:
    answer = asked(data, status)
    assert answer is None or (answer.state != "paid" and answer.money == ())


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=300), status=st.integers(100, 599))
def test_any_bytes_are_read_or_say_nothing(body: bytes, status: int) -> None:
    with contextlib.suppress(ProviderError):
        read_answer(HttpAnswer(status, body), "51")


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"1" * 100_000, b'{"a":' * 50_000, b"NaN", b'{"x": Infinity}']
)
def test_hostile_json_says_nothing(body: bytes) -> None:
    with pytest.raises(ProviderError):
        read_answer(HttpAnswer(200, body), "51")


def test_the_number_of_a_payment_is_the_rrn_or_what_comes_nearest() -> None:
    def number(**changes: Any) -> str:
        answer = asked(RIGHT | changes)
        assert answer is not None
        return answer.money[0].reference

    assert number() == "123456789012"
    assert number(additionalInfo={"rrn": 123456789012}) == "123456789012"
    assert number(additionalInfo={}) == "12345"
    assert number(additionalInfo=None, originalReferenceNo="\x00\n") == "12345"
    assert number(additionalInfo={"rrn": ""}, originalReferenceNo=None) == "12345"


def test_a_code_ends_when_the_bank_says_so() -> None:
    from tests.fake_snap_http import qris

    payload = qris(25_000, "A")

    def made(**more: Any) -> Code:
        data = {"responseCode": "2004700", "qrContent": payload} | more
        answer = read_answer(HttpAnswer(200, json.dumps(data).encode()), "47")
        return Reader(PROFILES["standard"], MERCHANT).code(answer, ATTEMPT)

    assert made().expires_at is None
    assert made(validityPeriod="2026-11-24T10:02:00+07:00").expires_at == AT + timedelta(minutes=2)
    assert made(additionalInfo={"expiredAt": "2026-11-24T10:02:00"}).expires_at == AT + timedelta(minutes=2)
    assert made(validityPeriod="2020-01-01T00:00:00+07:00").expires_at is None
    assert made(validityPeriod="besok").expires_at is None


@pytest.mark.parametrize(
    ("written", "rupiah"),
    [
        ("25000.00", 25_000), ("25000.0", 25_000), ("25000.", 25_000), ("25000", 25_000), (25_000, 25_000),
        ("25000.50", None), ("25000.001", None), ("25,000", None), ("25.000,00", None), ("-1", None),
        ("0", None), ("", None), (None, None), (True, None), ("9" * 14, None), ("٢٥", None), ("1e3", None),
    ],
)  # fmt: skip
def test_amounts_are_whole_rupiah_or_nothing(written: object, rupiah: int | None) -> None:
    assert reading.rupiah_of(written) == rupiah


# -- Midtrans ------------------------------------------------------------------------------------------------

SETTLED: dict[str, Any] = {
    "status_code": "200",
    "transaction_id": "01bf5e23-7183-4cfe-862c-58a3f6e8f0a2",
    "order_id": ATTEMPT.our_reference,
    "gross_amount": "25000.00",
    "currency": "IDR",
    "transaction_status": "settlement",
    "fraud_status": "accept",
    "settlement_time": "2026-11-24 10:01:00",
}


@settings(max_examples=1000, deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(sorted(SETTLED)),
        likely
        | anything
        | st.sampled_from(["pending", "expire", "cancel", "deny", "refund", "partial_refund"]),
        max_size=3,
    ),
    without=st.sets(st.sampled_from(sorted(SETTLED)), max_size=2),
    status=st.sampled_from([200, 201, 202, 404, 407, 412]),
)
def test_midtrans_money_needs_every_part_too(changes: dict[str, Any], without: set[str], status: int) -> None:
    data = {name: value for name, value in (SETTLED | changes).items() if name not in without}
    read = reading.read_json(json.dumps(data).replace("NaN", "0").replace("Infinity", "0").encode())
    answer = midtrans._state(status, read, ATTEMPT)
    if answer.state != "paid":
        assert answer.money == ()
        return
    assert status == 200
    assert data["transaction_status"] in ("settlement", "partial_refund")
    assert (data["fraud_status"], data["currency"]) == ("accept", "IDR")
    assert data["order_id"] == ATTEMPT.our_reference
    assert float(data["gross_amount"]) == answer.money[0].amount


def test_a_fee_that_the_buyer_bears_is_not_the_shops_money() -> None:
    fee = {"extra_info": {"gross_amount_info": {"original_amount": "25000.00"}}}
    answer = midtrans._state(200, SETTLED | {"gross_amount": "25250.00", "metadata": fee}, ATTEMPT)
    assert [money.amount for money in answer.money] == [25_000]
    assert answer.money[0].paid_at == datetime(2026, 11, 24, 3, 1, tzinfo=UTC)


def test_the_signature_key_is_over_the_amount_exactly_as_it_came() -> None:
    import hashlib

    right = hashlib.sha512(b"order10120025000.00rahasia").hexdigest()
    assert midtrans.signature_key("order101", "200", "25000.00", "rahasia") == right
    assert midtrans.signature_key("order101", "200", "25000", "rahasia") != right
