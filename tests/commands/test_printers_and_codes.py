"""`pos printers` against a printer on a real socket, and `pos qris inspect`."""

import json
from pathlib import Path

import pytest

from pos.domain.qris import demo_merchant, to_dynamic
from tests.commands.conftest import Machine
from tests.fake_printer import FakePrinter


@pytest.fixture
def printing(bare: Machine, tmp_path: Path) -> Machine:
    """A machine whose settings file the test writes."""
    return Machine({**bare.environment, "POS_CONFIG": str(tmp_path / "pos.toml")}, bare.look)


def configure(machine: Machine, **printer: object) -> None:
    lines = [f"{name} = {json.dumps(value)}" for name, value in printer.items()]
    Path(machine.environment["POS_CONFIG"]).write_text("\n".join(["[[printers]]", *lines]))


def test_without_printers_the_list_says_how_to_add_one(bare: Machine) -> None:
    assert "[[printers]]" in bare.done("printers", "list")
    assert json.loads(bare.done("printers", "list", "--json")) == []


def test_a_test_page_goes_to_a_file(printing: Machine, tmp_path: Path) -> None:
    paper = tmp_path / "paper.bin"
    configure(printing, name="kasir", connection="file", path=str(paper), registers=["K1"])
    assert "kasir: test page printed" in printing.done("printers", "test", "kasir")
    printed = paper.read_bytes()
    assert printed.startswith(b"\x1b@")
    assert b"12345678901234567890123456789012" in printed


def test_a_printer_that_is_away_is_told_in_one_line(printing: Machine) -> None:
    configure(printing, name="kasir", host="127.0.0.1", port=9, timeout=0.5)
    assert "kasir: The printer cannot be reached." in printing.refused("printers", "test", "kasir")
    (printer,) = json.loads(printing.done("printers", "list", "--json"))
    assert (printer["name"], printer["trouble"], printer["answered"]) == ("kasir", "unreachable", False)


def test_an_unknown_printer_is_refused_with_the_known_ones(printing: Machine, tmp_path: Path) -> None:
    configure(printing, name="kasir", connection="file", path=str(tmp_path / "x"))
    assert "kasir" in printing.refused("printers", "test", "dapur")


def test_a_code_that_takes_payments_is_explained(bare: Machine) -> None:
    said = bare.done("qris", "inspect", "--", to_dynamic(demo_merchant(), 38_000))
    assert ": 38000" in said
    assert "Kode ini dapat menerima pembayaran." in said
    english = Machine({**bare.environment, "POS_LOCALE": "en"}, bare.look)
    assert "This code can take payments." in english.done("qris", "inspect", "--", demo_merchant())


@pytest.mark.parametrize(
    "payload", ["hello", "-n", demo_merchant()[:-1] + "!", demo_merchant().replace("5802ID", "5802SG")]
)
def test_a_code_that_must_not_be_used_ends_with_one(bare: Machine, payload: str) -> None:
    ended = bare.pos("qris", "inspect", "--json", "--", payload)
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    verdict = json.loads(ended.out)
    assert verdict["usable"] is False
    assert any(finding["severity"] == "error" for finding in verdict["findings"])


def test_a_printer_that_answers_confirms_its_test_page(printing: Machine) -> None:
    with FakePrinter() as printer:
        configure(printing, name="kasir", host="127.0.0.1", port=printer.port, registers=["K1"], columns=48)
        assert "paper ok" in printing.done("printers", "list")
        assert "the printer confirmed it" in printing.done("printers", "test", "kasir")
