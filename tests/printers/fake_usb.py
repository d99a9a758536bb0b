"""A backend of pyusb with printers that can be unplugged, plugged in again, stalled and kept busy."""

import array
import errno
import time
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from tests.printers.mind import Mind

PACKET = 64


class UsbPrinter:
    """One device. `room` is how many bytes it still takes; None: any number."""

    def __init__(
        self,
        mind: Mind,
        *,
        vendor: int = 0x04B8,
        product: int = 0x0202,
        serial: str = "",
        out: int = 0x02,
        back: int | None = 0x81,
        kind: int = 7,
        port_status: int | None = None,
    ) -> None:
        self.mind, self.vendor, self.product, self.serial = mind, vendor, product, serial
        self.out, self.back, self.kind, self.port_status = out, back, kind, port_status
        self.room: int | None = None
        self.goes_at: int | None = None  # unplugged when it has kept so many bytes
        self.stalls_at: int | None = None
        self.plugged = True
        self.generation = 0  # handles from before the last unplugging are dead
        self.driver = True  # whether the system's own driver holds it
        self.held_by_another = False
        self.allowed = True
        self.halted = False
        self.claimed = False
        self.said = b""
        self.timeouts: list[int] = []

    def unplug(self) -> None:
        """Pulls the cable."""
        self.plugged, self.claimed = False, False
        self.generation += 1

    def plug_in(self) -> None:
        """Puts it back: to the system it is a new device, with the system's driver on it."""
        self.plugged, self.driver, self.halted, self.said = True, True, False, b""


class Backend(usb.backend.IBackend):
    """The bus."""

    def __init__(self, *printers: UsbPrinter) -> None:
        super().__init__()
        self.printers = printers
        self.open_handles = 0

    def enumerate_devices(self) -> Any:
        return [printer for printer in self.printers if printer.plugged]

    def get_parent(self, dev: UsbPrinter) -> None:
        return None

    def get_device_descriptor(self, dev: UsbPrinter) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=dev.vendor, idProduct=dev.product, bcdDevice=0x100, iManufacturer=1,
            iProduct=2, iSerialNumber=3 if dev.serial else 0, bNumConfigurations=1, address=1, bus=1,
            port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: UsbPrinter, config: int) -> SimpleNamespace:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=2, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=b"",
        )  # fmt: skip

    def get_interface_descriptor(self, dev: UsbPrinter, intf: int, alt: int, config: int) -> SimpleNamespace:
        """Number 0 is something else (a keyboard's), number 1 prints."""
        if intf > 1 or alt:
            raise IndexError(intf)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0,
            bNumEndpoints=(0, 1 if dev.back is None else 2)[intf], bInterfaceClass=(3, dev.kind)[intf],
            bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=b"",
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: UsbPrinter, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        address = dev.out if ep == 0 else dev.back
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=2, wMaxPacketSize=PACKET,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=b"",
        )  # fmt: skip

    def open_device(self, dev: UsbPrinter) -> tuple[UsbPrinter, int]:
        if not dev.allowed:
            raise usb.core.USBError("Access denied", -3, errno.EACCES)
        self.open_handles += 1
        return dev, dev.generation

    def close_device(self, dev_handle: tuple[UsbPrinter, int]) -> None:
        self.open_handles -= 1

    def get_configuration(self, dev_handle: tuple[UsbPrinter, int]) -> int:
        return 1

    def is_kernel_driver_active(self, dev_handle: tuple[UsbPrinter, int], intf: int) -> bool:
        return self._alive(dev_handle).driver and intf == 1

    def detach_kernel_driver(self, dev_handle: tuple[UsbPrinter, int], intf: int) -> None:
        self._alive(dev_handle).driver = False

    def claim_interface(self, dev_handle: tuple[UsbPrinter, int], intf: int) -> None:
        printer = self._alive(dev_handle)
        if printer.driver or printer.held_by_another or intf != 1:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        printer.claimed = True

    def release_interface(self, dev_handle: tuple[UsbPrinter, int], intf: int) -> None:
        self._alive(dev_handle).claimed = False

    def clear_halt(self, dev_handle: tuple[UsbPrinter, int], ep: int) -> None:
        self._alive(dev_handle).halted = False

    def bulk_write(
        self, dev_handle: tuple[UsbPrinter, int], ep: int, intf: int, data: Any, timeout: int
    ) -> int:
        """Takes packet by packet, so that a fault in the middle leaves the printer with a part."""
        printer = self._ready(dev_handle, timeout)
        assert ep == printer.out
        taken = 0
        data = data.tobytes()
        while taken < len(data):
            packet = data[taken : taken + PACKET]
            if printer.room is not None and printer.room < len(packet):
                time.sleep(min(timeout, 100) / 1000)
                if not taken:
                    raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
                return taken  # as libusb does
            kept = len(printer.mind.kept)
            if printer.goes_at is not None and kept >= printer.goes_at:
                printer.unplug()
                raise usb.core.USBError("No such device", -4, errno.ENODEV)
            if printer.halted or (printer.stalls_at is not None and kept >= printer.stalls_at):
                printer.halted = True
                raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
            if printer.room is not None:
                printer.room -= len(packet)
            printer.said += printer.mind.take(packet)
            taken += len(packet)
        return taken

    def bulk_read(
        self, dev_handle: tuple[UsbPrinter, int], ep: int, intf: int, buff: Any, timeout: int
    ) -> int:
        printer = self._ready(dev_handle, timeout)
        assert ep == printer.back
        if not printer.said:
            time.sleep(timeout / 1000)
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        said, printer.said = printer.said[: len(buff)], printer.said[len(buff) :]
        buff[: len(said)] = array.array("B", said)
        return len(said)

    def ctrl_transfer(self, dev_handle: Any, kind: int, request: int, *rest: Any) -> int:
        value, _, data, timeout = rest
        printer = self._ready(dev_handle, timeout)
        if (kind, request) == (0xA1, 1):
            if printer.port_status is None:
                raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
            answer = bytes((printer.port_status,))
        else:  # GET_DESCRIPTOR of a string
            texts = ["\u0409", "EPSON", "TM-T20", printer.serial]
            text = texts[value & 0xFF].encode("utf-16-le")
            answer = bytes((len(text) + 2, 3)) + text
        data[: len(answer)] = array.array("B", answer)
        return len(answer)

    def _ready(self, dev_handle: tuple[UsbPrinter, int], timeout: int) -> UsbPrinter:
        printer = self._alive(dev_handle)
        printer.timeouts.append(timeout)
        return printer

    @staticmethod
    def _alive(dev_handle: tuple[UsbPrinter, int]) -> UsbPrinter:
        printer, generation = dev_handle
        if generation != printer.generation or not printer.plugged:
            raise usb.core.USBError("No such device", -4, errno.ENODEV)
        return printer
