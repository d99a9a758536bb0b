"""A register's book, replayed: shifts, numbers, the arithmetic of each sale and refund, the Z reports."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pos.domain.drawer import DrawerEvent
from pos.domain.pricing import PricedLine, totals
from pos.operations.verify import corrections
from pos.operations.verify.chain import BookView
from pos.operations.verify.findings import EntryView, Findings
from pos.operations.verify.refunds import Returns
from pos.operations.verify.shift import ShiftSums, same_second
from pos.operations.verify.stock import Stock

Row: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class OpenSale:
    """A sale that is not completed: it may still be, even after it was cancelled or has expired."""

    row: Row
    lines: list[Row]
    tenders: list[Row]
    payment: Row
    reserved: list[Row] = field(default_factory=list)

    def paid(self, method: str) -> int:
        """Rupiah tendered by a method."""
        return sum(tender["amount"] for tender in self.tenders if tender["method"] == method)


class TillBook:
    """What the entries of one register's book say so far."""

    def __init__(self, book: BookView, findings: Findings, stock: Stock, returns: Returns) -> None:
        self.book = book
        self._findings = findings
        self._stock = stock
        self._returns = returns
        self._shift: ShiftSums | None = None
        self._sales: dict[str, OpenSale] = {}
        self._late_by_hand: set[str] = set()
        self.sale_count = 0
        self.refund_count = 0
        self.z_count = 0
        self.grand_total = 0

    def add(self, entry: EntryView) -> None:
        """Take in one entry."""
        rows: dict[str, list[Row]] = entry.rows
        for row in rows.get("shift", ()):
            self._take_shift(entry, row)
        for row in rows.get("cash_event", ()):
            self._take_cash(entry, row)
        for row in rows.get("cash_count", ()):
            self._take_count(entry, row)
        for row in rows.get("sale", ()):
            self._take_sale(entry, row)
        for row in rows.get("payment", ()):
            self._take_payment(entry, row)
        for row in rows.get("tender_correction", ()):
            self._take_correction(entry, row)
        for row in rows.get("refund", ()):
            self._take_refund(entry, row)
        for row in rows.get("receipt_copy", ()):
            self._returns.copies.setdefault(row["sale_id"], []).append((row["number"], entry))
            if self._shift is not None and row["shift_id"] == self._shift.row["id"]:
                self._shift.copies += 1
        for row in rows.get("z_report", ()):
            self._take_report(entry, row)

    def finish(self) -> None:
        """Compare the counters of the book's row."""
        for name in ("sale_count", "refund_count", "z_count", "grand_total"):
            found, wanted = self.book.row[name], getattr(self, name)
            if found != wanted:
                self._findings.of_book(self.book.code, f"book.{name} is {found}, the entries say {wanted}")

    def _same(self, entry: EntryView, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self._findings.at(entry, f"{what} is {found}, not {wanted}")

    def _take_shift(self, entry: EntryView, row: Row) -> None:
        if "float" in row:
            if self._shift is not None:
                self._findings.at(entry, f"shift {row['id']}: opened while another one was open")
            self._same(entry, "shift.opened_seq", row["opened_seq"], entry.seq)
            self._same(entry, "shift.opened_at", row["opened_at"], entry.at)
            said = [e["amount"] for e in entry.rows.get("cash_event", ()) if e["kind"] == "float"]
            self._same(entry, "the float in the drawer", said, [row["float"]])
            self._shift = ShiftSums(dict(row))
            return
        if self._shift is None or self._shift.row["id"] != row["id"]:
            self._findings.at(entry, f"shift {row['id']}: changed while it was not the open one")
            return
        self._shift.row.update(row)
        if row.get("status") == "closed" and not entry.rows.get("z_report"):
            self._findings.at(entry, f"shift {row['id']}: closed without a Z report")

    def _take_cash(self, entry: EntryView, row: Row) -> None:
        if self._shift is None or self._shift.row["id"] != row["shift_id"]:
            self._findings.at(entry, "cash_event: not of the open shift")
            return
        self._shift.drawer.append(DrawerEvent(row["kind"], row["amount"]))
        if entry.kind == "payment_refund_cash" and row["kind"] == "refund":
            self._shift.pay_refused(-row["amount"])

    def _take_count(self, entry: EntryView, row: Row) -> None:
        if row["denominations"] is not None:
            pieces = json.loads(row["denominations"])
            amount = sum(int(note) * count for note, count in pieces.items())
            self._same(entry, "cash_count.counted", row["counted"], amount)
        if self._shift is None or self._shift.row["id"] != row["shift_id"]:
            self._findings.at(entry, "cash_count: not of the open shift")
            return
        self._shift.counts.append(row["counted"])
        self._same(entry, "cash_count.position", row["position"], len(self._shift.counts))

    def _take_sale(self, entry: EntryView, row: Row) -> None:
        if "total" in row:
            sale = OpenSale(
                row=dict(row),
                lines=[line for line in entry.rows.get("sale_line", ()) if line["sale_id"] == row["id"]],
                tenders=[t for t in entry.rows.get("tender", ()) if t["sale_id"] == row["id"]],
                payment={},
                reserved=entry.rows.get("reservation", []),
            )
            self._check_sums(entry, sale)
            if row["status"] == "awaiting_payment":
                self._stock.reserve(sale.reserved, 1)
        else:
            known = self._sales.pop(row["id"], None)
            if known is None:
                self._findings.at(entry, f"sale {row['id']}: changed, but it is not one that waits")
                return
            sale = known
            if sale.row["status"] == "awaiting_payment" and row.get("status") != "awaiting_payment":
                self._stock.reserve(sale.reserved, -1)
            sale.row.update(row)
        if sale.row["status"] == "completed":
            self._complete(entry, sale)
        else:
            self._sales[sale.row["id"]] = sale

    def _check_sums(self, entry: EntryView, sale: OpenSale) -> None:
        """Check that lines, discounts, rounding, tenders and change add up to the sale's total."""
        row, lines = sale.row, sale.lines
        where = f"sale {row['id']}:"
        all_cash = all(tender["method"] == "cash" for tender in sale.tenders)
        sums = totals(
            [PricedLine(line["quantity"], line["unit_price"], line["discount"]) for line in lines],
            row["discount"],
            0,
            all_cash,
        )
        for line in lines:
            total = line["quantity"] * line["unit_price"] - line["discount"]
            self._same(entry, f"{where} total of line {line['position']}", line["total"], total)
        self._same(entry, f"{where} gross", row["gross"], sums.gross)
        self._same(entry, f"{where} subtotal", row["subtotal"], sums.subtotal)
        self._same(entry, f"{where} total", row["total"], sums.total + row["rounding"])
        if row["rounding"] and not all_cash:
            self._findings.at(entry, f"{where} rounded although it was not all cash")
        paid = sale.paid("cash") + sale.paid("qris") - row["change"]
        self._same(entry, f"{where} tenders less change", paid, row["total"])
        if row["change"] > sale.paid("cash"):
            self._findings.at(entry, f"{where} more change than cash")

    def _complete(self, entry: EntryView, sale: OpenSale) -> None:
        row = sale.row
        where = f"sale {row['id']}:"
        self.sale_count += 1
        self.grand_total += row["total"]
        self._same(entry, f"{where} number", row["number"], f"{self.book.code}-{self.sale_count:06d}")
        self._same(entry, f"{where} seq", row["seq"], entry.seq)
        self._same(entry, f"{where} completed_at", row["completed_at"], entry.at)
        cash = [e["amount"] for e in entry.rows.get("cash_event", ()) if e["kind"] == "sale"]
        self._same(entry, f"{where} cash into the drawer", sum(cash), sale.paid("cash") - row["change"])
        sold: Counter[int] = Counter()
        for line in sale.lines:
            sold[line["product_id"]] += line["quantity"]
        self._same(entry, f"{where} goods that left", _moved(entry, row["id"]), dict(sold))
        qris = sale.paid("qris")
        came: list[Row] = []
        if qris:
            came = [row for row in entry.rows.get("payment", ()) if row.get("status") == "paid"]
            self._same(entry, f"{where} paid by QRIS", [row.get("paid_amount") for row in came], [qris])
        if self._is_of_shift(entry, where, row["shift_id"]) and self._shift is not None:
            self._same(
                entry, f"{where} business_date", row["business_date"], self._shift.row["business_date"]
            )
            by_hand = any(row.get("confirmed_by") or row["id"] in self._late_by_hand for row in came)
            self._shift.sell(row, sale.lines, qris, by_hand=by_hand)

    def _is_of_shift(self, entry: EntryView, where: str, shift_id: str) -> bool:
        if self._shift is not None and self._shift.row["id"] == shift_id:
            if self._shift.row["status"] != "open":
                self._findings.at(entry, f"{where} after the cash of the shift was counted")
            return True
        self._findings.at(entry, f"{where} not of the open shift")
        return False

    def _take_payment(self, entry: EntryView, row: Row) -> None:
        if row.get("status") == "late" and row.get("confirmed_by"):
            # It may pay a sale later, and then nobody says again who confirmed it.
            self._late_by_hand.add(row["id"])
        # One that a correction adds belongs to a sale that is completed, and is looked at with it.
        if "amount" in row and row.get("why") != "twice" and entry.kind != "tender_corrected":
            sale = self._sales.get(row["sale_id"])
            if sale is None:
                self._findings.at(entry, f"payment {row['id']}: its sale does not wait")
                return
            sale.payment = dict(row)
            self._same(entry, f"payment {row['id']}: amount", row["amount"], sale.paid("qris"))

    def _take_correction(self, entry: EntryView, row: Row) -> None:
        where = f"correction {row['id']}:"
        if not self._is_of_shift(entry, where, row["shift_id"]) or self._shift is None:
            return
        paid = self._shift.paid.get(row["sale_id"])
        if paid is None:
            self._findings.at(entry, f"{where} its sale was not completed in this shift")
            return
        for problem in corrections.problems(entry, row, paid):
            self._findings.at(entry, f"{where} {problem}")
        self._shift.correct(paid, corrections.tendered(entry, row, "qris"))

    def _take_refund(self, entry: EntryView, row: Row) -> None:
        where = f"{row['kind']} {row['id']}:"
        lines = [line for line in entry.rows.get("refund_line", ()) if line["refund_id"] == row["id"]]
        tenders = [t for t in entry.rows.get("refund_tender", ()) if t["refund_id"] == row["id"]]
        self.refund_count += 1
        self._same(entry, f"{where} number", row["number"], f"{self.book.code}-R{self.refund_count:06d}")
        self._same(entry, f"{where} lines", sum(line["total"] for line in lines), row["total"])
        self._same(entry, f"{where} tenders", sum(t["amount"] for t in tenders), row["total"])
        cash = [e["amount"] for e in entry.rows.get("cash_event", ()) if e["kind"] == "refund"]
        by_cash = sum(t["amount"] for t in tenders if t["method"] == "cash")
        self._same(entry, f"{where} cash out of the drawer", -sum(cash), by_cash)
        back: Counter[int] = Counter()
        for line in lines:
            back[line["product_id"]] += line["quantity"]
        self._same(entry, f"{where} goods that came back", _moved(entry, row["id"]), dict(back))
        self._returns.add(entry, row, lines, row["total"] - by_cash)
        if self._is_of_shift(entry, where, row["shift_id"]) and self._shift is not None:
            self._shift.give_back(row, lines, row["total"] - by_cash)

    def _take_report(self, entry: EntryView, row: Row) -> None:
        self.z_count += 1
        where = f"Z {row['number']}:"
        self._same(entry, f"{where} number", row["number"], self.z_count)
        shift, self._shift = self._shift, None
        if shift is None or shift.row["id"] != row["shift_id"]:
            self._findings.at(entry, f"{where} not of the open shift")
            return
        said = json.loads(row["report"])
        wanted = shift.report() | {
            "register": self.book.code,
            "status": "closed",
            "number": self.z_count,
            "closed_by": shift.row["closed_by"],
            "grand_total": self.grand_total,
            "last_entry_hash": entry.previous,
        }
        if "tender_corrections" not in said and not shift.corrections:
            # A report from before there were any.
            del wanted["tender_corrections"]
        for name, value in wanted.items():
            self._same(entry, f"{where} {name}", said.get(name), value)
        for name in ("opened_at", "closed_at"):
            if not same_second(said.get(name), shift.row[name]):
                self._findings.at(entry, f"{where} {name} is {said.get(name)}, not {shift.row[name]}")
        for problem in (
            shift.product_problem(said.get("by_product")),
            shift.qris_problem(said.get("qris")),
        ):
            if problem:
                self._findings.at(entry, f"{where} {problem}")


def _moved(entry: EntryView, source_id: str) -> dict[int, int]:
    """Return the pieces of each product that the entry's movements of one sale or refund carry."""
    moved: Counter[int] = Counter()
    for row in entry.rows.get("movement", ()):
        if row["source_id"] == source_id:
            moved[row["product_id"]] += row["quantity"]
    return dict(moved)
