"""Papers of partners that were forged, every hash made anew, are found all the same."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from pos.domain.journal import canonical
from pos.operations.verify import verify
from tests.books.conftest import Day
from tests.books.tamper import Tamperer, behind_its_back
from tests.books.test_verify import KEY, book_of, chain_anew

Content = dict[str, list[dict[str, Any]]]


def forged(table: str, key: list[str], column: str, by: Any) -> Callable[[Content, Tamperer], None]:
    """Change a column in the entry and in the table alike."""

    def forge(content: Content, tamperer: Tamperer) -> None:
        row = content[table][0]
        value = row[column] + by if isinstance(by, int) else by
        tamperer.change(table, row, key, column, value)
        row[column] = value

    return forge


LINE = ["sale_id", "position"]


@pytest.mark.parametrize(
    ("kind", "forge", "found"),
    [
        ("sell_through", forged("consignment_sale", ["id"], "due", -1), "due is"),
        ("sell_through", forged("consignment_sale", ["id"], "commission_bp", 100), "commission is"),
        ("sell_through", forged("consignment_sale", ["id"], "number", 5), "number is"),
        ("sell_through", forged("consignment_sale_line", LINE, "unit_price", -1), "a row is added up wrong"),
        ("sell_through", forged("consignment_sale_line", LINE, "quantity", 1), "what left is not"),
        (
            "consignment_return",
            forged("consignment_return_line", ["return_id", "position"], "quantity", 1),
            "what came back is not what its lines say",
        ),
        ("stock_transfer", forged("consignment_delivery", ["id"], "number", 7), "number is"),
    ],
)
def test_a_forged_paper_of_a_partner_is_found(
    day: Day, kind: str, forge: Callable[[Content, Tamperer], None], found: str
) -> None:
    with behind_its_back(day.url) as tamperer:
        entries = [entry for entry in book_of(tamperer, "OFFICE") if entry["kind"] == kind]
        entry = entries[-1]
        content = json.loads(entry["content"])
        forge(content, tamperer)
        tamperer.change("entry", entry, KEY, "content", canonical(content))
        chain_anew(tamperer, "OFFICE")
    with day.shop.app.app_context():
        problems = [problem.what for problem in verify().problems]
    assert any(found in what for what in problems), problems


def test_a_report_that_counts_twice_is_found(day: Day) -> None:
    """The first report was reversed. Whoever takes the reversal for another act makes it count again."""
    with behind_its_back(day.url) as tamperer:
        (entry,) = [e for e in book_of(tamperer, "OFFICE") if e["kind"] == "sell_through_reversed"]
        tamperer.change("entry", entry, KEY, "kind", "stock_adjustment")
        chain_anew(tamperer, "OFFICE")
    with day.shop.app.app_context():
        problems = [problem.what for problem in verify().problems]
    assert any("counts what" in what for what in problems), problems
    assert any("without a partner's paper" in what for what in problems), problems
