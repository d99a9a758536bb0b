"""The next sale of a small, a large and a very large shop in turn, in one run; their X and Z; their bytes."""

import http.client
import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import make_url

from pos.bench.figures import Figures, milliseconds, percentile
from pos.bench.load import sell
from pos.bench.shops import Register, Shop, app_of
from pos.db import db
from pos.ids import new_id
from pos.queries import shifts as reports
from tests.bench.years import DAILY

WARM_UP = 300
"""Sales before the first round: caches fill, and the log grows to its usual length."""
A_ROUND = 400
"""Sales of one shop in one round: a few checkpoints are among them."""
CLOSED = 3
"""Registers whose day is closed, since a Z can be taken only once."""
LARGE = 8
"""Tables and indexes that are named with their bytes."""


def measure(shops: dict[int, Shop], *, rounds: int) -> Figures:
    """Sell with one till at each shop in turn, the order turned round every time; then report a whole day."""
    times: dict[int, list[list[float]]] = {size: [] for size in shops}
    found: Figures = {}
    with ExitStack() as stack:
        servers = {size: stack.enter_context(shop.serving()) for size, shop in shops.items()}

        def one(size: int, count: int) -> list[float]:
            part = sell(shops[size].registers[:1], servers[size].port, 3_600, at_most=count)
            if part.errors:
                raise RuntimeError(part.errors[0])
            return part.times

        for size in shops:
            one(size, WARM_UP)
        for n in range(rounds):
            for size in list(shops)[:: 1 if n % 2 else -1]:
                times[size].append(one(size, A_ROUND))
        smallest = min(shops)
        for size, shop in shops.items():
            found[f"sales_{size}"] = {
                "next_sale": milliseconds([took for part in times[size] for took in part]),
                "ratio": _ratio(times[size], times[smallest]),
                "day_of_2000": _whole_day(shop, servers[size].port),
            }
    for size, shop in shops.items():
        found[f"sales_{size}"] |= _bytes(shop, size)
    return found


def _ratio(ours: Sequence[Sequence[float]], small: Sequence[Sequence[float]]) -> Figures:
    """Return how much longer a sale takes than in the smallest shop: the median of the rounds' ratios."""
    pairs = list(zip(ours, small, strict=True))
    return {
        "median": round(median(median(a) / median(b) for a, b in pairs), 3),
        "p99": round(median(percentile(a, 0.99) / percentile(b, 0.99) for a, b in pairs), 3),
        "p99_of_all": round(
            percentile([t for a, _ in pairs for t in a], 0.99)
            / percentile([t for _, b in pairs for t in b], 0.99),
            3,
        ),
    }


def _whole_day(shop: Shop, port: int) -> Figures:
    """Sell until some registers had a day of 2,000 sales each; take X and Z of it, bare and over HTTP."""
    x: list[float] = []
    x_http: list[float] = []
    z_http: list[float] = []
    for register in shop.registers[1 : 1 + CLOSED]:
        till = _Till(register, port)
        shift = till.ask("GET", f"/shifts/current?register={register.code}")[1]["id"]
        report = f"/shifts/{shift}/report"
        sold = int(till.ask("GET", report)[1]["sales_count"])
        sell([register], port, 3_600, at_most=DAILY - sold)
        till.call_again()
        x_http += [till.ask("GET", report)[0] for _ in range(21)]
        expected = 0
        with app_of(shop.environment) as app, app.app_context():
            for _ in range(21):
                began = time.perf_counter()
                expected = int(reports.shift_report(shift)["expected_cash"])
                x.append(time.perf_counter() - began)
                db.session.rollback()
        till.call_again()
        till.ask("POST", f"/shifts/{shift}/count", {"id": new_id(), "counted": expected})
        close = {"id": new_id(), "counted": expected, "reason": ""}
        z_http.append(till.ask("POST", f"/shifts/{shift}/close", close)[0])
    return {
        "computed": milliseconds(x),
        "x_over_http": milliseconds(x_http),
        "z_over_http_ms": [round(took * 1000, 1) for took in sorted(z_http)],
    }


class _Till:
    """A register's calls, each with the seconds it took."""

    def __init__(self, register: Register, port: int) -> None:
        self._token = register.token
        self._link = http.client.HTTPConnection("127.0.0.1", port)

    def call_again(self) -> None:
        """Take a new line: the server has let go of one that was silent meanwhile."""
        self._link.close()
        self._link.connect()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        """Return seconds and the answer; raise RuntimeError when it is a refusal."""
        began = time.perf_counter()
        self._link.request(
            method,
            f"/api/v1{path}",
            None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        answer = self._link.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status >= 300:
            raise RuntimeError(text.decode())
        return took, json.loads(text)


def _bytes(shop: Shop, size: int) -> Figures:
    """Return bytes a sale, in all and of the largest tables and indexes."""
    sizes = (
        _sizes_on_server(shop) if shop.database_url else _sizes_in_file(shop.folder / "instance" / "pos.db")
    )
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:LARGE]
    return {
        "bytes_a_sale": round(sum(sizes.values()) / size),
        "of_them": {name: round(count / size) for name, count in largest},
    }


def _sizes_in_file(path: Path) -> dict[str, int]:
    link = sqlite3.connect(path)
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found: dict[str, int] = dict(link.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"))
    link.close()
    return found


def _sizes_on_server(shop: Shop) -> dict[str, int]:
    address = make_url(shop.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as link:
        return dict(
            link.execute(
                "SELECT relname, CASE relkind WHEN 'r' THEN pg_table_size(oid) "
                "ELSE pg_relation_size(oid) END "
                "FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
            ).fetchall()
        )
