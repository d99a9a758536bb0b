"""The books of the pretend bank: codes, payments, refunds and how it behaves, in data_dir/simulator.db.

Beside the shop's database and never part of its books. The server and commands use it at the same time: each
use opens the file under a lock, so that no writer meets another.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pos import clock
from pos.errors import N_, NotFound, PosError
from pos.locks import FairLock
from pos.payments import simulator_books as books
from pos.payments.base import Attempt, Refunded, Refunding, State
from pos.payments.simulator_books import CodeView, Ways

FILE = "simulator.db"
MOST_AMOUNT = 99_999_999
GIVEN_UP = N_("This code was given up. To pay it nevertheless: pay late.")


@dataclass(frozen=True, slots=True)
class Mail:
    """One notification that is due, and what signs it and where it goes."""

    body: str
    key: str
    address: str


class Bank:
    """The pretend bank of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._lock = FairLock(self.file)

    @property
    def exists(self) -> bool:
        """Whether a simulator was ever used here."""
        return self.file.exists()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone on the file."""
        with self._lock:
            # It holds the key that signs notifications.
            self.file.touch(mode=0o600)
            connection = sqlite3.connect(self.file, timeout=5)
            connection.row_factory = sqlite3.Row
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    connection.executescript(books.SCHEMA + "PRAGMA user_version = 1;")
                with connection:
                    yield connection
            finally:
                connection.close()

    # How it behaves

    def ways(self) -> Ways:
        """Return how the bank behaves."""
        with self._open() as use:
            return books.ways(use)

    def set_notify(self, notify: str) -> None:
        """Say how notifications are sent."""
        self._set("notify", _one_of(notify, books.NOTIFY))

    def set_trouble(self, trouble: str, seconds: float = books.SLOW_SECONDS) -> None:
        """Say what is wrong with the bank; `seconds` is how slow `slow` is."""
        if not 0 < seconds <= 60:
            raise PosError("validation_error", N_("Choose from 1 to 60 seconds."), extra={"status": 422})
        with self._open() as use:
            books.put(use, "trouble", _one_of(trouble, books.TROUBLES))
            books.put(use, "slow", str(seconds))

    def set_auto(self, seconds: float | None) -> None:
        """Have a pretend buyer pay each new code after `seconds`; None: nobody pays by themselves."""
        if seconds is not None and not 0 <= seconds <= 3_600:
            raise PosError("validation_error", N_("Choose from 0 to 3600 seconds."), extra={"status": 422})
        with self._open() as use:
            books.put(use, "auto", "" if seconds is None else str(seconds))
            if seconds is None:
                use.execute("UPDATE code SET auto = NULL")

    def begin(self, auto: float) -> bool:
        """Make a new bank with a pretend buyer; False, and nothing is changed, when there is one."""
        if self.exists:
            return False
        self.set_auto(auto)
        return True

    def set_address(self, url: str) -> None:
        """Say where notifications go: the running server; empty: nowhere."""
        self._set("address", url)

    def key(self) -> bytes:
        """Return the key that signs notifications."""
        with self._open() as use:
            return books.key(use).encode()

    def _set(self, name: str, value: str) -> None:
        with self._open() as use:
            books.put(use, name, value)

    # Codes

    def codes(self, limit: int = 50) -> list[CodeView]:
        """Return the newest codes, newest first."""
        now = clock.now()
        with self._open() as use:
            books.settle(use, now)
            rows = use.execute("SELECT * FROM code ORDER BY number DESC LIMIT ?", (limit,)).fetchall()
            return [books.view(use, row, now) for row in rows]

    def code(self, ours: str) -> CodeView | None:
        """Return the code of our own reference."""
        now = clock.now()
        with self._open() as use:
            books.settle(use, now)
            row = use.execute("SELECT * FROM code WHERE ours = ?", (ours,)).fetchone()
            return None if row is None else books.view(use, row, now)

    def named(self, name: str) -> CodeView:
        """Return the code that a person named: `last`, its number, or either reference. Raises not_found."""
        digits = name.upper().removeprefix("SIM")
        now = clock.now()
        with self._open() as use:
            books.settle(use, now)
            if name == "last":
                row = use.execute("SELECT * FROM code ORDER BY number DESC LIMIT 1").fetchone()
            elif digits.isascii() and digits.isdecimal() and len(digits) < 16:
                row = use.execute("SELECT * FROM code WHERE number = ?", (int(digits),)).fetchone()
            else:
                row = use.execute("SELECT * FROM code WHERE ours = ?", (name.upper(),)).fetchone()
            if row is None:
                raise NotFound(N_("The simulator made no code %(name)s."), name=name)
            return books.view(use, row, now)

    def add(self, attempt: Attempt, payload: str) -> CodeView:
        """Remember a new code; asked twice for one reference, it gives the first."""
        now = clock.now()
        with self._open() as use:
            ways = books.ways(use)
            auto = None if ways.auto is None else books.millis(now + timedelta(seconds=ways.auto))
            created, expires = books.millis(now), books.millis(attempt.expires_at)
            use.execute(
                "INSERT INTO code (ours, amount, payload, register, created, expires, auto)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ours) DO NOTHING",
                (attempt.our_reference, attempt.amount, payload, attempt.register, created, expires, auto),
            )
            row = use.execute("SELECT * FROM code WHERE ours = ?", (attempt.our_reference,)).fetchone()
            return books.view(use, row, now)

    def cancel(self, ours: str) -> State:
        """Give a code up unless it was paid; return its state then."""
        now = clock.now()
        with self._open() as use:
            books.settle(use, now)
            row = use.execute("SELECT * FROM code WHERE ours = ?", (ours,)).fetchone()
            if row is None:
                return "not_found"
            if books.view(use, row, now).state == "waiting":
                use.execute("UPDATE code SET ended = 'cancelled', auto = NULL WHERE ours = ?", (ours,))
                return "cancelled"
            return books.view(use, row, now).state

    # What a pretend buyer does

    def pay(self, number: int, amount: int | None = None) -> None:
        """Pay a code that is waited for, with its own or another amount."""
        if amount is not None and not 1 <= amount <= MOST_AMOUNT:
            raise PosError("validation_error", N_("Choose an amount from 1."), extra={"status": 422})
        with self._act(number) as (use, code, now):
            if code.state == "paid":
                raise _not_now(N_("This code was paid already. To pay it once more: pay twice."))
            if code.state != "waiting":
                raise _not_now(GIVEN_UP)
            books.pay(use, code, amount or code.amount, now)

    def pay_twice(self, number: int) -> None:
        """Pay a code twice, or once more when it was paid already."""
        with self._act(number) as (use, code, now):
            if code.state not in ("waiting", "paid"):
                raise _not_now(GIVEN_UP)
            for _ in range(2 if code.state == "waiting" else 1):
                books.pay(use, code, code.amount, now)

    def pay_late(self, number: int) -> None:
        """Pay a code that was given up: cancelled, or not paid in time."""
        with self._act(number) as (use, code, now):
            if code.state not in ("cancelled", "expired"):
                raise _not_now(N_("This code was not given up yet: cancel it at the till, or let it expire."))
            books.pay(use, code, code.amount, now)

    def fail(self, number: int) -> None:
        """Have the payment of a code fail for good."""
        with self._act(number) as (use, code, now):
            if code.state != "waiting":
                raise _not_now(N_("Nobody waits for this code any more."))
            use.execute("UPDATE code SET ended = 'failed', auto = NULL WHERE number = ?", (number,))
            books.tell(use, code, "failed", now)

    @contextmanager
    def _act(self, number: int) -> Iterator[tuple[sqlite3.Connection, CodeView, datetime]]:
        now = clock.now()
        with self._open() as use:
            books.settle(use, now)
            row = use.execute("SELECT * FROM code WHERE number = ?", (number,)).fetchone()
            if row is None:
                raise NotFound(N_("The simulator made no code %(name)s."), name=number)
            yield use, books.view(use, row, now), now

    # Money back

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back, once a key, and never more than was paid."""
        with self._open() as use:
            done = use.execute("SELECT reference FROM refunded WHERE key = ?", (asked.key,)).fetchone()
            if done is not None:
                return Refunded("done", done["reference"])
            if books.ways(use).trouble == "refuse-refund":
                return Refunded("refused", reason="The buyer's bank takes no money back.")
            rrn = asked.paid_reference
            paid = use.execute("SELECT amount FROM paid WHERE rrn = ?", (rrn,)).fetchone()
            if paid is None:
                return Refunded("refused", reason="There is no such payment.")
            back = use.execute("SELECT coalesce(sum(amount), 0) FROM refunded WHERE rrn = ?", (rrn,))
            if asked.amount < 1 or asked.amount > paid["amount"] - back.fetchone()[0]:
                return Refunded("refused", reason="More than is left of the payment.")
            reference = books.next_rrn(use, clock.now())
            use.execute(
                "INSERT INTO refunded (key, rrn, amount, at, reference) VALUES (?, ?, ?, ?, ?)",
                (asked.key, rrn, asked.amount, books.millis(clock.now()), reference),
            )
            return Refunded("done", reference)

    # Notifications

    def due(self) -> Mail | None:
        """Take the next notification that is due, so that nobody else sends it; settle who pays by now."""
        now = clock.now()
        with self._open() as use:
            books.settle(use, now)
            row = use.execute(
                "DELETE FROM notice WHERE number = (SELECT number FROM notice WHERE due <= ?"
                " ORDER BY due, number LIMIT 1) RETURNING body",
                (books.millis(now),),
            ).fetchone()
            return None if row is None else Mail(row["body"], books.key(use), books.get(use, "address"))

    def seconds_to_next(self) -> float | None:
        """Return in how many seconds the next thing happens by itself; None: nothing will."""
        with self._open() as use:
            found = use.execute(
                "SELECT min(at) FROM (SELECT min(due) AS at FROM notice UNION ALL"
                " SELECT min(auto) FROM code WHERE auto IS NOT NULL)"
            ).fetchone()[0]
        return None if found is None else max(0.0, (found - books.millis(clock.now())) / 1000)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise PosError(
            "validation_error",
            N_("Choose one of: %(allowed)s."),
            {"allowed": ", ".join(allowed)},
            extra={"status": 422},
        )
    return value


def _not_now(message: str) -> PosError:
    return PosError("not_now", message)
