"""What people do with orders on any day: hold, send again, drop, sell one, let it run out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, rule

from tests.factories import Answer, Body, Shop, cart, lines, new_id, worth
from tests.invariants.model import Drawer, Sold

SKUS = ("KTO-100", "MBT-250", "TBT-020")
GOODS = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 45), min_size=1, max_size=3)


@dataclass
class Held:
    """An order as the model knows it."""

    body: Body
    goods: dict[str, int]
    made: datetime
    status: str = "open"

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def register(self) -> str:
        return str(self.body["register"])

    def is_over(self) -> bool:
        """Whether its time is over: a slip's after half an hour, a held cart's with the day."""
        at = datetime.now(UTC)
        return at >= self.made + timedelta(minutes=30) if self.register == "K2" else day(at) > day(self.made)


def day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Asia/Jakarta")).date()


class Orders(RuleBasedStateMachine):
    """The part of a day that is about orders; the rest of the shop stands in `AnyDay`."""

    orders = Bundle("orders")
    sales = Bundle("sales")

    shop: Shop
    time: Any
    on_hand: dict[str, int]
    reserved: dict[str, int]
    drawers: dict[str, Drawer]

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Held] = []

    def expect(self, answer: Answer, status: int, code: str = "") -> None: ...

    def sold(self, answer: Answer, body: Body, register: str) -> Sold: ...  # type: ignore[empty-body]

    def completed(self, sale: Sold, answer: Answer) -> None: ...

    def house_is_kept(self) -> None: ...

    @rule(target=orders, register=st.sampled_from(["K1", "K2", "G1"]), goods=GOODS)
    def hold(self, register: str, goods: dict[str, int]) -> Any:
        body = {"id": new_id(), "register": register, "lines": lines(goods)}
        order = Held(body, goods, datetime.now(UTC))
        answer = self.shop.post("/orders", body)
        if any(self.on_hand[sku] - self.reserved[sku] < pieces for sku, pieces in goods.items()):
            self.expect(answer, 409, "insufficient_stock")
            return multiple()
        self.expect(answer, 201)
        for sku, pieces in goods.items():
            self.reserved[sku] += pieces
        self.held.append(order)
        return order

    @rule(order=orders)
    def send_the_order_again(self, order: Held) -> None:
        answer = self.shop.post("/orders", order.body)
        self.expect(answer, 200)
        assert answer["status"] == order.status

    @rule(order=orders)
    def drop(self, order: Held) -> None:
        answer = self.shop.send("DELETE", f"/orders/{order.id}")
        if order.status in ("used", "expired"):
            self.expect(answer, 409, "order_not_open")
        else:
            self.expect(answer, 200)
            self.end(order, "dropped")

    def end(self, order: Held, status: str) -> None:
        if order.status == "open":
            for sku, pieces in order.goods.items():
                self.reserved[sku] -= pieces
            order.status = status

    @rule()
    def half_an_hour_passes(self) -> None:
        self.time.shift(1_801)
        self.house_is_kept()

    def orders_run_out(self) -> None:
        for order in [order for order in self.held if order.status == "open"]:
            if order.is_over():
                self.end(order, "expired")
            assert self.shop.get(f"/orders/{order.id}")["status"] == order.status

    @rule(
        target=sales,
        order=orders,
        register=st.sampled_from(["K1", "G1"]),
        more=st.dictionaries(st.sampled_from(SKUS), st.integers(-45, 20), max_size=2),
    )
    def sell_an_order(self, order: Held, register: str, more: dict[str, int]) -> Any:
        wanted = {sku: order.goods.get(sku, 0) + more.get(sku, 0) for sku in SKUS}
        goods = {sku: pieces for sku, pieces in wanted.items() if pieces > 0} or dict(order.goods)
        body = cart(goods, register=register, cash=worth(goods) + 50, order=order.id)
        refusal = self.refusal_of(order, register, goods)
        answer = self.shop.post("/sales", body)
        if refusal:
            self.expect(answer, *refusal)
            return multiple()
        self.expect(answer, 201)
        self.end(order, "used")
        sale = self.sold(answer, body, register)
        self.completed(sale, answer)
        return sale

    @rule(order=orders, register=st.sampled_from(["K1", "G1"]))
    def take_an_order_to_qris_and_cancel(self, order: Held, register: str) -> None:
        body = cart(order.goods, register=register, qris=True, order=order.id)
        refusal = self.refusal_of(order, register, order.goods)
        answer = self.shop.post("/sales", body)
        if refusal:
            self.expect(answer, *refusal)
            return
        self.expect(answer, 202)
        self.end(order, "used")
        assert self.shop.post(f"/sales/{body['id']}/cancel")["status"] == "cancelled"

    def refusal_of(self, order: Held, register: str, goods: dict[str, int]) -> tuple[int, str] | None:
        drawer = self.drawers[register]
        if drawer.shift is None:
            return 409, "shift_not_open"
        if drawer.counted:
            return 409, "shift_closed"
        if (order.register == "G1") != (register == "G1"):
            return 404, "not_found"
        if order.status != "open":
            return 409, "order_not_open"
        for sku, pieces in goods.items():
            if self.on_hand[sku] - self.reserved[sku] + order.goods.get(sku, 0) < pieces:
                return 409, "insufficient_stock"
        return None
