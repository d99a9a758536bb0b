"""Several transactions in one commit: each is undone alone, and nobody answers before the disk has it."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from pos.convoy import MOST, SETTINGS, WORTH_IT, Convoy
from pos.locks import FairLock


class Commits(sqlite3.Connection):
    """A connection that counts its commits and can be told to fail or to wait at one."""

    count = 0
    fails_with: str = ""
    reached = threading.Event()
    goes_on = threading.Event()

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:  # type: ignore[override]
        if sql == "COMMIT":
            Commits.reached.set()
            Commits.goes_on.wait(10)
            if Commits.fails_with:
                raise sqlite3.OperationalError(Commits.fails_with)
            Commits.count += 1
        return super().execute(sql, *values)


class Road:
    """A database with one table and its convoy; threads add to the table."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "road.db"
        self.convoy = Convoy(self.file, FairLock(self.file))
        with sqlite3.connect(self.file) as link:
            link.execute("PRAGMA journal_mode=WAL")
            link.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
        self.convoy._connect = self._connect  # type: ignore[method-assign]
        self.told: dict[int, str] = {}
        self.order: list[int] = []
        self.threads: list[threading.Thread] = []

    def _connect(self) -> sqlite3.Connection:
        link = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False, factory=Commits)
        for pragma in SETTINGS:
            link.execute(f"PRAGMA {pragma}")
        return link

    def rows(self) -> list[int]:
        """What a reader sees."""
        with sqlite3.connect(self.file) as link:
            return [row[0] for row in link.execute("SELECT n FROM t ORDER BY n")]

    def add(
        self, n: int, *, alone: bool = False, then: Callable[[sqlite3.Connection], None] | None = None
    ) -> None:
        """Add a row, in a transaction of its own; note how it ended."""
        try:
            with self.convoy.transaction(alone=alone) as link:
                self.order.append(n)
                link.execute("INSERT INTO t VALUES (?)", (n,))
                if then is not None:
                    then(link)
            self.told[n] = "committed"
        except Exception as error:  # noqa: BLE001 - what it was is asked afterwards
            self.told[n] = type(error).__name__

    def start(self, n: int, **how: object) -> None:
        """Have a thread add a row, and wait until it stands in the queue."""
        waiting = self.convoy.lock._queue._waiting
        before = len(waiting)
        thread = threading.Thread(target=self.add, args=(n,), kwargs=how, daemon=True)
        self.threads.append(thread)
        thread.start()
        until(lambda: len(waiting) > before or n in self.order)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the turn while others are put into the queue: the next of them begins a convoy."""
        self.convoy.lock.take_turn(shares=False)
        yield
        self.convoy.lock.give_turn()

    def end(self) -> None:
        """Wait for all threads."""
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()


def until(true: Callable[[], object]) -> None:
    for _ in range(1_000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it did not happen within five seconds")


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    Commits.count, Commits.fails_with = 0, ""
    Commits.reached.clear()
    Commits.goes_on.set()
    made = Road(tmp_path)
    yield made
    Commits.goes_on.set()
    made.end()
    made.convoy.close()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A convoy that its time does not end, however busy the machine is."""
    monkeypatch.setattr("pos.convoy.LONGEST", 60.0)


def test_with_nobody_waiting_each_has_its_own_commit(road: Road) -> None:
    for n in range(3):
        road.add(n)
    assert Commits.count == 3
    assert road.rows() == [0, 1, 2]


@pytest.mark.usefixtures("unhurried")
def test_those_who_wait_share_one_commit_and_go_in_the_order_in_which_they_came(road: Road) -> None:
    with road.held():
        for n in range(6):
            road.start(n)
    road.end()
    assert Commits.count == 1
    assert road.order == list(range(6))
    assert set(road.told.values()) == {"committed"}
    assert road.rows() == list(range(6))


