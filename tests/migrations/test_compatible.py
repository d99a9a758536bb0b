"""After an upgrade a till with an older program sells on where the migration says so, or refuses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from pos import migrations
from tests.factories import Shop
from tests.support.command import Ended, run_here

SCRIPTS = ScriptDirectory(str(Path(migrations.__file__).parent))
REVISIONS = sorted(migrations.known())


def module_of(revision: str) -> ModuleType:
    found = SCRIPTS.get_revision(revision)
    assert found is not None
    return found.module


@dataclass
class Seen:
    """What an older program can notice of a table."""

    columns: dict[str, tuple[str, bool, bool]]
    unique: dict[str, tuple[str, ...]]
    keys: dict[str, tuple[str, ...]]
    checks: dict[str, str]


def seen(engine: Engine) -> dict[str, Seen]:
    inspector = inspect(engine)
    columns, keys = inspector.get_multi_columns(), inspector.get_multi_foreign_keys()
    unique, indexes = inspector.get_multi_unique_constraints(), inspector.get_multi_indexes()
    checks = inspector.get_multi_check_constraints()
    return {
        place[1]: Seen(
            {
                column["name"]: (str(column["type"]), column["nullable"], column["default"] is not None)
                for column in found
            },
            {
                str(one["name"]): tuple(str(column) for column in one["column_names"])
                for one in [*unique.get(place, ()), *indexes.get(place, ())]
                if one.get("unique", True)
            },
            {str(one["name"]): tuple(one["constrained_columns"]) for one in keys.get(place, ())},
            {str(one["name"]): str(one["sqltext"]) for one in checks.get(place, ())},
        )
        for place, found in columns.items()
    }


def in_the_way(before: Seen, after: Seen, widened: tuple[str, ...]) -> list[str]:
    """What a program that knows only `before` would stumble over."""
    new = set(after.columns) - set(before.columns)
    found = [f"column {name}" for name, column in before.columns.items() if after.columns.get(name) != column]
    for name in new:
        _, nullable, has_default = after.columns[name]
        if not nullable and not has_default:
            found.append(f"{name} must be filled in")
    for name, columns in [*after.unique.items(), *after.keys.items()]:
        if name not in before.unique and name not in before.keys and not new & set(columns):
            found.append(f"{name} of {columns}")
    for name, check in after.checks.items():
        if (
            name not in widened
            and check != before.checks.get(name)
            and not new & set(re.findall(r"\w+", check))
        ):
            found.append(f"check {name}")
    return found


def test_a_migration_says_truly_whether_older_programs_may_use_its_schema(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    before: dict[str, Seen] = {}
    for revision in REVISIONS:
        migrations.upgrade(empty_database_url, revision)
        after, module = seen(engine), module_of(revision)
        assert isinstance(module.compatible, bool)
        if module.compatible:
            widened = getattr(module, "widened", ())
            trouble = {table: in_the_way(before[table], after[table], widened) for table in before}
            assert {table: found for table, found in trouble.items() if found} == {}, revision
        before = after
    engine.dispose()


@pytest.mark.parametrize(
    "after",
    [
        Seen({"id": ("INTEGER", False, False)}, {}, {}, {}),
        Seen({"id": ("INTEGER", False, False), "name": ("TEXT", False, False)}, {}, {}, {}),
        Seen(
            {"id": ("INTEGER", False, False), "name": ("TEXT", True, False), "more": ("TEXT", False, False)},
            {},
            {},
            {},
        ),
        Seen({"id": ("INTEGER", False, False), "name": ("TEXT", True, False)}, {"uq": ("name",)}, {}, {}),
        Seen({"id": ("INTEGER", False, False), "name": ("TEXT", True, False)}, {}, {"fk": ("name",)}, {}),
        Seen({"id": ("INTEGER", False, False), "name": ("TEXT", True, False)}, {}, {}, {"ck": "name > ''"}),
    ],
    ids=["a column gone", "no longer empty", "must be filled", "unique", "refers", "checked"],
)
def test_what_an_older_program_would_stumble_over_is_noticed(after: Seen) -> None:
    before = Seen({"id": ("INTEGER", False, False), "name": ("TEXT", True, False)}, {}, {}, {})
    assert in_the_way(before, before, ()) == []
    assert in_the_way(before, after, ()) != []


def oldest_program() -> str:
    return next(one for one in reversed(REVISIONS) if not module_of(one).compatible)


def test_the_database_names_the_oldest_program_that_may_use_it(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert migrations.schema(connection) == migrations.Schema(migrations.NEWEST, oldest_program())
    engine.dispose()


class Later:
    """A shop whose database a program of later has upgraded, as far as this program can see."""

    def __init__(self, shop: Shop, url: str, folder: Path) -> None:
        self.shop, self.url = shop, url
        self.environment = {"POS_DATA_DIR": str(folder), "POS_DATABASE_URL": url}

    def upgraded(self, at: str, oldest: str | None) -> None:
        engine = create_engine(self.url)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :at, oldest = :oldest"),
                {"at": at, "oldest": oldest},
            )
        engine.dispose()

    def run(self, *arguments: str) -> Ended:
        return run_here(self.environment, *arguments)


@pytest.fixture
def later(till: Shop, demo_url: tuple[str, dict[str, str]], data_dir: Path) -> Iterator[Later]:
    found = Later(till, demo_url[0], data_dir)
    yield found
    # The copies in PostgreSQL are used again.
    found.upgraded(migrations.NEWEST, oldest_program())


def test_an_older_program_sells_on_a_newer_schema_that_allows_it(later: Later) -> None:
    later.upgraded("9999", migrations.NEWEST)
    later.shop.sell({"KTO-100": 1})
    ready = later.shop.get("/readyz")
    assert (ready.status, ready["checks"]["migrations"]) == (200, {"ok": True, "at": "9999"})
    ended = later.run("token", "create", "--role", "cashier")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("oldest", ["9998", None])
def test_a_program_that_is_too_old_refuses_to_start_and_to_be_ready(later: Later, oldest: str | None) -> None:
    later.upgraded("9999", oldest)
    ready = later.shop.get("/readyz")
    assert ready.status == 503
    assert "install the newer program" in ready["checks"]["migrations"]["detail"]
    ended = later.run("serve", "--port", "0")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert f"needs at least {oldest or '9999'}" in ended.err


def test_an_older_program_leaves_a_newer_schema_alone(later: Later, tmp_path: Path) -> None:
    later.upgraded("9999", migrations.NEWEST)
    upgraded, verified = later.run("upgrade"), later.run("verify")
    assert (upgraded.code, "newer" in upgraded.out) == (0, True), upgraded.err
    assert (verified.code, "newer program" in verified.err) == (1, True)
    if later.url.startswith("postgresql"):
        backup = later.run("backup", str(tmp_path / "x.db"))
        assert (backup.code, "newer program" in backup.err) == (1, True)
