"""The QRIS line of X and Z: who says that the money came, what is open. And nobody is surcharged."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from pos.domain.qris import parse
from pos.domain.shop import Shop as ShopSettings
from pos.payments.base import Refunded
from pos.payments.desk import Desk
from pos.schemas.sales import LineIn, SaleIn, TenderIn
from tests.api.papers import jobs, lines_of, verified
from tests.api.test_collecting import later, waiting, work
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
    assert verified(till) == []


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


def shift_of(shop: Shop) -> str:
    return str(shop.get("/shifts/current?register=K1")["id"])


def report(shop: Shop) -> Body:
    found: Body = shop.get(f"/shifts/{shift_of(shop)}/report").body
    assert sum(found["by_method"].values()) == found["net"]
    return found


def paid(shop: Shop, bank: Scripted, time: time_machine.Traveller, number: str, **how: Any) -> str:
    """A sale of Rp 30.000 that its provider confirms."""
    sale, ours = waiting(shop, **how)
    bank.pay(ours, 30_000, number)
    later(shop, time)
    assert shop.get(f"/sales/{sale}")["status"] == "completed"
    return sale


def by_hand(shop: Shop, number: str) -> str:
    sale, _ = waiting(shop, {"MBT-250": 1})
    done = shop.post(f"/sales/{sale}/confirm", {"reference": number, "approval": approval()})
    assert (done.status, done["status"]) == (200, "completed")
    return sale


def test_the_split_adds_up_to_what_sales_took_by_qris(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    paid(till, bank, time, "RRN1")
    paid(till, bank, time, "RRN2")
    by_hand(till, "H1")
    waiting(till, {"MBL-250": 1})
    found = report(till)
    split = found["qris"]
    assert split["confirmed"] == {"count": 2, "amount": 60_000}
    assert split["by_hand"] == {"count": 1, "amount": 8_000, "unverified_count": 1, "unverified": 8_000}
    assert split["pending"] == {"count": 1, "amount": 10_000}
    assert split["late"] == {"count": 0, "amount": 0, "undecided_count": 0, "undecided": 0}
    assert split["simulated"] == {"count": 3, "amount": 68_000}
    assert found["by_method"]["qris"] == 68_000


def test_a_payment_that_the_provider_confirms_too_is_verified(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    till.post(f"/sales/{sale}/confirm", {"reference": "H1", "approval": approval()})
    bank.pay(ours, 30_000, "RRN1")
    later(till, time, 60)
    split = report(till)["qris"]
    assert split["by_hand"] == {"count": 1, "amount": 30_000, "unverified_count": 0, "unverified": 0}


def test_money_without_a_sale_is_late_on_the_z_of_the_shift_that_found_it(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    shift = shift_of(till)
    _, ours = waiting(till)
    bank.pay(ours, 29_000, "RRN1")
    later(till, time)
    late = {"count": 1, "amount": 29_000, "undecided_count": 1, "undecided": 29_000}
    assert report(till)["qris"]["late"] == late
    z = till.close(shift, till.expected(shift))
    assert z["qris"]["late"] == late
    assert (z["qris"]["confirmed"]["count"], z["qris"]["pending"]["count"]) == (0, 0)
    (job,) = jobs(till, "z")
    paper = "\n".join(lines_of(till, job, 48))
    assert "QRIS tanpa penjualan (1)" in paper
    assert "belum diputuskan (1)" in paper
    time.shift(1)
    till.open()
    assert report(till)["qris"]["late"]["count"] == 0


def test_late_money_that_pays_a_sale_after_all_is_confirmed(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale, ours = waiting(till)
    till.post(f"/sales/{sale}/cancel")
    bank.pay(ours, 30_000, "RRN1")
    later(till, time, 60)
    (payment,) = [item for item in till.get("/payments")["items"] if item["sale"] == sale]
    body = {"id": new_id(), "reason": "pembeli kembali"}
    assert till.post(f"/payments/{payment['id']}/attach", body).status in (200, 201)
    split = report(till)["qris"]
    assert split["confirmed"] == {"count": 1, "amount": 30_000}
    assert split["late"] == {"count": 1, "amount": 30_000, "undecided_count": 0, "undecided": 0}
    z = till.close(shift_of(till), 100_000)
    assert z["qris"]["confirmed"]["count"] == 1


def test_a_refused_refund_paid_in_cash_keeps_the_methods_summing_to_net(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    sale = paid(till, bank, time, "RRN1")
    body = back({"KTO-100": 2}, method="qris", reason="rusak")
    assert till.post(f"/sales/{sale}/refunds", body).status == 201
    assert report(till)["qris"]["refunds_waiting"] == {"count": 1, "amount": 30_000}
    bank.refund_answer = Refunded("refused", reason="no balance")
    later(till, time)
    found = report(till)
    assert found["qris"]["refunds_refused"] == {"count": 1, "amount": 30_000}
    assert found["by_method"] == {"cash": 0, "qris": 0}
    (refused,) = till.get("/payment-refunds?status=refused")["items"]
    answer = till.post(f"/payment-refunds/{refused['id']}/cash", {"id": new_id(), "register": "K1"})
    assert answer.status in (200, 201), answer.body
    found = report(till)
    assert found["by_method"] == {"cash": -30_000, "qris": 30_000}
    assert found["qris"]["refunds_refused"]["count"] == 0
    z = till.close(shift_of(till), 70_000)
    assert (z["over_short"], sum(z["by_method"].values())) == (0, z["net"])


def test_a_cashier_learns_nothing_of_qris_before_the_count(till: Shop, bank: Scripted) -> None:
    work(till)
    seen = till.get(f"/shifts/{shift_of(till)}/report", who="cashier")
    assert "qris" not in seen.body
    answer = till.post(f"/shifts/{shift_of(till)}/report/print", {"id": new_id()}, who="cashier")
    assert answer.status == 201, answer.body
    (job,) = jobs(till, "x")
    assert "QRIS" not in "\n".join(lines_of(till, job))


def test_the_buyer_pays_the_price_whoever_carries_the_fee(
    till: Shop, bank: Scripted, time: time_machine.Traveller
) -> None:
    """Surcharging is forbidden (PBI 23/6/PBI/2021 art. 52): no field, no setting, no way."""
    goods = {"KTO-100": 2}
    by_cash, by_code = till.sell(goods), till.sell(goods, qris=True)
    assert by_cash["total"] == by_code["total"] == by_code["qris"]["amount"] == 30_000
    code = parse(by_code["qris"]["payload"])
    assert (code.amount, code.get("55"), code.get("56"), code.get("57")) == (30_000, None, None, None)
    fields = {
        *SaleIn.model_fields,
        *LineIn.model_fields,
        *TenderIn.model_fields,
        *(field.name for field in dataclass_fields(ShopSettings)),
    }
    for word in ("fee", "surcharge", "mdr", "tip", "charge", "admin", "biaya"):
        assert [name for name in fields if word in name.split("_")] == []
        for body in (cart(goods, qris=True, **{word: 500}),):
            till.refused(422, "validation_error", "/sales", body)
        tender = {"method": "qris", word: 500}
        till.refused(422, "validation_error", "/sales", cart(goods) | {"tenders": [tender]})
    # More than the price is not taken by QRIS either.
    more = cart(goods) | {"tenders": [{"method": "qris", "amount": 30_500}]}
    till.refused(422, "validation_error", "/sales", more)
    negative = cart([{"sku": "KTO-100", "quantity": 1, "discount": -500, "reason": "biaya QRIS"}], qris=True)
    till.refused(422, "validation_error", "/sales", negative)
