"""The statements of one sale on the bare driver: captured from the product, replayed with fresh values.

What a sale executes is recorded twice. A value that differs between the two sales (ids, numbers, hashes,
counters) is made anew for each replay, in the same form and consistent within the sale; everything else is
sent as it was. So the bare driver does what the product does today, on the same schema and data.
"""

import multiprocessing
import re
import secrets
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg
from flask import Flask
from sqlalchemy import event, make_url

from pos.bench.load import Sold
from pos.bench.shops import Register
from pos.db import db
from pos.ids import is_id, new_id

Params: TypeAlias = dict[Any, Any]
"""Parameters by position (SQLite) or by name (psycopg)."""
Value: TypeAlias = Callable[[int, dict[object, object]], object]
"""Makes the value of the n-th replay; the dict keeps what one sale made already."""

LEFT_OUT = ("PRAGMA", "BEGIN")
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBERED = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One statement: its text, its rows of parameters, and those of them that differ from sale to sale."""

    sql: str
    rows: list[Params]
    many: bool
    fresh: list[tuple[int, Any, Value]]

    def values(self, n: int, made: dict[object, object]) -> list[Params]:
        """Return the rows of the n-th replay."""
        rows = [dict(row) for row in self.rows]
        for at, key, value in self.fresh:
            rows[at][key] = value(n, made)
        return rows


Recipe: TypeAlias = list[Step]


def record(app: Flask, register: Register) -> Recipe:
    """Sell three times and return how to do it again; the first sale only fills the product's caches."""
    _record_one(app, register)
    first, second = _record_one(app, register), _record_one(app, register)
    if [sql for sql, _, _ in first] != [sql for sql, _, _ in second]:
        raise RuntimeError("two sales in a row execute different statements: nothing to compare with")
    return [
        Step(sql, rows, many, list(_fresh(before, rows)))
        for (_, before, _), (sql, rows, many) in zip(first, second, strict=True)
    ]


def _record_one(app: Flask, register: Register) -> list[tuple[str, list[Params], bool]]:
    seen: list[tuple[str, list[Params], bool]] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, _context: object, many: bool) -> None:
        if not sql.startswith(LEFT_OUT):
            seen.append((sql, [_params(row) for row in (values if many else [values])], many))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = app.test_client().post(
            "/api/v1/sales", json=register.sale(), headers={"Authorization": f"Bearer {register.token}"}
        )
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 201:
        raise RuntimeError(answer.text)
    return seen


def _params(values: Any) -> Params:
    return dict(values) if isinstance(values, Mapping) else dict(enumerate(values))


def _fresh(before: list[Params], after: list[Params]) -> Iterator[tuple[int, Any, Value]]:
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        for key, value in new.items():
            make = _maker(old[key], value) if old[key] != value else None
            if make is not None:
                yield at, key, make


def _maker(old: object, new: object) -> Value | None:
    """Return what makes values like `new`; None for text and instants that may stay as they are."""
    if isinstance(new, int) and isinstance(old, int):
        return lambda n, _made: new + (n + 1) * (new - old)
    if not isinstance(new, str) or not isinstance(old, str):
        return None
    if is_id(new):
        return lambda _n, made: made.setdefault(new, new_id())
    if _HASH.fullmatch(new):
        return lambda _n, made: made.setdefault(new, secrets.token_hex(32))
    found, before = _NUMBERED.fullmatch(new), _NUMBERED.fullmatch(old)
    if found is None or before is None or found[1] != before[1]:
        return None
    head, digits, step = found[1], found[2], int(found[2]) - int(before[2])
    return lambda n, _made: f"{head}{int(digits) + (n + 1) * step:0{len(digits)}d}"


def sell_bare(url: str, recipes: Sequence[Recipe], done: list[int], seconds: float) -> Sold:
    """Replay one recipe a connection, each in a process of its own, for `seconds`.

    `done` counts the replays of each recipe so far and is brought forward.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(recipes))
    answers = context.Queue()
    workers = [
        context.Process(target=_work, args=(url, recipe, done[n], seconds, barrier, answers, n), daemon=True)
        for n, recipe in enumerate(recipes)
    ]
    for worker in workers:
        worker.start()
    found = Sold(per_client=[0] * len(recipes))
    for _ in workers:
        n, times, took, error = answers.get(timeout=seconds + 60)
        found.times += times
        found.per_client[n] = len(times)
        found.seconds = max(found.seconds, took)
        found.errors += [error] if error else []
        done[n] += len(times)
    for worker in workers:
        worker.join(10)
    return found


def _work(url: str, recipe: Recipe, n: int, seconds: float, barrier: Any, answers: Any, number: int) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        # What ends the measurement ends us without a word.
        signal.signal(name, signal.SIG_DFL)
    times: list[float] = []
    error = ""
    began = time.perf_counter()
    try:
        replay = _sqlite(url, recipe) if url.startswith("sqlite") else _postgresql(url, recipe)
        barrier.wait(30)
        began = time.perf_counter()
        while (started := time.perf_counter()) - began < seconds:
            replay(n + len(times))
            times.append(time.perf_counter() - started)
    except Exception as problem:  # noqa: BLE001 - whatever it is, the parent must hear of it
        error = repr(problem)
    answers.put((number, times, time.perf_counter() - began, error))


def _sqlite(url: str, recipe: Recipe) -> Callable[[int], None]:
    link = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        link.execute(f"PRAGMA {pragma}")

    def replay(n: int) -> None:
        made: dict[object, object] = {}
        link.execute("BEGIN IMMEDIATE")
        for step in recipe:
            rows = [list(row.values()) for row in step.values(n, made)]
            cursor = link.executemany(step.sql, rows) if step.many else link.execute(step.sql, rows[0])
            _check(step, cursor)
        link.execute("COMMIT")

    return replay


def _postgresql(url: str, recipe: Recipe) -> Callable[[int], None]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    link = psycopg.connect(address, autocommit=True)

    def replay(n: int) -> None:
        made: dict[object, object] = {}
        with link.transaction():
            for step in recipe:
                rows = step.values(n, made)
                cursor = link.cursor()
                if step.many:
                    cursor.executemany(step.sql.encode(), rows)
                else:
                    cursor.execute(step.sql.encode(), rows[0])
                _check(step, cursor)

    return replay


def _check(step: Step, cursor: Any) -> None:
    """Fetch what was asked for; a change that did not touch its rows would compare nothing."""
    if cursor.description is not None:
        cursor.fetchall()
    elif cursor.rowcount != len(step.rows):
        raise RuntimeError(f"touched {cursor.rowcount} rows, not {len(step.rows)}: {step.sql}")
