"""Rows of the pretend bank's books: what stands in data_dir/simulator.db, and what each event writes.

Every function works inside a transaction that its caller opened.
"""

import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from pos import clock
from pos.payments.base import Money, State

ISSUERS = ("Bank Contoh", "Dompet Contoh")
NOTIFY = ("normal", "lose", "double", "reorder")
TROUBLES = ("none", "slow", "down", "lose-code", "refuse", "refuse-refund")
Notify: TypeAlias = Literal["normal", "lose", "double", "reorder"]
Trouble: TypeAlias = Literal["none", "slow", "down", "lose-code", "refuse", "refuse-refund"]
SLOW_SECONDS = 8
REORDERED_AFTER = 1.5
"""Seconds by which the older of two reordered notifications comes after the newer one."""

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
    """How the pretend bank behaves. After `auto` seconds a pretend buyer pays; None: nobody does."""

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


def settle(use: sqlite3.Connection, now: datetime) -> None:
    """Let the pretend buyer pay what is due; a code that ended or was paid before is left alone."""
    for row in use.execute("SELECT * FROM code WHERE auto <= ?", (millis(now),)).fetchall():
        use.execute("UPDATE code SET auto = NULL WHERE number = ?", (row["number"],))
        at = instant(row["auto"])
        code = view(use, row, at)
        if code.state == "waiting":
            pay(use, code, code.amount, at)


def pay(use: sqlite3.Connection, code: CodeView, amount: int, at: datetime) -> None:
    """Write one payment of a code, whatever its state, and tell of it."""
    rrn = next_rrn(use, at)
    use.execute("UPDATE code SET auto = NULL WHERE number = ?", (code.number,))
    use.execute(
        "INSERT INTO paid (rrn, code, amount, at, issuer) VALUES (?, ?, ?, ?, ?)",
        (rrn, code.number, amount, millis(at), ISSUERS[int(rrn) % len(ISSUERS)]),
    )
    tell(use, code, "paid", at, rrn=rrn, amount=amount)


def tell(
    use: sqlite3.Connection, code: CodeView, event: str, at: datetime, *, rrn: str = "", amount: int = 0
) -> None:
    """Write the notifications of one event, as the bank sends them now: that it was scanned, how it ended."""
    way = ways(use)
    if way.notify == "lose" or way.trouble == "down" or not get(use, "address"):
        return
    scanned = {"event": "scanned", "code": code.their_reference, "reference": code.our_reference}
    ended = {**scanned, "event": event, "amount": amount or code.amount, "rrn": rrn, "at": clock.iso(at)}
    later = at + timedelta(seconds=REORDERED_AFTER)
    order = [(ended, at), (scanned, later)] if way.notify == "reorder" else [(scanned, at), (ended, at)]
    for body, due in order:
        for _ in range(2 if way.notify == "double" else 1):
            use.execute("INSERT INTO notice (due, body) VALUES (?, ?)", (millis(due), json.dumps(body)))


def next_rrn(use: sqlite3.Connection, at: datetime) -> str:
    """Return a retrieval reference number: the last digit of the year, day, hour, and a running number.

    The running number begins anywhere, so that a simulator that was deleted does not repeat itself.
    """
    number = (int(get(use, "running") or secrets.randbelow(1_000_000)) + 1) % 1_000_000
    put(use, "running", str(number))
    return f"{at:%Y}"[-1] + f"{at:%j%H}{number:06d}"


def view(use: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> CodeView:
    """Return a code as it stands at an instant."""
    rows = use.execute("SELECT * FROM paid WHERE code = ? ORDER BY at, rrn", (row["number"],))
    money = tuple(Money(paid["rrn"], paid["amount"], instant(paid["at"]), paid["issuer"]) for paid in rows)
    state: State
    if money:
        state = "paid"
    elif row["ended"]:
        state = row["ended"]
    else:
        state = "expired" if row["expires"] <= millis(now) else "waiting"
    return CodeView(
        number=row["number"],
        our_reference=row["ours"],
        amount=row["amount"],
        payload=row["payload"],
        register=row["register"],
        created_at=instant(row["created"]),
        expires_at=instant(row["expires"]),
        state=state,
        money=money,
        auto_at=None if row["auto"] is None else instant(row["auto"]),
    )


def ways(use: sqlite3.Connection) -> Ways:
    """Return how the bank behaves."""
    found = {row["name"]: row["value"] for row in use.execute("SELECT name, value FROM way")}
    auto = found.get("auto", "")
    return Ways(
        notify=found.get("notify", "normal"),
        trouble=found.get("trouble", "none"),
        slow=float(found.get("slow", SLOW_SECONDS)),
        auto=float(auto) if auto else None,
    )


def key(use: sqlite3.Connection) -> str:
    """Return the key that signs notifications, made at its first use."""
    if not (key := get(use, "key")):
        key = secrets.token_urlsafe(32)
        put(use, "key", key)
    return key


def get(use: sqlite3.Connection, name: str) -> str:
    """Return one thing that was set; empty: it was not."""
    row = use.execute("SELECT value FROM way WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row["value"])


def put(use: sqlite3.Connection, name: str, value: str) -> None:
    """Set one thing."""
    use.execute("INSERT OR REPLACE INTO way (name, value) VALUES (?, ?)", (name, value))


def millis(at: datetime) -> int:
    """Return an instant as it is kept."""
    return round(at.timestamp() * 1000)


def instant(kept: int) -> datetime:
    """Return a kept instant."""
    return datetime.fromtimestamp(kept / 1000, UTC)
