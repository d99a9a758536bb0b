"""Partners at the back office: their goods, their files and their statement, without a script."""

import io
from typing import Any

import pytest

from pos.domain.workbook import write
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person
from tests.web.office.test_stock_papers import day, path_of

HERE = "stock/partners/TOKO-MAWAR"
PARTNER = {"code": "toko-mawar", "name": "Toko Mawar", "kind": "shop", "commission": "12,5"}
GOODS = {
    "from": "GUDANG",
    "handed_over": "1",
    "lines.0.sku": "KTO-100",
    "lines.0.quantity": "20",
    "lines.1.sku": "MBT-250",
    "lines.1.quantity": "6",
}


@pytest.fixture
def mawar(office: Office) -> Person:
    """The manager, who added a partner with an agreed price and delivered goods."""
    person = office("Manajer")
    assert "Toko Mawar" in person.send("stock/partners/new", PARTNER)
    assert "12.5%" in person.text
    person.send(f"{HERE}/prices", {"valid_from": day(0), "price.KTO-100": "14.500"})
    person.send(f"{HERE}/deliver", GOODS)
    assert "SJ-000001" in person.text
    return person


def brought(person: Person, text: str, name: str = "jual.csv", status: int = 200, **more: str) -> str:
    """Choose a file and look at it."""
    data = text if isinstance(text, bytes) else text.encode()
    form = {"file": (io.BytesIO(data), name), "from": "", "until": "", **more}
    return person.send(f"{HERE}/report", form, status, content_type="multipart/form-data")


def again(person: Person, status: int = 200, **more: str) -> str:
    """Send the page that shows a file once more, with what is typed in it changed."""
    names = ("form_id", "packed", "file_name", "header", "header_was", "from", "until", "document")
    form: dict[str, Any] = {name: person.value(name) for name in names}
    for role in ("barcode", "sku", "quantity", "price", "date", "outlet"):
        form[f"column.{role}"] = chosen(person, f"column.{role}")
    return person.send(f"{HERE}/report", {**form, **more}, status)


def chosen(person: Person, name: str) -> str:
    options = person.source.split(f'name="{name}"')[1].split("</select>")[0]
    return options.split(" selected>")[0].rsplit('value="', 1)[1].rstrip('"') if "selected" in options else ""


def sold(*rows: str) -> str:
    head = "Swalayan\nKode Barang;Nama;Tgl;Qty Terjual;Harga Jual\n"
    return head + "".join(f"{row.replace('@', day(0))}\n" for row in rows)


@both
def test_a_file_is_looked_at_booked_once_and_stands_in_the_statement(mawar: Person, shop: Shop) -> None:
    text = sold("KTO-100;Tempe;@;7;15.000", "MBT-250;;@;2;", "TOTAL;;;9;")
    said = brought(mawar, text, document="INV-1")
    assert "Nothing was booked yet" in said
    assert "theirs Rp 15.000, agreed Rp 14.500" in said.replace("\u00a0", " ")
    assert shop.get("/stock?location=TOKO-MAWAR")["items"][0]["on_hand"] == 20
    form_id = mawar.value("form_id")
    assert "The report is booked" in again(mawar, book="1")
    page = path_of(mawar)
    assert "INV-1" in mawar.text
    assert shop.get("/stock?location=TOKO-MAWAR")["items"][0]["on_hand"] == 13
    brought(mawar, text, status=409, document="INV-2")
    assert "counts already" in mawar.text
    assert form_id in page
    statement = mawar.see(f"{HERE}/statement?from={day(0)}&until={day(0)}").replace("\u00a0", " ")
    assert "Rp 117.500" in statement  # 7 x 14.500 + 2 x 8.000
    assert "Rp 102.812" in statement
    assert "LJ-000001" in statement


def test_the_same_form_sent_twice_books_once(mawar: Person, shop: Shop) -> None:
    brought(mawar, sold("KTO-100;;@;7;"))
    form = {name: mawar.value(name) for name in ("form_id", "packed", "file_name", "header", "header_was")}
    form |= {"column.sku": "0", "column.quantity": "3", "column.date": "2", "book": "1"}
    mawar.send(f"{HERE}/report", form)
    assert "This was done already" in mawar.send(f"{HERE}/report", form)
    assert shop.get("/stock?location=TOKO-MAWAR")["items"][0]["on_hand"] == 13


def test_every_wrong_row_is_named_and_nothing_is_booked(mawar: Person, shop: Shop) -> None:
    said = brought(mawar, sold("TIDAK-ADA;;@;1;", "KTO-100;;kapan;1;", "KTO-100;;@;1.250;"), status=422)
    assert "no product with the code TIDAK-ADA" in said
    assert "kapan" in said
    assert "two ways" in said
    said = brought(mawar, sold("KTO-100;;@;15;", "KTO-100;;@;6;"), status=409)
    assert said.count("21 of KTO-100 sold, but by the books only 20 lie there") == 2
    assert "Book the delivery that is missing" in said
    assert shop.get("/stock?location=TOKO-MAWAR")["items"][0]["on_hand"] == 20


def test_columns_that_nobody_knows_are_named_by_a_person_and_remembered(mawar: Person) -> None:
    said = brought(mawar, "produk;banyak\nKTO-100;2\n", status=422)
    assert "Say which column holds the pieces" in said
    again(mawar, 422, **{"column.sku": "0", "column.quantity": "0"})
    assert "Two of these name the same column" in mawar.text
    again(mawar, 422, **{"column.sku": "0", "column.quantity": "1"})
    assert "Type the period" in mawar.text
    period = {"from": day(0), "until": day(0)}
    assert "Nothing was booked yet" in again(mawar, document="A", **period)
    again(mawar, book="1")
    data = write("Jual", ["produk", "banyak"], [["MBT-250", 1]])
    said = brought(mawar, data, "jual.xlsx", document="B", **period)  # type: ignore[arg-type]
    assert "Nothing was booked yet" in said


