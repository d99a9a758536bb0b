"""No code of ours stands in the audit trail: a day with everything, read entry by entry in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest

from pos.payments.base import Refunded
from pos.queries import journal
from pos.web.office import ledger_states, ledger_words
from tests.factories import Shop, new_id
from tests.web.office.collecting import PRETENDING, Collecting
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person
from tests.web.office.test_found_money import decide
from tests.web.office.test_outlet_files import delivered
from tests.web.office.test_settlements import choose, go_on, line

LINES = [{"sku": "KTO-100", "quantity": 1}]


@pytest.fixture
def machine() -> dict[str, Any]:
    return PRETENDING


def sales(shop: Shop) -> None:
    """Sold, voided, given back, held and dropped."""
    sale = shop.sell({"KTO-100": 2})
    assert shop.post(f"/sales/{sale['id']}/void", {"id": new_id(), "reason": "salah"}).status == 201
    for note in ("meja 4", "meja 5"):
        order = {"id": new_id(), "register": "K1", "lines": LINES, "note": note}
        assert shop.post("/orders", order).status == 201
    assert shop.send("DELETE", f"/orders/{order['id']}").status == 200
    back = {"id": new_id(), "reason": "rusak", "lines": LINES, "restock": False, "method": "cash"}
    assert shop.post(f"/sales/{shop.sell({'KTO-100': 1})['id']}/refunds", back).status == 201


def payments(money: Collecting, person: Person) -> None:
    """Late, twice, of another amount; given back, refused, kept; and a settlement file."""
    assert money.late("RRN-L")["why"] != money.late("RRN-2", amount=14_000)["why"]
    assert money.twice("RRN-T")["why"] == "twice"
    money.bank.refund_answer = Refunded("refused", reason="no balance")
    decide(person, money.late("RRN-3")["id"], "give-back", {"method": "provider", "reason": "pergi"})
    money.work(1)
    decide(person, money.late("RRN-4")["id"], "keep", {"reason": "hilang"})
    choose(person, line("RRN-T", 15_000, 90), line("88", 7_000, minutes=-60))
    go_on(person)


def stock(shop: Shop, person: Person) -> None:
    """Goods in and out, moved, counted, delivered."""
    lot = {"sku": "KTO-100", "quantity": 5, "lot": "L9"}
    assert shop.post("/stock/receipts", {"id": new_id(), "location": "GUDANG", "lines": [lot]}).status == 201
    for reason in ("count", "waste", "sample", "correction"):
        body = {"id": new_id(), "location": "GUDANG", "reason": reason}
        less = [{"sku": "KTO-100", "quantity": -1}]
        assert shop.post("/stock/adjustments", {**body, "lines": less}).status == 201
    delivered(person, "gerai2", "Gerai Dua", 1)
    person.send("devices/locations", {"code": "rak", "name": "Rak"})
    transfer = {"id": new_id(), "from": "GUDANG", "to": "RAK", "lines": LINES}
    assert shop.post("/stock/transfers", transfer).status == 201
    received = {"id": new_id(), "lines": LINES}
    assert shop.post(f"/stock/transfers/{transfer['id']}/receive", received).status in (200, 201)
    person.send("stock/counts/", {"location": "GUDANG", "blind": "1", "note": "pagi"})


def close(shop: Shop) -> None:
    """Cash in and out, counted by notes, with a difference."""
    shift = shop.get("/shifts/current?register=K1")["id"]
    for direction in ("in", "out"):
        body = {"id": new_id(), "direction": direction, "amount": 10_000, "reason": "receh"}
        assert shop.post(f"/shifts/{shift}/cash", body, who="manager").status == 201
    counted = {"id": new_id(), "counted": {"100000": 1, "5000": 2}}
    assert shop.post(f"/shifts/{shift}/count", counted).status == 201
    closed = {"id": new_id(), "reason": "kembalian kurang"}
    assert shop.post(f"/shifts/{shift}/close", closed, who="manager").status == 201


def entries() -> Iterator[journal.EntryView]:
    for book in journal.books():
        yield from journal.entries(book.code, None, 10_000)[0]


@both
def test_no_state_and_no_code_of_a_whole_day_is_shown_as_it_is_kept(
    office: Office, till: Shop, money: Collecting
) -> None:
    person = office("Manajer")
    sales(till)
    payments(money, person)
    stock(till, person)
    person.send("people/", {"name": "Siti", "role": "treasurer"})
    close(till)
    seen: set[tuple[str, str]] = set()
    for language in ("id", "en"):
        with till.app.test_request_context(headers={"Cookie": f"pos_language={language}"}):
            for entry in entries():
                assert entry.kind not in (ledger_words.kind(entry.kind), ledger_words.gist(entry)), entry.kind
                for table, rows in ledger_words.readable(entry.content):
                    assert table not in entry.content, table
                    assert_in_words(entry, table, rows)
                seen |= {(t, c) for t, rows in entry.content.items() for row in rows for c in row}
    assert ledger_states.STATES.keys() - seen <= OF_OTHER_DAYS


OF_OTHER_DAYS = {
    ("corrected_tender", "method"),
    ("consignment_sale", "status"),
    ("stock_count_tally", "kind"),
    ("product_permit", "kind"),
    ("product_source", "kind"),
    ("sign_check", "outcome"),
}
"""State columns that this day does not write; tests/rules/test_words.py holds that they have words."""


def assert_in_words(entry: journal.EntryView, table: str, rows: list[list[tuple[str, str]]]) -> None:
    """Every column is named, and no value is one of a state column's codes, a key or JSON."""
    names = [name for name in entry.content if ledger_words.table_name(name) == table]
    # Tables of one name follow each other as they are listed; each row is compared where it fits.
    kept = [(name, row) for name in names for row in entry.content[name] if len(names) == 1]
    for (name, row), shown in zip(kept, rows, strict=False):
        if "report" in row:
            assert [called for called, _ in shown if called.islower() or "_" in called] == []
            continue
        for (column, value), (called, said) in zip(row.items(), shown, strict=True):
            place = (entry.kind, name, column, value, said)
            assert called != column, place
            known = ledger_states.STATES.get((name, column), {})
            if isinstance(value, str) and known.get(value, value) != value:
                assert said != value, place
            assert not said.startswith(("{", "[", "user:", "token:", "device:")), place
            assert said not in ("true", "false", "null"), place
