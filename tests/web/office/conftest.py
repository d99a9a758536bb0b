"""The demo shop with one person of every role, and people at its back office.

office      a function that gives somebody signed in: office("Manajer")
anybody     a browser nobody is signed in at
shop        the same shop over its API, to sell there
both        asks for the test to run on PostgreSQL too
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pos import board
from tests.factories import Shop
from tests.support.demo import Copies, Template, copy_to, opened
from tests.support.postgres import Cluster
from tests.web.office.collecting import Collecting, collecting
from tests.web.office.person import PINS, ROLES, Person

Office = Callable[[str], Person]


def _add_everybody(folder: Path, url: str) -> None:
    from pos import clock
    from pos.db import transact
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with opened(folder, url) as app, app.app_context():
        for name in ("Bendahara", "Pemeriksa", "Tanpa Tunai"):
            hashed = people.hash_pin(PINS[name])
            role = ROLES[name]
            transact(
                lambda name=name, role=role, hashed=hashed: people.add_user(  # type: ignore[misc]
                    name, role, hashed, SYSTEM, clock.now(), once=False
                )
            )


@pytest.fixture(scope="session")
def office_file(demo_file: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("office")
    _add_everybody(folder, copy_to(folder, demo_file))
    return Template(str(folder / "pos.db"), demo_file.tokens)


@pytest.fixture(scope="session")
def office_copies(
    postgres_cluster: Cluster, demo_database: Template, tmp_path_factory: pytest.TempPathFactory
) -> Copies:
    url = postgres_cluster.create("office", template=demo_database.source)
    _add_everybody(tmp_path_factory.mktemp("office"), url)
    return Copies(postgres_cluster, Template("office", demo_database.tokens))


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
        with opened(data_dir, copy_to(data_dir, template), **machine) as app:
            yield Shop(app, template.tokens)
        return
    copies: Copies = request.getfixturevalue("office_copies")
    url = copies.take()
    with opened(data_dir, url, **machine) as app:
        yield Shop(app, copies.template.tokens)
    copies.give_back(url)


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
