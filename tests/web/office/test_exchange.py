"""Products as files: exported, looked at, imported."""

import io

import pytest

from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person

GOOD = """sku;nama;harga;satuan;stok;lot
KTK-050;Keripik Tempe Keju;9.500;bungkus;25;L-1
KTO-100;Keripik Tempe Asli;15.500;;;
"""


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


def choose(person: Person, text: str | bytes, status: int = 200, name: str = "produk.csv") -> str:
    data = text.encode() if isinstance(text, str) else text
    return person.send(
        "products/import", {"file": (io.BytesIO(data), name)}, status, content_type="multipart/form-data"
    )


@both
def test_a_file_is_looked_at_first_and_then_imported_once(manager: Person, shop: Shop) -> None:
    before = shop.rows()
    said = choose(manager, GOOD)
    assert "What produk.csv would do" in said
    assert "New products 1" in said
    assert "Changed products 1" in said
    assert "Pieces in 25" in said
    assert shop.changed(before) == {}
    form = {"packed": manager.value("packed"), "form_id": manager.value("form_id")}
    said = manager.send("products/import", form)
    assert "Imported. New: 1, changed: 1, prices: 1, pieces in: 25." in said
    prices = {item["sku"]: (item["price"], item["available"]) for item in shop.get("/products")["items"]}
    assert prices["KTK-050"] == (9_500, 25)
    assert prices["KTO-100"][0] == 15_500
    after = shop.rows()
    assert "This was done already." in manager.send("products/import", form)
    assert shop.changed(after) == {}


def test_every_fault_is_named_by_row_and_column_and_nothing_changes(manager: Person, shop: Shop) -> None:
    before = shop.rows()
    said = choose(manager, "sku;nama;harga\nA-1;Satu;seribu\nA-2;;5000\nA-1;Lagi;1\n", status=422)
    assert "Rows with faults: 3" in said
    assert "2 harga seribu is not a whole number." in said
    assert "3 nama Fill this in." in said
    assert "4 sku Stands in row 2 already." in said
    assert shop.changed(before) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 an excel file",
        b"\xff\xfes\x00k\x00u\x00",
        b"sku;nama\n\xff\xff",
        b"apa;saja\n1;2\n",
        b"sku;nama\n",
    ],
    ids=["xlsx", "utf-16", "latin", "unknown columns", "no rows"],
)
def test_a_file_that_can_not_be_read_is_refused_in_words(manager: Person, shop: Shop, data: bytes) -> None:
    before = shop.rows()
    choose(manager, data, status=422)
    assert len(manager.fault("file")) > 10
    assert shop.changed(before) == {}


def test_no_file_is_refused_at_the_field(manager: Person) -> None:
    choose(manager, b"", status=422)
    assert manager.fault("file") == "Choose a file."


@pytest.mark.parametrize("packed", ["x", "AAAA", "eJw=", "<script>"])
def test_a_mangled_second_step_is_refused(manager: Person, shop: Shop, packed: str) -> None:
    before = shop.rows()
    manager.send("products/import", {"packed": packed}, status=422)
    assert shop.changed(before) == {}


def test_a_hostile_file_is_shown_as_it_is(manager: Person) -> None:
    said = choose(manager, "sku;nama;harga\nX-1;<script>alert(1)</script>;1\n", name="<b>.csv")
    assert "<script>alert" not in manager.source
    assert "<b>.csv" in said


@both
def test_what_is_exported_comes_in_again_without_a_change(manager: Person, shop: Shop) -> None:
    for language in ("en", "id"):
        manager.client.set_cookie("pos_language", language)
        answer = manager.client.get("/back-office/products/export.csv")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "KTO-100" in answer.text
        manager.client.set_cookie("pos_language", "en")
        said = choose(manager, answer.data)
        assert "New products 0 Changed products 0 New prices 0 Pieces in 0" in said


def test_only_managers_import_and_everybody_else_may_take_a_copy(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    person.see("products/import", status=403)
    before = shop.rows()
    person.send("products/import", {"packed": "x", "form_id": new_id()}, status=403)
    assert shop.changed(before) == {}
    assert person.status("products/export.csv") == 200
