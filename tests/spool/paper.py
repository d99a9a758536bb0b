"""What came out of the fake printer, receipt by receipt, held against what the spool says."""

import re
import time
from collections import Counter
from dataclasses import dataclass

from tests.fake_printer import FakePrinter
from tests.spool.served import Served

NUMBER = re.compile(rb"No\. +(K1-\d{6})")
END = b"struk ini"
STUCK = 90.0
"""Seconds without a new byte on paper after which a spool with work in it is stuck."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How the receipts of sales ended."""

    states: Counter[str]
    lost: list[str]
    """Numbers without exactly one job, with one that is not done, or `printed` and not whole on the paper."""
    doubled: list[str]
    """Numbers that were begun more than once on the paper."""


def receipts_on_paper(printer: FakePrinter) -> tuple[Counter[str], Counter[str]]:
    """Return how often each receipt was begun and how often it came out whole, over all connections."""
    begun: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for piece in re.split(rb"(?=\x1b@)", printer.printed):
        found = NUMBER.search(piece)
        if found is not None:
            number = found[1].decode()
            begun[number] += 1
            whole[number] += END in piece
    return begun, whole


def tally(served: Served, printer: FakePrinter, sold: list[str]) -> Tally:
    """Wait for the spool, then hold the paper and the jobs against the sales."""
    wait_until_quiet(served)
    begun, whole = receipts_on_paper(printer)
    jobs = [job for job in served.jobs() if job["kind"] == "receipt"]
    states = {job["title"]: job["status"] for job in jobs}
    known = Counter(job["title"] for job in jobs)
    lost = [
        number
        for number in sold
        if known[number] != 1
        or states[number] not in ("printed", "unknown")
        or (states[number] == "printed" and whole[number] < 1)
    ]
    return Tally(Counter(states.values()), lost, [number for number in begun if begun[number] > 1])


def wait_until_quiet(served: Served) -> None:
    """Wait until nothing is on its way to the printer."""
    taken, since = -1, time.monotonic()
    while not served.is_quiet():
        if (now := sum(map(len, list(served.printer.connections)))) != taken:
            taken, since = now, time.monotonic()
        assert time.monotonic() - since < STUCK, "the spool never came to rest"
        time.sleep(0.1)
