"""A backup holds everything as of one instant, and the way back leads into either database."""

import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos import migrations
from pos.db import Base
from pos.locks import hold_alone
from pos.operations.verify import verify
from tests.books.conftest import Day, leave, serve
from tests.factories import cart
from tests.migrations.test_schema import parts
from tests.support.command import Ended, run_forked, run_here, settings_only
from tests.support.postgres import Cluster
from tests.support.program import Program

NOT_THE_SAME = {"printer_job", "user_login"}
"""What a restore changes: print jobs of then don't come out, people sign in again."""


@pytest.fixture
def file(day: Day, tmp_path: Path) -> Path:
    """A backup of the day."""
    target = tmp_path / "cadangan.db"
    ended = run_here(day.environment, "backup", str(target))
    assert ended.code == 0, ended.err
    return target


@pytest.fixture(params=("sqlite", "postgresql"))
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a machine that has no shop yet, on each kind of database."""
    folder = tmp_path / "elsewhere"
    if request.param == "sqlite":
        yield {"POS_DATA_DIR": str(folder)}
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    yield {"POS_DATA_DIR": str(folder), "POS_DATABASE_URL": cluster.create("elsewhere")}
    cluster.drop("elsewhere")


def rows_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        return {
            table.name: sorted(connection.execute(f'SELECT * FROM "{table.name}"'), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_THE_SAME
        }


def restore(environment: dict[str, str], file: Path, *more: str) -> Ended:
    return run_here(environment, "restore", str(file), *more)


def test_a_backup_is_one_sqlite_file_that_only_its_owner_reads(day: Day, file: Path) -> None:
    assert sorted(path.name for path in file.parent.iterdir()) == ["cadangan.db", "instance"]
    assert file.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            migrations.NEWEST,
        )


def test_a_backup_has_the_very_schema_of_a_fresh_shop(file: Path, sqlite_template: Path) -> None:
    def shape(path: Path) -> set[tuple[str, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql <> ''").fetchall()
        # A migration that rebuilds a table may say its parts in another order.
        return {(kind, name, *sorted(parts(sql))) for kind, name, sql in found}

    assert shape(file) == shape(sqlite_template)


def test_what_was_backed_up_comes_back_row_by_row_in_either_database(
    file: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    ended = restore(elsewhere, file)
    assert ended.code == 0, ended.err
    assert "Restored " in ended.out
    assert run_here(elsewhere, "verify").code == 0
    again = tmp_path / "again.db"
    assert run_here(elsewhere, "backup", str(again)).code == 0
    assert rows_of(again) == rows_of(file)


def test_a_restored_shop_goes_on_selling_with_the_next_number(
    day: Day, file: Path, elsewhere: dict[str, str]
) -> None:
    assert restore(elsewhere, file).code == 0
    folder = Path(elsewhere["POS_DATA_DIR"])
    url = elsewhere.get("POS_DATABASE_URL", f"sqlite:///{folder / 'pos.db'}")
    numbers = []
    shops = (day.shop, serve(folder, url, dict(day.shop.tokens)))
    for shop in shops:
        numbers.append(shop.sell({"TBT-020": 1})["number"])
        shop.receive("TBT-020", 3, lot="SESUDAH")
        with shop.app.app_context():
            assert verify().good
    leave(shops[1])
    assert numbers[0] == numbers[1]
    # New rows whose keys the database makes must not meet restored ones.
    assert run_here(elsewhere, "register", "enrol", "K1").code == 0
    assert run_here(elsewhere, "user", "add", "Baru", "--role", "cashier").code == 0


def test_print_jobs_of_then_do_not_flood_out_of_the_printer(
    day: Day, file: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    ended = restore(elsewhere, file)
    assert "print jobs of then will not come out" in ended.out
    after = tmp_path / "after.db"
    run_here(elsewhere, "backup", str(after))
    with closing(sqlite3.connect(after)) as connection:
        states = dict(connection.execute("SELECT status, count(*) FROM printer_job GROUP BY status"))
    assert set(states) == {"expired"}


def test_backups_made_while_tills_sell_are_whole(day: Day, tmp_path: Path) -> None:
    day.shop.receive("TBT-020", 2_000)
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
    files = [tmp_path / f"{number}.db" for number in range(4)]
    try:
        ended = [run_here(day.environment, "backup", str(file)) for file in files]
    finally:
        stop.set()
        for till in tills:
            till.join()
    assert refused == []
    assert [one.code for one in ended] == [0, 0, 0, 0]
    counts = []
    for file in files:
        there = {"POS_DATA_DIR": str(tmp_path / f"shop-{file.stem}")}
        assert restore(there, file).code == 0
        verified = run_here(there, "verify")
        assert verified.code == 0, verified.out
        counts.append(len(rows_of(file)["sale"]))
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "nobody sold meanwhile"


def test_a_file_that_exists_is_only_overwritten_when_forced(day: Day, file: Path) -> None:
    before = file.read_bytes()
    day.shop.receive("TBT-020", 1)
    ended = run_forked(day.environment, "backup", str(file))
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert "--force" in ended.err
    assert file.read_bytes() == before
    assert run_here(day.environment, "backup", str(file), "--force").code == 0
    assert rows_of(file)["stock_paper"] != []
    assert file.read_bytes() != before


def test_a_backup_that_can_not_be_made_leaves_nothing_behind(sqlite_day: Day, tmp_path: Path) -> None:
    leave(sqlite_day.shop)
    own = sqlite_day.folder / "pos.db"
    with own.open("r+b") as broken:
        broken.seek(own.stat().st_size // 2)
        broken.write(b"\xa5" * 8_192)
    target = tmp_path / "sticks"
    target.mkdir()
    ended = run_forked(sqlite_day.environment, "backup", str(target / "x.db"))
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("place", ["instance/pos.db", "nowhere/x.db", "instance"])
def test_a_backup_needs_a_place_of_its_own(sqlite_day: Day, place: str) -> None:
    ended = run_here(sqlite_day.environment, "backup", str(sqlite_day.folder.parent / place), "--force")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)


def test_secrets_of_the_machine_are_not_in_a_backup(day: Day, file: Path) -> None:
    key = (day.folder / "secret.key").read_bytes()
    assert key not in file.read_bytes()


def test_a_serving_shop_is_not_restored_over(day: Day, file: Path) -> None:
    held = hold_alone(day.folder / "serve.lock")
    assert held is not None
    try:
        ended = run_forked(day.environment, "restore", str(file), "--force")
        assert (ended.code, len(ended.err.splitlines())) == (1, 1)
        assert "pos serve" in ended.err
    finally:
        os.close(held)


def test_a_postgresql_that_another_machine_serves_is_not_restored_over(
    postgres_day: Day, tmp_path: Path
) -> None:
    file = tmp_path / "cadangan.db"
    there = {**postgres_day.environment, "POS_DATA_DIR": str(tmp_path / "second machine")}
    assert run_here(there, "backup", str(file)).code == 0
    postgres_day.shop.get("/products")
    ended = restore(there, file, "--force")
    assert ended.code == 1
    assert "another machine" in ended.err
    leave(postgres_day.shop)
    assert restore(there, file).code == 0


def test_newer_entries_are_only_overwritten_when_forced_and_are_kept(day: Day, file: Path) -> None:
    number = day.shop.sell({"TBT-020": 1})["number"]
    leave(day.shop)
    ended = restore(day.environment, file)
    assert ended.code == 1
    assert "of book K1" in ended.err
    assert "--force" in ended.err
    ended = restore(day.environment, file, "--force")
    assert ended.code == 0, ended.err
    assert f"K1 from {number}" in ended.out
    kept = list((day.folder / "backups").glob("replaced-*.db"))
    assert len(kept) == 1
    assert number in {row[5] for row in rows_of(kept[0])["sale"]}
    assert number not in {row[5] for row in rows_of(file)["sale"]}
    assert run_here(day.environment, "verify").code == 0


def test_another_shop_is_not_overwritten_by_accident(file: Path, tmp_path: Path) -> None:
    other = {"POS_DATA_DIR": str(tmp_path / "other")}
    assert run_here(other, "init").code == 0
    ended = restore(other, file)
    assert ended.code == 1
    assert "another history" in ended.err
    assert restore(other, file, "--force").code == 0


def test_what_a_killed_program_left_in_the_wal_is_not_played_into_the_restored_shop(
    sqlite_day: Day, tmp_path: Path
) -> None:
    file = tmp_path / "cadangan.db"
    assert run_here(sqlite_day.environment, "backup", str(file)).code == 0
    sqlite_day.shop.receive("TBT-020", 7)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("pos.db", "pos.db-wal"):
        shutil.copyfile(sqlite_day.folder / name, crashed / name)
    assert (crashed / "pos.db-wal").stat().st_size > 0
    there = {"POS_DATA_DIR": str(crashed)}
    ended = restore(there, file)
    assert ended.code == 1, "the receipt in the WAL is newer than the backup"
    assert restore(there, file, "--force").code == 0
    assert run_here(there, "verify").code == 0
    assert rows_of(crashed / "pos.db") == rows_of(file)


def test_a_database_that_can_not_be_read_any_more_is_kept_and_replaced(
    sqlite_day: Day, tmp_path: Path
) -> None:
    file = tmp_path / "cadangan.db"
    assert run_here(sqlite_day.environment, "backup", str(file)).code == 0
    leave(sqlite_day.shop)
    (sqlite_day.folder / "pos.db").write_bytes(b"not a database at all" * 1_000)
    ended = restore(sqlite_day.environment, file)
    assert ended.code == 1
    assert "can't be read" in ended.err
    assert restore(sqlite_day.environment, file, "--force").code == 0
    assert run_here(sqlite_day.environment, "verify").code == 0
    assert len(list((sqlite_day.folder / "backups").iterdir())) == 1


def test_a_database_that_another_program_has_open_is_not_pulled_away(sqlite_day: Day, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.db"
    assert run_here(sqlite_day.environment, "backup", str(file)).code == 0
    leave(sqlite_day.shop)
    own = sqlite_day.folder / "pos.db"
    with closing(sqlite3.connect(own, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sale").fetchone()
        ended = restore(sqlite_day.environment, file)
        assert ended.code == 1
        assert "Another program" in ended.err
    assert restore(sqlite_day.environment, file).code == 0


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0 but no more"])
def test_what_is_no_backup_is_refused(sqlite_day: Day, tmp_path: Path, content: bytes) -> None:
    leave(sqlite_day.shop)
    file = tmp_path / "x.db"
    file.write_bytes(content)
    before = rows_of(sqlite_day.folder / "pos.db")
    ended = restore(sqlite_day.environment, file, "--force")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert rows_of(sqlite_day.folder / "pos.db") == before


def test_a_backup_of_a_newer_program_is_refused(sqlite_day: Day, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.db"
    run_here(sqlite_day.environment, "backup", str(file))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = restore({"POS_DATA_DIR": str(tmp_path / "new")}, file)
    assert ended.code == 1
    assert "newer program" in ended.err


def test_an_upgrade_takes_a_backup_first(empty_database_url: str, data_dir: Path) -> None:
    older = sorted(migrations.known())[-2]
    migrations.upgrade(empty_database_url, older)
    environment = {"POS_DATA_DIR": str(data_dir), "POS_DATABASE_URL": empty_database_url}
    refused = run_here(environment, "verify")
    assert refused.code == 1
    assert "pos upgrade" in refused.err
    ended = run_forked(environment, "upgrade")
    assert ended.code == 0, ended.err
    assert "INFO" not in ended.err
    (made,) = (data_dir / "backups").iterdir()
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (older,)
    assert "up to date" in run_here(environment, "upgrade").out
    assert len(list((data_dir / "backups").iterdir())) == 1


def test_an_older_backup_is_upgraded_when_it_is_restored(tmp_path: Path) -> None:
    older = sorted(migrations.known())[-2]
    file = tmp_path / "old.db"
    migrations.upgrade(f"sqlite:///{file}", older)
    ended = restore({"POS_DATA_DIR": str(tmp_path / "new")}, file)
    assert ended.code == 0, ended.err
    assert "was upgraded" in ended.out
    with closing(sqlite3.connect(tmp_path / "new" / "pos.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            migrations.NEWEST,
        )


def test_a_real_server_sells_on_while_commands_run_and_keeps_a_restore_out(
    sqlite_day: Day, tmp_path: Path
) -> None:
    leave(sqlite_day.shop)
    environment = sqlite_day.environment
    server = Program(
        ("serve", "--port", "0"), settings_only(environment), tmp_path / "server.out", tmp_path / "server.err"
    )
    try:
        server.port()
        file = tmp_path / "cadangan.db"
        for command in (("backup", str(file)), ("verify",), ("user", "add", "Sari", "--role", "cashier")):
            ended = run_forked(environment, *command)
            assert ended.code == 0, ended.err
        assert run_forked(environment, "restore", str(file), "--force").code == 1
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    # What was added after the backup is newer; forced, the shop goes back.
    assert run_forked(environment, "restore", str(file)).code == 1
    assert run_forked(environment, "restore", str(file), "--force").code == 0
