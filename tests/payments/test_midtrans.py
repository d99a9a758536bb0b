"""Midtrans' Core API, against a gateway of the tests."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pos.domain.qris import parse
from pos.payments.base import Attempt, BadNotice, NotSent, ProviderError, Refunding, Refused, Unreachable
from pos.payments.http import Patience
from pos.payments.midtrans import Midtrans
from pos.settings import MidtransSettings, SettingsError
from tests.fake_midtrans import FakeMidtrans
from tests.payments.conftest import QUICK, attempt

SAYS_NOTHING = ["hang", "lose", "429", "500", "garbage"]


@pytest.fixture
def gateway() -> Iterator[FakeMidtrans]:
    with FakeMidtrans() as one:
        yield one


def provider(gateway: FakeMidtrans, patience: Patience | None = None) -> Midtrans:
    settings = MidtransSettings(gateway.url, gateway.server_key)
    return Midtrans(settings, patience=patience or Patience(2.0, 3.0, 4.0))


@pytest.fixture
def midtrans(gateway: FakeMidtrans) -> Midtrans:
    return provider(gateway)


@pytest.fixture
def hasty(gateway: FakeMidtrans) -> Midtrans:
    return provider(gateway, QUICK)


def sold(midtrans: Midtrans, gateway: FakeMidtrans) -> Attempt:
    """A paid attempt."""
    wanted = attempt()
    code = midtrans.create(wanted)
    gateway.settle(wanted.our_reference)
    return replace(wanted, their_reference=code.their_reference)


def test_a_code_is_made_paid_and_found_paid(midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = attempt(38_000)
    code = midtrans.create(wanted)
    assert parse(code.payload).amount == 38_000
    assert midtrans.ask(wanted).state == "waiting"
    number = gateway.settle(wanted.our_reference)
    answer = midtrans.ask(wanted)
    [money] = answer.money
    assert (answer.state, money.reference, money.amount, money.issuer) == ("paid", number, 38_000, "gopay")
    assert code.their_reference == number
    assert gateway.violations == []


def test_a_fee_on_top_is_left_out(midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = attempt()
    midtrans.create(wanted)
    gateway.settle(wanted.our_reference, fee=175)
    assert [money.amount for money in midtrans.ask(wanted).money] == [25_000]


@pytest.mark.parametrize("fault", SAYS_NOTHING)
def test_an_answer_that_says_nothing_leaves_everything_open(
    fault: str, hasty: Midtrans, gateway: FakeMidtrans
) -> None:
    works: dict[str, Callable[[], object]] = {
        "charge": lambda: hasty.create(attempt()),
        "status": lambda: hasty.ask(attempt()),
        "expire": lambda: hasty.cancel(attempt()),
        "refund": lambda: hasty.refund(Refunding("A1", 1, "", attempt(), "")),
    }
    for action, work in works.items():
        gateway.fail(action, fault)
        with pytest.raises(Unreachable) as caught:
            work()
        assert not isinstance(caught.value, NotSent)


def test_a_code_whose_answer_was_lost_is_had_again(hasty: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = attempt()
    gateway.fail("charge", "lose")
    with pytest.raises(Unreachable):
        hasty.create(wanted)
    code = provider(gateway).find(wanted)
    assert code is not None
    assert parse(code.payload).amount == wanted.amount
    assert len(gateway.orders) == 1


def test_nothing_is_found_where_nothing_was_made_or_all_is_over(
    midtrans: Midtrans, gateway: FakeMidtrans
) -> None:
    wanted = attempt()
    assert midtrans.find(wanted) is None
    assert gateway.orders == {}
    midtrans.create(wanted)
    midtrans.cancel(wanted)
    assert midtrans.find(wanted) is None


def test_an_order_that_is_there_already_must_be_looked_for(midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = attempt()
    midtrans.create(wanted)
    gateway._kept.clear()
    with pytest.raises(Unreachable, match="406"):
        midtrans.create(wanted)


@pytest.mark.parametrize(
    ("fault", "why"), [("402", "402"), ("401", "401"), ("wrong-amount", "25001"), ("no-code", "qrContent")]
)
def test_a_code_that_is_not_what_was_asked_for_is_refused(
    fault: str, why: str, midtrans: Midtrans, gateway: FakeMidtrans
) -> None:
    gateway.fail("charge", fault)
    with pytest.raises(Refused, match=why):
        midtrans.create(attempt())


@pytest.mark.parametrize("fault", ["challenge", "other-order", "not-idr"])
def test_money_that_is_not_beyond_doubt_is_for_a_person(
    fault: str, midtrans: Midtrans, gateway: FakeMidtrans
) -> None:
    wanted = sold(midtrans, gateway)
    gateway.fail("status", fault)
    answer = midtrans.ask(wanted)
    assert (answer.state, answer.money) == ("waiting", ())
    assert answer.doubt
    assert midtrans.ask(wanted).state == "paid"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("expire", "expired"), ("cancel", "cancelled"), ("deny", "failed"), ("refund", "failed"),
        ("capture", "waiting"), ("authorize", "waiting"),
    ],
)  # fmt: skip
def test_each_state_is_read(status: str, state: str, midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = attempt()
    midtrans.create(wanted)
    gateway.orders[wanted.our_reference].status = status
    answer = midtrans.ask(wanted)
    assert (answer.state, answer.money) == (state, ())


def test_wrong_keys_say_nothing_of_a_payment(midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    gateway.fail("status", "401")
    with pytest.raises(Unreachable):
        midtrans.ask(attempt())
    assert midtrans.ask(attempt()).state == "not_found"


def test_only_a_code_that_waits_can_be_ended(midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = attempt()
    midtrans.create(wanted)
    midtrans.cancel(wanted)
    midtrans.cancel(attempt())
    assert midtrans.ask(wanted).state == "expired"
    with pytest.raises(Refused, match="412"):
        midtrans.cancel(sold(midtrans, gateway))


def test_money_asked_back_twice_with_one_key_is_given_once(midtrans: Midtrans, gateway: FakeMidtrans) -> None:
    wanted = sold(midtrans, gateway)
    asked = Refunding("0197f3c2-1a2b-7c3d-8e4f-5a6b7c8d9e0f", 10_000, "rusak\n", wanted, "")
    gateway.fail("refund", "lose")
    with pytest.raises(Unreachable):
        midtrans.refund(asked)
    assert [midtrans.refund(asked).state for _ in range(2)] == ["done", "done"]
    assert [entry["refund_amount"] for entry in gateway.orders[wanted.our_reference].refunds] == ["10000.00"]
    # Part of it was given back; the payment as such did come.
    assert [money.amount for money in midtrans.ask(wanted).money] == [25_000]
    assert midtrans.refund(replace(asked, key="B1", amount=15_001)).state == "refused"
    assert midtrans.refund(replace(asked, key="B2", amount=15_000)).state == "done"


def test_a_notification_makes_us_ask_only_with_the_right_key(
    midtrans: Midtrans, gateway: FakeMidtrans
) -> None:
    wanted = sold(midtrans, gateway)
    at = datetime.now(UTC)
    for _ in range(3):
        notice = midtrans.read_notice(
            "/webhooks/qris/midtrans/", {}, gateway.notice(wanted.our_reference), at
        )
        assert notice.our_reference == wanted.our_reference
    right = json.loads(gateway.notice(wanted.our_reference))
    bad = [
        gateway.notice(wanted.our_reference, key="lain"),
        json.dumps(right | {"gross_amount": "25000"}).encode(),
        json.dumps(right | {"signature_key": ""}).encode(),
        json.dumps(right | {"signature_key": None}).encode(),
        json.dumps(right | {"signature_key": "ü"}).encode(),
        json.dumps(right | {"order_id": 1}).encode(),
        b"{}",
    ]
    for body in bad:
        with pytest.raises(BadNotice) as caught:
            midtrans.read_notice("/", {}, body, at)
        assert caught.value.reply.status == 401
    for body in (b"", b"[]", b"x" * 70_000):
        with pytest.raises(BadNotice) as caught:
            midtrans.read_notice("/", {}, body, at)
        assert caught.value.reply.status == 400
    assert midtrans.acknowledge(known=False).status == midtrans.acknowledge(known=True).status == 200


@pytest.mark.parametrize(
    ("url", "poll", "sandbox"),
    [
        ("https://api.midtrans.com", 10, False),
        ("https://api.sandbox.midtrans.com", 10, True),
        ("http://127.0.0.1:1", 0, True),
    ],
)
def test_the_address_says_whether_money_is_real(url: str, poll: float, sandbox: bool) -> None:
    one = Midtrans(MidtransSettings(url, "kunci"))
    assert (one.minimum_poll, one.sandbox) == (poll, sandbox)


def test_a_key_of_two_lines_stops_the_start() -> None:
    with pytest.raises(SettingsError, match=r"qris\.midtrans\.server_key"):
        Midtrans(MidtransSettings("https://api.midtrans.com", "satu\ndua"))


def test_the_server_key_is_in_no_log_and_no_error(
    gateway: FakeMidtrans, caplog: pytest.LogCaptureFixture
) -> None:
    import base64

    caplog.set_level(logging.DEBUG)
    midtrans = provider(gateway, QUICK)
    said = []
    for fault in [*SAYS_NOTHING, "401", "402", "no-code", "challenge"]:
        for action in ("charge", "status", "expire", "refund"):
            gateway.fail(action, fault)
        for work in (midtrans.create, midtrans.ask, midtrans.cancel, midtrans.find):
            try:
                said.append(repr(work(attempt())))
            except ProviderError as error:
                said.append(error.detail)
                logging.getLogger("tests").exception("it failed")
        gateway._faults.clear()
    text = "\n".join([*said, caplog.text])
    assert gateway.server_key not in text
    assert base64.b64encode(f"{gateway.server_key}:".encode()).decode() not in text
