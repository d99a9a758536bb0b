"""The customer display: whom it opens for, and what it is told of a till in another browser."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from pos.db import transact
from pos.operations import notes
from pos.web import between, scenes
from tests.factories import Shop
from tests.web.office.person import OURS, PINS

LINE = {"name": "Teh", "quantity": 2, "unit_price": 25_000, "discount": 0, "total": 50_000}
SCENE = {
    "at": 1,
    "locale": "id",
    "lines": [LINE],
    "discount": 0,
    "total": 50_000,
    "cash_total": 50_000,
    "asking": False,
    "sale": None,
}


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "_scenes", {})
    monkeypatch.setattr(scenes, "_looks", {})
    monkeypatch.setattr(between, "_looked", {})
    monkeypatch.setattr(between, "_far", {})


def till_of(shop: Shop, register: str) -> FlaskClient:
    """A browser that is a register."""
    client = shop.app.test_client()
    assert client.post("/enrol", data={"register": register}, headers=OURS).status_code == 302
    return client


def tell(client: FlaskClient, register: str = "K1", **more: Any) -> int:
    return client.post(f"/display/{register}/scene", json={**SCENE, **more}, headers=OURS).status_code


def state(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"/display/K1/state{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_no_stranger_sees_prices_carts_or_codes_and_a_pass_opens_one_register_alone(shop: Shop) -> None:
    k1, g1 = till_of(shop, "K1"), till_of(shop, "G1")
    shop.settings(demo=False)
    shop.open()
    sale = shop.sell({"KTO-100": 1}, qris=True)
    qr = f"/display/K1/qr/{sale['id']}.svg"
    shut = ("/display/K1/state", "/display/K1/products", qr)
    stranger = shop.app.test_client()
    for client in (stranger, g1):
        assert [client.get(path).status_code for path in shut] == [401, 401, 401]
        assert client.get("/display/K1").location == "/back-office/sign-in?next=/display/K1"
        assert tell(client) == 403
    assert [k1.get(path).status_code for path in (*shut, "/display/K1")] == [200] * 4
    assert g1.get(qr.replace("K1", "G1")).status_code == 404
    assert k1.get("/display/XX").status_code == 302
    k1.post("/till/sign-in", json={"user": "Kasir", "pin": PINS["Kasir"]}, headers=OURS)
    assert (k1.get("/display/G1").status_code, k1.get("/display/G1/state").status_code) == (403, 401)

    form = {"name": "Pengawas", "pin": PINS["Pengawas"], "form_id": "0197e2c4-0000-7000-8000-00000000000a"}
    stranger.post("/back-office/sign-in", data=form, headers=OURS)
    assert stranger.get("/display/XX").status_code == 404
    assert stranger.get("/display/K1").status_code == 200
    stranger.delete_cookie("pos_login")
    assert stranger.get("/display/K1/state").status_code == 200
    assert stranger.get("/display/G1/state").status_code == 401
    assert tell(stranger) == 403


def test_a_display_that_was_opened_somewhere_is_listed_and_withdrawn_in_the_office(shop: Shop) -> None:
    shop.settings(demo=False)
    tablet, office = shop.app.test_client(), shop.app.test_client()
    form = {"name": "Manajer", "pin": PINS["Manajer"], "form_id": "0197e2c4-0000-7000-8000-00000000000b"}
    for client in (tablet, office):
        client.post("/back-office/sign-in", data=form, headers=OURS)
    assert tablet.get("/display/K1").status_code == 200
    tablet.delete_cookie("pos_login")
    page = office.get("/back-office/devices/").text
    row = next(
        row for row in page.split("<tr>") if "K1</span>" in row and "badge" in row and "/release" in row
    )
    path = row.partition('action="')[2].partition('"')[0]
    assert tablet.get("/display/K1/state").status_code == 200
    assert office.post(path, headers=OURS).status_code == 302
    assert tablet.get("/display/K1/state").status_code == 401
    assert tablet.get("/display/K1").status_code == 302


def test_a_display_elsewhere_is_told_the_cart_and_hears_of_payment_from_the_books_alone(shop: Shop) -> None:
    k1, tablet = till_of(shop, "K1"), shop.app.test_client()
    assert k1.get("/till/state").json["status"]["display"] is False
    assert state(tablet)["scene"] is None
    assert k1.get("/till/state").json["status"]["display"] is True
    assert (tell(k1), state(tablet)["scene"]["lines"]) == (200, [LINE])
    assert state(tablet, "?near=1")["scene"] is None

    shop.open()
    sale = shop.sell({"KTO-100": 2}, qris=True)
    tell(k1, at=2, lines=[], sale=sale["id"])
    said = state(tablet)["sale"]
    assert (said["status"], said["qris"]["payload"], said["total"]) == ("awaiting_payment", True, 30_000)
    assert not {"cashier", "entry_hash", "approved_by"} & set(said)
    assert not {"reference", "issuer", "confirmed_by"} & set(said["qris"])
    assert b"<svg" in tablet.get(f"/display/K1/qr/{sale['id']}.svg").data

    shop.post(f"/sales/{sale['id']}/cancel", {}, who="manager")
    assert state(tablet)["sale"]["status"] == "cancelled"
    assert tablet.get(f"/display/K1/qr/{sale['id']}.svg").status_code == 404
    paid = shop.sell({"TBT-020": 1}, cash=50_000)
    assert state(tablet, f"?near=1&sale={paid['id']}")["sale"]["change"] == 25_000
    assert state(tablet, "?near=1&sale=' OR 1=1")["sale"] is None

    scenes._scenes.clear()
    with shop.app.app_context():
        transact(lambda: notes.take_away("scene", "K1"))
    assert state(tablet)["sale"]["id"] == paid["id"], "a server that was started again knows the last sale"
    for wrong in ({"total": -1}, {"lines": [LINE] * 101}, {"paid": True}, {"sale": "1"}, {"locale": "fr"}):
        assert tell(k1, **wrong) == 422
