"""Voids and refunds: who may, how much, from which drawer, back to which shelf."""

from typing import Any

import pytest

from tests.cast import approval
from tests.factories import Shop, back, new_id


def void(reason: str = "salah tekan", **more: Any) -> dict[str, Any]:
    return {"id": new_id(), "reason": reason, **more}


def test_a_void_gives_everything_back(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.sell({"KTO-100": 2, "MBT-250": 1}, cash=50_000)["id"]
    asked = void()
    answer = till.post(f"/sales/{sale}/void", asked, who="supervisor")
    assert answer.status == 201
    assert {key: answer[key] for key in ("id", "number", "sale", "total", "method")} == {
        "id": asked["id"],
        "number": "K1-R000001",
        "sale": sale,
        "total": 38_000,
        "method": "cash",
    }
    assert [(line["sku"], line["quantity"], line["total"]) for line in answer["lines"]] == [
        ("KTO-100", 2, 30_000),
        ("MBT-250", 1, 8_000),
    ]
    voided = till.get(f"/sales/{sale}")
    assert (voided["status"], voided["refunded"], voided["number"]) == ("voided", 38_000, "K1-000001")
    assert (till.left("KTO-100"), till.left("MBT-250")) == (200, 200)
    assert till.expected(shift) == 100_000


def test_a_void_needs_the_right_or_an_approval(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    answer = till.refused(403, "approval_needed", f"/sales/{sale}/void", void(), who="cashier")
    assert answer["role"] == "supervisor"
    assert till.post(f"/sales/{sale}/void", void(approval=approval()), who="cashier").status == 201


def test_who_may_void_voids_their_own_sale_alone(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1}, who="supervisor")["id"]
    assert till.post(f"/sales/{sale}/void", void(), who="supervisor").status == 201


def test_a_sale_is_voided_once(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    till.post(f"/sales/{sale}/void", void())
    till.refused(409, "sale_not_refundable", f"/sales/{sale}/void", void())
    till.refused(409, "sale_not_refundable", f"/sales/{sale}/refunds", back({"KTO-100": 1}))


def test_a_sale_of_a_closed_shift_is_refunded_not_voided(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    till.close(till.get("/shifts/current?register=K1")["id"], 115_000)
    till.open("K1", 50_000)
    till.refused(409, "shift_closed", f"/sales/{sale}/void", void())
    assert till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1})).status == 201


def test_what_never_completed_is_neither_voided_nor_refunded(till: Shop) -> None:
    waiting = till.sell({"KTO-100": 1}, qris=True)["id"]
    for _ in range(2):
        till.refused(409, "sale_not_refundable", f"/sales/{waiting}/void", void())
        till.refused(409, "sale_not_refundable", f"/sales/{waiting}/refunds", back({"KTO-100": 1}))
        till.post(f"/sales/{waiting}/cancel")
    till.refused(404, "not_found", f"/sales/{new_id()}/void", void())
    till.refused(404, "not_found", f"/sales/{new_id()}/refunds", back({"KTO-100": 1}))


def test_a_void_after_a_partial_refund_is_refused(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})["id"]
    till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}))
    till.refused(409, "sale_not_refundable", f"/sales/{sale}/void", void())


