"""A client of the crowd: asks over a kept connection, writes down what it was told, and asks again with the
same id until it knows."""

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence

from tests.invariants.crowd.record import Attempt, Body, Call, Recorder

TIMEOUT = 20.0
"""Seconds after which a call hangs."""
PATIENCE = 60.0
"""Seconds a client goes on asking before it leaves a question for the end."""


class Client:
    """One till or keeper with its own token, at one server after the other."""

    def __init__(
        self,
        name: str,
        token: str,
        ports: Sequence[int],
        recorder: Recorder,
        over: threading.Event,
        seed: str,
    ) -> None:
        self.name, self.recorder, self.over = name, recorder, over
        self.chance = random.Random(f"{seed}/{name}")
        self._ports = list(ports)
        self._at = self.chance.randrange(len(ports))
        self._link: http.client.HTTPConnection | None = None
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    def ask(self, kind: str, method: str, path: str, body: Body | None = None, *, at: str = "") -> Call:
        """Ask until there is an answer. Now and then it leaves a doubt for the end, as customers leave."""
        call = self.recorder.begin(self.name, kind, method, path, body or {}, at)
        self.try_once(call)
        until = time.monotonic() + PATIENCE
        leaves = self.chance.random() < 0.3
        while call.last.is_doubtful and not leaves and time.monotonic() < until and not self.over.is_set():
            time.sleep(self.chance.uniform(0.02, 0.2))
            self.try_once(call)
        return call

    def try_once(self, call: Call) -> Attempt:
        """Send it once more, with the same id and body."""
        start = self.recorder.started(call)
        try:
            status, body, trouble = *self._send(call), ""
        except (OSError, http.client.HTTPException, ValueError) as error:
            status, body, trouble = 0, None, type(error).__name__
            self._move_on()
        attempt = Attempt(start, time.monotonic(), status, body, trouble, self._ports[self._at])
        self.recorder.ended(call, attempt)
        return attempt

    def read(self, path: str, *, seconds: float = 60.0) -> Body:
        """Read something that is not part of the history, whatever it takes."""
        until = time.monotonic() + seconds
        while True:
            try:
                status, body = self._request("GET", path, None)
            except (OSError, http.client.HTTPException, ValueError):
                self._move_on()
                status, body = 0, {}
            if status and status < 500:
                return {**body, "http": status}
            assert time.monotonic() < until, f"GET {path} was never answered: {status} {body}"
            time.sleep(0.1)

    def pages(self, path: str) -> list[Body]:
        """Read a list to its end."""
        items: list[Body] = []
        cursor = ""
        while True:
            page = self.read(f"{path}limit=500{cursor}")
            items += page["items"]
            if page["cursor"] is None:
                return items
            cursor = "&cursor=" + str(page["cursor"]).replace("+", "%2B")

    def _send(self, call: Call) -> tuple[int, Body]:
        return self._request(call.method, call.path, None if call.method == "GET" else call.body)

    def _request(self, method: str, path: str, body: Body | None) -> tuple[int, Body]:
        if self._link is None:
            self._link = http.client.HTTPConnection("127.0.0.1", self._ports[self._at], timeout=TIMEOUT)
        data = None if body is None else json.dumps(body)
        self._link.request(method, f"/api/v1{path}", data, self._headers)
        answer = self._link.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        """Give the connection up."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def _move_on(self) -> None:
        """Take a new connection, to the next server: a kept one is not used again after trouble."""
        self.close()
        self._at = (self._at + 1) % len(self._ports)
