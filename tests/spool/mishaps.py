"""What happens to printers and servers in a shop, at random but the same at every run."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fake_printer import FakePrinter
from tests.spool.served import Served

SLOW = 9_600
"""Bytes a second: ten times a serial line of 9600 baud, so that a run of many ends the same day."""
STUTTER = 20_000
"""Bytes a second: slow enough for kills to fall between the bytes of a receipt."""
A_RECEIPT = 1_200
"""Bytes of a receipt with its drawer pulse and all questions, and some."""


@contextmanager
def flapping(printer: FakePrinter, seed: int = 7) -> Iterator[None]:
    """Have the printer lose its power in the middle, refuse, or run out of paper, every second or so."""
    over = threading.Event()
    chance = random.Random(seed)
    printer.rate = STUTTER

    def flap() -> None:
        while not over.wait(chance.uniform(0.3, 2.0)):
            printer.set_mode(chance.choice(("normal", "refuse", "paper-out")))
            if printer.mode == "normal":
                printer.power_cycle()
            over.wait(chance.uniform(0.1, 0.6))
            printer.set_mode("normal")

    thread = threading.Thread(target=flap, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def sell_and_kill(served: Served, kills: int, seed: int = 20_261_124) -> list[str]:
    """Sell a few, kill -9 the server when the printer took so many bytes, start it again, and so on.

    How many is drawn anew each time, from none to more than a receipt has. Returns the numbers sold.
    """
    chance = random.Random(seed)
    served.printer.rate = STUTTER
    served.printer.tells_end = True  # found out at once, so that a fresh server comes to print before it dies
    sold: list[str] = []
    for _ in range(kills):
        until = bytes_taken(served.printer) + chance.randint(0, A_RECEIPT)
        sold += [served.sell()["number"] for _ in range(chance.randint(1, 3))]
        patience = time.monotonic() + 1.0
        while bytes_taken(served.printer) < until and time.monotonic() < patience:
            time.sleep(0.001)
        served.end(signal.SIGKILL)
        served.start()
    return sold


def bytes_taken(printer: FakePrinter) -> int:
    """Return how many bytes came to the printer, questions included."""
    return sum(map(len, list(printer.connections)))
