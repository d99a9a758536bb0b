"""A day on which everything happens that can happen to goods and money, at three registers."""

from dataclasses import replace
from datetime import timedelta, timezone

from pos import clock
from pos.db import transact
from pos.operations import orders, payments, settlements
from pos.operations.actor import SYSTEM
from pos.payments.base import Refunded
from pos.payments.desk import Desk
from pos.queries.settlements import file_view
from pos.settings import Settings
from tests.api.orders import drop, held, slip
from tests.books.goods import move_and_count
from tests.books.partners import send_goods_to_an_outlet, trade_with_partners
from tests.cast import approval
from tests.factories import Shop, back, new_id
from tests.scripted import Scripted
from tests.support.collecting import payments as payments_of
from tests.support.collecting import waiting, work


def a_full_day(shop: Shop) -> None:
    """Fill every table that the books account for, and leave a sale that waits and a shift that is open."""
    stock_up(shop)
    first = shop.open("K1", 100_000)
    noted = [{"sku": "KTO-100", "quantity": 2, "note": "yang renyah"}, {"sku": "MBT-250", "quantity": 1}]
    sold = shop.sell(noted, cash=50_000, note="untuk blok C")
    split = shop.sell({"TBT-020": 1, "KTB-250": 2}, cash=39_000, qris=True)
    confirm(shop, split["id"], "REF-SPLIT")
    shop.paid_by_qris({"KTP-100": 3}, "REF-1")
    shop.sell(
        [
            {"sku": "KTO-100", "quantity": 3, "discount": 1_450, "reason": "penyok"},
            {"sku": "KTO-100", "quantity": 1},
        ],
        cash=60_000,
        discount=500,
        reason="langganan",
    )
    voided = shop.sell({"KTB-250": 1}, cash=50_000)
    given = shop.sell({"MBL-250": 5})
    expect(shop, f"/sales/{given['id']}/refunds", back({"MBL-250": 2}))
    expect(shop, f"/sales/{given['id']}/refunds", back({"MBL-250": 1}, restock=False))
    expect(shop, f"/sales/{voided['id']}/void", {"id": new_id(), "reason": "salah barang"})
    mixed = shop.sell({"KTB-250": 1}, cash=12_000, qris=True)
    confirm(shop, mixed["id"], "REF-MIXED")
    expect(shop, f"/sales/{mixed['id']}/void", {"id": new_id(), "reason": "batal"})
    gift = shop.sell({"MBT-250": 1}, cash=0, discount=8_000, reason="hadiah", who="manager")
    expect(shop, f"/sales/{gift['id']}/refunds", back({"MBT-250": 1}, method="cash", approval=approval()))
    odd = shop.sell({"KTO-100": 3}, discount=1_001, reason="pembulatan", cash=44_000)
    for _ in range(3):
        expect(shop, f"/sales/{odd['id']}/refunds", back({"KTO-100": 1}))
    for _ in range(2):
        expect(shop, f"/sales/{sold['id']}/reprint", {"id": new_id(), "register": "K1"})
    correct_payments(shop)
    cash(shop, first, "in", 20_000)
    cash(shop, first, "out", 15_000)
    expect(shop, f"/shifts/{first}/drawer", {"id": new_id(), "reason": "tukar uang"})
    cancelled = shop.sell({"KTO-100": 1}, qris=True, note="menunggu")
    expect(shop, f"/sales/{cancelled['id']}/cancel", {})
    expire(shop, shop.sell({"KTO-100": 1}, qris=True)["id"])
    late = shop.sell({"MBT-250": 2}, qris=True)
    expire(shop, late["id"])
    count = {"id": new_id(), "counted": {"100000": 2, "5000": 1}}
    expect(shop, f"/shifts/{first}/count", count)
    expect(shop, f"/shifts/{first}/count", {"id": new_id(), "counted": 204_000, "approval": approval()})
    confirm(shop, late["id"], "REF-LATE")
    shop.close(first, 0, reason="kurang teliti", approval=approval())
    shop.paid_by_qris({"MBT-250": 1}, "REF-KIOSK", register="K2", who="manager")
    other = shop.open("G1", 50_000)
    shop.sell({"KTO-100": 1}, register="G1", who="cashier at G1", cash=20_000)
    expect(shop, f"/sales/{split['id']}/refunds", back({"KTB-250": 1}, register="G1"))
    shop.open("K1", 0)
    revived = shop.sell({"KTP-100": 1}, qris=True)
    expire(shop, revived["id"])
    confirm(shop, revived["id"], "REF-2")
    shop.sell({"KTP-100": 2}, qris=True)
    shop.close(other, shop.expected(other))
    hold(shop)
    settle(shop)
    collect(shop)


