"""Files between two shops at their back offices: link, write, look, take in; without a script."""

import io
import re
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
from tests.web.office.conftest import Office, both
from tests.web.office.person import PINS, Person
from tests.web.office.test_lists import rows

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
    address = re.search(r'href="(/back-office/stock/outlet-files/[0-9a-f-]{36})"', person.source)
    assert address is not None
    return person.client.get(address[1]).data


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


def delivered(person: Person, partner: str, name: str, times: int) -> None:
    """Link an outlet and write files for it."""
    person.send("stock/partners/new", {**PARTNER, "code": partner, "name": name})
    person.send(f"{FILES}/link", {"partner": partner.upper()})
    for _ in range(times):
        person.send(
            f"stock/partners/{partner.upper()}/deliver",
            {"from": "GUDANG", "lines.0.sku": "KTO-100", "lines.0.quantity": "1"},
        )
        person.send(f"{FILES}/write", {"link": partner.upper(), "side": "main"})


@both
def test_files_are_found_by_name_shop_number_and_kind_and_taken_away_as_a_list(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.web.office import outlet_files

    person = office("Manajer")
    delivered(person, "gerai2", "Gerai Dua", 2)
    delivered(person, "gerai3", "Gerai Tiga", 1)
    every = ["kiriman-GERAI3-0001.karya", "kiriman-GERAI2-0002.karya", "kiriman-GERAI2-0001.karya"]

    def found(query: str) -> list[str]:
        got = rows(person, f"{FILES}/?{query}", "csv")[1:]
        assert got == rows(person, f"{FILES}/?{query}", "xlsx")[1:]
        person.see(f"{FILES}/?{query}")
        assert re.findall(r">(kiriman-[^<]+)</a>", person.source) == [row[0] for row in got]
        return [row[0] for row in got]

    assert found("") == every
    assert found("q=dua") == found("shop=GERAI2") == every[1:]
    assert found("q=kiriman-gerai2-0001.karya") == every[2:]
    assert found("q=manajer+2") == every[1:]
    assert found("q=1+tiga") == every[:1]
    assert found("kind=settlement") == found("q=%25") == found("q=99999999999999999999") == []
    assert "Nothing fits what you look for." in person.text
    assert found("kind=nonsense&before=zzz") == found("kind=delivery") == every
    monkeypatch.setattr(outlet_files, "PAGE", 2)
    person.see(f"{FILES}/?kind=delivery")
    more = re.search(r'rel="next" href="/back-office/([^"]+)"', person.source)
    assert more is not None
    person.see(more[1].replace("&amp;", "&"))
    assert re.findall(r">(kiriman-[^<]+)</a>", person.source) == every[2:]


def test_who_may_not_write_stock_papers_sees_the_list_and_takes_no_file(office: Office) -> None:
    auditor = office("Pemeriksa")
    assert "Outlet files" in auditor.see(f"{FILES}/")
    auditor.send(f"{FILES}/write", {"link": "GERAI2", "side": "main"}, 403)
    auditor.send(f"{FILES}/link", {"partner": "GERAI2"}, 403)
    chosen(auditor, "main", b"{}", 403)
