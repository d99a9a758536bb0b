"""What every test may ask for by name; each fixture is explained where it is defined."""

import gc

import pytest

from tests.support.apps import share_what_apps_compile

LONG = ("tests/spool/test_kills.py", "tests/spool/test_many.py")
"""Tests of one to three minutes. They begin first: at the end one worker would run them while others idle."""

share_what_apps_compile()

pytest_plugins = ["tests.support.databases", "tests.support.demo", "tests.support.collecting"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first and leave the others in their order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """Look for garbage rarely, and never among what was imported: it took a sixth of a worker's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
