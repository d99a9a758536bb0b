"""What people say on any day of how a sale was really paid."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.factories import new_id
from tests.invariants.model import Sold
from tests.invariants.orders import Orders


class Corrections(Orders):
    """The part of a day that is about payments written down wrong."""

    sales = Orders.sales

    @rule(sale=sales, part=st.sampled_from(["all", "all", "none", "some"]), more=st.integers(1, 20_000))
    def say_how_it_was_really_paid(self, sale: Sold, part: str, more: int) -> None:
        """`part` of it was cash, and some more was handed over."""
        drawer = self.drawers[sale.register]
        cash = {"all": sale.total + more, "none": 0, "some": min(more, sale.total - 1)}[part]
        qris = max(0, sale.total - cash)
        tenders: list[dict[str, Any]] = [{"method": "cash", "amount": cash}] if cash else []
        tenders += [{"method": "qris", "amount": qris}] if qris else []
        number = {"reference": new_id()} if qris and not sale.paid["qris"] else {}
        answer = self.shop.post(f"/sales/{sale.id}/tenders", {"id": new_id(), "tenders": tenders, **number})
        if sale.refunded or sum(sale.left.values()) < self.pieces(sale):
            self.expect(answer, 409, "sale_not_correctable")
        elif drawer.shift is None:
            self.expect(answer, 409, "shift_not_open")
        elif drawer.counted or drawer.shift != sale.shift:
            self.expect(answer, 409, "shift_closed")
        elif tenders == sale.tenders:
            self.expect(answer, 422, "validation_error")
        elif sale.corrections == 10:
            self.expect(answer, 409, "sale_not_correctable")
        elif sale.paid["qris"] and qris not in (0, sale.paid["qris"]):
            self.expect(answer, 422, "validation_error")
        else:
            self.expect(answer, 201)
            assert answer["change"] == cash + qris - sale.total
            drawer.expected += sale.paid["qris"] - qris
            sale.paid = {"cash": sale.total - qris, "qris": qris}
            sale.tenders, sale.corrections = tenders, sale.corrections + 1

    def pieces(self, sale: Sold) -> int:
        return sum(line["quantity"] for line in sale.body["lines"])
