"""A day of a crowd: tills and keepers at work through servers that are killed; then all settle."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.invariants.crowd.client import Client
from tests.invariants.crowd.keeper import Auditor, Keeper
from tests.invariants.crowd.mishaps import (
    Mishap,
    backing_up,
    busy,
    crossing,
    cutting,
    deadlocks,
    hurry,
    killing,
)
from tests.invariants.crowd.record import History, Recorder
from tests.invariants.crowd.shop import PRICES, Crowd, Server
from tests.invariants.crowd.till import Board, Till

LONG = 8.0
"""Seconds after which the watchdog asks everybody where they stand."""
LONGEST = 60.0
"""Seconds in which the calls of a day are made on any machine."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How big a day: all of it but the interleaving follows from the seed."""

    folder: Path
    url: str
    servers: int = 1
    seconds: float = 4.0
    calls: int = 0
    """The day goes on until so many calls were made, on a machine that is slow as well."""
    kills: int = 2
    seed: int = 1
    patience: int = 2
    slips: float = 2.0
    broken: str = ""
    mishaps: bool = True
    commands: float = 0.0
    """Seconds between commands beside the server; 0: none."""
    lock_timeout: int = 0

    @property
    def postgres(self) -> bool:
        return self.url.startswith("postgresql")


def run(plan: Plan, crowd: Crowd) -> History:
    """Live through the day; give its history with everything that the API says afterwards."""
    settings = {
        "POS_QRIS__EXPIRES_AFTER": str(plan.patience),
        "CROWD_SLIP_SECONDS": str(plan.slips),
        "CROWD_BREAK": plan.broken,
    }
    folders = [plan.folder, *(plan.folder / f"machine-{n}" for n in range(2, plan.servers + 1))]
    servers = [Server(folder, plan.url, settings) for folder in folders]
    if plan.postgres:
        hurry(plan.url, 50, plan.lock_timeout)
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.ready()
        return Day(plan, crowd, servers).live()
    finally:
        for server in servers:
            server.end()


class Day:
    """The people of the day and what they write down."""

    def __init__(self, plan: Plan, crowd: Crowd, servers: Sequence[Server]) -> None:
        self.plan, self.servers = plan, servers
        self.recorder, self.over, self.board = Recorder(), threading.Event(), Board()
        ports = [server.port for server in servers]
        self.clients = {
            name: Client(name, token, ports, self.recorder, self.over, str(plan.seed))
            for name, token in crowd.tokens.items()
        }
        skus = list(PRICES)
        self.people: list[Till] = []
        for name, client in self.clients.items():
            if name.startswith("till"):
                register = crowd.registers[int(name.split()[1]) % len(crowd.registers)]
                self.people.append(Till(client, register, self.board, skus))
            elif name.startswith("keeper"):
                self.people.append(Keeper(client, self.board, skus))
            else:
                self.people.append(Auditor(client, self.board))
        self.auditor = self.clients["auditor"]
        self.history = History(patience=plan.patience, slips=plan.slips)

    def live(self) -> History:
        self.history.opening = self.auditor.read("/stock")["items"]
        opened = set()
        for person in self.people:
            code = person.register.code
            if code and code not in opened and not person.register.kiosk:
                opened.add(code)
                person.open()
        mishaps = self._mishaps() if self.plan.mishaps else []
        watch = threading.Thread(target=self._watch, daemon=True)
        for thread in (*self.people, *mishaps, watch):
            thread.start()
        time.sleep(self.plan.seconds)
        until = time.monotonic() + LONGEST
        while len(self.recorder.calls) < self.plan.calls and time.monotonic() < until:
            time.sleep(0.2)
        self.over.set()
        for thread in (*mishaps, *self.people):
            thread.join(90.0)
            if thread.is_alive():
                self.history.hung.append(f"{thread.name} never ended")
            for error in thread.errors:
                raise error
        self._settle()
        self._read()
        if self.plan.postgres:
            self.history.deadlocks = deadlocks(self.plan.url)
        for client in self.clients.values():
            client.close()
        self.history.calls = self.recorder.calls
        return self.history

    def _mishaps(self) -> list[Mishap]:
        plan = self.plan
        acts = [(killing(self.servers, plan.kills), plan.seconds / (plan.kills + 1))] if plan.kills else []
        if plan.postgres:
            acts += [(cutting(plan.url), 0.7), (crossing(plan.url), 0.5)]
        if plan.commands:
            acts.append((backing_up(self.servers[0]), plan.commands))
        return [Mishap(act, every, self.over, self.history.notes, str(plan.seed)) for act, every in acts]

    def _watch(self) -> None:
        """Once something takes long, have servers and database say where they stand."""
        while not self.over.wait(1.0):
            if late := self.recorder.older_than(LONG):
                self.history.notes.append("late: " + "; ".join(late))
                for server in self.servers:
                    server.tell_where()
                if self.plan.postgres:
                    self.history.notes += busy(self.plan.url)
                self.over.wait(LONG)

    def _settle(self) -> None:
        """Ask again whatever nobody knows yet, then wait until no code and no slip waits any more."""
        until = time.monotonic() + 60.0
        for call in list(self.recorder.calls):
            while call.last.is_doubtful and time.monotonic() < until:
                self.clients[call.client].try_once(call)
                time.sleep(0.05 if call.last.is_doubtful else 0.0)
        until = time.monotonic() + self.plan.patience + 15.0
        while self.auditor.read("/sales?status=awaiting_payment&limit=1")["items"]:
            if time.monotonic() > until:
                self.history.hung.append("a waiting sale never expired")
                break
            time.sleep(0.1)
        outlets = {p.register.outlet: p.register.code for p in self.people if p.register.code}
        while any(self._slips(code) for code in outlets.values()):
            if time.monotonic() > until:
                self.history.hung.append("a slip never expired")
                break
            time.sleep(0.1)

    def _slips(self, register: str) -> bool:
        orders = self.auditor.read(f"/orders?register={register}&limit=500")["items"]
        return any(order["kind"] == "slip" for order in orders)

    def _read(self) -> None:
        """Take down how all ended."""
        history, calls = self.history, self.recorder.calls
        time.sleep(1.2)  # the housekeeper's round: what is over by time is so in the stock as well
        history.closing = self.auditor.read("/stock")["items"]
        history.sales = self.auditor.pages("/sales?")
        history.movements = self.auditor.pages("/stock/movements?")
        for call in calls:
            if call.kind == "order":
                found = self.auditor.read(f"/orders/{call.id}")
                if found["http"] == 200:
                    history.orders[call.id] = found
            if call.kind == "sale" and not call.done:
                history.absent[call.id] = self.auditor.read(f"/sales/{call.id}")["http"] == 404
        shifts = {sale["shift"] for sale in history.sales}
        shifts |= {call.id for call in calls if call.kind == "open" and call.done}
        for shift in shifts:
            history.reports[shift] = self.auditor.read(f"/shifts/{shift}/report")
