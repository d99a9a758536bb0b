"""A demo shop after a day on which everything happened, made once a run and copied for each test."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos.app import create_app
from pos.db import db, write_lock
from pos.settings import load
from tests.books.day import a_full_day
from tests.factories import Shop
from tests.support.demo import Template, copy_to
from tests.support.postgres import Cluster

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Day:
    """A shop of one test alone that sold for a day; its settings as a command sees them."""

    shop: Shop
    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"POS_DATA_DIR": str(self.folder), "POS_DATABASE_URL": self.url}


def serve(folder: Path, url: str, tokens: dict[str, str]) -> Shop:
    qris = {"provider": "static", "expires_after": 1, "poll_every": 5.0}
    app = create_app(load({}, {"data_dir": str(folder), "database_url": url, "qris": qris}))
    app.testing = True
    return Shop(app, tokens)


def leave(shop: Shop) -> None:
    with shop.app.app_context():
        db.session.remove()
        with write_lock():
            db.engine.dispose()


def live_through_a_day(folder: Path, url: str, tokens: dict[str, str]) -> None:
    shop = serve(folder, url, tokens)
    a_full_day(shop)
    leave(shop)


@pytest.fixture(scope="session")
def day_file(demo_file: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("day")
    live_through_a_day(folder, copy_to(folder, demo_file), demo_file.tokens)
    return Template(str(folder / "pos.db"), demo_file.tokens)


@pytest.fixture(scope="session")
def day_database(
    postgres_cluster: Cluster, demo_database: Template, tmp_path_factory: pytest.TempPathFactory
) -> Template:
    url = postgres_cluster.create("day_template", template=demo_database.source)
    live_through_a_day(tmp_path_factory.mktemp("day"), url, demo_database.tokens)
    return Template("day_template", demo_database.tokens)


@pytest.fixture
def sqlite_day(day_file: Template, data_dir: Path) -> Iterator[Day]:
    url = copy_to(data_dir, day_file)
    shop = serve(data_dir, url, day_file.tokens)
    yield Day(shop, url, data_dir)
    leave(shop)


@pytest.fixture
def postgres_day(day_database: Template, postgres_cluster: Cluster, data_dir: Path) -> Iterator[Day]:
    name = f"day_{next(_numbers)}"
    url = postgres_cluster.create(name, template=day_database.source)
    shop = serve(data_dir, url, day_database.tokens)
    yield Day(shop, url, data_dir)
    leave(shop)
    postgres_cluster.drop(name)


@pytest.fixture(params=("sqlite_day", "postgres_day"))
def day(request: pytest.FixtureRequest) -> Day:
    """The day, once on each database."""
    found: Day = request.getfixturevalue(request.param)
    return found
