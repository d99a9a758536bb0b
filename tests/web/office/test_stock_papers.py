"""Transfers, counts, dates, supply and lots at the back office, without a script."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pos import clock
from pos.db import db
from pos.models import Movement
from tests.api.test_stock_transfers import add_location
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person
from tests.web.office.test_stock import on_hand


@pytest.fixture
def gerai(shop: Shop) -> str:
    add_location(shop, "GERAI")
    return "GERAI"


def path_of(person: Person) -> str:
    """The address the browser ended at, inside the back office."""
    assert person.page is not None
    return person.page.request.path.removeprefix("/back-office/")


def day(days: int) -> str:
    return (clock.now() + timedelta(hours=7, days=days)).date().isoformat()


def day_before_goods_came(shop: Shop) -> str:
    """The demo shop may have got its goods yesterday, when midnight passes while the tests run."""
    with shop.app.app_context():
        first = db.session.execute(select(func.min(Movement.at))).scalar_one()
    assert first is not None
    return (first + timedelta(hours=7, days=-1)).date().isoformat()


SENT = {"from": "GUDANG", "to": "GERAI", "lines.0.sku": "KTO-100", "lines.0.quantity": "12"}


@both
def test_goods_are_sent_and_received_short_with_a_reason(office: Office, shop: Shop, gerai: str) -> None:
    person = office("Pengawas")
    assert "on their way" in person.send("stock/transfers/new", SENT)
    address = path_of(person)
    person.send(f"{address}/receive", {"lines.0.quantity": "11"}, status=422)
    assert "Say why" in person.fault("reason")
    said = person.send(f"{address}/receive", {"lines.0.quantity": "11", "reason": "satu sobek"})
    assert "satu sobek" in said
    assert "Received" in said
    assert shop.stock("KTO-100")["on_hand"] == 188
    assert "Missing on arrival" not in person.see(f"stock/movements/KTO-100?location={gerai}")
    assert "+" not in person.see("stock/transfers/?status=received").split("Pieces")[1].split("Older")[0]


@both
def test_a_transfer_that_is_sent_twice_leaves_once(office: Office, shop: Shop, gerai: str) -> None:
    person, form = office("Pengawas"), {**SENT, "form_id": new_id()}
    person.send("stock/transfers/new", form)
    person.send("stock/transfers/new", form)
    assert on_hand(shop, "KTO-100") == 188
    assert person.status("stock/transfers/?before=x") == 200
    assert gerai


def test_something_else_that_arrives_needs_a_lot_that_is_known(
    office: Office, shop: Shop, gerai: str
) -> None:
    person = office("Pengawas")
    person.send("stock/transfers/new", SENT)
    address = path_of(person)
    form = {"lines.0.quantity": "12", "reason": "salah muat", "extra.sku": "MBT-250", "extra.quantity": "2"}
    person.send(f"{address}/receive", {**form, "extra.lot": "X"}, status=422)
    assert "not known" in person.fault("extra.lot")
    lot = shop.stock("MBT-250")["lots"][0]["lot"]
    person.send(f"{address}/receive", {**form, "extra.lot": lot})
    items = shop.get(f"/stock?location={gerai}")["items"]
    assert {item["sku"]: item["on_hand"] for item in items} == {"KTO-100": 12, "MBT-250": 2}


def test_the_slip_and_the_labels_go_to_a_printer(office: Office, shop: Shop, gerai: str) -> None:
    person = office("Pengawas")
    person.send("stock/transfers/new", SENT)
    assert "being printed at K1" in person.send(f"{path_of(person)}/print", {"register": "K1"})
    person.send(
        "stock/receive",
        {"location": gerai, "lines.0.sku": "KTO-100", "lines.0.quantity": "3", "lines.0.lot": "L-9"},
    )
    address = path_of(person)
    assert person.value("copies.0") == "3"
    said = person.send(f"{address}/labels", {"register": "K1", "code": "qr", "copies.0": "3"})
    assert "Labels are being printed at K1" in said
    person.send(f"{address}/labels", {"register": "K1", "code": "qr", "copies.0": "0"}, status=422)
    kinds = [job["kind"] for job in shop.get("/print-jobs")["items"]]
    assert sorted(kinds) == ["label", "transfer"]


@both
def test_scans_are_added_up_reviewed_and_posted(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    person.send("stock/counts/", {"location": "GUDANG", "note": "akhir bulan"})
    address = path_of(person)
    barcode = shop.get("/products?query=KTO-100")["items"][0]["barcodes"][0]
    for _ in range(2):
        said = person.send(address, {"code": barcode, "quantity": "1"})
    assert "Keripik Tempe Original 100 g, lot" in said
    said = person.send(address, {"code": "kto-100", "quantity": "196"})
    assert ": 198" in said
    assert "What differs: 1" in person.see(f"{address}/review")
    person.send(f"{address}/again", {}, status=422)
    lot = shop.stock("KTO-100")["lots"][0]["lot"]
    person.send(f"{address}/again", {"lot": f"KTO-100~{lot}"})
    assert "count again" in person.text
    assert "still to be counted again" in person.send(f"{address}/post", {}, status=409)
    person.send(address, {"code": "KTO-100", "quantity": "199", "whole": "1"})
    assert "The count is posted." in person.send(f"{address}/post", {})
    assert on_hand(shop, "KTO-100") == 199
    assert "Stock count" in person.see("stock/movements/KTO-100")


def test_a_label_of_ours_names_the_lot_and_another_scan_asks_for_it(office: Office, shop: Shop) -> None:
    shop.receive("KTO-100", 5, lot="L(9)", expires_on="2099-01-31")
    person = office("Pengawas")
    person.send("stock/counts/", {"location": "GUDANG"})
    address = path_of(person)
    barcode = shop.get("/products?query=KTO-100")["items"][0]["barcodes"][0]
    said = person.send(address, {"code": f"(01)0{barcode}(17)990131(10)L(9)", "quantity": "1"})
    assert "lot L(9): 1" in said
    said = person.send(address, {"code": barcode, "quantity": "2"}, status=422)
    assert "Which lot of Keripik Tempe Original 100 g?" in said
    assert "lot L(9): 3" in person.send(address, {"code": "KTO-100", "quantity": "2", "lot": "L(9)"})
    assert "Nothing is known" in person.send(address, {"code": "999", "quantity": "1"}, status=422)


def test_a_blind_count_shows_no_books_to_who_counts(office: Office) -> None:
    person = office("Pengawas")
    person.send("stock/counts/", {"location": "GUDANG", "blind": "1"})
    address = path_of(person)
    assert " 200 " not in person.see(address)
    assert " 200 " in person.see(f"{address}/review")
    assert office("Pemeriksa").status(f"{address}/review") == 403
    assert "dropped" in person.send(f"{address}/drop", {})


@both
def test_expired_goods_are_written_off_by_ticking_them(office: Office, shop: Shop) -> None:
    shop.receive("KTO-100", 7, lot="BASI", expires_on=day(-3))
    shop.receive("KTO-100", 2, lot="AKHIR", expires_on=day(0))
    person = office("Pengawas")
    said = person.see("stock/expiring")
    assert said.index("BASI") < said.index("Sell today") < said.index("AKHIR")
    person.send("stock/expiring", {}, status=422)
    person.send("stock/expiring", {"lot": "GUDANG~KTO-100~AKHIR"}, status=422)
    assert "written off" in person.send("stock/expiring", {"lot": "GUDANG~KTO-100~BASI"})
    assert on_hand(shop, "KTO-100") == 202
    assert "BASI" not in person.see("stock/expiring")


def test_makers_are_added_offered_and_no_more(office: Office) -> None:
    person = office("Pengawas")
    person.send("stock/sources", {"name": "Bengkel 2", "kind": "maker"})
    person.send("stock/sources", {"name": "Bengkel 2", "kind": "maker"}, status=422)
    assert person.fault("name") == "This name is taken."
    person.see("stock/receive")
    assert 'value="Bengkel 2"' in person.source
    person.send("stock/sources/1", {"active": "0"})
    person.see("stock/receive")
    assert 'value="Bengkel 2"' not in person.source


@both
def test_minimums_make_the_list_of_what_to_make(office: Office) -> None:
    person = office("Pengawas")
    person.send("stock/minimums", {"location": "GUDANG", "minimum.KTO-100": "250", "minimum.MBT-250": ""})
    said = person.see("stock/make-more")
    assert "Keripik Tempe Original 100 g" in said
    assert "50 bungkus" in said
    assert "Minuman" not in said
    person.send("stock/minimums", {"location": "GUDANG", "minimum.KTO-100": "x"}, status=422)
    assert "whole number" in person.fault("minimum.KTO-100")


@both
def test_a_permit_that_ends_is_a_warning_on_its_product_and_the_first_page(office: Office) -> None:
    person = office("Manajer")
    form = {"pirt_number": "2063-26", "pirt_expires_on": day(20), "halal_number": "ID36"}
    person.send("stock/permits/KTO-100", {**form, "halal_expires_on": day(-2)})
    said = person.see("products/KTO-100")
    assert "P-IRT 2063-26 ends on" in said
    assert "Halal ID36 is over" in said
    assert "Permits to renew" in person.see("")
    person.send("stock/permits/KTO-100", {"halal_expires_on": day(5)}, status=422)
    person.send("stock/permits/KTO-100", {})
    assert "Permits to renew" not in person.see("")


def test_a_lot_shows_its_receipts_and_each_list_is_a_file(office: Office, till: Shop) -> None:
    till.receive("KTO-100", 9, lot="=B1", expires_on=day(5), unit_cost=9_000)
    number = till.sell({"KTO-100": 2})["number"]
    person = office("Pemeriksa")
    said = person.see("stock/lot/KTO-100?lot=%3DB1")
    assert number in said
    assert "Rp 9.000" in said
    assert "without a cost" in person.see("stock/value")
    for address in (
        "lot/KTO-100?lot=%3DB1&file=csv",
        "?file=csv",
        "expiring?file=csv",
        "make-more?file=csv",
        "value?file=csv",
        "movements/KTO-100?location=GUDANG&file=csv",
    ):
        answer = person.client.get(f"/back-office/stock/{address}")
        assert answer.status_code == 200, address
        assert answer.content_type.startswith("text/csv"), address
        assert ",=B1" not in answer.text, address
    assert number in person.client.get("/back-office/stock/lot/KTO-100?lot=%3DB1&file=csv").text


@both
def test_a_statement_of_some_days_has_their_balances(office: Office, till: Shop) -> None:
    for _ in range(3):
        till.sell({"KTO-100": 2})
    person = office("Pengawas")
    assert "194" in person.see(f"stock/movements/KTO-100?from={day(0)}&to={day(0)}")
    assert "Nothing moved" in person.see(f"stock/movements/KTO-100?from={day(1)}")
    assert "Nothing moved" in person.see(f"stock/movements/KTO-100?to={day_before_goods_came(till)}")
    assert "194" in person.see("stock/movements/KTO-100?from=x&to=y")


@both
def test_the_till_leads_to_the_open_count_and_says_so_when_there_is_none(office: Office) -> None:
    person = office("Pengawas")
    person.see("stock/counts/here")
    assert path_of(person) == "stock/counts/"
    person.send("stock/counts/", {"location": "GUDANG"})
    address = path_of(person)
    person.see("stock/counts/here")
    assert path_of(person) == address
    assert person.page is not None
    assert "camera=(self)" in person.page.headers["Permissions-Policy"]
    assert "Being counted now" in person.see("stock/counts/")
    assert "camera=()" in person.page.headers["Permissions-Policy"]
