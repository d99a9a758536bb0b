"""What the books write as a code, in words: states and kinds, settings, keys of people, reports as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from pos.domain.money import rupiah
from pos.domain.settlement import PROFILES
from pos.doors.problems import ROLE_NAMES
from pos.errors import N_
from pos.web.office import show, words

STATES: dict[tuple[str, str], Mapping[str, str]] = {
    ("sale", "status"): words.SALE,
    ("tender", "method"): words.METHOD,
    ("corrected_tender", "method"): words.METHOD,
    ("refund", "kind"): words.BACK_KIND,
    ("refund", "method"): words.METHOD,
    ("refund_tender", "method"): words.METHOD,
    ("payment", "status"): words.PAYMENT,
    ("payment", "provider"): words.PROVIDER,
    ("payment", "why"): words.WHY,
    ("payment", "decision"): words.DECISION,
    ("payment", "verified_by"): words.VERIFIED,
    ("payment_refund", "status"): words.BACK,
    ("held_order", "kind"): words.ORDER_KIND,
    ("held_order", "status"): words.ORDER,
    ("shift", "status"): words.SHIFT,
    ("cash_event", "kind"): words.CASH,
    ("movement", "reason"): words.MOVEMENT,
    ("stock_paper", "kind"): words.PAPER,
    ("stock_paper", "reason"): words.MOVEMENT,
    ("stock_transfer", "status"): words.TRANSFER,
    ("stock_transfer_line", "side"): words.SIDE,
    ("stock_count", "status"): words.STOCK_COUNT,
    ("stock_count_tally", "kind"): words.TALLY,
    ("consignment_sale", "status"): words.REPORT,
    ("exchange_file", "kind"): words.EXCHANGE,
    ("setting_exchange", "side"): words.EXCHANGE_SIDE,
    ("setting_partner", "kind"): words.PARTNER,
    ("product_source", "kind"): words.SOURCE,
    ("product_permit", "kind"): words.PERMIT,
    ("location", "kind"): words.PLACE,
    ("register", "kind"): words.REGISTER,
    ("user_account", "role"): ROLE_NAMES,
    ("user_token", "role"): ROLE_NAMES,
    ("settlement_file", "provider"): {key: profile.label for key, profile in PROFILES.items()},
    ("settlement_row", "kind"): words.ROW,
    ("settlement_row", "outcome"): words.SETTLED,
    ("settlement_row", "matched_by"): words.SETTLED_BY,
    ("sign_check", "outcome"): words.SIGN,
}
"""Columns of the books that hold one of a few values, and what each value is called."""

SETTINGS = {
    "name": N_("Name of the shop"),
    "demo": N_("Demo shop"),
    "training": N_("Shop to practise in"),
    "rounding_step": N_("Rounding of cash"),
    "limit_discount_percent": N_("Discount of a cashier, percent"),
    "limit_over_short": N_("Over or short without an approval"),
    "limit_manual_qris": N_("QRIS confirmed by hand without an approval"),
    "merchant_qris": N_("Text of the printed QRIS code"),
    "receipt_footer": N_("Last lines of a receipt"),
    "receipt_header": N_("First lines of a receipt"),
    "receipt_logo": N_("Logo on receipts"),
    "receipt_show_address": N_("Receipts show the address"),
    "receipt_show_cashier": N_("Receipts show the cashier"),
    "receipt_show_unit_prices": N_("Receipts show unit prices"),
    "receipt_show_discounts": N_("Receipts show discounts"),
    "receipt_show_barcodes": N_("Receipts show barcodes"),
    "receipt_show_link": N_("Receipts show the address of the receipt on the web"),
    "idle_lock_seconds": N_("Lock an idle till after, seconds"),
    "print_hours": N_("Give up printing after, hours"),
    "order_slip_minutes": N_("Keep the goods of an order slip for, minutes"),
}
"""What the shop's settings are called (pos/domain/shop.py)."""
_RUPIAH_SETTINGS = {"rounding_step", "limit_over_short", "limit_manual_qris"}

OWNERS = {"user": N_("Person"), "token": N_("Program"), "device": N_("Browser")}
MOST_TEXT = 600
"""So much of one value is shown; a logo is twelve thousand letters."""

