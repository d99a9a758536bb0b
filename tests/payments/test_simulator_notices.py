"""What the pretend bank tells the shop, and which notifications it takes for its own."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import time_machine

from pos import clock
from pos.ids import new_id
from pos.payments.base import Attempt, BadNotice
from pos.payments.simulator import Simulator
from pos.payments.simulator_bank import Bank
from pos.payments.simulator_courier import SENT_AT, SIGNATURE, courier_of, deliver_due, sign


@pytest.fixture
def provider(data_dir: Path) -> Simulator:
    return Simulator(data_dir)


def made(provider: Simulator) -> tuple[Attempt, int]:
    """A code that was just made, and its number."""
    now = clock.now()
    asked = Attempt(provider.reference(new_id()), None, 25_000, now, now + timedelta(seconds=300), "K1")
    provider.create(asked)
    return asked, provider.bank.named("last").number


class Shop(ThreadingHTTPServer):
    """Somebody who listens where the shop would, and checks each notification as the shop does."""

    daemon_threads = True

    def __init__(self, provider: Simulator) -> None:
        super().__init__(("127.0.0.1", 0), Hearing)
        self.provider = provider
        self.heard: list[tuple[str, str]] = []
        self.enough = threading.Semaphore(0)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Hearing(BaseHTTPRequestHandler):
    server: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        notice = self.server.provider.read_notice(self.path, dict(self.headers), body, clock.now())
        self.server.heard.append((json.loads(body)["event"], notice.our_reference))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.enough.release()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listening(provider: Simulator) -> Iterator[Shop]:
    server = Shop(provider)
    provider.bank.set_address(server.url)
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("how", "heard"),
    [
        ("normal", ["scanned", "paid"]),
        ("double", ["scanned", "scanned", "paid", "paid"]),
        ("reorder", ["paid", "scanned"]),
        ("lose", []),
    ],
)
def test_notifications_come_as_they_were_ordered(
    provider: Simulator, listening: Shop, how: str, heard: list[str]
) -> None:
    provider.bank.set_notify(how)
    asked, number = made(provider)
    with time_machine.travel(clock.now(), tick=False) as time:
        provider.bank.pay(number)
        deliver_due(provider.bank)
        time.shift(2)
        deliver_due(provider.bank)
    assert listening.heard == [(event, asked.our_reference) for event in heard]


def test_the_courier_pays_for_the_pretend_buyer_and_tells_the_shop(
    provider: Simulator, listening: Shop
) -> None:
    provider.bank.set_auto(0.2)
    asked, _ = made(provider)
    for _ in range(2):
        assert listening.enough.acquire(timeout=20)
    assert [event for event, _ in listening.heard] == ["scanned", "paid"]
    assert provider.ask(asked).state == "paid"


def test_a_bank_out_of_reach_tells_nobody(provider: Simulator, listening: Shop) -> None:
    _, number = made(provider)
    provider.bank.set_trouble("down")
    provider.bank.pay(number)
    provider.bank.set_trouble("none")
    deliver_due(provider.bank)
    assert listening.heard == []


def test_nobody_listening_is_no_trouble(provider: Simulator) -> None:
    provider.bank.set_address("http://127.0.0.1:9")
    asked, number = made(provider)
    provider.bank.pay(number)
    assert deliver_due(provider.bank) == [None, None]
    assert provider.ask(asked).state == "paid"


def test_two_senders_do_not_send_one_notification_twice(provider: Simulator, listening: Shop) -> None:
    for _ in range(10):
        provider.bank.pay(made(provider)[1])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: deliver_due(Bank(provider.bank.file.parent)), range(4)))
    for _ in range(20):
        assert listening.enough.acquire(timeout=20)
    assert len(listening.heard) == 20
    assert len(set(listening.heard)) == 20


def test_the_courier_rests_when_nothing_is_left_to_do(provider: Simulator) -> None:
    courier = courier_of(provider.bank)
    courier.wake()
    for thread in threading.enumerate():
        if thread.name == "simulator":
            thread.join(20)
            assert not thread.is_alive()
    courier.wake()


def letter(provider: Simulator, at: str, body: bytes) -> dict[str, str]:
    return {SENT_AT: at, SIGNATURE: sign(provider.bank.key(), at, body)}


BODY = b'{"event":"paid","reference":"03HAOVUKIB4KF8XBQ39WB9P7R"}'


def test_a_right_notification_names_our_reference_in_whatever_case_headers_come(
    provider: Simulator,
) -> None:
    now = clock.now()
    headers = letter(provider, clock.iso(now), BODY)
    for given_headers in (headers, {name.upper(): value for name, value in headers.items()}):
        notice = provider.read_notice("notify", given_headers, BODY, now)
        assert notice.our_reference == "03HAOVUKIB4KF8XBQ39WB9P7R"


def test_a_notification_with_one_byte_changed_is_refused(provider: Simulator) -> None:
    now = clock.now()
    headers = letter(provider, clock.iso(now), BODY)
    for place in range(len(BODY)):
        forged = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        with pytest.raises(BadNotice) as refused:
            provider.read_notice("notify", headers, forged, now)
        assert refused.value.reply.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SIGNATURE: ""},
        {SIGNATURE: "é" * 64},
        {SENT_AT: "2026-11-24T10:00:00Z"},
        {SENT_AT: "2026-11-24T10:00:00Z", SIGNATURE: "0" * 64},
    ],
)
def test_a_notification_that_nobody_signed_is_refused(provider: Simulator, headers: dict[str, str]) -> None:
    provider.bank.key()
    for path in ("notify", "elsewhere"):
        with pytest.raises(BadNotice) as refused:
            provider.read_notice(path, headers, BODY, clock.now())
        assert refused.value.reply.status == 401


def test_another_shops_key_opens_nothing(provider: Simulator, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    now = clock.now()
    headers = letter(Simulator(tmp_path / "other"), clock.iso(now), BODY)
    with pytest.raises(BadNotice):
        provider.read_notice("notify", headers, BODY, now)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_notification_is_not_taken_again(provider: Simulator, minutes: int) -> None:
    now = clock.now()
    headers = letter(provider, clock.iso(now + timedelta(minutes=minutes)), BODY)
    with pytest.raises(BadNotice) as refused:
        provider.read_notice("notify", headers, BODY, now)
    assert refused.value.reply.status == 401


@pytest.mark.parametrize(
    ("at", "body"),
    [
        ("yesterday", BODY),
        ("2026-11-24T10:00:00", BODY),
        (None, b"[]"),
        (None, b"{}"),
        (None, b'{"reference":5}'),
        (None, b"\xff"),
        (None, b""),
    ],
)
def test_a_signed_notification_that_says_nothing_is_refused(
    provider: Simulator, at: str | None, body: bytes
) -> None:
    now = clock.now()
    headers = letter(provider, at or clock.iso(now), body)
    with pytest.raises(BadNotice) as refused:
        provider.read_notice("notify", headers, body, now)
    assert refused.value.reply.status == 400


def test_a_stranger_makes_no_bank_where_there_is_none(data_dir: Path) -> None:
    with pytest.raises(BadNotice) as refused:
        Simulator(data_dir).read_notice("notify", {SENT_AT: "", SIGNATURE: ""}, BODY, clock.now())
    assert refused.value.reply.status == 401
    assert list(data_dir.iterdir()) == []


def test_another_address_is_not_found(provider: Simulator) -> None:
    now = clock.now()
    with pytest.raises(BadNotice) as refused:
        provider.read_notice("elsewhere", letter(provider, clock.iso(now), BODY), BODY, now)
    assert refused.value.reply.status == 404


def test_a_notification_is_answered_by_whether_we_know_the_code(provider: Simulator) -> None:
    assert provider.acknowledge(known=True).status == 200
    assert provider.acknowledge(known=False).status == 404
