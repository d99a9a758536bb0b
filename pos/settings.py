"""The machine's settings: config/default.toml, then the file named by POS_CONFIG, then POS_… variables.

A key nobody knows or a value of the wrong kind stops the start with one line that names the key and what is
allowed. What belongs to the shop (people, products, limits, receipt texts) is in the database instead.
"""

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pos.paths import resource_dir
from printers.config import PrinterConfig
from printers.entries import printer_config
from printers.models import ModelError, PrinterModel, load_models


class SettingsError(Exception):
    """A setting is wrong; the text names the key and what is allowed."""


@dataclass(frozen=True, slots=True)
class SnapSettings:
    """A provider that speaks Bank Indonesia's SNAP. Secrets stay out of every text form of it."""

    base_url: str
    path_prefix: str
    environment: str
    profile: str
    client_key: str
    client_secret: str = field(repr=False)
    private_key_file: str
    provider_public_key_file: str
    partner_id: str
    channel_id: str
    merchant_id: str
    store_id: str
    terminal_id: str
    token_path: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class MidtransSettings:
    """Midtrans' Core API."""

    base_url: str
    server_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class QrisSettings:
    """How QRIS payments are collected on this machine. Times are seconds."""

    provider: str
    expires_after: int
    poll_every: float
    snap: SnapSettings
    midtrans: MidtransSettings


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """How this machine uses a PostgreSQL. Times are seconds."""

    connections: int
    connection_wait: float
    lock_wait: float
    statement_limit: float
    idle_limit: float


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """Where the shop to practise in lives, beside the real one."""

    data_dir: Path
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the machine must know. Paths are absolute."""

    data_dir: Path
    database_url: str
    host: str
    port: int
    public_url: str
    locale: str
    printers: tuple[PrinterConfig, ...]
    qris: QrisSettings
    postgresql: PostgresSettings
    training: TrainingSettings
    listed: tuple[object, ...] = field(default=(), compare=False)
    """The tables of `[[printers]]` as the settings have them, without those of the back office's file."""
    practice: bool = False
    """Whether these are the settings of the shop to practise in (`pos serve --training`)."""
    port_of_real: int = 0
    """While practising the port of the real shop."""

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy wants it; SQLite in the data folder when none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'pos.db'}"

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite database, None on PostgreSQL."""
        return (
            Path(self.database.removeprefix("sqlite:///")) if self.database.startswith("sqlite:///") else None
        )

    def printer_of(self, register: str) -> PrinterConfig | None:
        """Return this machine's printer for the register's receipts."""
        return next((p for p in self.printers if register in p.registers), None)


PROVIDERS = ("static", "simulator", "snap", "midtrans")


def load(
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings. Raises SettingsError.

    `overrides` (from a command's options) win over all; `defaults` are of a command and give way to what a
    person set.
    """
    environ = os.environ if environ is None else environ
    values = _read_toml(resource_dir("config") / "default.toml")
    known = set(_leaves(values)) | {"printers"}
    for key, value in (defaults or {}).items():
        values[key] = {**values[key], **value} if isinstance(value, dict) else value
    if named := environ.get("POS_CONFIG"):
        _lay_over(values, _read_toml(Path(named)), known, named)
    for variable, text in environ.items():
        if variable.startswith("POS_") and variable != "POS_CONFIG":
            _from_environment(values, variable, text, known)
    for key, value in (overrides or {}).items():
        values[key] = {**values[key], **value} if isinstance(value, dict) else value
    return _build(values)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path}: can't be read ({error.strerror}); check the name in POS_CONFIG"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from error