def test_a_wrong_report_is_reversed_with_a_reason(mawar: Person, shop: Shop) -> None:
    brought(mawar, sold("KTO-100;;@;7;"))
    again(mawar, book="1")
    page = path_of(mawar)
    mawar.send(f"{page}/reverse", {"reason": ""}, 422)
    assert "Reversed" in mawar.send(f"{page}/reverse", {"reason": "salah bulan"})
    assert shop.get("/stock?location=TOKO-MAWAR")["items"][0]["on_hand"] == 20
    brought(mawar, sold("KTO-100;;@;7;"))
    assert "The report is booked" in again(mawar, book="1")


def test_unsold_and_spoiled_goods_come_back_lot_by_lot(mawar: Person, shop: Shop) -> None:
    lot = shop.stock("KTO-100")["lots"][0]["lot"]
    form = {"to": "GUDANG", "sku": "KTO-100", "lot": lot}
    mawar.send(f"{HERE}/return", form, 422)
    assert "how many pieces" in mawar.text
    form |= {f"good.KTO-100.{lot}": "5", f"bad.KTO-100.{lot}": "2"}
    mawar.send(f"{HERE}/return", form, 422)
    assert "Say why" in mawar.fault("reason")
    said = mawar.send(f"{HERE}/return", form | {"reason": "basah"})
    assert "SR-000001" in said
    assert "written off basah" in said
    mawar.send(f"{HERE}/return", form | {f"good.KTO-100.{lot}": "14", "reason": "x"}, 409)
    assert shop.stock("KTO-100")["on_hand"] == 185


def test_notes_and_statements_are_paper_and_files(mawar: Person, shop: Shop) -> None:
    lot = shop.stock("KTO-100")["lots"][0]["lot"]
    delivery = path_of(mawar).split("/")[-1]
    form = {"to": "GUDANG", "sku": "KTO-100", "lot": lot, f"good.KTO-100.{lot}": "1"}
    mawar.send(f"{HERE}/return", form)
    back = path_of(mawar).split("/")[-1]
    span = f"from={day(0)}&until={day(0)}"
    for path, start in (
        (f"stock/partners/deliveries/{delivery}.pdf", b"%PDF-"),
        (f"stock/partners/returns/{back}.pdf", b"%PDF-"),
        (f"{HERE}/statement.pdf?{span}", b"%PDF-"),
        (f"{HERE}/statement.xlsx?{span}", b"PK"),
        (f"{HERE}/statement.csv?{span}", b"\xef\xbb\xbf"),
    ):
        answer = mawar.client.get(f"/back-office/{path}")
        assert (answer.status_code, answer.data[: len(start)]) == (200, start), path
    assert "printed at K1" in mawar.send(f"stock/transfers/{delivery}/print", {"register": "K1"})
    assert "printed at K1" in mawar.send(f"stock/partners/returns/{back}/print", {"register": "K1"})
    slips = [job for job in shop.get("/print-jobs")["items"] if job["kind"] == "transfer"]
    assert len(slips) == 2


def test_what_lies_at_a_partners_is_in_the_dates_the_value_and_the_recall(mawar: Person, shop: Shop) -> None:
    shop.receive("KTB-250", 3, lot="DEKAT", expires_on=day(2), unit_cost=20_000)
    goods = {"from": "GUDANG", "handed_over": "1", "lines.0.sku": "KTB-250", "lines.0.quantity": "3"}
    mawar.send(f"{HERE}/deliver", goods | {"lines.0.lot": "DEKAT"})
    assert "TOKO-MAWAR" in mawar.see("stock/expiring")
    assert "60.000" in mawar.see("stock/value?location=TOKO-MAWAR")
    assert "Toko Mawar" in mawar.see("stock/lot/KTB-250?lot=DEKAT")


def test_an_outlet_never_sells_what_lies_at_a_partners(mawar: Person) -> None:
    outlet = {"code": "BARU", "name": "Baru", "location": "TOKO-MAWAR", "time_zone": "Asia/Jakarta"}
    mawar.send("devices/outlets/new", outlet | {"cut_off": "00:00"}, 422)


def test_who_sees_and_who_does(mawar: Person, office: Office) -> None:
    assert mawar.page is not None
    for name, statement, paper, change in (
        ("Pengawas", 200, 200, 403),
        ("Bendahara", 200, 403, 403),
        ("Pemeriksa", 200, 403, 403),
    ):
        person = office(name)
        assert person.status(HERE) == 200
        assert person.status(f"{HERE}/statement") == statement
        for path in ("deliver", "report", "return"):
            assert person.status(f"{HERE}/{path}") == paper, (name, path)
        assert person.status(f"{HERE}/edit") == change


def test_a_partner_that_gets_no_more_goods_keeps_its_history(mawar: Person) -> None:
    changed = PARTNER | {"name": "Toko Mawar Merah", "commission": "20"}
    assert "20%" in mawar.send(f"{HERE}/edit", changed)
    mawar.send(f"{HERE}/deliver", GOODS, 409)
    assert "gets no more goods" in mawar.text
    mawar.send("stock/partners/new", PARTNER | {"commission": "101"}, 422)
    assert mawar.fault("commission")
    mawar.send("stock/partners/new", PARTNER, 422)
    assert mawar.fault("code")
    assert mawar.status("stock/partners/TIDAK-ADA") == 404
    assert mawar.status(f"stock/partners/reports/{new_id()}") == 404
