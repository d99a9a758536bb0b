"""Several write transactions of one SQLite database in one commit, when several wait anyway.

Syncing the disk takes longer than the work of a sale. So whoever has done its work while others stand in the
queue hands the open transaction on instead of committing it, and the last one commits for all. Each works in
a savepoint of its own: what fails is undone alone. Nobody leaves, answers or acts on what it has read before
the commit is on the disk, and when the commit fails it has failed for all of them. With nobody waiting a
transaction is BEGIN IMMEDIATE, its work and COMMIT, as ever.

All of it happens on one connection, which stays open: its statements stay prepared, and its pages stay read,
since nobody else writes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from time import monotonic

from sqlalchemy.exc import DBAPIError

from pos.locks import FairLock

MOST = 16
"""Transactions in one commit."""
LONGEST = 0.02
"""Seconds after which a commit is due: other processes wait at the turnstile, and tills for their answer."""
CHECKPOINT_PAGES = 8_000
"""Pages in the log that make a commit carry them over: two hundred sales or more, 32 MB.

Who finds time does it before (`tidy`). With SQLite's own thousand every thirtieth sale would wait for it, and
with four thousand more than one of a hundred, longer in a large shop.
"""
IDLE = 0.5
"""Seconds without a commit after which there is time."""
WORTH_IT = 8
"""Commits that are worth carrying over."""
SETTINGS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
"""What every connection to the database is told."""
WRITERS_CACHE = "cache_size=-768"
"""Kilobytes that the writer keeps of the file: what the sales change that share a commit, and little more."""


class _Group:
    """Transactions that share a commit."""

    def __init__(self) -> None:
        self.members = 0
        self.due = monotonic() + LONGEST
        self.error: sqlite3.Error | None = None
        self._over = Event()

    def end(self) -> None:
        """Let all go on that wait for the commit."""
        self._over.set()

    def wait(self) -> None:
        """Wait until the commit is on the disk, or has failed."""
        self._over.wait()


class Convoy:
    """The writers of one database, one at a time and in the order in which they came."""

    def __init__(self, file: Path, lock: FairLock) -> None:
        self.lock = lock
        self._file = file
        self._link: sqlite3.Connection | None = None
        self._handed: _Group | None = None
        self._commits = 0
        self._last = 0.0

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[sqlite3.Connection]:
        """Give the connection to work on; what was done is on the disk once the block has been left.

        `alone`: share no commit, since the work takes so long that others would wait for their answers.
        Raises SQLAlchemy's DBAPIError when the database can't be written; nothing of it stays then.
        """
        self.lock.take_turn(shares=not alone)
        group, self._handed = self._handed, None
        joined = group is not None
        link, group = self._begin() if group is None else self._join(group)
        try:
            yield link
        except BaseException:
            self._undo(link, group, joined=joined)
            self._leave(link, group, alone=alone)
            raise
        self._keep(link, group, joined=joined)
        self._leave(link, group, alone=alone)

    def tidy(self) -> None:
        """Carry what was committed over from the log into the database, if nobody has sold for a moment."""
        if self._commits < WORTH_IT or monotonic() - self._last < IDLE:
            return
        with self.lock:
            link = self._link
            if link is not None:
                try:
                    link.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                except sqlite3.Error as error:
                    raise wrapped(error, "PRAGMA wal_checkpoint") from error
            self._commits = 0

    def close(self) -> None:
        """Close the connection, unless somebody works on it; the next transaction opens another."""
        link, self._link = self._link, None
        if link is not None and not link.in_transaction:
            link.close()

    def _begin(self) -> tuple[sqlite3.Connection, _Group]:
        """Take the lock of the files and begin. Whatever fails, others get their turn."""
        try:
            self.lock.shut_out()
            try:
                if self._link is None:
                    self._link = self._connect()
                self._link.execute("BEGIN IMMEDIATE")
            except BaseException:
                self._drop()
                self.lock.let_in()
                raise
        except BaseException as error:
            self.lock.give_turn()
            if isinstance(error, sqlite3.Error):
                raise wrapped(error, "BEGIN IMMEDIATE") from error
            raise
        return self._link, _Group()

    def _connect(self) -> sqlite3.Connection:
        link = sqlite3.connect(self._file, timeout=5, isolation_level=None, check_same_thread=False)
        for pragma in SETTINGS:
            link.execute(f"PRAGMA {pragma}")
        link.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        # What a savepoint may have to go back to stays off the disk: a sale touches thirty pages.
        link.execute("PRAGMA temp_store=MEMORY")
        link.execute(f"PRAGMA {WRITERS_CACHE}")
        return link

    def _join(self, group: _Group) -> tuple[sqlite3.Connection, _Group]:
        """Go on in the open transaction of those before."""
        link = self._link
        assert link is not None, "a transaction was handed on without its connection"  # noqa: S101
        try:
            link.execute("SAVEPOINT member")
        except sqlite3.Error as error:
            group.error = error
            self._end(link, group)
            raise wrapped(error, "SAVEPOINT member") from error
        return link, group

    def _undo(self, link: sqlite3.Connection, group: _Group, *, joined: bool) -> None:
        """Undo what the one did who has the turn; what those before did stays."""
        try:
            if joined:
                link.execute("ROLLBACK TO member")
                link.execute("RELEASE member")
            elif link.in_transaction:
                link.execute("ROLLBACK")
        except sqlite3.Error as error:
            # A full disk makes SQLite undo the whole transaction by itself: nothing is left to go back to.
            group.error = error

    def _keep(self, link: sqlite3.Connection, group: _Group, *, joined: bool) -> None:
        """Count the work of the one who has the turn among what will be committed."""
        group.members += 1
        try:
            if joined:
                link.execute("RELEASE member")
            elif not link.in_transaction:
                raise sqlite3.OperationalError("the transaction was rolled back")
        except sqlite3.Error as error:
            group.error = error

    def _leave(self, link: sqlite3.Connection, group: _Group, *, alone: bool) -> None:
        """Hand the open transaction on and wait for its commit, or commit. Raises what the commit raised."""
        if not alone and self._hand_on(group):
            group.wait()
        else:
            self._end(link, group)
        if group.error is not None:
            raise wrapped(group.error, "COMMIT") from group.error

    def _hand_on(self, group: _Group) -> bool:
        if not 0 < group.members < MOST or group.error is not None or monotonic() > group.due:
            return False
        self._handed = group
        if self.lock.hand_on():
            return True
        self._handed = None
        return False

    def _end(self, link: sqlite3.Connection, group: _Group) -> None:
        """Commit for all members, or undo it for all, and let the next in."""
        try:
            if group.members and group.error is None:
                link.execute("COMMIT")
                self._commits, self._last = self._commits + 1, monotonic()
        except BaseException as error:
            group.error = error if isinstance(error, sqlite3.Error) else sqlite3.OperationalError(repr(error))
            if group.error is not error:
                raise
        finally:
            if group.error is not None:
                # Undone, and the next one begins on a connection that is known to be well.
                self._drop()
            self.lock.let_in()
            self.lock.give_turn()
            group.end()

    def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            with suppress(sqlite3.Error):
                if link.in_transaction:
                    # Closing alone would keep it open, and the database locked, while any cursor is left.
                    link.execute("ROLLBACK")
            with suppress(sqlite3.Error):
                link.close()


def wrapped(error: sqlite3.Error, statement: str) -> DBAPIError:
    """Return the driver's error as SQLAlchemy's, a new one for each who is told."""
    found = DBAPIError.instance(statement, None, error, sqlite3.Error)
    assert isinstance(found, DBAPIError)  # noqa: S101
    return found
