"""A way to PostgreSQL that breaks like a network: it swallows everything, refuses, or cuts at a commit."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import make_url

Mode = Literal["open", "silent", "refusing"]
Cut = Literal["before", "after"]


@dataclass(eq=False)
class Line:
    """One connection through the way."""

    client: socket.socket
    server: socket.socket | None
    sent: bytes = b""
    """What the client has sent in its present transaction."""
    deaf: bool = False
    """The server's next answer is kept from the client, who is cut off instead."""


@dataclass
class Way:
    """A port that leads to PostgreSQL's own while it is open."""

    address: str
    """The database itself."""
    listener: socket.socket = field(init=False)
    lines: list[Line] = field(default_factory=list)
    mode: Mode = "open"
    cuts: dict[bytes, Cut] = field(default_factory=dict)
    cut: int = 0
    """How many times a connection was cut at its commit."""

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._turn = threading.Lock()
        self.listener = self._listen(0)
        self.target = make_url(self.address).port or 5432
        self.port = int(self.listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address of the database, by this way."""
        return make_url(self.address).set(port=self.port).render_as_string(hide_password=False)

    def swallow(self) -> None:
        """Let nothing through any more, and close nothing: as if a switch had lost its power."""
        self.mode = "silent"

    def refuse(self) -> None:
        """Cut every connection and take none: as if the server were ended."""
        with self._turn:
            self.mode = "refusing"
            self.listener.close()
            for line in list(self.lines):
                self._end(line)

    def open(self) -> None:
        """Lead there again. What was swallowed is lost."""
        with self._turn:
            if self.mode == "refusing":
                self.listener = self._listen(self.port)
            for line in [line for line in self.lines if line.server is None]:
                self._end(line)
            self.mode = "open"

    def cut_commit(self, marker: str, when: Cut) -> None:
        """Cut the connection that has sent `marker` at its commit: before it reaches the server, or after it
        did and before the answer reaches the client."""
        self.cuts[marker.encode()] = when

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.listener.close()
        for line in list(self.lines):
            self._end(line)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=64)
        listener.setblocking(False)
        return listener

    def _run(self) -> None:
        while not self._over.is_set():
            with selectors.DefaultSelector() as look:
                with self._turn:
                    if self.mode != "refusing":
                        look.register(self.listener, selectors.EVENT_READ, None)
                    # What is swallowed is not read either: it waits in the sockets, as packets sent again do.
                    for line in self.lines if self.mode == "open" else ():
                        look.register(line.client, selectors.EVENT_READ, (line, True))
                        if line.server is not None:
                            look.register(line.server, selectors.EVENT_READ, (line, False))
                for key, _ in look.select(0.01):
                    with self._turn, contextlib.suppress(OSError):
                        if key.data is None:
                            self._take()
                        elif key.data[0] in self.lines:
                            self._pass(*key.data)

    def _take(self) -> None:
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", self.target)) if self.mode == "open" else None
        for end in (client, server):
            if end is not None:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines.append(Line(client, server))

    def _pass(self, line: Line, to_server: bool) -> None:
        source, target = (line.client, line.server) if to_server else (line.server, line.client)
        assert source is not None
        assert target is not None
        data = b""
        with contextlib.suppress(OSError):
            data = source.recv(65_536)
        if not data or (not to_server and line.deaf):
            self._end(line)
            return
        if to_server:
            line.sent += data
            if b"COMMIT" in data or b"ROLLBACK" in data:
                found = next((marker for marker in self.cuts if marker in line.sent), None)
                line.sent = b""
                if found is not None and b"COMMIT" in data:
                    self.cut += 1
                    if self.cuts.pop(found) == "before":
                        self._end(line)
                        return
                    line.deaf = True
        target.sendall(data)

    def _end(self, line: Line) -> None:
        with contextlib.suppress(ValueError):
            self.lines.remove(line)
        for end in (line.client, line.server):
            if end is not None:
                end.close()


@contextmanager
def way_to(address: str) -> Iterator[Way]:
    """A way to the server of this address."""
    way = Way(address)
    try:
        yield way
    finally:
        way.close()
