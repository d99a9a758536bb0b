"""The statements of config/layouts on a real PostgreSQL: a shop whose largest tables are split by outlet."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pos.operations.verify import verify
from tests.cast import approval
from tests.factories import Shop, back, cart, new_id
from tests.support.command import CHECKOUT, run_here
from tests.support.demo import Copies, opened, plain
from tests.support.postgres import USER, Cluster, binaries

LAYOUTS = CHECKOUT / "config" / "layouts"


def carry_out(script: str, cluster: Cluster, database: str) -> None:
    """Give a file of statements to psql as its own first lines say."""
    done = subprocess.run(
        [
            *(binaries() / "psql", "--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set", "ON_ERROR_STOP=1", "--file", LAYOUTS / script),
            f"host=127.0.0.1 port={cluster.port} user={USER} dbname={database}",
        ],
        env={**os.environ, "PGPASSWORD": cluster.password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def rows_by_partition(url: str, table: str) -> dict[str, int]:
    with psycopg.connect(plain(url)) as link:
        return dict(
            link.execute(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1").fetchall()
        )


STANDING = """
SELECT indexrelid::regclass::text, indrelid::regclass::text FROM pg_index
WHERE indrelid IN ('entry'::regclass, 'movement'::regclass)
UNION SELECT conname, conrelid::regclass::text FROM pg_constraint
WHERE conparentid = 0
    AND (conrelid IN ('entry'::regclass, 'movement'::regclass) OR confrelid = 'entry'::regclass)
UNION SELECT tgname, tgrelid::regclass::text FROM pg_trigger
WHERE tgrelid IN ('entry'::regclass, 'movement'::regclass)
    AND NOT tgisinternal AND tgname NOT LIKE 'tr_entry_request%'
"""


def standing(url: str) -> set[tuple[str, str]]:
    """Indexes, keys, references and triggers of the two tables, and references to them."""
    with psycopg.connect(plain(url)) as link:
        return set(link.execute(STANDING).fetchall()) - {("uq_entry_request_id", "entry")}


def problems(shop: Shop) -> list[Any]:
    with shop.app.app_context():
        return list(verify().problems)


@pytest.fixture
def split(
    postgres_cluster: Cluster, demo_copies: Copies, data_dir: Path
) -> Iterator[tuple[Shop, str, set[tuple[str, str]]]]:
    """A demo shop with a sale in it, whose tables were then split."""
    url = postgres_cluster.create("split", template=demo_copies.template.source)
    with opened(data_dir, url) as app:
        shop = Shop(app, demo_copies.template.tokens)
        shop.open("K1")
        shop.sell({"KTO-100": 1})
    whole = standing(url)
    carry_out("partitions.sql", postgres_cluster, "split")
    with opened(data_dir, url) as app:
        yield Shop(app, demo_copies.template.tokens), url, whole
    postgres_cluster.drop("split")


def test_a_shop_split_by_outlet_sells_refunds_and_answers_replays_as_before(
    split: tuple[Shop, str, set[tuple[str, str]]],
) -> None:
    shop, url, whole = split
    shop.open("G1")
    body = cart({"KTO-100": 2, "MBT-250": 1})
    assert shop.post("/sales", body).status == 201
    assert shop.post("/sales", body).status == 200
    assert shop.post("/sales", body | {"register": "G1"}).code == "id_conflict"
    there = shop.sell({"KTO-100": 1}, register="G1", who="manager")
    assert shop.post(f"/sales/{there['id']}/refunds", back({"KTO-100": 1}), who="supervisor").status == 201
    void = {"id": new_id(), "reason": "salah", "approval": approval()}
    assert shop.post(f"/sales/{body['id']}/void", void, who="cashier").status == 201
    # Nothing that stood on the tables is missing; the one constraint on ids became a table's own key.
    assert standing(url) == whole | {("ix_entry_request_id", "entry")}
    # Each outlet's books lie in a partition of their own, the office's beside them.
    entries = rows_by_partition(url, "entry")
    assert set(entries) == {"entry_outlet_1", "entry_outlet_2", "entry_outlet_other"}
    assert rows_by_partition(url, "movement").keys() == {
        name.replace("entry", "movement") for name in entries
    }
    assert problems(shop) == []
    with psycopg.connect(plain(url)) as link:
        for forbidden in ("UPDATE entry SET kind = 'x'", "DELETE FROM movement"):
            with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
                link.execute(forbidden)
            link.rollback()
        # The same id in two outlets at once, which no look-up has seen: the table of ids refuses the second.
        again = "INSERT INTO entry SELECT 2, 900, at, kind, actor, request_id, NULL, content, previous, hash "
        with pytest.raises(psycopg.errors.UniqueViolation, match="uq_entry_request_id"):
            link.execute(again + "FROM entry WHERE book_id <> 2 AND request_id IS NOT NULL LIMIT 1")


def test_an_outlet_added_later_gets_its_partition_when_the_statements_run_again(
    split: tuple[Shop, str, set[tuple[str, str]]], postgres_cluster: Cluster, data_dir: Path
) -> None:
    shop, url, whole = split
    here = {"POS_DATA_DIR": str(data_dir), "POS_DATABASE_URL": url}
    for words in (("outlet", "add", "PAMERAN"), ("register", "add", "P1", "--outlet", "PAMERAN")):
        assert run_here(here, *words).code == 0
    shop.open("P1")
    shop.sell({"KTO-100": 1}, register="P1", who="manager")
    before = rows_by_partition(url, "entry")
    assert len(before) == 2
    carry_out("partitions.sql", postgres_cluster, "split")
    after = rows_by_partition(url, "entry")
    assert after.keys() == before.keys() | {"entry_outlet_3"}
    assert sum(after.values()) == sum(before.values())
    shop.sell({"KTO-100": 1}, register="P1", who="manager")
    assert rows_by_partition(url, "entry")["entry_outlet_3"] == after["entry_outlet_3"] + 1
    assert standing(url) == whole | {("ix_entry_request_id", "entry")}
    assert problems(shop) == []
