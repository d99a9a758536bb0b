"""A printer on USB, found by its vendor and product number, without the system's own printer driver."""

import contextlib
import errno
import time
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import usb.core
import usb.util

from printers.status import PrinterStatus
from printers.transports.lines import Line
from printers.transports.talker import POLITE, Manners, Talker

_CHUNK: Final = 2048
_PRINTER_CLASS: Final = 7
_CLASSES: Final = (_PRINTER_CLASS, 0xFF)  # some clones call themselves vendor-specific
_IPP: Final = 4  # the protocol number of printers that speak IPP over USB instead of taking bytes
_OUT, _IN = usb.util.ENDPOINT_OUT, usb.util.ENDPOINT_IN
_GET_PORT_STATUS: Final = 1
_TO_INTERFACE: Final = 0xA1
_AGAIN: Final = 0.01
_SHORTEST: Final = 5  # milliseconds; 0 would wait for ever
_BUSY: Final = frozenset({errno.EBUSY, errno.EAGAIN})

# pyusb has no types; its devices and endpoints are used for the handful of calls below.
_Device = Any
_Endpoint = Any


@dataclass(frozen=True, slots=True)
class PluggedIn:
    """A USB printer that is plugged in, for people to choose from."""

    vendor_id: int
    product_id: int
    serial_number: str
    title: str


@dataclass(slots=True)
class _Opened:
    """One opened device; a new one each time, since its number changes when it is plugged in again."""

    device: _Device
    interface: int
    to_printer: _Endpoint
    from_printer: _Endpoint | None


class UsbTransport(Talker):
    """One claimed USB printer."""

    backend: ClassVar[object | None] = None  # of pyusb; None: libusb of this machine

    def __init__(
        self,
        vendor_id: int,
        product_id: int,
        serial_number: str,
        timeout: float,
        manners: Manners = POLITE,
    ) -> None:
        self.vendor_id, self.product_id, self.serial_number = vendor_id, product_id, serial_number
        address = f"usb {vendor_id:04x}:{product_id:04x} {serial_number}".strip()
        super().__init__(address, timeout, manners)
        self._opened: _Opened | None = None
        self._line = Line(address)

    @property
    def is_open(self) -> bool:
        """Whether the printer is claimed."""
        return self._opened is not None

    def open(self) -> None:
        """Finds and claims the printer, within the timeout; a plugged-out one is an OSError at once."""
        if self._opened is not None:
            return
        until = time.monotonic() + self.timeout
        self._line.take(self.timeout)
        try:
            self._opened = self._claimed(until)
        except BaseException:
            self._lost()
            self._line.leave()
            raise
        self._begin()

    def _claimed(self, until: float) -> _Opened:
        while True:
            device = self._found()
            try:
                return _claim(device)
            except usb.core.USBError as error:
                usb.util.dispose_resources(device)
                if error.errno == errno.EACCES:
                    raise PermissionError(
                        errno.EACCES, "no right to use it; install 70-karya-printers.rules of config/udev"
                    ) from error
                if error.errno not in _BUSY or time.monotonic() >= until:
                    raise
            except BaseException:
                usb.util.dispose_resources(device)
                raise
            time.sleep(_AGAIN * 10)

    def _found(self) -> _Device:
        alike = _find(idVendor=self.vendor_id, idProduct=self.product_id, backend=self.backend)
        for device in alike:
            if not self.serial_number or _text(device, device.iSerialNumber) == self.serial_number:
                return device
            usb.util.dispose_resources(device)
        raise OSError(errno.ENODEV, f"no {self.address} is plugged in")

    def write(self, data: bytes) -> None:
        """Sends one packet, then pieces of at most 2 KiB, each within the timeout.

        One packet is taken whole or not at all, so a printer that goes with the first has been sent nothing.
        """
        self._drop_input()
        packet = self._device().to_printer.wMaxPacketSize
        self._send(data[:packet], counted=True)
        for start in range(packet, len(data), _CHUNK):
            self._send(data[start : start + _CHUNK], counted=True)

    def settle(self) -> None:
        """The printer has taken every byte that was written."""

    def close(self, patience: float = 2.0) -> None:  # noqa: ARG002 - nothing is on its way
        """Gives the printer back; the system's driver is not called back, only to be turned out again."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with contextlib.suppress(usb.core.USBError):
                usb.util.release_interface(opened.device, opened.interface)
            with contextlib.suppress(usb.core.USBError):
                usb.util.dispose_resources(opened.device)
        self._line.leave()

    def _device(self) -> _Opened:
        if self._opened is None:
            raise OSError(errno.ENOTCONN, "not open")
        return self._opened

    def _send(self, data: bytes, *, counted: bool) -> None:
        end = self._device().to_printer
        until = time.monotonic() + self.timeout
        left = data
        while left:
            wait = until - time.monotonic()
            try:
                sent = end.write(left, _milliseconds(wait))
            except usb.core.USBTimeoutError as error:
                raise TimeoutError("the printer takes no more bytes") from error
            except usb.core.USBError as error:
                self._failed(end, error)
                raise
            if counted:
                self.bytes_written += sent
            left = left[sent:]
            if left and wait <= 0:
                raise TimeoutError("the printer takes no more bytes")

    def _received(self, wait: float) -> bytes:
        """What came in; some printers answer with nothing, at once, until they have something to say."""
        end = self._device().from_printer
        if end is None:
            return b""
        until = time.monotonic() + wait
        while True:
            left = until - time.monotonic()
            try:
                data = bytes(end.read(end.wMaxPacketSize, _milliseconds(left)))
            except usb.core.USBTimeoutError:
                return b""
            except usb.core.USBError as error:
                if error.errno == errno.EOVERFLOW:  # more than a packet, by a printer that counts wrongly
                    return b""
                self._failed(end, error)
                raise
            if data or left <= 0:
                return data
            time.sleep(_AGAIN)

    def _failed(self, end: _Endpoint, error: usb.core.USBError) -> None:
        self._lost()
        if error.errno == errno.EPIPE:
            # Stalled: the next job's connection must find the pipe open again.
            with contextlib.suppress(usb.core.USBError):
                end.clear_halt()

    def _port_status(self) -> PrinterStatus:
        """The port's own byte, for a printer that does not answer: whether there is paper, if it tells."""
        opened = self._device()
        try:
            byte = opened.device.ctrl_transfer(
                _TO_INTERFACE, _GET_PORT_STATUS, 0, opened.interface, 1, _milliseconds(min(self.timeout, 1.0))
            )
        except usb.core.USBError as error:
            if error.errno == errno.ENODEV:
                self._lost()
                raise
            byte = b""
        silent = opened.from_printer is None or not self.manners.asks
        return PrinterStatus.from_port(byte[0]) if byte else PrinterStatus(cannot_answer=silent)


