"""Links to other shops, and the files that went there and came from there."""

import re
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select

from pos import clock
from pos.db import db
from pos.models import ExchangeFile, ExchangeLink
from pos.operations.exchange import NAMES, file_name
from pos.queries.paging import older
from pos.queries.searching import MOST_WORDS, with_words

View: TypeAlias = dict[str, Any]

_NAMED = re.compile(rf"({'|'.join(NAMES.values())})-(.+)-([0-9]{{1,9}})(?:\.karya)?", re.IGNORECASE)


def links() -> list[View]:
    """Return every link, without its key."""
    rows = db.session.execute(
        select(ExchangeLink.id, ExchangeLink.side, ExchangeLink.code, ExchangeLink.name).order_by(
            ExchangeLink.code
        )
    )
    return [dict(row) for row in rows.mappings()]


def files(
    before: str | None, limit: int, *, words: str = "", kind: str = "", code: str = ""
) -> tuple[list[View], str | None]:
    """Return a page of files, the newest first, and the cursor of the next page.

    With words of the other shop, of who wrote or took it in, or a file's number; of a kind; of a link.
    """
    query = (
        select(
            ExchangeFile.id,
            ExchangeFile.kind,
            ExchangeFile.number,
            ExchangeFile.made_at,
            ExchangeFile.until_on,
            ExchangeFile.pieces,
            ExchangeFile.sha256,
            ExchangeFile.at,
            ExchangeFile.by,
            ExchangeLink.side,
            ExchangeLink.code,
            ExchangeLink.name.label("link"),
        )
        .join(ExchangeLink, ExchangeLink.id == ExchangeFile.link_id)
        .order_by(ExchangeFile.at.desc(), ExchangeFile.id.desc())
        .limit(limit + 1)
    )
    for word in words.split()[:MOST_WORDS]:
        query = query.where(_about(word))
    if kind:
        query = query.where(ExchangeFile.kind == kind)
    if code:
        query = query.where(ExchangeLink.code == code)
    if before is not None:
        at, _, last = before.partition("~")
        query = query.where(older(ExchangeFile.at, ExchangeFile.id, at, last))
    rows = db.session.execute(query).mappings().all()
    items = [
        {
            **row,
            "name": file_name(row["kind"], row["code"], row["number"]),
            "made_here": (row["kind"] == "delivery") == (row["side"] == "main"),
            "made_at": clock.iso(row["made_at"]),
            "until_on": row["until_on"].isoformat(),
            "at": clock.iso(row["at"]),
        }
        for row in rows[:limit]
    ]
    return items, f"{items[-1]['at']}~{items[-1]['id']}" if len(rows) > limit else None


def _about(word: str) -> ColumnElement[bool]:
    """Say whether a file is the one that a word names whole, has it as number, or is of whom it names."""
    named = _NAMED.fullmatch(word)
    if named is not None:
        kind = next(kind for kind, name in NAMES.items() if name == named[1].lower())
        whole = (ExchangeFile.kind == kind) & (ExchangeLink.code == named[2].upper())
        return whole & (ExchangeFile.number == int(named[3]))
    (said,) = with_words(word, ExchangeLink.code, ExchangeLink.name, ExchangeFile.by)
    return said | (ExchangeFile.number == int(word)) if re.fullmatch("[0-9]{1,9}", word) else said
