"""Fixtures: a demo shop served for real, with a fake printer on a real socket."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_printer import FakePrinter
from tests.spool.served import Served, make


@pytest.fixture(scope="session")
def spool_shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder of a fresh demo shop to copy, and a manager's token."""
    folder = tmp_path_factory.mktemp("spool") / "instance"
    return folder, make(folder)


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    """A good printer; tests turn it into others."""
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def served(spool_shop: tuple[Path, str], printer: FakePrinter, tmp_path: Path) -> Iterator[Served]:
    folder, token = spool_shop
    shutil.copytree(folder, tmp_path / "instance")
    shop = Served(tmp_path, token, printer, timeout=2.0)
    shop.start()
    yield shop
    shop.end(signal.SIGTERM)
