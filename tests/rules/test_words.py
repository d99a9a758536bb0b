"""What the books may hold has words in the back office: no code of ours stands on a page."""

import re
from pathlib import Path

from pos.operations.verify.rows import WHAT_HAPPENED
from pos.paths import PACKAGE
from pos.web.office.act_words import KINDS
from pos.web.office.ledger_words import TABLES

ACT = re.compile(r'\b(?:Act|begin)\(\s*(?:[^"()]|\([^()]*\))*?"([a-z_]+)"')
"""Where an act begins, with what it is called: `Act(book, "void", …)`, `stock.begin("stock_count", …)`."""


def acts(folder: Path) -> set[str]:
    return {name for file in folder.rglob("*.py") for name in ACT.findall(file.read_text("utf-8"))}


def test_every_act_and_every_table_of_the_books_has_a_name_that_people_read() -> None:
    found = acts(PACKAGE / "operations")
    assert len(found) > 50
    assert sorted(found - KINDS.keys()) == []
    assert sorted(set(WHAT_HAPPENED) - TABLES.keys()) == []
