"""The demo shop with one person of every role, and people at its back office.

office      a function that gives somebody signed in: office("Manajer")
anybody     a browser nobody is signed in at
shop        the same shop over its API, to sell there
both        asks for the test to run on PostgreSQL too
"""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pos import board
from tests.factories import Shop
from tests.support.demo import Template, make_demo_shop, opened
from tests.support.postgres import Cluster
from tests.web.office.collecting import Collecting, collecting
from tests.web.office.person import PINS, ROLES, Person

_numbers = itertools.count(1)

Office = Callable[[str], Person]


def _with_everybody(folder: Path, url: str) -> dict[str, str]:
    from pos import clock
    from pos.db import transact
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    tokens = make_demo_shop(folder, url)
    with opened(folder, url) as app, app.app_context():
        for name in ("Bendahara", "Pemeriksa", "Tanpa Tunai"):
            hashed = people.hash_pin(PINS[name])
            role = ROLES[name]
            transact(
                lambda name=name, role=role, hashed=hashed: people.add_user(  # type: ignore[misc]
                    name, role, hashed, SYSTEM, clock.now(), once=False
                )
            )
    return tokens


@pytest.fixture(scope="session")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("office")
    return Template(str(folder / "pos.db"), _with_everybody(folder, f"sqlite:///{folder / 'pos.db'}"))


@pytest.fixture(scope="session")
def office_database(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Template:
    url = postgres_cluster.create("office_template")
    return Template("office_template", _with_everybody(tmp_path_factory.mktemp("office"), url))


@pytest.fixture
def kind() -> str:
    """The database; a test that runs on both says so with `both`."""
    return "sqlite"


both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def shop(
    kind: str, request: pytest.FixtureRequest, data_dir: Path, machine: dict[str, Any]
) -> Iterator[Shop]:
    if kind == "sqlite":
        template: Template = request.getfixturevalue("office_file")
        shutil.copyfile(template.source, data_dir / "pos.db")
        with opened(data_dir, f"sqlite:///{data_dir / 'pos.db'}", **machine) as app:
            yield Shop(app, template.tokens)
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    template = request.getfixturevalue("office_database")
    name = f"office_{next(_numbers)}"
    with opened(data_dir, cluster.create(name, template=template.source), **machine) as app:
        yield Shop(app, template.tokens)
    cluster.drop(name)


@pytest.fixture
def app(shop: Shop) -> Flask:
    return shop.app


@pytest.fixture
def anybody(app: Flask) -> Person:
    return Person(app)


@pytest.fixture
def office(app: Flask) -> Office:
    return lambda name: Person(app).sign_in(name)


@pytest.fixture
def till(shop: Shop) -> Shop:
    """The shop with K1 open."""
    shop.open("K1", 100_000)
    return shop


@pytest.fixture
def money(till: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collecting]:
    """The provider of a shop whose settings name it, and its clock; afterwards the books must be right."""
    monkeypatch.setattr(board, "_told", {})
    with collecting(till) as found:
        yield found
