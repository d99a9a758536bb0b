"""One `[[printers]]` table of the settings made into a `PrinterConfig`; wrong ones are a ModelError."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar, get_args

from printers.config import Connection, FlowControl, PrinterConfig
from printers.layout import QRStyle
from printers.models import (
    KEYS,
    ONE_OF,
    TEXT,
    UNKNOWN,
    WHOLE,
    ModelError,
    PrinterModel,
    default_name,
    overridden,
)
from printers.words import N_

_OWN: Final[dict[str, Any]] = {
    "name": "",
    "registers": [],
    "connection": "network",
    "host": "127.0.0.1",
    "port": 9100,
    "path": "",
    "vendor_id": 0,
    "product_id": 0,
    "serial_number": "",
    "baud_rate": 9600,
    "flow_control": "xonxoff",
    "queue": "",
    "model": "",
    "qr": "image",
    "drawer": None,
    "timeout": 5.0,
}
KNOWN: Final = (*_OWN, *(key for key in KEYS if key != "title"))
_USUAL_COLUMNS: Final = (32, 42, 48)
_SPEEDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
_USB: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{4})(?::(?:0x)?([0-9a-fA-F]{4}))?")
_NUMBER: Final = 0xFFFF
_QUEUE: Final = re.compile(r"[^\s/#?'\"\\-][^\s/#?'\"\\]*")
_T = TypeVar("_T")


def printer_config(entry: object, models: Mapping[str, PrinterModel], where: str) -> PrinterConfig:
    """The printer that an entry describes; keys of the entry win over those of its model's record."""
    if not isinstance(entry, dict):
        raise ModelError(where, "", N_("must be a table"))
    for key in entry:
        if key not in KNOWN:
            raise ModelError(f"{where}.", key, UNKNOWN, known=", ".join(KNOWN))
    values = _Values({**_OWN, **entry}, f"{where}.")
    registers = values["registers"]
    if not isinstance(registers, list) or not all(isinstance(code, str) for code in registers):
        raise values.fault("registers", N_('must be a list of register codes, for example ["K1"]'))
    drawer = values["drawer"]
    if drawer is None:
        drawer = registers[0] if registers else ""
    elif not isinstance(drawer, str):
        raise values.fault("drawer", N_('must be the code of a register, or "" for none'))
    vendor_id, product_id = _usb_numbers(values)
    config = PrinterConfig(
        name=values.text("name"),
        registers=tuple(registers),
        connection=values.choice("connection", get_args(Connection)),
        host=values.text("host"),
        port=values.number("port", 1, 65_535),
        path=values.text("path"),
        vendor_id=vendor_id,
        product_id=product_id,
        serial_number=values.text("serial_number"),
        baud_rate=values.choice("baud_rate", _SPEEDS),
        flow_control=values.choice("flow_control", get_args(FlowControl)),
        queue=values.text("queue"),
        model=_model(entry, models, values),
        qr=values.choice("qr", get_args(QRStyle)),
        drawer=drawer,
        timeout=values.seconds("timeout"),
    )
    _must_be_reachable(config, values)
    return config


def _must_be_reachable(config: PrinterConfig, values: "_Values") -> None:
    """What a connection cannot do without."""
    if not config.name:
        raise values.fault("name", N_("give the printer a name"))
    if config.connection == "file" and not config.path:
        raise values.fault("path", N_("name the file or device to write to"))
    if config.connection == "serial" and not config.path:
        raise values.fault("path", N_("name the serial device, for example /dev/ttyUSB0"))
    if config.connection == "usb" and not (config.vendor_id and config.product_id):
        message = N_("give vendor_id and product_id as lsusb shows them, for example 0x04b8")
        raise values.fault("vendor_id", message)
    if config.connection == "cups" and not _QUEUE.fullmatch(config.queue):
        raise values.fault("queue", N_("name the queue as lpstat -p shows it"))


def _model(entry: Mapping[str, Any], models: Mapping[str, PrinterModel], values: "_Values") -> PrinterModel:
    name = values.text("model")
    if name:
        if name not in models:
            raise values.fault("model", ONE_OF, allowed=", ".join(models))
        model = models[name]
    else:
        if entry.get("columns", _USUAL_COLUMNS[0]) not in _USUAL_COLUMNS:
            raise values.fault("columns", N_("must be 32, 42 or 48 unless a model is named"))
        model = models[default_name(entry.get("columns", _USUAL_COLUMNS[0]))]
    return overridden(model, {key: entry[key] for key in KEYS if key in entry}, values.where)


def _usb_numbers(values: "_Values") -> tuple[int, int]:
    """Vendor and product, each a number or four hexadecimal digits in quotes, or both in one text."""
    found: list[int] = []
    for key in ("vendor_id", "product_id"):
        value = values[key]
        match = _USB.fullmatch(value) if isinstance(value, str) else None
        if match:
            found += [int(part, 16) for part in match.groups() if part]
        elif type(value) is int and 0 <= value <= _NUMBER:
            if value or len(found) < 2:
                found.append(value)
        else:
            raise values.fault(key, N_("must be a number such as 0x04b8, or in quotes as lsusb shows it"))
    if len(found) != 2:
        raise values.fault("product_id", N_("must be left out where vendor_id names both"))
    return found[0], found[1]


class _Values(dict[str, Any]):
    """An entry's values, refused in one line that names the key and what is allowed."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        super().__init__(values)
        self.where = where

    def fault(self, key: str, message: str, **words: object) -> ModelError:
        return ModelError(self.where, key, message, **words)

    def text(self, key: str) -> str:
        value = self[key]
        if not isinstance(value, str):
            raise self.fault(key, TEXT)
        return str(value)

    def number(self, key: str, low: int, high: int) -> int:
        value = self[key]
        if type(value) is not int or not low <= value <= high:
            raise self.fault(key, WHOLE, low=low, high=high)
        return int(value)

    def seconds(self, key: str) -> float:
        value = self[key]
        if type(value) not in {int, float} or not 0 < value <= 3_600:
            raise self.fault(key, N_("must be a number of seconds, more than 0 and at most 3600"))
        return float(value)

    def choice(self, key: str, allowed: tuple[_T, ...]) -> _T:
        value = self[key]
        for each in allowed:
            if type(value) is type(each) and value == each:
                return each
        raise self.fault(key, ONE_OF, allowed=", ".join(map(str, allowed)))
