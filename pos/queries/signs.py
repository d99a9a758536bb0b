"""The checks of printed QRIS signs, as the office's book has them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.db import db
from pos.models import Book, Entry
from pos.operations.journal import OFFICE
from pos.operations.signs import KIND, NOTE
from pos.queries.journal import EntryView, view_of


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a sign: who, when, which sign, what came of it."""

    seq: int
    at: datetime
    by: str
    outcome: str
    place: str
    payload: str


def checks(limit: int) -> list[Check]:
    """Return the newest checks."""
    rows = db.session.execute(
        select(Entry, Book.code)
        .join(Book, Book.id == Entry.book_id)
        .where(Book.code == OFFICE, Entry.kind == KIND)
        .order_by(Entry.seq.desc())
        .limit(limit)
    )
    return [_check(view_of(entry, code)) for entry, code in rows]


def check_of(request_id: str) -> Check | None:
    """Return the check that a form with this id made."""
    row = db.session.execute(
        select(Entry, Book.code)
        .join(Book, Book.id == Entry.book_id)
        .where(Entry.request_id == request_id, Entry.kind == KIND)
    ).one_or_none()
    return None if row is None else _check(view_of(row[0], row[1]))


def _check(entry: EntryView) -> Check:
    (said,) = entry.content[NOTE]
    return Check(entry.seq, entry.at, entry.actor["name"], said["outcome"], said["place"], said["payload"])
