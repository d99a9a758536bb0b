"""Goods at a partner's place: what a sale there comes to, which lots it took, what a period comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pos.domain.lots import LotStock, Take, allocate

WHOLE_BP = 10_000


def commission(gross: int, commission_bp: int) -> int:
    """Return what a partner keeps of a sum, rounded half up to the rupiah."""
    return (2 * gross * commission_bp + WHOLE_BP) // (2 * WHOLE_BP)


def shares(amounts: Sequence[int], commission_bp: int) -> list[int]:
    """Return the commission of each line, such that they add up to the commission of their sum.

    Each is the difference of two running sums, so none is more than a rupiah from its own share.
    """
    parts: list[int] = []
    so_far = given = 0
    for amount in amounts:
        so_far += amount
        reached = commission(so_far, commission_bp)
        parts.append(reached - given)
        given = reached
    return parts


@dataclass(frozen=True, slots=True)
class Taken:
    """Lots that a partner's sales came from; `late` are pieces past their date before the period began."""

    takes: tuple[Take, ...]
    late: tuple[Take, ...]
    missing: Mapping[int, int]
    """By product, how many pieces more were sold than lie there."""


def sold_from(wanted: Mapping[int, int], lots: Sequence[LotStock], from_on: date) -> Taken:
    """Choose the lots of what a partner sold in a period that began on `from_on`: first expired, first out.

    Lots that were past their date before the period come last: they should not have been sold, but what is
    gone is gone, and the books must say so.
    """
    held: dict[int, int] = dict.fromkeys(wanted, 0)
    for lot in lots:
        if lot.product_id in held:
            held[lot.product_id] += max(0, lot.available)
    missing = {product: count - held[product] for product, count in wanted.items() if count > held[product]}
    can = {product: count for product, count in wanted.items() if product not in missing and count}
    fresh: dict[int, int] = dict.fromkeys(can, 0)
    old: list[LotStock] = []
    for lot in lots:
        if lot.product_id in can and lot.available > 0:
            if lot.expires_on is None or lot.expires_on >= from_on:
                fresh[lot.product_id] += lot.available
            else:
                # Among themselves by date as well, and never refused for it.
                old.append(replace(lot, expires_on=None))
    first = {product: min(count, fresh[product]) for product, count in can.items()}
    takes, _ = allocate({product: count for product, count in first.items() if count}, lots, from_on)
    rest = {product: count - first[product] for product, count in can.items() if count > first[product]}
    late, _ = allocate(rest, old, from_on)
    return Taken(tuple(takes), tuple(late), missing)


@dataclass(slots=True)
class Flow:
    """What became of a product at a partner's place in a period, in pieces."""

    opening: int = 0
    delivered: int = 0
    sold: int = 0
    returned: int = 0
    lost: int = 0

    @property
    def closing(self) -> int:
        """What lies there at the end."""
        return self.opening + self.delivered - self.sold - self.returned - self.lost
