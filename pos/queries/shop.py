"""The shop's settings, read once a version of the office's book."""

import json
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from pos.db import db
from pos.domain.shop import Shop, shop_of
from pos.models import Book, Setting
from pos.statements import Statement

_VERSION = Statement(select(Book.seq).where(Book.code == "OFFICE"))
_cached: WeakKeyDictionary[Engine, tuple[int, Shop]] = WeakKeyDictionary()
"""Of each engine the last version read; a process has one engine, a test run several."""


def shop_at(version: int | None) -> Shop:
    """Return the settings as of the office book's seq `version`: every change of them is an entry there.

    The version makes the cache right across processes: a command that changes a setting moves the seq.
    """
    engine = db.engine
    held = _cached.get(engine)
    if held is not None and held[0] == version:
        return held[1]
    rows = db.session.execute(select(Setting.key, Setting.value)).all()
    shop = shop_of({key: json.loads(value) for key, value in rows})
    if version is not None:
        _cached[engine] = (version, shop)
    return shop


def shop() -> Shop:
    """Return the shop's settings as they are now."""
    row = _VERSION.ask().row()
    return shop_at(None if row is None else row[0])
