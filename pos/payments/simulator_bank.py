"""The books of the pretend bank: codes, payments, refunds and how it behaves, in data_dir/simulator.db.

Beside the shop's database and never part of its books. The server and commands use it at the same time: each
use opens the file under a lock, so that no writer meets another.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from pos import clock
from pos.errors import N_, NotFound, PosError
from pos.locks import FairLock
from pos.payments.base import Attempt, Money, Refunded, Refunding, State

FILE = "simulator.db"
ISSUERS = ("Bank Contoh", "Dompet Contoh")
NOTIFY = ("normal", "lose", "double", "reorder")
TROUBLES = ("none", "slow", "down", "lose-code", "refuse", "refuse-refund")
Notify: TypeAlias = Literal["normal", "lose", "double", "reorder"]
Trouble: TypeAlias = Literal["none", "slow", "down", "lose-code", "refuse", "refuse-refund"]
SLOW_SECONDS = 8
REORDERED_AFTER = 1.5
"""Seconds by which the older of two reordered notifications comes after the newer one."""
MOST_AMOUNT = 99_999_999
GIVEN_UP = N_("This code was given up. To pay it nevertheless: pay late.")

SCHEMA = """
CREATE TABLE IF NOT EXISTS code (
  number INTEGER PRIMARY KEY AUTOINCREMENT, ours TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL,
  payload TEXT NOT NULL, register TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
  ended TEXT NOT NULL DEFAULT '', auto INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS paid (
  rrn TEXT PRIMARY KEY, code INTEGER NOT NULL REFERENCES code, amount INTEGER NOT NULL, at INTEGER NOT NULL,
  issuer TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refunded (
  key TEXT PRIMARY KEY, rrn TEXT NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL,
  reference TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS notice (
  number INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS way (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS paid_code ON paid (code);
CREATE INDEX IF NOT EXISTS code_auto ON code (auto) WHERE auto IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class Ways:
    """How the pretend bank behaves; a pretend buyer pays each code after `auto` seconds, None: nobody does."""

    notify: Notify
    trouble: Trouble
    slow: float
    auto: float | None


@dataclass(frozen=True, slots=True)
class CodeView:
    """One code, with what became of it. `auto_at` is when the pretend buyer will pay it."""

    number: int
    our_reference: str
    amount: int
    payload: str
    register: str
    created_at: datetime
    expires_at: datetime
    state: State
    money: tuple[Money, ...]
    auto_at: datetime | None

    @property
    def their_reference(self) -> str:
        """The pretend bank's own number of the code."""
        return f"SIM{self.number:09d}"


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
                    connection.executescript(SCHEMA + "PRAGMA user_version = 1;")
                with connection:
                    yield connection
            finally:
                connection.close()

    # How it behaves

    def ways(self) -> Ways:
        """Return how the bank behaves."""
        with self._open() as use:
            return _ways(use)

    def set_notify(self, notify: str) -> None:
        """Say how notifications are sent."""
        self._set("notify", _one_of(notify, NOTIFY))

    def set_trouble(self, trouble: str, seconds: float = SLOW_SECONDS) -> None:
        """Say what is wrong with the bank; `seconds` is how slow `slow` is."""
        if not 0 < seconds <= 60:
            raise PosError("validation_error", N_("Choose from 1 to 60 seconds."), extra={"status": 422})
        with self._open() as use:
            _put(use, "trouble", _one_of(trouble, TROUBLES))
            _put(use, "slow", str(seconds))

    def set_auto(self, seconds: float | None) -> None:
        """Have a pretend buyer pay each new code after `seconds`; None: nobody pays by themselves."""
        if seconds is not None and not 0 <= seconds <= 3_600:
            raise PosError("validation_error", N_("Choose from 0 to 3600 seconds."), extra={"status": 422})
        with self._open() as use:
            _put(use, "auto", "" if seconds is None else str(seconds))
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
            return _key(use).encode()

    def _set(self, name: str, value: str) -> None:
        with self._open() as use:
            _put(use, name, value)

    # Codes

    def codes(self, limit: int = 50) -> list[CodeView]:
        """Return the newest codes, newest first."""
        now = clock.now()
        with self._open() as use:
            _settle(use, now)
            rows = use.execute("SELECT * FROM code ORDER BY number DESC LIMIT ?", (limit,)).fetchall()
            return [_view(use, row, now) for row in rows]

    def code(self, ours: str) -> CodeView | None:
        """Return the code of our own reference."""
        now = clock.now()
        with self._open() as use:
            _settle(use, now)
            row = use.execute("SELECT * FROM code WHERE ours = ?", (ours,)).fetchone()
            return None if row is None else _view(use, row, now)

    def named(self, name: str) -> CodeView:
        """Return the code that a person named: `last`, its number, or either reference. Raises not_found."""
        digits = name.upper().removeprefix("SIM")
        now = clock.now()
        with self._open() as use:
            _settle(use, now)
            if name == "last":
                row = use.execute("SELECT * FROM code ORDER BY number DESC LIMIT 1").fetchone()
            elif digits.isascii() and digits.isdecimal() and len(digits) < 16:
                row = use.execute("SELECT * FROM code WHERE number = ?", (int(digits),)).fetchone()
            else:
                row = use.execute("SELECT * FROM code WHERE ours = ?", (name.upper(),)).fetchone()
            if row is None:
                raise NotFound(N_("The simulator made no code %(name)s."), name=name)
            return _view(use, row, now)

    def add(self, attempt: Attempt, payload: str) -> CodeView:
        """Remember a new code; asked twice for one reference, it gives the first."""
        now = clock.now()
        with self._open() as use:
            ways = _ways(use)
            auto = None if ways.auto is None else _millis(now + timedelta(seconds=ways.auto))
            created, expires = _millis(now), _millis(attempt.expires_at)
            use.execute(
                "INSERT INTO code (ours, amount, payload, register, created, expires, auto)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ours) DO NOTHING",
                (attempt.our_reference, attempt.amount, payload, attempt.register, created, expires, auto),
            )
            row = use.execute("SELECT * FROM code WHERE ours = ?", (attempt.our_reference,)).fetchone()
            return _view(use, row, now)

    def cancel(self, ours: str) -> State:
        """Give a code up unless it was paid; return its state then."""
        now = clock.now()
        with self._open() as use:
            _settle(use, now)
            row = use.execute("SELECT * FROM code WHERE ours = ?", (ours,)).fetchone()
            if row is None:
                return "not_found"
            if _view(use, row, now).state == "waiting":
                use.execute("UPDATE code SET ended = 'cancelled', auto = NULL WHERE ours = ?", (ours,))
                return "cancelled"
            return _view(use, row, now).state

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
            _pay(use, code, amount or code.amount, now)

    def pay_twice(self, number: int) -> None:
        """Pay a code twice, or once more when it was paid already."""
        with self._act(number) as (use, code, now):
            if code.state not in ("waiting", "paid"):
                raise _not_now(GIVEN_UP)
            for _ in range(2 if code.state == "waiting" else 1):
                _pay(use, code, code.amount, now)

    def pay_late(self, number: int) -> None:
        """Pay a code that was given up: cancelled, or not paid in time."""
        with self._act(number) as (use, code, now):
            if code.state not in ("cancelled", "expired"):
                raise _not_now(N_("This code was not given up yet: cancel it at the till, or let it expire."))
            _pay(use, code, code.amount, now)

    def fail(self, number: int) -> None:
        """Have the payment of a code fail for good."""
        with self._act(number) as (use, code, now):
            if code.state != "waiting":
                raise _not_now(N_("Nobody waits for this code any more."))
            use.execute("UPDATE code SET ended = 'failed', auto = NULL WHERE number = ?", (number,))
            _tell(use, code, "failed", now)

    @contextmanager
    def _act(self, number: int) -> Iterator[tuple[sqlite3.Connection, CodeView, datetime]]:
        now = clock.now()
        with self._open() as use:
            _settle(use, now)
            row = use.execute("SELECT * FROM code WHERE number = ?", (number,)).fetchone()
            if row is None:
                raise NotFound(N_("The simulator made no code %(name)s."), name=number)
            yield use, _view(use, row, now), now

    # Money back

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back, once a key, and never more than was paid."""
        with self._open() as use:
            done = use.execute("SELECT reference FROM refunded WHERE key = ?", (asked.key,)).fetchone()
            if done is not None:
                return Refunded("done", done["reference"])
            if _ways(use).trouble == "refuse-refund":
                return Refunded("refused", reason="The buyer's bank takes no money back.")
            rrn = asked.paid_reference
            paid = use.execute("SELECT amount FROM paid WHERE rrn = ?", (rrn,)).fetchone()
            if paid is None:
                return Refunded("refused", reason="There is no such payment.")
            back = use.execute("SELECT coalesce(sum(amount), 0) FROM refunded WHERE rrn = ?", (rrn,))
            if asked.amount < 1 or asked.amount > paid["amount"] - back.fetchone()[0]:
                return Refunded("refused", reason="More than is left of the payment.")
            reference = _next_rrn(use, clock.now())
            use.execute(
                "INSERT INTO refunded (key, rrn, amount, at, reference) VALUES (?, ?, ?, ?, ?)",
                (asked.key, rrn, asked.amount, _millis(clock.now()), reference),
            )
            return Refunded("done", reference)

    # Notifications

    def due(self) -> Mail | None:
        """Take the next notification that is due, so that nobody else sends it; settle who pays by now."""
        now = clock.now()
        with self._open() as use:
            _settle(use, now)
            row = use.execute(
                "DELETE FROM notice WHERE number = (SELECT number FROM notice WHERE due <= ?"
                " ORDER BY due, number LIMIT 1) RETURNING body",
                (_millis(now),),
            ).fetchone()
            return None if row is None else Mail(row["body"], _key(use), _get(use, "address"))

    def seconds_to_next(self) -> float | None:
        """Return in how many seconds the next thing happens by itself; None: nothing will."""
        with self._open() as use:
            found = use.execute(
                "SELECT min(at) FROM (SELECT min(due) AS at FROM notice UNION ALL"
                " SELECT min(auto) FROM code WHERE auto IS NOT NULL)"
            ).fetchone()[0]
        return None if found is None else max(0.0, (found - _millis(clock.now())) / 1000)


def _settle(use: sqlite3.Connection, now: datetime) -> None:
    """Let the pretend buyer pay what is due; a code that ended or was paid before is left alone."""
    for row in use.execute("SELECT * FROM code WHERE auto <= ?", (_millis(now),)).fetchall():
        use.execute("UPDATE code SET auto = NULL WHERE number = ?", (row["number"],))
        at = _instant(row["auto"])
        code = _view(use, row, at)
        if code.state == "waiting":
            _pay(use, code, code.amount, at)


def _pay(use: sqlite3.Connection, code: CodeView, amount: int, at: datetime) -> None:
    rrn = _next_rrn(use, at)
    use.execute("UPDATE code SET auto = NULL WHERE number = ?", (code.number,))
    use.execute(
        "INSERT INTO paid (rrn, code, amount, at, issuer) VALUES (?, ?, ?, ?, ?)",
        (rrn, code.number, amount, _millis(at), ISSUERS[int(rrn) % len(ISSUERS)]),
    )
    _tell(use, code, "paid", at, rrn=rrn, amount=amount)


def _tell(
    use: sqlite3.Connection, code: CodeView, event: str, at: datetime, *, rrn: str = "", amount: int = 0
) -> None:
    """Write the notifications of one event, as the bank sends them now: that it was scanned, how it ended."""
    ways = _ways(use)
    if ways.notify == "lose" or ways.trouble == "down" or not _get(use, "address"):
        return
    scanned = {"event": "scanned", "code": code.their_reference, "reference": code.our_reference}
    ended = {**scanned, "event": event, "amount": amount or code.amount, "rrn": rrn, "at": clock.iso(at)}
    later = at + timedelta(seconds=REORDERED_AFTER)
    order = [(ended, at), (scanned, later)] if ways.notify == "reorder" else [(scanned, at), (ended, at)]
    for body, due in order:
        for _ in range(2 if ways.notify == "double" else 1):
            use.execute("INSERT INTO notice (due, body) VALUES (?, ?)", (_millis(due), json.dumps(body)))


def _next_rrn(use: sqlite3.Connection, at: datetime) -> str:
    """Return a retrieval reference number: the last digit of the year, day, hour, and a running number.

    The running number begins anywhere, so that a simulator that was deleted does not repeat itself.
    """
    number = (int(_get(use, "running") or secrets.randbelow(1_000_000)) + 1) % 1_000_000
    _put(use, "running", str(number))
    return f"{at:%Y}"[-1] + f"{at:%j%H}{number:06d}"


def _view(use: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> CodeView:
    rows = use.execute("SELECT * FROM paid WHERE code = ? ORDER BY at, rrn", (row["number"],))
    money = tuple(Money(paid["rrn"], paid["amount"], _instant(paid["at"]), paid["issuer"]) for paid in rows)
    state: State
    if money:
        state = "paid"
    elif row["ended"]:
        state = row["ended"]
    else:
        state = "expired" if row["expires"] <= _millis(now) else "waiting"
    return CodeView(
        number=row["number"],
        our_reference=row["ours"],
        amount=row["amount"],
        payload=row["payload"],
        register=row["register"],
        created_at=_instant(row["created"]),
        expires_at=_instant(row["expires"]),
        state=state,
        money=money,
        auto_at=None if row["auto"] is None else _instant(row["auto"]),
    )


def _ways(use: sqlite3.Connection) -> Ways:
    found = {row["name"]: row["value"] for row in use.execute("SELECT name, value FROM way")}
    auto = found.get("auto", "")
    return Ways(
        notify=found.get("notify", "normal"),
        trouble=found.get("trouble", "none"),
        slow=float(found.get("slow", SLOW_SECONDS)),
        auto=float(auto) if auto else None,
    )


def _key(use: sqlite3.Connection) -> str:
    if not (key := _get(use, "key")):
        key = secrets.token_urlsafe(32)
        _put(use, "key", key)
    return key


def _get(use: sqlite3.Connection, name: str) -> str:
    row = use.execute("SELECT value FROM way WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row["value"])


def _put(use: sqlite3.Connection, name: str, value: str) -> None:
    use.execute("INSERT OR REPLACE INTO way (name, value) VALUES (?, ?)", (name, value))


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


def _millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)
