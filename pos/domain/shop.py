"""The shop's own settings: their names, types, defaults and bounds.

They live in the table `setting`, are edited in the back office, and every change is an entry of the office's
book.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from pos.domain.words import N_


@dataclass(frozen=True, slots=True)
class Shop:
    """What belongs to the shop rather than to the machine.

    Amounts are rupiah, times seconds or hours as named.
    """

    name: str = "Toko Karya"
    demo: bool = False
    training: bool = False
    rounding_step: int = 100
    limit_discount_percent: int = 10
    limit_over_short: int = 10_000
    limit_manual_qris: int = 500_000
    merchant_qris: str = ""
    receipt_footer: str = "Terima kasih. Barang rusak dapat ditukar: tunjukkan struk ini dalam 2 x 24 jam."
    receipt_header: str = ""
    receipt_logo: str = ""
    receipt_show_address: bool = True
    receipt_show_cashier: bool = True
    receipt_show_unit_prices: bool = True
    receipt_show_discounts: bool = True
    receipt_show_barcodes: bool = False
    receipt_show_link: bool = True
    idle_lock_seconds: int = 120
    print_hours: int = 12
    order_slip_minutes: int = 30

    @property
    def pretended(self) -> bool:
        """Whether nothing here is real: a demo shop, or one to practise in. Anybody may look at it."""
        return self.demo or self.training


BOUNDS: dict[str, tuple[int, int]] = {
    "rounding_step": (1, 1_000),
    "limit_discount_percent": (0, 100),
    "limit_over_short": (0, 10_000_000),
    "limit_manual_qris": (0, 10_000_000),
    "idle_lock_seconds": (15, 3_600),
    "print_hours": (1, 168),
    "order_slip_minutes": (5, 480),
}
"""Least and greatest value of each number."""

LENGTHS: dict[str, int] = {
    "name": 60,
    "merchant_qris": 512,
    "receipt_footer": 300,
    "receipt_header": 150,
    "receipt_logo": 12_000,
}
"""Longest text of each text setting; the logo is a PNG in base64, and every receipt is kept with it."""

LINES: dict[str, int] = {"receipt_header": 3, "receipt_footer": 6}
"""Most lines of each text that may have several."""


def shop_of(values: Mapping[str, object]) -> Shop:
    """Return the shop's settings: the stored values over the defaults; an unknown stored key is ignored.

    A key that a newer program stored must not stop an older one from selling.
    """
    known = {f.name: f.type for f in fields(Shop)}
    return Shop(**{key: value for key, value in values.items() if key in known})  # type: ignore[arg-type]


def problems(key: str, value: object) -> str | None:
    """Return what is wrong with a new value of `key` as an English msgid, None when it is fine."""
    default = asdict(Shop()).get(key)
    if default is None:
        return N_("This setting is not known.")
    if isinstance(default, bool):
        return None if isinstance(value, bool) else N_("Choose yes or no.")
    if isinstance(default, int):
        low, high = BOUNDS[key]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            return N_("This number is outside what is allowed.")
        return None
    if not isinstance(value, str) or len(value) > LENGTHS[key]:
        return N_("This text is too long.")
    return _text_problem(key, value)


def _text_problem(key: str, text: str) -> str | None:
    if key in LINES:
        lines = text.replace("\r\n", "\n").split("\n")
        if len(lines) > LINES[key]:
            return N_("These are too many lines.")
        return None if all(map(str.isprintable, lines)) else N_("Leave out control characters.")
    if key.startswith("receipt_") and not text.isprintable():
        return N_("Leave out control characters and line breaks.")
    return None
