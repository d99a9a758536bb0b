"""Tills whose sales share a commit: each gets its own answer, and none before the disk has all of them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pos import db as database
from pos.convoy import Convoy
from pos.db import after_commit, db, transaction
from pos.models import Location
from pos.operations import printing
from pos.operations.verify import verify
from tests.database.test_convoy import Commits, until
from tests.factories import Answer, Shop, cart


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("pos.convoy.LONGEST", 60.0)
    Commits.count, Commits.fails_with = 0, ""
    Commits.reached.clear()
    Commits.goes_on.set()
    yield
    Commits.fails_with = ""
    Commits.goes_on.set()


@contextmanager
def convoy_of(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Convoy | None]:
    """Give the shop's convoy, its commits counted; None on PostgreSQL, which shares commits by itself."""
    with shop.app.app_context():
        convoy = database._convoys.get(db.engine)
    if convoy is not None:
        monkeypatch.setattr(Convoy, "_connect", _counting)
        with convoy.lock:
            convoy.close()
    yield convoy


def _counting(convoy: Convoy) -> Any:
    link = Commits(str(convoy._file), isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        link.execute(f"PRAGMA {pragma}")
    return link


class Crowd:
    """Calls that stand in the queue together, each in a thread of its own."""

    def __init__(self, convoy: Convoy, calls: Sequence[Callable[[], Any]]) -> None:
        self.answers: list[Any] = [None] * len(calls)
        self.told: list[int] = []
        self._threads = [
            threading.Thread(target=self._run, args=(n, call), daemon=True) for n, call in enumerate(calls)
        ]
        convoy.lock.take_turn(shares=False)
        waiting = convoy.lock._queue._waiting
        for n, thread in enumerate(self._threads):
            thread.start()
            until(lambda n=n: len(waiting) > n)  # type: ignore[misc]
        convoy.lock.give_turn()

    def _run(self, n: int, call: Callable[[], Any]) -> None:
        self.answers[n] = call()
        self.told.append(n)

    def end(self) -> list[Any]:
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()
        return self.answers


def posting(shop: Shop, body: dict[str, Any]) -> Callable[[], Answer]:
    """A till of its own that sends a sale."""
    till = Shop(shop.app, shop.tokens)
    return lambda: till.post("/sales", body)


def sound(shop: Shop) -> bool:
    with shop.app.app_context():
        return verify().problems == []


def test_sales_that_wait_together_are_one_commit_and_answered_after_it(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(printing, "_wake", [lambda: woken.append(Commits.count)])
    with convoy_of(till, monkeypatch) as convoy:
        if convoy is None:
            return
        Commits.goes_on.clear()
        crowd = Crowd(convoy, [posting(till, cart({"KTO-100": 1})) for _ in range(5)])
        assert Commits.reached.wait(20)
        assert (crowd.told, woken, till.get("/sales")["items"]) == ([], [], [])
        Commits.goes_on.set()
        answers = crowd.end()
    assert Commits.count == 1
    assert woken == [1] * 5
    assert [answer.status for answer in answers] == [201] * 5
    assert [answer["number"] for answer in answers] == [f"K1-{n:06d}" for n in range(1, 6)]
    assert till.stock("KTO-100")["on_hand"] == 195
    assert sound(till)


def test_one_that_is_refused_leaves_nothing_and_the_others_sell(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with convoy_of(till, monkeypatch) as convoy:
        if convoy is None:
            return
        bodies = [cart({"KTO-100": 1}), cart({"KTO-100": 10_000}, cash=900_000_000), cart({"MBT-250": 2})]
        answers = Crowd(convoy, [posting(till, body) for body in bodies]).end()
    assert Commits.count == 1
    assert [answer.status for answer in answers] == [201, 409, 201]
    assert answers[1].code == "insufficient_stock"
    assert [answers[0]["number"], answers[2]["number"]] == ["K1-000001", "K1-000002"]
    assert sound(till)


def test_one_id_twice_in_one_commit_is_sold_once_and_answered_alike(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = cart({"KTO-100": 1})
    with convoy_of(till, monkeypatch) as convoy:
        if convoy is None:
            return
        answers = Crowd(convoy, [posting(till, body) for _ in range(3)]).end()
    assert Commits.count == 1
    assert sorted(answer.status for answer in answers) == [200, 200, 201]
    assert answers[0].body == answers[1].body == answers[2].body
    assert till.stock("KTO-100")["on_hand"] == 199


def test_a_commit_that_fails_refuses_all_with_503_and_the_same_ids_sell_later(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    bodies = [cart({"KTO-100": 1}) for _ in range(3)]
    with convoy_of(till, monkeypatch) as convoy:
        if convoy is None:
            return
        monkeypatch.setattr(printing, "_wake", [lambda: woken.append(1)])
        Commits.fails_with = "database or disk is full"
        # The last one repeats the first, which it sees: it must not be told that it was sold.
        answers = Crowd(convoy, [posting(till, body) for body in (*bodies, bodies[0])]).end()
        assert [(answer.status, answer.code) for answer in answers] == [(503, "database_unavailable")] * 4
        assert (woken, till.get("/sales")["items"]) == ([], [])
        assert till.stock("KTO-100")["on_hand"] == 200
        Commits.fails_with = ""
        later = Crowd(convoy, [posting(till, body) for body in bodies]).end()
    assert [answer.status for answer in later] == [201] * 3
    assert sorted(answer["number"] for answer in later) == [f"K1-{n:06d}" for n in range(1, 4)]
    assert sound(till)


def test_acts_by_the_session_join_the_convoy_and_are_undone_alone(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def by_the_session(number: int, *, fails: bool) -> Callable[[], str]:
        def run() -> str:
            with till.app.app_context():
                try:
                    with transaction():
                        place = Location(id=number, code=f"RAK-{number}", name="Rak", kind="stock")
                        db.session.add(place)
                        db.session.flush()
                        after_commit(lambda: seen.append(place.code))
                        if fails:
                            raise KeyError(number)
                except KeyError:
                    return "undone"
                assert isinstance(db.session(), Session)
                return db.session.get(Location, number).name  # type: ignore[union-attr]

        return run

    with convoy_of(till, monkeypatch) as convoy:
        if convoy is None:
            return
        calls = [
            posting(till, cart({"KTO-100": 1})),
            by_the_session(91, fails=False),
            by_the_session(92, fails=True),
            by_the_session(93, fails=False),
            posting(till, cart({"KTO-100": 1})),
        ]
        answers = Crowd(convoy, calls).end()
    assert Commits.count == 1
    assert answers[1:4] == ["Rak", "undone", "Rak"]
    assert sorted(seen) == ["RAK-91", "RAK-93"]
    assert [answers[0].status, answers[4].status] == [201, 201]
    with till.app.app_context():
        assert db.session.get(Location, 92) is None
