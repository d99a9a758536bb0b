"""The `[[printers]]` of the settings: every connection with its keys, records, and refusals in one line."""

import json
from pathlib import Path

import pytest

from pos.settings import Settings, SettingsError, load, printer_models
from printers.config import PrinterConfig
from printers.transports import connect
from printers.transports.cups import CupsTransport
from printers.transports.network import NetworkTransport
from printers.transports.serial import SerialTransport
from printers.transports.usb import UsbTransport


def settings(folder: Path, text: str) -> Settings:
    file = folder / "pos.toml"
    file.write_text(text, encoding="utf-8")
    return load({"POS_CONFIG": str(file), "POS_DATA_DIR": str(folder)})


def printer(folder: Path, *lines: str) -> PrinterConfig:
    (found,) = settings(folder, "\n".join(["[[printers]]", 'name = "kasir"', *lines])).printers
    return found


def test_a_printer_needs_no_more_than_a_name(tmp_path: Path) -> None:
    found = printer(tmp_path)
    assert (found.connection, found.host, found.port) == ("network", "127.0.0.1", 9100)
    assert (found.columns, found.paper.dots, found.qr, found.timeout) == (32, 384, "image", 5.0)
    assert found.model.name == "generic-58"
    assert isinstance(connect(found), NetworkTransport)


@pytest.mark.parametrize(
    "numbers",
    [
        ("vendor_id = 0x04b8", "product_id = 0x0202"),
        ('vendor_id = "04b8"', 'product_id = "0x0202"'),
        ('vendor_id = "04B8"', "product_id = 514"),
        ('vendor_id = "04b8:0202"',),
        ('vendor_id = "0x04b8:0x0202"',),
    ],
)
def test_usb_takes_the_numbers_in_every_way_that_people_write_them(
    tmp_path: Path, numbers: tuple[str, ...]
) -> None:
    found = printer(tmp_path, 'connection = "usb"', *numbers, 'serial_number = "J7"')
    assert (found.vendor_id, found.product_id, found.serial_number) == (0x04B8, 0x0202, "J7")
    assert found.address == "04b8:0202 J7"
    assert isinstance(connect(found), UsbTransport)


def test_serial_takes_a_device_and_its_speed(tmp_path: Path) -> None:
    found = printer(
        tmp_path,
        'connection = "serial"',
        'path = "/dev/ttyUSB0"',
        "baud_rate = 115200",
        'flow_control = "rtscts"',
    )
    assert (found.path, found.baud_rate, found.flow_control) == ("/dev/ttyUSB0", 115_200, "rtscts")
    assert found.address == "/dev/ttyUSB0 115200 baud"
    assert isinstance(connect(found), SerialTransport)


def test_cups_takes_a_queue(tmp_path: Path) -> None:
    found = printer(tmp_path, 'connection = "cups"', 'queue = "kasir-80"')
    assert (found.queue, found.address) == ("kasir-80", "kasir-80")
    assert isinstance(connect(found), CupsTransport)


def test_the_columns_choose_the_record_where_no_model_is_named(tmp_path: Path) -> None:
    for columns, name, dots in (
        (32, "generic-58", 384),
        (42, "generic-80-180dpi", 512),
        (48, "generic-80", 576),
    ):
        found = printer(tmp_path, f"columns = {columns}")
        assert (found.model.name, found.columns, found.paper.dots) == (name, columns, dots)


def test_a_model_is_a_record_and_keys_beside_it_win(tmp_path: Path) -> None:
    found = printer(
        tmp_path,
        'model = "epson-tm-t20iii"',
        'qr = "native"',
        "cutter = false",
        "drawer_pin = 5",
        "pulse_on = 200",
        "code_page = 16",
        'process_id = "no"',
    )
    assert (found.columns, found.paper.dots, found.paper.qr) == (48, 576, "native")
    assert (found.paper.cutter, found.paper.code_page, found.paper.codec) == (False, 16, "cp1252")
    assert found.drawer_pulse == b"\x1bp\x01\x64\x32"
    assert found.drawer_pulse_now == b"\x10\x14\x01\x01\x02"
    assert (found.model.process_id, found.model.realtime_pulse) == ("no", True)


def test_a_record_of_the_data_folder_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "printer-models.toml").write_text('[panda]\nlike = "pos-5890"\nfeed = 7\n', encoding="utf-8")
    assert printer(tmp_path, 'model = "panda"').paper.feed == 7
    assert "panda" in printer_models(tmp_path)


def test_the_back_office_s_own_list_wins_by_name(tmp_path: Path) -> None:
    own = '[[printers]]\nname = "kasir"\nconnection = "cups"\nqueue = "baru"\n[[printers]]\nname = "dapur"\n'
    (tmp_path / "printers.toml").write_text(own, encoding="utf-8")
    found = settings(tmp_path, '[[printers]]\nname = "kasir"\nhost = "10.0.0.9"\n').printers
    assert [(each.name, each.connection) for each in found] == [("kasir", "cups"), ("dapur", "network")]


