"""The browser of a self-service register: what it may do by itself, and what only a person with a PIN may."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Shop, cart, new_id
from tests.web.office.person import OURS


def browser(app: Flask, register: str) -> FlaskClient:
    """A browser that became a register of the demo shop."""
    client = app.test_client()
    assert client.post("/enrol", data={"register": register}).status_code == 302
    return client


def post(client: FlaskClient, path: str, body: Any) -> Any:
    answer = client.post(path, json=body, headers=OURS)
    return answer.status_code, answer.json


def sign_in(client: FlaskClient) -> None:
    assert post(client, "/till/sign-in", {"user": "Kasir", "pin": "333333"})[0] == 200


@pytest.fixture
def kiosk(shop: Shop) -> FlaskClient:
    return browser(shop.app, "K2")


def test_a_kiosk_sells_without_anybody_signed_in_and_at_its_own_register_only(
    kiosk: FlaskClient, till: Shop
) -> None:
    assert kiosk.get("/api/v1/products?register=K2").status_code == 200
    assert post(kiosk, "/api/v1/sales", cart({"KTO-100": 1}, register="K2", qris=True))[0] == 202
    assert post(kiosk, "/api/v1/sales", cart({"KTO-100": 1}, qris=True))[0] == 403
    assert post(kiosk, "/api/v1/sales", cart({"KTO-100": 1}, register="K2"))[0] == 403
    lines = [{"sku": "KTO-100", "quantity": 1}]
    status, slip = post(kiosk, "/api/v1/orders", {"id": new_id(), "register": "K2", "lines": lines})
    assert (status, slip["kind"]) == (201, "slip")
    assert kiosk.get(f"/kiosk/orders/{slip['id']}.svg").mimetype == "image/svg+xml"
    other = till.sell({"KTO-100": 1})["id"]
    for path in (f"/api/v1/sales/{other}", f"/kiosk/receipts/{other}.svg"):
        assert kiosk.get(path).status_code == 404, path
    # A till's browser is nobody until a person signs in.
    assert browser(till.app, "K1").get("/api/v1/products?register=K1").status_code == 401


def test_only_a_person_with_a_pin_makes_it_another_register_and_is_not_left_signed_in(
    kiosk: FlaskClient,
) -> None:
    assert kiosk.get("/back-office/").status_code != 200
    assert kiosk.post("/enrol/release", headers=OURS).status_code == 401
    sign_in(kiosk)
    page = kiosk.get("/").text
    boot = json.loads(page.partition('id="boot">')[2].partition("</script>")[0])
    assert (boot["register"]["code"], boot["strings"]["Touch to start"]) == ("K2", "Sentuh untuk mulai")
    assert kiosk.post("/enrol/release", headers=OURS).status_code == 401
    sign_in(kiosk)
    assert kiosk.post("/enrol/release", headers=OURS).status_code == 302
    assert kiosk.get("/kiosk/state").status_code == 404


def test_a_call_is_shown_at_the_tills_of_the_outlet_until_somebody_goes(
    kiosk: FlaskClient, shop: Shop
) -> None:
    near, far = browser(shop.app, "K1"), browser(shop.app, "G1")
    for till in (near, far):
        sign_in(till)
    assert post(kiosk, "/kiosk/call", {"wanted": True}) == (200, {"called": True})
    assert [one["code"] for one in near.get("/till/state").json["calls"]] == ["K2"]
    assert far.get("/till/state").json["calls"] == []
    assert post(far, "/till/calls/K2", {})[0] == 200
    assert kiosk.get("/kiosk/state").json["called"] is True
    assert post(near, "/till/calls/K2", {})[0] == 200
    assert kiosk.get("/kiosk/state").json["called"] is False
    assert near.get("/till/state").json["calls"] == []


def test_a_prompt_the_shop_recorded_stands_before_ours_and_leads_to_no_other_file(
    kiosk: FlaskClient, shop: Shop
) -> None:
    folder = shop.app.config["SETTINGS"].data_dir / "voice" / "id"
    folder.mkdir(parents=True)
    (folder / "sku-KTO-100.ogg").write_bytes(b"OggS-ours")
    (folder / "large.ogg").write_bytes(b"x" * (1024 * 1024 + 1))
    page = kiosk.get("/").text
    boot = json.loads(page.partition('id="boot">')[2].partition("</script>")[0])
    assert boot["recorded"] == {"id": ["sku-KTO-100"], "en": []}
    answer = kiosk.get("/kiosk/voice/id/sku-KTO-100.ogg")
    assert (answer.data, answer.mimetype) == (b"OggS-ours", "audio/ogg")
    assert kiosk.get(f"{boot['voice']}/id/n-7.ogg").mimetype == "audio/ogg"
    for path in ("id/large", "en/sku-KTO-100", "..%2f..%2fsecret", "fr/start", "id/..%2fsku-KTO-100"):
        assert kiosk.get(f"/kiosk/voice/{path}.ogg").status_code == 404, path
    assert shop.app.test_client().get("/kiosk/voice/id/sku-KTO-100.ogg").status_code == 404
