"""Many receipts through bad printers, and kills of the server: how many were lost, how many doubled."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from pos.bench.figures import Figures
from tests.fake_printer import FakePrinter
from tests.spool.mishaps import SLOW, flapping, sell_and_kill
from tests.spool.paper import Tally, receipts_on_paper, tally, wait_until_quiet
from tests.spool.served import Served, make

PACE = 0.03
"""Seconds between two sales while the printer comes and goes, so that it does so all the time."""


def measure(folder: Path, *, receipts: int) -> Figures:
    """Print as many receipts on a healthy, a slow and a flapping printer, each in a shop of its own."""
    healthy = _many(folder / "healthy", receipts)
    slow = _many(folder / "slow", receipts, rate=SLOW)
    came_and_went = _many(folder / "flapping", receipts, mishap=flapping)
    return {
        "healthy": healthy,
        "slow": slow | _beside(slow, healthy),
        "flapping": came_and_went | _beside(came_and_went, healthy),
    }


def kills(folder: Path, *, kills: int) -> Figures:
    """Kill the server in the middle of its printing, again and again."""
    with _served(folder) as served:
        began = time.monotonic()
        sold = sell_and_kill(served, kills)
        return {"kills": kills, **_figures(served, sold, began)}


def _many(
    folder: Path,
    receipts: int,
    *,
    rate: int = 0,
    mishap: Callable[[FakePrinter], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> Figures:
    with _served(folder) as served:
        served.printer.rate = rate
        began = time.monotonic()
        sold: list[str] = []
        with mishap(served.printer):
            for _ in range(receipts):
                sold.append(served.sell()["number"])
                time.sleep(PACE)
            wait_until_quiet(served)
        return _figures(served, sold, began)


@contextmanager
def _served(folder: Path) -> Iterator[Served]:
    folder.mkdir(parents=True, exist_ok=True)
    token = make(folder / "instance")
    with FakePrinter() as printer:
        served = Served(folder, token, printer, timeout=2.0)
        served.start()
        try:
            served.open_till(stock=100_000)
            yield served
        finally:
            served.end(signal.SIGTERM)


def _figures(served: Served, sold: list[str], began: float) -> Figures:
    found: Tally = tally(served, served.printer, sold)
    seconds = time.monotonic() - began
    _, whole = receipts_on_paper(served.printer)
    drawer = [job["status"] for job in served.jobs() if job["kind"] == "drawer"]
    return {
        "sold": len(sold),
        "printed": found.states["printed"],
        "unknown": found.states["unknown"],
        "whole_on_paper": sum(whole.values()),
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "drawer_pulses_sent": drawer.count("printed"),
        "drawer_pulses_expired": drawer.count("expired"),
        "connections": len(served.printer.connections),
        "seconds": round(seconds, 1),
    }


def _beside(found: Figures, healthy: Figures) -> Figures:
    return {
        "ratio": {
            "printed": round(found["printed"] / healthy["printed"], 3),
            "seconds": round(found["seconds"] / healthy["seconds"], 2),
        }
    }
