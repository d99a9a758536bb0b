"""A real `pos serve` in a process of its own, that can be killed, starved and started again."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.server import create_server

from tests.factories import Answer, Goods, cart, new_id
from tests.support.command import Ended, run_forked
from tests.support.program import Program


class Served:
    """A demo shop behind a port."""

    def __init__(self, folder: Path, url: str, tokens: Mapping[str, str], config: str = "") -> None:
        self.folder, self.tokens = folder, tokens
        self.env = {**os.environ, "POS_DATA_DIR": str(folder), "POS_DATABASE_URL": url}
        if config:
            (folder / "pos.toml").write_text(config, encoding="utf-8")
            self.env["POS_CONFIG"] = str(folder / "pos.toml")
        self.log = folder / "server.log"
        self.port = 0
        self.process: Program | None = None

    def start(self, limits: Mapping[int, int] | None = None) -> None:
        """Serve; the port stays the same over all starts."""
        self.process = Program(
            ("serve", "--port", str(self.port)), self.env, self.folder / "server.out", self.log, limits
        )
        self.port = self.process.port()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the server by a signal; give its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(how)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end of the server."""
        assert self.process is not None
        status = self.process.wait(timeout=40)
        self.process = None
        return status

    def run(self, *arguments: str) -> Ended:
        """Run a command beside the server."""
        return run_forked(self.env, *arguments)

    def send(
        self, method: str, path: str, body: Any = None, *, who: str = "manager", within: float = 30
    ) -> Answer:
        """One request on a connection of its own. Raises OSError or HTTPException when it breaks."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=within)
        full = path if path.startswith(("/healthz", "/readyz", "/metrics")) else f"/api/v1{path}"
        headers = {"Authorization": f"Bearer {self.tokens.get(who, who)}", "Accept-Language": "en"}
        with contextlib.closing(link):
            link.request(method, full, None if body is None else json.dumps(body), headers)
            answer = link.getresponse()
            data = answer.read()
        kind = answer.headers.get_content_type()
        return Answer(
            answer.status, json.loads(data) if kind.endswith("json") else None, dict(answer.headers), data
        )

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None, *, who: str = "manager") -> Answer:
        return self.send("POST", path, {} if body is None else body, who=who)

    def open(self, register: str = "K1", cash: int = 100_000) -> str:
        answer = self.post("/shifts", {"id": new_id(), "register": register, "float": cash})
        assert answer.status == 201, answer.body
        return str(answer["id"])

    def sell(self, goods: Goods, **how: Any) -> Answer:
        answer = self.post("/sales", cart(goods, **how))
        assert answer.status in (201, 202), answer.body
        return answer

    def adjust(self, sku: str, change: int) -> None:
        lot = next(i for i in self.get("/stock")["items"] if i["sku"] == sku)["lots"][0]["lot"]
        line = {"sku": sku, "quantity": change, "lot": lot}
        body = {"id": new_id(), "location": "GUDANG", "reason": "count", "lines": [line]}
        assert self.post("/stock/adjustments", body).status == 201

    def on_hand(self, sku: str) -> int:
        return int(next(i for i in self.get("/stock")["items"] if i["sku"] == sku)["on_hand"])

    def sales(self) -> list[dict[str, Any]]:
        """Every sale, oldest first."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(f"/sales?limit=500{cursor}")
            found += page["items"]
            if page["cursor"] is None:
                return found[::-1]
            cursor = f"&cursor={page['cursor']}"

    def jobs(self, sale: str = "", kind: str = "") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get("/print-jobs?limit=500" + (f"&sale={sale}" if sale else ""))[
            "items"
        ]
        return [item for item in items if not kind or item["kind"] == kind]

    def verify(self) -> None:
        """`pos verify` finds nothing."""
        told = self.run("verify")
        assert told.code == 0, told.out + told.err


class Hosted(Served):
    """The same shop behind the same server, in a thread of the tests: it starts at once, never killed."""

    def __init__(self, app: Flask, tokens: Mapping[str, str]) -> None:
        super().__init__(Path(), "", tokens)
        self.app = app
        self.server: Any = None

    def start(self, limits: Mapping[int, int] | None = None) -> None:
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=8)
        self.port = self.server.effective_port
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def _loop(self) -> None:
        """Serve until it is over; Waitress's own loop would look at sockets that are closed meanwhile."""
        while not self.over.is_set():
            self.server.asyncore.loop(timeout=0.05, map=self.server._map, count=1)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.over.set()
        self.thread.join()
        self.server.task_dispatcher.shutdown(cancel_pending=False)
        self.server.close()
        return 0

    def verify(self) -> None:
        from pos.operations.verify import verify

        with self.app.app_context():
            assert verify().problems == []


def wait_for(what: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Ask until the answer is true; give it. Fails after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"still not after {seconds} seconds: {what}")
