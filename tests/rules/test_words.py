"""What the books may hold has words in the back office: no code of ours stands on a page."""

import re
from dataclasses import fields
from pathlib import Path

from sqlalchemy import CheckConstraint

from pos.db import Base
from pos.domain.shop import Shop
from pos.operations.journal import NOT_IN_CONTENT
from pos.operations.verify.rows import WHAT_HAPPENED
from pos.paths import PACKAGE
from pos.web.office.act_words import KINDS
from pos.web.office.ledger_states import SETTINGS, STATES
from pos.web.office.ledger_words import COLUMNS, TABLES

ACT = re.compile(r'\b(?:Act|begin)\(\s*(?:[^"()]|\([^()]*\))*?"([a-z_]+)"')
"""Where an act begins, with what it is called: `Act(book, "void", …)`, `stock.begin("stock_count", …)`."""


def acts(folder: Path) -> set[str]:
    return {name for file in folder.rglob("*.py") for name in ACT.findall(file.read_text("utf-8"))}


def test_every_act_and_every_table_of_the_books_has_a_name_that_people_read() -> None:
    found = acts(PACKAGE / "operations")
    assert len(found) > 50
    assert sorted(found - KINDS.keys()) == []
    assert sorted(set(WHAT_HAPPENED) - TABLES.keys()) == []


ONE_OF = re.compile(r"(\w+) IN \(([^()]+)\)")
"""How a table says that a column holds one of a few values."""
LOOSE = {
    ("payment", "why"): {"late", "twice", "amount"},
    ("payment", "decision"): {"attached", "kept", "refunded"},
    ("payment", "verified_by"): {"provider", "settlement"},
    ("payment", "provider"): {"static", "simulator", "snap", "midtrans"},
    ("settlement_row", "matched_by"): {"reference", "rrn", "time", "hand"},
    ("sign_check", "outcome"): {"same", "other", "transfer", "no_code"},
    ("movement", "reason"): {"sale", "refund", "void", "receipt", "count", "waste", "sample", "correction"}
    | {"transfer", "short", "over", "consigned", "returned", "spoiled"},
}
"""The same of columns whose tables do not say it."""


def states_of_the_tables() -> dict[tuple[str, str], set[str]]:
    found = dict(LOOSE)
    for name in TABLES.keys() & Base.metadata.tables.keys():
        for rule in Base.metadata.tables[name].constraints:
            said = ONE_OF.fullmatch(str(rule.sqltext)) if isinstance(rule, CheckConstraint) else None
            if said is not None:
                found[name, said[1]] = set(re.findall(r"'(\w+)'", said[2]))
    return found


def test_every_value_of_every_state_column_has_words() -> None:
    found = states_of_the_tables()
    assert len(found) > 30
    without = {at: values - STATES.get(at, {}).keys() for at, values in found.items()}
    assert {at: values for at, values in without.items() if values} == {}


def test_every_column_of_the_books_and_every_setting_has_a_name_that_people_read() -> None:
    columns = {
        column.name
        for name in TABLES.keys() & Base.metadata.tables.keys() - {"entry"}
        for column in Base.metadata.tables[name].columns
    }
    assert sorted(columns - COLUMNS.keys() - NOT_IN_CONTENT) == []
    assert {field.name for field in fields(Shop)} == SETTINGS.keys()
