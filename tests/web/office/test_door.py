"""Who comes in, and who does not."""

import pytest
from flask import Flask
from sqlalchemy import select

from pos import clock
from pos.db import db, transact
from pos.models import User
from pos.operations import people
from pos.operations.actor import SYSTEM
from tests.factories import Shop
from tests.web.office.conftest import Office
from tests.web.office.person import OURS, PINS, Person


def test_the_back_office_leads_to_its_door_first(anybody: Person) -> None:
    assert anybody.client.get("/back-office/").status_code == 302
    assert "Sign in" in anybody.see("")


def test_the_door_of_a_demo_shop_says_its_pins(anybody: Person) -> None:
    said = anybody.see("sign-in")
    for name in ("Manajer", "Pengawas", "Kasir"):
        assert name in said
        assert PINS[name] in said


def test_the_door_of_a_real_shop_says_no_pins_and_no_names(shop: Shop, anybody: Person) -> None:
    shop.settings(demo=False)
    said = anybody.see("sign-in")
    assert "111111" not in said
    assert "Manajer" not in said
    assert 'value="Manajer"' not in anybody.source


def test_a_wrong_pin_is_refused_in_words_and_the_name_stays(anybody: Person) -> None:
    anybody.send("sign-in", {"name": "Manajer", "pin": "000000"}, status=403)
    assert anybody.fault("pin") == "The PIN is not right. Try again."
    assert anybody.value("name") == "Manajer"
    assert anybody.value("pin") == ""
    assert "Sign in" in anybody.see("")


def test_wrong_tries_make_everybody_wait_even_with_the_right_pin(anybody: Person) -> None:
    for _ in range(5):
        anybody.send("sign-in", {"name": "Manajer", "pin": "000000"}, status=403)
    anybody.send("sign-in", {"name": "Manajer", "pin": "111111"}, status=429)
    assert "Too many wrong tries" in anybody.fault("pin")


def test_whoever_signs_in_goes_on_to_the_page_they_wanted(anybody: Person) -> None:
    anybody.see("stock/")
    assert 'name="next" value="/back-office/stock/"' in anybody.source
    said = anybody.send("sign-in", {"name": "Manajer", "pin": "111111", "next": "/back-office/stock/"})
    assert "Keripik Tempe Original" in said


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_the_door_never_leads_elsewhere(anybody: Person, target: str) -> None:
    answer = anybody.client.post(
        "/back-office/sign-in", data={"name": "Manajer", "pin": "111111", "next": target}, headers=OURS
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/back-office/"


@pytest.mark.parametrize("name", ["Kasir", "Tanpa Tunai"])
def test_a_cashier_does_not_come_in_from_a_browser_that_is_no_register(anybody: Person, name: str) -> None:
    said = anybody.send("sign-in", {"name": name, "pin": PINS[name]}, status=403)
    assert "This browser is not one" in said
    assert "Sign in" in anybody.see("products/")


def test_a_cashier_comes_in_at_the_browser_of_a_register_and_sees_its_sales_alone(
    shop: Shop, anybody: Person
) -> None:
    shop.open("K1")
    shop.open("G1")
    here = shop.sell({"KTO-100": 1})
    there = shop.sell({"KTO-100": 1}, register="G1", who="cashier at G1")
    anybody.client.post("/enrol", data={"register": "K1"}, headers=OURS)
    anybody.sign_in("Kasir")
    said = anybody.see("sales/")
    assert here["number"] in said
    assert there["number"] not in said
    anybody.see(f"sales/{there['id']}", status=404)
    assert there["number"] not in anybody.see("sales/?register=G1")
    assert there["number"] not in anybody.see(f"sales/?number={there['number']}").replace(
        f"the number {there['number']}", ""
    )


def test_signing_out_ends_it(office: Office) -> None:
    person = office("Manajer")
    assert "Sign in" in person.send("sign-out")
    assert "Sign in" in person.see("people/")


def test_another_sites_form_is_refused(office: Office) -> None:
    person = office("Manajer")
    answer = person.client.post(
        "/back-office/people/",
        data={"name": "Mallory", "role": "manager"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert "Mallory" not in person.see("people/")


def test_the_language_is_a_button_away_and_stays(anybody: Person) -> None:
    anybody.sign_in("Manajer")
    assert "Penjualan" in anybody.send("language", {"locale": "id", "next": "/back-office/sales/"})
    assert "Jejak audit" in anybody.see("")
    assert "Audit trail" in anybody.send("language", {"locale": "en", "next": "/back-office/"})
    assert "Audit trail" in anybody.send("language", {"locale": "xx", "next": "/back-office/"})


@pytest.fixture
def newcomer(app: Flask) -> None:
    hashed = people.hash_pin("777777")
    with app.app_context():
        transact(lambda: people.add_user("Baru", "manager", hashed, SYSTEM, clock.now(), once=True))


@pytest.mark.usefixtures("newcomer")
def test_a_handed_out_pin_is_good_for_choosing_ones_own_and_nothing_else(anybody: Person) -> None:
    said = anybody.send("sign-in", {"name": "Baru", "pin": "777777"})
    assert "Choose a PIN of your own" in said
    assert "Choose a PIN of your own" in anybody.see("settings/")
    assert "Choose a PIN of your own" in anybody.send("people/", {"name": "Mallory", "role": "manager"})
    anybody.send("pin", {"new_pin": "888888", "again": "888889"}, status=422)
    assert "different" in anybody.fault("again")
    anybody.send("pin", {"new_pin": "88", "again": "88"}, status=422)
    assert anybody.fault("new_pin") == "A PIN has six digits."
    assert "Your PIN was changed." in anybody.send("pin", {"new_pin": "888888", "again": "888888"})
    assert "Mallory" not in anybody.see("people/")
    anybody.send("sign-out")
    anybody.send("sign-in", {"name": "Baru", "pin": "777777"}, status=403)
    anybody.send("sign-in", {"name": "Baru", "pin": "888888"})


def test_changing_ones_pin_later_asks_for_the_old_one(office: Office, app: Flask) -> None:
    person = office("Pengawas")
    person.send("pin", {"old_pin": "999999", "new_pin": "121212", "again": "121212"}, status=403)
    assert person.fault("old_pin") == "The PIN is not right. Try again."
    with app.app_context():
        before = db.session.execute(select(User.pin_hash).where(User.name == "Pengawas")).scalar_one()
    person.send("pin", {"old_pin": "222222", "new_pin": "121212", "again": "121212"})
    with app.app_context():
        assert db.session.execute(select(User.pin_hash).where(User.name == "Pengawas")).scalar_one() != before
