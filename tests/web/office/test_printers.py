"""The printers of this machine: listed, added, changed, removed, and tested step by step."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pos import board, clock
from pos.settings import load
from printers.status import PrinterStatus
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office
from tests.web.office.person import Person

NETWORK = {
    "name": "kasir",
    "connection": "network",
    "host": "192.168.1.50",
    "port": "9100",
    "registers": ["K1"],
    "qr": "image",
    "timeout": "5",
}
PAGE = "devices/printers/"


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


@pytest.fixture
def file(data_dir: Path) -> Path:
    return data_dir / "printers.toml"


def written(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["printers"]
    return found


def test_an_added_printer_is_one_that_the_settings_read(manager: Person, file: Path) -> None:
    said = manager.send(PAGE + "new", NETWORK)
    assert "kasir: saved." in said
    (printer,) = load({}, {"data_dir": str(file.parent)}).printers
    assert (printer.name, printer.address, printer.registers) == ("kasir", "192.168.1.50:9100", ("K1",))
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".printers")] == []
    said = manager.see(PAGE)
    assert "192.168.1.50:9100" in said
    assert "Comes from back office" in said


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"connection": "usb", "vendor_id": "04b8", "product_id": "0x0202"}, "04b8:0202"),
        (
            {
                "connection": "serial",
                "device": "/dev/ttyUSB0",
                "baud_rate": "115200",
                "flow_control": "rtscts",
            },
            "/dev/ttyUSB0 115200 baud",
        ),
        ({"connection": "cups", "queue": "kasir-58"}, "kasir-58"),
        ({"connection": "file", "path": "/dev/usb/lp0"}, "/dev/usb/lp0"),
    ],
    ids=["usb", "serial", "cups", "file"],
)
def test_every_connection_is_written_with_its_own_fields_alone(
    manager: Person, file: Path, fields: dict[str, str], address: str
) -> None:
    manager.send(PAGE + "new", {**NETWORK, **fields})
    assert "host" not in written(file)[0]
    (printer,) = load({}, {"data_dir": str(file.parent)}).printers
    assert (printer.connection, printer.address) == (fields["connection"], address)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"host": ""}, "host"),
        ({"host": "a b"}, "host"),
        ({"port": "0"}, "port"),
        ({"port": "http"}, "port"),
        ({"timeout": "soon"}, "timeout"),
        ({"timeout": "nan"}, "timeout"),
        ({"timeout": "0"}, "timeout"),
        ({"model": "typewriter"}, "model"),
        ({"columns": "13"}, "columns"),
        ({"drawer_pin": "3"}, "drawer_pin"),
        ({"qr": "drawn by hand"}, "qr"),
        ({"connection": "memory"}, "connection"),
        ({"connection": "usb", "vendor_id": "xyz", "product_id": "1"}, "vendor_id"),
        ({"connection": "serial", "device": "", "baud_rate": "9600", "flow_control": "none"}, "device"),
        (
            {"connection": "serial", "device": "/etc/passwd", "baud_rate": "9600", "flow_control": "none"},
            "device",
        ),
        ({"connection": "serial", "device": "/dev/x", "baud_rate": "1", "flow_control": "none"}, "baud_rate"),
        (
            {"connection": "serial", "device": "/dev/x", "baud_rate": "9600", "flow_control": "y"},
            "flow_control",
        ),
        ({"connection": "cups", "queue": "-d /x"}, "queue"),
        ({"connection": "file", "path": "/etc/passwd"}, "path"),
        ({"connection": "file", "path": "/dev/../etc/passwd"}, "path"),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_is_written(
    manager: Person, shop: Shop, file: Path, fields: dict[str, str], wrong: str
) -> None:
    before = shop.rows()
    manager.send(PAGE + "new", {**NETWORK, **fields}, status=422)
    assert manager.fault(wrong)
    assert not file.exists()
    assert shop.changed(before) == {}


def test_a_wrong_value_is_told_in_the_readers_language(manager: Person) -> None:
    manager.client.set_cookie("pos_language", "id")
    usb = {"connection": "usb", "vendor_id": "xyz", "product_id": "1"}
    for fields, field, words in (
        ({"columns": "13"}, "columns", "Harus 32, 42, atau 48"),
        ({"drawer_pin": "3"}, "drawer_pin", "Pilih salah satu dari 2, 5, 0"),
        ({"model": "typewriter"}, "model", "Pilih salah satu dari generic-58"),
        (usb, "vendor_id", "Harus empat karakter seperti tampak pada lsusb"),
    ):
        manager.send(PAGE + "new", {**NETWORK, **fields}, status=422)
        assert manager.fault(field).startswith(words)


def test_a_file_for_paper_stands_in_the_data_folder(manager: Person, file: Path) -> None:
    path = str(file.parent / "paper" / "kasir.bin")
    manager.send(PAGE + "new", {**NETWORK, "connection": "file", "path": path})
    assert written(file)[0]["path"] == path
    assert (file.parent / "paper").is_dir()


def test_a_register_prints_on_one_printer(manager: Person, file: Path) -> None:
    manager.send(PAGE + "new", NETWORK)
    said = manager.send(PAGE + "new", {**NETWORK, "name": "dapur"}, status=422)
    assert "K1 prints on kasir already." in said
    assert [entry["name"] for entry in written(file)] == ["kasir"]


def test_two_printers_cannot_have_one_name(manager: Person, file: Path) -> None:
    manager.send(PAGE + "new", NETWORK)
    manager.send(PAGE + "new", {**NETWORK, "registers": []}, status=422)
    assert manager.fault("name") == "Another printer has this name."
    assert len(written(file)) == 1


def test_a_form_sent_twice_adds_one_printer_and_one_entry(manager: Person, shop: Shop, file: Path) -> None:
    form = {**NETWORK, "form_id": new_id()}
    manager.send(PAGE + "new", form)
    before, text = shop.rows(), file.read_text()
    manager.send(PAGE + "new", form)
    assert file.read_text() == text
    assert shop.changed(before) == {}


def test_changing_a_printer_keeps_the_keys_that_the_form_does_not_know(manager: Person, file: Path) -> None:
    file.write_text(
        '[[printers]]\nname = "kasir \\"1\\""\nregisters = ["K1"]\npulse_on = 200\ncode_page = 16\n'
    )
    page = PAGE + "edit/kasir%20%221%22"
    manager.see(page)
    assert manager.value("name") == 'kasir "1"'
    manager.send(page, {**NETWORK, "name": "depan", "columns": "48", "cutter": "no", "drawer_pin": "5"})
    (entry,) = written(file)
    assert (entry["name"], entry["pulse_on"], entry["code_page"]) == ("depan", 200, 16)
    assert (entry["columns"], entry["cutter"], entry["drawer_pin"]) == (48, False, 5)


def test_a_printer_of_the_settings_file_is_overlaid_and_comes_back(
    manager: Person, shop: Shop, file: Path
) -> None:
    listed = {"name": "toko", "host": "10.0.0.9", "registers": ["K1"]}
    shop.app.config["SETTINGS"] = load({}, {"data_dir": str(file.parent), "printers": [listed]})
    assert "Comes from settings file" in manager.see(PAGE)
    assert "/remove/" not in manager.source
    manager.send(PAGE + "edit/toko", {**NETWORK, "name": "other"})
    assert [entry["name"] for entry in written(file)] == ["toko"]
    assert "192.168.1.50" in manager.see(PAGE)
    manager.send(PAGE + "remove/toko")
    assert "10.0.0.9" in manager.see(PAGE)


def test_a_list_that_cannot_be_read_is_told_and_never_overwritten(manager: Person, file: Path) -> None:
    file.write_text("[[printers]\nname =")
    assert "The list of printers can't be read" in manager.see(PAGE)
    manager.send(PAGE + "new", NETWORK, status=409)
    assert file.read_text() == "[[printers]\nname ="


def test_a_list_that_cannot_be_written_is_told_and_leaves_the_old_one(
    manager: Person, shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.send(PAGE + "new", NETWORK)
    text, before = file.read_text(), shop.rows()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    said = manager.send(PAGE + "edit/kasir", {**NETWORK, "port": "9101"}, status=409)
    monkeypatch.undo()
    assert "No space left on device" in said
    assert file.read_text() == text
    assert sorted(path.name for path in file.parent.iterdir() if "printers" in path.name) == ["printers.toml"]
    assert shop.changed(before) == {}


def test_what_a_printer_says_stands_there_in_words(manager: Person) -> None:
    manager.send(PAGE + "new", NETWORK)
    assert "was not asked yet" in manager.see(PAGE)
    board.note("kasir", PrinterStatus(answered=True, online=True, paper="low", cover="closed"), clock.now())
    assert "paper low" in manager.see(PAGE)
    assert "Online yes Cover closed Paper nearly used up Error no" in manager.text
    board.note("kasir", PrinterStatus(cannot_answer=True), clock.now())
    assert "Online can't say Cover can't say Paper can't say Error can't say" in manager.see(PAGE)
    board.note("kasir", PrinterStatus(unavailable="unreachable"), clock.now())
    assert "Online no" in manager.see(PAGE)


def test_the_test_page_and_a_pulse_go_through_the_spool(manager: Person, till: Shop) -> None:
    manager.send(PAGE + "new", NETWORK)
    said = manager.send(PAGE + "test/kasir", {"register": "K1"})
    assert "Step 1" in said
    jobs = {job["kind"]: job for job in till.get("/print-jobs")["items"]}
    assert (jobs["test"]["register"], jobs["test"]["title"], jobs["test"]["status"]) == (
        "K1",
        "kasir",
        "queued",
    )
    assert "drawer" in jobs
    report = till.get(f"/shifts/{till.get('/shifts/current?register=K1')['id']}/report")
    assert report["drawer_openings"] == 1


def test_a_test_sent_twice_prints_once(manager: Person, till: Shop) -> None:
    manager.send(PAGE + "new", NETWORK)
    form = {"register": "K1", "form_id": new_id()}
    manager.send(PAGE + "test/kasir", form)
    before = till.rows()
    manager.send(PAGE + "test/kasir", form)
    assert till.changed(before) == {}


def test_a_page_is_printed_before_the_first_shift_too(manager: Person, shop: Shop) -> None:
    manager.send(PAGE + "new", {**NETWORK, "drawer": "-"})
    manager.send(PAGE + "test/kasir", {"register": "K1"})
    assert [job["kind"] for job in shop.get("/print-jobs")["items"]] == ["test"]
    assert "Open the drawer" not in manager.source
    assert "No drawer hangs on this printer." in manager.send(PAGE + "drawer/kasir")


def test_the_drawer_alone_opens_on_request(manager: Person, till: Shop) -> None:
    manager.send(PAGE + "new", NETWORK)
    assert "The drawer opens now." in manager.send(PAGE + "drawer/kasir")
    assert till.get("/print-jobs")["items"][0]["kind"] == "drawer"


def test_a_page_for_a_register_of_another_printer_is_refused(manager: Person, shop: Shop) -> None:
    manager.send(PAGE + "new", NETWORK)
    before = shop.rows()
    assert "Choose one of the printer's registers." in manager.send(PAGE + "test/kasir", {"register": "K9"})
    assert shop.changed(before) == {}


def test_each_no_brings_its_advice_and_all_yes_says_that_it_is_right(manager: Person, shop: Shop) -> None:
    manager.send(PAGE + "new", NETWORK)
    manager.send(PAGE + "test/kasir", {"register": "K1"})
    job = shop.get("/print-jobs")["items"][0]["id"]
    page = f"{PAGE}test/kasir?job={job}"
    said = manager.see(page + "&width=no")
    assert "choose fewer columns" in said
    assert "Step 2" in said
    said = manager.see(page + "&width=yes&letters=yes&qr=no&drawer=no&cut=no")
    for advice in ("let us draw it", "Choose the other pin", "has no cutter"):
        assert advice in said
    assert "Change what is named above" in said
    said = manager.see(page + "&width=yes&letters=yes&qr=yes&drawer=yes&cut=yes")
    assert "This printer is set up rightly." in said


def test_a_printer_that_is_not_there_is_not_found(manager: Person) -> None:
    for page in ("edit/dapur", "test/dapur"):
        manager.see(PAGE + page, status=404)
    manager.send(PAGE + "new", NETWORK)
    manager.see(f"{PAGE}test/kasir?job={new_id()}&width=maybe")


def test_a_hostile_name_is_shown_as_it_is(manager: Person, file: Path) -> None:
    manager.send(PAGE + "new", {**NETWORK, "name": "<b>\"x\" & 'y'"})
    assert written(file)[0]["name"] == "<b>\"x\" & 'y'"
    manager.see(PAGE)
    assert "<b>" not in manager.source
