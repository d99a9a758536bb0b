"""`pos serve --training`: a shop to practise in, beside the real one and out of reach of it.

Its folder, port, database, secret key and cookies are its own. QRIS is the simulator's whatever the settings
say, no printer and no drawer of the machine is opened, and every page and paper says that it is practice.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import Flask

from pos import clock
from pos.commands.base import shop
from pos.db import transact
from pos.locks import hold_alone
from pos.settings import MidtransSettings, Settings, SettingsError, SnapSettings, load
from printers.config import PrinterConfig

OWN = ("pos.db", "simulator.db", "secret.key", "printers.toml")
"""What a fresh start removes from the folder, with what SQLite keeps beside it; nothing else."""
SCREEN = "layar"
WANTED = "fresh"
"""The file by which the back office asks for a fresh shop. Only the start of one to practise in reads it."""
PROGRAM = "from pos.cli import main; main()"
ANSWERED = 0.5
"""Seconds until the answer to who asked for it is out."""


def settings_for_training(real: Settings, port: int | None = None) -> Settings:
    """Return the settings of the shop to practise in; of the real one's secrets none is left in them."""
    snap = SnapSettings(**dict.fromkeys(SnapSettings.__dataclass_fields__, ""))
    return replace(
        real,
        data_dir=real.training.data_dir,
        database_url="",
        port=real.training.port if port is None else port,
        public_url="",
        printers=(),
        listed=(),
        qris=replace(real.qris, provider="simulator", snap=snap, midtrans=MidtransSettings("", "")),
        practice=True,
        port_of_real=real.port,
    )


def prepare(host: str | None, port: int | None, *, fresh: bool) -> Settings:
    """Make the shop to practise in if there is none, or anew; return its settings, ready to be served."""
    real = load(overrides={} if host is None else {"host": host})
    place = settings_for_training(real, port)
    place.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = hold_alone(place.data_dir / "serve.lock")
    if held is None:
        raise click.ClickException(f"Training runs already in {place.data_dir}. Stop it first.")
    try:
        _refuse_real(place)
        if fresh or is_wanted(place.data_dir):
            _remove(place.data_dir)
            # Last: a start that was cut off is made up for by the next.
            (place.data_dir / WANTED).unlink(missing_ok=True)
        for line in _set_up(real, place):
            click.echo(line)
    finally:
        os.close(held)
    return replace(place, printers=_screens(real.printers, _registers(place)))


def begins_on_request(app: Flask, folder: Path) -> None:
    """Let the back office of a shop to practise in ask for a fresh one: the server leaves and starts anew."""

    def begin() -> None:
        (folder / WANTED).touch(mode=0o600)
        Timer(ANSWERED, os.kill, (os.getpid(), signal.SIGTERM)).start()

    app.extensions["begin_afresh"] = begin


def is_wanted(folder: Path) -> bool:
    """Say whether a fresh shop was asked for."""
    return (folder / WANTED).exists()


def start_again(folder: Path, host: str | None) -> None:
    """Become a new `pos serve --training` at the same port; to whoever started this one it is the same."""
    port = (folder / "port").read_text(encoding="ascii")
    arguments = ["serve", "--training", "--port", port, *([] if host is None else ["--host", host])]
    sys.stdout.flush()
    # Ourselves, however we were called, and nothing that only lies in the working folder (-P).
    os.execv(sys.executable, [sys.executable, "-P", "-c", PROGRAM, *arguments])  # noqa: S606


def _refuse_real(place: Settings) -> None:
    """Never practise in a real shop, and never remove one."""
    file = place.data_dir / OWN[0]
    if file.exists() and file.stat().st_size and not is_for_training(file):
        raise SettingsError(
            f"training.data_dir: {place.data_dir} holds a shop that is not for training; name another folder"
        )


def is_for_training(file: Path) -> bool:
    """Say whether a database is that of a shop to practise in, or nothing yet."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "book" not in tables or connection.execute("SELECT 1 FROM book").fetchone() is None:
            return True
        found = connection.execute("SELECT value FROM setting WHERE key = 'training'").fetchone()
    return bool(found == ("true",))


def _remove(folder: Path) -> None:
    for name in OWN:
        for file in folder.glob(f"{name}*"):
            file.unlink()


def _set_up(real: Settings, place: Settings) -> Sequence[str]:
    from pos.migrations import upgrade
    from pos.operations import people, setup, training
    from pos.paths import PACKAGE

    upgrade(place.database)
    with shop(settings=place):
        if setup.is_set_up():
            return [f"Training goes on in {place.data_dir}; to begin afresh: pos serve --training --fresh"]
    at = clock.now()
    today = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    copy = _copy(real, today)
    pin_hash = people.hash_pin(training.PIN)
    with shop(settings=place):
        pictures = PACKAGE / "static" / "img" / "demo"
        transact(lambda: training.fill(copy, pin_hash, at, today, pictures))
    what = "the demo shop" if copy is None else "a copy of your shop without its sales"
    return [f"A shop to practise in was made in {place.data_dir}: {what}."]


def _copy(real: Settings, today: Any) -> Any:
    """Return a copy of the real shop, None when there is none yet."""
    from pos.operations import setup
    from pos.queries.training import copy_of_shop

    if real.sqlite_file is not None and not real.sqlite_file.exists():
        return None
    with shop(settings=real):
        if not setup.is_set_up():
            return None
        found = copy_of_shop(today)
    return found if found.registers and found.products and found.people else None


def _registers(place: Settings) -> list[str]:
    from pos.queries.till import choices

    with shop(settings=place):
        return [one.code for one in choices()]


def _screens(real: Sequence[PrinterConfig], registers: Sequence[str]) -> tuple[PrinterConfig, ...]:
    """Return printers that print nothing, for papers as wide as the real ones', and with no drawer."""
    found = []
    left = list(registers)
    for number, printer in enumerate(real, start=1):
        mine = tuple(code for code in printer.registers if code in left)
        if mine:
            found.append(
                PrinterConfig(
                    f"{SCREEN}-{number}", mine, "memory", model=printer.model, qr=printer.qr, drawer=""
                )
            )
            left = [code for code in left if code not in mine]
    if left:
        found.append(PrinterConfig(SCREEN, tuple(left), "memory", drawer=""))
    return tuple(found)
