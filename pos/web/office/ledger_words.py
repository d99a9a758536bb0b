"""An entry's content in words: what kind of act it was, what its tables and columns are called."""

import json
from typing import Any

from flask_babel import gettext

from pos.domain.money import rupiah
from pos.errors import N_
from pos.queries.journal import Content, EntryView, names_in
from pos.web.office import ledger_states, show
from pos.web.office.act_words import KINDS
from pos.web.office.ledger_states import SETTINGS
from pos.web.office.words import SIGN_ROWS

TABLES = {
    "sale": N_("Sale"),
    "sale_line": N_("Lines"),
    "sale_note": N_("Note"),
    "tender": N_("Payment"),
    "tender_correction": N_("Payment changed"),
    "corrected_tender": N_("Payment"),
    "payment": N_("QRIS payment"),
    "payment_refund": N_("Money going back"),
    "sign_check": N_("QRIS sign"),
    "reservation": N_("Set aside"),
    "held_order": N_("Order"),
    "held_order_line": N_("Lines"),
    "held_order_note": N_("Note"),
    "held_order_reservation": N_("Set aside"),
    "movement": N_("Stock movements"),
    "cash_event": N_("Cash in the drawer"),
    "cash_count": N_("Cash count"),
    "shift": N_("Cashier shift"),
    "z_report": N_("Z report"),
    "refund": N_("Refund"),
    "refund_line": N_("Goods returned"),
    "refund_tender": N_("Money paid back"),
    "receipt_copy": N_("Copy of a receipt"),
    "stock_paper": N_("Stock paper"),
    "stock_transfer": N_("Transfer"),
    "stock_transfer_line": N_("Lines"),
    "consignment_delivery": N_("Delivery note"),
    "consignment_sale": N_("Report of sales"),
    "consignment_sale_line": N_("Lines"),
    "consignment_return": N_("Return note"),
    "consignment_return_line": N_("Lines"),
    "exchange_file": N_("Outlet file"),
    "exchange_goods": N_("Deliveries in the file"),
    "setting_exchange": N_("Link to an outlet's shop"),
    "setting_partner": N_("Partner"),
    "price_partner": N_("Agreed price"),
    "stock_count": N_("Stock count"),
    "stock_count_frozen": N_("Books at the freeze"),
    "stock_count_tally": N_("Counted"),
    "stock_count_result": N_("Differences"),
    "lot": N_("Lot"),
    "product": N_("Product"),
    "product_source": N_("Supplier or maker group"),
    "product_minimum": N_("Minimum stock"),
    "product_permit": N_("Permits"),
    "product_barcode": N_("Barcode"),
    "product_category": N_("Category"),
    "discount_preset": N_("Ready discount"),
    "product_picture": N_("Picture"),
    "price": N_("Price"),
    "setting": N_("Setting"),
    "setting_fee_rate": N_("QRIS fee rate"),
    "settlement_file": N_("Settlement file"),
    "settlement_row": N_("Settlement row"),
    "location": N_("Location"),
    "outlet": N_("Outlet"),
    "register": N_("Register"),
    "user_account": N_("Person"),
    "user_token": N_("Token"),
    "entry": N_("Request"),
}

