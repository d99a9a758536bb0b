"""Two PostgreSQL servers: the primary is killed, its standby takes over, the same `pos serve` sells on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.promotion import SKU, faults, patient_tills
from tests.faults.serving import Served
from tests.support.demo import make_demo_shop
from tests.support.replicas import Pair, running_pair, until

pytestmark = pytest.mark.faults


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A primary and a standby whose commits wait for each other."""
    with running_pair() as pair:
        yield pair


@pytest.fixture
def served(pair: Pair, data_dir: Path) -> Iterator[Served]:
    """A demo shop in both, served by a process that knows both addresses."""
    pair.primary.cluster.create("toko")
    url = pair.url("toko")
    tokens = make_demo_shop(data_dir, url)
    pair.synchronous()
    shop = Served(data_dir, url, tokens)
    shop.start()
    shop.open("K1")
    shop.open("G1")
    shop.adjust(SKU, 90_000)
    yield shop
    shop.end()


def test_a_promoted_standby_has_every_sale_that_was_answered_and_tills_go_on_by_themselves(
    pair: Pair, served: Served
) -> None:
    process = served.process
    before = served.on_hand(SKU)
    with patient_tills(served) as tills:
        until(lambda: all(len(till.sold) >= 20 for till in tills))
        # A standby that is away: sales wait for it, are answered by nobody, and are there once it is back.
        pair.standby.stop()
        until(lambda: pair.waiting_commits() >= len(tills))
        held = [len(till.sold) for till in tills]
        until(lambda: all(till.asked_again for till in tills))
        assert [len(till.sold) for till in tills] == held
        pair.standby.start()
        until(lambda: all(len(till.sold) >= count + 5 for till, count in zip(tills, held, strict=True)))
        until(lambda: pair.primary.ask("SELECT sync_state FROM pg_stat_replication") == "sync")
        sold = [len(till.sold) for till in tills]
        until(lambda: all(len(till.sold) >= count + 10 for till, count in zip(tills, sold, strict=True)))
        pair.primary.kill()
        sold = [len(till.sold) for till in tills]
        again = [till.asked_again for till in tills]
        until(lambda: all(till.asked_again > count for till, count in zip(tills, again, strict=True)))
        pair.promote()
        until(lambda: all(len(till.sold) >= count + 20 for till, count in zip(tills, sold, strict=True)))
    assert faults(served, tills, before) == []
    assert served.process is process
    assert process is not None
    assert process.poll() is None
    assert pair.standby.ask("SELECT pg_is_in_recovery()") is False
