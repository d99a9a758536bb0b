"""Two PostgreSQL servers, a primary and its hot standby, made as config/layouts/README.md describes.

Streaming with a replication slot; the standby is a copy made by pg_basebackup. Killing the primary kills
every process of it at once, as a power cut does.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.support.postgres import (
    SPEED,
    USER,
    Cluster,
    binaries,
    free_port,
    init_folder,
    owner,
    start,
    wait_until_up,
)

STANDBY = "siaga"
SLOT = "siaga"
REPLICATED = {
    **SPEED,
    "synchronous_commit": "on",
    "wal_level": "logical",
    "wal_retrieve_retry_interval": "200ms",
}
"""A commit waits for the standby, though for no disk."""


@dataclass
class Node:
    """One server of the pair and its process, None while it is down."""

    home: Path
    cluster: Cluster
    settings: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = start(self.home, self.cluster, owner(), self.settings)
        wait_until_up(self.process, self.cluster, self.home / "log")

    def stop(self) -> None:
        """End it in order; open connections are cut."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def kill(self) -> None:
        """Kill the server and each of its processes at once: nothing is said to anybody."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        # The server first, or it would notice that one of its own was killed and put the others in order.
        self.process.kill()
        for child in children.read_text().split() if children.exists() else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self.process.wait()
        self.process = None

    def ask(self, statement: str, database: str = "postgres") -> Any:
        """Run one statement outside a transaction; give its first value, None without one."""
        with psycopg.connect(**self.address(), dbname=database, autocommit=True) as link:
            answer = link.execute(statement.encode())
            row = answer.fetchone() if answer.description else None
        return row[0] if row else None

    def address(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.cluster.port,
            "user": USER,
            "password": self.cluster.password,
        }


@dataclass
class Pair:
    """A primary and a standby that follows it."""

    primary: Node
    standby: Node

    def url(self, database: str) -> str:
        """The address of both, as a shop's settings name it: whichever accepts writes is used."""
        hosts = "&".join(f"host=127.0.0.1:{node.cluster.port}" for node in (self.primary, self.standby))
        user = f"{USER}:{self.primary.cluster.password}"
        return f"postgresql+psycopg://{user}@/{database}?{hosts}&target_session_attrs=read-write"

    def synchronous(self, on: bool = True) -> None:
        """Let commits of the primary wait for the standby, or no longer."""
        name = STANDBY if on else ""
        self.primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        self.primary.ask("SELECT pg_reload_conf()")
        wanted = "sync" if on else "async"
        until(lambda: self.primary.ask("SELECT sync_state FROM pg_stat_replication") == wanted)

    def waiting_commits(self) -> int:
        """How many commits of the primary wait for the standby."""
        return int(self.primary.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))

    def promote(self) -> None:
        """Make the standby a primary of its own."""
        assert self.standby.ask("SELECT pg_promote()")


@contextmanager
def running_pair(settings: Mapping[str, str] = REPLICATED, parent: str | None = None) -> Iterator[Pair]:
    """Make and start both, end whatever of them still runs and remove their folders."""
    home = Path(tempfile.mkdtemp(prefix="karya-pair-", dir=parent))
    nodes: list[Node] = []
    try:
        become = owner()
        password = secrets.token_urlsafe(24)
        for name in ("utama", STANDBY):
            folder = home / name
            folder.mkdir()
            for path in (home, folder) if become else ():
                os.chown(path, become["user"], become["group"])
            nodes.append(Node(folder, Cluster(free_port(), password), {**settings, "cluster_name": name}))
        primary, standby = nodes
        init_folder(primary.home, primary.cluster, become)
        primary.start()
        _base_backup(primary, standby, become)
        standby.start()
        yield Pair(primary, standby)
    finally:
        for node in reversed(nodes):
            node.stop()
        shutil.rmtree(home, ignore_errors=True)


def _base_backup(primary: Node, standby: Node, become: dict[str, int]) -> None:
    """Copy the primary as a standby that will follow it, by the slot that keeps what it has not had yet."""
    subprocess.run(
        [
            binaries() / "pg_basebackup",
            f"--pgdata={standby.home / 'data'}",
            f"--dbname=host=127.0.0.1 port={primary.cluster.port} user={USER} application_name={STANDBY}",
            "--wal-method=stream",
            "--checkpoint=fast",
            "--create-slot",
            f"--slot={SLOT}",
            "--write-recovery-conf",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=standby.home,
        env={**os.environ, "PGPASSWORD": primary.cluster.password},
        extra_groups=[] if become else None,
        **become,
    )


def until(what: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until the answer is true."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} seconds: {what}")
        time.sleep(0.1)
