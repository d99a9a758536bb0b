"""A throw-away PostgreSQL for one run of the tests: initdb, a free loopback port, gone at the end."""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

USER = "pos"

# A test's data need not survive a power cut, so nothing waits for the disk: a suite takes seconds instead
# of minutes. What PostgreSQL does with locks, isolation and constraints is the same with fsync off.
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; `url` names a database in it the way a setting would."""

    port: int
    password: str

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement outside any transaction, as creating a database demands."""
        with self.connect() as connection:
            connection.execute(statement)

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database as a copy of another and return its address."""
        self.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, cutting off whoever a failed test left connected."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def is_up(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        )


def binaries() -> Path:
    """The folder with initdb and postgres. Debian keeps one a version, off the path; 15 is what shops run."""
    debian = Path("/usr/lib/postgresql")
    found = sorted(debian.glob("*/bin/initdb"), key=lambda path: (path.parts[-3] == "15", path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


@contextmanager
def running_cluster(settings: Mapping[str, str] = SPEED, parent: str | None = None) -> Iterator[Cluster]:
    """Start a server in a folder of its own, stop it by its own pid and remove the folder."""
    home = Path(tempfile.mkdtemp(prefix="karya-postgres-", dir=parent))
    try:
        become = owner()
        if become:
            os.chown(home, become["user"], become["group"])
        cluster = Cluster(port=free_port(), password=secrets.token_urlsafe(24))
        init_folder(home, cluster, become)
        process = start(home, cluster, become, settings)
        try:
            wait_until_up(process, cluster, home / "log")
            yield cluster
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def owner() -> dict[str, int]:
    """Whom to become: initdb and postgres refuse root, and Debian's package makes the user postgres."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def init_folder(home: Path, cluster: Cluster, become: dict[str, int]) -> None:
    password_file = home / "password"
    password_file.write_text(cluster.password)
    if become:
        os.chown(password_file, become["user"], become["group"])
    password_file.chmod(0o600)
    subprocess.run(
        [
            binaries() / "initdb",
            f"--pgdata={home / 'data'}",
            f"--username={USER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=home,
        extra_groups=[] if become else None,
        **become,
    )


def start(
    home: Path, cluster: Cluster, become: dict[str, int], more: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    settings = {
        **more,
        "listen_addresses": "127.0.0.1",
        "port": str(cluster.port),
        "unix_socket_directories": "",
        "max_connections": "150",
        "track_commit_timestamp": "on",  # tests/invariants/crowd reads entries in the order of their commits
        "log_min_messages": "warning",
    }
    command = [str(binaries() / "postgres"), "-D", str(home / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            # A killed run must not leave a server behind; the one call it makes is safe beside threads.
            preexec_fn=_die_with_the_tests,  # noqa: PLW1509
            extra_groups=[] if become else None,
            **become,
        )


def _die_with_the_tests() -> None:
    """Ask Linux to stop the server even when the tests are killed and cannot (PR_SET_PDEATHSIG is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def wait_until_up(process: subprocess.Popen[bytes], cluster: Cluster, log: Path) -> None:
    deadline = time.monotonic() + 60
    while not cluster.is_up():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)
