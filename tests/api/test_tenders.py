"""Saying how a sale was really paid: the drawer, the reports and the books follow, and nothing is edited."""

import pytest
import time_machine

from tests.api.papers import jobs, lines_of
from tests.cast import approval
from tests.factories import Answer, Body, Shop, back, new_id
from tests.scripted import Scripted
from tests.support.collecting import MACHINE, bank, payments, time, waiting, work

__all__ = ["bank", "time"]

pytestmark = pytest.mark.usefixtures("books")

GOODS = {"KTO-100": 2, "MBT-250": 1}
"""Rp 38.000."""


def cash(amount: int) -> list[Body]:
    return [{"method": "cash", "amount": amount}]


def qris(part: int = 0) -> list[Body]:
    return [*(cash(part) if part else []), {"method": "qris"}]


def correction(tenders: list[Body], **more: object) -> Body:
    return {"id": new_id(), "tenders": tenders, **more}


def correct(shop: Shop, sale: str, tenders: list[Body], *, who: str = "cashier", **more: object) -> Answer:
    answer = shop.post(f"/sales/{sale}/tenders", correction(tenders, **more), who=who)
    assert answer.status == 201, answer.body
    return answer


def shift_of(shop: Shop) -> str:
    return str(shop.get("/shifts/current?register=K1")["id"])


def report(shop: Shop) -> Answer:
    return shop.get(f"/shifts/{shift_of(shop)}/report")


def test_a_sale_written_down_as_qris_that_was_cash_is_put_right_by_the_cashier(till: Shop) -> None:
    sale = till.paid_by_qris(GOODS, "REF-1")
    told = correct(till, sale["id"], cash(50_000))
    assert (told["tenders"], told["change"], told["total"]) == (cash(50_000), 12_000, 38_000)
    assert "qris" not in told.body
    [said] = told["corrections"]
    assert said["before"] == {"tenders": [{"method": "qris", "amount": 38_000}], "change": 0}
    assert (said["reference"], said["approved_by"]) == ("REF-1", None)
    assert till.get(f"/sales/{sale['id']}").body == told.body
    found = report(till)
    assert (found["by_method"], found["cash_sales"]) == ({"cash": 38_000, "qris": 0}, 38_000)
    assert (found["expected_cash"], found["tender_corrections"]) == (138_000, 1)
    assert found["qris"]["by_hand"]["count"] == 0
    assert [p["status"] for p in payments(till, sale["id"])] == ["cancelled"]


def test_the_number_of_a_withdrawn_payment_is_free_for_the_sale_it_belongs_to(till: Shop) -> None:
    wrong = till.paid_by_qris({"KTO-100": 1}, "REF-1")
    correct(till, wrong["id"], cash(15_000))
    right = till.paid_by_qris({"KTO-100": 1}, "REF-1")
    assert right["qris"]["reference"] == "REF-1"


def test_another_amount_in_cash_changes_the_change_and_not_the_drawer(till: Shop) -> None:
    sale = till.sell(GOODS, cash=50_000)
    told = correct(till, sale["id"], cash(40_000))
    assert (told["tenders"], told["change"]) == (cash(40_000), 2_000)
    found = report(till)
    assert (found["expected_cash"], found["tender_corrections"]) == (138_000, 1)
    z = till.close(shift_of(till), 138_000)
    assert (z["over_short"], z["tender_corrections"]) == (0, 1)


