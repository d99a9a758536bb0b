"""A day at the till reads no table that grows for years from end to end, on either database.

Every statement of the day is collected as it is sent and explained over a shop of some thousand sales. SQLite
says what it would do by itself. PostgreSQL plans by size: there what grows beside the sales has rows too, and
reading a whole table is made so dear that it does so only where no index helps.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, text

from pos import clock
from pos.bench.shops import Shop as Grown
from pos.db import Base, db, transact
from pos.operations import orders, payments, people, tasks
from pos.operations.actor import SYSTEM
from pos.queries import till as till_page
from pos.queries.sales import last_sale, waiting_sales
from pos.worker import pruning, spool
from printers.delivery import Delivery
from tests.bench.bulk import grown_shop
from tests.cast import approval
from tests.factories import Shop, back, cart
from tests.factories import new_id as any_id
from tests.support.demo import plain
from tests.support.postgres import Cluster

SALES = 4_000
SMALL = {
    "book": "one a register",
    "register": "set up once",
    "outlet": "set up once",
    "location": "set up once",
    "setting": "a few dozen",
    "user_account": "the people of the shop",
    "user_device": "the browsers of the shop",
    "user_token": "the programs of the shop",
    "user_throttle": "one a person",
    "product": "the catalogue, which a till loads whole",
    "product_barcode": "the catalogue",
    "product_picture": "the catalogue",
    "product_source": "set up once",
    "product_minimum": "the catalogue",
    "price": "the catalogue, which a till loads whole",
    "payment_task": "what is asked now",
}
"""Tables that may be read from end to end, each with the reason."""
BIG = {table.name for table in Base.metadata.sorted_tables} - SMALL.keys()
PARTIAL = {
    index.name
    for table in Base.metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Indexes that hold only what is open: they may be read whole."""
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement with the first parameters it was sent with."""

    sql: str
    values: Any


@pytest.fixture(scope="module", params=DATABASES)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """A shop of some thousand sales."""
    folder = tmp_path_factory.mktemp("grown")
    if request.param == "sqlite":
        yield grown_shop(folder, SALES, registers=2, quiet=True)
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.create("plans")
    made = grown_shop(folder, SALES, url, registers=2, quiet=True)
    fill_beside(url)
    yield made
    cluster.drop("plans")


@pytest.fixture(scope="module")
def shop(grown: Grown) -> Iterator[Shop]:
    with grown.app() as app:
        app.testing = True
        with app.app_context():
            at = clock.now()
            tokens = transact(
                lambda: {
                    role: people.create_token(role, role, None, SYSTEM, at)
                    for role in ("manager", "supervisor", "cashier")
                }
            )
        yield Shop(app, tokens)


@contextmanager
def collected(shop: Shop) -> Iterator[dict[str, Asked]]:
    """Every statement that is sent in the block, once by its text."""
    found: dict[str, Asked] = {}

    def note(_c: object, _cursor: object, sql: str, values: Any, _context: object, many: bool) -> None:
        if sql.startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            found.setdefault(sql, Asked(sql, _plain(values[0] if many else values)))

    with shop.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plain(values: Any) -> Any:
    return tuple(values) if isinstance(values, list) else values


@pytest.fixture(scope="module")
def day(shop: Shop) -> dict[str, Asked]:
    """What a day at the till sends."""
    goods = {"KTO-100": 1, "MBT-250": 2}
    with collected(shop) as found:
        browser(shop)
        body = cart(goods, register="B1", cash=50_000)
        assert [shop.post("/sales", body, who="cashier").status for _ in range(2)] == [201, 200]
        sold = shop.get(f"/sales/{body['id']}")
        for path in ("/sales?register=B1&limit=20", f"/sales?date={sold['business_date']}&limit=20"):
            assert len(shop.get(path)["items"]) >= 1
        for path in (
            "/sales?limit=20",
            "/sales?status=awaiting_payment",
            "/sales?register=B2&status=awaiting_payment",
            "/products?register=B1&query=keripik",
            "/products?register=B1&barcode=2012345000017",
            f"/stock/movements?since={clock.iso(clock.now() - timedelta(hours=1))}&limit=20",
            f"/print-jobs?sale={body['id']}",
            "/print-jobs?register=B1&status=queued",
            "/shifts/current?register=B1",
            f"/sales/{body['id']}/receipt.txt",
            f"/reports/day?date={sold['business_date']}",
        ):
            assert shop.get(path).status == 200, path
        page = shop.get("/sales?register=B1&limit=1")
        assert shop.get(f"/sales?register=B1&limit=1&cursor={page['cursor']}").status == 200
        assert shop.post(f"/sales/{body['id']}/reprint", {"id": any_id()}).status == 201
        assert shop.post(f"/sales/{body['id']}/refunds", back({"KTO-100": 1})).status == 201
        gone = shop.sell(goods, register="B1")
        assert shop.post(f"/sales/{gone['id']}/void", {"id": any_id(), "reason": "salah"}).status == 201
        qris(shop, goods)
        held(shop, goods)
        shop.receive("KTO-100", 5, lot="L9")
        spooled(shop)
        shop.keep_house()
        close(shop)
    return found


def browser(shop: Shop) -> None:
    """A person at the till's page: signed in, and asked how things stand."""
    with shop.app.app_context():
        code = transact(lambda: people.create_enrolment("B1", SYSTEM, clock.now()))
    client = shop.app.test_client()
    origin = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/enrol", data={"code": code}, headers=origin).status_code in (200, 302, 303)
    who = {"user": "Kasir", "pin": "333333"}
    assert client.post("/till/sign-in", json=who, headers=origin).status_code == 200
    assert client.get("/till/state").status_code == 200
    register = register_id(shop)
    with shop.app.app_context():
        for ask in (waiting_sales, last_sale, till_page.unknown_jobs, till_page.late_money):
            ask(register)
        db.session.rollback()
    assert client.post("/till/lock", headers=origin).status_code in (200, 204)


