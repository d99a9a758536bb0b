"""Statements of the checkout path and of X and Z: compiled once a database, run on the driver's own cursor.

The same Core statements as everywhere, in the session's transaction, but without what SQLAlchemy does around
each of them, which costs ten times what SQLite needs for the statement itself. Write them at import with
`bindparam`; all other paths keep to `session.execute`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Date, DateTime, Dialect, Insert, Select, Table, Update, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from pos import db

Core: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update
Converter: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one database, with what turns values into the driver's and back."""

    sql: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, object]
    binders: tuple[tuple[Any, Converter], ...]
    readers: tuple[tuple[int, Converter], ...]

    def bind(self, values: Mapping[str, object]) -> Any:
        """Return the driver's parameters."""
        if self.fixed:
            values = {**self.fixed, **values}
        bound: Any = dict(values) if self.order is None else [values[name] for name in self.order]
        for at, convert in self.binders:
            bound[at] = convert(bound[at])
        return bound

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row as the models' types."""
        if not self.readers:
            return tuple(row)
        values = list(row)
        for at, convert in self.readers:
            values[at] = convert(values[at])
        return tuple(values)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement found. Inside `together` it comes when it is first looked at."""

    _fetch: Callable[[], list[Any]]
    _compiled: _Compiled

    def rows(self) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return [self._compiled.read(row) for row in self._fetch()]

    def row(self) -> tuple[Any, ...] | None:
        """Return the first row, None when there is none."""
        # All are fetched: SQLite holds a statement open until its last row was taken.
        rows = self._fetch()
        return self._compiled.read(rows[0]) if rows else None


class Statement:
    """A Core statement that is run often. It can't hold an IN list: its text is fixed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._compiled: dict[str, _Compiled] = {}

    def ask(self, **values: object) -> Answer:
        """Run a SELECT."""
        link = db.link()
        try:
            compiled, cursor = self._run(link, [values])
            if link.lent is None:
                return Answer(cursor.fetchall, compiled)
            rows = cursor.fetchall()
            return Answer(lambda: rows, compiled)
        finally:
            if link.lent is not None:
                link.lent.close()

    def run(self, rows: Sequence[Mapping[str, object]]) -> int:
        """Run an INSERT or UPDATE once for each of `rows`; return how many rows of the table it touched."""
        if not rows:
            return 0
        count: int = self._run(db.link(), rows)[1].rowcount
        return count

    def _run(self, link: db.Link, rows: Sequence[Mapping[str, object]]) -> tuple[_Compiled, Any]:
        compiled = self._compiled.get(link.dialect.name)
        if compiled is None:
            compiled = self._compiled[link.dialect.name] = _compile(self._core, link.dialect)
        many = len(rows) > 1
        values: Any = [compiled.bind(row) for row in rows] if many else compiled.bind(rows[0])
        cursor: Any = link.cursor()
        for watcher in link.watchers:
            watcher(link.connection, cursor, compiled.sql, values, None, many)
        try:
            (cursor.executemany if many else cursor.execute)(compiled.sql, values)
        except Exception as error:
            raise _wrapped(link, compiled.sql, error) from error
        return compiled, cursor


def adding(table: Table) -> Statement:
    """Return the statement that inserts rows with all columns of `table`."""
    return Statement(insert(table).inline())


@contextmanager
def together() -> Iterator[None]:
    """Send the statements of the block to PostgreSQL in one go, where each round trip costs as much as its
    work.

    Each still sees what those before it did, and an error of any comes out of the block.
    """
    if db.dialect() != "postgresql":
        yield
        return
    link = db.link()
    assert link.connection is not None  # noqa: S101
    driver: Any = link.connection.connection.dbapi_connection
    try:
        with driver.pipeline():
            yield
    except link.dialect.loaded_dbapi.Error as error:
        raise _wrapped(link, "", error) from error


def _compile(core: Core, dialect: Dialect) -> _Compiled:
    columns = [column.name for column in core.table.columns] if isinstance(core, Insert) else None
    compiled: Any = core.compile(dialect=dialect, column_keys=columns)
    required = {name for name, parameter in compiled.binds.items() if parameter.required}
    order = tuple(compiled.positiontup) if compiled.positional else None
    converters = {
        name: _remembering(
            dialect, parameter.type.dialect_impl(dialect).bind_processor(dialect), parameter.type
        )
        for name, parameter in compiled.binds.items()
    }
    places = list(enumerate(order)) if order is not None else [(name, name) for name in converters]
    readers = [
        (at, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for at, column in enumerate(core.selected_columns if isinstance(core, Select) else ())
    ]
    return _Compiled(
        sql=str(compiled),
        order=order,
        fixed={name: value for name, value in compiled.params.items() if name not in required},
        binders=tuple((at, convert) for at, name in places if (convert := converters[name]) is not None),
        readers=tuple((at, convert) for at, convert in readers if convert is not None),
    )


_instants: dict[tuple[str, type], Converter] = {}


def _remembering(dialect: Dialect, convert: Converter | None, kind: TypeEngine[Any]) -> Converter | None:
    """Return a converter that knows the last instants and days: a sale writes its own a dozen times.

    All statements share it, by kind of database and of column.
    """
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if convert is None or not isinstance(inner, DateTime | Date):
        return convert
    return _instants.setdefault((dialect.name, type(kind)), lru_cache(64)(convert))


def _wrapped(link: db.Link, sql: str, error: Exception) -> Exception:
    """Return a driver's error as SQLAlchemy's, as callers know it; a lost connection leaves the pool."""
    dialect = link.dialect
    if isinstance(error, DBAPIError) or not isinstance(error, dialect.loaded_dbapi.Error):
        return error
    connection = link.connection
    if connection is not None and dialect.is_disconnect(error, connection.connection.dbapi_connection, None):
        connection.invalidate(error)
    wrapped: Exception = DBAPIError.instance(sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect)
    return wrapped


def upsert(into: Table) -> Any:
    """Return an INSERT that can say what becomes of a row that is there already, as this database says it.

    The other database's words are not loaded: they would take two megabytes of a small shop's memory.
    """
    if db.dialect() == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as of_sqlite

        return of_sqlite(into)
    from sqlalchemy.dialects.postgresql import insert as of_postgresql

    return of_postgresql(into)
