"""The slow disk is there for whatever is started on it."""

from pathlib import Path

from tests.bench.slow_sync import run

LOOK = """
import os, pathlib, sys
assert "slow_sync" in pathlib.Path("/proc/self/maps").read_text()
file = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
os.write(file, b"sold")
os.fsync(file)
os.fdatasync(file)
sys.exit(7)
"""


def test_syncs_go_through_the_shim_and_reach_the_disk(tmp_path: Path) -> None:
    assert run(0.5, ["-c", LOOK, str(tmp_path / "file")]) == 7
    assert (tmp_path / "file").read_bytes() == b"sold"
