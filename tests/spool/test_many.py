"""Many receipts through printers that are slow or come and go: none is lost, none comes out twice.

`python -m tests.bench spool` does the same with a thousand.
"""

import time

import pytest

from tests.fake_printer import FakePrinter
from tests.spool.mishaps import SLOW, flapping
from tests.spool.paper import tally, wait_until_quiet
from tests.spool.served import Served

RECEIPTS = 40
THROUGH_FAULTS = 40


@pytest.mark.timeout(300)
def test_a_slow_printer_gets_every_receipt_once(served: Served, printer: FakePrinter) -> None:
    printer.rate = SLOW
    served.open_till(stock=1_000)
    found = tally(served, printer, [served.sell()["number"] for _ in range(RECEIPTS)])
    assert (found.lost, found.doubled) == ([], [])
    assert found.states == {"printed": RECEIPTS}


@pytest.mark.timeout(300)
def test_a_flapping_printer_gets_every_receipt_once_or_leaves_it_unknown(
    served: Served, printer: FakePrinter
) -> None:
    served.open_till(stock=1_000)
    sold: list[str] = []
    with flapping(printer):
        for _ in range(THROUGH_FAULTS):
            sold.append(served.sell()["number"])
            time.sleep(0.03)
        wait_until_quiet(served)
    found = tally(served, printer, sold)
    assert (found.lost, found.doubled) == ([], [])
    assert set(found.states) <= {"printed", "unknown"}
    assert found.states["unknown"] > 0, "no fault fell between the bytes of a receipt"
    assert found.states["printed"] > THROUGH_FAULTS // 2
