"""What came out of the fake printer, receipt by receipt."""

import re
import time
from collections import Counter

from tests.fake_printer import FakePrinter
from tests.spool.conftest import Served

NUMBER = re.compile(rb"No\. +(K1-\d{6})")
END = b"struk ini"


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


def wait_until_quiet(served: Served) -> None:
    """Wait until nothing is on its way to the printer."""
    for _ in range(900):
        if not served.jobs(status="queued") and not served.jobs(status="printing"):
            return
        time.sleep(0.1)
    raise AssertionError("the spool never came to rest")
