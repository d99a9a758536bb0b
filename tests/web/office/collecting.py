"""A shop whose QRIS payments a scripted provider confirms, and money that found no sale there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine

from pos import clock
from pos.db import transaction
from pos.operations import tasks
from pos.operations.verify import verify
from pos.payments.desk import Desk
from pos.payments.listening import Listening
from tests.factories import Body, Shop
from tests.scripted import Scripted

PRETENDING = {"qris": {"provider": "simulator", "expires_after": 300}}
"""Settings of a machine that collects through the provider."""


class Collecting:
    """The provider and the clock of a shop."""

    def __init__(self, shop: Shop, bank: Scripted, time: time_machine.Traveller) -> None:
        self.shop, self.bank, self.time = shop, bank, time

    def work(self, seconds: float = 0) -> None:
        """Let time pass and do what the collector does: ask everything that is due."""
        self.time.shift(seconds)
        desk: Desk = self.shop.app.extensions["qris"]
        with self.shop.app.app_context():
            for task_id in tasks.due(desk.reached(), clock.now(), 50):
                with transaction():
                    task = tasks.claim(task_id, desk.holder, clock.now())
                if task is not None:
                    desk.carry_out(task)

    def waiting(self, goods: dict[str, int] | None = None, **how: str) -> tuple[str, str]:
        """A sale that waits for its payment; its id and our number at the provider."""
        sale = self.shop.sell(goods or {"KTO-100": 1}, qris=True, **how)["id"]
        return str(sale), self.bank.made[-1]

    def paid(self, goods: dict[str, int] | None = None, reference: str = "RRN-1") -> Body:
        """A sale that the provider confirmed; its payment."""
        sale, ours = self.waiting(goods)
        self.bank.pay(ours, self.amount(sale), reference)
        self.work(6)
        return self.payment(sale)

    def late(self, reference: str = "RRN-1", *, amount: int | None = None) -> Body:
        """Money that came after its sale was cancelled, or as another amount."""
        sale, ours = self.waiting()
        if amount is None:
            assert self.shop.post(f"/sales/{sale}/cancel", who="cashier").status == 200
        self.bank.pay(ours, amount or self.amount(sale), reference)
        self.work(46)
        payment = self.payment(sale)
        assert (payment["status"], payment["decision"]) == ("late", None)
        return payment

    def twice(self, reference: str = "RRN-2") -> Body:
        """Money that came a second time for a code that was paid."""
        first = self.paid()
        self.bank.pay(self.bank.made[-1], first["amount"], reference)
        self.work(61)
        return next(one for one in self.payments(first["sale"]) if one["why"] == "twice")

    def amount(self, sale: str) -> int:
        return int(self.shop.get(f"/sales/{sale}")["qris"]["amount"])

    def payments(self, sale: str) -> list[Body]:
        return [item for item in self.shop.get("/payments")["items"] if item["sale"] == sale]

    def payment(self, sale: str) -> Body:
        return self.payments(sale)[-1]


@contextmanager
def collecting(till: Shop) -> Iterator[Collecting]:
    """Put a scripted provider in the place of the simulator; afterwards the books must be right."""
    desk: Desk = till.app.extensions["qris"]
    bank = Scripted()
    desk._providers = {"simulator": Listening(bank), "snap": None, "midtrans": None, "static": None}
    with time_machine.travel(datetime.now(UTC), tick=True) as time:
        yield Collecting(till, bank, time)
    desk.close()
    with till.app.app_context():
        assert [str(problem) for problem in verify().problems] == []
