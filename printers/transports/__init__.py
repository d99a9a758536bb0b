"""Ways to a printer: each opens, asks, writes, settles and closes, and counts what it handed over."""

from typing import Protocol, assert_never

from printers.config import PrinterConfig
from printers.status import PrinterStatus


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

    def open(self) -> None:
        """Connects, within the printer's timeout; nothing to do when it is open."""

    def read_status(self, timeout: float) -> PrinterStatus:
        """Asks the printer; one that stays silent has not `answered`. A broken connection is an OSError."""
        ...

    def write(self, data: bytes) -> None:
        """Hands over bytes in small pieces; TimeoutError when the printer takes none for too long."""

    def settle(self) -> None:
        """Waits until everything written has left this machine; raises as `write` does."""

    def close(self, patience: float = 2.0) -> None:
        """Ends the connection gently, in so many seconds; never raises, and may be called again."""


def connect(config: PrinterConfig) -> Transport:
    """The transport for a printer, not opened yet."""
    from printers.transports.file import FileTransport
    from printers.transports.memory import MemoryTransport
    from printers.transports.network import NetworkTransport

    match config.connection:
        case "network":
            return NetworkTransport(config.host, config.port, config.timeout)
        case "file":
            return FileTransport(config.path, config.timeout)
        case "memory":
            return MemoryTransport(config.name)
        case _:
            assert_never(config.connection)
