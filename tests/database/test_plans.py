"""A day at the till reads no table that grows for years from end to end, on either database.

Every statement of the day is collected as it is sent and explained over a shop of some thousand sales. SQLite
says what it would do by itself. PostgreSQL plans by size: there what grows beside the sales has rows too, and
reading a whole table is made so dear that it does so only where no index helps.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from pos import clock
from pos.bench.shops import Shop as Grown
from pos.db import Base, db, transact
from pos.operations import lots, orders, payments, people, tasks
from pos.operations.actor import SYSTEM
from pos.queries import till as till_page
from pos.queries.sales import last_sale, waiting_sales
from pos.worker import pruning, spool
from printers.delivery import Delivery
from tests.bench.bulk import grown_shop
from tests.cast import approval
from tests.database.plans import BIG, SMALL, Asked, fill_beside, scans
from tests.factories import Shop, back, cart
from tests.factories import new_id as any_id
from tests.support.postgres import Cluster

SALES = 4_000
DATABASES = ("sqlite", "postgresql")


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
            "/sales?register=B1&status=completed&limit=20",
            "/sales?register=B1&status=voided",
            "/sales?register=B1&status=cancelled",
            "/sales?status=expired",
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
        paid = {"id": any_id(), "tenders": [{"method": "cash", "amount": 60_000}]}
        assert shop.post(f"/sales/{gone['id']}/tenders", paid, who="cashier").status == 201
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
        lots.empty_balances(lots.next_lots(0, pruning.LOTS))
        transact(lambda: lots.forget_balances([(0, 0, 0), (0, 0, 1)]))
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


OFFICE = (
    "",
    "sales/",
    "sales/?q=tempe+kasir&status=completed&to=2100-01-01",
    "orders/?q=meja&status=open",
    "stock/?q=keripik",
    "stock/movements/KTO-100",
    "stock/papers?q=gudang",
    "stock/transfers/?q=gudang&status=all",
    "stock/counts/?q=gudang",
    "stock/expiring?days=90",
    "reports/?from=2020-01-01&to=2100-01-01",
    "printing/?q=B1",
    "audit/?book=B1&q=kasir&kind=sale",
    "audit/?book=B1&to=2100-01-01",
    "products/?q=keripik&shown=all",
    "people/?q=kasir&state=active",
    "people/1",
    "devices/?q=b1",
    "payments/found/?q=kasir&why=late",
    "payments/back/?q=kasir&status=done&date=2026-01-01",
    "settlements/?q=november&look=1&date=2026-01-01&file=csv",
    "stock/outlet-files/?q=gerai&kind=delivery&file=csv",
)
"""The first page of the back office and its lists, with what they are asked for."""


def test_the_first_page_and_the_lists_of_the_back_office_use_indexes(shop: Shop) -> None:
    client = shop.app.test_client()
    same = {"Sec-Fetch-Site": "same-origin"}
    client.post("/back-office/sign-in", data={"name": "Manajer", "pin": "111111"}, headers=same)
    with collected(shop) as found:
        for page in OFFICE:
            assert client.get(f"/back-office/{page}").status_code == 200, page
    with explaining(shop) as link:
        bad = {sql: steps for sql, asked in found.items() if (steps := scans(link, asked))}
    assert not bad, "\n\n".join(f"{steps}\n{sql}" for sql, steps in bad.items())


@contextmanager
def explaining(shop: Shop) -> Iterator[Connection]:
    """A connection to explain on."""
    with shop.app.app_context(), db.engine.connect() as link:
        yield link


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
        "SELECT count(*) FROM payment JOIN sale ON sale.id = payment.sale_id WHERE sale.register_id = 4",
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
