"""The life of a QRIS payment: waiting, confirmed, cancelled, expired, paid late."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from pos.domain import qris
from tests.cast import approval
from tests.factories import Body, Shop, cart, new_id


def confirm(shop: Shop, sale: str, reference: str, who: str = "cashier") -> int:
    return shop.post(f"/sales/{sale}/confirm", {"reference": reference}, who=who).status


def payment_of(shop: Shop, sale: str) -> Body:
    (found,) = [item for item in shop.get("/payments")["items"] if item["sale"] == sale]
    return dict(found)


def expired(till: Shop, time: time_machine.Traveller, goods: dict[str, int]) -> str:
    """A sale whose code is past its time."""
    sale = str(till.sell(goods, qris=True)["id"])
    time.shift(301)
    till.keep_house()
    assert till.get(f"/sales/{sale}")["status"] == "expired"
    return sale


def test_a_qris_sale_waits_with_a_code_and_its_goods_reserved(till: Shop) -> None:
    before = datetime.now(UTC)
    answer = till.post("/sales", cart({"KTP-100": 3}, qris=True), who="cashier")
    assert (answer.status, answer["status"], answer["number"]) == (202, "awaiting_payment", None)
    assert answer["tenders"] == [{"method": "qris", "amount": 48_000}]
    assert answer["entry_hash"] is None
    code = qris.parse(answer["qris"]["payload"])
    assert (code.amount, code.is_static, answer["qris"]["amount"]) == (48_000, False, 48_000)
    assert not [finding for finding in qris.findings(code.dumps()) if finding.severity == "error"]
    waits = datetime.fromisoformat(answer["qris"]["expires_at"]) - before
    assert timedelta(seconds=299) < waits < timedelta(seconds=310)
    stock = till.stock("KTP-100")
    assert (stock["on_hand"], stock["reserved"], stock["available"]) == (200, 3, 197)
    assert sum(lot["reserved"] for lot in stock["lots"]) == 3
    (payment,) = till.get("/payments?status=waiting")["items"]
    assert (payment["sale"], payment["amount"], payment["paid_amount"]) == (answer["id"], 48_000, None)
    assert payment["reference"] is None


def test_a_confirmed_sale_completes_with_the_reference(till: Shop) -> None:
    sale = till.sell({"KTP-100": 3}, qris=True)["id"]
    answer = till.post(f"/sales/{sale}/confirm", {"reference": "  TRX 9911-a "}, who="cashier")
    assert (answer.status, answer["status"], answer["number"]) == (200, "completed", "K1-000001")
    assert len(answer["entry_hash"]) == 64
    stock = till.stock("KTP-100")
    assert (stock["on_hand"], stock["reserved"]) == (197, 0)
    payment = payment_of(till, sale)
    assert (payment["status"], payment["paid_amount"], payment["reference"]) == ("paid", 48_000, "TRX 9911-a")


def test_confirming_again_with_the_same_reference_changes_nothing(till: Shop) -> None:
    sale = till.paid_by_qris({"KTP-100": 1}, "R1")["id"]
    before = till.rows()
    assert confirm(till, sale, "R1") == 200
    assert till.changed(before) == {}
    till.refused(409, "sale_not_waiting", f"/sales/{sale}/confirm", {"reference": "R2"}, who="cashier")


def test_a_reference_confirms_one_sale_only(till: Shop) -> None:
    till.paid_by_qris({"KTP-100": 1}, "R1")
    other = till.sell({"KTP-100": 1}, qris=True)["id"]
    till.refused(409, "reference_used", f"/sales/{other}/confirm", {"reference": "R1"}, who="cashier")
    assert confirm(till, other, "R2") == 200


def test_a_reference_is_used_up_by_a_late_payment_too(till: Shop, time: time_machine.Traveller) -> None:
    till.leave("KTP-100", 2)
    sale = expired(till, time, {"KTP-100": 2})
    till.sell({"KTP-100": 1})
    assert confirm(till, sale, "R1") == 200
    other = till.sell({"KTP-100": 1}, qris=True)["id"]
    till.refused(409, "reference_used", f"/sales/{other}/confirm", {"reference": "R1"}, who="cashier")


def test_a_cash_sale_has_nothing_to_confirm_or_cancel(till: Shop) -> None:
    sale = till.sell({"KTP-100": 1})["id"]
    till.refused(409, "sale_not_waiting", f"/sales/{sale}/confirm", {"reference": "R1"})
    till.refused(409, "sale_not_waiting", f"/sales/{sale}/cancel")


def test_a_cancelled_sale_gives_its_goods_free(till: Shop) -> None:
    sale = till.sell({"KTP-100": 3}, qris=True)["id"]
    answer = till.post(f"/sales/{sale}/cancel", who="cashier")
    assert (answer.status, answer["status"], answer["number"]) == (200, "cancelled", None)
    stock = till.stock("KTP-100")
    assert (stock["on_hand"], stock["reserved"], stock["available"]) == (200, 0, 200)
    assert payment_of(till, sale)["status"] == "cancelled"
    before = till.rows()
    assert till.post(f"/sales/{sale}/cancel", who="cashier")["status"] == "cancelled"
    assert till.changed(before) == {}


def test_a_cancel_that_loses_against_the_payment_gets_the_completed_sale(till: Shop) -> None:
    sale = till.paid_by_qris({"KTP-100": 1}, "R1")["id"]
    answer = till.refused(409, "sale_not_waiting", f"/sales/{sale}/cancel", who="cashier")
    assert (answer["sale"]["id"], answer["sale"]["status"]) == (sale, "completed")


def test_a_sale_expires_when_its_time_is_over_and_not_before(
    till: Shop, time: time_machine.Traveller
) -> None:
    sale = till.sell({"KTP-100": 3}, qris=True)["id"]
    time.shift(290)
    till.keep_house()
    assert till.get(f"/sales/{sale}")["status"] == "awaiting_payment"
    time.shift(15)
    till.keep_house()
    assert till.get(f"/sales/{sale}")["status"] == "expired"
    assert till.left("KTP-100") == 200
    assert payment_of(till, sale)["status"] == "expired"
    till.refused(409, "sale_not_waiting", f"/sales/{sale}/cancel")


def test_a_late_payment_completes_the_sale_while_goods_and_shift_are_there(
    till: Shop, time: time_machine.Traveller
) -> None:
    for end in ("expired", "cancelled"):
        if end == "expired":
            sale = expired(till, time, {"KTP-100": 1})
        else:
            sale = till.sell({"KTP-100": 1}, qris=True)["id"]
            till.post(f"/sales/{sale}/cancel")
        answer = till.post(f"/sales/{sale}/confirm", {"reference": f"R-{end}"}, who="cashier")
        assert (answer.status, answer["status"]) == (200, "completed")
        assert payment_of(till, sale)["status"] == "paid"
    assert till.stock("KTP-100")["on_hand"] == 198
    assert till.get("/shifts/current?register=K1")["status"] == "open"


def test_a_late_payment_without_goods_is_kept_as_late(till: Shop, time: time_machine.Traveller) -> None:
    till.leave("KTP-100", 2)
    sale = expired(till, time, {"KTP-100": 2})
    till.sell({"KTP-100": 1})
    answer = till.post(f"/sales/{sale}/confirm", {"reference": "R1"}, who="cashier")
    assert (answer.status, answer["status"], answer["number"]) == (200, "expired", None)
    (late,) = till.get("/payments?status=late")["items"]
    assert (late["sale"], late["paid_amount"], late["reference"]) == (sale, 32_000, "R1")
    assert till.stock("KTP-100")["on_hand"] == 1
    before = till.rows()
    assert confirm(till, sale, "R1") == 200
    assert till.changed(before) == {}


def test_a_late_payment_without_an_open_shift_is_kept_as_late(till: Shop) -> None:
    sale = till.sell({"KTP-100": 1}, qris=True)["id"]
    till.post(f"/sales/{sale}/cancel")
    shift = till.get("/shifts/current?register=K1")["id"]
    assert till.post(f"/shifts/{shift}/count", {"id": new_id(), "counted": 100_000}).status == 201
    answer = till.post(f"/sales/{sale}/confirm", {"reference": "R1"}, who="cashier")
    assert (answer.status, answer["status"]) == (200, "cancelled")
    assert payment_of(till, sale)["status"] == "late"


def test_a_late_payment_completes_in_the_shift_that_is_open_then(till: Shop) -> None:
    sale = till.sell({"KTP-100": 1}, qris=True)["id"]
    till.post(f"/sales/{sale}/cancel")
    till.close(till.get("/shifts/current?register=K1")["id"], 100_000)
    second = till.open("K1", 0)
    assert confirm(till, sale, "R1") == 200
    assert till.get(f"/shifts/{second}/report")["by_method"] == {"cash": 0, "qris": 16_000}


def test_a_manual_confirmation_above_the_limit_needs_approval(till: Shop) -> None:
    exact = till.sell({"KTB-250": 15}, discount=0, qris=True)
    assert exact["qris"]["amount"] == 480_000
    assert confirm(till, exact["id"], "R1") == 200
    above = till.sell({"KTB-250": 16}, qris=True)["id"]
    path = f"/sales/{above}/confirm"
    assert (
        till.refused(403, "approval_needed", path, {"reference": "R2"}, who="cashier")["role"] == "supervisor"
    )
    done = till.post(path, {"reference": "R2", "approval": approval()}, who="cashier")
    assert (done.status, done["status"]) == (200, "completed")
    assert confirm(till, till.sell({"KTB-250": 16}, qris=True)["id"], "R3", who="supervisor") == 200


def test_exactly_the_limit_needs_no_approval(till: Shop) -> None:
    sale = till.sell({"TBT-020": 20}, qris=True)
    assert sale["qris"]["amount"] == 500_000
    assert confirm(till, sale["id"], "R1") == 200


def test_above_ten_million_is_refused(till: Shop) -> None:
    body = cart({"KTB-250": 200, "TBT-020": 144, "MBT-250": 1}, qris=True)
    till.refused(422, "validation_error", "/sales", body, who="cashier")
    body["lines"] = [{"sku": "KTB-250", "quantity": 200}, {"sku": "TBT-020", "quantity": 144}]
    answer = till.post("/sales", body, who="cashier")
    assert (answer.status, answer["total"]) == (202, 10_000_000)


@pytest.mark.parametrize("merchant", ["", "00020101021126", "hello"])
def test_without_a_usable_merchant_code_the_provider_is_unavailable(till: Shop, merchant: str) -> None:
    _store_merchant(till, merchant)
    answer = till.refused(
        503, "provider_unavailable", "/sales", cart({"KTP-100": 1}, qris=True), who="cashier"
    )
    assert int(answer.headers["Retry-After"]) > 0
    assert till.stock("KTP-100")["reserved"] == 0
    assert till.sell({"KTP-100": 1})["number"] == "K1-000001"


def _store_merchant(shop: Shop, merchant: str) -> None:
    """Put a code into the table that the back office would refuse, as an old backup might hold."""
    import json

    from pos.db import db, transact
    from pos.models import Book, Setting

    def store() -> None:
        db.session.get_one(Setting, "merchant_qris").value = json.dumps(merchant)
        # The settings are kept until the office's book moves on.
        office = db.session.query(Book).filter_by(code="OFFICE").one()
        office.seq += 1
        db.session.flush()

    with shop.app.app_context():
        transact(store)


def test_cash_of_a_waiting_sale_counts_when_it_completes(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.sell({"KTB-250": 2}, cash=20_000, qris=True)
    assert sale["tenders"] == [{"method": "cash", "amount": 20_000}, {"method": "qris", "amount": 44_000}]
    assert till.expected(shift) == 100_000
    assert confirm(till, sale["id"], "R1") == 200
    assert till.expected(shift) == 120_000
    assert till.get(f"/shifts/{shift}/report")["by_method"] == {"cash": 20_000, "qris": 44_000}


def test_cash_of_a_cancelled_sale_never_counts(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.sell({"KTB-250": 2}, cash=20_000, qris=True)
    till.post(f"/sales/{sale['id']}/cancel")
    assert till.expected(shift) == 100_000


def test_a_part_by_qris_may_be_named(till: Shop) -> None:
    body = cart({"KTB-250": 2}) | {
        "tenders": [{"method": "qris", "amount": 44_000}, {"method": "cash", "amount": 50_000}]
    }
    answer = till.post("/sales", body, who="cashier")
    assert (answer.status, answer["qris"]["amount"], answer["change"]) == (202, 44_000, 30_000)


def test_two_qris_payments_in_one_sale_are_refused(till: Shop) -> None:
    body = cart({"KTB-250": 2}) | {"tenders": [{"method": "qris", "amount": 10_000}, {"method": "qris"}]}
    till.refused(422, "validation_error", "/sales", body)
    body["tenders"] = [{"method": "qris", "amount": 0}]
    till.refused(422, "validation_error", "/sales", body)
    body["tenders"] = [{"method": "cash", "amount": 64_000}, {"method": "qris"}]
    till.refused(422, "validation_error", "/sales", body)
    body["tenders"] = [{"method": "qris", "amount": 63_999}]
    till.refused(422, "payment_short", "/sales", body)


def test_a_waiting_sale_may_use_its_own_reservation_to_the_last_piece(till: Shop) -> None:
    till.leave("KTP-100", 2)
    sale = till.sell({"KTP-100": 2}, qris=True)["id"]
    till.refused(409, "insufficient_stock", "/sales", cart({"KTP-100": 1}), who="cashier")
    assert confirm(till, sale, "R1") == 200
    assert till.stock("KTP-100")["on_hand"] == 0


def test_reserved_goods_cannot_be_written_off(till: Shop) -> None:
    till.sell({"KTP-100": 150}, qris=True)
    body = {
        "id": new_id(),
        "location": "GUDANG",
        "reason": "waste",
        "lines": [{"sku": "KTP-100", "quantity": -51}],
    }
    till.refused(409, "insufficient_stock", "/stock/adjustments", body)


def test_a_waiting_sale_takes_no_number_before_it_completes(till: Shop) -> None:
    waiting = till.sell({"KTP-100": 1}, qris=True)["id"]
    assert till.sell({"KTP-100": 1})["number"] == "K1-000001"
    till.post(f"/sales/{till.sell({'KTP-100': 1}, qris=True)['id']}/cancel")
    assert confirm(till, waiting, "R1") == 200
    assert till.get(f"/sales/{waiting}")["number"] == "K1-000002"


def test_a_sale_that_does_not_exist_is_not_confirmed(till: Shop) -> None:
    till.refused(404, "not_found", f"/sales/{new_id()}/confirm", {"reference": "R"})
    till.refused(404, "not_found", f"/sales/{new_id()}/cancel")
