"""The pretend buyer's phone without a script: who may press and what each button does."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pos import clock
from pos.ids import new_id
from pos.payments.base import Attempt
from pos.payments.simulator import Simulator
from tests.factories import Shop
from tests.web.office.person import OURS, Person

ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture
def machine() -> dict[str, Any]:
    return {"qris": {"provider": "simulator"}}


def simulator(shop: Shop) -> Simulator:
    return Simulator(shop.app.config["SETTINGS"].data_dir)


def code(shop: Shop, amount: int = 15_000, seconds: int = 300) -> int:
    """A code to pay; give its number."""
    provider, now = simulator(shop), clock.now()
    provider.create(
        Attempt(provider.reference(new_id()), None, amount, now, now + timedelta(seconds=seconds), "K1")
    )
    return provider.bank.named("last").number


def see(app: Flask, language: str = "id", **how: Any) -> str:
    client = app.test_client()
    client.set_cookie("pos_language", language)
    page = client.get("/simulator", **how)
    assert page.status_code == 200
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def press(app: Flask, path: str, **form: str) -> TestResponse:
    return app.test_client().post(f"/simulator/{path}", data=form, follow_redirects=True)


def paid(shop: Shop, number: int) -> list[int]:
    return [money.amount for money in simulator(shop).bank.named(str(number)).money]


def test_a_newcomer_reads_that_no_real_money_moves(shop: Shop) -> None:
    assert "tidak ada uang sungguhan" in see(shop.app)
    assert "Belum ada kode" in see(shop.app)
    assert "no real money moves" in see(shop.app, "en")


def test_a_waiting_code_is_shown_with_amount_age_and_what_a_buyer_can_do(shop: Shop) -> None:
    code(shop, 38_000)
    text = see(shop.app)
    for words in ("Rp\u00a038.000", "Menunggu dibayar", "detik yang lalu", "berlaku sampai"):
        assert words in text
    for button in ("Bayar", "Bayar dua kali", "Jumlah salah", "Gagal"):
        assert button in text
    assert "Bayar terlambat" not in text


def test_each_button_does_what_it_says(shop: Shop) -> None:
    number = code(shop)
    assert "Dibayar: Rp\u00a015.000." in press(shop.app, f"codes/{number}", do="pay").text
    assert paid(shop, number) == [15_000]
    press(shop.app, f"codes/{number}", do="twice")
    assert paid(shop, number) == [15_000, 15_000]
    other = code(shop)
    press(shop.app, f"codes/{other}", do="amount", amount="14.000")
    assert paid(shop, other) == [14_000]
    third = code(shop)
    assert "Pembayaran gagal." in press(shop.app, f"codes/{third}", do="fail").text
    fourth = code(shop, seconds=0)
    assert "Bayar terlambat" in see(shop.app)
    press(shop.app, f"codes/{fourth}", do="late")
    assert paid(shop, fourth) == [15_000]


def test_a_button_that_comes_too_late_says_why(shop: Shop) -> None:
    number = code(shop)
    press(shop.app, f"codes/{number}", do="pay")
    assert "sudah dibayar" in press(shop.app, f"codes/{number}", do="pay").text
    assert "belum ditinggalkan" in press(shop.app, f"codes/{number}", do="late").text
    assert paid(shop, number) == [15_000]


@pytest.mark.parametrize("amount", ["", "0", "-5", "1e3", "banyak", "9" * 30, "²"])
def test_an_amount_that_is_none_is_refused(shop: Shop, amount: str) -> None:
    number = code(shop)
    assert "alert danger" in press(shop.app, f"codes/{number}", do="amount", amount=amount).text
    assert paid(shop, number) == []


def test_an_unknown_button_or_code_changes_nothing(shop: Shop) -> None:
    number = code(shop)
    assert press(shop.app, f"codes/{number}", do="steal").status_code == 400
    assert press(shop.app, f"codes/{number}").status_code == 400
    assert press(shop.app, "ways").status_code == 400
    assert "tidak membuat kode 77" in press(shop.app, "codes/77", do="pay").text
    assert press(shop.app, f"codes/{10**30}", do="pay").status_code == 404
    assert paid(shop, number) == []


def test_the_switches_change_how_the_bank_behaves(shop: Shop) -> None:
    bank = simulator(shop).bank
    press(shop.app, "ways", notify="lose")
    press(shop.app, "ways", trouble="slow", seconds="5")
    press(shop.app, "ways", auto="on", seconds="9")
    ways = bank.ways()
    assert (ways.notify, ways.trouble, ways.slow, ways.auto) == ("lose", "slow", 5, 9)
    press(shop.app, "ways", auto="off", seconds="9")
    assert bank.ways().auto is None
    before = bank.ways()
    for wrong in ({"notify": "x"}, {"trouble": "x"}, {"trouble": "slow", "seconds": "0"}, {"auto": "on"}):
        assert "alert danger" in press(shop.app, "ways", **wrong).text
    assert bank.ways() == before


def test_it_can_be_seen_from_elsewhere_only_after_signing_in(shop: Shop) -> None:
    number = code(shop)
    stranger = shop.app.test_client()
    seen = stranger.get("/simulator", environ_overrides=ELSEWHERE)
    assert (seen.status_code, seen.location) == (302, "/back-office/sign-in?next=/simulator")
    pressed = stranger.post(f"/simulator/codes/{number}", data={"do": "pay"}, environ_overrides=ELSEWHERE)
    assert pressed.status_code == 403
    assert paid(shop, number) == []
    person = Person(shop.app).sign_in("Pengawas")
    assert person.client.get("/simulator", environ_overrides=ELSEWHERE).status_code == 200
    person.client.post(
        f"/simulator/codes/{number}", data={"do": "pay"}, headers=OURS, environ_overrides=ELSEWHERE
    )
    assert paid(shop, number) == [15_000]


def test_a_name_that_only_leads_to_this_machine_is_not_the_machine_itself(shop: Shop) -> None:
    number = code(shop)
    client = shop.app.test_client()
    for host in ("kasir.example", "127.0.0.1.example", "localhost.example:8080"):
        answer = client.post(f"/simulator/codes/{number}", data={"do": "pay"}, headers={"Host": host})
        assert answer.status_code == 403
    assert paid(shop, number) == []
    for host in ("localhost:8080", "[::1]:8080", "127.0.0.1"):
        assert client.get("/simulator", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_can_not_press_even_without_a_cookie(shop: Shop, headers: dict[str, str]) -> None:
    number = code(shop)
    for path, form in ((f"codes/{number}", {"do": "pay"}), ("ways", {"trouble": "down"})):
        answer = shop.app.test_client().post(f"/simulator/{path}", data=form, headers=headers)
        assert answer.status_code == 403
    assert paid(shop, number) == []
    assert simulator(shop).bank.ways().trouble == "none"


def test_opening_an_address_never_pays(shop: Shop) -> None:
    number = code(shop)
    assert shop.app.test_client().get(f"/simulator/codes/{number}?do=pay").status_code == 405
    assert paid(shop, number) == []


class TestWithoutTheSimulator:
    @pytest.fixture
    def machine(self) -> dict[str, Any]:
        return {"qris": {"provider": "static"}}

    def test_the_page_does_not_exist(self, shop: Shop) -> None:
        number = code(shop)
        client = shop.app.test_client()
        assert client.get("/simulator").status_code == 404
        assert client.post(f"/simulator/codes/{number}", data={"do": "pay"}).status_code == 404
        assert client.post("/simulator/ways", data={"trouble": "down"}).status_code == 404
        assert paid(shop, number) == []
