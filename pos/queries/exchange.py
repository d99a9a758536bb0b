"""Links to other shops, and the files that went there and came from there."""

from typing import Any, TypeAlias

from sqlalchemy import select

from pos import clock
from pos.db import db
from pos.models import ExchangeFile, ExchangeLink
from pos.operations.exchange import file_name

View: TypeAlias = dict[str, Any]
MOST = 200


def links() -> list[View]:
    """Return every link, without its key."""
    rows = db.session.execute(
        select(ExchangeLink.id, ExchangeLink.side, ExchangeLink.code, ExchangeLink.name).order_by(
            ExchangeLink.code
        )
    )
    return [dict(row) for row in rows.mappings()]


def files() -> list[View]:
    """Return the newest files."""
    rows = db.session.execute(
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
        .order_by(ExchangeFile.at.desc(), ExchangeFile.number.desc())
        .limit(MOST)
    ).mappings()
    return [
        {
            **row,
            "name": file_name(row["kind"], row["code"], row["number"]),
            "made_here": (row["kind"] == "delivery") == (row["side"] == "main"),
            "made_at": clock.iso(row["made_at"]),
            "until_on": row["until_on"].isoformat(),
            "at": clock.iso(row["at"]),
        }
        for row in rows
    ]
