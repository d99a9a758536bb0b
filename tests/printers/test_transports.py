import os
import threading
import time
from pathlib import Path

import pytest

from printers.config import PrinterConfig
from printers.delivery import deliver, query
from printers.status import PrinterStatus
from printers.transports import connect
from printers.transports.file import FileTransport
from printers.transports.memory import MemoryTransport


def to_file(path: Path, payload: bytes = b"receipt\n", timeout: float = 0.3) -> tuple[str, str, int]:
    ended = deliver(FileTransport(str(path), timeout), payload, timeout=timeout)
    return ended.outcome, ended.reason, ended.bytes_written


def test_a_file_collects_receipts_and_is_never_emptied(tmp_path: Path) -> None:
    path = tmp_path / "receipts.bin"
    path.write_bytes(b"before\n")
    assert to_file(path) == ("printed", "", 8)
    assert to_file(path, b"second\n") == ("printed", "", 7)
    assert path.read_bytes() == b"before\nreceipt\nsecond\n"


def test_a_file_is_made_where_there_was_none(tmp_path: Path) -> None:
    assert to_file(tmp_path / "new.bin")[0] == "printed"
    assert (tmp_path / "new.bin").read_bytes() == b"receipt\n"


def test_a_path_that_cannot_be_written_is_sent_nothing(tmp_path: Path) -> None:
    assert to_file(tmp_path / "no" / "folder") == ("not_sent", "unreachable", 0)
    assert to_file(tmp_path) == ("not_sent", "unreachable", 0)
    assert to_file(Path()) == ("not_sent", "unreachable", 0)


def test_an_unplugged_device_is_not_replaced_by_a_plain_file() -> None:
    path = Path("/dev/no-such-printer")
    assert to_file(path) == ("not_sent", "unreachable", 0)
    assert not path.exists()


def test_a_device_that_takes_nothing_is_sent_nothing() -> None:
    assert to_file(Path("/dev/full")) == ("not_sent", "broken", 0)


def test_a_pipe_nobody_reads_costs_no_more_than_the_timeout(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    began = time.monotonic()
    assert to_file(path) == ("not_sent", "unreachable", 0)
    assert time.monotonic() - began < 1.0


def test_a_pipe_whose_reader_stops_leaves_the_job_unknown(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    outcome, reason, written = to_file(path, b"x" * 1_000_000)
    os.close(reader)
    assert (outcome, reason) == ("unknown", "stalled")
    assert 0 < written < 1_000_000


def test_a_pipe_whose_reader_goes_leaves_the_job_unknown(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    leaving = threading.Timer(0.15, os.close, (reader,))
    leaving.start()
    outcome, reason, _ = to_file(path, b"x" * 1_000_000, timeout=2.0)
    leaving.join()
    assert (outcome, reason) == ("unknown", "broken")


def test_a_device_that_appears_in_time_is_used(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got: list[bytes] = []

    def read_later() -> None:
        time.sleep(0.2)
        with path.open("rb") as pipe:
            got.append(pipe.read())

    reader = threading.Thread(target=read_later)
    reader.start()
    assert to_file(path, timeout=3.0) == ("printed", "", 8)
    reader.join()
    assert got == [b"receipt\n"]


def test_memory_keeps_what_each_printer_printed() -> None:
    MemoryTransport.printed.clear()
    settings = PrinterConfig("dapur", connection="memory")
    ended = deliver(connect(settings), b"one\n", timeout=1.0)
    deliver(connect(settings), b"two\n", timeout=1.0)
    deliver(connect(PrinterConfig("kasir", connection="memory")), b"three\n", timeout=1.0)
    assert (ended.outcome, ended.confirmed) == ("printed", False)
    assert MemoryTransport.printed == {"dapur": b"one\ntwo\n", "kasir": b"three\n"}
    assert query(settings).words == "cannot say how it is"


@pytest.mark.parametrize(("paper", "outcome"), [("ok", "printed"), ("out", "not_sent")])
def test_memory_can_be_given_a_status(paper: str, outcome: str) -> None:
    MemoryTransport.statuses["status"] = PrinterStatus(answered=True, online=True, paper=paper)  # type: ignore[arg-type]
    ended = deliver(connect(PrinterConfig("status", connection="memory")), b"one\n", timeout=1.0)
    del MemoryTransport.statuses["status"]
    assert (ended.outcome, ended.confirmed) == (outcome, outcome == "printed")


def test_every_connection_of_the_settings_has_its_transport(tmp_path: Path) -> None:
    for connection in ("network", "file", "memory"):
        made = connect(PrinterConfig("a", connection=connection, path=str(tmp_path / "a")))  # type: ignore[arg-type]
        assert made.bytes_written == 0
        assert not made.is_open
        made.close()
        with pytest.raises(OSError, match="not open"):
            made.write(b"a")


def test_the_drawer_hangs_on_the_first_register_unless_the_settings_say_otherwise() -> None:
    assert PrinterConfig("a", registers=("K1", "K2")).drawer_register == "K1"
    assert PrinterConfig("a", registers=("K1", "K2"), drawer="K2").drawer_register == "K2"
    assert PrinterConfig("a", registers=("K1",), drawer="").drawer_register == ""
    assert PrinterConfig("a").drawer_register == ""
