"""Every list: its search, its pages, and its file, which holds exactly what is filtered."""

import csv
import io
import re
from datetime import datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import update

from pos import clock
from pos.db import db, transact
from pos.ids import first_id_at
from pos.models import PrintJob
from pos.queries.print_jobs import LOOKS_BACK
from pos.web.office import lists, orders, people
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person

LISTS = {
    "sales/": "Kasir",
    "orders/": "meja",
    "stock/": "tempe",
    "stock/movements/KTO-100": "",
    "stock/papers": "demo",
    "stock/transfers/": "zzz",
    "stock/counts/": "zzz",
    "stock/expiring?days=366": "telang",
    "stock/make-more": "zzz",
    "stock/value": "tempe",
    "stock/partners/": "zzz",
    "reports/": "",
    "payments/": "",
    "payments/found/": "",
    "payments/back/": "zzz",
    "settlements/": "zzz",
    "stock/outlet-files/": "zzz",
    "printing/": "K1",
    "people/": "manajer",
    "devices/": "K1",
    "audit/": "",
}
"""Each list with words that find some of it, or nothing."""
NARROWED = {"stock/", "stock/expiring?days=366", "stock/value", "people/"}


def rows(person: Person, address: str, kind: str) -> list[list[str]]:
    person.page = person.client.get(f"/back-office/{address}{'&' if '?' in address else '?'}file={kind}")
    assert person.page.status_code == 200, address
    assert re.search(
        rf'filename="[a-z0-9-]+-\d{{4}}-\d\d-\d\d\.{kind}"', person.page.headers["Content-Disposition"]
    )
    if kind == "csv":
        return list(csv.reader(io.StringIO(person.page.text.removeprefix("\ufeff"))))
    sheet = openpyxl.load_workbook(io.BytesIO(person.page.data)).active
    assert sheet is not None
    return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _text(cell: object) -> str:
    """What a cell of a workbook says in CSV; a date is read from a workbook as its midnight."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


@pytest.fixture
def busy(till: Shop) -> Shop:
    """A day with some of everything."""
    for _ in range(3):
        till.sell({"KTO-100": 1})
    till.sell({"MBT-250": 2}, qris=True)
    order = {"id": new_id(), "register": "K1", "lines": [{"sku": "KTO-100", "quantity": 1}], "note": "meja 4"}
    assert till.post("/orders", order).status == 201
    return till


def test_every_list_searches_and_is_a_file_of_what_it_finds(office: Office, busy: Shop) -> None:
    person = office("Manajer")
    for address, words in LISTS.items():
        person.see(address)
        assert "file=xlsx" in person.source, address
        assert "file=csv" in person.source, address
        everything = rows(person, address, "csv")
        book = rows(person, address, "xlsx")
        assert len(everything) == len(book), address
        assert everything[0] == book[0], address
        if words:
            some = rows(person, f"{address}{'&' if '?' in address else '?'}q={words}", "csv")
            assert some[0] == everything[0]
            assert len(some) < len(everything) or address not in NARROWED, address
            assert {tuple(row) for row in some} <= {tuple(row) for row in everything}, address


def test_a_word_that_nothing_has_leads_back_to_everything(office: Office, busy: Shop) -> None:
    person = office("Manajer")
    for address in ("sales/", "orders/", "products/", "stock/", "people/", "stock/papers"):
        said = person.see(f"{address}?q=zzz")
        assert "Nothing fits what you look for." in said, address
        assert f'href="/back-office/{address}"' in person.source, address


@both
def test_a_search_takes_signs_for_what_they_are(office: Office, busy: Shop) -> None:
    person = office("Manajer")
    for typed in ("%25", "_", "%27%3B--", "%5C"):
        assert "K1-000001" not in person.see(f"sales/?q={typed}"), typed
        person.see(f"stock/papers?q={typed}")
        person.see(f"audit/?q={typed}")
    assert "K1-000001" in person.see("sales/?q=tempe+kto")


@both
def test_pages_follow_each_other_without_a_gap(
    office: Office, busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.web.office import products, sales, stock

    for module in (products, sales, stock, orders):
        monkeypatch.setattr(module, "PAGE", 2)
    person = office("Manajer")
    for address, pattern in {
        "products/?shown=all": r"/back-office/products/([A-Z]{3}-\d+)\"",
        "sales/?status=completed": r"/back-office/sales/([0-9a-f-]{36})\"",
        "stock/": r"/back-office/stock/movements/([A-Z]{3}-\d+)\?",
    }.items():
        seen: list[str] = []
        following: str | None = address
        while following:
            person.see(following)
            seen += dict.fromkeys(re.findall(pattern, person.source))
            more = re.search(r'rel="next" href="/back-office/([^"]+)"', person.source)
            following = more[1].replace("&amp;", "&") if more else None
        assert len(seen) == len(set(seen)), address
        assert len(seen) == (3 if "sales" in address else 6), address


def test_a_cursor_that_nobody_made_is_the_first_page(office: Office, busy: Shop) -> None:
    person = office("Manajer")
    for address in LISTS:
        for wrong in ("x", "~", "~~~", "9999", "2026-01-01T00:00:00~x"):
            assert person.status(f"{address}{'&' if '?' in address else '?'}before={wrong}") == 200, (
                address,
                wrong,
            )


def test_sales_of_several_days_are_listed_and_a_mad_span_is_cut(office: Office, busy: Shop) -> None:
    person = office("Manajer")
    on = busy.get("/shifts/current?register=K1")["business_date"]
    assert len(rows(person, f"sales/?date={on}&to=9999-12-31", "csv")) == 5
    person.see(f"sales/?date=2000-01-01&to={on}")
    assert 'name="to" type="date" value="2000-04-01"' in person.source


def test_a_file_that_is_too_long_says_that_it_is_cut(
    office: Office, busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 2)
    monkeypatch.setattr(lists, "BATCH", 1)
    found = rows(office("Manajer"), "sales/", "csv")
    assert len(found) == 4
    assert found[-1][0] == "Cut after 2 rows. Filter the list to get the rest."


def test_old_papers_are_found_by_the_whole_number_of_their_receipt(office: Office, busy: Shop) -> None:
    old, new = busy.sell({"KTO-100": 1}), busy.sell({"KTO-100": 1})
    with busy.app.app_context():
        before = first_id_at(clock.now() - LOOKS_BACK - timedelta(days=1))
        transact(
            lambda: db.session.execute(
                update(PrintJob)
                .where(PrintJob.sale_id == old["id"], PrintJob.kind == "receipt")
                .values(id=before, status="failed")
            )
        )
    person = office("Manajer")
    assert old["number"] in person.see("printing/")
    for asked in ("q=k1-00", "register=K1", "status=failed"):
        said = person.see(f"printing/?{asked}")
        assert old["number"] not in said, asked
        assert "Of the last 30 days" in said
    for asked in ("", "status=queued"):
        assert "Of the last 30 days" not in person.see(f"printing/?{asked}"), asked
    assert new["number"] in person.see("printing/?q=k1-00")
    said = person.see(f"printing/?q={old['number'].lower()}")
    assert old["number"] in said
    assert new["number"] not in said


def test_the_catalogue_is_taken_away_as_it_is_filtered(office: Office) -> None:
    person = office("Manajer")
    answer = person.client.get("/back-office/products/export.csv?q=telang&shown=active")
    assert answer.text.count("MBT-250") == answer.text.count("MBL-250") == 1
    assert "KTO-100" not in answer.text
    assert "KTO-100" not in person.client.get("/back-office/products/export.csv?shown=retired").text


def test_the_audit_trail_begins_where_it_is_asked_to_and_goes_on(office: Office, busy: Shop) -> None:
    person = office("Pemeriksa")
    everything = rows(person, "audit/?book=K1", "csv")[1:]
    some = rows(person, "audit/?book=K1&kind=sale", "csv")[1:]
    assert len(some) == 3
    assert {row[3] for row in some} == {"Sale"}
    assert rows(person, "audit/?book=K1&to=2000-01-01", "csv")[1:] == []
    assert rows(person, "audit/?book=K1&to=2100-01-01", "csv")[1:] == everything


def test_a_cashless_person_gets_only_what_their_register_sold(office: Office) -> None:
    assert people.COLUMNS
    assert office("Bendahara").status("people/?file=csv") == 403
    assert office("Bendahara").status("audit/?file=xlsx") == 403
