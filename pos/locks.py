"""A fair lock between threads and processes: first come, first served.

SQLite's own waiting is a lottery (one of eight writers sold once while another sold 3,976 times), and
versions before 3.51.3 could corrupt a WAL database under simultaneous writers. So every write transaction
stands in one queue: inside the process a first-in-first-out queue, between processes two lock files held in
turn. A writer waits for the turnstile, then for the write lock, and frees the turnstile as soon as it may
write; a command thus never starves behind a busy server.
"""

import fcntl
import os
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the queue: its door opens when its turn comes."""

    shares: bool
    door: threading.Lock


class _Queue:
    """A first-in-first-out mutex of one process; `threading.Lock` lets newcomers overtake."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Place] = deque()
        self._busy = False

    def acquire(self, *, shares: bool) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            mine = _Place(shares, threading.Lock())
            mine.door.acquire()
            self._waiting.append(mine)
        mine.door.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().door.release()
            else:
                self._busy = False

    def hand_on(self) -> bool:
        """Release it to the next one if there is one who shares; say whether there was."""
        with self._guard:
            if not self._waiting or not self._waiting[0].shares:
                return False
            self._waiting.popleft().door.release()
            return True


class FairLock:
    """The write lock of one SQLite database, shared by all threads of all processes that open it.

    Use it with `with`. Its halves, for who shares a commit (`pos.convoy`): the turn among the threads of this
    process, and shutting other processes out.
    """

    def __init__(self, database: Path) -> None:
        self._turnstile = database.with_name(database.name + ".turn")
        self._file = database.with_name(database.name + ".lock")
        self._queue = _Queue()
        self._held: int | None = None

    def __enter__(self) -> Self:
        self.take_turn(shares=False)
        try:
            self.shut_out()
        except BaseException:
            self.give_turn()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_in()
        self.give_turn()

    def take_turn(self, *, shares: bool) -> None:
        """Wait for the turn in this process. `shares`: an open transaction may be handed on to us."""
        self._queue.acquire(shares=shares)

    def give_turn(self) -> None:
        """Let the next one of this process have its turn."""
        self._queue.release()

    def hand_on(self) -> bool:
        """Give the turn with an open transaction to the next one, if it shares; say whether it was given."""
        return self._queue.hand_on()

    def shut_out(self) -> None:
        """Wait until no other process writes, and keep them out. Only in our turn."""
        turn = _flock(self._turnstile)
        try:
            self._held = _flock(self._file)
        finally:
            os.close(turn)

    def let_in(self) -> None:
        """Let other processes write again."""
        held, self._held = self._held, None
        if held is not None:
            os.close(held)


def _flock(path: Path) -> int:
    """Open `path` and wait for its exclusive lock; closing the descriptor gives it back, even by kill -9."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_held(path: Path) -> bool:
    """Say whether a process has taken the lock of `path` with `hold_alone`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def hold_alone(path: Path) -> int | None:
    """Take the lock of `path` without waiting.

    None when another process has it. Kept until the process ends.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