def test_printers_may_come_from_a_variable(tmp_path: Path) -> None:
    entry = json.dumps([{"name": "kasir", "model": "xp-80"}])
    (found,) = load({"POS_DATA_DIR": str(tmp_path), "POS_PRINTERS": entry}).printers
    assert (found.columns, found.model.native_qr) == (48, True)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["baudrate = 9600"],
            "printers.0.baudrate: unknown setting; known are: name, registers, connection, ",
        ),
        (['title = "x"'], "printers.0.title: unknown setting"),
        (
            ['connection = "bluetooth"'],
            "printers.0.connection: must be one of network, usb, serial, cups, file, memory",
        ),
        (['connection = "usb"'], "printers.0.vendor_id: give vendor_id and product_id as lsusb shows them"),
        (['connection = "usb"', "vendor_id = 0x04b8"], "printers.0.vendor_id: give vendor_id and product_id"),
        (
            ['connection = "usb"', "vendor_id = 70000"],
            "printers.0.vendor_id: must be a number such as 0x04b8",
        ),
        (
            ['connection = "usb"', 'vendor_id = "epson"'],
            "printers.0.vendor_id: must be a number such as 0x04b8",
        ),
        (
            ['connection = "usb"', 'vendor_id = "04b8:0202"', "product_id = 3"],
            "printers.0.product_id: must be left out where vendor_id names both",
        ),
        (['connection = "serial"'], "printers.0.path: name the serial device"),
        (["baud_rate = 9601"], "printers.0.baud_rate: must be one of 1200, 2400, 4800, 9600, "),
        (['baud_rate = "9600"'], "printers.0.baud_rate: must be one of 1200"),
        (['flow_control = "dtr"'], "printers.0.flow_control: must be one of xonxoff, rtscts, none"),
        (['connection = "cups"'], "printers.0.queue: name the queue as lpstat -p shows it"),
        (['connection = "cups"', 'queue = "-d"'], "printers.0.queue: name the queue"),
        (['connection = "file"'], "printers.0.path: name the file or device to write to"),
        (['model = "epson"'], "printers.0.model: must be one of generic-58, generic-80, "),
        (["columns = 40"], "printers.0.columns: must be 32, 42 or 48 unless a model is named"),
        (['columns = "32"'], "printers.0.columns: must be 32, 42 or 48"),
        (["columns = 32.0"], "printers.0.columns: must be a whole number from 24 to 64"),
        (['model = "xp-80"', "columns = 200"], "printers.0.columns: must be a whole number from 24 to 64"),
        (["code_page = 77"], "printers.0.codec: name the codec of code page 77"),
        (['codec = "utf-8"'], "printers.0.codec: must be a code page of single bytes"),
        (["drawer_pin = 4"], "printers.0.drawer_pin: must be one of 2, 5, 0"),
        (["pulse_on = 0"], "printers.0.pulse_on: must be a whole number from 2 to 510"),
        (['process_id = "ja"'], "printers.0.process_id: must be one of no, probe, yes"),
        (['qr = "big"'], "printers.0.qr: must be one of image, native"),
        (["port = 0"], "printers.0.port: must be a whole number from 1 to 65535"),
        (["timeout = 0"], "printers.0.timeout: must be a number of seconds"),
        (["timeout = nan"], "printers.0.timeout: must be a number of seconds"),
        (['registers = "K1"'], "printers.0.registers: must be a list of register codes"),
        (["drawer = 1"], "printers.0.drawer: must be the code of a register"),
    ],
)
def test_what_is_wrong_stops_the_start_in_one_line_that_names_the_key(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        printer(tmp_path, *lines)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_printer_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"printers\.0\.name: give the printer a name"):
        settings(tmp_path, "[[printers]]\nhost = '10.0.0.9'\n")


def test_a_register_has_one_printer(tmp_path: Path) -> None:
    two = '[[printers]]\nname = "a"\nregisters = ["K1"]\n[[printers]]\nname = "b"\nregisters = ["K1"]\n'
    with pytest.raises(SettingsError, match="K1 is given to both a and b"):
        settings(tmp_path, two)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "printers.toml",
            '[[printers]]\nname = "a"\nport = "x"\n',
            "printers.toml printers.0.port: must be a whole",
        ),
        ("printers.toml", "printers = 3\n", "printers.toml printers: must be a list of tables"),
        ("printer-models.toml", "[a]\nwidth = 3\n", "printer-models.toml a.width: unknown setting"),
    ],
)
def test_what_is_wrong_in_the_data_folder_names_its_file(
    tmp_path: Path, file: str, text: str, said: str
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        printer(tmp_path)
    assert said in str(caught.value)
