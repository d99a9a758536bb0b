"""The demo shop, made once a run and copied for each test, on SQLite and on PostgreSQL."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.cast import PINS, PROGRAMS
from tests.factories import Shop
from tests.support.databases import migrate
from tests.support.postgres import Cluster

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Template:
    """A demo shop that nobody has open: a file or a database to copy, and the tokens of its cast."""

    source: str
    tokens: dict[str, str]


def make_demo_shop(folder: Path, url: str) -> dict[str, str]:
    """Do what `pos init --demo` and `pos token create` do."""
    from pos import clock
    from pos.db import transact
    from pos.operations import people, setup
    from pos.operations.actor import SYSTEM
    from pos.paths import PACKAGE

    migrate(url)
    at = clock.now()
    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    hashes = {name: people.hash_pin(pin) for name, pin in PINS.items()}

    def fill() -> dict[str, str]:
        setup.first_rows(at, None)
        setup.demo_shop(at, today, hashes, PACKAGE / "static" / "img" / "demo")
        return {
            name: people.create_token(name, role, register, SYSTEM, at)
            for name, (role, register) in PROGRAMS.items()
        }

    with opened(folder, url) as app, app.app_context():
        return transact(fill)


@contextmanager
def opened(folder: Path, url: str, **machine: Any) -> Iterator[Flask]:
    """The app of a shop, closed afterwards so that nothing holds its database."""
    from pos.app import create_app
    from pos.db import db, write_lock
    from pos.settings import load

    app = create_app(load({}, {"data_dir": str(folder), "database_url": url, **machine}))
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        with write_lock():
            db.engine.dispose()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("demo")
    tokens = make_demo_shop(folder, f"sqlite:///{folder / 'pos.db'}")
    assert not (folder / "pos.db-wal").exists(), "somebody left the template open"
    return Template(str(folder / "pos.db"), tokens)


@pytest.fixture(scope="session")
def demo_database(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Template:
    url = postgres_cluster.create("demo_template")
    return Template("demo_template", make_demo_shop(tmp_path_factory.mktemp("demo"), url))


@pytest.fixture(params=("sqlite", "postgresql"))
def demo_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a demo shop's database of this test alone, and its tokens; once on each kind."""
    if request.param == "sqlite":
        template: Template = request.getfixturevalue("demo_file")
        shutil.copyfile(template.source, data_dir / "pos.db")
        yield f"sqlite:///{data_dir / 'pos.db'}", template.tokens
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    template = request.getfixturevalue("demo_database")
    name = f"demo_{next(_numbers)}"
    yield cluster.create(name, template=template.source), template.tokens
    cluster.drop(name)


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
