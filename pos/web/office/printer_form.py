"""The form of a printer, read into a table of printers.toml and filled from one."""

from pathlib import Path
from typing import Any, Final

from pos.errors import N_
from pos.operations.printer_list import PAPER_FOLDER, Entry, Listed
from pos.web.office.form import Form

SPEEDS: Final = ("9600", "19200", "38400", "57600", "115200", "1200", "2400", "4800", "230400", "460800")
NONE: Final = "-"
"""Stands for "no drawer" in the select of registers, where an empty value means the usual one."""
DEVICES: Final = Path("/dev")

_OF_CONNECTION: Final = {
    "host",
    "port",
    "path",
    "vendor_id",
    "product_id",
    "serial_number",
    "baud_rate",
    "flow_control",
    "queue",
}
_OURS: Final = {
    "name",
    "connection",
    "registers",
    "model",
    "columns",
    "qr",
    "drawer",
    "cutter",
    "drawer_pin",
    "timeout",
} | _OF_CONNECTION
"""What the form sets; other keys of a table stay as somebody wrote them."""


def filled(found: Listed) -> Form:
    """Return the form with a printer's values."""
    config, entry = found.config, found.entry
    values: dict[str, object] = {
        "name": config.name,
        "connection": config.connection,
        "registers": list(config.registers),
        "host": config.host,
        "port": config.port,
        "device": config.path if config.connection == "serial" else "",
        "path": config.path if config.connection == "file" else "",
        "vendor_id": f"{config.vendor_id:04x}" if config.vendor_id else "",
        "product_id": f"{config.product_id:04x}" if config.product_id else "",
        "serial_number": config.serial_number,
        "baud_rate": config.baud_rate,
        "flow_control": config.flow_control,
        "queue": config.queue,
        "model": entry.get("model", ""),
        "columns": entry.get("columns", ""),
        "qr": config.qr,
        "drawer": NONE if entry.get("drawer") == "" else entry.get("drawer", ""),
        "drawer_pin": entry.get("drawer_pin", ""),
        "cutter": {True: "yes", False: "no"}.get(entry.get("cutter", ""), ""),
        "timeout": f"{config.timeout:g}",
    }
    return Form(values)


def read(form: Form, old: Entry, data_dir: Path) -> Entry:
    """Return the table that the form describes; what is plainly wrong is noted in the form."""
    entry: Entry = {key: value for key, value in old.items() if key not in _OURS}
    name = form.text("name", required=True)
    if len(name) > 40 or not name.isprintable() or "/" in name:
        form.wrong("name", N_("At most 40 letters, without a slash."))
    registers = list(dict.fromkeys(code for code in form.values("registers") if code))
    connection = form.value("connection")
    entry |= {"name": name, "registers": registers, "connection": connection}
    entry |= _reached(form, connection, old, data_dir)
    entry |= _abilities(form)
    return entry


def _reached(form: Form, connection: str, old: Entry, data_dir: Path) -> Entry:
    if connection == "network":
        host = form.text("host", required=True)
        if not host.isprintable() or len(host) > 255 or any(letter in host for letter in " /\\"):
            form.wrong("host", N_("A name or an address, for example 192.168.1.50."))
        return {"host": host, "port": form.whole("port", 1, 65_535) or 0}
    if connection == "usb":
        numbers = {key: form.text(key, required=True) for key in ("vendor_id", "product_id")}
        serial_number = form.text("serial_number")
        return numbers | ({"serial_number": serial_number} if serial_number else {})
    if connection == "serial":
        path = _path(form, "device", old, data_dir)
        speed = form.choice("baud_rate", [*SPEEDS, "921600"])
        return {
            "path": path,
            "baud_rate": int(speed) if speed.isdecimal() else 0,
            "flow_control": form.value("flow_control"),
        }
    if connection == "cups":
        return {"queue": form.text("queue", required=True)}
    if connection == "file":
        return {"path": _path(form, "path", old, data_dir)}
    form.choice("connection", ["network", "usb", "serial", "cups", "file"])
    return {}


def _path(form: Form, field: str, old: Entry, data_dir: Path) -> str:
    """Return a device, or a file in the data folder's `paper`: a browser must not write just anywhere."""
    text = form.text(field, required=True)
    if not text or text == old.get("path"):
        return text
    allowed = [DEVICES] if field == "device" else [DEVICES, data_dir / PAPER_FOLDER]
    path = Path(text)
    if ".." in path.parts or not text.isprintable() or not any(root in path.parents for root in allowed):
        message = N_("A device below /dev, for example %(example)s.")
        if field == "path":
            message = N_("A device below /dev, for example %(example)s, or a file in %(folder)s.")
        example = "/dev/ttyUSB0" if field == "device" else "/dev/usb/lp0"
        form.wrong(field, message, example=example, folder=str(data_dir / PAPER_FOLDER))
    return text


def _abilities(form: Form) -> dict[str, Any]:
    entry: dict[str, Any] = {"qr": form.value("qr") or "image"}
    if model := form.value("model"):
        entry["model"] = model
    for key in ("columns", "drawer_pin"):
        if form.value(key).strip():
            entry[key] = form.whole(key, 0, 99)
    if (cutter := form.value("cutter")) in ("yes", "no"):
        entry["cutter"] = cutter == "yes"
    if drawer := form.value("drawer"):
        entry["drawer"] = "" if drawer == NONE else drawer
    seconds = form.text("timeout").replace(",", ".")
    if seconds:
        try:
            entry["timeout"] = float(seconds)
        except ValueError:
            form.wrong("timeout", N_("Type seconds, for example 5."))
        else:
            if not 0 < entry["timeout"] <= 60:
                form.wrong("timeout", N_("From a moment to 60 seconds."))
    return entry


def field_of(connection: str) -> dict[str, str]:
    """Return the form's fields for keys of the table that are called otherwise."""
    return {"path": "device"} if connection == "serial" else {}