@pytest.mark.usefixtures("unhurried")
def test_nobody_is_told_and_no_reader_sees_a_row_before_the_commit(road: Road) -> None:
    Commits.goes_on.clear()
    with road.held():
        for n in range(3):
            road.start(n)
    assert Commits.reached.wait(10)
    assert road.told == {}
    assert road.rows() == []
    Commits.goes_on.set()
    road.end()
    assert road.told == dict.fromkeys(range(3), "committed")
    assert road.rows() == [0, 1, 2]


def boom(_link: sqlite3.Connection) -> None:
    raise KeyError("refused")


@pytest.mark.parametrize("place", [0, 1, 3], ids=["first", "in the middle", "last"])
@pytest.mark.usefixtures("unhurried")
def test_what_fails_is_undone_alone(road: Road, place: int) -> None:
    with road.held():
        for n in range(4):
            road.start(n, then=boom if n == place else None)
    road.end()
    assert road.told == {n: "KeyError" if n == place else "committed" for n in range(4)}
    assert road.rows() == [n for n in range(4) if n != place]


@pytest.mark.usefixtures("unhurried")
def test_a_commit_that_fails_has_failed_for_all_and_the_next_begins_afresh(road: Road) -> None:
    Commits.fails_with = "database or disk is full"
    with road.held():
        for n in range(4):
            road.start(n, then=boom if n == 2 else None)
    road.end()
    # Also the one that refused: what it refused for may have been another's row, which is gone now.
    assert road.told == dict.fromkeys(range(4), "OperationalError")
    assert road.rows() == []
    Commits.fails_with = ""
    road.add(9)
    assert road.told[9] == "committed"
    assert road.rows() == [9]


@pytest.mark.usefixtures("unhurried")
def test_a_full_disk_that_undoes_the_whole_transaction_acknowledges_nobody(road: Road) -> None:
    def fill(link: sqlite3.Connection) -> None:
        # As SQLite does by itself when it can't go on: the transaction of all is gone, savepoints and all.
        link.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    with road.held():
        for n in range(4):
            road.start(n, then=fill if n == 1 else None)
    road.end()
    assert (road.told[0], road.told[1]) == ("OperationalError", "OperationalError")
    assert [road.told[2], road.told[3]] == ["committed", "committed"]
    assert road.rows() == [2, 3]


def test_a_disk_that_is_really_full_refuses_and_sells_again_when_there_is_room(road: Road) -> None:
    def limit(link: sqlite3.Connection) -> None:
        link.execute("CREATE TABLE big (x)")
        link.execute("PRAGMA max_page_count=8")

    def much(link: sqlite3.Connection) -> None:
        link.executemany("INSERT INTO big VALUES (?)", [(b"x" * 4000,)] * 50)

    road.add(1, then=limit)
    road.add(2, then=much)
    assert (road.told[2], road.rows()) == ("OperationalError", [1])
    road.add(3)
    assert road.rows() == [1, 3]


@pytest.mark.usefixtures("unhurried")
def test_a_later_one_sees_what_an_earlier_one_of_its_convoy_did_and_waits_with_it(road: Road) -> None:
    seen: list[int] = []

    def look(link: sqlite3.Connection) -> None:
        seen.append(link.execute("SELECT count(*) FROM t WHERE n = 0").fetchone()[0])
        raise KeyError("done before")

    Commits.goes_on.clear()
    with road.held():
        road.start(0)
        road.start(1, then=look)
    assert Commits.reached.wait(10)
    assert seen == [1]
    assert road.told == {}, "a replay was told of a row that is not on the disk yet"
    Commits.goes_on.set()
    road.end()
    assert road.told == {0: "committed", 1: "KeyError"}


