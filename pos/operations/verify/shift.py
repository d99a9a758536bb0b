"""One shift, added up from the entries: what its Z report must say."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from pos.domain.drawer import DrawerEvent, drawer_totals

Row: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class ProductTotals:
    """What one SKU brought and gave back in a shift."""

    names: set[str] = field(default_factory=set)
    quantity: int = 0
    gross: int = 0
    total: int = 0
    refunded_quantity: int = 0
    refunded: int = 0


@dataclass(slots=True)
class Paid:
    """How a sale of the shift stands as paid so far."""

    total: int
    qris: int
    corrections: int = 0


@dataclass(slots=True)
class ShiftSums:
    """The open shift of a register while its book is read."""

    row: Row
    drawer: list[DrawerEvent] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    sales: int = 0
    gross: int = 0
    discounts: int = 0
    rounding: int = 0
    qris: int = 0
    qris_by: dict[str, list[int]] = field(default_factory=lambda: {"confirmed": [], "by_hand": []})
    refunds: int = 0
    refund_count: int = 0
    void_count: int = 0
    copies: int = 0
    corrections: int = 0
    paid: dict[str, Paid] = field(default_factory=dict)
    first_number: str | None = None
    last_number: str | None = None
    products: dict[str, ProductTotals] = field(default_factory=dict)

    def sell(self, sale: Row, lines: list[Row], qris: int, *, by_hand: bool = False) -> None:
        """Add a completed sale; `by_hand`: a person confirmed its QRIS payment."""
        if qris:
            self.qris_by["by_hand" if by_hand else "confirmed"].append(qris)
        self.paid[sale["id"]] = Paid(sale["total"], qris)
        self.sales += 1
        self.gross += sale["gross"]
        self.discounts += sale["gross"] - sale["subtotal"] + sale["discount"]
        self.rounding += sale["rounding"]
        self.qris += qris
        self.first_number = self.first_number or sale["number"]
        self.last_number = sale["number"]
        for line in lines:
            product = self.products.setdefault(line["sku"], ProductTotals())
            product.names.add(line["name"])
            product.quantity += line["quantity"]
            product.gross += line["quantity"] * line["unit_price"]
            product.total += line["total"]

    def correct(self, paid: Paid, qris: int) -> None:
        """Count a sale as paid with `qris` rupiah by QRIS from here on and the rest in cash."""
        by_hand = self.qris_by["by_hand"]
        if qris > paid.qris:
            by_hand.append(qris)
        elif qris < paid.qris and paid.qris in by_hand:
            by_hand.remove(paid.qris)
        self.drawer.append(DrawerEvent("correction", paid.qris - qris))
        self.qris += qris - paid.qris
        self.corrections += 1
        paid.qris = qris
        paid.corrections += 1

    def give_back(self, refund: Row, lines: list[Row], qris: int) -> None:
        """Add a refund or void."""
        self.refund_count += 1
        self.void_count += refund["kind"] == "void"
        self.refunds += refund["total"]
        self.qris -= qris
        for line in lines:
            product = self.products.setdefault(line["sku"], ProductTotals())
            product.names.add(line["name"])
            product.refunded_quantity += line["quantity"]
            product.refunded += line["total"]

    def pay_refused(self, amount: int) -> None:
        """Add cash paid for a refund that had counted as QRIS until the provider refused it."""
        self.qris += amount

    def qris_problem(self, said: object) -> str:
        """Return what is wrong with a report's `qris`; empty when it is right.

        What a settlement file verified, and what came without a sale, changes after the Z and stands in other
        books as well: of the split only who confirmed is added up again.
        """
        if said is None:
            # A report from before reports had it.
            return ""
        for name, amounts in self.qris_by.items():
            wanted = {"count": len(amounts), "amount": sum(amounts)}
            part = said.get(name) if isinstance(said, dict) else None
            found = {key: part.get(key) for key in wanted} if isinstance(part, dict) else None
            if found != wanted:
                return f"qris.{name} is {found}, not {wanted}"
        return ""

    def report(self) -> dict[str, Any]:
        """Return the figures of the Z report, by the function that also computes X and the screen."""
        drawer = drawer_totals(self.drawer)
        counted = self.counts[-1] if self.counts else None
        return {
            "shift": self.row["id"],
            "business_date": self.row["business_date"],
            "opened_by": self.row["opened_by"],
            "sales_count": self.sales,
            "refund_count": self.refund_count,
            "void_count": self.void_count,
            "gross": self.gross,
            "discounts": self.discounts,
            "refunds": self.refunds,
            "rounding": self.rounding,
            "net": self.gross - self.discounts + self.rounding - self.refunds,
            "first_number": self.first_number,
            "last_number": self.last_number,
            "by_method": {"cash": drawer.cash_sales - drawer.cash_refunds, "qris": self.qris},
            "float": drawer.float,
            "cash_sales": drawer.cash_sales,
            "cash_refunds": drawer.cash_refunds,
            "paid_in": drawer.paid_in,
            "paid_out": drawer.paid_out,
            "expected_cash": drawer.expected_cash,
            "counted_cash": counted,
            "over_short": None if counted is None else counted - drawer.expected_cash,
            "drawer_openings": drawer.drawer_openings,
            "copies": self.copies,
            "tender_corrections": self.corrections,
        }

    def product_problem(self, said: object) -> str:
        """Return what is wrong with a report's `by_product`; empty when it is right.

        Of the names a product had during the shift any may stand there: databases sort letters differently.
        """
        found = {str(line["sku"]): line for line in said} if isinstance(said, list) else {}
        if found.keys() != self.products.keys():
            return "by_product lists other products than were sold"
        for sku, sums in self.products.items():
            line = found[sku]
            for name in ("quantity", "gross", "total", "refunded_quantity", "refunded"):
                if line.get(name) != getattr(sums, name):
                    return f"by_product of {sku}: {name} is {line.get(name)}, not {getattr(sums, name)}"
            if line.get("name") not in sums.names:
                return f"by_product of {sku}: the name is not one it had"
        return ""


def same_second(local: object, at: object) -> bool:
    """Say whether a report's local time, written to the second, is the instant `at`."""
    if local is None or at is None:
        return local is None and at is None
    instant = datetime.fromisoformat(str(at)).replace(microsecond=0)
    return datetime.fromisoformat(str(local)) == instant
