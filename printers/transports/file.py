"""A printer behind a path: a device such as /dev/usb/lp0, a named pipe, or a file that collects bytes."""

import contextlib
import errno
import os
import select
import stat
import time
from pathlib import Path
from typing import Final

from printers.status import PrinterStatus
from printers.transports.lines import Line
from printers.transports.waiting import wait_for

_CHUNK: Final = 2048
_AGAIN: Final = 0.05
# What opening says while a device is being plugged in, is held by another, or a pipe has no reader yet.
_NOT_YET: Final = frozenset({errno.ENXIO, errno.EBUSY, errno.EAGAIN})


class FileTransport:
    """Writes to the end of a path and never empties it. It cannot ask anything."""

    has_answered: bool | None = False

    def __init__(self, path: str, timeout: float) -> None:
        self.path = Path(path)
        self.timeout = timeout
        self.bytes_written = 0
        self._file: int | None = None
        self._line = Line(str(self.path))

    @property
    def is_open(self) -> bool:
        """Whether the path is open."""
        return self._file is not None

    def open(self) -> None:
        """Opens the path for adding to it, waiting at most the timeout for a device that is not ready."""
        if self._file is not None:
            return
        until = time.monotonic() + self.timeout
        self._line.take(self.timeout)
        try:
            self._file = self._opened(until)
        except BaseException:
            self._line.leave()
            raise

    def _opened(self, until: float) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY
        if not self.path.is_relative_to("/dev"):  # an unplugged printer must not leave a plain file there
            flags |= os.O_CREAT
        while True:
            try:
                return os.open(self.path, flags, 0o640)
            except OSError as error:
                if error.errno not in _NOT_YET or time.monotonic() >= until:
                    raise
            time.sleep(_AGAIN)

    def read_status(self, timeout: float) -> PrinterStatus:  # noqa: ARG002 - silence takes no time
        """Nothing is known: a path is only written to."""
        return PrinterStatus()

    def write(self, data: bytes) -> None:
        """Writes pieces of at most 2 KiB, each within the timeout."""
        if self._file is None:
            raise OSError(errno.ENOTCONN, "not open")
        left = memoryview(data)
        while left:
            sent = self._write_some(self._file, left[:_CHUNK])
            self.bytes_written += sent
            left = left[sent:]

    def _write_some(self, file: int, piece: memoryview) -> int:
        until = time.monotonic() + self.timeout
        while True:
            try:
                return os.write(file, piece)
            except BlockingIOError:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the device takes no more bytes") from None
                wait_for(file, select.POLLOUT, min(left, 0.2))

    def settle(self) -> None:
        """Brings a plain file to the disk; a device has no such thing."""
        if self._file is not None and stat.S_ISREG(os.fstat(self._file).st_mode):
            os.fsync(self._file)

    def close(self, patience: float = 2.0) -> None:  # noqa: ARG002 - nobody to wait for
        """Closes the path."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)
        self._line.leave()
