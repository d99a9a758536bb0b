"""A correction of how a sale was paid, against the sale and against the payment it withdrew or added."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from pos.operations.verify.findings import EntryView
from pos.operations.verify.shift import Paid

Row: TypeAlias = dict[str, Any]


def tendered(entry: EntryView, row: Row, method: str) -> int:
    """Return rupiah tendered by a method, as the correction has it."""
    tenders = [t for t in entry.rows.get("corrected_tender", ()) if t["correction_id"] == row["id"]]
    return sum(tender["amount"] for tender in tenders if tender["method"] == method)


def problems(entry: EntryView, row: Row, paid: Paid) -> Iterator[str]:
    """Yield what is wrong with a correction of a sale that stood as `paid`."""
    cash, qris = tendered(entry, row, "cash"), tendered(entry, row, "qris")
    if row["position"] != paid.corrections + 1:
        yield f"position is {row['position']}, not {paid.corrections + 1}"
    if cash + qris - row["change"] != paid.total:
        yield f"tenders less change are {cash + qris - row['change']}, not {paid.total}"
    if row["change"] > cash:
        yield "more change than cash"
    if row["moved"] != paid.qris - qris:
        yield f"moved is {row['moved']}, not {paid.qris - qris}"
    if row["at"] != entry.at:
        yield f"at is {row['at']}, not {entry.at}"
    payments = entry.rows.get("payment", [])
    if [payment["id"] for payment in payments] != ([row["payment_id"]] if row["payment_id"] else []):
        yield "its payment is not the one of its entry"
        return
    for payment in payments:
        yield from _payment_problems(row, payment, qris)


def _payment_problems(row: Row, payment: Row, qris: int) -> Iterator[str]:
    if row["moved"] > 0:
        if (payment["status"], payment["paid_amount"], payment["reference"]) != ("cancelled", None, None):
            yield f"payment {payment['id']} is not withdrawn"
        return
    wanted = ("paid", qris, row["reference"], row["sale_id"])
    found = (payment["status"], payment["paid_amount"], payment["reference"], payment.get("sale_id"))
    if found != wanted or not payment["confirmed_by"]:
        yield f"payment {payment['id']} does not pay it"
