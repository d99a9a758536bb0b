"""Many receipts through printers that are slow or come and go: none is lost, none comes out twice."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fake_printer import FakePrinter
from tests.spool.conftest import Served
from tests.spool.paper import receipts_on_paper, wait_until_quiet

RECEIPTS = 120


@contextmanager
def flapping(printer: FakePrinter) -> Iterator[None]:
    """Turn the printer off, out of paper and on again, a few times a second, and leave it on."""
    over = threading.Event()
    chance = random.Random(7)

    def flap() -> None:
        while not over.wait(chance.uniform(0.1, 0.5)):
            printer.set_mode(chance.choice(("normal", "refuse", "paper-out", "normal")))
        printer.set_mode("normal")

    thread = threading.Thread(target=flap, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def check(served: Served, printer: FakePrinter, sold: list[str]) -> Counter[str]:
    """Wait for the spool, hold the paper against the jobs, and return how the jobs ended."""
    wait_until_quiet(served)
    begun, whole = receipts_on_paper(printer)
    states = {job["title"]: job["status"] for job in served.jobs() if job["kind"] == "receipt"}
    assert sorted(states) == sorted(sold), "none is lost"
    assert [number for number in sold if begun[number] > 1] == [], "none is doubled"
    assert [number for number in sold if states[number] == "printed" and whole[number] != 1] == []
    return Counter(states.values())


@pytest.mark.timeout(300)
def test_a_slow_printer_gets_every_receipt_once(served: Served, printer: FakePrinter) -> None:
    printer.rate = 9_600
    served.open_till(stock=1_000)
    sold = [served.sell()["number"] for _ in range(RECEIPTS)]
    assert check(served, printer, sold) == {"printed": RECEIPTS}


@pytest.mark.timeout(300)
def test_a_flapping_printer_gets_every_receipt_once_or_leaves_it_unknown(
    served: Served, printer: FakePrinter
) -> None:
    served.open_till(stock=1_000)
    sold: list[str] = []
    with flapping(printer):
        for _ in range(RECEIPTS):
            sold.append(served.sell()["number"])
            time.sleep(0.03)
    ended = check(served, printer, sold)
    assert set(ended) <= {"printed", "unknown"}
    assert ended["printed"] > RECEIPTS * 3 // 4
