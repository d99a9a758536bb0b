"""`pos bench`: figures beside the bare driver, and nothing of it stays."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.commands.conftest import Machine
from tests.support.command import run_here, settings_only
from tests.support.postgres import Cluster

SHORT = ("bench", "--seconds", "0.3", "--clients", "2", "--json")


def figures(machine: Machine, folder: Path) -> dict[str, Any]:
    return dict(json.loads(machine.done(*SHORT, "--folder", str(folder))))


def check(found: dict[str, Any]) -> None:
    for count in (1, 2):
        part = found[f"clients_{count}"]
        assert part["errors"] == 0
        assert part["http"]["sales_a_second"] > 0
        assert part["bare"]["sales_a_second"] > 0
        assert set(part["ratio"]) == {"rate", "median", "p99"}
        assert 0 < part["http"]["fewest_to_mean"] <= 1
        assert part["http"]["median_ms"] <= part["http"]["p99_ms"] <= part["http"]["slowest_ms"] + 0.05


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


def test_a_machine_without_a_shop_is_measured_and_stays_without_one(bare: Machine, folder: Path) -> None:
    found = figures(bare, folder)
    check(found)
    assert found["database"] == "sqlite"
    assert list(folder.iterdir()) == []
    assert not Path(bare.environment["POS_DATA_DIR"]).exists()


def databases(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url("postgres").replace("+psycopg", "")) as link:
        return [name for (name,) in link.execute("SELECT datname FROM pg_database ORDER BY 1")]


def test_on_postgresql_databases_are_made_beside_the_shop_and_dropped(
    postgres_cluster: Cluster, bare: Machine, folder: Path
) -> None:
    url = postgres_cluster.create("beside")
    before = databases(postgres_cluster)
    try:
        machine = Machine({**bare.environment, "POS_DATABASE_URL": url}, bare.look)
        said = machine.done(*SHORT[:-1], "--folder", str(folder))
        assert said.startswith("postgresql, ")
        for count in ("1 client ", "2 clients "):
            assert f"\n{count}" in said
        assert said.count("pos serve   bare driver   ratio\n  sales a second  ") == 2
        assert databases(postgres_cluster) == before
        with psycopg.connect(url.replace("+psycopg", "")) as link:
            assert link.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (
                0,
            )
    finally:
        postgres_cluster.drop("beside")


def test_a_role_that_may_make_no_database_gets_sqlite_measured_and_is_told(
    postgres_cluster: Cluster, bare: Machine, folder: Path
) -> None:
    postgres_cluster.execute(sql.SQL("CREATE ROLE modest LOGIN PASSWORD 'modest'").format())
    url = f"postgresql+psycopg://modest:modest@127.0.0.1:{postgres_cluster.port}/postgres"
    try:
        ended = run_here({**bare.environment, "POS_DATABASE_URL": url}, *SHORT, "--folder", str(folder))
    finally:
        postgres_cluster.execute(sql.SQL("DROP ROLE modest").format())
    assert ended.code == 0
    assert "SQLite is measured instead" in ended.err
    found = json.loads(ended.out)
    check(found)
    assert found["database"] == "sqlite"
    assert "permission denied" in found["instead_of_postgresql"]


@pytest.mark.parametrize("wrong", [("--clients", "0"), ("--seconds", "0"), ("--folder", "/nowhere/at/all")])
def test_wrong_numbers_and_folders_are_wrong_usage(bare: Machine, wrong: tuple[str, str]) -> None:
    assert bare.pos("bench", *wrong).code == 2


def test_a_measurement_that_is_ended_leaves_nothing(bare: Machine, folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pos.cli", "bench", "--seconds", "60", "--folder", str(folder)],
        env=settings_only(bare.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not any(folder.glob("*/server.log")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (made,) = folder.iterdir()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "Aborted!" in said
    assert list(folder.iterdir()) == []
    while served_in(made) and time.monotonic() < deadline + 60:
        time.sleep(0.05)
    assert served_in(made) == []


def served_in(folder: Path) -> list[str]:
    """Processes whose shop stands in a folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and os.fsencode(folder) in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found
