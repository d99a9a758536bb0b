"""A receipt printer on a real socket that fails the way real ones do.

    with FakePrinter("drop", after=100) as printer:
        deliver(connect(PrinterConfig("kasir", host="127.0.0.1", port=printer.port)), ...)
    assert len(printer.printed) == 100

It answers DLE EOT at once, as printers do, and keeps everything else. With `tells_end` it answers GS ( H too,
when everything before is kept; `ends_late` holds these answers back so many seconds, or for ever (None); with
`in_turn` it answers GS r then.
`after` counts the bytes it keeps, not the questions, so that a fault sits on an exact byte. One connection is
served at a time; the next one waits.

Modes: normal; mute (prints, never answers); low, paper-out, cover, error, offline (say so from the start);
paper-out-at (says so once `after` bytes came); drop (resets the connection at `after`); hang-up (ends it
politely there); stall (stops reading and answering there, stays connected); silent (goes on reading, answers
no more); refuse (nobody listens). Any mode but refuse can be `mute` as well.
"""

import contextlib
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self

MODES = (
    "normal", "mute", "low", "paper-out", "cover", "error", "offline", "paper-out-at", "drop", "hang-up",
    "stall", "silent", "refuse",
)  # fmt: skip
# Bits beyond the idle 0x12, by mode and question.
_ANSWERS = {
    "low": {4: 0x0C},
    "paper-out": {4: 0x6C, 2: 0x20, 1: 0x08},
    "cover": {2: 0x04, 1: 0x08},
    "error": {2: 0x40, 1: 0x08},
    "offline": {1: 0x08},
}
_STOPPED = ("paper-out", "cover", "error", "offline")
_POLL = 0.02
_END = b"\x1d(H\x06\x0000"
_END_SIZE = len(_END) + 4
_IN_TURN = b"\x1dr\x01"


