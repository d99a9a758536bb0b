"""States, roles and kinds as people read them."""

from flask_babel import gettext

from pos.doors.problems import ROLE_NAMES
from pos.errors import N_

SALE = {
    "completed": N_("Completed"),
    "awaiting_payment": N_("Awaiting payment"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
    "voided": N_("Voided"),
}
PAYMENT = {
    "waiting": N_("Waiting"),
    "paid": N_("Paid"),
    "late": N_("Paid too late"),
    "expired": N_("Expired"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Failed"),
    "refunded": N_("Paid back"),
}
JOB = {
    "queued": N_("In the queue"),
    "printing": N_("Printing"),
    "printed": N_("Printed"),
    "unknown": N_("Not certain"),
    "failed": N_("Failed"),
    "expired": N_("Expired"),
}
JOB_KIND = {
    "receipt": N_("Receipt"),
    "drawer": N_("Drawer"),
    "copy": N_("Copy of a receipt"),
    "refund": N_("Refund"),
    "void": N_("Void"),
    "z": N_("Z report"),
    "x": N_("X report"),
    "cash": N_("Cash slip"),
    "test": N_("Test page"),
    "label": N_("Labels"),
    "transfer": N_("Transfer slip"),
    "order": N_("Order slip"),
    "qr": N_("Slip with a QRIS code"),
}
MOVEMENT = {
    "sale": N_("Sold"),
    "refund": N_("Refund"),
    "void": N_("Void"),
    "receipt": N_("Goods in"),
    "count": N_("Stock count"),
    "waste": N_("Damaged goods"),
    "sample": N_("Sample"),
    "correction": N_("Correction"),
    "transfer": N_("Moved"),
    "short": N_("Missing on arrival"),
    "over": N_("Too much on arrival"),
    "consigned": N_("Sold at a partner's"),
    "returned": N_("Back from a partner"),
    "spoiled": N_("Spoiled at a partner's"),
}
PARTNER = {
    "shop": N_("Shop"),
    "supermarket": N_("Supermarket"),
    "outlet": N_("Outlet of ours that sells cut off"),
}
NOTE = {"SJ": N_("Delivery note"), "LJ": N_("Report of sales"), "SR": N_("Return note")}
REPORT = {"booked": N_("Booked"), "reversed": N_("Reversed")}
ORDER = {"open": N_("Waiting"), "used": N_("Sold"), "dropped": N_("Dropped"), "expired": N_("Expired")}
ORDER_KIND = {"held": N_("Held cart"), "slip": N_("Slip")}
TRANSFER = {"sent": N_("On the way"), "received": N_("Received")}
STOCK_COUNT = {"open": N_("Being counted"), "posted": N_("Posted"), "dropped": N_("Dropped")}
PERMIT = {"pirt": "P-IRT", "halal": "Halal"}
SOURCE = {"supplier": N_("Supplier"), "maker": N_("Maker group")}
ADJUSTMENT = {reason: MOVEMENT[reason] for reason in ("count", "waste", "sample", "correction")}
SETTLED = {
    "matched": N_("Matched"),
    "amount": N_("Another amount"),
    "theirs": N_("Only in the file"),
    "refund": N_("Paid back"),
    "duplicate": N_("Repeated"),
}
SETTLED_BY = {
    "reference": N_("by reference"),
    "rrn": N_("by RRN"),
    "time": N_("by amount and time"),
    "hand": N_("by hand"),
}
METHOD = {"cash": N_("Cash"), "qris": "QRIS", "mixed": N_("Cash and QRIS")}
SHIFT = {"open": N_("Open"), "counted": N_("Counted"), "closed": N_("Closed")}
REGISTER = {"till": N_("Till with a cashier"), "kiosk": N_("Self-service kiosk")}

PROVIDER = {
    "static": N_("Own QRIS, confirmed by hand"),
    "simulator": N_("Simulator"),
    "snap": "SNAP",
    "midtrans": "Midtrans",
}
BACK = {
    "waiting": N_("On its way"),
    "refused": N_("Refused: pay it in cash"),
    "done": N_("Gone back"),
    "cash": N_("Paid in cash"),
}
WHY = {
    "late": N_("Came too late"),
    "twice": N_("Paid twice"),
    "amount": N_("Another amount"),
}
DECISION = {
    "attached": N_("Attached to a sale"),
    "kept": N_("Kept as found money"),
    "refunded": N_("To go back to the buyer"),
}
VERIFIED = {
    "provider": N_("the provider"),
    "settlement": N_("a settlement file"),
}
PLACE = {
    "stock": N_("Shelf of ours"),
    "transit": N_("On the way"),
    "supplier": N_("Supplier"),
    "customer": N_("Customer"),
    "loss": N_("Loss"),
}
PAPER = {"receipt": N_("Goods in"), "adjustment": N_("Correction")}
TALLY = {"add": N_("More of it"), "set": N_("So many in all"), "again": N_("Count it anew")}
SIDE = {"sent": N_("Sent"), "received": N_("Received")}
EXCHANGE = {"delivery": N_("Delivery file"), "settlement": N_("Settlement file of goods")}
EXCHANGE_SIDE = {"main": N_("We deliver"), "outlet": N_("They deliver")}
CASH = {
    "float": N_("Float"),
    "sale": N_("Sale"),
    "refund": N_("Refund"),
    "pay_in": N_("Pay in"),
    "pay_out": N_("Pay out"),
    "no_sale": N_("Drawer opened without a sale"),
}
ROW = {"payment": N_("Payment"), "refund": N_("Paid back")}
BACK_KIND = {"refund": N_("Refund"), "void": N_("Void")}
SIGN = {
    "same": N_("Our merchant"),
    "other": N_("ANOTHER MERCHANT"),
    "transfer": N_("A TRANSFER CODE"),
    "no_code": N_("No payment code"),
}
SIGN_ROWS = {
    "nmid": N_("NMID"),
    "mpan": N_("Account number (MPAN)"),
    "merchant_id": N_("Merchant id at the acquirer"),
    "acquirer": N_("Acquirer"),
    "name": N_("Name"),
    "city": N_("City"),
}

GROUPS = {
    "sale": SALE,
    "payment": PAYMENT,
    "settled": SETTLED,
    "settled_by": SETTLED_BY,
    "job": JOB,
    "job_kind": JOB_KIND,
    "movement": MOVEMENT,
    "order": ORDER,
    "order_kind": ORDER_KIND,
    "transfer": TRANSFER,
    "partner": PARTNER,
    "note": NOTE,
    "report": REPORT,
    "stock_count": STOCK_COUNT,
    "permit": PERMIT,
    "source": SOURCE,
    "method": METHOD,
    "shift": SHIFT,
    "register": REGISTER,
    "role": ROLE_NAMES,
}

TONES = {
    "good": {
        "completed",
        "paid",
        "printed",
        "open",
        "active",
        "matched",
        "received",
        "posted",
        "booked",
        "used",
    },
    "warn": {
        *("awaiting_payment", "waiting", "late", "unknown", "queued", "printing", "counted"),
        *("amount", "theirs", "sent"),
    },
    "danger": {"failed", "voided", "reversed"},
}


def word(value: str, group: str) -> str:
    """Return a state, role or kind in the reader's language; one that is not known stays as it is."""
    text = GROUPS[group].get(value)
    return gettext(text) if text else value


def tone(value: str) -> str:
    """Return how a state is coloured; the word beside it says the same."""
    return next((name for name, states in TONES.items() if value in states), "")


def options(group: str) -> list[tuple[str, str]]:
    """Return the choices of a group as a select wants them."""
    return [(value, gettext(text)) for value, text in GROUPS[group].items()]
