"""What is true of every table: whole numbers, an explanation a column, nothing that deletes by itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, String, Table, types

from pos import models
from pos.db import Base, UtcDateTime
from pos.models.print_jobs import Packed

assert models, "importing the models registers the tables"

TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
EXACT = (Integer, String, Boolean, Date, DateTime, LargeBinary, UtcDateTime, Packed)


def columns() -> Iterator[Column[object]]:
    for table in TABLES:
        yield from table.columns


def named(found: Iterator[Column[object]]) -> list[str]:
    return [str(column) for column in found]


def test_there_are_tables() -> None:
    assert len(TABLES) > 15


def test_money_and_quantities_are_never_floats() -> None:
    assert named(column for column in columns() if isinstance(column.type, types.Numeric)) == []
    assert named(column for column in columns() if not isinstance(column.type, EXACT)) == []


def test_every_column_says_what_it_holds() -> None:
    assert named(column for column in columns() if not column.doc) == []


def test_nothing_is_deleted_because_something_else_was() -> None:
    assert [str(key.parent) for column in columns() for key in column.foreign_keys if key.ondelete] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_constraint_has_a_name_that_a_migration_can_use(table: Table) -> None:
    assert [constraint for constraint in table.constraints if constraint.name is None] == []


def test_an_instant_keeps_its_zone() -> None:
    naive = (c for c in columns() if isinstance(c.type, DateTime) and not isinstance(c.type, UtcDateTime))
    assert named(naive) == []
