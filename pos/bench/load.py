"""Tills that sell over HTTP: one thread, one kept connection a till, one request of each in flight.

A loop over sockets and not a thread a till, so that the load leaves the two cores of a till PC to the server.
"""

import json
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from pos.bench.shops import Register


@dataclass(slots=True)
class Sold:
    """What one round of selling gave. Times are in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    per_client: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Till:
    """One client: sends a sale, waits for the whole answer, sends the next."""

    def __init__(self, register: Register, port: int) -> None:
        self.register = register
        self.sold = 0
        self._head = (
            f"POST /api/v1/sales HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {register.token}\r\nContent-Type: application/json\r\n"
            "Accept-Encoding: gzip\r\nAccept-Language: id\r\nContent-Length: "
        ).encode()
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answer = b""
        self._sent_at = 0.0

    def send(self) -> None:
        """Send one sale."""
        body = json.dumps(self.register.sale(), separators=(",", ":")).encode()
        self._answer = b""
        self._sent_at = time.perf_counter()
        self.link.sendall(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))

    def receive(self) -> tuple[float, str] | None:
        """Take what came; at the end of the answer return its time and, unless it is 201, what it said."""
        part = self.link.recv(65_536)
        if not part:
            raise ConnectionError("the server closed the connection")
        self._answer += part
        at = self._answer.find(b"\r\n\r\n")
        if at < 0:
            return None
        head = self._answer[:at].lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(self._answer) < at + 4 + length:
            return None
        took = time.perf_counter() - self._sent_at
        return took, "" if head.startswith(b"http/1.1 201 ") else self._answer.decode("utf-8", "replace")


def sell(registers: Sequence[Register], port: int, seconds: float, *, at_most: int | None = None) -> Sold:
    """Sell at every register for `seconds`, or until `at_most` sales are made."""
    tills = [Till(register, port) for register in registers]
    chosen = selectors.DefaultSelector()
    found = Sold()
    for till in tills:
        chosen.register(till.link, selectors.EVENT_READ, till)
    began = time.perf_counter()
    ends = began + seconds
    started = len(tills)
    for till in tills:
        till.send()
    open_requests = len(tills)
    while open_requests:
        ready = chosen.select(30)
        if not ready:
            raise TimeoutError("no answer within 30 seconds")
        for key, _ in ready:
            till = key.data
            answered = till.receive()
            if answered is None:
                continue
            open_requests -= 1
            took, wrong = answered
            if wrong:
                found.errors.append(wrong)
            else:
                found.times.append(took)
                till.sold += 1
            if time.perf_counter() < ends and (at_most is None or started < at_most):
                till.send()
                started += 1
                open_requests += 1
    found.seconds = time.perf_counter() - began
    found.per_client = [till.sold for till in tills]
    for till in tills:
        till.link.close()
    chosen.close()
    return found
