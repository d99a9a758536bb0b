"""A demo shop served by a real process, on each database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.serving import Hosted, Served
from tests.support.demo import Copies, Template, opened
from tests.support.severed import Way, way_to


@pytest.fixture
def served(demo_url: tuple[str, dict[str, str]], data_dir: Path) -> Iterator[Served]:
    """A served demo shop whose K1 and G1 are open; once on each database."""
    url, tokens = demo_url
    shop = Served(data_dir, url, tokens)
    shop.start()
    shop.open("K1")
    shop.open("G1")
    yield shop
    shop.end()


@pytest.fixture
def hosted(demo_url: tuple[str, dict[str, str]], data_dir: Path) -> Iterator[Hosted]:
    """The same, served by a thread of the tests."""
    url, tokens = demo_url
    with opened(data_dir, url) as app:
        shop = Hosted(app, tokens)
        shop.start()
        shop.open("K1")
        shop.open("G1")
        yield shop
        shop.end()


@pytest.fixture
def on_disk(demo_file: Template, data_dir: Path) -> Iterator[Served]:
    """A demo shop in a SQLite file, not yet served."""
    shutil.copyfile(demo_file.source, data_dir / "pos.db")
    shop = Served(data_dir, "", demo_file.tokens)
    yield shop
    shop.end()


@pytest.fixture
def way(demo_copies: Copies) -> Iterator[Way]:
    """A way to a demo shop in PostgreSQL that can be cut."""
    address = demo_copies.take()
    with way_to(address) as found:
        yield found
    demo_copies.give_back(address)
