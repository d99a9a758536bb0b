"""The pretend bank: what it says of codes, how it misbehaves on request, and what it tells the shop."""

import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from pos import clock
from pos.domain.qris import MAX_QRIS, findings, parse
from pos.errors import NotFound, PosError
from pos.ids import new_id
from pos.payments import simulator as module
from pos.payments.base import Attempt, NotSent, Refunding, Refused, Unreachable
from pos.payments.simulator import Simulator
from pos.payments.simulator_bank import Bank


@pytest.fixture
def bank(data_dir: Path) -> Bank:
    return Bank(data_dir)


@pytest.fixture
def provider(data_dir: Path) -> Simulator:
    return Simulator(data_dir)


def attempt(amount: int = 25_000, seconds: float = 300) -> Attempt:
    now = clock.now()
    ours = Simulator(Path()).reference(new_id())
    return Attempt(ours, None, amount, now, now + timedelta(seconds=seconds), "K1")


def made(provider: Simulator, amount: int = 25_000, seconds: float = 300) -> tuple[Attempt, int]:
    """A code that was just made, and its number."""
    asked = attempt(amount, seconds)
    provider.create(asked)
    return asked, provider.bank.named("last").number


# Codes


def test_a_code_asks_for_exactly_the_amount_and_carries_our_reference(provider: Simulator) -> None:
    asked = attempt(37_500)
    code = provider.create(asked)
    assert findings(code.payload) == []
    read = parse(code.payload)
    assert (read.is_static, read.amount, read.get("62.05")) == (False, 37_500, asked.our_reference)
    assert code.their_reference == "SIM000000001"


@pytest.mark.parametrize("amount", [1, MAX_QRIS])
def test_the_least_and_the_largest_amount_get_a_code(provider: Simulator, amount: int) -> None:
    assert parse(provider.create(attempt(amount)).payload).amount == amount


@pytest.mark.parametrize("amount", [0, MAX_QRIS + 1])
def test_an_amount_that_qris_does_not_carry_gets_none(provider: Simulator, amount: int) -> None:
    with pytest.raises(Refused):
        provider.create(attempt(amount))


@given(st.uuids(), st.uuids())
def test_references_are_as_unique_as_the_ids_and_fit_into_the_code(one: UUID, other: UUID) -> None:
    refer = Simulator(Path()).reference
    assert len(refer(str(one))) == 25
    assert refer(str(one)).isalnum()
    assert (refer(str(one)) == refer(str(other))) == (one == other)


def test_a_code_asked_for_twice_is_the_same_code(provider: Simulator) -> None:
    asked = attempt()
    assert provider.create(asked) == provider.create(asked) == provider.find(asked)
    assert len(provider.bank.codes()) == 1


def test_a_code_that_was_never_made_is_not_found(provider: Simulator) -> None:
    assert provider.find(attempt()) is None
    assert provider.ask(attempt()).state == "not_found"


def test_only_the_owner_can_read_the_file_with_the_key(provider: Simulator, bank: Bank) -> None:
    made(provider)
    assert stat.S_IMODE(bank.file.stat().st_mode) == 0o600


# What buyers do


def test_a_paid_code_says_how_much_by_whom_and_when(provider: Simulator) -> None:
    asked, number = made(provider)
    assert provider.ask(asked).state == "waiting"
    provider.bank.pay(number)
    answer = provider.ask(asked)
    (money,) = answer.money
    assert (answer.state, money.amount) == ("paid", 25_000)
    assert money.reference.isdecimal()
    assert len(money.reference) == 12
    assert money.issuer in ("Bank Contoh", "Dompet Contoh")
    assert money.paid_at is not None


def test_paying_twice_gives_two_payments_with_numbers_of_their_own(provider: Simulator) -> None:
    asked, number = made(provider)
    provider.bank.pay_twice(number)
    one, other = provider.ask(asked).money
    assert one.reference != other.reference
    assert {one.issuer, other.issuer} == {"Bank Contoh", "Dompet Contoh"}
    provider.bank.pay_twice(number)
    assert len({money.reference for money in provider.ask(asked).money}) == 3


def test_a_paid_code_is_not_simply_paid_again(provider: Simulator) -> None:
    _, number = made(provider)
    provider.bank.pay(number)
    with pytest.raises(PosError, match="paid already"):
        provider.bank.pay(number)


def test_another_amount_is_reported_as_it_was_paid(provider: Simulator) -> None:
    asked, number = made(provider)
    provider.bank.pay(number, 24_000)
    assert [money.amount for money in provider.ask(asked).money] == [24_000]


