"""The list of settlement files, with what of each a person has to look at."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from pos.db import db
from pos.models import SettlementFile
from pos.models import SettlementRow as RowTable
from pos.queries.searching import with_words
from pos.queries.settlements import label_of

TO_LOOK_AT = ("theirs", "amount")
"""Outcomes of a row that a person has to look at."""


def files(
    before: str | None,
    limit: int,
    *,
    words: str = "",
    provider: str = "",
    on: date | None = None,
    to_look_at: bool = False,
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of files, newest first, with how many rows need a look, and the cursor of the next.

    With words of a file's name or of who imported it, of a provider, about a day, with rows to look at.
    """
    query = select(SettlementFile).order_by(SettlementFile.id.desc()).limit(limit + 1)
    query = query.where(*with_words(words, SettlementFile.name, SettlementFile.imported_by))
    if provider:
        query = query.where(SettlementFile.provider == provider)
    if on is not None:
        query = query.where(SettlementFile.first_on <= on, SettlementFile.last_on >= on)
    if to_look_at:
        rows = select(RowTable.line).where(RowTable.file_id == SettlementFile.id)
        query = query.where(rows.where(RowTable.outcome.in_(TO_LOOK_AT)).exists())
    if before is not None:
        query = query.where(SettlementFile.id < before)
    found = list(db.session.execute(query).scalars())
    page = found[:limit]
    counted = db.session.execute(
        select(RowTable.file_id, RowTable.outcome, func.count())
        .where(RowTable.file_id.in_([file.id for file in page]))
        .group_by(RowTable.file_id, RowTable.outcome)
    ).all()
    counts: dict[str, dict[str, int]] = {file.id: {} for file in page}
    for file_id, outcome, count in counted:
        counts[file_id][outcome] = count
    items = [{"file": file, "label": label_of(file.provider), "counts": counts[file.id]} for file in page]
    return items, page[-1].id if len(found) > limit else None