def test_cash_becomes_qris_with_its_number_and_a_supervisor(till: Shop) -> None:
    sale = till.sell(GOODS)
    path, body = f"/sales/{sale['id']}/tenders", correction(qris(), reference="REF-9")
    needed = till.refused(403, "approval_needed", path, body, who="cashier")
    assert needed["role"] == "supervisor"
    till.refused(403, "approval_wrong", path, body | {"approval": approval(pin="000000")}, who="cashier")
    told = till.post(path, body | {"approval": approval()}, who="cashier")
    assert (told.status, told["tenders"], told["change"]) == (201, [{"method": "qris", "amount": 38_000}], 0)
    assert told["corrections"][0]["approved_by"] == "Pengawas"
    assert (told["qris"]["reference"], told["qris"]["status"]) == ("REF-9", "paid")
    found = report(till)
    assert (found["by_method"], found["expected_cash"]) == ({"cash": 0, "qris": 38_000}, 100_000)
    unverified = {"count": 1, "amount": 38_000, "unverified_count": 1, "unverified": 38_000}
    assert found["qris"]["by_hand"] == unverified
    [payment] = payments(till, sale["id"])
    assert (payment["status"], payment["paid_amount"]) == ("paid", 38_000)


def test_a_number_that_was_used_is_refused(till: Shop) -> None:
    till.paid_by_qris({"KTO-100": 1}, "REF-1")
    sale = till.sell(GOODS)
    path = f"/sales/{sale['id']}/tenders"
    till.refused(409, "reference_used", path, correction(qris(), reference="REF-1"), who="supervisor")


def test_a_part_in_cash_and_the_rest_by_qris_in_both_directions(till: Shop) -> None:
    sale = till.sell(GOODS, cash=50_000)
    told = correct(till, sale["id"], qris(20_000), reference="REF-2", approval=approval())
    assert told["tenders"] == [*cash(20_000), {"method": "qris", "amount": 18_000}]
    assert report(till)["expected_cash"] == 120_000
    path = f"/sales/{sale['id']}/tenders"
    other = till.refused(422, "validation_error", path, correction(qris(10_000), reference="REF-3"))
    assert other["errors"][0]["field"] == "tenders"
    till.refused(422, "validation_error", path, correction(qris(20_000)))
    correct(till, sale["id"], cash(38_000))
    assert report(till)["by_method"] == {"cash": 38_000, "qris": 0}
    found = till.get(f"/sales/{sale['id']}")
    assert [len(one["tenders"]) for one in found["corrections"]] == [2, 1]


def test_the_total_stays_what_was_charged_rounded_or_not(till: Shop) -> None:
    odd = {"discount": 30, "reason": "receh"}
    rounded = till.sell({"KTO-100": 1}, cash=15_000, **odd)
    assert (rounded["total"], rounded["rounding"]) == (15_000, 30)
    told = correct(till, rounded["id"], qris(), reference="REF-4", approval=approval())
    assert (told["total"], told["rounding"], told["qris"]["amount"]) == (15_000, 30, 15_000)
    whole = till.paid_by_qris({"KTO-100": 1}, "REF-5", **odd)
    told = correct(till, whole["id"], cash(15_000))
    assert (told["total"], told["rounding"], told["change"]) == (14_970, 0, 30)
    found = report(till)
    assert sum(found["by_method"].values()) == found["net"] == 29_970


def test_what_does_not_pay_the_total_is_refused_in_the_field(till: Shop) -> None:
    sale = till.sell(GOODS)
    path = f"/sales/{sale['id']}/tenders"
    assert till.refused(422, "payment_short", path, correction(cash(30_000)))["short"] == 8_000
    for body in (
        correction([]),
        correction(cash(38_000)),
        correction(cash(40_000), reference="REF-1"),
        correction(qris()),
        correction(qris(), reference="  "),
        correction([*cash(38_000), {"method": "card", "amount": 5}]),
        correction(cash(40_000)) | {"total": 40_000},
        {"tenders": cash(40_000)},
    ):
        till.refused(422, "validation_error", path, body)


def test_a_void_gives_back_as_the_correction_has_it(till: Shop) -> None:
    sale = till.paid_by_qris(GOODS, "REF-1")
    correct(till, sale["id"], cash(50_000))
    void = till.post(f"/sales/{sale['id']}/void", {"id": new_id(), "reason": "r"})
    assert (void.status, void["method"], void["total"]) == (201, "cash", 38_000)
    found = report(till)
    assert (found["expected_cash"], found["by_method"]) == (100_000, {"cash": 0, "qris": 0})


