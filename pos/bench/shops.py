"""A throw-away shop for a measurement: demo shop, one register a client, plenty of stock, shifts open."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from pos import clock
from pos.app import create_app
from pos.db import db, transact
from pos.ids import new_id
from pos.operations import catalogue, people, receiving
from pos.operations.actor import SYSTEM
from pos.operations.catalogue import ProductData
from pos.operations.journal import Request
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn
from pos.settings import load

DISK = "/var/tmp"  # noqa: S108 - folders of random names are made in it
"""On a disk; /tmp may be memory, where a durable commit costs nothing."""
POS: Sequence[str] = ("-m", "pos.cli")
"""How Python starts the command, whichever copy of the program this is."""
CART = 3
"""Lines of the measured sale."""
PIECES = 100_000
RECEIPTS = 10
"""Receipts of goods: more stock than any run sells."""


@dataclass(frozen=True, slots=True)
class Register:
    """A till of the load: its code, its token, and the products its customers buy."""

    code: str
    token: str
    skus: tuple[str, ...]

    def sale(self, sale_id: str | None = None) -> dict[str, Any]:
        """The measured sale: three lines, cash, with change."""
        return {
            "id": sale_id or new_id(),
            "register": self.code,
            "lines": [{"sku": sku, "quantity": 1} for sku in self.skus],
            "tenders": [{"method": "cash", "amount": 100_000}],
        }


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop in a folder of its own; `database_url` is empty for SQLite in the folder."""

    folder: Path
    database_url: str
    registers: tuple[Register, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to find this shop and nothing of the caller's own."""
        return environment(self.folder, self.database_url)

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """The shop's app in this process, no context open; its connections are closed at the end."""
        with app_of(self.environment) as app:
            yield app

    @contextmanager
    def serving(self, config: str = "", *, program: Sequence[str] = POS) -> Iterator["Server"]:
        """A real `pos serve` of this shop on a free port; `config` is a TOML file's text.

        `program` is what Python runs instead of the command itself.
        """
        server = Server.start(self, config, program)
        try:
            yield server
        finally:
            server.stop()


@dataclass(slots=True)
class Server:
    """A running `pos serve`."""

    process: "subprocess.Popen[str]"
    port: int
    seconds_to_address: float

    @classmethod
    def start(cls, shop: Shop, config: str = "", program: Sequence[str] = POS) -> "Server":
        """Start it and wait for the line with its address."""
        variables = dict(shop.environment)
        if config:
            path = shop.folder / "bench.toml"
            path.write_text(config, encoding="utf-8")
            variables["POS_CONFIG"] = str(path)
        began = time.monotonic()
        with (shop.folder / "server.log").open("a") as log:
            process = subprocess.Popen(
                # -P: whatever lies in the folder we are called in is not taken for a module of ours.
                [sys.executable, "-P", *program, "serve", "--host", "127.0.0.1", "--port", "0"],
                env=variables,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        started = False
        try:
            for line in process.stdout or ():
                if "http://" in line:
                    port = int(line.rsplit(":", 1)[1].strip(" /\n"))
                    started = True
                    return cls(process, port, time.monotonic() - began)
        finally:
            # Also when a signal ends the wait: nobody else knows of the process yet.
            if not started:
                process.kill()
                process.wait()
        raise RuntimeError("pos serve did not start:\n" + (shop.folder / "server.log").read_text())

    def stop(self) -> None:
        """End it as a service manager does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """Return the environment of a command for the shop in `folder`, without the caller's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POS_")}
    kept["POS_DATA_DIR"] = str(folder / "instance")
    if database_url:
        kept["POS_DATABASE_URL"] = database_url
    return kept


@contextmanager
def app_of(variables: Mapping[str, str]) -> Iterator[Flask]:
    """The app of a shop in this process; its connections are closed at the end."""
    app = create_app(load(variables))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def scratch(parent: str) -> Iterator[Path]:
    """A folder that is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="karya-bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_shop(folder: Path, database_url: str = "", *, clients: int = 8, hot: bool = False) -> Shop:
    """Make a demo shop with registers B1, B2 … beside: an open shift and products of its own for each.

    `hot`: all registers sell the same three products.
    """
    folder.mkdir(parents=True, exist_ok=True)
    variables = environment(folder, database_url)
    made = subprocess.run(
        [sys.executable, "-P", *POS, "init", "--demo"],
        env=variables,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if made.returncode:
        raise RuntimeError(f"pos init --demo failed: {made.stderr}")
    skus = [f"BENCH-{n:03d}" for n in range(CART if hot else CART * clients)]
    codes = [f"B{n + 1}" for n in range(clients)]
    with app_of(variables) as app:
        with app.app_context():
            _stock(skus)
            tokens = [transact(lambda code=code: _register(code)) for code in codes]  # type: ignore[misc]
        registers = tuple(
            Register(code, token, tuple(skus[:CART] if hot else skus[n * CART : (n + 1) * CART]))
            for n, (code, token) in enumerate(zip(codes, tokens, strict=True))
        )
        client = app.test_client()
        for register in registers:
            opened = client.post(
                "/api/v1/shifts",
                json={"id": new_id(), "register": register.code, "float": 100_000},
                headers={"Authorization": f"Bearer {register.token}"},
            )
            if opened.status_code != 201:
                raise RuntimeError(opened.text)
    return Shop(folder, database_url, registers)


def _register(code: str) -> str:
    catalogue.add_register(code, f"Till {code}", "KUNJUNGAN", "till", SYSTEM, clock.now())
    return people.create_token(code, "cashier", code, SYSTEM, clock.now())


def _stock(skus: list[str]) -> None:
    at = clock.now()
    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    products = [
        ProductData(sku, f"Barang ukur {sku}", f"Bench item {sku}", price=10_000 + 500 * n, price_from=today)
        for n, sku in enumerate(skus)
    ]
    transact(lambda: catalogue.save_products(products, SYSTEM, at, today))
    for _ in range(RECEIPTS):
        receive(skus, PIECES)


def receive(skus: Sequence[str], pieces: int) -> None:
    """Take goods in, a lot that lasts of each product."""
    at = clock.now()
    expires_on = at.astimezone(ZoneInfo("Asia/Jakarta")).date() + timedelta(days=300)
    lines = tuple(ReceiptLineIn(sku=sku, quantity=pieces, lot="L1", expires_on=expires_on) for sku in skus)
    paper = StockReceiptIn(id=new_id(), location="GUDANG", lines=lines)
    transact(lambda: receiving.receive(paper, SYSTEM, at, Request(paper.id, "0" * 64)))
