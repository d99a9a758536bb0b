"""Sales at the back office: looking, voiding, refunding, reprinting."""

import pytest

from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both


@both
def test_a_days_sales_are_listed_and_a_receipts_number_leads_to_its_sale(office: Office, till: Shop) -> None:
    first = till.sell({"KTO-100": 2}, cash=50_000)
    waiting = till.sell({"MBT-250": 1}, qris=True)
    person = office("Bendahara")
    said = person.see("sales/")
    assert first["number"] in said
    assert "Awaiting payment" in said
    assert "Rp\u00a030.000" in person.source
    assert first["number"] not in person.see("sales/?status=awaiting_payment")
    assert "No sale on this day." in person.see("sales/?date=2020-01-01")
    assert "Keripik Tempe Original" in person.see(f"sales/?number={first['number'].lower()}")
    assert "There is no sale with the number K9-1." in person.see("sales/?number=K9-1")
    assert "Sale without a number" in person.see(f"sales/{waiting['id']}")
    person.see(f"sales/{new_id()}", status=404)
    person.see("sales/?date=yesterday&after=~~&status=nonsense")


@both
def test_a_sale_shows_its_receipt_and_leads_to_its_entry(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 2, "MBT-250": 1}, cash=50_000)
    person = office("Pemeriksa")
    person.see(f"sales/{sale['id']}")
    assert "TOTAL" in person.source
    assert "12.000" in person.source
    assert f"/api/v1/sales/{sale['id']}/receipt.png" in person.source
    assert '/back-office/audit/K1/2"' in person.source
    assert sale["entry_hash"] in person.see("audit/K1/2")
    assert person.client.get(f"/api/v1/sales/{sale['id']}/receipt.png").content_type == "image/png"


def test_a_sale_says_how_its_payment_was_changed_by_whom_and_what_stood_before(
    office: Office, till: Shop
) -> None:
    sale = till.paid_by_qris({"KTO-100": 2}, "REF-1")
    body = {"id": new_id(), "tenders": [{"method": "cash", "amount": 50_000}]}
    assert till.post(f"/sales/{sale['id']}/tenders", body, who="cashier").status == 201
    person = office("Pemeriksa")
    said = person.see(f"sales/{sale['id']}")
    assert "Cash Rp 50.000, change Rp 20.000" in said
    assert "Before: QRIS Rp 30.000" in said
    assert "Reference REF-1" in said
    assert "PEMBAYARAN DIUBAH" in person.source
    assert "Payment changed" in person.see("audit/?book=K1")
    [payment] = till.get("/payments")["items"]
    assert "The sale was paid in cash after all" in person.see(f"payments/{payment['id']}")
    again = {"id": new_id(), "tenders": [{"method": "qris"}], "reference": "REF-2"}
    assert till.post(f"/sales/{sale['id']}/tenders", again).status == 201
    added = next(item for item in till.get("/payments")["items"] if item["status"] == "paid")
    assert "confirmed Rp 30.000 by hand with the reference REF-2" in person.see(f"payments/{added['id']}")
    shift = till.get("/shifts/current?register=K1")["id"]
    assert "Payments changed afterwards 2" in person.see(f"reports/shifts/{shift}")


@both
def test_a_void_takes_the_whole_sale_back_once(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})
    person = office("Pengawas")
    assert "whole sale is taken back" in person.see(f"sales/{sale['id']}/void")
    form = {"reason": "Salah barang", "form_id": person.value("form_id")}
    said = person.send(f"sales/{sale['id']}/void", form)
    assert "The sale was voided: K1-R000001." in said
    before = till.rows()
    assert "The sale was voided: K1-R000001." in person.send(f"sales/{sale['id']}/void", form)
    assert till.changed(before) == {}
    said = person.send(f"sales/{sale['id']}/void", {"reason": "lagi"}, status=409)
    assert "can't be given back" in said
    assert till.changed(before) == {}


def test_a_void_without_a_reason_is_refused_at_the_field(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})
    person = office("Pengawas")
    before = till.rows()
    person.send(f"sales/{sale['id']}/void", {"reason": "  "}, status=422)
    assert person.fault("reason") == "Fill this in."
    person.send(f"sales/{sale['id']}/void", {"reason": "x" * 201}, status=422)
    assert "200" in person.fault("reason")
    assert till.changed(before) == {}


