"""The screen of a device: kept by the browser, said in the page's first line, and never trusted."""

import re

import pytest
from flask.testing import FlaskClient

from pos.web.screen import COOKIE, LOOKS, SIZES
from tests.factories import Shop
from tests.web.office.person import OURS


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    return shop.app.test_client()


def root(client: FlaskClient, path: str = "/") -> str:
    """The line that the stylesheets go by."""
    return re.search(r"<html[^>]*>", client.get(path).text)[0]  # type: ignore[index]


def kept(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    return "" if cookie is None else cookie.value


def test_a_choice_holds_for_every_page_without_a_sign_in_and_other_choices_stay(browser: FlaskClient) -> None:
    assert "data-" not in root(browser)
    assert browser.post("/screen", data={"size": "130"}, headers=OURS).location == "/screen?from=till"
    browser.post("/screen", data={"look": "night"}, headers=OURS)
    browser.post("/screen", data={"um": "170"}, headers=OURS)
    browser.post("/screen", data={"keys": "on"}, headers=OURS)
    for path in ("/", "/screen", "/back-office/sign-in", "/nowhere"):
        line = root(browser, path)
        assert re.findall(r'data-\w+="(\w+)"', line) == ["130", "dark", "more"]
    assert 'data-um="170"' in browser.get("/screen").text
    browser.post("/screen", data={"look": "auto", "size": "100"}, headers=OURS)
    assert "data-" not in root(browser)
    assert kept(browser) == "100.auto.on.170"


def test_what_is_not_offered_is_refused_and_changes_nothing(browser: FlaskClient) -> None:
    browser.post("/screen", data={"size": "115"}, headers=OURS)
    wrong: list[dict[str, str]] = [
        {"size": "116"},
        {"size": "-1"},
        {"size": "٣"},
        {"look": '"><script>'},
        {"look": "dark", "keys": "perhaps"},
        {"um": "0"},
        {"um": "99999"},
    ]
    for data in wrong:
        answer = browser.post("/screen", data=data, headers=OURS)
        assert answer.status_code == 422
        assert "Pilih salah satu tombol" in answer.text
    assert kept(browser) == "115.auto.auto.0"


@pytest.mark.parametrize(
    "value", ["", "x", "130", "130.night.on", "999.night.on.170", '100.".on.1', "9" * 4000]
)
def test_a_cookie_that_was_tampered_with_counts_as_not_said(browser: FlaskClient, value: str) -> None:
    browser.set_cookie(COOKIE, value)
    line = root(browser)
    assert "data-size" not in line
    assert browser.get("/screen").status_code == 200


def test_the_page_leads_back_where_it_was_opened_and_nowhere_else(browser: FlaskClient) -> None:
    def back(origin: str) -> str:
        page = browser.get("/screen", query_string={"from": origin}).text
        return re.search(r'id="back" href="([^"]*)"', page)[1]  # type: ignore[index]

    assert [back(origin) for origin in ("", "office", "door")] == [
        "/",
        "/back-office/devices/",
        "/back-office/sign-in",
    ]
    assert back("https://example.org") == back("//example.org") == "/"


def test_each_page_that_is_opened_lets_the_choice_live_longer(browser: FlaskClient) -> None:
    assert "Set-Cookie" not in browser.get("/").headers
    browser.post("/screen", data={"size": "150"}, headers=OURS)
    assert f"{COOKIE}=150.auto.auto.0" in browser.get("/").headers["Set-Cookie"]


def test_phones_bring_keys_of_their_own_unless_ours_are_asked_for(browser: FlaskClient) -> None:
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari/537.36"}
    assert 'id="keyboard"' in browser.get("/").text
    assert 'id="keyboard"' not in browser.get("/", headers=phone).text
    browser.post("/screen", data={"keys": "on"}, headers=OURS)
    assert 'id="keyboard"' in browser.get("/", headers=phone).text
    browser.post("/screen", data={"keys": "off"}, headers=OURS)
    assert 'id="keyboard"' not in browser.get("/").text


def test_the_page_offers_every_size_and_look_as_a_button_that_needs_no_script(browser: FlaskClient) -> None:
    page = browser.get("/screen").text
    for size in SIZES:
        assert f'name="size" value="{size}"' in page
    for look in LOOKS:
        assert f'name="look" value="{look}"' in page
