"""How one printer is reached and what it can do, as the settings give it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from printers.drawer import drawer_pulse, drawer_pulse_now
from printers.layout import Paper, QRStyle
from printers.models import UNHEARD_OF, PrinterModel

Connection: TypeAlias = Literal["network", "usb", "serial", "cups", "file", "memory"]
FlowControl: TypeAlias = Literal["xonxoff", "rtscts", "none"]


@dataclass(frozen=True, slots=True)
class PrinterConfig:
    """One printer that hangs on this machine."""

    name: str
    registers: tuple[str, ...] = ()
    connection: Connection = "network"
    host: str = "127.0.0.1"
    port: int = 9100
    path: str = ""  # for file and serial
    vendor_id: int = 0  # for usb
    product_id: int = 0
    serial_number: str = ""  # for usb, where two printers are alike; "": any
    baud_rate: int = 9600  # for serial
    flow_control: FlowControl = "xonxoff"
    queue: str = ""  # for cups
    model: PrinterModel = UNHEARD_OF
    qr: QRStyle = "image"
    drawer: str | None = None  # the register whose drawer hangs on it; None: the first of registers; "": none
    timeout: float = 5.0

    @property
    def columns(self) -> int:
        """Characters across its paper."""
        return self.model.columns

    @property
    def paper(self) -> Paper:
        """The paper its documents are laid out for."""
        return self.model.paper(self.qr)

    @property
    def address(self) -> str:
        """Where it is, in a few words for people."""
        match self.connection:
            case "network":
                return f"{self.host}:{self.port}"
            case "usb":
                return " ".join(
                    filter(None, (f"{self.vendor_id:04x}:{self.product_id:04x}", self.serial_number))
                )
            case "serial":
                return f"{self.path} {self.baud_rate} baud"
            case "cups":
                return self.queue
            case "file" | "memory":
                return self.path

    @property
    def drawer_register(self) -> str:
        """The code of the register whose drawer it opens, or nothing."""
        if not self.model.drawer_pin:
            return ""
        if self.drawer is not None:
            return self.drawer
        return self.registers[0] if self.registers else ""

    @property
    def drawer_pulse(self) -> bytes:
        """The bytes that open its drawer; none when it has no socket for one."""
        model = self.model
        return drawer_pulse(model.drawer_pin, model.pulse_on, model.pulse_off) if model.drawer_pin else b""

    @property
    def drawer_pulse_now(self) -> bytes:
        """The bytes that open its drawer while paper or cover stop it; none when it might keep them."""
        model = self.model
        if not model.realtime_pulse or not model.drawer_pin:
            return b""
        return drawer_pulse_now(model.drawer_pin, model.pulse_on)
