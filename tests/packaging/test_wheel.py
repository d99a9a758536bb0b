"""The wheel, installed where nothing of the checkout is in reach, is a whole shop."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.packaging


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that has the wheel and the locked packages, and the empty folder its commands run in."""

    python: Path
    package: Path
    elsewhere: Path

    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.python.parent}:/usr/bin:/bin",
            "HOME": str(self.elsewhere),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            cwd=self.elsewhere,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def files(self) -> dict[str, int]:
        """Each file of the installed package and when it was last written."""
        return {
            str(path.relative_to(self.package)): path.stat().st_mtime_ns
            for path in self.package.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the source archive, the wheel out of it, and install that beside the packages we already have."""
    room = tmp_path_factory.mktemp("wheel")
    build("-m", "hatchling", "build", "-t", "sdist", "-d", str(room / "sdist"))
    (archive,) = (room / "sdist").glob("*.tar.gz")
    shutil.unpack_archive(archive, room / "source")
    (source,) = (room / "source").iterdir()
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet")
    build(*pip, "wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", str(room), str(source))
    (wheel,) = room.glob("*.whl")

    environment = room / "environment"
    build("-m", "venv", "--without-pip", str(environment))
    python = environment / "bin" / "python"
    build(*pip, "--python", str(python), "install", "--no-index", "--no-deps", str(wheel))
    (site,) = environment.glob("lib/python3*/site-packages")
    # The locked packages come from the environment that runs the tests. A .pth in a folder that a .pth names
    # is not read, so the editable install of the checkout over there stays out of reach.
    (site / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    elsewhere = room / "elsewhere"
    elsewhere.mkdir()
    return Installed(python, site / "pos", elsewhere)


def build(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int

    def get(self, path: str) -> tuple[int, str, str]:
        """Fetch one address: status, content type, body."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()


@pytest.fixture(scope="module")
def server(installed: Installed) -> Iterator[Server]:
    """The demo shop, made and served by the installed command."""
    installed.run("pos", "init", "--demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (installed.elsewhere / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [installed.python.parent / "pos", "serve", "--port", str(port)],
            cwd=installed.elsewhere,
            env=installed.environment(),
            stdout=log,
            stderr=log,
        )
    try:
        running = Server(process, port)
        wait_until_ready(running, installed.elsewhere / "serve.log")
        yield running
    finally:
        process.kill()
        process.wait()


def wait_until_ready(server: Server, log: Path) -> None:
    deadline = time.monotonic() + 30
    while not answers(server):
        assert server.process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, f"not ready in time:\n{log.read_text()}"
        time.sleep(0.1)


def answers(server: Server) -> bool:
    try:
        return server.get("/readyz")[0] == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def test_the_program_is_the_installed_one(installed: Installed) -> None:
    where = installed.run(
        str(installed.python), "-c", "import pos, printers; print(pos.__file__, printers.__file__)"
    )
    assert str(CHECKOUT) not in where
    assert all(path.startswith(str(installed.package.parent)) for path in where.split())


def test_what_only_a_checkout_needs_is_left_out(installed: Installed) -> None:
    names = set(installed.files())
    assert "_config/default.toml" in names
    assert not [
        name for name in names if name.startswith(("_config/lock", "_config/package")) or name.endswith(".po")
    ]


def test_the_commands_know_what_they_do(installed: Installed) -> None:
    assert "serve" in installed.run("pos", "--help")


def test_the_installed_shop_is_ready(server: Server) -> None:
    assert server.get("/readyz")[0] == 200


def test_the_installed_shop_shows_its_first_page_in_indonesian(server: Server) -> None:
    status, kind, page = server.get("/")
    assert (status, kind) == (200, "text/html")
    assert '<html lang="id"' in page


def test_every_file_that_the_first_page_asks_for_is_served(server: Server) -> None:
    _status, _kind, page = server.get("/")
    paths = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert any(path.endswith(".css") for path in paths)
    assert {path: server.get(path)[0] for path in paths if not path.endswith(".woff2")} == {
        path: 200 for path in paths if not path.endswith(".woff2")
    }


def test_selling_writes_nothing_beside_the_program(installed: Installed, server: Server) -> None:
    before = installed.files()
    server.get("/")
    installed.run("pos", "verify")
    assert installed.files() == before


@pytest.mark.usefixtures("server")
def test_the_shop_lies_in_the_folder_the_command_ran_in(installed: Installed) -> None:
    assert (installed.elsewhere / "instance" / "pos.db").is_file()


def test_a_stopped_server_ends_well(installed: Installed, server: Server) -> None:
    os.kill(server.process.pid, signal.SIGTERM)
    assert server.process.wait(timeout=20) == 0, (installed.elsewhere / "serve.log").read_text()


def test_the_installed_command_measures_itself_and_leaves_nothing(installed: Installed) -> None:
    folder = installed.elsewhere / "disk"
    folder.mkdir()
    said = installed.run(
        "pos", "bench", "--clients", "1", "--seconds", "0.3", "--folder", str(folder), "--json"
    )
    found = json.loads(said)["clients_1"]
    assert found["errors"] == 0
    assert min(found[side]["sales_a_second"] for side in ("http", "bare")) > 0
    assert list(folder.iterdir()) == []
