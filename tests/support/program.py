"""The `pos` program in a process of its own, ready in a tenth of a second.

Most of a start is Python importing the program, so processes are forked from one that has imported it. What
runs is the same command with arguments, environment and files of its own; it can be killed like any other.
`tests/packaging` and the commands' tests start it the long way.
"""

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.support.program_imports"])


class NotStarted(AssertionError):
    """The program ended, or stayed silent, before it said what was waited for."""


@dataclass(frozen=True, slots=True)
class _Start:
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    out: Path
    err: Path
    limits: Mapping[int, int] = field(default_factory=dict)


class Program:
    """A running `pos` command. `out` and `err` are files that it appends to."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        out: Path,
        err: Path,
        limits: Mapping[int, int] | None = None,
    ) -> None:
        """Start it.

        `limits` are resource limits by their RLIMIT number, set before its first line runs.
        """
        self.out, self.err = out, err
        out.touch()
        self._from = out.stat().st_size
        start = _Start(arguments, dict(environment), out, err, dict(limits or {}))
        self._process = _nursery.Process(target=_run, args=(start,), daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit status; minus the signal's number when one ended it; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, how: signal.Signals | int) -> None:
        os.kill(self.pid, how)

    def wait(self, timeout: float) -> int:
        """Wait for its end; give its exit status."""
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise TimeoutError(f"pos runs on after {timeout} seconds")
        self._process.close()
        return status

    def said(self) -> str:
        """What it wrote to its standard output so far."""
        with self.out.open("rb") as file:
            file.seek(self._from)
            return file.read().decode()

    def line_with(self, words: str, within: float = 60) -> str:
        """Wait until it says a whole line with these words; give the line."""
        until = time.monotonic() + within
        while True:
            ended = self.poll() is not None
            for line in self.said().splitlines(keepends=True):
                if words in line and line.endswith("\n"):
                    return line.strip()
            if ended or time.monotonic() > until:
                told = self.err.read_text(encoding="utf-8", errors="replace")[-2_000:]
                raise NotStarted(f"pos never said {words!r}: {self.said()}{told}")
            time.sleep(0.005)

    def port(self) -> int:
        """Wait until it serves; give its port."""
        return int(self.line_with("Karya POS serves http://").rsplit(":", 1)[1].strip("/"))


def _run(start: _Start) -> None:
    """Become the command: what a shell does between fork and exec, then its first line."""
    for path, number in ((start.out, 1), (start.err, 2)):
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    for limit, most in start.limits.items():
        resource.setrlimit(limit, (most, most))
    os.environ.clear()
    os.environ.update(start.environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["pos", *start.arguments]

    from pos.cli import main

    main(prog_name="pos")
