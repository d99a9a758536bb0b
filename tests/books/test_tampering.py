"""Whoever changes anything behind the program's back is found out."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table

from pos.db import Base, UtcDateTime
from pos.operations.verify import Verdict, verify
from tests.books.conftest import Day
from tests.books.tamper import Tamperer, behind_its_back

SET_BY_PEOPLE = ("product", "price", "setting", "limit", "discount", "printer", "user", "role")
BOOKKEEPING = ("payment_task", "payment_notice")
"""What a provider has to be asked, and what it sent: no rupiah, no pieces."""
TABLES = [
    table
    for table in Base.metadata.sorted_tables
    if not str(table.name).startswith(SET_BY_PEOPLE) and table.name not in BOOKKEEPING
]


def verdict(day: Day) -> Verdict:
    with day.shop.app.app_context():
        return verify()


def other(value: Any, column: str, table: Table) -> Any:
    """Another value of the same kind."""
    match value:
        case None:
            kind = table.c[column].type
            if isinstance(kind, UtcDateTime):
                return "2026-01-01 00:00:00.000000"
            return {int: 7, str: "x", date: "2026-01-01"}[kind.python_type]
        case bool():
            return not value
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case int():
            may_collide = table.c[column].primary_key or column.endswith(("_id", "number", "position"))
            return value + 1_000 if may_collide else value + 1
        case datetime():
            return value + timedelta(milliseconds=1)
        case date():
            return value + timedelta(days=1)
        case _:
            return other_text(value)


def other_text(value: str) -> str:
    """Another text of the same kind: an instant, a day, an id or a hash, else a word."""
    if len(value) == 26 and value[10] == " ":
        return value[:-4] + ("1000" if value[-4] != "1" else "2000")
    if len(value) == 10 and value[4] == value[7] == "-":
        return f"{int(value[:4]) + 1}{value[4:]}"
    if len(value) in (36, 64):
        return ("0" if value[0] != "0" else "1") + value[1:]
    return f"{value[:-1]}{'x' if value[-1:] != 'x' else 'y'}"


def goes_unseen(day: Day, tamperer: Tamperer, table: Table, row: dict[str, Any], column: str) -> bool:
    """Change one value, verify, and set it back; say whether nothing was found."""
    name, key = str(table.name), [str(part.name) for part in table.primary_key]
    changed = {**row, column: other(row[column], column, table)}
    tamperer.change(name, row, key, column, changed[column])
    good = verdict(day).good
    tamperer.change(name, changed, key, column, row[column])
    return good


def test_a_full_day_verifies(day: Day) -> None:
    found = verdict(day)
    assert [str(problem) for problem in found.problems] == []
    assert {book.code: book.entries > 1 for book in found.books} == dict.fromkeys(
        ("OFFICE", "K1", "K2", "G1"), True
    )
    assert all(found.rows.values()), "the day leaves no table empty"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_change_of_any_column_of_what_happened_is_found(sqlite_day: Day, table: Table) -> None:
    name, key = str(table.name), [str(column.name) for column in table.primary_key]
    columns = [str(column.name) for column in table.columns]
    unseen = []
    with behind_its_back(sqlite_day.url) as tamperer:
        rows = tamperer.rows(name, columns)
        assert rows
        for column in columns:
            known = [row for row in rows if row[column] is not None]
            row = known[0] if known else rows[-1]
            if goes_unseen(sqlite_day, tamperer, table, row, column):
                unseen.append(f"{column} of {[row[part] for part in key]}")
    assert unseen == []
    assert verdict(sqlite_day).good


def test_a_change_in_any_table_of_postgresql_is_found(postgres_day: Day) -> None:
    unseen = []
    with behind_its_back(postgres_day.url) as tamperer:
        for table in TABLES:
            name, columns = str(table.name), [str(column.name) for column in table.columns]
            row = tamperer.rows(name, columns)[-1]
            column = next(part for part in reversed(columns) if row[part] is not None)
            if goes_unseen(postgres_day, tamperer, table, row, column):
                unseen.append(f"{name}.{column}")
    assert unseen == []
    assert verdict(postgres_day).good


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_that_is_gone_is_found(sqlite_day: Day, table: Table) -> None:
    name, key = str(table.name), [str(column.name) for column in table.primary_key]
    columns = [str(column.name) for column in table.columns]
    with behind_its_back(sqlite_day.url) as tamperer:
        rows = tamperer.rows(name, columns)
        for row in (rows[0], rows[-1]):
            tamperer.delete(name, row, key)
            assert not verdict(sqlite_day).good, row
            tamperer.insert(name, row)
    assert verdict(sqlite_day).good


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_that_nobody_wrote_is_found(sqlite_day: Day, table: Table) -> None:
    name, key = str(table.name), [str(column.name) for column in table.primary_key]
    columns = [str(column.name) for column in table.columns]
    unique = {
        *("number", "request_id", "reference", "code", "shift_id", "register_id", "sale_id"),
        *("sha256", "payment_id", "document"),
    }
    with behind_its_back(sqlite_day.url) as tamperer:
        row = tamperer.rows(name, columns)[-1]
        forged = {
            column: other(value, column, table) if column in {*key, *unique} and value is not None else value
            for column, value in row.items()
        }
        tamperer.insert(name, forged)
        assert not verdict(sqlite_day).good
        tamperer.delete(name, forged, key)
    assert verdict(sqlite_day).good


def test_the_tables_left_out_hold_no_number_at_all() -> None:
    tables = [table for table in Base.metadata.sorted_tables if table.name in BOOKKEEPING]
    assert len(tables) == len(BOOKKEEPING)
    assert [c for table in tables for c in table.columns if c.type.python_type is int] == []
