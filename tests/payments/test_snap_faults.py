"""Everything a payment company did to a till so far, and what the till may believe of it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pos.domain.qris import parse
from pos.payments.base import NotSent, ProviderError, Refunding, Refused, Unreachable
from pos.payments.snap import Snap
from tests.fake_snap import FakeSnap
from tests.payments.conftest import QUICK, attempt, hurried, shop

Banks = Callable[..., FakeSnap]

SAYS_NOTHING = [
    "hang",
    "drip",
    "lose",
    "drop",
    "500",
    "429",
    "garbage",
    "list",
    "huge",
    "redirect",
    "in-progress",
]


# -- making a code -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [*SAYS_NOTHING, "409"])
def test_an_answer_that_says_nothing_leaves_it_open_whether_a_code_was_made(
    fault: str, snap: Snap, bank: FakeSnap
) -> None:
    bank.fail("generate", fault)
    with hurried(snap), pytest.raises(Unreachable) as caught:
        snap.create(attempt())
    assert not isinstance(caught.value, NotSent)
    assert bank.count("generate") == 1


def test_a_slow_bank_is_waited_for(snap: Snap, bank: FakeSnap) -> None:
    bank.fail("generate", "slow")
    assert snap.create(attempt()).payload


def test_nobody_listening_means_that_nothing_was_sent(snap: Snap, bank: FakeSnap) -> None:
    snap.create(attempt())
    bank.close()
    with pytest.raises(NotSent):
        snap.create(attempt())
    with pytest.raises(NotSent):
        snap.ask(attempt())


def test_a_name_nobody_knows_means_that_nothing_was_sent(bank: FakeSnap, tmp_path: Path) -> None:
    snap = shop(bank, tmp_path, patience=QUICK, base_url="https://bank.invalid")
    with pytest.raises(NotSent):
        snap.create(attempt())


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("refused", "4034714 Insufficient Funds"),
        ("wrong-amount", "for 26000, we asked for 25000"),
        ("no-code", "no qrContent"),
        ("not-qris", "can't be read"),
        ("other-reference", "made a code for LAIN"),
    ],
)
def test_a_code_that_is_not_what_was_asked_for_is_refused(
    fault: str, why: str, snap: Snap, bank: FakeSnap
) -> None:
    bank.fail("generate", fault)
    with pytest.raises(Refused, match=why):
        snap.create(attempt())
    assert bank.count("generate") == 1


def test_a_code_with_a_wrong_checksum_is_refused(
    snap: Snap, bank: FakeSnap, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests import fake_snap

    whole = fake_snap.qris
    monkeypatch.setattr(
        fake_snap, "qris", lambda *a: whole(*a)[:-4] + ("0000" if whole(*a)[-4:] != "0000" else "1111")
    )
    with pytest.raises(Refused, match="checksum"):
        snap.create(attempt())


# -- the answer was lost -------------------------------------------------------------------------------------


def test_a_code_whose_answer_was_lost_is_found_when_the_bank_tells_it_again(
    snap: Snap, bank: FakeSnap
) -> None:
    wanted = attempt()
    bank.fail("generate", "lose")
    with hurried(snap), pytest.raises(Unreachable):
        snap.create(wanted)
    bank.fail("query", "with-code")
    found = snap.find(wanted)
    assert found is not None
    assert parse(found.payload).amount == wanted.amount
    assert found.their_reference == bank.orders[wanted.our_reference].number


def test_a_code_whose_answer_was_lost_is_not_made_twice(snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    bank.fail("generate", "lose")
    with hurried(snap), pytest.raises(Unreachable):
        snap.create(wanted)
    assert snap.find(wanted) is None
    with hurried(snap), pytest.raises(Unreachable, match="4094701"):
        snap.create(wanted)
    assert len(bank.orders) == 1
    bank.pay(wanted.our_reference)
    assert [money.amount for money in snap.ask(wanted).money] == [25_000]


def test_a_code_that_was_never_made_is_not_found(snap: Snap) -> None:
    assert snap.find(attempt()) is None
    assert snap.ask(attempt()).state == "not_found"


@pytest.mark.parametrize("fault", SAYS_NOTHING[:-1])
def test_to_look_for_a_code_in_vain_is_not_to_find_none(fault: str, snap: Snap, bank: FakeSnap) -> None:
    bank.fail("query", fault)
    with hurried(snap), pytest.raises(Unreachable):
        snap.find(attempt())


# -- asking --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [*SAYS_NOTHING[:-1], "409"])
def test_an_answer_that_says_nothing_changes_nothing(fault: str, snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    snap.create(wanted)
    bank.pay(wanted.our_reference)
    bank.fail("query", fault)
    with hurried(snap), pytest.raises(Unreachable):
        snap.ask(wanted)
    assert snap.ask(wanted).state == "paid"


def test_a_bank_that_is_still_at_it_is_waited_for(snap: Snap, bank: FakeSnap) -> None:
    bank.fail("query", "in-progress")
    answer = snap.ask(attempt())
    assert (answer.state, answer.money, answer.doubt) == ("waiting", (), "")


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("wrong-merchant", "another merchant"),
        ("wrong-currency", "currency"),
        ("no-amount", "how much"),
        ("sen", "whole rupiah"),
        ("unknown-status", "do not know"),
        ("other-reference", "another payment"),
    ],
)
def test_money_that_is_not_beyond_doubt_is_for_a_person(
    fault: str, word: str, snap: Snap, bank: FakeSnap
) -> None:
    wanted = attempt()
    snap.create(wanted)
    bank.pay(wanted.our_reference)
    bank.fail("query", fault)
    answer = snap.ask(wanted)
    assert answer.state == "waiting"
    assert answer.money == ()
    assert word in answer.doubt
    assert snap.ask(wanted).state == "paid"


def test_another_amount_is_told_as_it_is(snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    snap.create(wanted)
    bank.pay(wanted.our_reference)
    bank.fail("query", "wrong-amount")
    assert [money.amount for money in snap.ask(wanted).money] == [24_999]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("01", "waiting"),
        ("02", "waiting"),
        ("03", "waiting"),
        ("04", "failed"),
        ("05", "cancelled"),
        ("06", "failed"),
        ("07", "not_found"),
    ],
)
def test_each_state_of_the_standard_is_read(status: str, state: str, snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    snap.create(wanted)
    bank.orders[wanted.our_reference].status = status
    answer = snap.ask(wanted)
    assert (answer.state, answer.money) == (state, ())


@pytest.mark.parametrize(
    ("profile", "status", "state"),
    [
        ("midtrans_snap", "08", "expired"),
        ("midtrans_snap", "09", "failed"),
        ("standard", "08", "waiting"),
        ("winpay", "07", "waiting"),
        # What Manjo's notifications call paid is pending in its answers.
        ("manjo", "03", "waiting"),
    ],
)
def test_a_state_means_what_the_profile_says(
    profile: str, status: str, state: str, banks: Banks, tmp_path: Path
) -> None:
    bank = banks(digits_only=profile != "midtrans_snap")
    snap = shop(bank, tmp_path, profile=profile)
    wanted = attempt()
    snap.create(wanted)
    bank.orders[wanted.our_reference].status = status
    assert snap.ask(wanted).state == state


def test_an_expired_code_may_be_told_by_403(snap: Snap, bank: FakeSnap) -> None:
    bank.fail("query", "expired-403")
    assert snap.ask(attempt()).state == "expired"


# -- cancel and refund ---------------------------------------------------------------------------------------


def test_a_cancelled_code_is_of_no_use_any_more(snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    snap.create(wanted)
    snap.cancel(wanted)
    assert snap.ask(wanted).state == "cancelled"
    snap.cancel(attempt())


def test_a_paid_code_is_not_cancelled(snap: Snap, bank: FakeSnap) -> None:
    wanted = attempt()
    snap.create(wanted)
    bank.pay(wanted.our_reference)
    with pytest.raises(Refused):
        snap.cancel(wanted)
    assert snap.ask(wanted).state == "paid"


@pytest.mark.parametrize("fault", SAYS_NOTHING)
def test_whether_a_code_was_cancelled_is_open_without_an_answer(
    fault: str, snap: Snap, bank: FakeSnap
) -> None:
    bank.fail("cancel", fault)
    with hurried(snap), pytest.raises(Unreachable):
        snap.cancel(attempt())


def paid(snap: Snap, bank: FakeSnap, key: str = "0197f3c2-1a2b-7c3d-8e4f-5a6b7c8d9e0f") -> Refunding:
    """A payment of 25.000 of which 10.000 are to be given back."""
    wanted = attempt()
    code = snap.create(wanted)
    bank.pay(wanted.our_reference)
    return Refunding(key, 10_000, "rusak", replace(wanted, their_reference=code.their_reference), "")


def given(bank: FakeSnap, asked: Refunding) -> list[str]:
    """What the bank gave back for a payment."""
    return [entry["refundAmount"]["value"] for entry in bank.orders[asked.attempt.our_reference].refunds]


def test_money_asked_back_twice_with_one_key_is_given_once(snap: Snap, bank: FakeSnap) -> None:
    asked = paid(snap, bank)
    first, second = snap.refund(asked), snap.refund(asked)
    assert first.state == second.state == "done"
    assert first.reference == second.reference
    assert given(bank, asked) == ["10000.00"]
    assert bank.violations == []


@pytest.mark.parametrize("fault", ["lose", "hang"])
def test_a_refund_whose_answer_was_lost_is_not_given_twice(fault: str, snap: Snap, bank: FakeSnap) -> None:
    asked = paid(snap, bank)
    bank.fail("refund", fault)
    with hurried(snap), pytest.raises(Unreachable):
        snap.refund(asked)
    assert snap.refund(asked).state == "done"
    assert given(bank, asked) == ["10000.00"]


def test_a_refund_under_way_is_waited_for_and_may_fail_later(snap: Snap, bank: FakeSnap) -> None:
    asked = paid(snap, bank)
    snap.refund(asked)
    entry = bank.orders[asked.attempt.our_reference].refunds[0]
    entry["refundStatus"] = "03"
    assert snap.refund(asked).state == "waiting"
    entry["refundStatus"] = "06"
    assert snap.refund(asked).state == "refused"
    del bank.orders[asked.attempt.our_reference].refunds[0]
    bank.fail("refund", "409")
    assert snap.refund(asked).state == "waiting"
    bank.fail("refund", "in-progress")
    assert snap.refund(asked).state == "waiting"


def test_a_refund_that_the_bank_does_not_want_says_why(snap: Snap, bank: FakeSnap) -> None:
    asked = paid(snap, bank)
    bank.fail("refund", "refused")
    told = snap.refund(asked)
    assert (told.state, told.reason) == ("refused", "4037814 Insufficient Funds")
    too_much = replace(asked, amount=25_001, key="B1")
    assert snap.refund(too_much).state == "refused"
    assert given(bank, asked) == []


# -- secrets -------------------------------------------------------------------------------------------------


def test_no_secret_is_in_any_log_or_error_even_when_everything_fails(
    bank: FakeSnap, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    snap = shop(bank, tmp_path, patience=QUICK)
    wanted = attempt()
    snap.create(wanted)
    bank.pay(wanted.our_reference)
    said: list[str] = []
    works: list[Callable[[], object]] = [
        lambda: snap.create(attempt()),
        lambda: snap.find(wanted),
        lambda: snap.ask(wanted),
        lambda: snap.cancel(wanted),
        lambda: snap.refund(Refunding("A1", 1, "x", wanted, "")),
    ]
    for fault in [*SAYS_NOTHING, "401", "409", "refused", "no-amount", "wrong-merchant", "not-qris"]:
        for action in ("token", "generate", "query", "cancel", "refund"):
            bank.fail(action, fault, times=2)
        for work in works:
            try:
                said.append(repr(work()))
            except ProviderError as error:
                said.append(repr(error) + error.detail)
                logging.getLogger("tests").exception("it failed", exc_info=error)
        bank.heal()
        bank.expire_tokens()
    text = "\n".join([*said, caplog.text, repr(snap), repr(snap._caller.settings)])
    signatures = {headers["x-signature"] for _, headers, _ in bank.requests}
    assert len(bank.tokens) > 3
    for secret in (bank.client_secret, *bank.tokens, *signatures):
        assert secret not in text
    assert "PRIVATE KEY" not in text
