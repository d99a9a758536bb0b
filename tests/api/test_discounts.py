"""Discounts that the shop has ready: what they approve in advance, and what they never do."""

import pytest

from pos import clock
from pos.db import transact
from pos.operations import discounts
from pos.operations.actor import SYSTEM
from pos.operations.discounts import PresetData
from tests.factories import Shop, approval, cart

pytestmark = pytest.mark.usefixtures("noon", "books")


def preset(shop: Shop, name: str, **what: object) -> int:
    data = PresetData(**({"name": name, "percent_bp": None, "amount": None} | what))  # type: ignore[arg-type]
    with shop.app.app_context():
        return transact(lambda: discounts.save_preset(None, data, SYSTEM, clock.now()))


def line(discount: int, reason: str, sku: str = "KTO-100") -> dict[str, object]:
    return {"sku": sku, "quantity": 1, "discount": discount, "reason": reason}


def test_one_that_is_approved_in_advance_needs_nobody_up_to_what_it_gives(till: Shop) -> None:
    preset(till, "Karyawan", percent_bp=2_050, approved=True)
    sold = till.sell([line(3_075, "Karyawan")])
    assert (sold["total"], sold["approved_by"]) == (11_925 - 25, None)
    body = cart([line(3_076, "Karyawan")])
    till.refused(403, "approval_needed", "/sales", body, who="cashier")
    assert till.post("/sales", body | {"approval": approval()}, who="cashier").status == 201
    till.refused(403, "approval_needed", "/sales", cart([line(3_075, "karyawan")]), who="cashier")


def test_it_works_on_the_whole_sale_and_leaves_the_usual_limit_to_other_discounts(till: Shop) -> None:
    preset(till, "Karyawan", percent_bp=2_000, approved=True)
    dented = line(1_500, "penyok")
    sold = till.sell([dented], discount=2_700, reason="Karyawan")
    assert (sold["subtotal"], sold["discount"]) == (13_500, 2_700)
    till.refused(
        403,
        "approval_needed",
        "/sales",
        cart([line(1_501, "penyok")]) | {"discount": 2_699, "reason": "Karyawan"},
        who="cashier",
    )


def test_one_that_is_not_approved_in_advance_is_held_to_the_limit_as_if_it_were_typed(till: Shop) -> None:
    preset(till, "Hari jadi", percent_bp=2_000)
    till.refused(403, "approval_needed", "/sales", cart([line(3_000, "Hari jadi")]), who="cashier")
    assert till.sell([line(1_500, "Hari jadi")])["total"] == 13_500


def test_an_amount_approved_in_advance_counts_once_a_sale(till: Shop) -> None:
    preset(till, "Kupon", amount=5_000, approved=True)
    assert till.sell([line(5_000, "Kupon")])["total"] == 10_000
    split = [line(5_000, "Kupon"), line(5_000, "Kupon")]
    till.refused(403, "approval_needed", "/sales", cart(split), who="cashier")


def test_a_cart_whose_preset_was_changed_or_ended_is_sold_with_a_supervisors_approval(till: Shop) -> None:
    key = preset(till, "Karyawan", percent_bp=2_000, approved=True)
    for changed in (
        PresetData("Karyawan", 1_000, None, True),
        PresetData("Karyawan", 2_000, None, True, False),
    ):
        with till.app.app_context():
            transact(lambda data=changed: discounts.save_preset(key, data, SYSTEM, clock.now()))
        body = cart([line(3_000, "Karyawan")])
        till.refused(403, "approval_needed", "/sales", body, who="cashier")
        sold = till.post("/sales", body | {"approval": approval()}, who="cashier")
        assert (sold.status, sold["approved_by"]) == (201, "Pengawas")


def test_nobody_at_a_kiosk_claims_one(till: Shop) -> None:
    preset(till, "Karyawan", percent_bp=2_000, approved=True)
    body = cart([line(3_000, "Karyawan")], register="K2", qris=True)
    till.refused(403, "approval_needed", "/sales", body, who="kiosk")


def test_a_list_of_products_says_favourites_first_and_how_categories_stand(till: Shop) -> None:
    page = till.get("/products")
    assert page["categories"] == ["Keripik Tempe", "Bunga Telang"]
    assert {item["favourite"] for item in page["items"]} == {False}
    assert "categories" not in till.get("/products?query=telang").body
