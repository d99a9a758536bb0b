"""`pos settlement import`: a provider's file from a script."""

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Machine

FILES = "SELECT name, provider, row_count, gross, fee, net, imported_by FROM settlement_file"
ROWS = "SELECT line, outcome, amount, kind FROM settlement_row ORDER BY line"
GOOD = """Laporan Settlement QRIS;;;;
Tanggal Transaksi;RRN;Nominal;MDR;Net
20/11/2026 10:00;111;Rp 25.000;175;24.825
20/11/2026 11:00;112;(5.000);0;(5.000)
20/11/2026 12:00;111;Rp 25.000;175;24.825
Total;;45.000;350;44.650
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settlement.csv"
    path.write_text(GOOD)
    return path


def test_a_file_is_imported_once(machine: Machine, file: Path) -> None:
    said = machine.done("settlement", "import", str(file), "--provider", "bank")
    assert said.startswith("3 rows from 2026-11-20 to 2026-11-20: 0 matched, 0 only ours, 1 only theirs")
    assert "1 refunds, 1 repeated; 1 lines left out." in said
    assert "Gross 20000, fee 175, net 19825." in said
    assert machine.look(FILES) == [("settlement.csv", "bank", 3, 20_000, 175, 19_825, "Karya POS")]
    assert machine.look(ROWS)[1] == (4, "refund", 5_000, "refund")
    again = machine.refused("settlement", "import", str(file), "--provider", "generic")
    assert "settlement.csv" in again
    assert "sudah diimpor" in again
    assert len(machine.look(FILES)) == 1
    assert machine.pos("verify").code == 0


def test_a_dry_run_says_the_same_and_changes_nothing(machine: Machine, file: Path) -> None:
    answer = json.loads(
        machine.done("settlement", "import", str(file), "--provider", "bank", "--dry-run", "--json")
    )
    assert (answer["id"], answer["rows"], answer["gross"], answer["net"]) == (None, 3, 20_000, 19_825)
    assert answer["theirs"] == {"count": 1, "gross": 25_000, "fee": 175, "net": 24_825}
    assert machine.look(FILES) == []
    done = json.loads(machine.done("settlement", "import", str(file), "--provider", "bank", "--json"))
    assert done | {"id": None} == answer
    assert done["id"] is not None


def test_lines_that_cannot_be_read_are_named_and_keep_the_file_out(machine: Machine, file: Path) -> None:
    file.write_text(GOOD.replace("Rp 25.000", "dua lima").replace("20/11/2026 11:00", "kemarin"))
    ended = machine.pos("settlement", "import", str(file), "--provider", "bank")
    assert ended.code == 1
    assert [one.partition(": ")[0] for one in ended.out.splitlines()] == [
        "Baris 3, Nominal",
        "Baris 4, Tanggal Transaksi",
        "Baris 5, Nominal",
    ]
    assert "3 errors in 3 lines" in ended.err
    ended = machine.pos("settlement", "import", str(file), "--provider", "bank", "--json")
    assert [one["line"] for one in json.loads(ended.out)["errors"]] == [3, 4, 5]
    assert machine.look(FILES) == []


def test_a_file_that_is_none_is_refused_in_one_line(machine: Machine, file: Path) -> None:
    file.write_bytes(b"%PDF-1.7")
    assert "CSV" in machine.refused("settlement", "import", str(file), "--provider", "bank")
    assert machine.pos("settlement", "import", str(file)).code == 2


def test_the_zone_decides_what_day_and_time_a_row_is_of(machine: Machine, file: Path) -> None:
    file.write_text("Tanggal;Nominal\n20/11/2026 00:30;1000\n")
    machine.done("settlement", "import", str(file), "--provider", "bank", "--zone", "wita")
    ((day, at),) = machine.look("SELECT day, at FROM settlement_row")
    assert str(day) == "2026-11-20"
    assert str(at).startswith("2026-11-19 16:30")


def test_thousands_of_rows_come_in_at_once(machine: Machine, file: Path) -> None:
    rows = [f"20/11/2026 10:{n % 60:02d};{900_000 + n};{n % 50 + 1}000;7;" for n in range(5_000)]
    file.write_text("\n".join(["Tanggal;RRN;Nominal;MDR;Ket", *rows]))
    assert machine.done("settlement", "import", str(file), "--provider", "bank").startswith("5000 rows")
    assert machine.look("SELECT count(*) FROM settlement_row") == [(5_000,)]
    assert machine.pos("verify").code == 0