REPORT = {
    "shift": N_("Cashier shift"),
    "register": N_("Register"),
    "outlet": N_("Outlet"),
    "cash": N_("Cash"),
    "qris": "QRIS",
    "by_method": N_("By method"),
    "by_product": N_("By product"),
    "refunded": N_("Given back"),
    "refunded_quantity": N_("Pieces given back"),
    "sales_count": N_("Number of sales"),
    "refund_count": N_("Number of refunds"),
    "void_count": N_("Number of voids"),
    "discounts": N_("Discounts"),
    "refunds": N_("Refunds"),
    "first_number": N_("First number"),
    "last_number": N_("Last number"),
    "cash_sales": N_("Sales in cash"),
    "cash_refunds": N_("Refunds in cash"),
    "paid_in": N_("Paid in"),
    "paid_out": N_("Paid out"),
    "expected_cash": N_("Expected cash"),
    "counted_cash": N_("Counted cash"),
    "over_short": N_("Over or short"),
    "drawer_openings": N_("Drawer opened without a sale"),
    "copies": N_("Copies of receipts"),
    "tender_corrections": N_("Payments changed"),
    "grand_total": N_("Everything this register ever sold"),
    "last_entry_hash": N_("Last entry of the book"),
    "pending": N_("Waiting"),
    "late": N_("Without a sale"),
    "refunds_waiting": N_("Refunds on their way"),
    "refunds_refused": N_("Refunds that the provider refused"),
    "confirmed": N_("Confirmed by the provider"),
    "by_hand": N_("Confirmed by hand"),
    "simulated": N_("By the simulator"),
    "count": N_("How many"),
    "undecided_count": N_("Not decided about, number"),
    "undecided": N_("Not decided about"),
    "verified_count": N_("Verified, number"),
    "verified": N_("Verified"),
    "unverified_count": N_("Unverified, number"),
    "unverified": N_("Unverified"),
}
"""Names in a report of a shift; the others are called as columns are."""
_NUMBERS = {"quantity", "drawer_openings", "copies", "tender_corrections", "number"}


def in_words(table: str, column: str, value: str) -> str | None:
    """Return a value of a state column in words, None when the column holds none of a few values."""
    known = STATES.get((table, column))
    if known is None:
        return None
    return gettext(known[value]) if value in known else value


def key_of(value: str) -> str:
    """Return whose key it is: user:3 is person 3."""
    kind, _, number = value.partition(":")
    return f"{gettext(OWNERS[kind])} {number}" if kind in OWNERS else value


def setting(key: object, value: str) -> str:
    """Return the value of a setting, which is kept as JSON."""
    try:
        found = json.loads(value)
    except ValueError:
        return value
    if isinstance(found, bool):
        return show.yes_or_no(found)
    if isinstance(found, int) and key in _RUPIAH_SETTINGS:
        return rupiah(found)
    return cut(str(found)) or "–"


def cut(text: str) -> str:
    """Return as much of a value as is shown."""
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"


def counted(text: str) -> str:
    """Return notes and coins, which are kept as JSON, the largest first: 3 × Rp 100.000."""
    kinds = sorted(json.loads(text).items(), key=lambda one: -int(one[0]))
    return ", ".join(f"{count} × {rupiah(int(kind))}" for kind, count in kinds if count) or "–"


def report_pairs(text: str, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the names and values of a shift's report, which is kept as JSON."""
    found = json.loads(text)
    return [(_called(name, columns), report(value, columns, name)) for name, value in found.items()]


def report(value: Any, names: Mapping[str, str], key: str = "") -> str:
    """Return a report of a shift as one text; `names` are what columns are called."""
    if value is None or value in ("", {}, []):
        return "–"
    if isinstance(value, Mapping):
        return "; ".join(f"{_called(name, names)}: {report(one, names, name)}" for name, one in value.items())
    if isinstance(value, list):
        return "; ".join(f"({report(one, names, key)})" for one in value)
    if isinstance(value, bool):
        return show.yes_or_no(value)
    if isinstance(value, int):
        return str(value) if key in _NUMBERS or key.endswith(("count", "quantity")) else rupiah(value)
    if key.endswith("_at"):
        return show.at(value)
    if key == "business_date":
        return show.day(value)
    if key == "status":
        return words.word(value, "shift")
    return str(value)


def _called(name: str, names: Mapping[str, str]) -> str:
    return str(gettext(REPORT.get(name) or names.get(name) or name))
