"""The shop of a crowd: registers of three outlets on two shelves, few products in small lots, and servers."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from pos import clock
from pos.db import transact
from pos.ids import new_id
from pos.operations import catalogue, people, receiving
from pos.operations.actor import SYSTEM
from pos.operations.catalogue import ProductData
from pos.operations.journal import Request
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn
from tests.support.command import run_forked

CHECKOUT = Path(__file__).resolve().parents[3]
SHELVES = ("GUDANG", "RAK")
PRICES = {"LARIS-1": 15_000, "LARIS-2": 16_050, "LARIS-3": 32_000, "LARIS-4": 8_025}
"""Products that everybody wants; two of them make totals that are rounded."""
LOTS = 3
PIECES = 20
"""Pieces of each lot at the opening: gone within a second."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register, the shelf it sells from, and its outlet."""

    code: str
    shelf: str
    outlet: str
    kiosk: bool = False


@dataclass(frozen=True)
class Crowd:
    """The shop as its clients know it: registers, and a token for each client."""

    registers: tuple[Register, ...]
    tokens: dict[str, str]


def furnish(app: Flask, tills: int, keepers: int = 3) -> Crowd:
    """Add to a demo shop what a crowd of so many tills needs. Two of three registers are shared by two."""
    registers = []
    for n in range(max(2, tills * 2 // 3)):
        outlet, shelf = (("KUNJUNGAN", "GUDANG"), ("GERAI", "GUDANG"), ("PASAR", "RAK"))[n % 3]
        registers.append(Register(f"T{n + 1}", shelf, outlet, kiosk=n == 4))
    names = [f"till {n}" for n in range(tills)] + [f"keeper {n}" for n in range(keepers)] + ["auditor"]
    at = clock.now()

    def fill() -> dict[str, str]:
        catalogue.add_location("RAK", "Rak pasar", "stock", SYSTEM, at)
        catalogue.add_outlet("PASAR", "Pasar", "RAK", SYSTEM, at)
        for one in registers:
            kind = "kiosk" if one.kiosk else "till"
            catalogue.add_register(one.code, one.code, one.outlet, kind, SYSTEM, at)
        settings = {"limit_over_short": 10_000_000, "limit_manual_qris": 10_000_000}
        catalogue.change_settings(settings, SYSTEM, at)
        return {name: people.create_token(name, "manager", None, SYSTEM, at) for name in names}

    with app.app_context():
        tokens = transact(fill)
        _stock()
    return Crowd(tuple(registers), tokens)


def _stock() -> None:
    at = clock.now()
    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    data = [
        ProductData(sku, f"Barang {sku}", f"Item {sku}", price=price, price_from=today)
        for sku, price in PRICES.items()
    ]
    transact(lambda: catalogue.save_products(data, SYSTEM, at, today))
    for shelf in SHELVES:
        lines = [
            ReceiptLineIn(
                sku=sku, quantity=PIECES, lot=f"{shelf[0]}{n}", expires_on=today + timedelta(days=30 - 7 * n)
            )
            for sku in PRICES
            for n in range(LOTS)
        ]
        # Nobody may ever sell these.
        lines += [
            ReceiptLineIn(sku=sku, quantity=2, lot="LAMA", expires_on=today - timedelta(days=1))
            for sku in PRICES
        ]
        paper = StockReceiptIn(id=new_id(), location=shelf, lines=tuple(lines))
        transact(lambda paper=paper: receiving.receive(paper, SYSTEM, at, Request(paper.id, "0" * 64)))  # type: ignore[misc]


@dataclass
class Server:
    """One `pos serve` of the crowd; its port stays the same over all starts."""

    folder: Path
    url: str
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: "subprocess.Popen[str] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("POS_")}
        where = {"POS_DATA_DIR": str(self.folder), "POS_DATABASE_URL": self.url}
        return kept | where | dict(self.settings)

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.invariants.crowd.serve", "serve", "--port", str(self.port)],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def ready(self) -> None:
        """Wait for the line with the address."""
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://[\d.]+:(\d+)/", line):
                self.port = int(found[1])
                return
        raise AssertionError("the server did not start: " + self.log()[-2_000:])

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def tell_where(self) -> None:
        """Have it write into its log where each thread stands."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def verify(self) -> str:
        """What `pos verify` finds; empty when all is well."""
        told = run_forked(self.environment, "verify")
        return "" if told.code == 0 else told.out + told.err