class FakePrinter:
    """A printer that listens on a free port of this machine."""

    def __init__(
        self,
        mode: str = "normal",
        *,
        after: int = 0,
        mute: bool = False,
        rate: int = 0,
        host: str = "127.0.0.1",
        port: int = 0,
        buffer: int = 4096,
        unanswered: tuple[int, ...] = (),
        tells_end: bool = False,
        in_turn: bool = False,
        ends_late: float | None = 0.0,
    ) -> None:
        if mode not in MODES:
            raise ValueError(mode)
        self.mode, self.after, self.mute, self.rate = mode, after, mute or mode == "mute", rate
        self.host, self.buffer, self.unanswered = host, buffer, unanswered
        self.tells_end, self.in_turn, self.ends_late = tells_end, in_turn, ends_late
        self.marks: list[bytes] = []  # of every GS ( H that came
        self.turns = 0  # GS r that came
        self._held_back: list[tuple[float, bytes]] = []
        self.connections: list[bytearray] = []  # everything each connection sent, questions included
        self.kept: list[bytearray] = []  # the same without the questions
        self.endings: list[str] = []  # how each connection ended: closed, reset, dropped, hung up
        self.first_byte_at: float | None = None
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._stop = threading.Event()
        self._deaf = False
        self._listener: socket.socket | None = None
        self._link: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.port = port
        self._bind()

    @property
    def printed(self) -> bytes:
        """Everything that came to be printed, over all connections."""
        return b"".join(bytes(part) for part in self.kept)

    def set_mode(self, mode: str, *, after: int = 0, mute: bool = False) -> None:
        """Turns into another printer from the next byte on; `after` counts from the beginning."""
        if mode not in MODES:
            raise ValueError(mode)
        self.mode, self.after, self.mute = mode, after, mute or mode == "mute"
        while self._thread is not None and self._deaf != (mode == "refuse"):
            time.sleep(_POLL / 4)

    def power_cycle(self) -> None:
        """Cuts the connection, if there is one, without a goodbye."""
        link = self._link
        if link is not None:
            with contextlib.suppress(OSError):
                _reset_on_close(link)
                link.shutdown(socket.SHUT_RDWR)

    def wait_until_idle(self, seconds: float = 5.0) -> None:
        """Waits until every connection that came has ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(self.endings) < len(self.connections):
            time.sleep(_POLL / 4)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve, name="fake-printer", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        self._unbind()

    def _bind(self) -> None:
        listener = socket.socket(self._family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A small window, as printers have: what they do not read piles up at the sender.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
        listener.bind((self.host, self.port))
        self.port = listener.getsockname()[1]
        deaf = self.mode == "refuse"  # bound but not listening: the system refuses connections
        if not deaf:
            listener.listen(8)
            listener.settimeout(_POLL)
        self._listener, self._deaf = listener, deaf

    def _unbind(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            if self._deaf != (self.mode == "refuse"):
                self._unbind()
                self._bind()
            listener = self._listener
            if listener is None or self._deaf:
                time.sleep(_POLL)
                continue
            try:
                link, _ = listener.accept()
            except OSError:
                continue
            self._link = link
            with link:
                self.connections.append(bytearray())
                self.kept.append(bytearray())
                try:
                    ending = self._talk(link)
                except OSError:
                    ending = "reset"
                self._link = None
            self.endings.append(ending)

    def _talk(self, link: socket.socket) -> str:
        link.settimeout(_POLL)
        pending = b""
        while not self._stop.is_set():
            if self._reached("stall"):
                time.sleep(_POLL)
                continue
            if self._reached("drop") or self.mode == "refuse":
                _reset_on_close(link)
                return "dropped"
            if self._reached("hang-up"):
                return "hung up"
            try:
                data = link.recv(self._room())
            except TimeoutError:
                self._say_held_back(link)
                continue
            if not data:
                return "closed"
            self.connections[-1] += data
            pending = self._take(link, pending + data)
        return "stopped"

    def _room(self) -> int:
        """How much to read at most: never past the byte where the fault sits."""
        if self.rate:
            time.sleep(_POLL)
            return max(int(self.rate * _POLL), 1)
        return 1 if self.mode in {"stall", "drop", "hang-up", "paper-out-at", "silent"} else 1024

    def _reached(self, mode: str) -> bool:
        return self.mode == mode and len(self.printed) >= self.after

    def _take(self, link: socket.socket, data: bytes) -> bytes:
        """Answers questions, keeps the rest; the beginning of a possible question waits for its end."""
        at = 0
        while at < len(data):
            if _unfinished(data[at:]):
                return data[at:]
            if data.startswith(_END, at):
                self._note_end(link, data[at + len(_END) : at + _END_SIZE])
                at += _END_SIZE
                continue
            if data.startswith(_IN_TURN, at):
                self.turns += 1
                self._say_end(link, b"\0" if self.in_turn else b"")
                at += len(_IN_TURN)
                continue
            if data[at : at + 2] == b"\x10\x04" and 1 <= data[at + 2] <= 4:
                self._answer(link, data[at + 2])
                at += 3
                continue
            if self.first_byte_at is None:
                self.first_byte_at = time.monotonic()
            self.kept[-1].append(data[at])
            at += 1
        return b""

    def _note_end(self, link: socket.socket, mark: bytes) -> None:
        self.marks.append(mark)
        self._say_end(link, b"7\x22" + mark + b"\0" if self.tells_end else b"")

    def _say_end(self, link: socket.socket, words: bytes) -> None:
        if self.mute or self._reached("silent") or self._state() in _STOPPED:
            return
        if self.ends_late == 0:
            link.sendall(words)
        elif self.ends_late is not None:
            self._held_back.append((time.monotonic() + self.ends_late, words))

    def _say_held_back(self, link: socket.socket) -> None:
        while self._held_back and self._held_back[0][0] <= time.monotonic():
            link.sendall(self._held_back.pop(0)[1])

    def _state(self) -> str:
        return "paper-out" if self._reached("paper-out-at") else self.mode

    def _answer(self, link: socket.socket, number: int) -> None:
        if self.mute or number in self.unanswered or self._reached("silent"):
            return
        link.sendall(bytes((0x12 | _ANSWERS.get(self._state(), {}).get(number, 0),)))


def _unfinished(data: bytes) -> bool:
    """Whether these last bytes could become a question or a wish to be told the end."""
    if data[0] == 0x10:
        return len(data) < 3 and b"\x10\x04".startswith(data[:2])
    if len(data) < len(_IN_TURN) and _IN_TURN.startswith(data):
        return True
    return len(data) < _END_SIZE and data[: len(_END)] == _END[: len(data)]


def _reset_on_close(link: socket.socket) -> None:
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