COLUMNS = {
    "id": N_("Id"),
    "book_id": N_("Book"),
    "seq": N_("Entry"),
    "sale_id": N_("Sale"),
    "refund_id": N_("Refund"),
    "correction_id": N_("Payment changed"),
    "moved": N_("From QRIS to cash"),
    "shift_id": N_("Cashier shift"),
    "source_id": N_("Belongs to"),
    "cashier_key": N_("Key of the cashier"),
    "by_key": N_("Key of the cashier"),
    "order_id": N_("Order"),
    "slip_id": N_("Print job"),
    "ended_at": N_("Ended"),
    "ended_by": N_("Ended by"),
    "opened_seq": N_("Opened by entry"),
    "request_hash": N_("Hash of the request"),
    "media_type": N_("File type"),
    "digest": N_("Hash"),
    "pin_once": N_("One-time PIN"),
    "provider": N_("Provider"),
    "payload": N_("QRIS code"),
    "denominations": N_("Notes and coins"),
    "report": N_("Report"),
    "number": N_("Number"),
    "status": N_("State"),
    "register_id": N_("Register"),
    "outlet_id": N_("Outlet"),
    "product_id": N_("Product"),
    "location_id": N_("Location"),
    "from_id": N_("From"),
    "to_id": N_("To"),
    "lot_id": N_("Lot"),
    "business_date": N_("Business date"),
    "gross": N_("Gross"),
    "subtotal": N_("Subtotal"),
    "discount": N_("Discount"),
    "rounding": N_("Rounding"),
    "total": N_("Total"),
    "change": N_("Change"),
    "amount": N_("Amount"),
    "paid_amount": N_("Amount paid"),
    "unit_price": N_("Unit price"),
    "unit_cost": N_("Cost of one"),
    "counted": N_("Counted"),
    "float": N_("Float"),
    "quantity": N_("Quantity"),
    "on_hand": N_("In stock"),
    "reserved": N_("Set aside"),
    "reason": N_("Reason"),
    "discount_reason": N_("Reason"),
    "note": N_("Note"),
    "method": N_("Method"),
    "kind": N_("Kind"),
    "code": N_("Code"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "role": N_("Role"),
    "active": N_("Active"),
    "sku": N_("SKU"),
    "unit": N_("Unit"),
    "category": N_("Category"),
    "favourite": N_("Favourite"),
    "text": N_("Text"),
    "percent_bp": N_("Percent"),
    "approved": N_("Approved in advance"),
    "position": N_("Position"),
    "barcode": N_("Barcode"),
    "valid_from": N_("Valid from"),
    "expires_on": N_("Best before"),
    "expires_at": N_("Expires"),
    "created_at": N_("Made"),
    "completed_at": N_("Completed"),
    "opened_at": N_("Opened"),
    "closed_at": N_("Closed"),
    "settled_at": N_("Settled"),
    "set_at": N_("Set"),
    "at": N_("When"),
    "by": N_("Who"),
    "cashier": N_("Cashier"),
    "opened_by": N_("Opened by"),
    "closed_by": N_("Closed by"),
    "set_by": N_("Set by"),
    "confirmed_by": N_("Confirmed by"),
    "approved_by": N_("Approved by"),
    "reference": N_("Reference"),
    "restock": N_("Back into stock"),
    "key": N_("Setting"),
    "value": N_("Value"),
    "address": N_("Address"),
    "time_zone": N_("Time zone"),
    "cut_off": N_("Day turns at"),
    "fee": N_("Fee"),
    "net": N_("Net"),
    "line": N_("Line"),
    "day": N_("Date"),
    "rrn": "RRN",
    "our_reference": N_("Our reference"),
    "issuer": N_("Paid with"),
    "terminal": N_("Terminal"),
    "outcome": N_("Outcome"),
    "payment_id": N_("QRIS payment"),
    "matched_by": N_("Matched"),
    "decided_by": N_("Decided by"),
    "file_id": N_("Settlement file"),
    "imported_at": N_("Imported"),
    "imported_by": N_("Imported by"),
    "row_count": N_("Rows"),
    "skipped": N_("Lines left out"),
    "first_on": N_("First day"),
    "last_on": N_("Last day"),
    "utc_offset": N_("Minutes ahead of UTC"),
    "sha256": N_("Hash"),
    "criteria": N_("Class of merchant"),
    "from_on": N_("Valid from"),
    "above": N_("Above"),
    "rate_bp": N_("Rate"),
    "verified_by": N_("Verified by"),
    "verified_reference": N_("Number at the provider"),
    "paid_at": N_("Paid at"),
    "their_reference": N_("Their number of the code"),
    "why": N_("Why without a sale"),
    "decision": N_("Decision"),
    "decision_reason": N_("Reason"),
    "decided_at": N_("Decided"),
    "trouble": N_("Trouble"),
    "cash_shift_id": N_("Shift that paid in cash"),
    "place": N_("Which sign"),
    "differs": N_("What differs"),
    "our_nmid": N_("Our NMID"),
    "partner_id": N_("Partner"),
    "commission_bp": N_("Commission"),
    "commission": N_("Their commission"),
    "due": N_("They owe us"),
    "document": N_("Their number"),
    "until_on": N_("Last day"),
    "file_name": N_("File"),
    "their_price": N_("Their price"),
    "sold_on": N_("Day"),
    "outlet": N_("Which of their shops"),
    "spoiled": N_("Spoiled"),
    "reversed_at": N_("Reversed"),
    "reversed_by": N_("Reversed by"),
    "return_id": N_("Return note"),
    "row": N_("Row"),
    "link_id": N_("Other shop"),
    "pieces": N_("Pieces"),
    "transfer_id": N_("Transfer"),
    "contact": N_("Contact"),
    "terms": N_("Terms"),
    "columns": N_("Columns of their file"),
    "made_on": N_("Made on"),
    "made_at": N_("Made"),
    "minimum": N_("Minimum stock"),
    "side": N_("Side"),
    "back_id": N_("Where goods go back to"),
    "blind": N_("Blind"),
    "started_at": N_("Begun"),
    "started_by": N_("Begun by"),
    "sent_at": N_("Sent"),
    "sent_by": N_("Sent by"),
    "received_at": N_("Received"),
    "received_by": N_("Received by"),
    "revoked_at": N_("Revoked"),
    "count_id": N_("Stock count"),
    "on_books": N_("In the books"),
    "difference": N_("Difference"),
}

RUPIAH = {
    "gross",
    "subtotal",
    "discount",
    "rounding",
    "total",
    "change",
    "amount",
    "paid_amount",
    "unit_price",
    "unit_cost",
    "counted",
    "float",
    "fee",
    "net",
    "above",
    "commission",
    "due",
    "their_price",
    "moved",
}
"""Columns that hold rupiah, whatever table they stand in."""


def kind(name: str) -> str:
    """Return what an entry is about, in words."""
    return gettext(KINDS[name]) if name in KINDS else name


def gist(entry: EntryView) -> str:
    """Return an entry in one short line: the number, the amount, the thing it is about."""
    for name in ("sale", "refund", "payment", "cash_event", "cash_count", "shift", "price", "held_order"):
        rows = entry.content.get(name)
        if rows:
            row = rows[0]
            parts = [
                row.get("number"),
                *(rupiah(row[c]) for c in ("total", "counted") if _is_int(row.get(c))),
            ]
            if name in ("cash_event", "price", "payment") and _is_int(row.get("amount")):
                parts.append(rupiah(row["amount"]))
            parts.append(row.get("reason"))
            return " · ".join(str(part) for part in parts if part)
    for table, rows in entry.content.items():
        names = [_named(table, row) for row in rows]
        text = ", ".join(name for name in names[:3] if name)
        if text:
            return text + ("…" if len(rows) > 3 else "")
    return ""


def _named(table: str, row: dict[str, Any]) -> str:
    """Return what a row is called; nothing when it has no name."""
    if table == "setting":
        return _text(table, row, "key", str(row.get("key") or ""))
    return str(row.get("name") or row.get("code") or row.get("key") or "")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def table_name(name: str) -> str:
    """Return what a table is called; one that is not known stays as it is."""
    return gettext(TABLES[name]) if name in TABLES else name


def readable(content: Content) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """Return an entry's tables in words, known ones first; each row is a list of (column, value)."""
    names = names_in(content)
    order = list(TABLES)
    known = sorted(content, key=lambda table: order.index(table) if table in TABLES else len(order))
    return [
        (
            table_name(table),
            [
                [pair for column in row for pair in _pairs(table, row, column, names)]
                for row in content[table]
            ],
        )
        for table in known
    ]


def _pairs(
    table: str, row: dict[str, Any], column: str, names: dict[tuple[str, int], str]
) -> list[tuple[str, str]]:
    """Return a column's name and value in words; a report of a shift is one pair for each of its names."""
    if column == "report" and isinstance(row[column], str):
        return ledger_states.report_pairs(row[column], COLUMNS)
    return [(_column(column), _value(table, row, column, names))]


def _column(name: str) -> str:
    return gettext(COLUMNS[name]) if name in COLUMNS else name


def _value(table: str, row: dict[str, Any], column: str, names: dict[tuple[str, int], str]) -> str:
    value = row[column]
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return show.yes_or_no(value)
    if isinstance(value, int):
        if column in RUPIAH:
            return rupiah(value)
        if column.endswith("_bp"):
            return show.percent(value)
        return names.get((column, value), str(value))
    if isinstance(value, str):
        return _text(table, row, column, value)
    return ledger_states.cut(json.dumps(value, ensure_ascii=False))


def _text(table: str, row: dict[str, Any], column: str, value: str) -> str:
    said = ledger_states.in_words(table, column, value)
    if said is not None:
        return said
    if table == "setting":
        if column == "key":
            return gettext(SETTINGS[value]) if value in SETTINGS else value
        return ledger_states.setting(row.get("key"), value)
    if table == "sign_check" and column == "differs":
        return ", ".join(gettext(SIGN_ROWS.get(name, name)) for name in value.split(", "))
    if column == "denominations":
        return ledger_states.counted(value)
    if column in ("cashier_key", "by_key"):
        return ledger_states.key_of(value)
    if column.endswith("_at") or column == "at":
        return show.at(value)
    if column.endswith("_on") or column in ("business_date", "valid_from"):
        return show.day(value)
    return ledger_states.cut(value)
