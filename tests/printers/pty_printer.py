"""A printer on a serial line, as the other end of a pseudo terminal."""

import contextlib
import os
import pty
import select
import threading
import time
import tty
from types import TracebackType
from typing import Self

from tests.printers.mind import Mind


class PtyPrinter:
    """Reads what is sent to `path`. `goes_at`: hangs up at that byte; `stops_at`: reads no further."""

    def __init__(
        self, mind: Mind, *, rate: int = 0, goes_at: int | None = None, stops_at: int | None = None
    ) -> None:
        self.mind, self.rate, self.goes_at, self.stops_at = mind, rate, goes_at, stops_at
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="pty-printer", daemon=True)
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join(5)
        for file in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(file)

    def wait_for(self, count: int, seconds: float = 3.0) -> bytes:
        """What it has kept once that is so many bytes."""
        until = time.monotonic() + seconds
        while len(self.mind.kept) < count and time.monotonic() < until:
            time.sleep(0.01)
        return bytes(self.mind.kept)

    def _serve(self) -> None:
        while not self._ending.is_set():
            kept = len(self.mind.kept)
            if self.goes_at is not None and kept >= self.goes_at:
                os.close(self._slave)
                os.close(self._master)
                return
            if self.stops_at is not None and kept >= self.stops_at:
                time.sleep(0.02)
                continue
            if not select.select([self._master], [], [], 0.02)[0]:
                continue
            exact = self.goes_at is not None or self.stops_at is not None
            said = self.mind.take(os.read(self._master, 1 if exact else self.rate // 50 or 1024))
            if self.rate:
                time.sleep(0.02)
            if said:
                os.write(self._master, said)