def register_id(shop: Shop) -> int:
    with shop.app.app_context():
        return spool.register_ids(["B1"])["B1"]


def qris(shop: Shop, goods: dict[str, int]) -> None:
    shop.paid_by_qris(goods, "123456789012", register="B1")
    waits = shop.sell(goods, qris=True, register="B1")
    assert shop.post(f"/sales/{waits['id']}/cancel", {}, who="cashier").status == 200
    waits = shop.sell(goods, qris=True, register="B1")
    with shop.app.app_context():
        due = payments.due_to_expire(clock.now() + timedelta(days=1))
        assert due
        tasks.due(["static", "simulator"], clock.now(), 5)
    assert shop.post(f"/sales/{waits['id']}/cancel", {}, who="cashier").status == 200


def held(shop: Shop, goods: dict[str, int]) -> None:
    lines = [{"sku": sku, "quantity": count} for sku, count in goods.items()]
    one = {"id": any_id(), "register": "B1", "lines": lines}
    assert shop.post("/orders", one, who="cashier").status == 201
    assert len(shop.get("/orders?register=B1")["items"]) == 1
    shop.sell(goods, register="B1", order=one["id"])
    other = {"id": any_id(), "register": "B1", "lines": lines}
    assert shop.post("/orders", other, who="cashier").status == 201
    with shop.app.app_context():
        assert orders.due_to_expire(clock.now() + timedelta(days=1))
    assert shop.send("DELETE", f"/orders/{other['id']}", who="cashier").status == 200


def spooled(shop: Shop) -> None:
    """What the spool asks for every job, and when nothing is there."""
    register = register_id(shop)
    with shop.app.app_context():
        at = clock.now()
        found = spool.next_job([register], register, at)
        assert found is not None
        job = transact(lambda: spool.claim(found, "kasir", "test", at))
        assert job is not None
        transact(lambda: spool.keep(job.id, b"paper"))
        transact(lambda: spool.record(job, Delivery("printed", True, 5), at))
        spool.has_expired(at)
        transact(lambda: spool.recover([register], register, at))
        transact(lambda: spool.expire(at))
        for walk in pruning.walks():
            walk.step(at + timedelta(days=40))
        db.session.rollback()


