"""From the answer of a sale (and from its commit) to the first byte of its receipt at a network printer."""

import http.client
import json
import socket
import threading
import time
from pathlib import Path
from statistics import median

from pos.bench.figures import Figures, percentile
from pos.bench.shops import Shop
from tests.fake_printer import FakePrinter

BETWEEN = 0.03
"""Seconds between the end of a receipt and the next sale: the printer's connection is closed by then."""
START_OF_RECEIPT = b"\x1b@"
CONFIG = """
[[printers]]
name = "bench"
registers = ["{register}"]
connection = "network"
host = "127.0.0.1"
port = {port}
"""


class Watched(FakePrinter):
    """A fake printer that notes when the first byte of a paper and of a receipt came."""

    def __init__(self) -> None:
        super().__init__()
        self.any_at = self.receipt_at = 0.0
        self.receipt_came = threading.Event()
        self._before = 0

    def arm(self) -> None:
        """Wait for the next paper."""
        self._before = len(self.printed)
        self.any_at = self.receipt_at = 0.0
        self.receipt_came.clear()

    def _take(self, link: socket.socket, data: bytes) -> bytes:
        at = time.monotonic()
        rest = super()._take(link, data)
        came = self.printed[self._before :]
        if came and not self.any_at:
            self.any_at = at
        if START_OF_RECEIPT in came and not self.receipt_at:
            self.receipt_at = at
            self.receipt_came.set()
        return rest


def measure(shop: Shop, *, receipts: int) -> Figures:
    """Sell one after the other, each when the paper before it is out."""
    register = shop.registers[0]
    from_answer: list[float] = []
    from_commit: list[float] = []
    drawer: list[float] = []
    answers: list[float] = []
    notes = shop.folder / "commits"
    noting = (str(Path(__file__).with_name("hooked.py")), str(notes))
    with Watched() as printer:
        config = CONFIG.format(register=register.code, port=printer.port)
        with shop.serving(config, program=noting) as server:
            link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            headers = {"Authorization": f"Bearer {register.token}", "Content-Type": "application/json"}
            for n in range(receipts + 10):
                printer.arm()
                sent = time.monotonic()
                link.request("POST", "/api/v1/sales", json.dumps(register.sale()), headers)
                answer = link.getresponse()
                said = answer.read()
                answered = time.monotonic()
                if answer.status != 201:
                    raise RuntimeError(said.decode())
                if not printer.receipt_came.wait(20):
                    raise RuntimeError("no receipt came within 20 seconds")
                committed = float(notes.read_text(encoding="ascii").splitlines()[-1])
                printer.wait_until_idle()
                time.sleep(BETWEEN)
                if n >= 10:
                    answers.append(answered - sent)
                    from_answer.append(printer.receipt_at - answered)
                    from_commit.append(printer.receipt_at - committed)
                    drawer.append(printer.any_at - answered)
    return {
        "receipts": len(from_answer),
        "answer_to_first_byte_of_receipt": _times(from_answer),
        "commit_to_first_byte_of_receipt": _times(from_commit),
        "answer_to_drawer_pulse": _times(drawer),
        "sale_with_a_printer": _times(answers),
    }


def _times(values: list[float]) -> Figures:
    return {
        "median_ms": round(median(values) * 1000, 2),
        "p99_ms": round(percentile(values, 0.99) * 1000, 2),
        "slowest_ms": round(max(values) * 1000, 1),
    }
