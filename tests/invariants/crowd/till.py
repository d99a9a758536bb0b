"""What happens at a till: sales, codes, orders, money back, cash, the close; drawn by chance."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from pos.ids import new_id
from tests.invariants.crowd.client import Client
from tests.invariants.crowd.record import Body, Call
from tests.invariants.crowd.shop import PRICES, Register

REMEMBERED = 60
"""Of each kind of thing that others may act on; older ones are left in peace."""


class Board:
    """What clients know of each other's doings: the sales, codes and papers that lie about."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._heaps: dict[str, list[Any]] = {}
        self.shifts: dict[str, str] = {}

    def put(self, heap: str, thing: Any) -> None:
        with self._guard:
            things = self._heaps.setdefault(heap, [])
            things.append(thing)
            del things[:-REMEMBERED]

    def some(self, heap: str, chance: Any, *, take: bool = False) -> Any:
        """One of a heap, or None; `take` it away so that nobody else tries."""
        with self._guard:
            things = self._heaps.get(heap, [])
            if not things:
                return None
            place = chance.randrange(len(things))
            return things.pop(place) if take else things[place]


class Till(threading.Thread):
    """A cashier at a register, as quick as the answers come."""

    def __init__(self, client: Client, register: Register, board: Board, skus: Sequence[str]) -> None:
        super().__init__(name=client.name, daemon=True)
        self.client, self.register, self.board, self.skus = client, register, board, skus
        self.chance = client.chance
        self.errors: list[BaseException] = []
        self.acts: list[tuple[int, Callable[[], object]]] = [
            (10 if register.kiosk else 46, self.qris if register.kiosk else self.cash),
            (14, self.qris),
            (12, self.confirm),
            (6, self.cancel),
            (9, self.order),
            (5, self.sell_order),
            (3, self.drop_order),
            (6, self.refund),
            (3, self.void),
            (2, self.cash_in_or_out),
            (1, self.close),
            (4, self.again),
        ]

    def run(self) -> None:
        try:
            while not self.client.over.is_set():
                self.step()
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for the thread
            self.errors.append(error)

    def step(self) -> None:
        (act,) = self.chance.choices([act for _, act in self.acts], [weight for weight, _ in self.acts])
        act()

    def post(self, kind: str, path: str, body: Body, *, at: str = "") -> Call:
        return self.client.ask(kind, "POST", path, body, at=at or self.register.code)

    def lines(self, most: int = 3) -> list[Body]:
        """A cart in any order, so that tills want the same lots in opposite orders."""
        skus = self.chance.sample(list(self.skus), self.chance.randint(1, most))
        return [{"sku": sku, "quantity": self.chance.choice((1, 1, 2, 3, 5))} for sku in skus]

    def cart(self, lines: list[Body], *, qris: bool = False, **more: Any) -> Body:
        worth = sum(PRICES[line["sku"]] * line["quantity"] for line in lines)
        tenders: list[Body] = [{"method": "qris"}] if qris else [{"method": "cash", "amount": worth + 1_000}]
        if qris and worth > 20_000 and not self.register.kiosk and self.chance.random() < 0.2:
            tenders = [{"method": "cash", "amount": 10_000}, {"method": "qris"}]
        body = {"id": new_id(), "register": self.register.code, "lines": lines, "tenders": tenders, **more}
        if self.chance.random() < 0.1:
            body |= {"discount": worth // 20, "reason": "langganan"}
        return body

    def cash(self) -> None:
        self.sold(self.post("sale", "/sales", self.cart(self.lines())))

    def qris(self) -> None:
        self.sold(self.post("sale", "/sales", self.cart(self.lines(), qris=True)))

    def sold(self, call: Call) -> None:
        if call.done:
            self.board.put("waiting" if call.last.body["status"] == "awaiting_payment" else "sold", call)
        elif call.last.code == "shift_not_open":
            self.open()
        elif call.last.code == "shift_closed" and self.chance.random() < 0.5:
            self.close()
        if self.chance.random() < 0.05:
            self.board.put("again", call)

    def open(self) -> None:
        body = {"id": new_id(), "register": self.register.code, "float": 100_000}
        call = self.post("open", "/shifts", body)
        if call.done:
            self.board.shifts[self.register.code] = call.id
        elif call.last.code == "shift_already_open":
            self.board.shifts[self.register.code] = call.last.body["shift"]

    def confirm(self) -> None:
        """Anybody's code, at times one that ran out or was cancelled meanwhile."""
        sale = self.board.some("waiting", self.chance, take=self.chance.random() < 0.8)
        if sale is not None:
            if self.chance.random() < 0.1:
                time.sleep(0.3)
            call = self.post("confirm", f"/sales/{sale.id}/confirm", {"reference": new_id()}, at=sale.at)
            if call.done:
                self.board.put("sold", sale)

    def cancel(self) -> None:
        sale = self.board.some("waiting", self.chance, take=self.chance.random() < 0.7)
        if sale is not None:
            self.post("cancel", f"/sales/{sale.id}/cancel", {}, at=sale.at)

    def order(self) -> None:
        kind = "slip" if self.register.kiosk or self.chance.random() < 0.5 else "held"
        body = {"id": new_id(), "register": self.register.code, "kind": kind, "lines": self.lines()}
        call = self.post("order", "/orders", body)
        if call.done:
            self.board.put(f"orders {self.register.outlet}", call)

    def sell_order(self) -> None:
        held = self.board.some(f"orders {self.register.outlet}", self.chance, take=self.chance.random() < 0.8)
        if held is not None:
            lines = [dict(line) for line in held.body["lines"]]
            if self.chance.random() < 0.3:
                lines[0]["quantity"] += self.chance.choice((-1, 1, 3)) or 1
            lines = [line for line in lines if line["quantity"] > 0] or self.lines()
            qris = self.register.kiosk or self.chance.random() < 0.3
            self.sold(self.post("sale", "/sales", self.cart(lines, qris=qris, order=held.id)))

    def drop_order(self) -> None:
        held = self.board.some(f"orders {self.register.outlet}", self.chance, take=self.chance.random() < 0.5)
        if held is not None:
            self.client.ask("drop", "DELETE", f"/orders/{held.id}", {}, at=held.at)

    def refund(self) -> None:
        """Some pieces of anybody's sale, at this drawer; often of one that was given back before."""
        sale = self.board.some("sold", self.chance)
        if sale is None or self.register.kiosk:
            return
        line = self.chance.choice(sale.body["lines"])
        pieces = self.chance.randint(1, line["quantity"] + (self.chance.random() < 0.1))
        body = {
            "id": new_id(),
            "reason": "rusak",
            "lines": [{"sku": line["sku"], "quantity": pieces}],
            "restock": self.chance.random() < 0.8,
            "register": self.register.code,
        }
        self.post("refund", f"/sales/{sale.id}/refunds", body)

    def void(self) -> None:
        sale = self.board.some("sold", self.chance)
        if sale is not None:
            body = {"id": new_id(), "reason": "salah"}
            self.post("void", f"/sales/{sale.id}/void", body, at=sale.at)

    def cash_in_or_out(self) -> None:
        shift = self.board.shifts.get(self.register.code)
        if shift is not None and not self.register.kiosk:
            body = {
                "id": new_id(),
                "direction": self.chance.choice(("in", "out")),
                "amount": self.chance.randint(1, 50) * 1_000,
                "reason": "receh",
            }
            self.post("cash", f"/shifts/{shift}/cash", body)

    def close(self) -> None:
        """Count, close and open again, while others go on selling at the same register."""
        shift = self.board.shifts.get(self.register.code)
        if shift is None or self.register.kiosk:
            return
        counted = self.chance.randint(0, 3_000_000)
        body: Body = {"id": new_id(), "counted": counted}
        if self.chance.random() < 0.5:
            call = self.post("count", f"/shifts/{shift}/count", body)
            if call.last.code == "sales_waiting":
                for sale in call.last.body["sales"]:
                    self.post("cancel", f"/sales/{sale}/cancel", {})
        done = self.post("close", f"/shifts/{shift}/close", {**body, "id": new_id(), "reason": "hitung"})
        if done.done or done.last.code in ("shift_closed", "shift_not_open"):
            self.open()

    def again(self) -> None:
        """Send something again that was answered: nothing may happen a second time."""
        call = self.board.some("again", self.chance, take=True)
        if call is not None and call.done:
            self.client.try_once(call)
