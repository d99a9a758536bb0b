"""Writing on the board between machines, which no book keeps."""

from sqlalchemy import delete, func

from pos.db import db, table
from pos.models import Note
from pos.statements import upsert


def put(kind: str, register: str, words: str = "", *, keep: bool = False) -> None:
    """Write a note over the one before; with `keep`, one that stands stays as it is."""
    stands = ["kind", "register"]
    new = upsert(table(Note)).values(kind=kind, register=register, said_at=func.now(), words=words)
    db.session.execute(
        new.on_conflict_do_nothing(index_elements=stands)
        if keep
        else new.on_conflict_do_update(
            index_elements=stands, set_={"said_at": new.excluded.said_at, "words": new.excluded.words}
        )
    )


def take_away(kind: str, register: str) -> None:
    """Remove a note."""
    db.session.execute(delete(Note).where(Note.kind == kind, Note.register == register))
