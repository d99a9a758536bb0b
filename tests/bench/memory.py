"""Memory of `pos serve`: at rest, and after many sales."""

import time

from pos.bench.figures import Figures, memory
from pos.bench.load import sell
from pos.bench.shops import Shop

AT_REST = 3.0
"""Seconds after the start (and after the last sale) before memory is read."""


def measure(shop: Shop, *, sales: int) -> Figures:
    """Return memory at rest, after the first hundred sales and after `sales` sales from all tills."""
    with shop.serving() as server:
        time.sleep(AT_REST)
        found: Figures = {"at_rest": memory(server.process.pid)}
        made = 0
        for name, upto in (("after_100_sales", 100), (f"after_{sales}_sales", sales)):
            part = sell(shop.registers, server.port, 3_600, at_most=upto - made)
            if part.errors:
                raise RuntimeError(part.errors[0])
            made += len(part.times)
            time.sleep(AT_REST)
            found[name] = {"sales": made, **memory(server.process.pid)}
    return found
