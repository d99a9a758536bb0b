"""A printer behind a path: a device such as /dev/usb/lp0, a named pipe, or a file that collects bytes."""

import contextlib
import errno
import fcntl
import os
import stat
import time
from pathlib import Path
from typing import Final

from printers.status import PrinterStatus
from printers.transports.descriptor import DescriptorTransport
from printers.transports.lines import Line
from printers.transports.talker import MUTE, POLITE, Manners

_AGAIN: Final = 0.05
# What opening says while a device is being plugged in, is held by another, or a pipe has no reader yet.
_NOT_YET: Final = frozenset({errno.ENXIO, errno.EBUSY, errno.EAGAIN})
# Linux' question to a printer port for its status byte (linux/lp.h).
_GET_STATUS: Final = 0x060B


class FileTransport(DescriptorTransport):
    """Writes to the end of a path and never empties it. Only a printer port is asked anything."""

    def __init__(self, path: str, timeout: float, manners: Manners = POLITE) -> None:
        super().__init__(path, timeout, MUTE)
        self.path = Path(path)
        self._of_port = manners
        self._line = Line(str(self.path))

    def open(self) -> None:
        """Opens the path for adding to it, waiting at most the timeout for a device that is not ready."""
        if self._file is not None:
            return
        until = time.monotonic() + self.timeout
        self._line.take(self.timeout)
        try:
            self._file = self._opened(until)
        except BaseException:
            self._lost()
            self._line.leave()
            raise
        self._begin()
        port = port_status(self._file) is not None
        self._reads = port and fcntl.fcntl(self._file, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR
        self.manners = self._of_port if self._reads else MUTE

    def _opened(self, until: float) -> int:
        flags = os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY
        if not self.path.is_relative_to("/dev"):  # an unplugged printer must not leave a plain file there
            flags |= os.O_CREAT
        # A port is opened for its answers too; some have none and are only written to.
        modes = [os.O_RDWR, os.O_WRONLY] if _is_device(self.path) else [os.O_WRONLY]
        while True:
            try:
                return os.open(self.path, flags | modes[0], 0o640)
            except OSError as error:
                if len(modes) > 1 and error.errno not in _NOT_YET:
                    modes.pop(0)
                elif error.errno not in _NOT_YET or time.monotonic() >= until:
                    raise
                else:
                    time.sleep(_AGAIN)

    def _port_status(self) -> PrinterStatus:
        """The port's own byte, for a printer that does not answer: whether there is paper, if it tells."""
        byte = port_status(self._descriptor())
        if byte is None:
            return PrinterStatus(cannot_answer=True)
        return PrinterStatus.from_port(byte)

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


def port_status(file: int) -> int | None:
    """The status byte of a printer port such as /dev/usb/lp0; None for any other file."""
    if not stat.S_ISCHR(os.fstat(file).st_mode) or os.isatty(file):
        return None
    try:
        answer = fcntl.ioctl(file, _GET_STATUS, b"\0\0\0\0")
    except OSError:
        return None
    return answer[0]


def _is_device(path: Path) -> bool:
    try:
        return stat.S_ISCHR(path.stat().st_mode)
    except OSError:
        return False
