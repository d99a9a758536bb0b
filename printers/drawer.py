"""The pulse that opens a cash drawer, in its turn or at once."""

from typing import Final

_PINS: Final = {2: 0, 5: 1}


def drawer_pulse(pin: int = 2, on: int = 100, off: int = 100) -> bytes:
    """The bytes that open the drawer on this pin (2 or 5) when their turn comes; times in milliseconds."""
    return bytes((0x1B, 0x70, _socket(pin), _time(on // 2, 255), _time(off // 2, 255)))


def drawer_pulse_now(pin: int = 2, on: int = 100) -> bytes:
    """The bytes that open the drawer at once, also while paper or cover stop a printer that knows them."""
    return bytes((0x10, 0x14, 0x01, _socket(pin), _time((on + 50) // 100, 8)))


def _socket(pin: int) -> int:
    if pin not in _PINS:
        raise ValueError(f"a drawer hangs on pin 2 or 5, not {pin}")
    return _PINS[pin]


def _time(units: int, most: int) -> int:
    return max(1, min(units, most))