def test_a_voided_qris_sale_takes_no_cash_out_of_the_drawer(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.paid_by_qris({"KTO-100": 1}, "R1")["id"]
    answer = till.post(f"/sales/{sale}/void", void())
    assert answer["method"] == "qris"
    assert till.expected(shift) == 100_000
    assert till.get(f"/shifts/{shift}/report")["by_method"] == {"cash": 0, "qris": 0}


def test_a_voided_sale_of_cash_and_qris_gives_each_back_as_it_came(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.paid_by_qris({"KTB-250": 2}, "R1", cash=20_000)["id"]
    assert till.post(f"/sales/{sale}/void", void())["total"] == 64_000
    assert till.expected(shift) == 100_000
    assert till.get(f"/shifts/{shift}/report")["by_method"] == {"cash": 0, "qris": 0}


def test_a_refund_pays_some_pieces_back_in_cash(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.sell({"KTO-100": 3, "MBT-250": 1})["id"]
    answer = till.post(f"/sales/{sale}/refunds", back({"KTO-100": 2}), who="supervisor")
    assert (answer.status, answer["number"], answer["total"], answer["method"]) == (
        201,
        "K1-R000001",
        30_000,
        "cash",
    )
    sold = till.get(f"/sales/{sale}")
    assert (sold["status"], sold["refunded"], len(sold["refunds"])) == ("completed", 30_000, 1)
    assert sold["refunds"][0]["id"] == answer["id"]
    assert till.left("KTO-100") == 199
    assert till.expected(shift) == 100_000 + 53_000 - 30_000


def test_a_cashier_refunds_with_an_approval_only(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1}, who="colleague")["id"]
    path = f"/sales/{sale}/refunds"
    till.refused(403, "approval_needed", path, back({"KTO-100": 1}), who="cashier")
    assert till.post(path, back({"KTO-100": 1}, approval=approval()), who="cashier").status == 201


@pytest.mark.parametrize("who", ["manager", "supervisor"])
def test_ones_own_sale_is_refunded_with_another_person_only(till: Shop, who: str) -> None:
    sale = till.sell({"KTO-100": 2}, who=who)["id"]
    path = f"/sales/{sale}/refunds"
    till.refused(403, "approval_needed", path, back({"KTO-100": 1}), who=who)
    till.refused(403, "approval_needed", path, back({"KTO-100": 1}, approval=approval("Kasir")), who=who)
    done = till.post(path, back({"KTO-100": 1}, approval=approval()), who=who)
    assert (done.status, done["approved_by"]) == (201, "Pengawas")
    other = "supervisor" if who == "manager" else "manager"
    assert till.post(path, back({"KTO-100": 1}), who=other).status == 201


def test_refunds_never_exceed_what_was_sold(till: Shop) -> None:
    sale = till.sell({"KTO-100": 3, "MBT-250": 1})["id"]
    path = f"/sales/{sale}/refunds"
    till.refused(409, "sale_not_refundable", path, back({"KTO-100": 4}))
    till.refused(409, "sale_not_refundable", path, back({"KTB-250": 1}))
    twice = [{"sku": "KTO-100", "quantity": 2}, {"sku": "KTO-100", "quantity": 2}]
    till.refused(409, "sale_not_refundable", path, back(twice))
    assert till.post(path, back({"KTO-100": 2})).status == 201
    till.refused(409, "sale_not_refundable", path, back({"KTO-100": 2}))
    assert till.post(path, back({"KTO-100": 1, "MBT-250": 1})).status == 201
    till.refused(409, "sale_not_refundable", path, back({"MBT-250": 1}))
    assert till.get(f"/sales/{sale}")["refunded"] == 53_000


def test_partial_refunds_add_up_to_the_total_whatever_was_discounted_and_rounded(till: Shop) -> None:
    lines = [
        {"sku": "KTO-100", "quantity": 3, "discount": 1_001, "reason": "r"},
        {"sku": "MBT-250", "quantity": 7},
        {"sku": "KTO-100", "quantity": 1},
        {"sku": "TBT-020", "quantity": 1, "discount": 25_000, "reason": "hadiah"},
    ]
    sold = till.sell(lines, discount=3_333, reason="r", cash=200_000, who="supervisor")
    path = f"/sales/{sold['id']}/refunds"
    paid = []
    for sku, pieces in (("MBT-250", 2), ("KTO-100", 1), ("MBT-250", 4), ("KTO-100", 2), ("TBT-020", 1)):
        paid.append(till.post(path, back({sku: pieces}))["total"])
    paid.append(till.post(path, back({"KTO-100": 1, "MBT-250": 1}))["total"])
    assert sum(paid) == sold["total"] == till.get(f"/sales/{sold['id']}")["refunded"]
    assert all(amount >= 0 for amount in paid)


def test_broken_goods_do_not_go_back_on_the_shelf(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})["id"]
    assert till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, restock=False)).status == 201
    assert till.left("KTO-100") == 198
    assert till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, restock=True)).status == 201
    assert till.left("KTO-100") == 199


