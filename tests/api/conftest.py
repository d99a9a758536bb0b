"""What tests of the API share."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.api.papers import verified
from tests.factories import Shop


@pytest.fixture
def noon(shop: Shop) -> Iterator[time_machine.Traveller]:
    """Tomorrow at noon in Jakarta, so that no test meets the end of a day by chance.

    The shop is made before, because all tests share what it is copied from.
    """
    assert shop
    at = datetime.now(UTC).replace(hour=5, minute=0) + timedelta(days=1)
    with time_machine.travel(at, tick=True) as traveller:
        yield traveller


@pytest.fixture
def books(shop: Shop) -> Iterator[None]:
    """Whatever a test did, the books say the same as the tables."""
    yield
    assert verified(shop) == []
