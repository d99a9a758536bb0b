"""A real `pos serve` with a fake printer on a real socket; it can be killed, and asked what it printed."""

import contextlib
import json
import os
import signal
import uuid
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeAlias

from tests.fake_printer import FakePrinter
from tests.support.command import run_forked
from tests.support.program import Program

JSON: TypeAlias = dict[str, Any]
PRINTER = """
[[printers]]
name = "kasir"
registers = ["K1"]
host = "127.0.0.1"
port = {port}
timeout = {timeout}
"""
CART = {
    "register": "K1",
    "lines": [{"sku": "MBT-250", "quantity": 1}],
    "tenders": [{"method": "cash", "amount": 10_000}],
}


class Served:
    """A demo shop served to one cashier's program, with one printer."""

    def __init__(self, folder: Path, token: str, printer: FakePrinter, timeout: float) -> None:
        self.folder, self.token, self.printer = folder, token, printer
        self.config = folder / "pos.toml"
        self.config.write_text(PRINTER.format(port=printer.port, timeout=timeout), encoding="utf-8")
        self.process: Program | None = None
        self.port = 0

    def start(self) -> None:
        """Serve; the port stays the same over all starts."""
        environment = {
            **os.environ,
            "POS_DATA_DIR": str(self.folder / "instance"),
            "POS_CONFIG": str(self.config),
        }
        log = self.folder / "server.log"
        self.process = Program(("serve", "--port", str(self.port)), environment, log, log)
        self.port = self.process.port()

    def end(self, how: signal.Signals) -> None:
        """End the server by a signal."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.process = None

    def call(self, method: str, path: str, body: JSON | None = None) -> JSON:
        """Return the answer; whatever is not a success fails the test."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(link):
            link.request(
                method,
                f"/api/v1{path}",
                None if body is None else json.dumps(body),
                {"Authorization": f"Bearer {self.token}"},
            )
            answer = link.getresponse()
            found: JSON = json.loads(answer.read())
            assert answer.status < 300, found
            return found

    def sell(self) -> JSON:
        """Sell one bottle for cash."""
        return self.call("POST", "/sales", {"id": str(uuid.uuid4()), **CART})

    def open_till(self, stock: int) -> None:
        """Open K1 and put enough bottles on the shelf."""
        self.call("POST", "/shifts", {"id": str(uuid.uuid4()), "register": "K1", "float": 0})
        lines = [{"sku": "MBT-250", "quantity": stock, "lot": "BANYAK"}]
        self.call("POST", "/stock/receipts", {"id": str(uuid.uuid4()), "location": "GUDANG", "lines": lines})

    def jobs(self, **asked: str) -> list[JSON]:
        """Return all print jobs, page by page."""
        items: list[JSON] = []
        cursor = ""
        while True:
            query = "&".join(
                f"{key}={value}" for key, value in {**asked, "limit": "500", "cursor": cursor}.items()
            )
            page = self.call("GET", f"/print-jobs?{query}")
            items += page["items"]
            if page["cursor"] is None:
                return items
            cursor = page["cursor"]

    def is_quiet(self) -> bool:
        """Say whether nothing is on its way to the printer.

        A job may change between two questions: whoever was not queued is asked for again.
        """
        return not any(
            self.call("GET", f"/print-jobs?status={state}&limit=1")["items"]
            for state in ("queued", "printing", "queued")
        )


def make(folder: Path) -> str:
    """Make a demo shop in `folder`; return a manager's token."""
    environment = {**os.environ, "POS_DATA_DIR": str(folder)}
    assert run_forked(environment, "init", "--demo").code == 0
    made = run_forked(environment, "token", "create", "--role", "manager", "--json")
    token: str = json.loads(made.out)["token"]
    return token
