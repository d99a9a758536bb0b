"""PostgreSQL is brought to the newest schema while tills of the old one sell on."""

import ast
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pos import migrations
from pos.migrations import online
from tests.support.demo import plain
from tests.support.postgres import Cluster

OLD = "0006"
FIRST_ROWS = """
INSERT INTO location (id, code, name, kind)
    VALUES (1, 'GUDANG', 'Gudang', 'stock'), (2, 'PELANGGAN', 'P', 'customer');
INSERT INTO product (id, sku, name, name_en, unit, category, active, position)
    VALUES (1, 'KTO-100', 'Keripik', 'Chips', 'pcs', 'x', true, 1);
INSERT INTO lot (id, product_id, code, expires_on, unit_cost) VALUES (1, 1, 'A', '2030-01-01', 1);
INSERT INTO stock_balance (lot_id, location_id, product_id, on_hand, reserved) VALUES (1, 1, 1, 1000000, 0);
"""
SELL = """
UPDATE stock_balance SET on_hand = on_hand - 1 WHERE lot_id = 1 AND location_id = 1 AND on_hand > 0;
SELECT l.expires_on FROM lot l JOIN location p ON p.id = 1 WHERE l.id = 1 FOR SHARE OF l;
INSERT INTO setting (key, value) VALUES (gen_random_uuid(), '1');
"""
MOST = "700ms"
"""What a till may be kept waiting by the upgrade: one wait for a lock, and a busy machine."""


@pytest.fixture
def old(postgres_cluster: Cluster) -> Iterator[str]:
    url = postgres_cluster.create("older_shop")
    migrations.upgrade(url, OLD)
    with psycopg.connect(plain(url)) as link:
        link.execute(FIRST_ROWS.encode())
    yield url
    postgres_cluster.drop("older_shop")


def test_tills_of_the_old_schema_sell_on_while_it_is_upgraded(old: str) -> None:
    over, sold, wrong = threading.Event(), [0, 0], list[object]()

    def till(number: int) -> None:
        try:
            with psycopg.connect(plain(old), autocommit=True) as link:
                link.execute(f"SET statement_timeout = '{MOST}'".encode())
                while not over.is_set():
                    link.execute(SELL.encode())
                    sold[number] += 1
                    time.sleep(0.01)  # a till is quick, and leaves the machine to the upgrade in between
        except psycopg.Error as error:
            wrong.append(error)

    def slow_till() -> None:
        """One that has touched what the upgrade wants to change, and takes its time."""
        with psycopg.connect(plain(old)) as link:
            link.execute("SELECT 1 FROM lot, location, movement, payment FOR SHARE OF lot")
            began.set()
            time.sleep(1.5)

    began = threading.Event()
    threads = [threading.Thread(target=till, args=(number,)) for number in (0, 1)]
    threads.append(threading.Thread(target=slow_till))
    for thread in threads:
        thread.start()
    began.wait()
    try:
        assert migrations.upgrade(old)
        after = list(sold)
        deadline = time.monotonic() + 10
        while [
            now for now, then in zip(sold, after, strict=True) if now == then
        ] and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert all(now > then > 0 for now, then in zip(sold, after, strict=True))
    assert migrations.differences(old) == []


def test_what_a_killed_upgrade_left_undone_is_done_by_the_next(old: str) -> None:
    migrations.upgrade(old)
    with psycopg.connect(plain(old), autocommit=True) as link:
        link.execute("DROP INDEX ix_movement_product_at")
        link.execute("DROP INDEX ix_lot_expires_on")
        # Half made: PostgreSQL keeps such an index and does not use it.
        link.execute("CREATE INDEX ix_lot_expires_on ON lot (expires_on)")
        link.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_lot_expires_on'::regclass"
        )
        link.execute("ALTER TABLE lot DROP CONSTRAINT ck_lot_made_on")
        link.execute("ALTER TABLE lot ADD CONSTRAINT ck_lot_made_on CHECK (made_on <= expires_on) NOT VALID")
    assert migrations.upgrade(old)
    assert not migrations.upgrade(old)
    assert migrations.differences(old) == []
    with psycopg.connect(plain(old)) as link:
        assert link.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid").fetchone() == (0,)
        assert link.execute("SELECT count(*) FROM pg_constraint WHERE NOT convalidated").fetchone() == (0,)


def test_two_machines_that_upgrade_at_once_do_it_once(old: str) -> None:
    done: list[bool] = []
    threads = [threading.Thread(target=lambda: done.append(migrations.upgrade(old))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]


def test_an_index_on_a_table_of_before_is_made_beside_the_tills() -> None:
    wrong = []
    for path in sorted((Path(online.__file__).parent / "versions").glob("0*.py")):
        if path.name < "0007":  # of before any shop was large
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        named = {
            name: [call for call in calls if ast.unparse(call.func) == f"op.{name}"]
            for name in ("create_table", "create_index")
        }
        new = {ast.unparse(call.args[0]).strip("'") for call in named["create_table"]}
        for call in named["create_index"]:
            table = ast.unparse(call.args[1]).strip("'")
            if table not in new:
                wrong.append(f"{path.name}: {table}")
    assert wrong == []
