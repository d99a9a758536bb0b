"""Statements that run on the driver's own cursor keep the manners of SQLAlchemy's."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Select, bindparam, event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from pos import clock
from pos.db import db, dialect, table, transact
from pos.models import Book, Location
from pos.queries import till as till_queries
from pos.queries.sales import waiting_sales
from pos.statements import Statement, adding, together
from pos.worker import spool
from tests.factories import Shop

LOCATION = table(Location)
CODE_OF = Statement(select(Location.code).where(Location.id == bindparam("id")))
ADD = adding(LOCATION)


def place(number: int, code: str) -> dict[str, object]:
    return {"id": number, "code": code, "name": code, "kind": "stock"}


def codes() -> set[str]:
    return set(db.session.execute(select(Location.code)).scalars())


def test_a_write_outside_a_transaction_is_refused(shop: Shop) -> None:
    with shop.app.app_context():
        with pytest.raises(RuntimeError, match="outside a transaction"):
            db.session.execute(insert(LOCATION), place(91, "RAK"))
        db.session.rollback()
        with pytest.raises(RuntimeError, match="outside a transaction"):
            ADD.run([place(91, "RAK")])
        db.session.rollback()
        assert "RAK" not in codes()


def test_rows_are_counted_one_by_one_and_many_at_once(shop: Shop) -> None:
    with shop.app.app_context():
        assert transact(lambda: ADD.run([place(91, "RAK")])) == 1
        assert transact(lambda: ADD.run([place(92, "ETALASE"), place(93, "GEROBAK")])) == 2
        assert transact(lambda: ADD.run([])) == 0
        assert {"RAK", "ETALASE", "GEROBAK"} <= codes()
        assert CODE_OF.ask(id=92).rows() == [("ETALASE",)]
        assert CODE_OF.ask(id=99).row() is None


def test_a_value_that_is_missing_is_an_error_and_never_null(shop: Shop) -> None:
    with shop.app.app_context():
        row = place(91, "RAK")
        del row["name"]
        with pytest.raises((KeyError, DBAPIError), match="name"):
            transact(lambda: ADD.run([row]))


def test_a_drivers_error_comes_as_sqlalchemys(shop: Shop) -> None:
    with shop.app.app_context():
        with pytest.raises(IntegrityError):
            transact(lambda: ADD.run([place(91, "GUDANG")]))
        with pytest.raises(IntegrityError):
            transact(lambda: ADD.run([place(91, "RAK"), place(92, "GUDANG")]))
        assert "RAK" not in codes()


def test_an_error_among_statements_sent_together_comes_out_and_nothing_stays(shop: Shop) -> None:
    def work() -> None:
        with together():
            ADD.run([place(91, "RAK")])
            ADD.run([place(92, "GUDANG")])
            ADD.run([place(93, "ETALASE")])

    with shop.app.app_context():
        with pytest.raises(IntegrityError):
            transact(work)
        assert not {"RAK", "ETALASE"} & codes()


def test_statements_sent_together_see_those_before_them(shop: Shop) -> None:
    def work() -> tuple[object, ...] | None:
        with together():
            ADD.run([place(91, "RAK")])
            found = CODE_OF.ask(id=91)
        return found.row()

    with shop.app.app_context():
        assert transact(work) == ("RAK",)


def test_a_connection_that_was_cut_is_not_used_again(shop: Shop) -> None:
    def cut_off() -> None:
        me = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:me, 5000)"), {"me": me})
        CODE_OF.ask(id=1)

    with shop.app.app_context():
        if dialect() == "postgresql":
            with pytest.raises(DBAPIError) as caught:
                transact(cut_off)
            assert caught.value.connection_invalidated or caught.value.orig is not None
        assert CODE_OF.ask(id=1).row() is not None


@contextmanager
def plans() -> Iterator[list[str]]:
    """Collect how SQLite carries out what is asked in the block."""
    asked: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, sql: str, values: object, *_: object) -> None:
        asked.append((sql, values))

    found: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)
    link = db.session.connection()
    for sql, values in asked:
        if sql.startswith("SELECT"):
            rows = link.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)  # type: ignore[arg-type]
            found += [str(row[3]) for row in rows]


def test_what_is_polled_all_day_reads_no_table_that_grows_for_years(till: Shop) -> None:
    with till.app.app_context():
        if dialect() != "sqlite":
            return
        register: Select[tuple[int]] = select(Book.register_id).where(Book.code == "K1")
        number = db.session.execute(register).scalar_one()
        with plans() as found:
            spool.next_job([number], number, clock.now())
            spool.has_expired(clock.now())
            till_queries.unknown_jobs(number)
            waiting_sales(number)
        grown = [step for step in found if "printer_job" in step or " sale" in step]
        assert grown
        assert all("ix_printer_job_open" in step or "ix_sale_waiting" in step for step in grown), grown
