"""Setting a shop up and serving it: `pos init`, `demo`, `serve`, `upgrade`."""

import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
from flask import Flask

from pos import clock
from pos.commands.base import one_line_errors, shop
from pos.commands.training import begins_on_request, is_wanted, prepare, start_again
from pos.db import db, transact
from pos.ids import new_pin
from pos.locks import hold_alone
from pos.payments.desk import Desk
from pos.settings import Settings, SettingsError, load
from printers.config import PrinterConfig

if TYPE_CHECKING:
    from pos.payments.simulator import Simulator


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty shop with the demo shop.")
@one_line_errors
def init(demo: bool) -> None:
    """Create or upgrade the database; print the first manager's one-time PIN once."""
    for line in initialise(demo=demo):
        click.echo(line)


def initialise(*, demo: bool) -> list[str]:
    """Create or upgrade the database and its first rows; return what to tell the person."""
    from pos.operations import people, setup
    from pos.paths import PACKAGE
    from pos.queries.shop import shop as shop_settings

    migrated()
    with shop():
        if setup.is_set_up():
            people_lines = demo_people() if shop_settings().demo else []
            return ["The shop is set up already; its database is up to date.", *people_lines]
        at = clock.now()
        if not demo:
            pin = new_pin()
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


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0: any free one.")
@click.option("--training", is_flag=True, help="Serve a shop to practise in, beside the real one.")
@click.option("--fresh", is_flag=True, help="With --training: begin afresh with a new copy of the shop.")
@one_line_errors
def serve(host: str | None, port: int | None, *, training: bool, fresh: bool) -> None:
    """Serve the shop, with the worker inside. SIGTERM lets running requests end first.

    With --training it is a shop of its own to practise in: the real one's goods, people and registers without
    its sales, in the folder training.data_dir at training.port. Everybody's PIN there is 123456, QRIS is
    pretended, receipts come to the screen and no drawer opens.
    """
    if fresh and not training:
        raise click.UsageError("--fresh goes with --training only: a real shop is never begun afresh.")
    if not training:
        run_server(host, port)
        return
    practice = prepare(host, port, fresh=fresh)
    try:
        run_server(host, port, practice=practice)
    finally:
        if is_wanted(practice.data_dir):
            start_again(practice.data_dir, host)


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0: any free one.")
@one_line_errors
def demo(host: str | None, port: int | None) -> None:
    """Create the demo shop if there is none, and serve it with pretended QRIS payments.

    A new demo has a pretend buyer, who pays each code after six seconds. Another qris.provider that you have
    set is used instead, and a folder with a real shop is served as it is.
    """
    for line in initialise(demo=True):
        click.echo(line)
    if _is_demo():
        run_server(host, port, {"qris": {"provider": "simulator"}})
        return
    click.echo("This folder holds a real shop: its QRIS payments are not pretended.")
    run_server(host, port)


def _is_demo() -> bool:
    from pos.queries.shop import shop as shop_settings

    with shop():
        return shop_settings().demo


ARENAS = -8
"""glibc's number for the most heaps a process may have (malloc.h: M_ARENA_MAX)."""


def _share_heaps() -> None:
    """Let all threads allocate from two heaps: one a thread keeps many megabytes that nobody uses.

    Python has one lock for all of them, so they hardly wait for each other. Only glibc knows of it.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENAS, 2)


def run_server(
    host: str | None,
    port: int | None,
    defaults: dict[str, Any] | None = None,
    practice: Settings | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C. One server a data folder: a second one refuses.

    `defaults` are settings that hold unless a person set others; `practice` are those of the shop to practise
    in, served instead.
    """
    from pos.payments import check
    from pos.worker import Worker

    _share_heaps()
    _log()
    overrides = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    with shop(overrides=overrides, defaults=defaults, settings=practice) as (app, settings):
        check(settings)
        _refuse_mix(settings)
        if hold_alone(settings.data_dir / "serve.lock") is None:
            raise click.ClickException(f"Another pos serve uses {settings.data_dir}. Stop it first.")
        server = _listening(app, settings)
        desk: Desk = app.extensions["qris"]
        worker = Worker(
            settings.printers, app.app_context, _changed_printers(app, settings, overrides, defaults), desk
        )
        for name in (signal.SIGTERM, signal.SIGINT):
            # Waitress drops requests in flight unless its loop is left by an exception.
            signal.signal(name, _leave)
        if settings.practice:
            begins_on_request(app, settings.data_dir)
        worker.start()
        # What was made until now stays for ever: to look through it again would hold up a sale for a blink.
        gc.collect()
        gc.freeze()
        _say_where(settings, server.effective_port)
        pretended = defaults is not None or settings.practice
        simulator = _simulator(settings, server.effective_port, begin=pretended)
        sys.stdout.flush()
        # What was looked at until now would be held as it was then: SQLite could carry nothing over from its
        # log into the database, and the log would grow with every sale.
        db.session.remove()
        try:
            server.run()
        finally:
            server.close()
            server.task_dispatcher.shutdown(cancel_pending=False, timeout=20)
            worker.stop()
            if simulator is not None:
                simulator.serves_at("")
            desk.close()


