"""Fixtures that give each test a fresh, migrated database of its own, on SQLite and on PostgreSQL.

Each is copied from a template that is migrated once a run, so tests really commit, from as many threads and
processes as they like, and none sees another's rows.

    database_url        runs the test twice, once on each database
    sqlite_url          a migrated SQLite file, data_dir / "pos.db"
    postgres_url        a migrated PostgreSQL database
    empty_database_url  as database_url, before the first migration
"""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Cluster, running_cluster

DATABASES = ("sqlite", "postgresql")
TEMPLATE = "pos_template"
_numbers = itertools.count(1)


def migrate(url: str) -> None:
    """Bring an empty database to the newest schema."""
    from pos import migrations

    migrations.upgrade(url)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The data folder of one test's shop."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy; closed, so nothing of it is left in a WAL beside it."""
    path = tmp_path_factory.mktemp("template") / "pos.db"
    migrate(f"sqlite:///{path}")
    assert not path.with_name("pos.db-wal").exists(), "the migration left its connection open"
    return path


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this run; started when the first test asks for it."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    migrate(postgres_cluster.create(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def sqlite_url(sqlite_template: Path, data_dir: Path) -> str:
    """The address of a migrated SQLite database of this test alone."""
    path = data_dir / "pos.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, postgres_template: str) -> Iterator[str]:
    """The address of a migrated PostgreSQL database of this test alone."""
    name = f"test_{next(_numbers)}"
    yield postgres_cluster.create(name, template=postgres_template)
    postgres_cluster.drop(name)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database of this test alone; the test runs once on each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    """The address of a database without a single table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{data_dir / 'pos.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    name = f"empty_{next(_numbers)}"
    yield cluster.create(name)
    cluster.drop(name)
