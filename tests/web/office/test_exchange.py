"""Products as files: exported, looked at, imported."""

import io

import pytest

from pos.domain.workbook import write
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
        b"PK\x03\x04 no excel file",
        b"\xd0\xcf\x11\xe0 an old one",
        b"\xff\xfes\x00k\x00u\x00",
        b"sku;nama\n\xff\xff",
        b"apa;saja\n1;2\n",
        b"sku;nama\n",
    ],
    ids=["xlsx", "xls", "utf-16", "latin", "unknown columns", "no rows"],
)
def test_a_file_that_can_not_be_read_is_refused_in_words(manager: Person, shop: Shop, data: bytes) -> None:
    before = shop.rows()
    choose(manager, data, status=422)
    assert len(manager.fault("file")) > 10
    assert shop.changed(before) == {}


@both
def test_a_workbook_is_looked_at_first_and_then_imported(manager: Person, shop: Shop) -> None:
    book = write("Produk", ["sku", "nama", "harga", "stok"], [["KTK-050", "=Keripik", 9_500, 25]])
    before = shop.rows()
    assert "New products 1" in choose(manager, book, name="produk.xlsx")
    assert shop.changed(before) == {}
    form = {name: manager.value(name) for name in ("packed", "form_id", "file_name")}
    assert "Imported. New: 1" in manager.send("products/import", form)
    names = {item["sku"]: item["name"] for item in shop.get("/products")["items"]}
    assert names["KTK-050"] == "=Keripik"


def test_faults_of_a_workbook_are_named_by_row_and_column(manager: Person, shop: Shop) -> None:
    book = write("Produk", ["sku", "nama", "harga"], [["A-1", "Satu", 5_000], ["A-2", "Dua", 15.5]])
    before = shop.rows()
    assert "3 harga 15.5 is not a whole number." in choose(manager, book, status=422, name="produk.xlsx")
    assert shop.changed(before) == {}


def test_a_csv_file_called_a_workbook_is_refused_at_the_field(manager: Person) -> None:
    choose(manager, GOOD, status=422, name="produk.xlsx")
    assert manager.fault("file") == "produk.xlsx is no Excel workbook, though it is called one."


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
        for suffix in ("csv", "xlsx"):
            answer = manager.client.get(f"/back-office/products/export.{suffix}")
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Content-Disposition"].endswith(f'.{suffix}"')
            manager.client.set_cookie("pos_language", "en")
            said = choose(manager, answer.data, name=f"produk.{suffix}")
            assert "Rows read 6" in said
            assert "New products 0 Changed products 0 New prices 0 Pieces in 0" in said
            manager.client.set_cookie("pos_language", language)


def test_only_managers_import_and_everybody_else_may_take_a_copy(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    person.see("products/import", status=403)
    before = shop.rows()
    person.send("products/import", {"packed": "x", "form_id": new_id()}, status=403)
    assert shop.changed(before) == {}
    assert person.status("products/export.csv") == 200
    assert person.status("products/export.xlsx") == 200
