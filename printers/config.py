"""How one printer is reached and what it can do, as the settings give it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from printers.layout import Paper, QRStyle

Connection: TypeAlias = Literal["network", "file", "memory"]


@dataclass(frozen=True, slots=True)
class PrinterConfig:
    """One printer that hangs on this machine."""

    name: str
    registers: tuple[str, ...] = ()
    connection: Connection = "network"
    host: str = "127.0.0.1"
    port: int = 9100
    path: str = ""
    columns: int = 32
    qr: QRStyle = "image"
    drawer: str | None = None  # the register whose drawer hangs on it; None: the first of registers; "": none
    timeout: float = 5.0

    @property
    def paper(self) -> Paper:
        """The paper its documents are laid out for."""
        return Paper.of(self.columns, self.qr)

    @property
    def drawer_register(self) -> str:
        """The code of the register whose drawer it opens, or nothing."""
        if self.drawer is not None:
            return self.drawer
        return self.registers[0] if self.registers else ""
