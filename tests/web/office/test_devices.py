"""Outlets, registers, browsers, locations and tokens."""

import pytest

from pos.queries import outlets as outlets_query
from pos.queries import people as people_query
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import OURS, Person
from tests.web.office.test_people import secret


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


@both
def test_a_shop_grows_by_a_location_an_outlet_and_a_register(manager: Person, shop: Shop) -> None:
    manager.send("devices/locations", {"code": "bazar-rak", "name": "Rak bazar"})
    assert "Rak bazar" in manager.see("devices/")
    outlet = {
        "code": "BAZAR",
        "name": "Bazar Kota",
        "address": "Alun-alun",
        "location": "BAZAR-RAK",
        "time_zone": "Asia/Makassar",
        "cut_off": "04:00",
        "form_id": new_id(),
    }
    assert "Bazar Kota: saved." in manager.send("devices/outlets/new", outlet)
    before = shop.rows()
    manager.send("devices/outlets/new", outlet)
    assert shop.changed(before) == {}
    manager.send(
        "devices/registers/new", {"code": "b1", "name": "Kasir bazar", "outlet": "BAZAR", "kind": "till"}
    )
    assert "B1" in manager.see("devices/")
    shop.open("B1")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"code": "KUNJUNGAN"}, "code"),
        ({"code": "dua kata"}, "code"),
        ({"code": ""}, "code"),
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"cut_off": "25:00"}, "cut_off"),
        ({"location": "NOWHERE"}, "location"),
    ],
)
def test_a_wrong_outlet_is_refused_at_its_field(
    manager: Person, shop: Shop, typed: dict[str, str], name: str
) -> None:
    good = {
        "code": "BAZAR",
        "name": "Bazar",
        "location": "GUDANG",
        "time_zone": "Asia/Jakarta",
        "cut_off": "00:00",
    }
    before = shop.rows()
    manager.send("devices/outlets/new", {**good, **typed}, status=422)
    assert manager.fault(name)
    assert shop.changed(before) == {}


def test_an_outlet_changes_its_name_and_keeps_its_code(manager: Person) -> None:
    manager.see("devices/outlets/1")
    form = {name: manager.value(name) for name in ("name", "address", "cut_off")} | {
        "time_zone": "Asia/Jakarta",
        "name": "Kios Depan",
    }
    said = manager.send("devices/outlets/1", form)
    assert "Kios Depan KUNJUNGAN" in said
    manager.see("devices/outlets/99", status=404)


def test_a_retired_register_opens_no_more(manager: Person, shop: Shop) -> None:
    manager.send("devices/registers/3", {"name": "Kasir gerai"})
    assert "Retired" in manager.see("devices/")
    answer = shop.post("/shifts", {"id": new_id(), "register": "G1", "float": 0})
    assert answer.status == 422


@both
def test_a_code_is_shown_once_and_makes_a_browser_that_register(
    manager: Person, anybody: Person, shop: Shop
) -> None:
    manager.send("devices/registers/1/code")
    code = secret(manager)
    assert code not in manager.see("devices/")
    shop.settings(demo=False)
    answer = anybody.client.post("/enrol", data={"code": code}, headers=OURS)
    assert answer.status_code == 302
    assert "K1" in anybody.see("/") or "Kasir kunjungan" in anybody.text
    again = Person(shop.app)
    assert again.client.post("/enrol", data={"code": code}, headers=OURS).status_code == 422


def test_a_released_browser_is_nobodys_any_more(manager: Person, anybody: Person) -> None:
    anybody.client.post("/enrol", data={"register": "K1"}, headers=OURS)
    anybody.sign_in("Pengawas")
    said = manager.see("devices/")
    assert "Register K1" in said
    number = max(
        int(part.split("/")[0]) for part in manager.source.split("/back-office/devices/browsers/")[1:]
    )
    manager.send(f"devices/browsers/{number}/release")
    assert "Sign in" in anybody.see("")


@both
def test_a_token_is_shown_once_works_and_is_revoked(manager: Person, shop: Shop) -> None:
    form = {"name": "Laporan", "role": "auditor", "register": "", "form_id": new_id()}
    manager.send("devices/tokens/new", form)
    token = secret(manager)
    assert token not in manager.see("devices/")
    assert shop.get("/products", who=token).status == 200
    before = shop.rows()
    assert "This was done already." in manager.send("devices/tokens/new", form)
    assert shop.changed(before) == {}
    number = 1 + len(shop.tokens)
    assert "The token is revoked." in manager.send(f"devices/tokens/{number}/revoke")
    assert shop.get("/products", who=token).status == 401
    assert token not in repr(shop.rows())


@both
def test_each_browser_and_each_person_has_the_last_sign_in_of_its_own(
    shop: Shop, office: Office, manager: Person
) -> None:
    other = office("Bendahara")
    other.send("sign-out")
    other.sign_in("Pengawas")
    with shop.app.app_context():
        at = {one.name: one.seen_at for one in people_query.people()}
        seen = {one.seen_by: one.seen_at for one in outlets_query.browsers()}
    first, then = at["Bendahara"], at["Pengawas"]
    assert first is not None
    assert then is not None
    assert first < then
    assert at["Kasir"] is None
    # A browser names who was there last, whatever other browsers and people did since.
    assert seen == {"Pengawas": at["Pengawas"], "Manajer": at["Manajer"]}