def expect(shop: Shop, path: str, body: dict[str, object]) -> None:
    answer = shop.post(path, body)
    assert answer.status in (200, 201), answer.body


def stock_up(shop: Shop) -> None:
    """Take goods in, correct them, move them, count them, and hand some to a partner."""
    shop.receive("KTO-100", 40, lot="BARU", expires_on="2030-01-31", unit_cost=9_000)
    correct(shop, "MBT-250", 3, lot="DITEMUKAN", expires_on="2099-12-31")
    correct(shop, "MBT-250", -2)
    move_and_count(shop)
    trade_with_partners(shop)
    send_goods_to_an_outlet(shop)


def confirm(shop: Shop, sale: str, reference: str) -> None:
    expect(shop, f"/sales/{sale}/confirm", {"reference": reference})


def correct_payments(shop: Shop) -> None:
    """Say of some sales how they were really paid: to cash, to QRIS, another amount, there and back."""
    wrong = shop.paid_by_qris({"KTO-100": 1}, "REF-WRONG")
    back_and_forth = shop.sell({"TBT-020": 1}, cash=50_000)
    for sale, tenders, more in (
        (wrong["id"], [{"method": "cash", "amount": 20_000}], {}),
        (wrong["id"], [{"method": "cash", "amount": 15_000}], {}),
        (back_and_forth["id"], [{"method": "qris"}], {"reference": "REF-WRONG"}),
        (back_and_forth["id"], [{"method": "cash", "amount": 30_000}], {}),
        (
            back_and_forth["id"],
            [{"method": "cash", "amount": 5_000}, {"method": "qris"}],
            {"reference": "REF-C"},
        ),
    ):
        expect(shop, f"/sales/{sale}/tenders", {"id": new_id(), "tenders": tenders, **more})
    expect(shop, f"/sales/{back_and_forth['id']}/void", {"id": new_id(), "reason": "batal"})


def cash(shop: Shop, shift: str, direction: str, amount: int) -> None:
    body = {"id": new_id(), "direction": direction, "amount": amount, "reason": "kas kecil"}
    expect(shop, f"/shifts/{shift}/cash", body)


def correct(shop: Shop, sku: str, quantity: int, **more: str) -> None:
    body = {
        "id": new_id(),
        "location": "GUDANG",
        "reason": "count",
        "lines": [{"sku": sku, "quantity": quantity, **more}],
    }
    expect(shop, "/stock/adjustments", body)


def expire(shop: Shop, sale: str) -> None:
    with shop.app.app_context():
        transact(lambda: payments.expire(sale, clock.now() + timedelta(seconds=2)))


def hold(shop: Shop) -> None:
    """Hold carts and print slips: used here and at another register, dropped, replaced, expired, open."""
    line = {"sku": "KTO-100", "quantity": 2, "discount": 500, "reason": "penyok", "note": "tanpa plastik"}
    used = held(shop, [line], discount=100, reason="langganan", note="Bu Sri")
    shop.sell({"KTO-100": 3}, order=used["id"])
    shop.sell({"MBL-250": 1}, order=slip(shop, {"MBL-250": 2})["id"])
    waits = shop.sell({"MBL-250": 2}, qris=True, order=slip(shop, {"MBL-250": 1})["id"])
    confirm(shop, waits["id"], "REF-ORDER")
    drop(shop, slip(shop, {"TBT-020": 1})["id"])
    held(shop, {"TBT-020": 3}, order=held(shop, {"TBT-020": 2})["id"])
    slip(shop, {"KTB-250": 1, "KTO-100": 1})
    over = held(shop, {"KTO-100": 1}, register="G1", kind="slip", who="cashier at G1")["id"]
    with shop.app.app_context():
        transact(lambda: orders.expire(over, clock.now() + timedelta(minutes=31)))


