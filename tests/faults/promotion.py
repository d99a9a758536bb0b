"""Tills that go on while PostgreSQL is killed and its standby takes over; what must be true afterwards."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import Any

from tests.factories import Answer, cart
from tests.faults.serving import Served

SKU = "MBT-250"
GIVES_UP_AFTER = 2.0
"""Seconds a till waits for an answer before it asks again; the till's own page waits longer."""


class PatientTill(threading.Thread):
    """Sells one piece after another; what is not answered, or refused for want of a database, it asks again
    with the same id, as the till's page does."""

    def __init__(self, shop: Served, register: str) -> None:
        super().__init__(daemon=True)
        self.shop, self.register = shop, register
        self.done = threading.Event()
        self.sold: list[Answer] = []
        self.asked: set[str] = set()
        self.asked_again = 0
        self.said: list[str] = []
        self.longest_pause = 0.0

    def run(self) -> None:
        last = time.monotonic()
        while not self.done.is_set():
            body = cart({SKU: 1}, register=self.register)
            self.asked.add(body["id"])
            while (answer := self._ask(body)) is None:
                self.asked_again += 1
                time.sleep(0.2)
            self.sold.append(answer)
            now = time.monotonic()
            self.longest_pause, last = max(self.longest_pause, now - last), now

    def _ask(self, body: dict[str, Any]) -> Answer | None:
        answer = None
        with suppress(OSError, HTTPException):
            answer = self.shop.send("POST", "/sales", body, within=GIVES_UP_AFTER)
        said = f"{answer.status} {answer.code}".strip() if answer else "nothing"
        if not self.said or self.said[-1] != said:
            self.said.append(said)
        return answer if answer is not None and answer.status != 503 else None


@contextmanager
def patient_tills(shop: Served, registers: Sequence[str] = ("K1", "G1")) -> Iterator[list[PatientTill]]:
    """Sell at each register until the end; each till then finishes the sale it has in hand."""
    tills = [PatientTill(shop, register) for register in registers]
    for till in tills:
        till.start()
    try:
        yield tills
    finally:
        for till in tills:
            till.done.set()
        for till in tills:
            till.join(60)


def missing(shop: Served, tills: Sequence[PatientTill]) -> list[str]:
    """Numbers that a till was given and the shop does not have as they were given."""
    kept = {sale["id"]: sale for sale in shop.sales()}
    return [
        answer["number"]
        for till in tills
        for answer in till.sold
        if kept.get(answer["id"], {}).get("number") != answer["number"]
    ]


def faults(shop: Served, tills: Sequence[PatientTill], before: int) -> list[str]:
    """What is not as it must be once all is quiet; `before` were in stock when the tills began."""
    found = [f"{number} was sold and is lost" for number in missing(shop, tills)]
    sales = shop.sales()
    asked = {id_ for till in tills for id_ in till.asked}
    found += [f"{sale['number']} was asked for by nobody" for sale in sales if sale["id"] not in asked]
    for till in tills:
        found += [
            f"{till.register}: {answer.status} {answer.code}" for answer in till.sold if not answer["number"]
        ]
        numbers = [sale["number"] for sale in sales if sale["register"] == till.register]
        if numbers != [f"{till.register}-{n:06d}" for n in range(1, len(till.asked) + 1)]:
            found.append(f"{till.register}: {len(till.asked)} carts became {numbers[:3]} to {numbers[-3:]}")
    if shop.on_hand(SKU) != before - len(asked):
        found.append(f"{before - len(asked)} should be left, {shop.on_hand(SKU)} are")
    told = shop.run("verify")
    return found + ([] if told.code == 0 else [told.out + told.err])
