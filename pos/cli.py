"""The `pos` command. One small function a command; what they do stands in operations and queries."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.db import db, transact, write_lock
from pos.errors import PosError
from pos.locks import hold_alone
from pos.settings import Settings, SettingsError, load

F = TypeVar("F", bound=Callable[..., Any])


def one_line_errors(command: F) -> F:
    """Turn what can go wrong into one line on standard error and exit status 1; never a stack trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except PosError as error:
            fields = "; ".join(
                f"{f.loc}: {f.message % f.params if f.params else f.message}" for f in error.fields
            )
            text = error.message % error.params if error.params else error.message
            raise click.ClickException(f"{text} {fields}".strip()) from error
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
        except SQLAlchemyError as error:
            raise click.ClickException(f"The database can't be used: {str(error).splitlines()[0]}") from error
        except OSError as error:
            raise click.ClickException(
                f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
            ) from error

    return run  # type: ignore[return-value]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="karya-pos")
def main() -> None:
    """Karya POS: the till of a workshop shop. Settings come from POS_CONFIG and POS_… variables."""


@contextmanager
def shop(
    *, overrides: dict[str, Any] | None = None, must_exist: bool = True
) -> Iterator[tuple[Flask, Settings]]:
    """Open the shop of the settings: its app, ready for operations. Refuses a database that is not set up or too old."""
    from pos.app import create_app
    from pos.migrations import current, newest

    settings = load(overrides=overrides)
    if must_exist and settings.sqlite_file is not None and not settings.sqlite_file.exists():
        raise click.ClickException(f"There is no shop in {settings.data_dir}. Run: pos init")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        try:
            if must_exist:
                at = current(db.session.connection())
                db.session.rollback()
                if at is None:
                    raise click.ClickException("The database is empty. Run: pos init")
                if at != newest():
                    raise click.ClickException("The database has an older schema. Run: pos upgrade")
            yield app, settings
        finally:
            db.session.remove()
            # The last connection to close may write a checkpoint, which stands under the lock like every write.
            with write_lock():
                db.engine.dispose()


@main.command()
@click.option("--demo", is_flag=True, help="Fill an empty shop with the demo shop.")
@one_line_errors
def init(demo: bool) -> None:
    """Create or upgrade the database; print the first manager's one-time PIN once."""
    for line in initialise(demo=demo):
        click.echo(line)


def initialise(*, demo: bool) -> list[str]:
    """Create or upgrade the database and its first rows; return what to tell the person."""
    from pos.migrations import upgrade
    from pos.operations import people, setup
    from pos.paths import PACKAGE

    settings = load()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    with shop():
        if setup.is_set_up():
            return ["The shop is set up already; its database is up to date."]
        at = clock.now()
        if not demo:
            pin = people.fresh_pin()
            pin_hash = people.hash_pin(pin)
            transact(lambda: setup.first_rows(at, pin_hash))
            return ["The shop is ready. First person: Manajer", f"One-time PIN, shown only now: {pin}"]
        today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
        hashes = {name: people.hash_pin(pin) for name, (_, pin) in setup.DEMO_PINS.items()}

        def fill() -> None:
            setup.first_rows(at, None)
            setup.demo_shop(at, today, hashes, PACKAGE / "static" / "img" / "demo")

        transact(fill)
        return ["The demo shop is ready.", *demo_people()]


def demo_people() -> list[str]:
    """Return the demo shop's people and PINs, a line each."""
    from pos.operations.setup import DEMO_PINS

    return [f"  {name} ({role}): PIN {pin}" for name, (role, pin) in DEMO_PINS.items()]


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0: any free one.")
@one_line_errors
def serve(host: str | None, port: int | None) -> None:
    """Serve the shop, with the worker inside. SIGTERM lets running requests end first."""
    run_server(host, port)


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0: any free one.")
@one_line_errors
def demo(host: str | None, port: int | None) -> None:
    """Create the demo shop if there is none, and serve it."""
    for line in initialise(demo=True):
        click.echo(line)
    run_server(host, port, notes=demo_people)


def run_server(host: str | None, port: int | None, notes: Callable[[], list[str]] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C. One server a data folder: a second one refuses."""
    import logging

    from waitress.server import create_server

    from pos.worker import Worker

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for quiet in ("waitress", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    overrides = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    with shop(overrides=overrides) as (app, settings):
        if hold_alone(settings.data_dir / "serve.lock") is None:
            raise click.ClickException(f"Another pos serve uses {settings.data_dir}. Stop it first.")
        try:
            server: Any = create_server(
                app,
                host=settings.host,
                port=settings.port,
                threads=8,
                ident=None,
                clear_untrusted_proxy_headers=True,
            )
        except OSError as error:
            raise click.ClickException(
                f"Port {settings.port} of {settings.host} can't be used ({error.strerror}). Choose another: --port N"
            ) from error
        worker = Worker(settings.printers, app.app_context)
        for name in (signal.SIGTERM, signal.SIGINT):
            # Waitress drops requests in flight unless its loop is left by an exception.
            signal.signal(name, _leave)
        worker.start()
        for line in notes() if notes else ():
            click.echo(line)
        click.echo(f"Karya POS serves http://{_printable(settings.host)}:{server.effective_port}/")
        sys.stdout.flush()
        try:
            server.run()
        finally:
            server.close()
            server.task_dispatcher.shutdown(cancel_pending=False, timeout=20)
            worker.stop()


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def _printable(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@main.command()
@one_line_errors
def upgrade() -> None:
    """Bring the database to this program's schema, after a backup."""
    from pos.migrations import upgrade as migrate

    settings = load()
    changed = migrate(settings.database)
    click.echo("The database was upgraded." if changed else "The database is up to date.")


@main.group()
def token() -> None:
    """Tokens for programs."""


@token.command("create")
@click.option("--role", required=True, help="What it may do: cashier, supervisor, manager, kiosk …")
@click.option("--register", help="The only register it acts at.")
@click.option("--name", default="", help="What it is for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@one_line_errors
def token_create(role: str, register: str | None, name: str, as_json: bool) -> None:
    """Make a bearer token for a program; it is shown once."""
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with shop():
        secret = transact(lambda: people.create_token(name, role, register, SYSTEM, clock.now()))
    click.echo(json.dumps({"token": secret}) if as_json else secret)


if __name__ == "__main__":
    main()
