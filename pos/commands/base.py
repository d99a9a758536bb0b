"""What every command needs: the shop of the settings, and errors as one line on standard error."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy.exc import SQLAlchemyError

from pos.db import db, write_lock
from pos.errors import PosError
from pos.settings import Settings, SettingsError, load

P = ParamSpec("P")
T = TypeVar("T")


def one_line_errors(command: Callable[P, T]) -> Callable[P, T]:
    """Turn what can go wrong into one line on standard error and exit status 1; never a stack trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except PosError as error:
            raise click.ClickException(in_words(error)) from error
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
        except (SQLAlchemyError, sqlite3.Error) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise click.ClickException(f"The database can't be used: {first}") from error
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{where}") from error

    return run


def in_words(error: PosError) -> str:
    """Return a refusal as one line, with the fields it is about."""
    text = filled(error.message, error.params)
    fields = "; ".join(f"{field.loc}: {filled(field.message, field.params)}" for field in error.fields)
    # What SQLite says about a damaged file has several lines.
    return " ".join(f"{text} {fields}".split())


def filled(message: str, params: Mapping[str, object]) -> str:
    """Return an English text with its parameters put in."""
    return message % params if params else message


@contextmanager
def shop(
    *,
    overrides: dict[str, Any] | None = None,
    defaults: dict[str, Any] | None = None,
    must_exist: bool = True,
    settings: Settings | None = None,
) -> Iterator[tuple[Flask, Settings]]:
    """Open the shop of the settings, or of those given: its app, ready for operations.

    Refuses a database that is not set up, is older than the program, or newer than the program may use.
    """
    from pos.app import create_app

    settings = settings or load(overrides=overrides, defaults=defaults)
    if must_exist and settings.sqlite_file is not None and not settings.sqlite_file.exists():
        raise click.ClickException(f"There is no shop in {settings.data_dir}. Run: pos init")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        try:
            if must_exist:
                _refuse_other_schema()
            yield app, settings
        finally:
            db.session.remove()
            # The last connection to close may write a checkpoint; like every write it stands under the lock.
            with write_lock():
                db.engine.dispose()


def _refuse_other_schema() -> None:
    from pos.migrations import schema

    found = schema(db.session.connection())
    db.session.rollback()
    if found.refusal is not None:
        raise click.ClickException(found.refusal)


@contextmanager
def spoken(settings: Settings) -> Iterator[Callable[[str, Mapping[str, object]], str]]:
    """Give a function that says a message in the machine's language. Needs the shop's app."""
    with force_locale(settings.locale):
        yield lambda message, params: filled(gettext(message), params)


def echo_json(value: object) -> None:
    """Print a value for a program to read, on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))