def test_goods_go_back_to_the_lots_they_came_from(till: Shop) -> None:
    till.receive("KTO-100", 3, lot="DEKAT", expires_on="2026-12-01")
    before = till.stock("KTO-100")["lots"]
    sale = till.sell({"KTO-100": 5})["id"]
    till.post(f"/sales/{sale}/refunds", back({"KTO-100": 3}))
    till.post(f"/sales/{sale}/refunds", back({"KTO-100": 2}))
    assert till.stock("KTO-100")["lots"] == before


def test_another_register_may_pay(till: Shop) -> None:
    k1 = till.get("/shifts/current?register=K1")["id"]
    g1 = till.open("G1", 50_000)
    sale = till.sell({"KTO-100": 1})["id"]
    answer = till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, register="G1"))
    assert (answer.status, answer["number"]) == (201, "G1-R000001")
    assert (till.expected(k1), till.expected(g1)) == (115_000, 35_000)
    assert till.left("KTO-100") == 200


def test_the_register_that_pays_must_be_open(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    till.refused(409, "shift_not_open", f"/sales/{sale}/refunds", back({"KTO-100": 1}, register="G1"))
    till.refused(422, "validation_error", f"/sales/{sale}/refunds", back({"KTO-100": 1}, register="K9"))


def test_a_kiosk_pays_no_cash_back(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk")["id"]
    till.post(f"/sales/{sale}/confirm", {"reference": "R1"})
    till.refused(422, "validation_error", f"/sales/{sale}/refunds", back({"KTO-100": 1}))
    assert till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, register="K1")).status == 201


def test_qris_is_paid_back_up_to_what_came_by_qris(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.paid_by_qris({"KTB-250": 2}, "R1", cash=20_000)["id"]
    path = f"/sales/{sale}/refunds"
    assert till.post(path, back({"KTB-250": 1}, method="qris"))["method"] == "qris"
    till.refused(422, "validation_error", path, back({"KTB-250": 1}, method="qris"))
    assert till.get(f"/shifts/{shift}/report")["by_method"] == {"cash": 20_000, "qris": 12_000}
    cash = till.sell({"KTO-100": 1})["id"]
    till.refused(422, "validation_error", f"/sales/{cash}/refunds", back({"KTO-100": 1}, method="qris"))


def test_refunds_and_voids_share_a_series_without_a_gap(till: Shop) -> None:
    numbers = []
    for n in range(4):
        sale = till.sell({"KTO-100": 1})["id"]
        till.refused(409, "sale_not_refundable", f"/sales/{sale}/refunds", back({"KTO-100": 9}))
        path, body = (
            (f"/sales/{sale}/void", void()) if n % 2 else (f"/sales/{sale}/refunds", back({"KTO-100": 1}))
        )
        numbers.append(till.post(path, body)["number"])
    assert numbers == ["K1-R000001", "K1-R000002", "K1-R000003", "K1-R000004"]
    assert till.sell({"KTO-100": 1})["number"] == "K1-000005"


def test_a_refund_into_a_counted_shift_is_refused(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    shift = till.get("/shifts/current?register=K1")["id"]
    till.post(f"/shifts/{shift}/count", {"id": new_id(), "counted": 115_000})
    till.refused(409, "shift_closed", f"/sales/{sale}/refunds", back({"KTO-100": 1}))
    till.refused(409, "shift_closed", f"/sales/{sale}/void", void())