def plugged_in() -> list[PluggedIn]:
    """The USB printers of this machine, by their class; OSError when the machine has no libusb."""
    found = []
    for device in _find(backend=UsbTransport.backend):
        with contextlib.suppress(usb.core.USBError):
            if any(each.bInterfaceClass == _PRINTER_CLASS for part in device for each in part):
                names = (_text(device, device.iManufacturer), _text(device, device.iProduct))
                found.append(
                    PluggedIn(
                        device.idVendor,
                        device.idProduct,
                        _text(device, device.iSerialNumber),
                        " ".join(filter(None, names)),
                    )
                )
        usb.util.dispose_resources(device)
    return found


def _find(**wanted: object) -> list[_Device]:
    try:
        return list(usb.core.find(find_all=True, **wanted))
    except usb.core.NoBackendError as error:
        raise OSError(errno.ENOSYS, "libusb is missing on this machine: install libusb-1.0-0") from error


def _claim(device: _Device) -> _Opened:
    """Takes the printer's interface from the system's driver; the device itself describes its endpoints."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    interface = _interface(configuration)
    number = interface.bInterfaceNumber
    with contextlib.suppress(NotImplementedError):  # not every system has such drivers
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    usb.util.claim_interface(device, number)
    if interface.bAlternateSetting:
        device.set_interface_altsetting(number, interface.bAlternateSetting)
    to_printer, from_printer = (_endpoint(interface, way) for way in (_OUT, _IN))
    return _Opened(device, number, to_printer, from_printer)


def _interface(configuration: Any) -> Any:
    """The interface that takes raw bytes: rather of the printer class, rather one that answers."""
    usable = [
        (_CLASSES.index(interface.bInterfaceClass), _endpoint(interface, _IN) is None, number, interface)
        for number, interface in enumerate(configuration)
        if interface.bInterfaceClass in _CLASSES
        and interface.bInterfaceProtocol != _IPP
        and _endpoint(interface, _OUT) is not None
    ]
    if not usable:
        raise OSError(errno.ENXIO, "the device is no printer")
    return min(usable)[-1]


def _endpoint(interface: Any, direction: int) -> _Endpoint | None:
    return usb.util.find_descriptor(
        interface,
        custom_match=lambda end: (
            usb.util.endpoint_direction(end.bEndpointAddress) == direction
            and usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ),
    )


def _text(device: _Device, index: int) -> str:
    """A text the device has of itself, or nothing when it may not or does not say."""
    try:
        return str(usb.util.get_string(device, index) or "").strip("\0 ") if index else ""
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""


def _milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), _SHORTEST)
