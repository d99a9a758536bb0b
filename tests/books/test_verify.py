"""`pos verify` says what it looked at, names the first broken entry, and is not disturbed by selling."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest

from pos import clock
from pos.db import transact
from pos.domain.journal import canonical, entry_hash, entry_line
from pos.operations import shifts
from pos.operations.verify import verify
from tests.books.conftest import Day
from tests.books.tamper import Tamperer, behind_its_back
from tests.factories import cart
from tests.support.command import run_apart, run_here

ENTRY = ["book_id", "seq", "at", "kind", "actor", "request_id", "content", "previous", "hash"]
KEY = ["book_id", "seq"]


def test_good_books_are_said_to_be_good_with_their_heads(day: Day) -> None:
    ended = run_apart(day.environment, "verify")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert [line.split(":")[0] for line in lines[:4]] == ["OFFICE", "K1", "K2", "G1"]
    assert lines[-1].startswith("Verified ")
    assert lines[-1].endswith("all agree.")


def test_the_first_broken_entry_is_named_in_one_line(day: Day) -> None:
    with behind_its_back(day.url) as tamperer:
        rows = tamperer.rows("sale", ["seq", "number", "id", "total"])
        done = sorted((row for row in rows if str(row["number"]).startswith("K1-")), key=lambda r: r["seq"])
        for sale in done[1:3]:
            tamperer.change("sale", sale, ["id"], "total", sale["total"] + 1)
    ended = run_apart(day.environment, "verify")
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert f"First broken: K1 entry {done[1]['seq']} (" in ended.err
    assert f"sale {done[1]['id']}: total is {done[1]['total'] + 1} in the table" in ended.err
    assert f"sale {done[2]['id']}" in ended.out


def test_a_program_can_read_the_verdict(day: Day) -> None:
    good = json.loads(run_here(day.environment, "verify", "--json").out)
    assert good["good"] is True
    assert good["problems"] == []
    with behind_its_back(day.url) as tamperer:
        row = tamperer.rows("stock_balance", ["location_id", "product_id", "lot_id", "on_hand"])[0]
        tamperer.change("stock_balance", row, list(row)[:3], "on_hand", row["on_hand"] + 5)
    ended = run_here(day.environment, "verify", "--json")
    assert ended.code == 1
    bad = json.loads(ended.out)
    assert bad["good"] is False
    assert "stock_balance" in bad["problems"][0]["what"]


def test_entries_that_changed_places_are_found(day: Day) -> None:
    with behind_its_back(day.url) as tamperer:
        book = first_till(tamperer)
        two, three = book[1], book[2]
        for column in ENTRY[2:]:
            if column != "request_id":
                tamperer.change("entry", two, KEY, column, three[column])
                tamperer.change("entry", three, KEY, column, two[column])
    ended = run_here(day.environment, "verify")
    assert ended.code == 1
    assert "K1 entry 2" in ended.err


def test_a_cut_off_end_of_a_book_is_found(day: Day) -> None:
    with behind_its_back(day.url) as tamperer:
        tamperer.delete("entry", first_till(tamperer)[-1], KEY)
    assert run_here(day.environment, "verify").code == 1


@pytest.mark.parametrize(
    "figure", ["gross", "expected_cash", "sales_count", "grand_total", "by_method", "qris"]
)
def test_a_forged_z_report_is_found_even_when_every_hash_was_made_anew(day: Day, figure: str) -> None:
    with behind_its_back(day.url) as tamperer:
        book = first_till(tamperer)
        at = next(n for n, entry in enumerate(book) if entry["kind"] == "shift_closed")
        content = json.loads(book[at]["content"])
        report = json.loads(content["z_report"][0]["report"])
        forged = {"by_method": {"cash": 1}, "qris": {"confirmed": {"count": 9, "amount": 1}}}
        report[figure] = {**report[figure], **forged[figure]} if figure in forged else report[figure] + 1_000
        content["z_report"][0]["report"] = canonical(report)
        tamperer.change("z_report", {"id": content["z_report"][0]["id"]}, ["id"], "report", canonical(report))
        tamperer.change("entry", book[at], KEY, "content", canonical(content))
        chain_anew(tamperer, "K1")
    ended = run_here(day.environment, "verify")
    assert ended.code == 1
    assert f"K1 entry {book[at]['seq']} (shift_closed" in ended.err
    assert f"Z 1: {figure}" in ended.err


def test_a_forged_sale_is_found_even_when_every_hash_was_made_anew(day: Day) -> None:
    with behind_its_back(day.url) as tamperer:
        entry = next(entry for entry in first_till(tamperer) if entry["kind"] == "sale")
        content = json.loads(entry["content"])
        sale = content["sale"][0]
        sale["total"] -= 5_000
        tamperer.change("sale", sale, ["id"], "total", sale["total"])
        tamperer.change("entry", entry, KEY, "content", canonical(content))
        chain_anew(tamperer, "K1")
    ended = run_here(day.environment, "verify")
    assert ended.code == 1
    assert f"K1 entry {entry['seq']} (sale" in ended.err


def test_it_is_not_disturbed_by_tills_that_sell(day: Day) -> None:
    day.shop.receive("TBT-020", 500)
    stop = threading.Event()
    refused: list[object] = []

    def sell() -> None:
        client = day.shop.app.test_client()
        headers = {"Authorization": f"Bearer {day.shop.tokens['cashier']}"}
        while not stop.is_set():
            answer = client.post("/api/v1/sales", json=cart({"TBT-020": 1}), headers=headers)
            if answer.status_code != 201:
                refused.append(answer.get_json())
                return

    tills = [threading.Thread(target=sell) for _ in range(2)]
    for till in tills:
        till.start()
    try:
        with day.shop.app.app_context():
            verdicts = [verify() for _ in range(8)]
    finally:
        stop.set()
        for till in tills:
            till.join()
    assert refused == []
    assert [str(problem) for verdict in verdicts for problem in verdict.problems] == []
    assert verdicts[-1].entries > verdicts[0].entries, "nobody sold meanwhile"


def test_a_kiosk_that_was_closed_with_its_day_verifies(day: Day) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    with day.shop.app.app_context():
        transact(lambda: shifts.close_kiosk_of_yesterday("K2", tomorrow))
        found = verify()
    assert found.good, found.problems
    assert {book.code: book.entries for book in found.books}["K2"] >= 5


def test_a_tampered_text_with_line_breaks_still_makes_one_line(day: Day) -> None:
    with behind_its_back(day.url) as tamperer:
        row = tamperer.rows("cash_event", ["book_id", "seq", "reason"])[0]
        tamperer.change("cash_event", row, ["book_id", "seq"], "reason", "a\nb\r\nc")
    ended = run_here(day.environment, "verify")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)


def first_till(tamperer: Tamperer) -> list[dict[str, Any]]:
    return book_of(tamperer, "K1")


def book_of(tamperer: Tamperer, code: str) -> list[dict[str, Any]]:
    """The entries of a book in their order."""
    book = next(row for row in tamperer.rows("book", ["id", "code"]) if row["code"] == code)
    rows = [row for row in tamperer.rows("entry", ENTRY) if row["book_id"] == book["id"]]
    return sorted(rows, key=lambda row: row["seq"])


def chain_anew(tamperer: Tamperer, code: str) -> None:
    """Make every hash of a book fit to what its entries say now: what somebody with the program could do."""
    previous = "0" * 64
    for entry in book_of(tamperer, code):
        at = entry["at"]
        instant = at if isinstance(at, str) else at.strftime("%Y-%m-%d %H:%M:%S.%f")
        line = entry_line(
            book=code,
            seq=entry["seq"],
            at=f"{instant[:10]}T{instant[11:23]}Z",
            kind=entry["kind"],
            actor=json.loads(entry["actor"]),
            request=entry["request_id"],
            content=entry["content"],
            previous=previous,
        )
        tamperer.change("entry", entry, KEY, "previous", previous)
        previous = entry_hash(line)
        tamperer.change("entry", entry, KEY, "hash", previous)
    tamperer.change("book", {"code": code}, ["code"], "head", previous)
