"""The back office's own list of this machine's printers, printers.toml in the data folder.

The running server takes a new list up within two seconds. A list that the settings could not read never
replaces the one that is there.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, lock_office
from pos.settings import (
    OWN_PRINTERS,
    Settings,
    SettingsError,
    machine_printers,
    own_printers,
    printer_models,
)
from printers.config import PrinterConfig
from printers.entries import printer_config
from printers.models import ModelError

Entry: TypeAlias = dict[str, Any]
Source: TypeAlias = Literal["settings", "office", "both"]

_HEAD = (
    "# Written by the back office, which writes it anew at every change. It wins over the settings by name.\n"
)
PAPER_FOLDER = "paper"
"""Where in the data folder a printer that is a file may stand."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A printer with the table it is described by; in `both` the back office's table wins."""

    config: PrinterConfig
    entry: Entry
    source: Source


def printers(settings: Settings) -> list[Listed]:
    """Return this machine's printers as they are on the disk now. Raises printers_unreadable."""
    own = _own(settings)
    try:
        configs = machine_printers(settings.listed, own, settings.data_dir)
    except SettingsError as error:
        raise _unreadable(error) from error
    there, ours = _by_name(settings.listed), _by_name(own)
    found = []
    for config in configs:
        name = config.name
        source: Source = "settings" if name not in ours else "both" if name in there else "office"
        found.append(Listed(config, ours.get(name) or there[name], source))
    return found


def printer(settings: Settings, name: str) -> Listed:
    """Return one printer. Raises not_found."""
    found = next((one for one in printers(settings) if one.config.name == name), None)
    if found is None:
        raise NotFound(N_("There is no such printer."))
    return found


def save(
    settings: Settings, entry: Entry, replaces: str | None, actor: Actor, at: datetime, request: Request
) -> None:
    """Write a new or changed printer into the list. Raises validation_error."""
    actor.need(Right.MANAGE)
    if settings.practice:
        message = N_("While practising receipts come to the screen. Add printers in the real shop.")
        raise PosError("not_now", message)
    book = lock_office(request)
    _refuse_taken(entry, [one.config for one in printers(settings) if one.config.name != replaces])
    own = _own(settings)
    names = [_name(item) for item in own]
    if replaces is not None and replaces in names:
        own[names.index(replaces)] = entry
    else:
        own.append(entry)
    try:
        printer_config(entry, printer_models(settings.data_dir), "printer")
        _make_folder(settings, entry)
        _write(settings, own)
    except ModelError as error:
        raise ValidationError(FieldError(error.key, error.message, error.words)) from error
    except SettingsError as error:
        raise _unreadable(error) from error
    Act(book, "printers_changed", actor, at, request).finish()


def _make_folder(settings: Settings, entry: Entry) -> None:
    """Make the data folder's place for paper that is a file."""
    folder = settings.data_dir / PAPER_FOLDER
    if entry.get("connection") == "file" and folder in Path(entry.get("path", "")).parents:
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise _unwritable(error) from error


def _unwritable(error: OSError) -> PosError:
    message = N_("The list of printers can't be written: %(reason)s")
    return PosError("printers_unwritable", message, {"reason": error.strerror or "?"})


def _refuse_taken(entry: Entry, others: Sequence[PrinterConfig]) -> None:
    """Refuse a name, or a register's papers, that another printer has."""
    if entry.get("name") in {other.name for other in others}:
        raise ValidationError(FieldError("name", N_("Another printer has this name.")))
    for other in others:
        for code in other.registers:
            if code in entry.get("registers", ()):
                message = N_("%(register)s prints on %(printer)s already.")
                params = {"register": code, "printer": other.name}
                raise ValidationError(FieldError("registers", message, params))


def remove(settings: Settings, name: str, actor: Actor, at: datetime, request: Request) -> None:
    """Take a printer off the list; one that the settings have too is as they say again.

    Raises not_found, and printer_in_settings for one that stands only there.
    """
    actor.need(Right.MANAGE)
    book = lock_office(request)
    if printer(settings, name).source == "settings":
        raise PosError("printer_in_settings", N_("This printer stands in the machine's settings file."))
    try:
        _write(settings, [item for item in _own(settings) if _name(item) != name])
    except SettingsError as error:
        raise _unreadable(error) from error
    Act(book, "printers_changed", actor, at, request).finish()


def _own(settings: Settings) -> list[object]:
    try:
        return own_printers(settings.data_dir)
    except SettingsError as error:
        raise _unreadable(error) from error


def _unreadable(error: SettingsError) -> PosError:
    message = N_("The list of printers can't be read: %(reason)s")
    return PosError("printers_unreadable", message, {"reason": str(error)})


def _name(entry: object) -> str | None:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else None


def _by_name(entries: Sequence[object]) -> dict[str, Entry]:
    return {str(entry["name"]): entry for entry in entries if isinstance(entry, dict) and "name" in entry}


def _write(settings: Settings, own: Sequence[object]) -> None:
    """Replace the file in one step, once the settings' own reader takes it. Raises SettingsError."""
    machine_printers(settings.listed, own, settings.data_dir)
    text = _HEAD + "".join(_table(entry) for entry in own if isinstance(entry, dict))
    file = settings.data_dir / OWN_PRINTERS
    name = ""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as out:
            name = out.name
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise _unwritable(error) from error


def _table(entry: Mapping[str, Any]) -> str:
    return "\n[[printers]]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in entry.items())


def _value(value: object) -> str:
    """Return a value as TOML writes it; JSON's texts, numbers, lists and truths are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