def settle(shop: Shop) -> None:
    """Import a file: matched, another amount, only theirs, money back, repeated; then match one by hand."""
    with shop.app.app_context():
        now = clock.now().astimezone(timezone(timedelta(hours=7)))
        lines = (
            ("REF-1", 48_000, "Payment"),
            ("REF-SPLIT", 50_000, "Payment"),
            ("REF-SPLIT", 32_000, "Refund"),
            ("99887766", 70_000, "Payment"),
            ("REF-2", 15_999, "Payment"),
            ("REF-1", 48_000, "Payment"),
            ("112233445566", 8_000, "Payment"),
        )
        # Half a day away, or the last row would be matched by its amount and time.
        away = f"{now:%d/%m/%Y};{(now.hour + 12) % 24:02}:00:00"
        rows = [
            f"{away};{number};{amount};{amount // 100};{amount - amount // 100};A01;{kind}"
            for number, amount, kind in lines
        ]
        text = "\n".join(["Tanggal;Jam;RRN;Nominal;MDR;Net;TID;Jenis", *rows, "Total;;;1"])
        found = settlements.plan(text.encode(), "november.csv", "generic")
        file_id = transact(lambda: settlements.carry_out(found, SYSTEM, clock.now()))
        view = file_view(file_id)
        ours = next(payment for payment in view.ours if payment.amount == 8_000)
        transact(
            lambda: settlements.match_by_hand(file_id, 8, ours.id, "nomor salah ketik", SYSTEM, clock.now())
        )


def collect(shop: Shop) -> None:
    """Collect through a provider: paid, paid twice, another amount; money goes back, is refused, is kept."""
    settings: Settings = shop.app.config["SETTINGS"]
    chosen = replace(settings, qris=replace(settings.qris, provider="simulator", expires_after=300))
    bank, usual = Scripted(), shop.app.extensions["qris"]
    desk = shop.app.extensions["qris"] = Desk(chosen, shop.app.app_context)
    desk._providers = {"simulator": bank, "snap": None, "midtrans": None, "static": None}
    first, ours = waiting(shop)
    bank.pay(ours, 30_000, "RRN-1")
    bank.pay(ours, 30_000, "RRN-2")
    second, ours = waiting(shop, {"MBT-250": 1})
    bank.pay(ours, 8_000, "RRN-3")
    third, ours = waiting(shop, {"MBL-250": 1})
    bank.pay(ours, 9_999, "RRN-4")
    work(shop)
    expect(shop, f"/sales/{first}/refunds", back({"KTO-100": 1}, method="qris"))
    twice, odd = (
        next(item["id"] for item in payments_of(shop, sale) if item["status"] == "late")
        for sale in (first, third)
    )
    give = {"id": new_id(), "reason": "terbayar dua kali", "method": "provider"}
    expect(shop, f"/payments/{twice}/refund", give)
    expect(shop, f"/payments/{odd}/keep", {"id": new_id(), "reason": "pembeli pergi"})
    work(shop)
    bank.refund_answer = Refunded("refused", reason="window passed")
    expect(shop, f"/sales/{second}/void", {"id": new_id(), "reason": "batal"})
    work(shop)
    (refused,) = shop.get("/payment-refunds?status=refused")["items"]
    expect(shop, f"/payment-refunds/{refused['id']}/cash", {"id": new_id(), "register": "K1"})
    desk.close()
    shop.app.extensions["qris"] = usual
