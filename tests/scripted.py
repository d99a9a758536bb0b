"""A provider of QRIS payments that does what a test says, in the place of the simulator."""

import threading
from collections.abc import Mapping
from datetime import datetime

from pos.domain.qris import demo_merchant, to_dynamic
from pos.payments.base import (
    Answer,
    Attempt,
    BadNotice,
    Code,
    Money,
    Notice,
    ProviderError,
    Refunded,
    Refunding,
    Reply,
    State,
)


class Scripted:
    """Answers from a script. `trouble` maps a call (create, find, ask, cancel, refund) to what it raises."""

    name = "simulator"
    minimum_poll = 0.0
    sandbox = True
    refunds = True

    def __init__(self) -> None:
        self.money: dict[str, list[Money]] = {}
        self.states: dict[str, State] = {}
        self.doubts: dict[str, str] = {}
        self.trouble: dict[str, ProviderError] = {}
        self.slow: threading.Event | None = None
        self.made: list[str] = []
        self.calls: list[str] = []
        self.given: dict[str, int] = {}
        self.on_cancel: list[Money] = []
        self.refund_answer: Refunded | None = None

    def pay(self, reference: str, amount: int, rrn: str = "RRN1") -> None:
        """A buyer pays."""
        self.money.setdefault(reference, []).append(Money(rrn, amount, None, "Bank Contoh"))

    def reference(self, payment_id: str) -> str:
        return payment_id.replace("-", "").upper()

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.trouble:
            raise self.trouble[name]

    def create(self, attempt: Attempt) -> Code:
        if self.slow is not None:
            self.slow.wait(20)
        self.made.append(attempt.our_reference)
        self._call("create")
        return self._code(attempt)

    def _code(self, attempt: Attempt) -> Code:
        return Code(to_dynamic(demo_merchant(), attempt.amount), f"T-{attempt.our_reference}")

    def find(self, attempt: Attempt) -> Code | None:
        self._call("find")
        return self._code(attempt) if attempt.our_reference in self.made else None

    def ask(self, attempt: Attempt) -> Answer:
        self._call("ask")
        ours = attempt.our_reference
        money = tuple(self.money.get(ours, ()))
        return Answer(self.states.get(ours, "paid" if money else "waiting"), money, self.doubts.get(ours, ""))

    def cancel(self, attempt: Attempt) -> None:
        self.money.setdefault(attempt.our_reference, []).extend(self.on_cancel)
        self._call("cancel")

    def refund(self, asked: Refunding) -> Refunded:
        self._call("refund")
        if self.refund_answer is not None:
            return self.refund_answer
        self.given[asked.key] = asked.amount
        return Refunded("done", f"B-{len(self.given)}")

    def read_notice(self, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Notice:
        if headers.get("X-Signature") != "right":
            raise BadNotice(Reply(401, {"said": "no"}), f"{path} {at}")
        return Notice(body.decode())

    def acknowledge(self, *, known: bool) -> Reply:
        return Reply(200 if known else 404, {"said": "ok" if known else "unknown"})
