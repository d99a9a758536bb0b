"""A report is of one instant, and leaves its reader as it was."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select

from pos import reading
from pos.db import db
from pos.models import Location
from pos.queries import shifts
from pos.statements import Answer, Statement
from tests.factories import Shop
from tests.support.demo import on_sqlite

demo_url = on_sqlite

NAMES = Statement(select(Location.name).order_by(Location.id))


def names() -> list[str]:
    return [name for (name,) in NAMES.ask().rows()]


def kept_kilobytes() -> int:
    return -int(db.session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one())


def behind_its_back(shop: Shop, sql: str, *values: str) -> None:
    """Change something as another process does."""
    with closing(sqlite3.connect(shop.app.config["SQLALCHEMY_DATABASE_URI"].database)) as link:
        link.execute(sql, values)
        link.commit()


def test_a_report_sees_nothing_that_was_committed_since_its_first_line(shop: Shop) -> None:
    with shop.app.app_context():
        with reading.a_report():
            before = names()
            behind_its_back(shop, "UPDATE location SET name = ?", "Gudang baru")
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


def test_a_shift_that_is_counted_while_its_report_is_read_is_still_open_in_it(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    frozen = shifts._FROZEN

    class CountedMeanwhile:
        def ask(self, **values: object) -> Answer:
            answer = frozen.ask(**values)
            rows = answer.rows()
            behind_its_back(till, "UPDATE shift SET status = 'counted' WHERE id = ?", shift)
            return replace(answer, _fetch=lambda: rows)

    monkeypatch.setattr(shifts, "_FROZEN", CountedMeanwhile())
    with till.app.app_context():
        assert shifts.shift_report(shift)["status"] == "open"
