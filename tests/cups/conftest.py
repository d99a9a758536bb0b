"""A scheduler of our own on a socket of our own; the machine's CUPS, if it has one, is left alone."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# Each is the way to one kind of printer, as CUPS starts it: with a file or its input, and an address.
BACKENDS = {
    "good": 'cat "${6:--}" >> "${DEVICE_URI#good:}"',
    "slow": 'sleep 1; cat "${6:--}" >> "${DEVICE_URI#slow:}"',
    "half": 'head -c 100 "${6:--}" >> "${DEVICE_URI#half:}"; exec sleep 60',
    "broken": "exit 1",
}
SETTINGS = """
Listen {folder}/cups.sock
Browsing Off
WebInterface No
DefaultAuthType None
JobRetryInterval 1
<Location />
  Order allow,deny
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
FILES = """
ServerRoot {folder}
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/temporary
ServerBin {folder}/bin
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
"""
BINARIES = Path("/usr/lib/cups")


class Cups:
    """The scheduler and its queues."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "CUPS_SERVER": str(folder / "cups.sock"), "LC_ALL": "C"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the scheduler and waits until it serves."""
        for name in ("spool", "cache", "state", "temporary", "bin/backend"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        if not (self.folder / "bin/daemon").exists():
            (self.folder / "bin/daemon").symlink_to(BINARIES / "daemon")
        for name, script in BACKENDS.items():
            backend = self.folder / "bin/backend" / name
            backend.write_text(f"#!/bin/sh\n[ $# -eq 0 ] && exit 0\n{script}\n", encoding="utf-8")
            backend.chmod(0o700)  # for CUPS: to be run as the user that it runs as
        for name, text in (("cupsd.conf", SETTINGS), ("cups-files.conf", FILES)):
            (self.folder / name).write_text(text.format(folder=self.folder), encoding="utf-8")
        program = shutil.which("cupsd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert program, "CUPS is missing: sh tests/support/debian.sh installs it"
        self.process = subprocess.Popen(
            [program, "-f", "-c", self.folder / "cupsd.conf", "-s", self.folder / "cups-files.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 20
        while "is running" not in self.run("lpstat", "-r") and time.monotonic() < until:
            time.sleep(0.05)

    def stop(self) -> None:
        """Stops the scheduler."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def run(self, *command: str) -> str:
        """What a command of CUPS says."""
        path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
        program = shutil.which(command[0], path=path) or command[0]
        ended = subprocess.run(
            [program, *command[1:]], capture_output=True, text=True, env=self.environment, check=False
        )
        return ended.stdout

    def queue(self, name: str, backend: str) -> Path:
        """Makes a queue; returns the file that stands for its paper."""
        paper = self.folder / f"{name}.paper"
        self.run("lpadmin", "-p", name, "-v", f"{backend}:{paper}", "-E")
        return paper

    def waiting(self, name: str) -> str:
        """The jobs that have not left a queue."""
        return self.run("lpstat", "-W", "not-completed", "-o", name)


@pytest.fixture(scope="session")
def scheduler() -> Iterator[Cups]:
    # A socket's name is short, and so must its folder's be.
    folder = Path(tempfile.mkdtemp(prefix="cups-", dir="/tmp"))
    cups = Cups(folder)
    cups.start()
    yield cups
    cups.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cups(scheduler: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    """The scheduler, and the till finds it."""
    monkeypatch.setenv("CUPS_SERVER", scheduler.environment["CUPS_SERVER"])
    if scheduler.process is None:
        scheduler.start()
    return scheduler
