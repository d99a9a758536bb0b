"""Ways to a printer: each opens, asks, writes, settles and closes, and counts what it handed over."""

from typing import Protocol, assert_never

from printers.config import PrinterConfig
from printers.status import PrinterStatus
from printers.transports.habits import End


class Transport(Protocol):
    """One connection to one printer. Every failure is an OSError."""

    bytes_written: int  # since it was made; questions are not counted

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now."""
        ...

    @property
    def has_answered(self) -> bool | None:
        """Whether this printer ever answered a question of this process; None before it was asked."""
        ...

    @property
    def has_told_end(self) -> bool:
        """Whether this printer was heard to say that a job was done, since it was last lost."""
        ...

    def open(self) -> None:
        """Connects, within the printer's timeout; nothing to do when it is open."""

    def read_status(self, timeout: float) -> PrinterStatus:
        """Asks the printer; one that stays silent has not `answered`. A broken connection is an OSError."""
        ...

    def tells_end(self, timeout: float) -> End:
        """What word of the printer to expect at the end of a job; asks one that answers once."""
        ...

    def mark_end(self) -> bytes:
        """Asks for that word about everything written before; returns the mark to wait for."""
        ...

    def has_ended(self, mark: bytes, timeout: float) -> bool:
        """Whether the printer said the mark, or does within so many seconds."""
        ...

    def end_not_told(self) -> None:
        """Remembers that the word did not come although the printer was well."""

    def write(self, data: bytes) -> None:
        """Hands over bytes in small pieces; TimeoutError when the printer takes none for too long."""

    def settle(self) -> None:
        """Waits until everything written has left this machine; raises as `write` does."""

    def close(self, patience: float = 2.0) -> None:
        """Ends the connection gently, in so many seconds; never raises, and may be called again."""


def connect(config: PrinterConfig) -> Transport:
    """The transport for a printer, not opened yet."""
    from printers.transports.cups import CupsTransport
    from printers.transports.file import FileTransport
    from printers.transports.memory import MemoryTransport
    from printers.transports.network import NetworkTransport
    from printers.transports.talker import Manners

    model, timeout = config.model, config.timeout
    manners = Manners(model.status, model.process_id, model.in_turn)
    match config.connection:
        case "network":
            return NetworkTransport(config.host, config.port, timeout, manners)
        case "usb":
            from printers.transports.usb import UsbTransport

            place = (config.vendor_id, config.product_id, config.serial_number)
            return UsbTransport(*place, timeout, manners)
        case "serial":
            from printers.transports.serial import SerialTransport

            line = (config.path, config.baud_rate, config.flow_control)
            return SerialTransport(*line, timeout, manners)
        case "cups":
            return CupsTransport(config.queue, timeout)
        case "file":
            return FileTransport(config.path, timeout, manners)
        case "memory":
            return MemoryTransport(config.name)
        case _:
            assert_never(config.connection)
