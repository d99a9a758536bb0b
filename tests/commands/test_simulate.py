"""Playing the buyer by command: `pos qris simulate`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pos import clock
from pos.ids import new_id
from pos.payments.base import Attempt
from pos.payments.simulator import Simulator
from tests.commands.conftest import Machine


@pytest.fixture
def pretend(tmp_path: Path) -> Machine:
    """A machine whose provider is the simulator; it needs no shop for that."""
    return Machine(
        {"POS_DATA_DIR": str(tmp_path / "shop"), "POS_QRIS__PROVIDER": "simulator"}, lambda query: []
    )


def provider(machine: Machine) -> Simulator:
    return Simulator(Path(machine.environment["POS_DATA_DIR"]))


def code(machine: Machine, amount: int = 15_000, seconds: float = 300) -> Attempt:
    now = clock.now()
    bank = provider(machine)
    asked = Attempt(bank.reference(new_id()), None, amount, now, now + timedelta(seconds=seconds), "K1")
    bank.create(asked)
    return asked


def simulate(machine: Machine, *arguments: str) -> str:
    return machine.done("qris", "simulate", *arguments)


def test_the_newest_code_is_paid_when_none_is_named(pretend: Machine) -> None:
    simulate(pretend, "list")
    older, newer = code(pretend), code(pretend, 1_250_000)
    assert simulate(pretend, "pay") == "Code 2 over Rp 1.250.000: paid Rp 1.250.000.\n"
    assert provider(pretend).ask(newer).state == "paid"
    assert provider(pretend).ask(older).state == "waiting"


@pytest.mark.parametrize("name", ["1", "SIM000000001", "last", "ours"])
def test_a_code_is_named_as_the_list_shows_it(pretend: Machine, name: str) -> None:
    simulate(pretend, "list")
    asked = code(pretend)
    simulate(pretend, "pay", asked.our_reference if name == "ours" else name)
    assert provider(pretend).ask(asked).state == "paid"


def test_every_mishap_has_a_command(pretend: Machine) -> None:
    simulate(pretend, "list")
    code(pretend)
    assert "paid Rp 14.000." in simulate(pretend, "pay", "1", "--amount", "14000")
    code(pretend)
    assert "paid Rp 15.000 and Rp 15.000." in simulate(pretend, "pay-twice", "2")
    assert "not given up" in pretend.refused("qris", "simulate", "pay-late", "1")
    code(pretend, seconds=0)
    assert "given up" in pretend.refused("qris", "simulate", "pay", "3")
    assert "paid Rp 15.000." in simulate(pretend, "pay-late", "3")
    code(pretend)
    assert "failed" in simulate(pretend, "fail")
    assert "no code 9" in pretend.refused("qris", "simulate", "pay", "9")


def test_the_ways_of_the_bank_are_set_and_shown(pretend: Machine) -> None:
    for arguments in (("notify", "lose"), ("trouble", "slow", "3"), ("auto", "6")):
        simulate(pretend, *arguments)
    code(pretend)
    said = json.loads(simulate(pretend, "list", "--json"))
    assert {key: said[key] for key in ("notify", "trouble", "slow", "auto")} == {
        "notify": "lose",
        "trouble": "slow",
        "slow": 3,
        "auto": 6,
    }
    (shown,) = said["codes"]
    assert (shown["state"], shown["amount"], shown["register"]) == ("waiting", 15_000, "K1")
    assert "notifications: lose; trouble: slow 3 s; pays by itself: after 6 s" in simulate(pretend, "list")
    simulate(pretend, "auto", "off")
    simulate(pretend, "trouble", "none")
    assert "trouble: none; pays by itself: off" in simulate(pretend, "list")


@pytest.mark.parametrize(
    "arguments",
    [
        ("notify", "sometimes"),
        ("trouble", "all"),
        ("auto", "soon"),
        ("pay", "--amount", "0"),
        ("pay", "--amount", "viel"),
        ("steal",),
    ],
)
def test_wrong_usage_ends_with_two(pretend: Machine, arguments: tuple[str, ...]) -> None:
    assert pretend.pos("qris", "simulate", *arguments).code == 2


@pytest.mark.parametrize("arguments", [("trouble", "slow", "90"), ("auto", "9999"), ("auto", "nan")])
def test_what_can_not_be_is_refused_in_a_line(pretend: Machine, arguments: tuple[str, ...]) -> None:
    assert "Choose from" in pretend.refused("qris", "simulate", *arguments)


def test_where_no_simulator_was_used_it_says_so_and_leaves_no_file(tmp_path: Path) -> None:
    real = Machine({"POS_DATA_DIR": str(tmp_path / "real")}, lambda query: [])
    assert "No simulator was used" in real.refused("qris", "simulate", "pay")
    assert not (tmp_path / "real").exists()


def test_the_simulator_stays_out_of_the_books_and_of_a_backup(machine: Machine, tmp_path: Path) -> None:
    folder = Path(machine.environment["POS_DATA_DIR"])
    Simulator(folder).bank.set_auto(None)
    machine.done("backup", str(tmp_path / "copy.db"))
    machine.done("verify")
    assert machine.look("SELECT count(*) FROM payment") == [(0,)]
    assert b"simulator" not in (tmp_path / "copy.db").read_bytes()
