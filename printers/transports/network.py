"""A printer on the network: raw bytes over TCP, usually port 9100, over IPv4 or IPv6."""

import contextlib
import errno
import fcntl
import select
import socket
import struct
import termios
import time
from typing import Final

from printers.transports.lines import Line
from printers.transports.names import addresses
from printers.transports.talker import POLITE, Manners, Talker
from printers.transports.waiting import wait_for

_CHUNK: Final = 2048
# Little is kept in this machine's own buffers, so that a printer that stops is noticed early.
_SEND_BUFFER: Final = 8192
_POLL: Final = 0.01
# What the slowest printers (9600 baud behind a print server) need for one piece, beyond the timeout.
_ONE_PIECE: Final = _CHUNK / 960


class NetworkTransport(Talker):
    """One TCP connection to a printer, used by one thread."""

    def __init__(self, host: str, port: int, timeout: float, manners: Manners = POLITE) -> None:
        super().__init__(f"{host} port {port}", timeout, manners)
        self.host, self.port = host, port
        self._socket: socket.socket | None = None
        self._broken = False
        self._line = Line(self.address)

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._socket is not None

    def open(self) -> None:
        """Connects to the first address of the host that answers, all within the timeout."""
        if self._socket is not None:
            return
        until = time.monotonic() + self.timeout
        self._line.take(self.timeout)
        try:
            self._socket = self._connected(until)
        except BaseException:
            self._lost()
            self._line.leave()
            raise
        self._broken = False
        self._begin()

    def _connected(self, until: float) -> socket.socket:
        failure = OSError(errno.EHOSTUNREACH, "no address")
        for family, place in addresses(self.host, self.port, self.timeout):
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("no connection in time")
            link = socket.socket(family, socket.SOCK_STREAM)
            try:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
                link.settimeout(left)
                link.connect(place)
                _keep_alive(link)
            except OSError as error:
                link.close()
                failure = error
                continue
            return link
        raise failure

    def write(self, data: bytes) -> None:
        """Sends pieces of at most 2 KiB; the printer has the timeout for each."""
        self._drop_input()  # also finds out that the printer has gone, before the first byte
        left = memoryview(data)
        while left:
            self._send(bytes(left[:_CHUNK]), counted=True)
            left = left[_CHUNK:]

    def settle(self) -> None:
        """Waits until the printer's side has taken every byte, as long as it keeps taking some."""
        link = self._link()
        waiting = _unsent(link)
        until = time.monotonic() + self.timeout + _ONE_PIECE
        while waiting:
            self._drop_input(_POLL)
            before, waiting = waiting, _unsent(link)
            if waiting < before:
                until = time.monotonic() + self.timeout + _ONE_PIECE
            elif time.monotonic() >= until:
                raise TimeoutError("the printer stopped taking bytes")
        self._drop_input()

    def close(self, patience: float = 2.0) -> None:
        """Says that nothing more comes and waits a little for the printer to do the same."""
        link, self._socket = self._socket, None
        if link is not None:
            with contextlib.suppress(OSError):
                # Closing with answers unread, or before the printer has read everything, would make the
                # system reset the connection, and the printer could throw away what it has not printed.
                if not self._broken:
                    link.shutdown(socket.SHUT_WR)
                    self._wait_for_end(link, min(patience, self.timeout))
            link.close()
        self._line.leave()

    def _link(self) -> socket.socket:
        if self._socket is None:
            raise OSError(errno.ENOTCONN, "not open")
        return self._socket

    def _send(self, data: bytes, *, counted: bool) -> None:
        link = self._link()
        left = memoryview(data)
        while left:
            link.settimeout(self.timeout + _ONE_PIECE)
            try:
                sent = link.send(left)
            except TimeoutError:
                raise TimeoutError("the printer stopped taking bytes") from None
            except OSError:
                self._break()
                raise
            if counted:
                self.bytes_written += sent
            left = left[sent:]

    def _received(self, wait: float) -> bytes:
        link = self._link()
        if not wait_for(link, select.POLLIN, wait):
            return b""
        try:
            link.settimeout(self.timeout)
            data = link.recv(4096)
        except OSError:
            self._break()
            raise
        if not data:
            self._break()
            raise ConnectionAbortedError(errno.ECONNABORTED, "the printer ended the connection")
        return data

    def _break(self) -> None:
        self._broken = True
        self._lost()

    def _wait_for_end(self, link: socket.socket, patience: float) -> None:
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            if wait_for(link, select.POLLIN, left) and not link.recv(4096):
                return


def _keep_alive(link: socket.socket) -> None:
    """Small pieces go at once, and a peer that vanished without a word is found out."""
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 20), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _unsent(link: socket.socket) -> int:
    """Bytes that the other side has not taken yet, as far as this system can tell."""
    try:
        answer = fcntl.ioctl(link, termios.TIOCOUTQ, b"\0\0\0\0")
    except OSError:
        return 0
    return int(struct.unpack("i", answer)[0])
