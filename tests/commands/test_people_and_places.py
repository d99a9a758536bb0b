"""Outlets, registers, people and programs from the command line, beside a serving shop."""

import json
import subprocess
import sys

import pytest

from pos import cli, clock
from pos.db import transact
from pos.operations import people
from tests.commands.conftest import Machine
from tests.support.command import CHECKOUT


def in_the_shop(machine: Machine, patch: pytest.MonkeyPatch, act: object) -> object:
    for name, value in machine.environment.items():
        patch.setenv(name, value)
    with cli.shop():
        return act()  # type: ignore[operator]


def test_an_outlet_and_its_registers_are_added(machine: Machine) -> None:
    machine.done("outlet", "add", "PASAR", "--name", "Pasar Minggu", "--cut-off", "04:00")
    machine.done("register", "add", "P1", "--outlet", "PASAR")
    machine.done("register", "add", "P2", "--outlet", "PASAR", "--kind", "kiosk", "--name", "Layanan")
    assert machine.look("SELECT name, time_zone, cut_off FROM outlet WHERE code = 'PASAR'") == [
        ("Pasar Minggu", "Asia/Jakarta", "04:00")
    ]
    assert machine.look("SELECT code, kind FROM register WHERE code LIKE 'P%' ORDER BY code") == [
        ("P1", "till"),
        ("P2", "kiosk"),
    ]
    assert machine.pos("verify").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("outlet", "add", "pasar"),
        ("outlet", "add", "KUNJUNGAN"),
        ("outlet", "add", "PASAR", "--location", "DAPUR"),
        ("outlet", "add", "PASAR", "--time-zone", "Asia/Nowhere"),
        ("outlet", "add", "PASAR", "--cut-off", "25:00"),
        ("register", "add", "K1", "--outlet", "GERAI"),
        ("register", "add", "OFFICE", "--outlet", "GERAI"),
        ("register", "add", "X1", "--outlet", "PASAR"),
        ("register", "enrol", "X1"),
        ("user", "add", "Kasir", "--role", "cashier"),
        ("user", "add", "  ", "--role", "cashier"),
        ("user", "reset-pin", "Nobody"),
        ("token", "create", "--role", "cashier", "--register", "X1"),
    ],
    ids=" ".join,
)
def test_what_can_not_be_is_refused_in_one_line_and_changes_nothing(
    machine: Machine, arguments: tuple[str, ...]
) -> None:
    before = machine.look("SELECT code, seq, head FROM book ORDER BY id")
    assert machine.refused(*arguments)
    assert machine.look("SELECT code, seq, head FROM book ORDER BY id") == before


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("user", "add", "Sari"),
        ("user", "add", "Sari", "--role", "boss"),
        ("user", "add", "Sari", "--role", "kiosk"),
        ("register", "add", "X1"),
        ("register", "add", "X1", "--outlet", "GERAI", "--kind", "robot"),
        ("token", "create"),
        ("products", "import", "/nowhere/x.csv"),
        ("serve", "--port", "70000"),
        ("nonsense",),
        ("backup",),
        ("verify", "--nonsense"),
        ("qris", "inspect"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two(bare: Machine, arguments: tuple[str, ...]) -> None:
    assert bare.pos(*arguments).code == 2


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "demo",
        "serve",
        "upgrade",
        "token create",
        "outlet add",
        "register add",
        "register enrol",
        "user add",
        "user reset-pin",
        "products import",
        "products export",
        "printers list",
        "printers test",
        "qris inspect",
        "backup",
        "restore",
        "verify",
    ],
)
def test_every_command_explains_itself(bare: Machine, command: str) -> None:
    said = bare.done(*command.split(), "--help")
    assert f"Usage: main {command}" in said
    assert len(said.splitlines()) > 5


@pytest.mark.parametrize(
    "command", ["verify", "backup x.db", "user add A --role cashier", "products export x.csv"]
)
def test_without_a_shop_a_command_says_how_to_make_one(bare: Machine, command: str) -> None:
    assert "pos init" in bare.refused(*command.split())


def test_a_one_time_pin_signs_the_person_in(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = json.loads(machine.done("user", "add", "Sari", "--role", "supervisor", "--json"))["pin"]
    again = json.loads(machine.done("user", "reset-pin", "Sari", "--json"))["pin"]
    assert len(first) == len(again) == 6
    user = in_the_shop(machine, monkeypatch, lambda: people.check_pin("Sari", again, clock.now()))
    assert (user.role, user.pin_once) == ("supervisor", True)  # type: ignore[attr-defined]
    if again != first:
        with pytest.raises(Exception, match="pin_wrong"):
            in_the_shop(machine, monkeypatch, lambda: people.check_pin("Sari", first, clock.now()))


def test_a_pin_is_hashed_with_the_work_that_owasp_asks_for() -> None:
    # In a process of its own: this one hashes with as little work as it can.
    asked = "from pos.operations.people import hash_pin; print(hash_pin('123456'))"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_code_enrols_one_browser_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    code = machine.done("register", "enrol", "K1").splitlines()[0]

    def enrol() -> str:
        return transact(lambda: people.enrol_by_code(code, clock.now()))

    assert in_the_shop(machine, monkeypatch, enrol)
    with pytest.raises(Exception, match="validation_error"):
        in_the_shop(machine, monkeypatch, enrol)


def test_a_new_shop_tells_the_managers_pin_once(bare: Machine) -> None:
    said = bare.done("init").splitlines()
    assert said[0] == "The shop is ready. First person: Manajer"
    assert said[1].rpartition(" ")[2].isdigit()
    assert "PIN" not in bare.done("init")


def test_a_setting_that_is_wrong_is_named_in_one_line(bare: Machine) -> None:
    wrong = Machine({**bare.environment, "POS_PORT": "many"}, bare.look)
    assert "POS_PORT" in wrong.refused("verify")
    unknown = Machine({**bare.environment, "POS_NONSENSE": "1"}, bare.look)
    assert "POS_NONSENSE" in unknown.refused("backup", "x.db")
