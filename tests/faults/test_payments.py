"""Whatever the provider, the network or the power does: the sale, the goods, the cash and the Z are right."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_snap import FakeSnap
from tests.faults.payment_matrix import CASES, play, settings
from tests.faults.serving import Served
from tests.support.demo import Template


@pytest.fixture(scope="module")
def company() -> Iterator[FakeSnap]:
    with FakeSnap() as bank:
        yield bank


@pytest.fixture(scope="module")
def collecting(
    company: FakeSnap, demo_file: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A served shop that collects through the company; shared, as a shop day has many payments."""
    folder: Path = tmp_path_factory.mktemp("collecting")
    shutil.copyfile(demo_file.source, folder / "pos.db")
    shop = Served(folder, "", demo_file.tokens)
    shop.env |= settings(company, folder)
    shop.start()
    yield shop
    assert "agree" in shop.run("verify").out
    shop.end()


@pytest.mark.parametrize("name", CASES)
def test_every_fault_ends_as_it_must(name: str, collecting: Served, company: FakeSnap) -> None:
    case, wanted = CASES[name]
    assert play(case, collecting, company) == wanted
    assert company.violations == []


def test_no_secret_stands_in_the_log(collecting: Served, company: FakeSnap) -> None:
    log = collecting.log.read_text()
    assert company.client_secret not in log
    assert not [token for token in company.tokens if token in log]
