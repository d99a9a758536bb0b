"""The books as people read them."""

from pos import clock
from pos.db import transact
from pos.operations import catalogue
from pos.operations.actor import SYSTEM
from pos.queries import journal
from tests.factories import Shop
from tests.web.office.conftest import Office, both


@both
def test_each_book_shows_its_entries_newest_first(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})
    person = office("Pemeriksa")
    said = person.see("audit/?book=K1")
    assert said.index("K1 2") < said.index("K1 1")
    assert f"Sale {sale['number']}" in said
    assert "Till opened" in said
    assert "Products saved" in person.see("audit/")
    person.see("audit/?book=NOPE&before=x")


@both
def test_an_entry_shows_every_row_in_words_and_its_place_in_the_chain(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})
    person = office("Pemeriksa")
    said = person.see("audit/K1/2").replace("\u00a0", " ")
    for part in (
        sale["number"],
        sale["entry_hash"],
        "Rp 30.000",
        "Keripik Tempe Original 100 g",
        "GUDANG",
        "PEMBELI",
    ):
        assert part in said
    assert "pin_hash" not in person.see("audit/OFFICE/7")
    person.see("audit/K1/3", status=404)
    person.see("audit/NOPE/1", status=404)
    person.see("audit/K1/99999999999999999999", status=404)


def test_every_entry_of_a_whole_day_opens(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})
    till.paid_by_qris({"MBT-250": 1}, "R-1")
    till.post(f"/sales/{sale['id']}/void", {"id": sale["id"][:-4] + "abcd", "reason": "salah"})
    till.close(till.get("/shifts/current?register=K1")["id"], 100_000)
    person = office("Pemeriksa")
    with till.app.app_context():
        from pos.queries.journal import books

        heads = {book.code: book.seq for book in books()}
    for code, last in heads.items():
        for seq in range(1, last + 1):
            person.see(f"audit/{code}/{seq}")
    assert heads["K1"] > 5


SET: dict[str, object] = {"rounding_step": 500, "receipt_show_link": False}


@both
def test_settings_counts_and_reports_are_told_in_words(office: Office, till: Shop) -> None:
    manager = office("Manajer")
    manager.see("settings/")
    with till.app.app_context():
        before = {book.code: book.seq for book in journal.books()}
        transact(lambda: catalogue.change_settings(SET, SYSTEM, clock.now()))
    said = manager.see(f"audit/OFFICE/{before['OFFICE'] + 1}").replace("\u00a0", " ")
    assert "Setting Rounding of cash Value Rp 500" in said
    assert "Setting Receipts show the address of the receipt on the web Value no" in said
    assert "Settings changed Rounding of cash, Receipts show the address" in manager.see("audit/")
    till.sell({"KTO-100": 2})
    shift = till.get("/shifts/current?register=K1")["id"]
    till.close(shift, {"100000": 1, "20000": 1, "5000": 2})
    with till.app.app_context():
        last = next(book.seq for book in journal.books() if book.code == "K1")
    pages = [manager.see(f"audit/K1/{seq}").replace("\u00a0", " ") for seq in range(last - 1, last + 1)]
    assert any("Notes and coins 1 × Rp 100.000, 1 × Rp 20.000, 2 × Rp 5.000" in page for page in pages)
    assert any("Counted cash Rp 130.000 Discounts Rp 0 Drawer opened" in page for page in pages)
    manager.client.set_cookie("pos_language", "id")
    assert "Tunai: Rp 30.000; QRIS: Rp 0" in manager.see(f"audit/K1/{last}").replace("\u00a0", " ")
