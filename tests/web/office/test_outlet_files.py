"""Files between two shops at their back offices: link, write, look, take in; without a script."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos import clock
from pos.db import transact
from pos.operations import catalogue, people, setup
from pos.operations.actor import SYSTEM
from tests.factories import new_id
from tests.support.databases import migrate
from tests.support.demo import opened
from tests.web.office.conftest import Office
from tests.web.office.person import PINS, Person

FILES = "stock/outlet-files"
PARTNER = {"code": "gerai2", "name": "Gerai Dua", "kind": "outlet", "commission": "0"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Person]:
    """The manager of the outlet's own, empty shop."""
    folder = tmp_path / "there"
    folder.mkdir()
    url = f"sqlite:///{folder / 'pos.db'}"
    migrate(url)
    hashed = people.hash_pin(PINS["Manajer"])

    def found() -> None:
        setup.first_rows(clock.now(), None)
        people.add_user("Manajer", "manager", hashed, SYSTEM, clock.now(), once=False)
        catalogue.add_outlet("GERAI2", "Gerai Dua", "GUDANG", SYSTEM, clock.now())

    with opened(folder, url) as app:
        with app.app_context():
            transact(found)
        person = Person(app).sign_in("Manajer")
        yield person


def chosen(person: Person, side: str, data: bytes, status: int = 200) -> str:
    form = {"form_id": new_id(), "side": side, "file": (io.BytesIO(data), "berkas.karya")}
    return person.send(f"{FILES}/take", form, status, content_type="multipart/form-data")


def taken(person: Person, side: str, **more: str) -> str:
    form = {name: person.value(name) for name in ("form_id", "packed", "file_name")}
    return person.send(f"{FILES}/take", {**form, "side": side, **more})


def newest(person: Person) -> bytes:
    """Download the newest file of the list."""
    address = person.source.split('href="/back-office/stock/outlet-files/')[1].split('"')[0]
    return person.client.get(f"/back-office/{FILES}/{address}").data


def test_a_delivery_goes_to_the_outlet_and_its_settlement_comes_back_by_two_browsers(
    office: Office, there: Person
) -> None:
    here = office("Manajer")
    here.send("stock/partners/new", PARTNER)
    here.send(
        "stock/partners/GERAI2/deliver",
        {"from": "GUDANG", "lines.0.sku": "KTO-100", "lines.0.quantity": "12"},
    )
    here.send(f"{FILES}/link", {"partner": "GERAI2"})
    code = here.source.split('<p class="secret"><code>')[1].split("<")[0]
    joined = {"code": code[:-1], "name": "Pusat", "location": "GUDANG"}
    assert "not complete" in there.send(f"{FILES}/join", joined, 422)
    assert "The shops are linked." in there.send(f"{FILES}/join", {**joined, "code": code})
    here.send(f"{FILES}/write", {"link": "GERAI2", "side": "main"})
    delivery = newest(here)
    # A look changes nothing; what arrived is typed there.
    assert "12 sent" in chosen(there, "outlet", delivery)
    assert "No files yet." in there.see(f"{FILES}/")
    chosen(there, "outlet", delivery)
    assert "The file is taken in." in taken(there, "outlet", **{"arrived-0": "11"})
    assert "counts already" in chosen(there, "outlet", delivery, 409)
    assert "was changed" in chosen(there, "outlet", delivery.replace(b'"KTO-100"', b'"KTO-101"'), 422)
    there.send(f"{FILES}/write", {"link": "GERAI2", "side": "outlet"})
    settlement = newest(there)
    assert "Short on arrival" in chosen(here, "main", settlement)
    assert "The file is taken in." in taken(here, "main")
    assert "11" in here.see("stock/partners/GERAI2")


def test_who_may_not_write_stock_papers_sees_the_list_and_takes_no_file(office: Office) -> None:
    auditor = office("Pemeriksa")
    assert "Outlet files" in auditor.see(f"{FILES}/")
    auditor.send(f"{FILES}/write", {"link": "GERAI2", "side": "main"}, 403)
    auditor.send(f"{FILES}/link", {"partner": "GERAI2"}, 403)
    chosen(auditor, "main", b"{}", 403)