def test_paying_late_needs_a_code_that_was_given_up(provider: Simulator) -> None:
    asked, number = made(provider)
    with pytest.raises(PosError, match="not given up"):
        provider.bank.pay_late(number)
    provider.cancel(asked)
    assert provider.ask(asked).state == "cancelled"
    with pytest.raises(PosError, match="given up"):
        provider.bank.pay(number)
    with pytest.raises(PosError, match="given up"):
        provider.bank.pay_twice(number)
    provider.bank.pay_late(number)
    assert provider.ask(asked).state == "paid"


def test_a_code_expires_and_can_still_be_paid_late(provider: Simulator) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-24T10:00:00+07:00"), tick=False) as time:
        asked, number = made(provider, seconds=60)
        time.shift(59)
        assert provider.ask(asked).state == "waiting"
        time.shift(1)
        assert provider.ask(asked).state == "expired"
        provider.bank.pay_late(number)
        assert [money.paid_at for money in provider.ask(asked).money] == [clock.now()]


def test_a_failed_payment_stays_failed(provider: Simulator) -> None:
    asked, number = made(provider)
    provider.bank.fail(number)
    assert provider.ask(asked).state == "failed"
    for act in (provider.bank.pay, provider.bank.pay_late, provider.bank.pay_twice, provider.bank.fail):
        with pytest.raises(PosError):
            act(number)


def test_a_paid_code_can_not_be_cancelled(provider: Simulator) -> None:
    asked, number = made(provider)
    provider.bank.pay(number)
    with pytest.raises(Refused):
        provider.cancel(asked)
    assert provider.ask(asked).state == "paid"


def test_a_code_is_named_by_its_number_either_reference_or_as_the_last(provider: Simulator) -> None:
    asked, number = made(provider)
    newest, _ = made(provider)
    for name in (str(number), "SIM000000001", "sim1", asked.our_reference, asked.our_reference.lower()):
        assert provider.bank.named(name).our_reference == asked.our_reference
    assert provider.bank.named("last").our_reference == newest.our_reference
    for name in ("", "3", "9" * 40, "²", "SIM", "nobody"):
        with pytest.raises(NotFound):
            provider.bank.named(name)


# The pretend buyer


def test_the_pretend_buyer_pays_when_the_time_has_come(provider: Simulator) -> None:
    provider.bank.set_auto(6)
    with time_machine.travel(clock.now(), tick=False) as time:
        asked = attempt()
        # Written past the provider, so that no thread of its own pays: only being asked does.
        provider.bank.add(asked, "payload")
        time.shift(5.9)
        assert provider.ask(asked).state == "waiting"
        time.shift(0.2)
        (money,) = provider.ask(asked).money
        assert money.amount == asked.amount
        assert money.paid_at == asked.created_at + timedelta(seconds=6)
        time.shift(60)
        assert len(provider.ask(asked).money) == 1


def test_the_pretend_buyer_pays_nothing_that_was_given_up_paid_or_switched_off(provider: Simulator) -> None:
    bank = provider.bank
    bank.set_auto(6)
    with time_machine.travel(clock.now(), tick=False) as time:
        cancelled, paid, short, off = attempt(), attempt(), attempt(seconds=3), attempt()
        for asked in (cancelled, paid, short, off):
            bank.add(asked, "payload")
        provider.cancel(cancelled)
        bank.pay(bank.named(paid.our_reference).number, 1)
        time.shift(4)
        bank.set_auto(None)
        time.shift(60)
        assert provider.ask(cancelled).state == "cancelled"
        assert [money.amount for money in provider.ask(paid).money] == [1]
        assert provider.ask(short).state == "expired"
        assert provider.ask(off).state == "waiting"


def test_a_new_demo_gets_a_pretend_buyer_and_an_old_one_keeps_what_was_set(data_dir: Path) -> None:
    bank = Bank(data_dir)
    assert bank.begin(6)
    assert bank.ways().auto == 6
    bank.set_auto(None)
    assert not Bank(data_dir).begin(6)
    assert Bank(data_dir).ways().auto is None


# Money back


def refunding(asked: Attempt, rrn: str, amount: int, key: str = "key") -> Refunding:
    return Refunding(key, amount, "rusak", asked, rrn)


def test_money_goes_back_once_a_key(provider: Simulator) -> None:
    asked, number = made(provider)
    provider.bank.pay(number)
    rrn = provider.ask(asked).money[0].reference
    first = provider.refund(refunding(asked, rrn, 20_000))
    assert first.state == "done"
    assert provider.refund(refunding(asked, rrn, 20_000)) == first
    assert provider.refund(refunding(asked, rrn, 20_000, "other")).state == "refused"
    assert provider.refund(refunding(asked, rrn, 5_000, "rest")).state == "done"
    assert provider.refund(refunding(asked, rrn, 1, "more")).state == "refused"


