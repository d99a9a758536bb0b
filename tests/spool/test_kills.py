"""Kill -9 at any moment: each sale's receipt is printed once, or its job says that nobody can know."""

import random
import signal
import time
from collections import Counter

import pytest

from tests.fake_printer import FakePrinter
from tests.spool.conftest import Served
from tests.spool.paper import receipts_on_paper, wait_until_quiet

KILLS = 50


@pytest.mark.timeout(600)
def test_each_receipt_is_printed_once_or_unknown_however_often_the_server_is_killed(
    served: Served, printer: FakePrinter
) -> None:
    chance = random.Random(20_261_124)
    printer.rate = 20_000  # slow enough for kills to fall between the bytes of a receipt
    served.open_till(stock=1_000)
    sold: list[str] = []
    for _ in range(KILLS):
        sold += [served.sell()["number"] for _ in range(chance.randint(1, 3))]
        time.sleep(chance.uniform(0, 0.12))
        served.end(signal.SIGKILL)
        served.start()
    wait_until_quiet(served)
    begun, whole = receipts_on_paper(printer)
    receipts = [job for job in served.jobs() if job["kind"] == "receipt"]
    states = {job["title"]: job["status"] for job in receipts}
    assert sorted(states) == sorted(sold), "every sale has one receipt job"
    assert set(states.values()) <= {"printed", "unknown"}
    assert [number for number in sold if begun[number] > 1] == [], "begun twice"
    assert [number for number in sold if states[number] == "printed" and whole[number] != 1] == []
    assert Counter(states.values())["printed"] > len(sold) // 2, "kills may not make everything unknown"
