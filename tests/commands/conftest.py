"""A demo shop of one test alone, and the `pos` command run on it."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.command import Ended, run_here
from tests.support.demo import copy_to
from tests.support.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine with a shop: run its commands, look into its database."""

    environment: dict[str, str]
    look: Callable[[str], list[tuple[Any, ...]]]

    def pos(self, *arguments: str) -> Ended:
        return run_here(self.environment, *arguments)

    def done(self, *arguments: str) -> str:
        """Run a command that must succeed; give what it said."""
        ended = self.pos(*arguments)
        assert ended.code == 0, ended.err
        return ended.out

    def refused(self, *arguments: str) -> str:
        """Run a command that must fail; give its one line."""
        ended = self.pos(*arguments)
        assert ended.code == 1, ended.out
        (line,) = [line for line in ended.err.splitlines() if line.startswith("Error: ")]
        return line


@pytest.fixture(params=("sqlite", "postgresql"))
def machine(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[Machine]:
    """A machine with a demo shop, once on each database."""
    if request.param == "sqlite":
        copy_to(data_dir, request.getfixturevalue("demo_file"))

        def look(query: str) -> list[tuple[Any, ...]]:
            connection = sqlite3.connect(data_dir / "pos.db")
            try:
                return connection.execute(query).fetchall()
            finally:
                connection.close()

        yield Machine({"POS_DATA_DIR": str(data_dir)}, look)
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.create("commands", template=request.getfixturevalue("demo_database").source)

    def ask(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload]

    yield Machine({"POS_DATA_DIR": str(data_dir), "POS_DATABASE_URL": url}, ask)
    cluster.drop("commands")


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without a shop."""
    return Machine({"POS_DATA_DIR": str(tmp_path / "bare")}, lambda query: [])
