"""What each app of the tests would make anew, made once: builders of routes, templates and statements.

Every test has an app of its own. Nine tenths of making one is Werkzeug compiling a function for each route,
a page's first rendering is mostly Jinja compiling it, and a statement's first run mostly SQLAlchemy writing
it down; all depend on the source and the kind of database alone.
"""

import tempfile
from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from pos.doors.service import Service
from pos.operations import people

_compile: Callable[..., Any] = Rule._compile_builder  # type: ignore[attr-defined]
_builders: dict[object, Any] = {}
_folder = tempfile.TemporaryDirectory(prefix="karya-templates-")
_statements: LRUCache[Any, Any] = LRUCache(4_000)


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """Return the function that builds the rule's addresses.

    Its converters keep nothing of the app, so the first app's do for all.
    """
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def _same_kind(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def _kind(dialect: object) -> int:
    return hash(type(dialect))


def share_what_apps_compile() -> None:
    """Have all apps of this process share what they compile."""
    Rule._compile_builder = _builder  # type: ignore[attr-defined]
    Service.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(_folder.name)}
    # Statements are kept by dialect, and there is one SQLite here and one PostgreSQL.
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__, kind.__hash__ = _same_kind, _kind  # type: ignore[assignment, method-assign]
    # A PIN is hashed as ever, with as little work as Argon2 does: the work is there for thieves.
    people._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    Engine._compiled_cache = property(lambda _: _statements, lambda _, __: None)  # type: ignore[assignment]
