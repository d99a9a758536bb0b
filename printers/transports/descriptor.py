"""Reading and writing a device through its file descriptor, without ever waiting longer than one wants to."""

import errno
import os
import select
import time
from typing import Final

from printers.transports.talker import Talker
from printers.transports.waiting import wait_for

CHUNK: Final = 2048
_POLL: Final = 0.2


class DescriptorTransport(Talker):
    """A transport whose connection is one open file descriptor that does not block."""

    _file: int | None = None
    _reads: bool = True  # whether anything can come back

    @property
    def is_open(self) -> bool:
        """Whether the device is open."""
        return self._file is not None

    def write(self, data: bytes) -> None:
        """Writes pieces of at most 2 KiB, each within the timeout."""
        self._drop_input()
        self._send(data, counted=True)

    def _descriptor(self) -> int:
        if self._file is None:
            raise OSError(errno.ENOTCONN, "not open")
        return self._file

    def _send(self, data: bytes, *, counted: bool) -> None:
        file = self._descriptor()
        left = memoryview(data)
        while left:
            sent = self._write_some(file, left[:CHUNK])
            if counted:
                self.bytes_written += sent
            left = left[sent:]

    def _piece_time(self) -> float:
        """Seconds that the device may take for one piece."""
        return self.timeout

    def _write_some(self, file: int, piece: memoryview) -> int:
        until = time.monotonic() + self._piece_time()
        while True:
            try:
                return os.write(file, piece)
            except BlockingIOError:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the device takes no more bytes") from None
                wait_for(file, select.POLLOUT, min(left, _POLL))
            except OSError:
                self._lost()
                raise

    def _received(self, wait: float) -> bytes:
        file = self._descriptor()
        if not self._reads or not wait_for(file, select.POLLIN, wait):
            return b""
        try:
            data = os.read(file, 4096)
        except BlockingIOError:
            return b""
        except OSError:
            self._lost()
            raise
        return data or self._ended()

    def _ended(self) -> bytes:
        """What the end of input means: the device has gone."""
        self._lost()
        raise OSError(errno.ENODEV, "the device has gone")
