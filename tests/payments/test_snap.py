"""SNAP, talked with a company that checks every byte of it."""

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos.domain.qris import parse
from pos.payments.base import NotSent, Refunding, Refused, Unreachable
from pos.payments.snap import Snap
from pos.payments.snap_profiles import PROFILES
from pos.payments.snap_sign import hmac_sha512, private_key, rsa_sign
from tests.fake_snap import FakeSnap
from tests.payments.conftest import attempt, hurried, shop

Banks = Callable[..., FakeSnap]


def test_a_code_is_made_paid_and_found_paid(snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt(38_000)
    code = snap.create(wanted)
    assert parse(code.payload).amount == 38_000
    known = replace(wanted, their_reference=code.their_reference)
    assert snap.ask(known).state == "waiting"
    rrn = bank.pay(wanted.our_reference)
    answer = snap.ask(known)
    assert answer.state == "paid"
    assert answer.doubt == ""
    [money] = answer.money
    assert (money.reference, money.amount, money.issuer) == (rrn, 38_000, "Bank Contoh")
    assert money.paid_at is not None
    assert abs(datetime.now(UTC) - money.paid_at) < timedelta(seconds=10)
    assert bank.violations == []
    assert bank.count("token") == 1


def test_what_is_asked_for_names_the_shop_and_ends_in_time(snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    snap.create(wanted)
    [sent] = [data for action, _, data in bank.requests if action == "generate"]
    assert sent["partnerReferenceNo"] == wanted.our_reference
    assert sent["amount"] == {"value": "25000.00", "currency": "IDR"}
    assert sent["merchantId"] == bank.merchant_id
    assert sent["terminalId"] == "K1"
    ends = datetime.fromisoformat(sent["validityPeriod"])
    assert ends.utcoffset() == timedelta(hours=7)
    assert abs(ends - wanted.expires_at) <= timedelta(seconds=1)


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_each_profile_sells_and_refunds_in_its_own_way(name: str, banks: Banks, tmp_path: Path) -> None:
    profile = PROFILES[name]
    bank = banks(
        prefix=profile.path_prefix,
        token_path=profile.token_path,
        scheme=profile.scheme,
        digits_only=not profile.external_id_is_reference,
    )
    snap = shop(bank, tmp_path, profile=name, path_prefix="", postal_code="15111")
    wanted = attempt()
    code = snap.create(wanted)
    wanted = replace(wanted, their_reference=code.their_reference)
    bank.pay(wanted.our_reference, rrn="123456789012")
    answer = snap.ask(wanted)
    assert [money.reference for money in answer.money] == ["123456789012"]
    back = Refunding("0197f3c2-0000-7000-8000-00000000000a", 25_000, "rusak", wanted, "123456789012")
    assert snap.refund(back).state == "done"
    assert bank.violations == []
    assert bank.count("token") == (0 if profile.scheme == "rsa" else 1)


def test_a_signature_in_hexadecimal_is_made_where_a_profile_says_so(banks: Banks, tmp_path: Path) -> None:
    bank = banks(scheme="hmac_hex")
    snap = shop(bank, tmp_path)
    caller = replace(snap._caller, profile=replace(PROFILES["standard"], scheme="hmac_hex"))
    answer = caller.call("qr-mpm-query", "51", {"originalPartnerReferenceNo": "A" * 32, "serviceCode": "47"})
    assert answer.code == "4045101"
    assert bank.violations == []


def test_the_prefix_of_the_settings_wins_over_the_profiles(banks: Banks, tmp_path: Path) -> None:
    bank = banks(prefix="/apa/saja", token_path="/masuk/token")
    snap = shop(bank, tmp_path, profile="doku", token_path="/masuk/token")
    snap.create(attempt())
    assert bank.violations == []


def test_a_reference_is_32_letters_and_digits(snap: Snap) -> None:
    assert snap.reference("0197f3c2-1a2b-7c3d-8e4f-5a6b7c8d9e0f") == "0197F3C21A2B7C3D8E4F5A6B7C8D9E0F"


def test_the_poll_waits_for_nobody_on_this_machine_and_for_profiles_elsewhere(
    snap: Snap, bank: FakeSnap, tmp_path: Path
) -> None:
    assert snap.minimum_poll == 0
    far = {"base_url": "https://merchants.example"}
    assert shop(bank, tmp_path, **far).minimum_poll == 5
    assert shop(bank, tmp_path, profile="midtrans_snap", **far).minimum_poll == 10


def test_only_production_elsewhere_is_not_a_sandbox(bank: FakeSnap, tmp_path: Path) -> None:
    far = {"base_url": "https://merchants.example"}
    assert shop(bank, tmp_path, environment="production").sandbox
    assert shop(bank, tmp_path, environment="sandbox", **far).sandbox
    assert not shop(bank, tmp_path, environment="production", **far).sandbox


# -- the access token ----------------------------------------------------------------------------------------


def test_a_token_is_shared_by_all_who_ask_at_once(snap: Snap, bank: FakeSnap) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: snap.create(attempt()), range(16)))
    assert len({code.their_reference for code in codes}) == 16
    assert bank.count("token") == 1
    assert bank.violations == []


