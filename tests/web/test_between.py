"""Machines that share a PostgreSQL: a display and a kiosk at one of them hear the till at another."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pos import board
from pos.web import between, scenes
from tests.factories import Shop
from tests.web.office.person import OURS
from tests.web.test_display import SCENE, till_of
from tests.web.test_kiosk import browser, post, sign_in

MEMORY: tuple[tuple[Any, str], ...] = (
    *((scenes, "_scenes"), (scenes, "_looks"), (board, "_calls")),
    *((between, "_looked"), (between, "_far")),
)


class Machine:
    """A serving process: what it remembers is its own."""

    def __init__(self) -> None:
        self.memory: list[dict[str, Any]] = [{} for _ in MEMORY]

    @contextmanager
    def serves(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for (module, name), own in zip(MEMORY, self.memory, strict=True):
                patch.setattr(module, name, own)
            yield


def test_a_display_at_another_machine_shows_the_cart_and_costs_nothing_while_nobody_looks(shop: Shop) -> None:
    here, there = Machine(), Machine()
    till, tablet = till_of(shop, "K1"), shop.app.test_client()
    together = "postgresql" in str(shop.app.config["SETTINGS"].database_url)

    def tell(at: int) -> None:
        with here.serves():
            assert till.post("/display/K1/scene", json={**SCENE, "at": at}, headers=OURS).status_code == 200

    def shown() -> Any:
        with there.serves():
            return tablet.get("/display/K1/state").json["scene"]

    tell(1)
    assert shown() is None, "nobody had looked"
    with here.serves():
        assert till.get("/till/state").json["status"]["display"] is together
    tell(2)
    assert (shown() or {}).get("at") == (2 if together else None)
    tell(3)
    assert (shown() or {}).get("at") == (3 if together else None)


def test_a_call_reaches_every_till_of_the_outlet_at_whatever_machine(shop: Shop) -> None:
    together = "postgresql" in str(shop.app.config["SETTINGS"].database_url)
    here = Machine()
    # A SQLite shop is served by one process.
    there = Machine() if together else here
    kiosk, near, far = browser(shop.app, "K2"), browser(shop.app, "K1"), browser(shop.app, "G1")
    for till in (near, far):
        sign_in(till)
    with there.serves():
        for _ in range(3):
            assert post(kiosk, "/kiosk/call", {"wanted": True}) == (200, {"called": True})
    entries = shop.rows()["entry"]
    with here.serves():
        [call] = near.get("/till/state").json["calls"]
        assert call["code"] == "K2"
        assert far.get("/till/state").json["calls"] == []
        assert post(far, "/till/calls/K2", {})[0] == 200
        assert [one["code"] for one in near.get("/till/state").json["calls"]] == ["K2"]
        assert post(near, "/till/calls/K2", {})[0] == 200
    with there.serves():
        assert kiosk.get("/kiosk/state").json["called"] is False
    assert shop.rows()["entry"] == entries
