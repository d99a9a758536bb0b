"""What the payment companies of the tests share: a socket, and faults that wait for their turn."""

import http.server
import threading
from types import TracebackType
from typing import Self

from tests.fake_snap_http import Server


class Company:
    """A server on a free port of this machine; `handler` is made for it and finds it under `name`."""

    def __init__(self, handler: type[http.server.BaseHTTPRequestHandler], name: str) -> None:
        self._faults: dict[str, list[str]] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._server = Server(("127.0.0.1", 0), type("Handler", (handler,), {name: self}))
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening: from now on connections are refused."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> bool:
        """Wait; true when the server is closing."""
        return self._closing.wait(seconds)

    def fail(self, action: str, fault: str, times: int = 1) -> None:
        """Let the next requests of an action go wrong."""
        with self._lock:
            self._faults.setdefault(action, []).extend([fault] * times)

    def heal(self) -> None:
        """Forget the faults that have not happened."""
        with self._lock:
            self._faults.clear()

    def fault_of(self, action: str) -> str:
        """The fault of this request, empty when it goes well."""
        with self._lock:
            waiting = self._faults.get(action)
            return waiting.pop(0) if waiting else ""
