"""Papers of the stock that were forged, every hash made anew, are found all the same."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from pos.domain.journal import canonical
from tests.books.conftest import Day
from tests.books.tamper import Tamperer, behind_its_back
from tests.books.test_verify import KEY, book_of, chain_anew
from tests.support.command import run_here

Content = dict[str, list[dict[str, Any]]]


def sent_more(content: Content, tamperer: Tamperer) -> None:
    row = content["stock_transfer_line"][0]
    row["quantity"] += 1
    tamperer.change(
        "stock_transfer_line", row, ["transfer_id", "side", "position"], "quantity", row["quantity"]
    )


def counted_more(content: Content, tamperer: Tamperer) -> None:
    row = content["stock_count_result"][0]
    row["counted"] += 1
    tamperer.change("stock_count_result", row, ["count_id", "lot_id"], "counted", row["counted"])


def tallied_more(content: Content, tamperer: Tamperer) -> None:
    row = content["stock_count_tally"][0]
    row["quantity"] += 1
    tamperer.change("stock_count_tally", row, ["count_id", "number"], "quantity", row["quantity"])


@pytest.mark.parametrize(
    ("kind", "last", "forge", "found"),
    [
        ("stock_transfer", False, sent_more, "what left is not what its lines say"),
        ("stock_transfer_received", False, sent_more, "what arrived is not what its lines say"),
        ("stock_count_posted", True, counted_more, "the difference of lot"),
        ("stock_counted", True, tallied_more, "was counted otherwise"),
    ],
)
def test_a_forged_stock_paper_is_found(
    day: Day, kind: str, last: bool, forge: Callable[[Content, Tamperer], None], found: str
) -> None:
    with behind_its_back(day.url) as tamperer:
        entries = [entry for entry in book_of(tamperer, "OFFICE") if entry["kind"] == kind]
        entry = entries[-1 if last else 0]
        content = json.loads(entry["content"])
        forge(content, tamperer)
        tamperer.change("entry", entry, KEY, "content", canonical(content))
        chain_anew(tamperer, "OFFICE")
    ended = run_here(day.environment, "verify", "--json")
    assert ended.code == 1
    assert any(found in problem["what"] for problem in json.loads(ended.out)["problems"]), ended.out


def test_lots_from_before_they_said_who_made_them_still_verify(day: Day) -> None:
    with behind_its_back(day.url) as tamperer:
        for entry in book_of(tamperer, "OFFICE"):
            content = json.loads(entry["content"])
            whole = [row for row in content.get("lot", ()) if "code" in row]
            if whole and all(row["made_on"] is None and row["source_id"] is None for row in whole):
                for row in whole:
                    del row["made_on"], row["source_id"]
                tamperer.change("entry", entry, KEY, "content", canonical(content))
        chain_anew(tamperer, "OFFICE")
    ended = run_here(day.environment, "verify")
    assert (ended.code, ended.err) == (0, "")
