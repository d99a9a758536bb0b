"""The shop's settings, read once a version of the office's book."""

import json

from sqlalchemy import select

from pos.db import db
from pos.domain.shop import Shop, shop_of
from pos.models import Book, Setting

_cached: tuple[object, int, Shop] | None = None


def shop_at(version: int | None) -> Shop:
    """Return the settings as of the office book's seq `version`: every change of them is an entry there.

    The version makes the cache right across processes: a command that changes a setting moves the seq.
    """
    global _cached
    held = _cached
    engine = db.engine
    if held is not None and held[0] is engine and held[1] == version:
        return held[2]
    rows = db.session.execute(select(Setting.key, Setting.value)).all()
    shop = shop_of({key: json.loads(value) for key, value in rows})
    if version is not None:
        _cached = (engine, version, shop)
    return shop


def shop() -> Shop:
    """Return the shop's settings as they are now."""
    return shop_at(db.session.execute(select(Book.seq).where(Book.code == "OFFICE")).scalar_one_or_none())