def test_nothing_goes_back_of_what_was_not_paid(provider: Simulator) -> None:
    asked, _ = made(provider)
    assert provider.refund(refunding(asked, "000000000000", 1)).state == "refused"


def test_ten_equal_requests_at_once_give_money_back_once(provider: Simulator) -> None:
    asked, number = made(provider, 10_000)
    provider.bank.pay(number)
    rrn = provider.ask(asked).money[0].reference
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: provider.refund(refunding(asked, rrn, 10_000)), range(10)))
    assert len({answer.reference for answer in answers}) == 1
    assert provider.refund(refunding(asked, rrn, 1, "second")).state == "refused"


# Trouble


def questions(provider: Simulator, asked: Attempt) -> list[Callable[[], object]]:
    return [
        lambda: provider.create(attempt()),
        lambda: provider.find(asked),
        lambda: provider.ask(asked),
        lambda: provider.cancel(asked),
        lambda: provider.refund(refunding(asked, "000000000000", 1)),
    ]


def test_out_of_reach_nothing_was_sent_and_nothing_happened(provider: Simulator) -> None:
    asked, _ = made(provider)
    provider.bank.set_trouble("down")
    for question in questions(provider, asked):
        with pytest.raises(NotSent):
            question()
    provider.bank.set_trouble("none")
    assert provider.ask(asked).state == "waiting"
    assert len(provider.bank.codes()) == 1


def test_a_lost_code_was_made_and_can_be_found(provider: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOST_AFTER", 0.01)
    provider.bank.set_trouble("lose-code")
    asked = attempt()
    with pytest.raises(Unreachable) as lost:
        provider.create(asked)
    assert not isinstance(lost.value, NotSent)
    found = provider.find(asked)
    assert found is not None
    assert parse(found.payload).amount == asked.amount


def test_a_bank_that_refuses_makes_no_code(provider: Simulator) -> None:
    provider.bank.set_trouble("refuse")
    with pytest.raises(Refused):
        provider.create(attempt())
    assert provider.bank.codes() == []


def test_a_bank_may_refuse_to_give_money_back(provider: Simulator) -> None:
    asked, number = made(provider)
    provider.bank.pay(number)
    rrn = provider.ask(asked).money[0].reference
    provider.bank.set_trouble("refuse-refund")
    assert provider.refund(refunding(asked, rrn, 1)).state == "refused"
    provider.bank.set_trouble("none")
    assert provider.refund(refunding(asked, rrn, 1)).state == "done"


def test_a_slow_bank_does_what_it_is_asked_and_answers_later(
    provider: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(module, "_pause", waited.append)
    provider.bank.set_trouble("slow", 3)
    asked = attempt()
    provider.create(asked)
    assert provider.ask(asked).state == "waiting"
    assert waited == [3, 3]


def test_who_waits_too_long_gives_up_and_the_code_is_there_nevertheless(
    provider: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(module, "_pause", waited.append)
    provider.bank.set_trouble("slow", 60)
    asked = attempt()
    with pytest.raises(Unreachable):
        provider.create(asked)
    assert waited == [module.PATIENCE]
    provider.bank.set_trouble("none")
    assert provider.find(asked) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda bank: bank.set_notify("sometimes"),
        lambda bank: bank.set_trouble("all"),
        lambda bank: bank.set_trouble("slow", 0),
        lambda bank: bank.set_trouble("slow", 61),
        lambda bank: bank.set_auto(-1),
        lambda bank: bank.set_auto(3_601),
        lambda bank: bank.set_auto(float("nan")),
    ],
)
def test_what_the_bank_can_not_do_is_refused(bank: Bank, wrong: Callable[[Bank], None]) -> None:
    before = bank.ways()
    with pytest.raises(PosError):
        wrong(bank)
    assert bank.ways() == before


# Several processes


def sell(folder: Path) -> int:
    """What one of several processes does: make codes, pay them, ask."""
    provider = Simulator(folder)
    paid = 0
    for _ in range(25):
        asked = attempt(1_000)
        provider.create(asked)
        provider.bank.pay(provider.bank.named(asked.our_reference).number)
        paid += sum(money.amount for money in provider.ask(asked).money)
    return paid


def test_several_processes_share_one_bank_and_no_number_is_given_twice(data_dir: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(sell, [data_dir] * 4)) == [25_000] * 4
    codes = Bank(data_dir).codes(1_000)
    assert len(codes) == 100
    assert len({code.money[0].reference for code in codes}) == 100
    assert len({code.number for code in codes}) == 100
