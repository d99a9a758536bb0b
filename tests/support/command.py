"""The `pos` command, in this process or, where it matters, in one of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from tests.support.program import Program

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def settings_only(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of whoever runs the tests, with these instead."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POS_")}
    return {**kept, **environment}


def run_here(environment: Mapping[str, str], *arguments: str) -> Ended:
    """Run a command in this process; as quick as a call."""
    from pos.cli import main

    cleared: dict[str, str | None] = {name: None for name in os.environ if name.startswith("POS_")}
    result = CliRunner().invoke(main, arguments, env={**cleared, **environment})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def run_forked(environment: Mapping[str, str], *arguments: str) -> Ended:
    """Run a command beside a server, in a process of its own that has imported the program already."""
    with tempfile.TemporaryDirectory(prefix="karya-command-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        code = Program(arguments, settings_only(environment), out, err).wait(120)
        return Ended(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def run_apart(environment: Mapping[str, str], *arguments: str) -> Ended:
    """Run a command as a person does, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "pos.cli", *arguments],
        cwd=CHECKOUT,
        env=settings_only(environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
