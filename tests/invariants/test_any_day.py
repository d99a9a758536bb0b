"""Any day of a shop with two tills, held against a small model, and then derived again from its books.

Hypothesis chooses what people do: sales in cash and by QRIS, confirmations, cancels, codes that expire,
orders, voids, refunds, goods in and out, cash in and out, counts and closes. The model says what must come
of each; whatever the server answers else, or any sum that does not add up in the end, is a defect.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.factories import PRICES, Answer, Shop, back, cart, new_id, worth
from tests.invariants.corrections import Corrections
from tests.invariants.model import Drawer, Sold, check_report
from tests.invariants.orders import GOODS, SKUS
from tests.support.demo import Copies, Template, opened

REGISTERS = st.sampled_from(["K1", "G1"])
SCARCE = 60


class AnyDay(Corrections):
    """Two tills and one stock."""

    sales = Bundle("sales")
    waiting = Bundle("waiting")
    over = Bundle("over")

    def __init__(self, make: Any) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.time = self.stack.enter_context(time_machine.travel(datetime.now(UTC), tick=True))
        self.shop: Shop = self.stack.enter_context(make())
        self.on_hand = dict.fromkeys(PRICES, 200)
        self.reserved = dict.fromkeys(PRICES, 0)
        self.drawers = {"K1": Drawer(), "G1": Drawer()}
        self.all: list[Sold] = []

    @initialize(cash=st.integers(0, 500_000))
    def morning(self, cash: int) -> None:
        self.shop.settings(limit_over_short=10_000_000, limit_manual_qris=10_000_000)
        for sku in SKUS:
            self.shop.leave(sku, SCARCE)
            self.on_hand[sku] = SCARCE
        self.open_shift("K1", cash)

    @rule(register=REGISTERS, cash=st.integers(0, 500_000))
    def open_shift(self, register: str, cash: int) -> None:
        drawer = self.drawers[register]
        answer = self.shop.post("/shifts", {"id": new_id(), "register": register, "float": cash})
        if drawer.shift is not None:
            self.expect(answer, 409, "shift_already_open")
            return
        self.expect(answer, 201)
        drawer.shift, drawer.counted, drawer.expected, drawer.net = str(answer["id"]), False, cash, 0

    def sold(self, answer: Answer, body: dict[str, Any], register: str) -> Sold:
        cash = sum(tender["amount"] for tender in answer["tenders"] if tender["method"] == "cash")
        qris = sum(tender["amount"] for tender in answer["tenders"] if tender["method"] == "qris")
        assert cash + qris - answer["change"] == answer["total"]
        sale = Sold(
            body=body,
            register=register,
            total=answer["total"],
            change=answer["change"],
            status=answer["status"],
            shift=str(self.drawers[register].shift),
            left={line["sku"]: line["quantity"] for line in body["lines"]},
            paid={"cash": cash - answer["change"], "qris": qris},
            tenders=answer["tenders"],
        )
        self.all.append(sale)
        return sale

    def refusal(self, register: str, goods: dict[str, int]) -> tuple[int, str] | None:
        drawer = self.drawers[register]
        if drawer.shift is None:
            return 409, "shift_not_open"
        if drawer.counted:
            return 409, "shift_closed"
        if any(self.on_hand[sku] - self.reserved[sku] < pieces for sku, pieces in goods.items()):
            return 409, "insufficient_stock"
        return None

    def completed(self, sale: Sold, answer: Answer) -> None:
        drawer = self.drawers[sale.register]
        sale.status, sale.shift = "completed", str(drawer.shift)
        drawer.numbers.append(answer["number"])
        drawer.grand_total += sale.total
        drawer.expected += sale.paid["cash"]
        drawer.net += sale.total
        for sku, pieces in sale.left.items():
            self.on_hand[sku] -= pieces

    @rule(
        target=sales, register=REGISTERS, goods=GOODS, more=st.integers(0, 50_000), percent=st.integers(0, 10)
    )
    def sell_for_cash(self, register: str, goods: dict[str, int], more: int, percent: int) -> Any:
        off = worth(goods) * percent // 100
        given = worth(goods) - off + more + 50
        body = cart(goods, register=register, cash=given, discount=off, reason="r")
        refusal = self.refusal(register, goods)
        answer = self.shop.post("/sales", body)
        if refusal:
            self.expect(answer, *refusal)
            return multiple()
        self.expect(answer, 201)
        assert answer["total"] == worth(goods) - off + answer["rounding"]
        assert answer["total"] % 100 == 0
        assert abs(answer["rounding"]) <= 50
        sale = self.sold(answer, body, register)
        self.completed(sale, answer)
        return sale

    @rule(target=waiting, register=REGISTERS, goods=GOODS, part=st.sampled_from([0, 0, 1_000, 4_999]))
    def sell_by_qris(self, register: str, goods: dict[str, int], part: int) -> Any:
        body = cart(goods, register=register, cash=part or None, qris=True)
        refusal = self.refusal(register, goods)
        answer = self.shop.post("/sales", body)
        if refusal:
            self.expect(answer, *refusal)
            return multiple()
        self.expect(answer, 202)
        assert answer["number"] is None
        for sku, pieces in goods.items():
            self.reserved[sku] += pieces
        return self.sold(answer, body, register)

    @rule(target=sales, sale=consumes(waiting))
    def confirm(self, sale: Sold) -> Any:
        if sale.status != "awaiting_payment":
            return multiple()
        sale.reference = new_id()
        answer = self.shop.post(f"/sales/{sale.id}/confirm", {"reference": sale.reference})
        self.expect(answer, 200)
        for sku, pieces in sale.left.items():
            self.reserved[sku] -= pieces
        self.completed(sale, answer)
        return sale

    @rule(target=over, sale=consumes(waiting))
    def cancel(self, sale: Sold) -> Any:
        if sale.status != "awaiting_payment":
            return sale
        answer = self.shop.post(f"/sales/{sale.id}/cancel")
        self.expect(answer, 200)
        self.give_up(sale, "cancelled")
        return sale

    def give_up(self, sale: Sold, status: str) -> None:
        sale.status = status
        for sku, pieces in sale.left.items():
            self.reserved[sku] -= pieces

    @rule()
    def five_minutes_pass(self) -> None:
        self.time.shift(301)
        self.house_is_kept()

    def house_is_kept(self) -> None:
        self.shop.keep_house()
        self.orders_run_out()
        for sale in self.all:
            if sale.status == "awaiting_payment":
                self.give_up(sale, "expired")

    @rule(sale=over)
    def pay_late(self, sale: Sold) -> None:
        if sale.status not in ("expired", "cancelled") or sale.reference:
            return
        refusal = self.refusal(sale.register, sale.left)
        sale.reference = new_id()
        answer = self.shop.post(f"/sales/{sale.id}/confirm", {"reference": sale.reference})
        self.expect(answer, 200)
        if refusal:
            assert answer["status"] == sale.status
        else:
            assert answer["status"] == "completed"
            self.completed(sale, answer)

    @rule(sale=sales)
    def send_the_sale_again(self, sale: Sold) -> None:
        answer = self.shop.post("/sales", sale.body)
        self.expect(answer, 200)
        assert (answer["id"], answer["refunded"]) == (sale.id, sale.refunded)

    @rule(sale=sales)
    def void(self, sale: Sold) -> None:
        drawer = self.drawers[sale.register]
        answer = self.shop.post(f"/sales/{sale.id}/void", {"id": new_id(), "reason": "r"})
        if sale.status == "voided" or sale.refunded or sum(sale.left.values()) < self.pieces(sale):
            self.expect(answer, 409, "sale_not_refundable")
        elif drawer.shift is None:
            self.expect(answer, 409, "shift_not_open")
        elif drawer.counted or drawer.shift != sale.shift:
            self.expect(answer, 409, "shift_closed")
        else:
            self.expect(answer, 201)
            assert answer["total"] == sale.total
            drawer.refunds.append(answer["number"])
            drawer.expected -= sale.paid["cash"]
            drawer.net -= sale.total
            for sku, pieces in sale.left.items():
                self.on_hand[sku] += pieces
            sale.status, sale.refunded, sale.left = "voided", sale.total, dict.fromkeys(sale.left, 0)

    @rule(
        sale=sales,
        register=REGISTERS,
        sku=st.sampled_from(SKUS),
        pieces=st.integers(1, 45),
        restock=st.booleans(),
    )
    def refund(self, sale: Sold, register: str, sku: str, pieces: int, restock: bool) -> None:
        drawer = self.drawers[register]
        body = back({sku: pieces}, register=register, restock=restock)
        answer = self.shop.post(f"/sales/{sale.id}/refunds", body, who="supervisor")
        if sale.status == "voided" or sale.left.get(sku, 0) < pieces:
            self.expect(answer, 409, "sale_not_refundable")
        elif drawer.shift is None:
            self.expect(answer, 409, "shift_not_open")
        elif drawer.counted:
            self.expect(answer, 409, "shift_closed")
        else:
            self.expect(answer, 201)
            sale.left[sku] -= pieces
            sale.refunded += answer["total"]
            assert 0 <= sale.refunded <= sale.total
            if not any(sale.left.values()):
                assert sale.refunded == sale.total
            drawer.refunds.append(answer["number"])
            drawer.expected -= answer["total"]
            drawer.net -= answer["total"]
            if restock:
                self.on_hand[sku] += pieces

    @rule(sku=st.sampled_from(SKUS), pieces=st.integers(1, 30), lot=st.sampled_from(["", "A", "B"]))
    def receive(self, sku: str, pieces: int, lot: str) -> None:
        self.shop.receive(sku, pieces, lot=lot)
        self.on_hand[sku] += pieces

    @rule(sku=st.sampled_from(SKUS), pieces=st.integers(1, 30))
    def write_off(self, sku: str, pieces: int) -> None:
        body = {
            "id": new_id(),
            "location": "GUDANG",
            "reason": "waste",
            "lines": [{"sku": sku, "quantity": -pieces}],
        }
        answer = self.shop.post("/stock/adjustments", body)
        if self.on_hand[sku] - self.reserved[sku] < pieces:
            self.expect(answer, 409, "insufficient_stock")
        else:
            self.expect(answer, 201)
            self.on_hand[sku] -= pieces

    @rule(register=REGISTERS, direction=st.sampled_from(["in", "out"]), amount=st.integers(1, 50_000))
    def move_cash(self, register: str, direction: str, amount: int) -> None:
        drawer = self.drawers[register]
        if drawer.shift is None:
            return
        body = {"id": new_id(), "direction": direction, "amount": amount, "reason": "r"}
        answer = self.shop.post(f"/shifts/{drawer.shift}/cash", body)
        if drawer.counted:
            self.expect(answer, 409, "shift_closed")
        else:
            self.expect(answer, 201)
            drawer.expected += amount if direction == "in" else -amount

    @rule(register=REGISTERS, off=st.integers(-1_000, 1_000))
    def count(self, register: str, off: int) -> None:
        drawer = self.drawers[register]
        if drawer.shift is None or drawer.expected + off < 0:
            return
        body = {"id": new_id(), "counted": drawer.expected + off}
        answer = self.shop.post(f"/shifts/{drawer.shift}/count", body)
        if drawer.counted:
            self.expect(answer, 409, "count_fixed")
        elif self.waits(register):
            self.expect(answer, 409, "sales_waiting")
        else:
            self.expect(answer, 201)
            assert (answer["expected_cash"], answer["over_short"]) == (drawer.expected, off)
            drawer.counted = True

    def waits(self, register: str) -> bool:
        return any(s.status == "awaiting_payment" and s.register == register for s in self.all)

    @rule(register=REGISTERS)
    def close(self, register: str) -> None:
        drawer = self.drawers[register]
        if drawer.shift is None:
            return
        body = {"id": new_id(), "counted": max(drawer.expected, 0), "reason": "selisih"}
        if abs(drawer.expected - body["counted"]) > 10_000_000:
            return
        answer = self.shop.post(f"/shifts/{drawer.shift}/close", body)
        if not drawer.counted and self.waits(register):
            self.expect(answer, 409, "sales_waiting")
            return
        self.expect(answer, 201)
        drawer.z += 1
        check_report(answer.body, drawer)
        assert answer["number"] == drawer.z
        drawer.shift = None

    def expect(self, answer: Answer, status: int, code: str = "") -> None:
        assert (answer.status, answer.code) == (status, code), answer.body

    def teardown(self) -> None:
        try:
            self.evening()
        finally:
            self.stack.close()

    def evening(self) -> None:
        """Everything adds up, whatever the day was."""
        shop = self.shop
        for item in shop.get("/stock")["items"]:
            sku = item["sku"]
            assert (item["on_hand"], item["reserved"]) == (self.on_hand[sku], self.reserved[sku]), sku
            assert all(0 <= lot["reserved"] <= lot["on_hand"] for lot in item["lots"])
            moved = shop.get(f"/stock/movements?sku={sku}&location=GUDANG&limit=500")["items"]
            assert sum(movement["change"] for movement in moved) == item["on_hand"]
        for code, drawer in self.drawers.items():
            assert drawer.numbers == [f"{code}-{n:06d}" for n in range(1, len(drawer.numbers) + 1)]
            assert drawer.refunds == [f"{code}-R{n:06d}" for n in range(1, len(drawer.refunds) + 1)]
            if drawer.shift is not None:
                check_report(shop.get(f"/shifts/{drawer.shift}/report").body, drawer)
        for sale in self.all:
            found = shop.get(f"/sales/{sale.id}")
            assert (found["status"], found["refunded"]) == (sale.status, sale.refunded)
            assert (found["tenders"], len(found["corrections"])) == (sale.tenders, sale.corrections)
        self.books_verify()

    def books_verify(self) -> None:
        from pos.operations.verify import verify

        with self.shop.app.app_context():
            verdict = verify()
        assert verdict.problems == []


@pytest.mark.parametrize(("kind", "days", "acts"), [("sqlite", 20, 40), ("postgresql", 6, 40)])
def test_whatever_a_day_brings_the_books_are_right(
    kind: str, days: int, acts: int, request: pytest.FixtureRequest
) -> None:
    @contextmanager
    def make() -> Iterator[Shop]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if kind == "sqlite":
                template: Template = request.getfixturevalue("demo_file")
                shutil.copyfile(template.source, folder / "pos.db")
                with opened(folder, f"sqlite:///{folder / 'pos.db'}") as app:
                    yield Shop(app, template.tokens)
                return
            copies: Copies = request.getfixturevalue("demo_copies")
            url = copies.take()
            with opened(folder, url) as app:
                yield Shop(app, copies.template.tokens)
            copies.give_back(url)

    run_state_machine_as_test(
        lambda: AnyDay(make),
        settings=settings(
            max_examples=days,
            stateful_step_count=acts,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            derandomize=False,
        ),
    )