def test_a_refund_by_qris_needs_that_it_is_qris_now(till: Shop) -> None:
    sale = till.paid_by_qris(GOODS, "REF-1")
    correct(till, sale["id"], cash(38_000))
    path, body = f"/sales/{sale['id']}/refunds", back({"KTO-100": 1}, method="qris")
    till.refused(422, "validation_error", path, body)
    other = till.sell(GOODS)
    correct(till, other["id"], qris(), reference="REF-2", approval=approval())
    done = till.post(f"/sales/{other['id']}/refunds", back({"KTO-100": 1}, method="qris"))
    assert (done.status, done["total"]) == (201, 15_000)
    assert report(till)["by_method"] == {"cash": 38_000, "qris": 23_000}


def test_once_money_went_back_the_payment_stays_as_it_is(till: Shop) -> None:
    for verb, body in (("refunds", back({"MBT-250": 1})), ("void", {"id": new_id(), "reason": "r"})):
        sale = till.sell(GOODS)
        assert till.post(f"/sales/{sale['id']}/{verb}", body).status == 201
        till.refused(409, "sale_not_correctable", f"/sales/{sale['id']}/tenders", correction(cash(40_000)))


def test_only_a_completed_sale_of_the_open_shift_before_its_count(till: Shop) -> None:
    sale, shift = till.sell(GOODS), shift_of(till)
    path, body = f"/sales/{sale['id']}/tenders", correction(cash(40_000))
    for wait, status in ((True, "awaiting_payment"), (False, "cancelled")):
        other = till.sell(GOODS, qris=True)["id"]
        if not wait:
            till.post(f"/sales/{other}/cancel")
        assert till.get(f"/sales/{other}")["status"] == status
        till.refused(409, "sale_not_correctable", f"/sales/{other}/tenders", body)
        till.post(f"/sales/{other}/cancel")
    till.refused(404, "not_found", f"/sales/{new_id()}/tenders", body)
    assert till.post(f"/shifts/{shift}/count", {"id": new_id(), "counted": 138_000}).status == 201
    till.refused(409, "shift_closed", path, body)
    till.close(shift, 138_000)
    till.refused(409, "shift_not_open", path, body)
    till.open()
    till.refused(409, "shift_closed", path, body)


def test_who_takes_no_cash_says_nothing_of_cash(till: Shop) -> None:
    sale = till.paid_by_qris(GOODS, "REF-1")["id"]
    path = f"/sales/{sale}/tenders"
    for who in ("cashless", "kiosk", "treasurer", "auditor", "cashier at G1"):
        till.refused(403, "forbidden", path, correction(cash(40_000)), who=who)
    cashed = till.sell(GOODS)["id"]
    told = correct(till, cashed, qris(), who="cashless", reference="REF-2", approval=approval())
    assert told["corrections"][0]["by"] == "cashless"
    at_kiosk = till.paid_by_qris(GOODS, "REF-3", register="K2", who="manager")["id"]
    till.refused(403, "forbidden", f"/sales/{at_kiosk}/tenders", correction(cash(40_000)))


def test_the_same_id_corrects_once_and_another_body_is_a_conflict(till: Shop) -> None:
    sale = till.sell(GOODS, cash=50_000)["id"]
    path, body = f"/sales/{sale}/tenders", correction(cash(40_000))
    first, again = till.post(path, body), till.post(path, body)
    assert (first.status, again.status, again.body) == (201, 200, first.body)
    correct(till, sale, cash(38_000))
    assert till.post(path, body)["tenders"] == cash(38_000)
    till.refused(409, "id_conflict", path, body | {"tenders": cash(45_000)})


def test_ten_corrections_are_enough(till: Shop) -> None:
    sale = till.sell(GOODS, cash=50_000)["id"]
    for n in range(10):
        correct(till, sale, cash(40_000 + n * 100))
    till.refused(409, "sale_not_correctable", f"/sales/{sale}/tenders", correction(cash(60_000)))