@pytest.mark.parametrize(("life", "asked"), [("900", 1), (900, 1), ("", 1), ("seumur hidup", 1), (1, 1)])
def test_a_token_lives_as_long_as_it_says(life: object, asked: int, banks: Banks, tmp_path: Path) -> None:
    bank = banks(token_life=life)
    snap = shop(bank, tmp_path)
    snap.create(attempt())
    snap.ask(attempt())
    assert bank.count("token") == asked
    assert bank.violations == []


def test_a_token_is_not_used_in_its_last_minute(
    snap: Snap, bank: FakeSnap, monkeypatch: pytest.MonkeyPatch
) -> None:
    snap.create(attempt())
    now = [0.0]
    from pos.payments import snap_call

    began = snap_call.clock.monotonic()
    monkeypatch.setattr(snap_call.clock, "monotonic", lambda: began + now[0])
    now[0] = 900 - 61 - 5
    snap.create(attempt())
    assert bank.count("token") == 1
    now[0] = 900 - 59
    snap.create(attempt())
    assert bank.count("token") == 2


def test_a_token_that_ended_early_is_replaced_once(snap: Snap, bank: FakeSnap) -> None:
    snap.create(attempt())
    bank.expire_tokens()
    wanted = attempt()
    assert snap.create(wanted).payload
    assert bank.count("token") == 2
    assert bank.count("generate") == 3
    assert bank.violations == []


def test_a_bank_that_goes_on_saying_401_is_asked_twice_and_no_more(snap: Snap, bank: FakeSnap) -> None:
    bank.fail("generate", "401", times=9)
    with pytest.raises(Refused, match="4014701"):
        snap.create(attempt())
    assert bank.count("generate") == 2
    bank.fail("query", "401", times=9)
    with pytest.raises(Unreachable):
        snap.ask(attempt())
    assert bank.count("query") == 2


@pytest.mark.parametrize(
    "fault", ["500", "429", "garbage", "hang", "drop", "list", "in-progress", "redirect"]
)
def test_without_a_token_nothing_was_sent(fault: str, snap: Snap, bank: FakeSnap) -> None:
    bank.fail("token", fault)
    with hurried(snap), pytest.raises((NotSent, Refused), match="no access token"):
        snap.create(attempt())
    assert bank.count("generate") == 0


def test_those_who_waited_for_a_token_in_vain_do_not_ask_one_after_the_other(
    snap: Snap, bank: FakeSnap
) -> None:
    bank.fail("token", "hang", times=6)
    with hurried(snap), ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(snap.ask, attempt()) for _ in range(6)]
    assert all(isinstance(future.exception(), Unreachable) for future in asked)
    assert bank.count("token") < 6


def test_wrong_keys_make_no_code_and_say_nothing_of_a_payment(
    banks: Banks, bank: FakeSnap, tmp_path: Path
) -> None:
    snap = shop(bank, tmp_path, client_key="SALAH")
    with pytest.raises(Refused, match="4017300"):
        snap.create(attempt())
    with pytest.raises(Unreachable):
        snap.ask(attempt())
    with pytest.raises(Unreachable):
        snap.find(attempt())


def test_a_wrong_secret_makes_no_code(bank: FakeSnap, tmp_path: Path) -> None:
    snap = shop(bank, tmp_path, client_secret="salah")
    with pytest.raises(Refused, match="4014700"):
        snap.create(attempt())
    assert bank.orders == {}


# -- signatures ----------------------------------------------------------------------------------------------


def test_the_published_example_of_a_call_gives_the_published_signature() -> None:
    # Midtrans documents its SNAP signature with these values.
    text = (
        "POST:/v1.0/debit/payment-host-to-host:gp9HjjEj813Y9JGoqwOeOPWbnt4CupvIJbU1Mmu4a11MNDZ7Sg5u9a:"
        "56fa5f4999ad8014de49d7898c1d1d53472569db8999de3c1b752a0dd181e98c:2020-01-01T00:00:00+07:00"
    )
    assert hmac_sha512("fdppqbF5wq7vVegyvsV1CROMv646nJ7A", text) == (
        "FSlidRHe4ow9qppNifGVQNcdv67lBjgCiP0BHylh+IKXo4fs2rHaGsFNUY0N8t0rPlZs4iAHAOCDklnCccwuJw=="
    )


def test_openssl_makes_the_same_signature_of_a_token_request(snap: Snap, tmp_path: Path) -> None:
    import base64

    text = "TOKO-CONTOH-1|2026-11-24T10:00:00+07:00"
    file = tmp_path / "our-key.pem"
    theirs = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", str(file)],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    assert rsa_sign(private_key(str(file), ""), text) == base64.b64encode(theirs).decode()


def test_numbers_of_requests_are_digits_and_never_come_again(snap: Snap, bank: FakeSnap) -> None:
    for _ in range(20):
        snap.ask(attempt())
    numbers = [headers["x-external-id"] for action, headers, _ in bank.requests if action == "query"]
    assert len(set(numbers)) == 20
    assert all(number.isdigit() and len(number) <= 36 for number in numbers)


def test_a_body_is_signed_as_it_is_sent(snap: Snap, bank: FakeSnap) -> None:
    # Letters beyond ASCII are where two ways of writing JSON part; the bank hashes what came.
    wanted = attempt()
    snap.create(wanted)
    bank.pay(wanted.our_reference)
    snap.refund(Refunding("K1", 1_000, "Résumé “rusak” 破", wanted, ""))
    assert bank.violations == []
