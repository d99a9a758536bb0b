"""What stands on the board between machines; with SQLite, what this process remembers."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from pos import board
from pos.db import db, dialect
from pos.models import Note

FORGOTTEN = timedelta(hours=12)
"""A call that nobody answered for so long is nobody's any more."""


def shared() -> bool:
    """Say whether several machines may serve this shop."""
    return dialect() == "postgresql"


def calls() -> dict[str, datetime]:
    """Return the kiosks that call an officer, with the instant of each call."""
    if not shared():
        return board.calls()
    fresh = Note.said_at > func.now() - FORGOTTEN
    rows = db.session.execute(select(Note.register, Note.said_at).where(Note.kind == "call", fresh))
    return {code: at for code, at in rows}  # noqa: C416 - rows are no pairs to mypy


def note(kind: str, register: str, within: timedelta) -> str | None:
    """Return the words of a note that is not older than `within`, None when there is none."""
    return db.session.execute(
        select(Note.words).where(
            Note.kind == kind, Note.register == register, Note.said_at > func.now() - within
        )
    ).scalar_one_or_none()
