"""From the start of the process to the first `/readyz` that says 200."""

import http.client
import time
from statistics import median

from pos.bench.figures import Figures
from pos.bench.load import sell
from pos.bench.shops import Server, Shop

STARTS = 10


def measure(shop: Shop, *, sales: int) -> Figures:
    """Return the median of ten starts of a shop with few sales and of the same shop with many."""
    found: Figures = {}
    made = 0
    for count in (10, sales):
        with shop.serving() as server:
            part = sell(shop.registers, server.port, 3_600, at_most=count - made)
            if part.errors:
                raise RuntimeError(part.errors[0])
            made += len(part.times)
        times = [_start(shop) for _ in range(STARTS)]
        found[f"with_{made}_sales"] = {
            "median_s": round(median(times), 3),
            "fastest_s": round(min(times), 3),
            "slowest_s": round(max(times), 3),
        }
    return found


def _start(shop: Shop) -> float:
    server = Server.start(shop)
    try:
        began = time.monotonic() - server.seconds_to_address
        while True:
            try:
                link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
                link.request("GET", "/readyz")
                if link.getresponse().status == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.005)
    finally:
        server.stop()