def test_the_receipt_of_a_changed_payment_still_has_the_notes(till: Shop) -> None:
    lines = [{"sku": "KTO-100", "quantity": 2, "note": "yang renyah"}]
    sale = till.sell(lines, cash=50_000, note="untuk blok C")["id"]
    correct(till, sale, cash(40_000))
    paper = "\n".join(lines_of(till, jobs(till, "receipt")[-1]))
    assert "PEMBAYARAN DIUBAH" in paper
    assert "Catatan: yang renyah" in paper
    assert "Catatan: untuk blok C" in paper


def test_the_receipt_says_that_the_payment_was_changed_and_copies_are_made_of_it(till: Shop) -> None:
    sale = till.paid_by_qris(GOODS, "REF-1")["id"]
    correct(till, sale, cash(50_000))
    old, new = jobs(till, "receipt")
    assert (old["status"], new["status"]) == ("expired", "queued")
    assert len(jobs(till, "drawer")) == 1
    paper = "\n".join(lines_of(till, new))
    assert "PEMBAYARAN DIUBAH" in paper
    assert "REF-1" not in paper
    assert "12.000" in paper
    assert till.post(f"/sales/{sale}/reprint", {"id": new_id(), "register": "K1"}).status == 201
    [copy] = jobs(till, "copy")
    assert "PEMBAYARAN DIUBAH" in "\n".join(lines_of(till, copy))
    shown = till.get(f"/sales/{sale}/receipt.txt").content.decode()
    assert "Kembalian" in shown
    z = till.close(shift_of(till), 138_000)
    [job] = jobs(till, "z")
    assert z["expected_cash"] == 138_000
    assert "Pembayaran diubah" in "\n".join(lines_of(till, job))


def test_the_report_of_the_day_has_it_too(till: Shop) -> None:
    sale = till.paid_by_qris(GOODS, "REF-1")
    correct(till, sale["id"], cash(38_000))
    till.sell({"KTO-100": 1})
    day = till.get(f"/reports/day?date={sale['business_date']}")
    assert (day["by_method"], day["tender_corrections"]) == ({"cash": 53_000, "qris": 0}, 1)


@pytest.mark.parametrize("machine", [MACHINE], ids=["with a provider"])
@pytest.mark.parametrize("confirmed_first", [False, True])
def test_money_that_the_provider_has_is_not_turned_into_cash(
    till: Shop, bank: Scripted, time: time_machine.Traveller, confirmed_first: bool
) -> None:
    sale, ours = waiting(till)
    if confirmed_first:
        assert till.post(f"/sales/{sale}/confirm", {"reference": "TYPED"}).status == 200
    bank.pay(ours, 30_000, "RRN1")
    time.shift(60)
    work(till)
    assert till.get(f"/sales/{sale}")["status"] == "completed"
    told = till.refused(409, "payment_confirmed", f"/sales/{sale}/tenders", correction(cash(30_000)))
    assert "Void it or refund it" in told["detail"]


@pytest.mark.parametrize("machine", [MACHINE], ids=["with a provider"])
def test_money_that_comes_after_its_sale_became_cash_waits_for_a_decision(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    assert till.post(f"/sales/{sale}/confirm", {"reference": "TYPED"}).status == 200
    correct(till, sale, cash(30_000))
    bank.pay(ours, 30_000, "RRN1")
    time.shift(60)
    work(till)
    [payment] = payments(till, sale)
    assert (payment["status"], payment["why"], payment["reference"]) == ("late", "late", "RRN1")
    found = report(till)
    assert found["by_method"] == {"cash": 30_000, "qris": 0}
    assert found["qris"]["late"]["undecided"] == 30_000
    assert till.get(f"/sales/{sale}")["tenders"] == cash(30_000)
    keep = {"id": new_id(), "reason": "pembeli pergi"}
    assert till.post(f"/payments/{payment['id']}/keep", keep).status in (200, 201)
