"""A report is of one instant, and leaves its reader as it was."""

import sqlite3
from contextlib import closing

from sqlalchemy import select

from pos import reading
from pos.db import db
from pos.models import Location
from pos.statements import Statement
from tests.factories import Shop
from tests.support.demo import on_sqlite

demo_url = on_sqlite

NAMES = Statement(select(Location.name).order_by(Location.id))


def names() -> list[str]:
    return [name for (name,) in NAMES.ask().rows()]


def kept_kilobytes() -> int:
    return -int(db.session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one())


def rename(shop: Shop, name: str) -> None:
    """Change a place's name as another process does."""
    with closing(sqlite3.connect(shop.app.config["SQLALCHEMY_DATABASE_URI"].database)) as link:
        link.execute("UPDATE location SET name = ?", (name,))
        link.commit()


def test_a_report_sees_nothing_that_was_committed_since_its_first_line(shop: Shop) -> None:
    with shop.app.app_context():
        with reading.a_report():
            before = names()
            rename(shop, "Gudang baru")
            assert names() == before
        db.session.rollback()
        assert set(names()) == {"Gudang baru"}


def test_a_reader_keeps_as_little_after_a_report_as_before(shop: Shop) -> None:
    with shop.app.app_context():
        before = kept_kilobytes()
        with reading.a_report():
            assert kept_kilobytes() > before
        assert kept_kilobytes() == before
        db.session.rollback()