def close(shop: Shop) -> None:
    shift = shop.get("/shifts/current?register=B1")["id"]
    expected = shop.expected(shift)
    assert shop.post(f"/shifts/{shift}/cash", cash_in(), who="manager").status == 201
    counted = {"id": any_id(), "counted": expected + 1_000}
    assert shop.post(f"/shifts/{shift}/count", counted).status == 201
    shop.close(shift, expected + 1_000)
    assert shop.get(f"/shifts/{shift}/report")["status"] == "closed"


def cash_in() -> dict[str, Any]:
    return {
        "id": any_id(),
        "direction": "in",
        "amount": 1_000,
        "reason": "receh",
        "approval": approval("Manajer"),
    }


BESIDE = {
    "refund": (
        "sale s",
        {"kind": "'refund'", "number": "'R' || s.number", "sale_id": "s.id", "register_id": "s.register_id"}
        | {
            "shift_id": "s.shift_id",
            "method": "'cash'",
            "total": "1",
            "restock": "true",
            "at": "s.created_at",
        },
    ),
    "refund_line": (
        "sale_line s WHERE s.position = 0",
        {"refund_id": "'f' || substr(s.sale_id, 2)", "position": "0", "product_id": "s.product_id"}
        | {"sku": "s.sku", "quantity": "1", "total": "1"},
    ),
    "refund_tender": (
        "sale s",
        {"refund_id": "'f' || substr(s.id, 2)", "position": "0", "method": "'cash'", "amount": "1"},
    ),
    "payment": (
        "sale s",
        {"sale_id": "s.id", "provider": "'static'", "status": "'paid'", "amount": "1", "paid_amount": "1"}
        | {"reference": "s.number", "created_at": "s.created_at", "expires_at": "s.created_at"}
        | {"settled_at": "s.created_at"},
    ),
    "payment_refund": (
        "sale s",
        {"payment_id": "'f' || substr(s.id, 2)", "refund_id": "'f' || substr(s.id, 2)", "amount": "1"}
        | {"status": "'done'", "at": "s.created_at"},
    ),
    "held_order": (
        "sale s",
        {"register_id": "s.register_id", "outlet_id": "1", "business_date": "s.business_date"}
        | {"number": "row_number() OVER ()", "kind": "'held'", "status": "'used'", "discount": "0"}
        | {"created_at": "s.created_at", "expires_at": "s.created_at", "ended_at": "s.created_at"}
        | {"sale_id": "s.id"},
    ),
    "held_order_line": (
        "sale_line s WHERE s.position = 0",
        {"order_id": "'f' || substr(s.sale_id, 2)", "position": "0", "product_id": "s.product_id"}
        | {"sku": "s.sku", "quantity": "1", "discount": "0"},
    ),
    "user_login": (
        "sale s",
        {"token_hash": "md5(s.id)", "user_id": "1", "device_id": "row_number() OVER () % 10"}
        | {"created_at": "s.created_at", "seen_at": "s.created_at", "ended_at": "s.created_at"},
    ),
    "receipt_copy": (
        "sale s",
        {"sale_id": "s.id", "register_id": "s.register_id", "shift_id": "s.shift_id", "number": "1"}
        | {"at": "s.created_at"},
    ),
}
"""Tables that grow beside the sales, and how a row of each is made for a sale; only plans look at them."""


def fill_beside(url: str) -> None:
    """Give PostgreSQL years of refunds, payments, orders and sign-ins to plan by; SQLite plans without."""
    with psycopg.connect(plain(url)) as link:
        link.execute("SET session_replication_role = replica")
        for name, (source, values) in BESIDE.items():
            columns = Base.metadata.tables[name].columns
            texts = {column.name: "''" for column in columns if not column.nullable}
            texts |= {"id": "'f' || substr(s.id, 2)"} if "id" in columns and name != "user_login" else {}
            rows = texts | values
            names = ", ".join(f'"{column}"' for column in rows)
            statement = f"INSERT INTO {name} ({names}) SELECT {', '.join(rows.values())} FROM {source}"
            link.execute(statement.encode())
        link.execute("ANALYZE")


