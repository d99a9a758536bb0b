"""What happens behind the shelves: goods in, waste, transfers, counts; and the auditor, who only looks."""

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from pos import clock
from pos.ids import new_id
from tests.invariants.crowd.client import Client
from tests.invariants.crowd.record import Body
from tests.invariants.crowd.shop import LOTS, SHELVES, Register
from tests.invariants.crowd.till import Board, Till


class Keeper(Till):
    """A store keeper of both shelves."""

    def __init__(self, client: Client, board: Board, skus: list[str]) -> None:
        super().__init__(client, Register("", "", ""), board, skus)
        self.acts = [
            (40, self.receive),
            (12, self.waste),
            (16, self.send),
            (14, self.arrive),
            (18, self.count),
        ]

    def step(self) -> None:
        super().step()
        self.client.over.wait(self.chance.uniform(0.0, 0.15))

    def shelf(self) -> str:
        return self.chance.choice(SHELVES)

    def receive(self) -> None:
        """A few pieces: of a known lot, of a new one, or without a code."""
        shelf = self.shelf()
        today = clock.now().astimezone(ZoneInfo("Asia/Jakarta")).date()
        lines: list[Body] = []
        for sku in self.chance.sample(self.skus, self.chance.randint(1, 3)):
            line: Body = {"sku": sku, "quantity": self.chance.randint(4, 30), "lot": self.known(shelf)}
            if self.chance.random() < 0.3:
                days = self.chance.randint(2, 40)
                line |= {"lot": f"B{days}", "expires_on": (today + timedelta(days=days)).isoformat()}
            lines.append(line)
        self.post("receipt", "/stock/receipts", {"id": new_id(), "location": shelf, "lines": lines}, at=shelf)

    def known(self, shelf: str) -> str:
        return f"{shelf[0]}{self.chance.randrange(LOTS)}"

    def waste(self) -> None:
        shelf = self.shelf()
        line = {"sku": self.chance.choice(self.skus), "quantity": -self.chance.randint(1, 3)}
        line["lot"] = self.known(shelf)
        reason = self.chance.choice(("waste", "sample"))
        body = {"id": new_id(), "location": shelf, "reason": reason, "lines": [line]}
        self.post("waste", "/stock/adjustments", body, at=shelf)

    def send(self) -> None:
        start, end = self.chance.sample(SHELVES, 2)
        body = {"id": new_id(), "from": start, "to": end, "lines": self.lines()}
        call = self.post("transfer", "/stock/transfers", body, at=start)
        if call.done:
            self.board.put("transfers", call)

    def arrive(self) -> None:
        """As it was sent, short, over or not at all; at times by two keepers at once."""
        sent = self.board.some("transfers", self.chance, take=self.chance.random() < 0.8)
        if sent is not None:
            lines = [
                {
                    "sku": line["sku"],
                    "quantity": max(0, line["quantity"] + self.chance.choice((-2, 0, 0, 0, 1))),
                }
                for line in sent.body["lines"]
            ]
            body = {"id": new_id(), "lines": lines, "reason": "hitung"}
            self.post("arrival", f"/stock/transfers/{sent.id}/receive", body, at=sent.body["to"])

    def count(self) -> None:
        """Freeze, count some lots while tills sell, post; at times find another count open."""
        shelf = self.shelf()
        call = self.post("freeze", "/stock/counts", {"id": new_id(), "location": shelf}, at=shelf)
        if not call.done:
            return
        lines = [
            line for line in call.first_answer["lines"] if line["lot"] != "LAMA" and line["sku"] in self.skus
        ]
        for line in self.chance.sample(lines, min(len(lines), 3)):
            found = max(0, line["frozen"] + self.chance.choice((-2, -1, 0, 0, 1, 2)))
            tally = {"sku": line["sku"], "lot": line["lot"], "quantity": found, "kind": "set"}
            body = {"id": new_id(), "lines": [tally]}
            self.post("tally", f"/stock/counts/{call.id}/tallies", body, at=shelf)
        ended = self.post("post count", f"/stock/counts/{call.id}/post", {"id": new_id()}, at=shelf)
        if not ended.done:
            self.post("drop count", f"/stock/counts/{call.id}/drop", {"id": new_id()}, at=shelf)


class Auditor(Till):
    """Somebody who looks at the stock all the time; what is seen must have been possible."""

    def __init__(self, client: Client, board: Board) -> None:
        super().__init__(client, Register("", "", ""), board, ())

    def step(self) -> None:
        self.client.ask("look", "GET", "/stock")
        time.sleep(0.1)
