"""Fixtures that give each test a demo shop of its own, on SQLite and on PostgreSQL.

It is made once a run and copied for each test. A copy in PostgreSQL is set back row by row afterwards, which
takes a tenth of the time of making it again.

    shop        a demo shop before its first shift, in this process; the test runs once on each database
    till        the same with register K1 open
    demo_url    only its database: address and tokens; once on each kind
"""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import make_url

from pos.doors.service import Service
from tests.cast import PINS, PROGRAMS
from tests.factories import Shop
from tests.support.databases import migrate
from tests.support.postgres import Cluster

KEEP = "CREATE SCHEMA original"
KEEP_TABLE = "CREATE TABLE original.{0} AS TABLE public.{0}"
SET_BACK = "DELETE FROM public.{0}; INSERT INTO public.{0} SELECT * FROM original.{0};"
ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"  # noqa: E501


@dataclass(frozen=True, slots=True)
class Template:
    """A demo shop that nobody has open: a file or a database to copy, and the tokens of its cast."""

    source: str
    tokens: dict[str, str]


def make_demo_shop(folder: Path, url: str) -> dict[str, str]:
    """Do what `pos init --demo` and `pos token create` do."""
    migrate(url)
    return fill(folder, url)


def fill(folder: Path, url: str) -> dict[str, str]:
    """Make the demo shop in a migrated database that is still empty; give the tokens of its cast."""
    from pos import clock
    from pos.db import transact
    from pos.operations import people, setup
    from pos.operations.actor import SYSTEM
    from pos.paths import PACKAGE

    at = clock.now()
    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    hashes = {name: people.hash_pin(pin) for name, pin in PINS.items()}

    def first_rows() -> dict[str, str]:
        setup.first_rows(at, None)
        setup.demo_shop(at, today, hashes, PACKAGE / "static" / "img" / "demo")
        return {
            name: people.create_token(name, role, register, SYSTEM, at)
            for name, (role, register) in PROGRAMS.items()
        }

    with opened(folder, url) as app, app.app_context():
        return transact(first_rows)


@contextmanager
def opened(folder: Path, url: str, **machine: Any) -> Iterator[Service]:
    """The app of a shop, closed afterwards so that nothing holds its database."""
    from pos.app import create_app
    from pos.db import db, write_lock
    from pos.settings import load

    app = create_app(load({}, {"data_dir": str(folder), "database_url": url, **machine}))
    app.testing = True
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            with write_lock():
                db.engine.dispose()


class Copies:
    """Copies of a shop in PostgreSQL, lent to one test after another."""

    def __init__(self, cluster: Cluster, shop: Template) -> None:
        self._cluster = cluster
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self.template = Template(f"{shop.source}_kept", shop.tokens)
        url = cluster.create(self.template.source, template=shop.source)
        with psycopg.connect(plain(url)) as connection:
            connection.execute(KEEP)
            for table in tables():
                connection.execute(KEEP_TABLE.format(table))

    def take(self) -> str:
        """Lend one as it was when it was made; give its address."""
        while self._free:
            url = self._free.pop()
            if self._set_back(url):
                return url
        name = f"{self.template.source}_{next(self._numbers)}"
        return self._cluster.create(name, template=self.template.source)

    def give_back(self, url: str) -> None:
        """Take one back, whatever a test did to it."""
        self._free.append(url)

    def _set_back(self, url: str) -> bool:
        """Give a copy its first rows again; say whether it is still there."""
        try:
            with psycopg.connect(plain(url)) as connection:
                connection.execute(ALONE)
                # Neither triggers nor foreign keys stand in the way of what only tests may do.
                connection.execute("SET session_replication_role = replica")
                connection.execute("".join(SET_BACK.format(table) for table in tables()))
        except psycopg.OperationalError:
            return False
        return True


def tables() -> list[str]:
    from pos.db import Base

    return [table.name for table in Base.metadata.sorted_tables]


def plain(url: str) -> str:
    """The address as psycopg wants it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def demo_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A demo shop in a SQLite file, to copy."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "pos.db")
    tokens = fill(folder, f"sqlite:///{folder / 'pos.db'}")
    assert not (folder / "pos.db-wal").exists(), "somebody left the template open"
    return Template(str(folder / "pos.db"), tokens)


@pytest.fixture(scope="session")
def demo_database(
    postgres_cluster: Cluster, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Template:
    """A demo shop in PostgreSQL, to copy."""
    url = postgres_cluster.create("demo_template", template=postgres_template)
    return Template("demo_template", fill(tmp_path_factory.mktemp("demo"), url))


@pytest.fixture(scope="session")
def demo_copies(postgres_cluster: Cluster, demo_database: Template) -> Copies:
    """Demo shops in PostgreSQL that are set back by themselves."""
    return Copies(postgres_cluster, demo_database)


@pytest.fixture(params=("sqlite", "postgresql"))
def demo_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a demo shop's database of this test alone, and its tokens; once on each kind."""
    if request.param == "sqlite":
        template: Template = request.getfixturevalue("demo_file")
        yield copy_to(data_dir, template), template.tokens
        return
    copies: Copies = request.getfixturevalue("demo_copies")
    url = copies.take()
    yield url, copies.template.tokens
    copies.give_back(url)


@pytest.fixture
def on_sqlite(data_dir: Path, demo_file: Template) -> tuple[str, dict[str, str]]:
    """The same on SQLite alone, for a module about what is refused before a database is asked, or drawn after
    it was. It says: `demo_url = on_sqlite`.
    """
    return copy_to(data_dir, demo_file), demo_file.tokens


def copy_to(data_dir: Path, demo_file: Template) -> str:
    """Copy the demo shop into a data folder; give its database's address."""
    shutil.copyfile(demo_file.source, data_dir / "pos.db")
    return f"sqlite:///{data_dir / 'pos.db'}"


@pytest.fixture
def machine() -> dict[str, Any]:
    """Settings of the machine beside the database; a test module may say others."""
    return {}


@pytest.fixture
def shop(demo_url: tuple[str, dict[str, str]], data_dir: Path, machine: dict[str, Any]) -> Iterator[Shop]:
    """A demo shop before its first shift."""
    url, tokens = demo_url
    with opened(data_dir, url, **machine) as app:
        yield Shop(app, tokens)


@pytest.fixture
def till(shop: Shop) -> Shop:
    """A demo shop whose register K1 was opened with Rp 100.000."""
    shop.open("K1", 100_000)
    return shop
