"""A printer on a serial line: RS-232, a USB adapter, or Bluetooth bound to /dev/rfcomm0."""

import contextlib
import errno
import time
from typing import Final

import serial

from printers.config import FlowControl
from printers.transports.descriptor import CHUNK, DescriptorTransport
from printers.transports.lines import Line
from printers.transports.talker import POLITE, Manners

_BITS: Final = 10  # a byte on the line, with start and stop bit
_POLL: Final = 0.01
_AGAIN: Final = 0.1
_IN_USE: Final = frozenset({errno.EBUSY, errno.EAGAIN})


class SerialTransport(DescriptorTransport):
    """One open serial line. pyserial sets it up; bytes are counted by what the system really took."""

    def __init__(
        self,
        path: str,
        baud_rate: int,
        flow_control: FlowControl,
        timeout: float,
        manners: Manners = POLITE,
    ) -> None:
        super().__init__(path, timeout, manners)
        self.path, self.baud_rate, self.flow_control = path, baud_rate, flow_control
        self._port: serial.Serial | None = None
        self._line = Line(path)

    def open(self) -> None:
        """Opens and sets up the line, for us alone; waits at most the timeout for who else holds it."""
        if self._port is not None:
            return
        until = time.monotonic() + self.timeout
        self._line.take(self.timeout)
        try:
            self._port = self._opened(until)
        except BaseException:
            self._lost()
            self._line.leave()
            raise
        self._file = self._port.fileno()
        self._begin()

    def _opened(self, until: float) -> serial.Serial:
        while True:
            try:
                return serial.Serial(
                    self.path,
                    self.baud_rate,
                    timeout=0,
                    write_timeout=self.timeout,
                    xonxoff=self.flow_control == "xonxoff",
                    rtscts=self.flow_control == "rtscts",
                    exclusive=True,
                )
            except ValueError as error:  # a speed that the line cannot have
                raise OSError(str(error)) from error
            except serial.SerialException as error:
                if error.errno not in _IN_USE or time.monotonic() >= until:
                    raise
            time.sleep(_AGAIN)

    def _piece_time(self) -> float:
        return self.timeout + CHUNK * _BITS / self.baud_rate

    def settle(self) -> None:
        """Waits until the line has carried every byte, as long as it carries some."""
        port = self._open_port()
        waiting = port.out_waiting
        until = time.monotonic() + self._piece_time()
        while waiting:
            self._drop_input(_POLL)
            before, waiting = waiting, port.out_waiting
            if waiting < before:
                until = time.monotonic() + self._piece_time()
            elif time.monotonic() >= until:
                raise TimeoutError("the printer stopped taking bytes")

    def close(self, patience: float = 2.0) -> None:
        """Closes the line, once it has carried what it can carry in so many seconds."""
        port, self._file = self._port, None
        if port is not None:
            with contextlib.suppress(OSError):
                until = time.monotonic() + patience
                while port.out_waiting and time.monotonic() < until:
                    time.sleep(_POLL)
                # What a stuck printer has not taken by now must not come out with the next job.
                port.reset_output_buffer()
            self._port = None
            with contextlib.suppress(OSError):
                port.close()
        self._line.leave()

    def _open_port(self) -> serial.Serial:
        self._descriptor()
        assert self._port is not None  # noqa: S101 - one is open when the other is
        return self._port