def _listening(app: Flask, settings: Settings) -> Any:
    from waitress.server import create_server

    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=8,
            asyncore_use_poll=True,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise click.ClickException(
            f"Port {settings.port} of {settings.host} can't be used ({error.strerror}). "
            "Choose another: --port N"
        ) from error


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for quiet in ("waitress", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    # It warns of every request that waits a moment for a thread: eight busy tills would fill the log.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _say_where(settings: Settings, port: int) -> None:
    """Say where the shop is served; one to practise in keeps its port, so that the real one leads there."""
    click.echo(f"Karya POS serves http://{_printable(settings.host)}:{port}/")
    if settings.practice:
        from pos.operations.training import PIN

        (settings.data_dir / "port").write_text(str(port), encoding="ascii")
        click.echo(f"  TRAINING: nothing there is real. Everybody's PIN: {PIN}")


def _refuse_mix(settings: Settings) -> None:
    """A shop to practise in is served as one, and no other shop is."""
    from pos.queries.shop import shop as shop_settings

    if shop_settings().training and not settings.practice:
        raise click.ClickException(
            f"{settings.data_dir} holds a shop to practise in. Serve it with: pos serve --training"
        )
    if settings.practice and not shop_settings().training:
        raise click.ClickException(f"{settings.data_dir} holds a real shop. Choose another training.data_dir")


PRETEND_BUYER = 6.0
"""After how many seconds the pretend buyer of a new demo pays: long enough to see the code."""


def _simulator(settings: Settings, port: int, *, begin: bool) -> "Simulator | None":
    """Tell the QRIS simulator where it is served, and the person where to play the buyer."""
    if settings.qris.provider != "simulator":
        return None
    from pos.payments.simulator import Simulator

    simulator = Simulator(settings.data_dir)
    if begin:
        simulator.bank.begin(PRETEND_BUYER)
    # An address that means all of the machine's own can't be called.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    url = f"http://{_printable(host)}:{port}"
    simulator.serves_at(url)
    click.echo(f"QRIS payments are pretended, no real money moves. The buyer's phone: {url}/simulator")
    auto = simulator.bank.ways().auto
    if auto is not None:
        click.echo(
            f"  Each code is paid by itself after {auto:g} seconds. To pay yourself: that page, or "
            "pos qris simulate auto off"
        )
    return simulator


def _changed_printers(
    app: Flask, settings: Settings, overrides: dict[str, Any], defaults: dict[str, Any] | None
) -> Callable[[], Sequence[PrinterConfig] | None]:
    """Return what tells the worker of changed printers, which the back office writes into an own file.

    The app's settings follow, so that a receipt on the screen has the width of the paper. A file that can't
    be used is said once, and the printers stay as they were.
    """
    file = settings.data_dir / "printers.toml"

    def stamp() -> int | None:
        return file.stat().st_mtime_ns if file.exists() else None

    seen = [stamp()]

    def changed() -> Sequence[PrinterConfig] | None:
        now = stamp()
        if now == seen[0] or settings.practice:
            return None
        seen[0] = now
        try:
            fresh = load(overrides=overrides, defaults=defaults)
        except SettingsError as error:
            logging.getLogger("pos").warning("printers stay as they were: %s", error)
            return None
        app.config["SETTINGS"] = fresh
        return fresh.printers

    return changed


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def _printable(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@click.command()
@one_line_errors
def upgrade() -> None:
    """Bring the database to this program's schema, after a backup."""
    if migrated():
        click.echo("The database was upgraded.")
    else:
        click.echo(
            "The database is up to date: its schema is this program's, or a newer one that it may use."
        )


def migrated() -> bool:
    """Bring the database to this program's schema, after a backup; say whether anything was done."""
    from pos.migrations import upgrade as migrate
    from pos.operations.backup import before_upgrade

    settings = load()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    made = before_upgrade(settings.database, settings.data_dir / "backups", clock.now())
    if made is not None:
        click.echo(f"Backup before the upgrade: {made.file}")
    return migrate(settings.database)
