"""The migrations make exactly what the models say, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect, text

from pos import migrations, models
from pos.db import Base
from pos.models import triggers

assert models, "importing the models registers the tables"


@pytest.fixture
def migrated(empty_database_url: str) -> Iterator[Engine]:
    migrations.upgrade(empty_database_url)
    engine = create_engine(empty_database_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def checks(engine: Engine) -> set[tuple[str, str | None]]:
    inspector = inspect(engine)
    return {
        (table, str(check["name"]))
        for table in tables(engine)
        for check in inspector.get_check_constraints(table)
    }


def test_models_and_migrations_agree(migrated: Engine) -> None:
    assert migrations.differences(migrated.url.render_as_string(hide_password=False)) == []


def test_every_check_of_the_models_stands_in_the_database(migrated: Engine) -> None:
    wanted = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert len(wanted) > 20
    assert checks(migrated) == wanted


def test_every_trigger_stands_in_the_database(migrated: Engine) -> None:
    asked = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
    }[migrated.dialect.name]
    with migrated.connect() as connection:
        found = sorted((str(name), str(table)) for name, table in connection.execute(text(asked)))
    assert found == sorted(triggers.names())


def test_upgrading_again_changes_nothing(migrated: Engine) -> None:
    before = shape(migrated)
    migrations.upgrade(migrated.url.render_as_string(hide_password=False))
    assert shape(migrated) == before


def test_an_upgraded_file_has_the_very_schema_of_a_fresh_one(sqlite_url: str) -> None:
    fresh = create_engine("sqlite://")
    with fresh.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in triggers.statements("sqlite"):
            connection.execute(text(statement))
    upgraded = create_engine(sqlite_url)
    made = {name: sql for name, sql in shape(upgraded).items() if "alembic_version" not in name}
    assert made == shape(fresh)
    fresh.dispose()
    upgraded.dispose()


def shape(engine: Engine) -> dict[str, list[str]]:
    """Everything in the database that has a definition, by kind and name, in no order of its parts."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            named = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql <> ''"
            rows = connection.execute(text(named))
            return {name: sorted(parts(sql)) for name, sql in rows}
    inspector = inspect(engine)
    return {
        table: sorted(
            str(item)
            for items in (
                inspector.get_columns(table),
                inspector.get_foreign_keys(table),
                inspector.get_unique_constraints(table),
                inspector.get_check_constraints(table),
                inspector.get_indexes(table),
            )
            for item in items
        )
        for table in inspector.get_table_names()
    }


def parts(sql: str) -> list[str]:
    """The definition's parts, split at the commas outside parentheses; a column added later stands last."""
    head, _, body = " ".join(sql.replace('"', "").split()).partition("(")
    found, depth = [""], 0
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [head.strip(), *(part.strip().removesuffix(" )").strip() for part in found)]
