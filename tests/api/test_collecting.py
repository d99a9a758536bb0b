"""QRIS payments that a provider confirms, and everything that keeps them from it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from pos import clock
from pos.operations import tasks
from pos.payments import desk as desks
from pos.payments.base import Money, NotSent, Refused, Unreachable
from pos.payments.desk import Desk
from tests.factories import Shop, cart
from tests.scripted import Scripted
from tests.support.collecting import MACHINE, later, payments, status, waiting, work


@pytest.fixture
def machine() -> dict[str, Any]:
    return MACHINE


def test_the_sale_completes_by_itself_with_the_number_and_the_bank(
    till: Shop, bank: Scripted, time: Traveller
) -> None:
    sale, ours = waiting(till)
    later(till, time)
    assert status(till, sale) == "awaiting_payment"
    bank.pay(ours, 30_000, "632818711453")
    later(till, time)
    done = till.get(f"/sales/{sale}")
    assert (done["status"], done["number"], done["qris"]["reference"]) == (
        "completed",
        "K1-000001",
        "632818711453",
    )
    (payment,) = payments(till, sale)
    assert (payment["status"], payment["paid_amount"], payment["confirmed_by"]) == ("paid", 30_000, None)
    stock = till.stock("KTO-100")
    assert (stock["on_hand"], stock["reserved"]) == (198, 0)
    receipt = till.get(f"/sales/{sale}/receipt.txt").content.decode()
    assert "632818711453" in receipt
    assert "manual" not in receipt


def test_an_answer_that_comes_ten_times_at_once_completes_once(
    till: Shop, bank: Scripted, time: Traveller
) -> None:
    sale, ours = waiting(till)
    bank.pay(ours, 30_000)
    desk: Desk = till.app.extensions["qris"]
    payment = payments(till, sale)[0]["id"]
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: desk._withdraw(payment), range(10)))
    later(till, time)
    assert till.get(f"/sales/{sale}")["number"] == "K1-000001"
    assert [item["status"] for item in payments(till, sale)] == ["paid"]
    assert till.stock("KTO-100")["on_hand"] == 198


def test_a_cancel_that_meets_a_payment_loses(till: Shop, bank: Scripted) -> None:
    sale, _ = waiting(till)
    bank.on_cancel = [Money("R9", 30_000)]
    answer = till.post(f"/sales/{sale}/cancel", who="cashier")
    assert (answer.status, answer.code, answer["sale"]["status"]) == (409, "sale_not_waiting", "completed")


def test_a_cancel_goes_through_when_the_provider_is_away(till: Shop, bank: Scripted) -> None:
    sale, _ = waiting(till)
    bank.trouble = {"ask": Unreachable("away"), "cancel": Unreachable("away")}
    assert till.post(f"/sales/{sale}/cancel", who="cashier")["status"] == "cancelled"


def test_a_code_expires_only_after_a_last_question(till: Shop, bank: Scripted, time: Traveller) -> None:
    sale, ours = waiting(till)
    time.shift(299)
    bank.pay(ours, 30_000)
    time.shift(200)
    till.keep_house()
    assert status(till, sale) == "awaiting_payment"
    work(till)
    assert status(till, sale) == "completed"


def test_a_code_expires_when_nobody_answers_for_long(till: Shop, bank: Scripted, time: Traveller) -> None:
    sale, ours = waiting(till)
    bank.trouble["ask"] = Unreachable("away")
    later(till, time, 301)
    assert status(till, sale) == "awaiting_payment"
    for _ in range(12):
        later(till, time, 5)
    assert status(till, sale) == "expired"
    bank.trouble.clear()
    bank.pay(ours, 30_000)
    later(till, time, 60)
    assert payments(till, sale)[0]["status"] == "late"


def test_without_a_provider_nothing_is_written_and_the_id_stays_free(till: Shop, bank: Scripted) -> None:
    bank.trouble["create"] = NotSent("connection refused")
    body = cart({"KTO-100": 1}, qris=True)
    till.refused(503, "provider_unavailable", "/sales", body, who="cashier")
    bank.trouble["create"] = Refused("merchant blocked")
    till.refused(503, "provider_unavailable", "/sales", body, who="cashier")
    cash = body | {"tenders": [{"method": "cash", "amount": 15_000}]}
    assert till.post("/sales", cash, who="cashier").status == 201


def test_a_code_whose_answer_was_lost_is_found_again(till: Shop, bank: Scripted) -> None:
    bank.trouble["create"] = Unreachable("timed out")
    sale = till.sell({"KTO-100": 1}, qris=True)
    assert bank.calls[:2] == ["create", "find"]
    assert till.get(f"/sales/{sale['id']}")["qris"]["payload"]


def test_a_slow_provider_is_waited_for_while_the_goods_are_reserved(
    till: Shop, bank: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "PATIENCE", 0.05)
    bank.slow = threading.Event()
    sale = till.sell({"KTO-100": 1}, qris=True)["id"]
    seen = till.get(f"/sales/{sale}")
    assert (seen["status"], seen["qris"]["payload"]) == ("awaiting_payment", None)
    assert till.stock("KTO-100")["reserved"] == 1
    bank.slow.set()
    till.app.extensions["qris"].close()
    assert till.get(f"/sales/{sale}")["qris"]["payload"]


def test_a_slow_provider_that_refuses_in_the_end_frees_the_goods(
    till: Shop, bank: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "PATIENCE", 0.05)
    bank.slow, bank.trouble["create"] = threading.Event(), Refused("no")
    sale = till.sell({"KTO-100": 1}, qris=True)["id"]
    bank.slow.set()
    till.app.extensions["qris"].close()
    assert (status(till, sale), payments(till, sale)[0]["status"]) == ("cancelled", "failed")
    assert till.stock("KTO-100")["reserved"] == 0


def test_a_code_that_a_killed_process_was_making_is_looked_for_after_the_start(
    till: Shop, bank: Scripted, monkeypatch: pytest.MonkeyPatch, time: Traveller
) -> None:
    monkeypatch.setattr(desks, "PATIENCE", 0.05)
    monkeypatch.setattr(desks.Making, "_record", lambda _self: None)
    bank.slow = threading.Event()
    sale = till.sell({"KTO-100": 1}, qris=True)["id"]
    bank.slow.set()
    till.app.extensions["qris"].close()
    work(till)
    assert till.get(f"/sales/{sale}")["qris"]["payload"] is None, "another process may still be asking"
    later(till, time, 61)
    assert till.get(f"/sales/{sale}")["qris"]["payload"]


def test_what_the_provider_says_oddly_is_never_taken_for_paid(
    till: Shop, bank: Scripted, time: Traveller
) -> None:
    sale, ours = waiting(till)
    bank.pay(ours, 30_000)
    bank.doubts[ours] = "another merchant"
    later(till, time)
    assert status(till, sale) == "awaiting_payment"


@pytest.mark.parametrize(
    ("said", "becomes"), [("expired", "expired"), ("failed", "cancelled"), ("cancelled", "cancelled")]
)
def test_the_provider_may_end_a_code_before_its_time(
    till: Shop, bank: Scripted, time: Traveller, said: Any, becomes: str
) -> None:
    sale, ours = waiting(till)
    bank.states[ours] = said
    later(till, time)
    assert (status(till, sale), payments(till, sale)[0]["status"]) == (becomes, said)


def test_a_hand_confirmed_payment_is_verified_when_the_provider_says_so_too(
    till: Shop, bank: Scripted, time: Traveller
) -> None:
    sale, ours = waiting(till)
    bank.trouble["ask"] = Unreachable("away")
    assert (
        till.post(f"/sales/{sale}/confirm", {"reference": "APP-77"}, who="cashier")["status"] == "completed"
    )
    assert payments(till, sale)[0]["verified_by"] is None
    bank.trouble.clear()
    bank.pay(ours, 30_000, "RRN-88")
    later(till, time, 60)
    later(till, time, 60)
    (payment,) = payments(till, sale)
    assert (payment["verified_by"], payment["reference"]) == ("provider", "APP-77")


def test_only_a_signed_notification_makes_us_ask_and_none_moves_money(
    till: Shop, bank: Scripted, time: Traveller
) -> None:
    sale, ours = waiting(till)
    later(till, time)
    bank.pay(ours, 30_000)
    work(till)
    asked = bank.calls.count("ask")

    def send(signature: str, reference: str) -> int:
        return till.client.post(
            "/webhooks/qris/simulator/notify", data=reference, headers={"X-Signature": signature}
        ).status_code

    assert send("forged", ours) == 401
    assert send("right", "NOT-OURS") == 404
    work(till)
    assert bank.calls.count("ask") == asked
    assert [send("right", ours) for _ in range(3)] == [200, 200, 200]
    assert status(till, sale) == "awaiting_payment"
    work(till)
    assert status(till, sale) == "completed"


def test_a_paid_code_is_asked_about_seldom_and_after_an_hour_no_more(
    till: Shop, bank: Scripted, time: Traveller
) -> None:
    _, ours = waiting(till)
    bank.pay(ours, 30_000)
    later(till, time)
    bank.calls.clear()
    # An hour, and the longest pause between two questions.
    for _ in range(150):
        later(till, time, 30)
    assert 3 <= bank.calls.count("ask") <= 12
    with till.app.app_context():
        assert tasks.due(["simulator"], clock.now() + timedelta(days=1), 10) == []