LARGE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= :rows"


@contextmanager
def explaining(shop: Shop) -> Iterator[Connection]:
    """A connection to explain on."""
    with shop.app.app_context(), db.engine.connect() as link:
        yield link


def scans(link: Connection, asked: Asked) -> list[str]:
    """Return what a statement reads from end to end of tables that grow, in the database's words."""
    if link.dialect.name == "sqlite":
        rows = link.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.sql}", asked.values).all()
        return _scans_of_file([str(row[3]) for row in rows], asked.sql)
    link.exec_driver_sql("SELECT set_config('enable_seqscan', 'off', true)")
    (plan,) = link.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.sql}", asked.values).one()
    (top,) = plan if isinstance(plan, list) else json.loads(plan)
    large = set(link.execute(text(LARGE), {"rows": SALES // 2}).scalars())
    assert BESIDE.keys() <= large
    return _scans_of_server(top["Plan"], large - SMALL.keys(), limited=False)


def _scans_of_file(steps: Sequence[str], sql: str) -> list[str]:
    sorts = any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    found = []
    for step in steps:
        match = re.match(r"SCAN (\S+)(?: USING (?:COVERING )?INDEX (\S+))?", step)
        if match is None or _table(match[1]) not in BIG or match[2] in PARTIAL:
            continue
        if match[2] is None or sorts or " LIMIT " not in sql.replace("\n", " "):
            found.append(step)
    return found


def _table(alias: str) -> str:
    """The table that a plan names: SQLAlchemy numbers a second look at the same one."""
    return re.sub(r"_\d+$", "", alias.strip('"'))


def _scans_of_server(node: dict[str, Any], large: set[str], *, limited: bool) -> list[str]:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    found = []
    if table in large:
        if kind == "Seq Scan":
            found.append(f"{kind} on {table}")
        unbounded = kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node
        if unbounded and not limited and node["Index Name"] not in PARTIAL:
            found.append(f"{kind} of all {table} by {node['Index Name']}")
    passes = kind in ("Limit", "LockRows", "Nested Loop", "Subquery Scan", "Result", "Incremental Sort")
    inner = kind == "Limit" or (limited and passes)
    for part in node.get("Plans", ()):
        found += _scans_of_server(part, large, limited=inner)
    return found


def test_a_day_at_the_till_reads_no_growing_table_from_end_to_end(shop: Shop, day: dict[str, Asked]) -> None:
    assert len(day) > 120
    touched = {table for table in BIG if any(re.search(rf"\b{table}\b", sql) for sql in day)}
    assert {"sale", "entry", "movement", "payment", "held_order", "refund", "printer_job"} <= touched
    with explaining(shop) as link:
        bad = {sql: found for sql, asked in day.items() if (found := scans(link, asked))}
    assert not bad, "\n\n".join(f"{found}\n{sql}" for sql, found in bad.items())


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM sale WHERE cashier = 'Ani'",
        "SELECT id FROM sale ORDER BY total DESC LIMIT 5",
        "SELECT reason FROM movement WHERE quantity = 999",
        "UPDATE entry SET kind = 'sale' WHERE request_hash = 'x'",
        "DELETE FROM payment WHERE amount = 5",
    ],
)
def test_a_statement_without_an_index_is_seen(shop: Shop, sql: str) -> None:
    with explaining(shop) as link:
        assert scans(link, Asked(sql, ()))


def test_a_statement_by_its_key_is_not_called_a_scan(shop: Shop) -> None:
    with explaining(shop) as link:
        number = link.execute(text("SELECT max(number) FROM sale")).scalar_one()
        assert scans(link, Asked(f"SELECT id FROM sale WHERE number = '{number}'", ())) == []


def test_what_may_be_read_whole_is_there_and_is_said_why() -> None:
    assert SMALL.keys() <= {table.name for table in Base.metadata.sorted_tables}
    assert all(SMALL.values())