@both
def test_a_refund_pays_some_pieces_back_once_and_then_offers_the_rest(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 3, "MBT-250": 1})
    person = office("Pengawas")
    person.see(f"sales/{sale['id']}/refund")
    form = {
        "sku": ["KTO-100", "MBT-250"],
        "lines.0.quantity": "2",
        "lines.1.quantity": "",
        "reason": "Kemasan rusak",
        "method": "cash",
        "register": "K1",
        "form_id": person.value("form_id"),
    }
    said = person.send(f"sales/{sale['id']}/refund", form)
    assert "Refunded: K1-R000001." in said
    assert "not back into stock" in said
    before = till.rows()
    person.send(f"sales/{sale['id']}/refund", form)
    assert till.changed(before) == {}
    assert "At most 1." in person.see(f"sales/{sale['id']}/refund")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"lines.0.quantity": "4"}, "lines.0.quantity"),
        ({"lines.0.quantity": "-1"}, "lines.0.quantity"),
        ({"lines.0.quantity": "1", "reason": ""}, "reason"),
        ({"lines.0.quantity": "1", "method": "gold"}, "method"),
        ({"lines.0.quantity": "1", "method": "qris"}, "method"),
        ({"lines.0.quantity": "1", "register": "K9"}, "register"),
    ],
)
def test_a_refund_that_does_not_fit_is_refused_at_its_field(
    office: Office, till: Shop, typed: dict[str, str], name: str
) -> None:
    sale = till.sell({"KTO-100": 3})
    person = office("Pengawas")
    before = till.rows()
    form = {"sku": "KTO-100", "reason": "rusak", "method": "cash", "register": "K1", **typed}
    person.send(f"sales/{sale['id']}/refund", form, status=422)
    assert person.fault(name)
    assert till.changed(before) == {}


def test_a_refund_of_nothing_is_refused(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 3})
    person = office("Pengawas")
    form = {"sku": "KTO-100", "lines.0.quantity": "", "reason": "rusak", "method": "cash", "register": "K1"}
    assert "Type how many pieces come back." in person.send(f"sales/{sale['id']}/refund", form, status=422)


def test_refunding_ones_own_sale_asks_for_another_person_in_the_same_form(office: Office, till: Shop) -> None:
    from tests.web.office.person import OURS

    person = office("Pengawas")
    sale = person.client.post(
        "/api/v1/sales",
        json={
            "id": new_id(),
            "register": "K1",
            "lines": [{"sku": "KTO-100", "quantity": 1}],
            "tenders": [{"method": "cash", "amount": 15_000}],
        },
        headers=OURS,
    ).get_json()
    form = {
        "sku": "KTO-100",
        "lines.0.quantity": "1",
        "reason": "rusak",
        "method": "cash",
        "register": "K1",
        "form_id": new_id(),
    }
    before = till.rows()
    said = person.send(f"sales/{sale['id']}/refund", form, status=403)
    assert "Approval by another person" in said
    assert ">Manajer</option>" in person.source
    assert ">Pengawas</option>" not in person.source
    wrong = {**form, "approval_user": "Manajer", "approval_pin": "000000"}
    person.send(f"sales/{sale['id']}/refund", wrong, status=403)
    assert "not right" in person.fault("approval_pin")
    assert "000000" not in person.source
    assert till.changed(before) == {}
    said = person.send(f"sales/{sale['id']}/refund", {**wrong, "approval_pin": "111111"})
    assert "Approved by Manajer" in said


def test_without_an_open_till_nobody_is_paid_back(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})
    shift = till.get("/shifts/current?register=K1")["id"]
    till.close(shift, 115_000)
    person = office("Pengawas")
    assert "No till is open." in person.see(f"sales/{sale['id']}/refund")
    said = person.send(f"sales/{sale['id']}/void", {"reason": "x"}, status=409)
    assert "Nothing was saved." in said


def test_a_copy_is_printed_once_for_one_press(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})
    person = office("Pengawas")
    form = {"form_id": new_id()}
    assert "A copy is being printed at K1." in person.send(f"sales/{sale['id']}/reprint", form)
    person.send(f"sales/{sale['id']}/reprint", form)
    jobs = till.get(f"/print-jobs?sale={sale['id']}")["items"]
    assert [job["kind"] for job in jobs].count("copy") == 1
