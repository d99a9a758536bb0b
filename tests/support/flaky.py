"""A way to a server that behaves like a bad network: it delays, resets, or loses an answer after the act."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["lost", "reset", "cut"]
"""lost: the server does it, the answer never comes; reset: the server hears nothing; cut: half the answer."""

PATIENCE = 20.0


@dataclass
class Seen:
    """A request that was meddled with."""

    line: str
    fault: Fault
    body: bytes


@dataclass
class FlakyWay:
    """A port that leads to another one, request by request; each connection carries one."""

    target: int
    delay: float = 0.0
    """Seconds that each answer is late."""
    plan: list[tuple[str, Fault]] = field(default_factory=list)
    """What happens to the next requests whose first line holds this text, in this order."""
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def spoil(self, text: str, *faults: Fault) -> None:
        """Have the next requests of this kind go wrong."""
        with self._turn:
            self.plan += [(text, fault) for fault in faults]

    def close(self) -> None:
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(PATIENCE)
        with contextlib.suppress(OSError), client:
            request = _message(client)
            if not request:
                return
            line = request.partition(b"\r\n")[0].decode("latin-1")
            fault = self._fault(line, request)
            if fault == "reset":
                _reset(client)
                return
            answer = self._ask(request)
            if self.delay:
                time.sleep(self.delay)
            if fault == "lost":
                _reset(client)
            else:
                client.sendall(answer[: len(answer) // 2] if fault == "cut" else answer)

    def _fault(self, line: str, request: bytes) -> Fault | None:
        with self._turn:
            for number, (text, fault) in enumerate(self.plan):
                if text in line:
                    del self.plan[number]
                    self.seen.append(Seen(line, fault, request.partition(b"\r\n\r\n")[2]))
                    return fault
        return None

    def _ask(self, request: bytes) -> bytes:
        """Hand it on over a connection of its own, which ends with the answer."""
        head, _, body = request.partition(b"\r\n\r\n")
        head = re.sub(rb"(?im)^connection:[^\r]*\r\n", b"", head) + b"\r\nConnection: close"
        with socket.create_connection(("127.0.0.1", self.target), timeout=PATIENCE) as server:
            server.sendall(head + b"\r\n\r\n" + body)
            parts = []
            while part := server.recv(65_536):
                parts.append(part)
        return b"".join(parts)


def _message(client: socket.socket) -> bytes:
    """Read one whole request; browsers say how long its body is."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65_536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    while length and len(body) < int(length[1]):
        body += client.recv(65_536)
    return head + b"\r\n\r\n" + body


def _reset(client: socket.socket) -> None:
    """End the connection as a broken line does."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


@contextmanager
def flaky_way_to(port: int) -> Iterator[FlakyWay]:
    """A way to this port of this machine."""
    way = FlakyWay(port)
    try:
        yield way
    finally:
        way.close()