def test_a_convoy_has_an_end(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.convoy.LONGEST", 60.0)
    with road.held():
        for n in range(MOST + 4):
            road.start(n)
    road.end()
    assert Commits.count == 2
    monkeypatch.setattr("pos.convoy.LONGEST", -1.0)
    Commits.count = 0
    with road.held():
        for n in range(100, 104):
            road.start(n)
    road.end()
    assert Commits.count == 4


@pytest.mark.usefixtures("unhurried")
def test_work_that_takes_long_shares_no_commit(road: Road) -> None:
    with road.held():
        road.start(0)
        road.start(1)
        road.start(2, alone=True)
        road.start(3)
    road.end()
    assert Commits.count == 3
    assert road.order == [0, 1, 2, 3]


@pytest.mark.usefixtures("unhurried")
def test_whoever_takes_the_lock_for_a_checkpoint_is_handed_no_open_transaction(road: Road) -> None:
    found: list[list[int]] = []

    def checkpoint() -> None:
        with road.convoy.lock:
            found.append(road.rows())

    with road.held():
        road.start(0)
        other = threading.Thread(target=checkpoint, daemon=True)
        other.start()
        until(lambda: len(road.convoy.lock._queue._waiting) == 2)
        road.start(1)
    road.end()
    other.join(10)
    assert found == [[0]]
    assert road.rows() == [0, 1]


def test_the_log_is_carried_over_when_nobody_has_sold_for_a_moment(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carried_over() -> int:
        alone = road.file.with_name("without its log.db")
        # By another process: to close a file that we read ourselves would drop SQLite's locks on it.
        subprocess.run(["cp", road.file, alone], check=True)
        with sqlite3.connect(f"file:{alone}?immutable=1", uri=True) as link:
            count: int = link.execute("SELECT count(*) FROM t").fetchone()[0]
        return count

    road.add(0)
    assert road.convoy._link is not None
    road.convoy._link.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    for n in range(1, WORTH_IT):
        road.add(n)
    road.convoy.tidy()
    assert carried_over() == 1, "somebody sold just now"
    monkeypatch.setattr("pos.convoy.IDLE", 0.0)
    road.convoy.tidy()
    assert carried_over() == WORTH_IT
    road.add(99)
    road.convoy.tidy()
    assert carried_over() == WORTH_IT, "one commit is not worth it"
    assert road.rows() == [*range(WORTH_IT), 99]


OTHER = """
import sqlite3, sys
from pathlib import Path
from pos.locks import FairLock
file = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for n in range(1000, 1005):
    with FairLock(file):
        link = sqlite3.connect(file, isolation_level=None, timeout=0)
        link.execute("BEGIN IMMEDIATE")
        link.execute("INSERT INTO t VALUES (?)", (n,))
        link.execute("COMMIT")
        link.close()
    print(n, flush=True)
"""


def test_a_command_gets_its_turn_while_tills_go_on_and_on(road: Road) -> None:
    stop = threading.Event()
    sold: list[int] = []

    def till(number: int) -> None:
        n = number * 100_000
        while not stop.is_set():
            n += 1
            road.add(n)
            sold.append(n)

    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(road.file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdin is not None
        assert command.stdout is not None
        assert command.stdout.readline() == "ready\n"
        road.threads = [threading.Thread(target=till, args=(n,), daemon=True) for n in range(1, 5)]
        for thread in road.threads:
            thread.start()
        until(lambda: len(sold) > 10)
        command.stdin.write("go\n")
        command.stdin.flush()
        assert [command.stdout.readline() for _ in range(5)] == [f"{n}\n" for n in range(1000, 1005)]
        assert command.wait(10) == 0
    stop.set()
    road.end()
    assert set(road.told.values()) == {"committed"}
    # Each got its turn, and none was lost.
    assert {n // 100_000 for n in sold} == {1, 2, 3, 4}
    assert road.rows() == sorted([*sold, *range(1000, 1005)])


def test_a_database_that_cannot_be_opened_refuses_each_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = tmp_path / "no database.db"
    file.write_bytes(b"this is no database" * 100)
    convoy = Convoy(file, FairLock(file))
    for _ in range(2):
        with pytest.raises(DBAPIError), convoy.transaction():
            raise AssertionError("unreachable")


def test_the_error_of_a_commit_is_the_one_that_doors_know(road: Road) -> None:
    Commits.fails_with = "disk I/O error"
    with pytest.raises(OperationalError, match="disk I/O error"), road.convoy.transaction() as link:
        link.execute("INSERT INTO t VALUES (1)")
    assert road.rows() == []
