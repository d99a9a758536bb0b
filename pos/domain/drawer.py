"""What must be in a drawer: one sum for the X report, the Z report and the screen."""

from collections.abc import Iterable
from dataclasses import dataclass

KINDS: tuple[str, ...] = ("float", "sale", "correction", "refund", "pay_in", "pay_out", "no_sale")


@dataclass(frozen=True, slots=True)
class DrawerEvent:
    """Cash that went in (positive) or out (negative: `refund`, `pay_out`); `no_sale` moves none.

    A `correction` says that a sale brought more (or less) cash than was written down when it was made.
    """

    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class DrawerTotals:
    """The cash of a shift by cause, each figure positive, and what that leaves in the drawer."""

    float: int
    cash_sales: int
    cash_refunds: int
    paid_in: int
    paid_out: int
    expected_cash: int
    drawer_openings: int


def drawer_totals(events: Iterable[DrawerEvent]) -> DrawerTotals:
    """Add up a shift's drawer; an event with the wrong sign or kind is refused, never guessed at."""
    sums = dict.fromkeys(KINDS, 0)
    openings = 0
    for event in events:
        kind, amount = event.kind, event.amount
        if kind not in sums:
            raise ValueError(f"unknown drawer event {kind!r}")
        if kind == "no_sale":
            if amount:
                raise ValueError("opening the drawer without a sale moves no cash")
            openings += 1
        elif kind != "correction" and (amount > 0 if kind in ("refund", "pay_out") else amount < 0):
            raise ValueError(f"a drawer event {kind!r} cannot move {amount}")
        sums[kind] += amount
    return DrawerTotals(
        float=sums["float"],
        cash_sales=sums["sale"] + sums["correction"],
        cash_refunds=-sums["refund"],
        paid_in=sums["pay_in"],
        paid_out=-sums["pay_out"],
        expected_cash=sum(sums.values()),
        drawer_openings=openings,
    )
