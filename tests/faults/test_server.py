"""The server is killed, asked to leave, starved of disk and shared: nothing is lost or doubled."""

import json
import random
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.factories import Answer, cart
from tests.faults.serving import Served

pytestmark = pytest.mark.faults
REGISTERS = ("K1", "G1")


class Seller(threading.Thread):
    """A till that sells without end and keeps each body with what it was answered, None for nothing."""

    def __init__(self, shop: Served, register: str, pause: float) -> None:
        super().__init__(daemon=True)
        self.shop, self.register, self.pause = shop, register, pause
        self.done = threading.Event()
        self.sent: list[tuple[dict[str, Any], Answer | None]] = []

    def run(self) -> None:
        while not self.done.is_set():
            body = cart({"MBT-250": 1}, register=self.register)
            answer = None
            with suppress(OSError, HTTPException):
                answer = self.shop.post("/sales", body)
            self.sent.append((body, answer))
            time.sleep(self.pause if answer is not None else 0.05)


@contextmanager
def selling(shop: Served, pause: float = 0.01) -> Iterator[list[Seller]]:
    """Four tills sell meanwhile."""
    sellers = [Seller(shop, register, pause) for register in REGISTERS * 2]
    for seller in sellers:
        seller.start()
    yield sellers
    for seller in sellers:
        seller.done.set()
    for seller in sellers:
        seller.join(40)


def refill(shop: Served) -> None:
    shop.adjust("MBT-250", 90_000)


def check(shop: Served, sellers: list[Seller]) -> int:
    """Each sale once: every answered one is there, every unanswered one is done by sending it again."""
    for seller in sellers:
        for body, answer in seller.sent:
            again = shop.post("/sales", body)
            if answer is not None and answer.status == 201:
                assert (again.status, again.body) == (200, answer.body)
            else:
                assert again.status in (200, 201), again.body
    sales = shop.sales()
    bodies = [body["id"] for seller in sellers for body, _ in seller.sent]
    assert sorted(sale["id"] for sale in sales) == sorted(bodies)
    for register in REGISTERS:
        numbers = sorted(sale["number"] for sale in sales if sale["register"] == register)
        assert numbers == [f"{register}-{n:06d}" for n in range(1, len(numbers) + 1)]
    assert shop.on_hand("MBT-250") == 90_200 - len(sales)
    if len(sales) <= 200:  # a page of jobs holds a drawer and a receipt of each
        assert len(shop.jobs(kind="drawer")) == len(sales)
    shop.verify()
    return len(sales)


def test_a_server_killed_again_and_again_loses_and_doubles_nothing(served: Served) -> None:
    refill(served)
    chance = random.Random()
    with selling(served) as sellers:
        for _ in range(3):
            time.sleep(0.3 + chance.random() / 2)
            assert served.end(signal.SIGKILL) == -signal.SIGKILL
            served.start()
        time.sleep(0.3)
    assert check(served, sellers) > 20


def test_a_server_that_is_asked_to_leave_answers_what_it_began(served: Served) -> None:
    refill(served)
    with selling(served) as sellers:
        time.sleep(0.7)
        assert served.end(signal.SIGTERM) == 0
        for seller in sellers:
            seller.done.set()
    answered = [answer for seller in sellers for _, answer in seller.sent if answer is not None]
    assert {answer.status for answer in answered} == {201}
    served.start()
    assert check(served, sellers) >= len(answered)


def test_a_sale_in_hand_is_finished_before_the_server_leaves(on_disk: Served) -> None:
    import fcntl

    on_disk.start()
    on_disk.open("K1")
    answers: list[Answer] = []
    body = cart({"KTO-100": 1})
    with (on_disk.folder / "pos.db.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sale = threading.Thread(target=lambda: answers.append(on_disk.post("/sales", body)))
        sale.start()
        time.sleep(0.7)
        assert on_disk.process is not None
        on_disk.process.send_signal(signal.SIGTERM)
        time.sleep(0.7)
        assert on_disk.process.poll() is None
        assert answers == []
    sale.join(20)
    assert on_disk.ended() == 0
    assert [answer.status for answer in answers] == [201]
    on_disk.start()
    assert on_disk.post("/sales", body).status == 200


def test_commands_beside_the_server_disturb_no_sale(served: Served) -> None:
    refill(served)
    with selling(served, pause=0.3) as sellers:
        for n in range(2):
            made = served.run(
                "token", "create", "--role", "cashier", "--register", "K1", "--name", f"n{n}", "--json"
            )
            assert made.code == 0, made.err
            token = json.loads(made.out)["token"]
            assert served.send("GET", "/products", who=token).status == 200
        served.verify()
    assert {answer.status for seller in sellers for _, answer in seller.sent if answer} == {201}
    assert all(answer is not None for seller in sellers for _, answer in seller.sent)
    check(served, sellers)


def test_one_data_folder_has_one_server(on_disk: Served) -> None:
    on_disk.start()
    second = on_disk.run("serve", "--port", "0")
    assert second.code == 1
    assert len(second.err.strip().splitlines()) == 1
    assert on_disk.get("/healthz").status == 200


def test_a_killed_server_leaves_no_lock_behind(on_disk: Served) -> None:
    on_disk.start()
    on_disk.end(signal.SIGKILL)
    began = time.monotonic()
    on_disk.start()
    assert on_disk.get("/readyz").status == 200
    assert time.monotonic() - began < 15


def little_disk(bytes_: int) -> dict[int, int]:
    return {resource.RLIMIT_FSIZE: bytes_}


def test_a_full_disk_refuses_and_loses_nothing(on_disk: Served) -> None:
    path = Path(on_disk.folder / "pos.db")
    on_disk.start()
    on_disk.open("K1")
    on_disk.end()
    on_disk.start(little_disk(path.stat().st_size + 200_000))
    sold, refused = [], []
    while len(refused) < 5:
        body = cart({"KTO-100": 1})
        answer = on_disk.post("/sales", body)
        assert len(sold) < 190, "the disk never filled"
        if answer.status == 201:
            sold.append(answer)
        else:
            assert (answer.status, answer.code) == (503, "database_unavailable"), answer.body
            assert int(answer.headers["Retry-After"]) > 0
            refused.append(body)
    assert sold
    assert on_disk.on_hand("KTO-100") == 200 - len(sold)
    assert on_disk.get(f"/sales/{sold[-1]['id']}").body == sold[-1].body
    assert on_disk.get("/healthz").status == 200
    assert {on_disk.get(f"/sales/{body['id']}").status for body in refused} == {404}
    on_disk.end(signal.SIGKILL)
    on_disk.start()
    assert len(on_disk.sales()) == len(sold)
    assert {on_disk.post("/sales", body).status for body in refused} == {201}
    assert on_disk.on_hand("KTO-100") == 200 - len(sold) - len(refused)
    on_disk.verify()
