"""Money by QRIS that came late, twice or wrong, and what goes back."""

from typing import Any

import pytest
from time_machine import Traveller

from pos.payments.base import Refunded, Unreachable
from tests.cast import approval
from tests.factories import Shop, back, new_id
from tests.scripted import Scripted
from tests.support.collecting import MACHINE, later, payments, status, waiting, work


@pytest.fixture
def machine() -> dict[str, Any]:
    return MACHINE


def test_another_amount_never_completes_the_sale_and_is_kept(
    till: Shop, bank: Scripted, time: Traveller
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
    till: Shop, bank: Scripted, time: Traveller
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
    till: Shop, bank: Scripted, time: Traveller
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
    till: Shop, bank: Scripted, time: Traveller
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


def test_late_money_goes_back_in_cash_as_a_pay_out(till: Shop, bank: Scripted, time: Traveller) -> None:
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


def test_found_money_is_kept_with_a_reason(till: Shop, bank: Scripted, time: Traveller) -> None:
    sale, ours = waiting(till)
    till.post(f"/sales/{sale}/cancel", who="cashier")
    bank.pay(ours, 30_000)
    later(till, time, 46)
    late = payments(till, sale)[0]["id"]
    kept = till.post(f"/payments/{late}/keep", {"id": new_id(), "reason": "pembeli sudah pergi"})
    assert (kept.status, kept["status"], kept["decision"]) == (201, "late", "kept")


def test_a_refund_goes_through_the_provider_once_and_a_whole_one_ends_the_payment(
    till: Shop, bank: Scripted, time: Traveller
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
    till: Shop, bank: Scripted, time: Traveller
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
