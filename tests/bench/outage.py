"""How long until a till is told that PostgreSQL is gone, and until it sells again once it is back."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from statistics import median
from typing import Any

from pos.bench.figures import Figures
from tests.factories import cart
from tests.faults.serving import Served
from tests.support.demo import make_demo_shop
from tests.support.postgres import Cluster, free_port, init_folder, owner
from tests.support.replicas import Node
from tests.support.severed import Way, way_to

SETTINGS = {"fsync": "on", "synchronous_commit": "on"}
ROUNDS = 3
AWAY = 3.0
ASKS_EVERY = 0.25
"""Seconds between a till's questions; its page waits half a second at first and two at most."""


def measure(folder: Path) -> Figures:
    """Return the seconds for each way of being gone; the middle and the slowest of a few rounds."""
    node = _node(folder)
    shop = None
    try:
        node.start()
        address = node.cluster.create("shop")
        data = folder / "shop"
        data.mkdir()
        tokens = make_demo_shop(data, address)
        with way_to(address) as way:
            shop = Served(data, way.url, tokens)
            shop.start()
            shop.open("K1")
            return {
                name: _rounds(shop, gone, back) for name, (gone, back) in _ways_to_be_gone(node, way).items()
            }
    finally:
        if shop is not None:
            shop.end()
        node.stop()


def _node(folder: Path) -> Node:
    home = folder / "postgres"
    home.mkdir()
    become = owner()
    if become:
        folder.chmod(0o755)
        os.chown(home, become["user"], become["group"])
    node = Node(home, Cluster(free_port(), "bench"), SETTINGS)
    init_folder(home, node.cluster, become)
    return node


def _ways_to_be_gone(node: Node, way: Way) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    stopped: list[int] = []

    def freeze() -> None:
        assert node.process is not None
        pid = node.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        stopped[:] = [pid, *map(int, children)]
        for one in stopped:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGSTOP)

    def thaw() -> None:
        for one in stopped:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGCONT)

    return {
        "killed": (node.kill, node.start),
        "stopped": (freeze, thaw),
        "swallowed": (way.swallow, way.open),
        "refused": (way.refuse, way.open),
    }


def _rounds(shop: Served, gone: Callable[[], None], back: Callable[[], None]) -> dict[str, float]:
    told, sold = [], []
    for _ in range(ROUNDS):
        shop.sell({"KTO-100": 1})
        gone()
        body, began = cart({"KTO-100": 1}), time.monotonic()
        while _status(shop, body) != 503:
            time.sleep(0.01)
        told.append(time.monotonic() - began)
        while time.monotonic() - began < AWAY:
            _status(shop, body)
            time.sleep(ASKS_EVERY)
        back()
        began = time.monotonic()
        while _status(shop, body) not in (200, 201):
            time.sleep(ASKS_EVERY)
        sold.append(time.monotonic() - began)
    return {
        "told_median_s": round(median(told), 2),
        "told_slowest_s": round(max(told), 2),
        "sells_again_median_s": round(median(sold), 2),
        "sells_again_slowest_s": round(max(sold), 2),
    }


def _status(shop: Served, body: dict[str, Any]) -> int:
    with suppress(OSError, HTTPException):
        return shop.send("POST", "/sales", body).status
    return 0
