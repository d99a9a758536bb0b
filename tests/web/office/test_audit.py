"""The books as people read them."""

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