def _leaves(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in values.items():
        found += _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return found


def _lay_over(
    base: dict[str, Any], top: Mapping[str, Any], known: set[str], where: str, prefix: str = ""
) -> None:
    for key, value in top.items():
        name = prefix + key
        if isinstance(value, dict) and any(k.startswith(name + ".") for k in known):
            _lay_over(base.setdefault(key, {}), value, known, where, name + ".")
        elif name in known:
            base[key] = value
        else:
            raise SettingsError(f"{where}: unknown setting {name}; known are: {', '.join(sorted(known))}")


def _from_environment(values: dict[str, Any], variable: str, text: str, known: set[str]) -> None:
    name = variable.removeprefix("POS_").lower().replace("__", ".")
    if name not in known and name.endswith("_file") and name.removesuffix("_file") in known:
        name = name.removesuffix("_file")
        try:
            text = Path(text).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{variable}: {text} can't be read ({error.strerror})") from error
    if name not in known:
        raise SettingsError(f"{variable}: unknown setting; known are: {', '.join(sorted(known))}")
    target = values
    *parents, leaf = name.split(".")
    for parent in parents:
        target = target[parent]
    target[leaf] = _typed(variable, text, target.get(leaf))


def _typed(variable: str, text: str, like: object) -> object:
    try:
        if isinstance(like, float):
            return float(text)
        if isinstance(like, int):
            return int(text)
        if isinstance(like, list) or like is None:
            return json.loads(text)
    except ValueError as error:
        kind = "a JSON list" if isinstance(like, list) or like is None else "a number"
        raise SettingsError(f"{variable}: must be {kind}, not {text!r}") from error
    return text


def _build(values: Mapping[str, Any]) -> Settings:
    data_dir = Path(_text(values, "data_dir")).absolute()
    listed = values.get("printers", [])
    if not isinstance(listed, list):
        raise SettingsError("printers: must be a list of tables, [[printers]]")
    url = _text(values, "database_url")
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(
            "database_url: must be empty, sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
        )
    if url.startswith("sqlite:///"):
        url = f"sqlite:///{Path(url.removeprefix('sqlite:///')).absolute()}"
    port = _number(values, "port", 0, 65_535)
    return Settings(
        data_dir=data_dir,
        database_url=url,
        host=_text(values, "host"),
        port=port,
        public_url=_public_url(_text(values, "public_url")),
        locale=_choice(values, "locale", ("id", "en")),
        printers=machine_printers(listed, own_printers(data_dir), data_dir),
        qris=_qris(values["qris"]),
        postgresql=_postgresql(values["postgresql"]),
        training=_training(values["training"], data_dir, port),
        listed=tuple(listed),
    )


def _training(values: Mapping[str, Any], data_dir: Path, real_port: int) -> TrainingSettings:
    folder = _text(values, "data_dir", "training.")
    place = Path(folder).absolute() if folder else data_dir / "training"
    if place.resolve() == data_dir.resolve():
        raise SettingsError("training.data_dir: must be another folder than data_dir, which is the real shop")
    port = _number(values, "port", 0, 65_535, "training.")
    # Port 0 stays what it is for the real shop: any free one.
    return TrainingSettings(place, port or (min(real_port + 1, 65_534) if real_port else 0))


def _postgresql(values: Mapping[str, Any]) -> PostgresSettings:
    where = "postgresql."
    return PostgresSettings(
        connections=_number(values, "connections", 2, 200, where),
        connection_wait=_seconds(values, "connection_wait", where),
        lock_wait=_seconds(values, "lock_wait", where),
        statement_limit=_seconds(values, "statement_limit", where),
        idle_limit=_seconds(values, "idle_limit", where),
    )


def _public_url(url: str) -> str:
    if url and not url.startswith("https://"):
        raise SettingsError("public_url: must be empty or begin with https://")
    return url.rstrip("/")


def _qris(values: Mapping[str, Any]) -> QrisSettings:
    snap, midtrans = values["snap"], values["midtrans"]
    qris = QrisSettings(
        provider=_choice(values, "provider", PROVIDERS, "qris."),
        expires_after=_number(values, "expires_after", 1, 86_400, "qris."),
        poll_every=_seconds(values, "poll_every", "qris."),
        snap=SnapSettings(
            **{key: _text(snap, key, "qris.snap.") for key in snap if key not in ("base_url", "environment")},
            base_url=_service_url(_text(snap, "base_url", "qris.snap."), "qris.snap.base_url"),
            environment=_choice(snap, "environment", ("", "sandbox", "production"), "qris.snap."),
        ),
        midtrans=MidtransSettings(
            base_url=_service_url(_text(midtrans, "base_url", "qris.midtrans."), "qris.midtrans.base_url"),
            server_key=_text(midtrans, "server_key", "qris.midtrans."),
        ),
    )
    _need_for_provider(qris)
    return qris


SNAP_NEEDS = ("base_url", "client_key", "client_secret", "private_key_file")


def _need_for_provider(qris: QrisSettings) -> None:
    """Refuse a chosen provider whose settings are not complete: else the first buyer would find out."""
    if qris.provider == "snap":
        for key in SNAP_NEEDS:
            if not getattr(qris.snap, key):
                raise SettingsError(f"qris.snap.{key}: must be set when qris.provider is snap")
        if not qris.snap.environment and not is_loopback(qris.snap.base_url):
            raise SettingsError("qris.snap.environment: must be sandbox (no real money) or production")
    if qris.provider == "midtrans" and not qris.midtrans.server_key:
        raise SettingsError("qris.midtrans.server_key: must be set when qris.provider is midtrans")


def _service_url(url: str, name: str) -> str:
    if url and not url.startswith("https://") and not is_loopback(url):
        raise SettingsError(f"{name}: must begin with https:// (plain http only to this machine itself)")
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Say whether an address of a service is on this machine."""
    try:
        return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    except ValueError:
        return False


def printer_models(data_dir: Path) -> dict[str, PrinterModel]:
    """Return the printer records by name: those shipped, the data folder's printer-models.toml over them."""
    try:
        return load_models(resource_dir("config") / "printers.toml", data_dir / "printer-models.toml")
    except ModelError as error:
        raise SettingsError(str(error)) from error


OWN_PRINTERS = "printers.toml"
"""The back office's own list of printers, in the data folder."""


def own_printers(data_dir: Path) -> list[object]:
    """Return the tables of the back office's own list of printers. Raises SettingsError."""
    file = data_dir / OWN_PRINTERS
    own = _read_toml(file).get("printers", []) if file.exists() else []
    if not isinstance(own, list):
        raise SettingsError(f"{OWN_PRINTERS} printers: must be a list of tables, [[printers]]")
    return own


def machine_printers(
    listed: Sequence[object], own: Sequence[object], data_dir: Path
) -> tuple[PrinterConfig, ...]:
    """Return the printers of the settings, those of the back office over them. Raises SettingsError."""
    models = printer_models(data_dir)
    entries = [(item, f"printers.{n}") for n, item in enumerate(listed)]
    entries += [(item, f"{OWN_PRINTERS} printers.{n}") for n, item in enumerate(own)]
    try:
        found = {p.name: p for p in (printer_config(item, models, where) for item, where in entries)}
    except ModelError as error:
        raise SettingsError(str(error)) from error
    claimed: dict[str, str] = {}
    for printer in found.values():
        for register in printer.registers:
            if register in claimed:
                raise SettingsError(
                    f"printers: {register} is given to both {claimed[register]} and {printer.name}"
                )
            claimed[register] = printer.name
    return tuple(found.values())


def _text(values: Mapping[str, Any], key: str, where: str = "") -> str:
    value = values[key]
    if not isinstance(value, str):
        raise SettingsError(f"{where}{key}: must be text in quotes")
    return value


def _number(values: Mapping[str, Any], key: str, low: int, high: int, where: str = "") -> int:
    value = values[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SettingsError(f"{where}{key}: must be a whole number from {low} to {high}")
    return value


def _seconds(values: Mapping[str, Any], key: str, where: str = "") -> float:
    value = values[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3_600:
        raise SettingsError(f"{where}{key}: must be a number of seconds, more than 0 and at most 3600")
    return float(value)


def _choice(values: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str = "") -> str:
    value = values[key]
    if value not in allowed:
        raise SettingsError(f"{where}{key}: must be one of {', '.join(allowed)}")
    return str(value)
