"""People and their PINs."""

import re

from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person


def secret(person: Person) -> str:
    found = re.search(r'class="secret"><code>([^<]+)<', person.source)
    assert found is not None, person.text
    return found.group(1)


@both
def test_a_new_persons_pin_is_shown_once_and_lets_them_in(
    office: Office, anybody: Person, shop: Shop
) -> None:
    manager = office("Manajer")
    form = {"name": "Siti", "role": "supervisor", "form_id": new_id()}
    assert "One-time PIN of Siti" in manager.send("people/", form)
    pin = secret(manager)
    assert "One-time PIN of Siti" not in manager.see("people/")
    before = shop.rows()
    said = manager.send("people/", form)
    assert "This was done already." in said
    assert "One-time PIN of" not in said
    assert shop.changed(before) == {}
    assert "Choose a PIN of your own" in anybody.send("sign-in", {"name": "Siti", "pin": pin})


def test_a_pin_stands_in_no_table_and_no_entry(office: Office, shop: Shop) -> None:
    manager = office("Manajer")
    manager.send("people/", {"name": "Siti", "role": "cashier"})
    pin = secret(manager)
    assert f"'{pin}'" not in repr(shop.rows())
    assert pin not in manager.see("audit/")


def test_a_name_that_is_taken_and_a_role_that_is_none_are_refused(office: Office, shop: Shop) -> None:
    manager = office("Manajer")
    before = shop.rows()
    manager.send("people/", {"name": "Kasir", "role": "cashier"}, status=422)
    assert manager.fault("name") == "This name is used already."
    manager.send("people/", {"name": "Siti", "role": "king"}, status=422)
    assert manager.fault("role") == "Choose one of these."
    manager.send("people/", {"name": "Siti", "role": "kiosk"}, status=422)
    manager.send("people/", {"name": "", "role": "cashier"}, status=422)
    manager.send("people/", {"name": "a\u202eb", "role": "cashier"}, status=422)
    assert shop.changed(before) == {}


def test_a_role_changes_and_whoever_is_retired_is_out_at_once(office: Office) -> None:
    manager, supervisor = office("Manajer"), office("Pengawas")
    supervisor.see("stock/adjust")
    manager.send("people/2", {"role": "treasurer", "active": "1"})
    supervisor.see("stock/adjust", status=403)
    said = manager.send("people/2", {"role": "treasurer"})
    assert "No longer here" in said
    assert "Sign in" in supervisor.see("")


def test_the_last_manager_stays(office: Office, shop: Shop) -> None:
    manager = office("Manajer")
    before = shop.rows()
    manager.send("people/1", {"role": "cashier", "active": "1"}, status=422)
    assert manager.fault("role") == "There must be at least one manager."
    manager.send("people/1", {"role": "manager"}, status=422)
    assert shop.changed(before) == {}


def test_a_new_pin_ends_the_old_one(office: Office, anybody: Person) -> None:
    manager, supervisor = office("Manajer"), office("Pengawas")
    manager.send("people/2/pin")
    pin = secret(manager)
    assert "Sign in" in supervisor.see("")
    anybody.send("sign-in", {"name": "Pengawas", "pin": "222222"}, status=403)
    anybody.send("sign-in", {"name": "Pengawas", "pin": pin})


def test_a_person_who_is_not_there_is_not_found(office: Office) -> None:
    office("Manajer").see("people/99", status=404)
    office("Manajer").send("people/99/pin", status=404)
