"""One small HTTP client for providers: time-outs, an end for every exchange, no redirects and no retries.

A connection serves one exchange. That costs a TLS handshake each time, and in return a failure says for sure
whether the question can have arrived: what fails before the connection stands was never sent.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from pos.clock import monotonic
from pos.payments.base import NotSent, Unreachable
from pos.settings import SettingsError, is_loopback

log = logging.getLogger(__name__)

MAX_ANSWER: int = 256 * 1024
"""The most bytes of an answer that are read."""
_PIECE = 32 * 1024


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back, whatever the status says."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds to wait: for a connection, for the next bytes, and for the exchange as a whole.

    Looking up the name is bounded by the system's resolver alone.
    """

    connect: float = 4.0
    read: float = 12.0
    total: float = 15.0


class HttpClient:
    """Talks to one service. Over plain HTTP only when that is on this machine."""

    def __init__(self, base_url: str, setting: str, patience: Patience | None = None) -> None:
        try:
            parts, port = urlsplit(base_url), urlsplit(base_url).port
        except ValueError:
            raise SettingsError(f"{setting}: is no address of a service") from None
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(base_url)):
            raise SettingsError(
                f"{setting}: must begin with https:// (plain http only to this machine itself)"
            )
        if not parts.hostname or parts.path or parts.query or parts.username is not None:
            raise SettingsError(f"{setting}: must be scheme and host only, like https://api.example.com")
        self._host = parts.hostname
        self._port = port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._patience = patience or Patience()

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> HttpAnswer:
        """Send one request and return the whole answer. Raises NotSent or Unreachable."""
        began = monotonic()
        connection = self._connect(path)
        over = threading.Event()
        left = max(0.01, self._patience.total - (monotonic() - began))
        watch = threading.Timer(left, _cut, (connection.sock, over))
        watch.daemon = True
        watch.start()
        try:
            answer = _exchange(connection, method, path, headers, body)
        except ValueError:
            # Its message would hold the header's value, which may be a secret.
            raise NotSent(f"{method} {path}: a header can't be sent") from None
        except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
            raise Unreachable(f"{method} {path}: {_why(error, over)}") from None
        finally:
            watch.cancel()
            connection.close()
        if over.is_set():
            # Cut off, an answer without a length looks as if it were whole.
            raise Unreachable(f"{method} {path}: no whole answer in {self._patience.total:g} s")
        log.debug("%s %s%s: %s in %.2f s", method, self._host, path, answer.status, monotonic() - began)
        return answer

    def _connect(self, path: str) -> HTTPConnection:
        connection: HTTPConnection
        if self._tls is None:
            connection = HTTPConnection(self._host, self._port, timeout=self._patience.connect)
        else:
            connection = HTTPSConnection(
                self._host, self._port, timeout=self._patience.connect, ssl_context=self._tls
            )
        try:
            connection.connect()
            if connection.sock is not None:
                connection.timeout = self._patience.read
                connection.sock.settimeout(self._patience.read)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            connection.close()
            raise NotSent(f"{path}: no connection to {self._host}:{self._port} ({_short(error)})") from None
        return connection


def _exchange(
    connection: HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> HttpAnswer:
    fixed = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "karya-pos"}
    connection.request(
        method,
        path,
        body=body or None,
        headers={**fixed, **headers},
        preload_content=False,
        decode_content=False,
    )
    response = connection.getresponse()
    try:
        content = b""
        # To the very end: only there it shows whether the length that was promised came.
        while part := response.read(_PIECE, decode_content=False):
            content += part
            if len(content) > MAX_ANSWER:
                raise OSError(f"an answer of more than {MAX_ANSWER} bytes")
        return HttpAnswer(response.status, content)
    finally:
        response.close()


def _cut(sock: socket.socket | None, over: threading.Event) -> None:
    """End an exchange whose time is over, from another thread: whoever reads from it sees its end.

    The socket is held by itself, because the connection lets go of it before the answer is read.
    """
    over.set()
    if sock is not None:
        try:
            # Not the method of a TLS socket, which would first forget its state under the reader's feet.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            log.debug("the connection was closed already")


def _why(error: Exception, over: threading.Event) -> str:
    return "no whole answer in time" if over.is_set() else _short(error)


def _short(error: Exception) -> str:
    """Say what kind of failure it was, on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
