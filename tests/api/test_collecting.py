"""QRIS payments that a provider confirms: what comes, late, twice or wrong, and what goes back."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from pos import clock
from pos.db import transaction
from pos.operations import tasks
from pos.operations.verify import verify
from pos.payments import desk as desks
from pos.payments.base import Money, NotSent, Refunded, Refused, Unreachable
from pos.payments.desk import Desk
from tests.cast import approval
from tests.factories import Body, Shop, back, cart, new_id
from tests.scripted import Scripted


@pytest.fixture
def machine() -> dict[str, Any]:
    return {"qris": {"provider": "simulator", "expires_after": 300}}


@pytest.fixture
def bank(till: Shop) -> Iterator[Scripted]:
    """The provider; afterwards the books must be right, whatever happened."""
    scripted = Scripted()
    desk: Desk = till.app.extensions["qris"]
    desk._providers = {"simulator": scripted, "snap": None, "midtrans": None, "static": None}
    with closing(desk):
        yield scripted
    with till.app.app_context():
        assert [str(problem) for problem in verify().problems] == []


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


def work(shop: Shop) -> None:
    """Do what the collector does: ask everything that is due."""
    desk: Desk = shop.app.extensions["qris"]
    with shop.app.app_context():
        for task_id in tasks.due(desk.reached(), clock.now(), 50):
            with transaction():
                task = tasks.claim(task_id, desk.holder, clock.now())
            if task is not None:
                desk.carry_out(task)


def later(shop: Shop, time: time_machine.Traveller, seconds: float = 6) -> None:
    time.shift(seconds)
    work(shop)


def waiting(shop: Shop, goods: dict[str, int] | None = None) -> tuple[str, str]:
    """A sale that waits; its id and our reference at the provider."""
    sale = shop.sell(goods or {"KTO-100": 2}, qris=True)
    payment = (
        sale["qris"]["payment"]
        if "qris" in sale.body
        else shop.get(f"/sales/{sale['id']}")["qris"]["payment"]
    )
    return str(sale["id"]), str(payment).replace("-", "").upper()


def payments(shop: Shop, sale: str) -> list[Body]:
    return [item for item in shop.get("/payments")["items"] if item["sale"] == sale]


def status(shop: Shop, sale: str) -> str:
    return str(shop.get(f"/sales/{sale}")["status"])


def test_the_sale_completes_by_itself_with_the_number_and_the_bank(
    till: Shop, bank: Scripted, time: time_machine.Traveller
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
    till: Shop, bank: Scripted, time: time_machine.Traveller
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


def test_another_amount_never_completes_the_sale_and_is_kept(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    bank.pay(ours, 29_999)
    later(till, time)
    assert status(till, sale) == "cancelled"
    (payment,) = payments(till, sale)
    assert (payment["status"], payment["paid_amount"], payment["why"]) == ("late", 29_999, "amount")
    assert till.stock("KTO-100")["reserved"] == 0
    till.refused(
        409,
        "payment_mismatch",
        f"/payments/{payment['id']}/attach",
        {"id": new_id(), "reason": "salah jumlah"},
    )


def test_money_after_the_end_is_late_and_can_pay_its_sale_after_all(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    later(till, time, 301)
    assert status(till, sale) == "expired"
    bank.pay(ours, 30_000)
    later(till, time, 46)
    (payment,) = payments(till, sale)
    assert (payment["status"], payment["why"], payment["decision"]) == ("late", "late", None)
    assert status(till, sale) == "expired"
    path, body = f"/payments/{payment['id']}/attach", {"id": new_id(), "reason": "pembeli masih di sini"}
    till.refused(403, "approval_needed", path, body, who="cashier")
    assert till.post(path, body | {"approval": approval()}, who="cashier").status == 201
    assert (status(till, sale), payments(till, sale)[0]["status"]) == ("completed", "paid")
    assert till.post(path, body | {"approval": approval()}, who="cashier").status == 200
    till.refused(409, "payment_decided", path, {"id": new_id(), "reason": "lagi"})


def test_late_money_can_pay_another_waiting_sale_of_the_same_amount(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    first, ours = waiting(till)
    assert till.post(f"/sales/{first}/cancel", who="cashier").status == 200
    bank.pay(ours, 30_000)
    second, _ = waiting(till)
    later(till, time, 46)
    late = payments(till, first)[0]["id"]
    dear, _ = waiting(till, {"KTP-100": 2})
    till.refused(
        409, "payment_mismatch", f"/payments/{late}/attach", {"id": new_id(), "reason": "x", "sale": dear}
    )
    answer = till.post(f"/payments/{late}/attach", {"id": new_id(), "reason": "bayar dobel", "sale": second})
    assert (answer.status, answer["sale"], answer["status"]) == (201, second, "paid")
    assert (status(till, first), status(till, second), status(till, dear)) == (
        "cancelled",
        "completed",
        "awaiting_payment",
    )
    assert sorted(item["status"] for item in payments(till, second)) == ["cancelled", "paid"]


def test_a_second_payment_of_one_code_is_a_row_of_its_own_that_goes_back(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    bank.pay(ours, 30_000, "A")
    later(till, time)
    bank.pay(ours, 30_000, "B")
    later(till, time, 61)
    first, second = sorted(payments(till, sale), key=lambda item: str(item["reference"]))
    assert (first["status"], second["status"], second["why"]) == ("paid", "late", "twice")
    give = {"id": new_id(), "reason": "terbayar dua kali", "method": "provider"}
    assert till.post(f"/payments/{second['id']}/refund", give).status == 201
    work(till)
    assert list(bank.given.values()) == [30_000]
    assert till.get("/payments/?status=refunded".replace("/?", "?"))["items"][0]["reference"] == "B"
    assert status(till, sale) == "completed"


def test_late_money_goes_back_in_cash_as_a_pay_out(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    till.post(f"/sales/{sale}/cancel", who="cashier")
    bank.pay(ours, 30_000)
    later(till, time, 46)
    late = payments(till, sale)[0]["id"]
    till.open("G1", 100_000)
    give = {"id": new_id(), "reason": "pembeli minta tunai", "method": "cash", "register": "G1"}
    assert till.post(f"/payments/{late}/refund", give)["status"] == "refunded"
    shift = till.get("/shifts/current?register=G1")["id"]
    report = till.get(f"/shifts/{shift}/report")
    assert (report["paid_out"], report["expected_cash"], report["net"]) == (30_000, 70_000, 0)


def test_found_money_is_kept_with_a_reason(till: Shop, bank: Scripted, time: time_machine.Traveller) -> None:
    sale, ours = waiting(till)
    till.post(f"/sales/{sale}/cancel", who="cashier")
    bank.pay(ours, 30_000)
    later(till, time, 46)
    late = payments(till, sale)[0]["id"]
    kept = till.post(f"/payments/{late}/keep", {"id": new_id(), "reason": "pembeli sudah pergi"})
    assert (kept.status, kept["status"], kept["decision"]) == (201, "late", "kept")


def test_a_cancel_that_meets_a_payment_loses(till: Shop, bank: Scripted) -> None:
    sale, _ = waiting(till)
    bank.on_cancel = [Money("R9", 30_000)]
    answer = till.post(f"/sales/{sale}/cancel", who="cashier")
    assert (answer.status, answer.code, answer["sale"]["status"]) == (409, "sale_not_waiting", "completed")


def test_a_cancel_goes_through_when_the_provider_is_away(till: Shop, bank: Scripted) -> None:
    sale, _ = waiting(till)
    bank.trouble = {"ask": Unreachable("away"), "cancel": Unreachable("away")}
    assert till.post(f"/sales/{sale}/cancel", who="cashier")["status"] == "cancelled"


def test_a_code_expires_only_after_a_last_question(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    time.shift(299)
    bank.pay(ours, 30_000)
    time.shift(200)
    till.keep_house()
    assert status(till, sale) == "awaiting_payment"
    work(till)
    assert status(till, sale) == "completed"


def test_a_code_expires_when_nobody_answers_for_long(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
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
    till: Shop, bank: Scripted, monkeypatch: pytest.MonkeyPatch, time: time_machine.Traveller
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
    till: Shop, bank: Scripted, time: time_machine.Traveller
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
    till: Shop, bank: Scripted, time: time_machine.Traveller, said: Any, becomes: str
) -> None:
    sale, ours = waiting(till)
    bank.states[ours] = said
    later(till, time)
    assert (status(till, sale), payments(till, sale)[0]["status"]) == (becomes, said)


def test_a_hand_confirmed_payment_is_verified_when_the_provider_says_so_too(
    till: Shop, bank: Scripted, time: time_machine.Traveller
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
    till: Shop, bank: Scripted, time: time_machine.Traveller
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


def test_a_refund_goes_through_the_provider_once_and_a_whole_one_ends_the_payment(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    bank.pay(ours, 30_000)
    later(till, time)
    one = back({"KTO-100": 1}, method="qris")
    assert till.post(f"/sales/{sale}/refunds", one).status == 201
    bank.trouble["refund"] = Unreachable("timed out")
    work(till)
    assert till.get("/payment-refunds")["items"][0]["status"] == "waiting"
    bank.trouble.clear()
    later(till, time, 5)
    work(till)
    assert list(bank.given.values()) == [15_000]
    assert payments(till, sale)[0]["status"] == "paid"
    assert till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, method="qris")).status == 201
    work(till)
    assert payments(till, sale)[0]["status"] == "refunded"


def test_what_the_provider_refuses_to_give_back_is_paid_in_cash_by_any_till(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    bank.pay(ours, 30_000)
    later(till, time)
    assert till.post(f"/sales/{sale}/void", {"id": new_id(), "reason": "salah"}).status == 201
    bank.refund_answer = Refunded("refused", reason="window passed")
    work(till)
    (money,) = till.get("/payment-refunds?status=refused")["items"]
    assert money["trouble"] == "window passed"
    till.open("G1", 100_000)
    path = f"/payment-refunds/{money['id']}/cash"
    till.refused(403, "approval_needed", path, {"id": new_id(), "register": "G1"}, who="roaming cashier")
    assert till.post(path, {"id": new_id(), "register": "G1"})["status"] == "cash"
    till.refused(409, "refund_not_refused", path, {"id": new_id(), "register": "G1"})
    report = till.get(f"/shifts/{till.get('/shifts/current?register=G1')['id']}/report")
    assert (report["expected_cash"], report["cash_refunds"]) == (70_000, 30_000)
    assert sum(report["by_method"].values()) == report["net"]
    assert payments(till, sale)[0]["status"] == "refunded"
