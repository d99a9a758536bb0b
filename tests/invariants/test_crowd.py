"""A crowd of tills on one stock, through servers that are killed: nothing is sold twice, all is explained.

These are short days; `python -m tests.bench crowd` lives through long ones.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.invariants.crowd.check import complaints
from tests.invariants.crowd.drive import Plan, run
from tests.invariants.crowd.record import History, load
from tests.invariants.crowd.shop import Crowd, Server, furnish
from tests.support.demo import Copies, copy_to, opened, plain
from tests.support.postgres import Cluster

pytestmark = pytest.mark.faults
SEED = 20_261_124


def furnished(folder: Path, url: str, tills: int) -> Crowd:
    with opened(folder, url) as app:
        return furnish(app, tills)


def test_a_crowd_finds_one_stock_however_often_servers_die(
    demo_url: tuple[str, dict[str, str]], data_dir: Path, tmp_path: Path
) -> None:
    url, _ = demo_url
    servers = 2 if url.startswith("postgresql") else 1
    crowd = furnished(data_dir, url, 8)
    history = run(Plan(data_dir, url, servers=servers, seconds=4.0, kills=1, seed=SEED), crowd)
    history.save(tmp_path / "history.jsonl")
    assert complaints(history, crowd, url) == [], f"seed {SEED}, history in {tmp_path}"
    assert Server(data_dir, url).verify() == ""
    happened = {call.kind for call in history.calls if call.done}
    assert {"open", "sale", "look"} <= happened  # how much else came about depends on the machine
    assert any("killed" in note for note in history.notes)
    assert load(tmp_path / "history.jsonl") == history


@pytest.fixture
def unguarded(demo_copies: Copies, postgres_cluster: Cluster) -> Iterator[str]:
    """A demo shop in PostgreSQL whose schema would let a balance go below zero."""
    url = postgres_cluster.create("crowd_unguarded", template=demo_copies.template.source)
    with psycopg.connect(plain(url)) as connection:
        connection.execute("ALTER TABLE stock_balance DROP CONSTRAINT ck_stock_balance_on_hand")
    yield url
    postgres_cluster.drop("crowd_unguarded")


def lived(folder: Path, url: str, broken: str) -> tuple[History, Crowd]:
    crowd = furnished(folder, url, 8)
    plan = Plan(folder, url, seconds=2.5, calls=600, kills=0, seed=SEED, broken=broken, mishaps=False)
    return run(plan, crowd), crowd


def test_a_decrement_that_does_not_look_is_caught(unguarded: str, data_dir: Path) -> None:
    history, crowd = lived(data_dir, unguarded, "decrement")
    found = complaints(history, crowd, unguarded)
    assert any("on hand and" in what for what in found), found


def test_a_server_that_answers_before_it_knows_is_caught(
    sqlite_shop: tuple[str, Path],
) -> None:
    url, folder = sqlite_shop
    history, crowd = lived(folder, url, "commit")
    found = complaints(history, crowd, url)
    # Which of them are lost is chance: a sale, or an act of the stock.
    lost = ("acknowledged and lost", "acknowledged, and 0")
    assert any(what.startswith(lost) for what in found), found


@pytest.fixture
def sqlite_shop(demo_file, data_dir: Path) -> tuple[str, Path]:  # type: ignore[no-untyped-def]
    return copy_to(data_dir, demo_file), data_dir
