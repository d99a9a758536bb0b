"""Who acts in the tests: the demo shop's people by PIN, and programs by token, one of every role."""

from typing import TypeAlias

Approval: TypeAlias = dict[str, str]

PINS = {"Manajer": "111111", "Pengawas": "222222", "Kasir": "333333"}
"""The demo shop's people."""

PROGRAMS: dict[str, tuple[str, str | None]] = {
    "manager": ("manager", None),
    "supervisor": ("supervisor", None),
    "cashier": ("cashier", "K1"),
    "colleague": ("cashier", "K1"),
    "cashier at G1": ("cashier", "G1"),
    "roaming cashier": ("cashier", None),
    "cashless": ("cashless", "K1"),
    "kiosk": ("kiosk", "K2"),
    "treasurer": ("treasurer", None),
    "auditor": ("auditor", None),
}
"""Name of a program, its role and the only register it acts at."""

EVERYBODY = tuple(PROGRAMS)


def approval(name: str = "Pengawas", pin: str | None = None) -> Approval:
    """Name and PIN as they stand in a request."""
    return {"user": name, "pin": PINS[name] if pin is None else pin}
