"""What arrived of a transfer, held against what had left."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pos.domain.lots import Take


@dataclass(frozen=True, slots=True)
class Arrival:
    """Pieces of a product that were counted on arrival; the lot, when somebody read it."""

    product_id: int
    lot_id: int | None
    quantity: int


@dataclass(slots=True)
class Difference:
    """What of the goods arrived, what is missing of them, and what is there beside them."""

    arrived: list[Take] = field(default_factory=list)
    short: list[Take] = field(default_factory=list)
    over: list[Take] = field(default_factory=list)
    unplaced: list[Arrival] = field(default_factory=list)


def arrive(sent: Sequence[Take], counted: Sequence[Arrival]) -> Difference:
    """Return how what was counted compares with what was `sent`, which stands in the order of expiry.

    Lots that were named are settled first. Of the others the lots that expire first are taken to have
    arrived, and pieces too many to be of the first of them: a date that is too early does no harm. `unplaced`
    are pieces of products that were not sent, of which nobody named the lot.
    """
    left = {take.lot_id: take.quantity for take in sent}
    here: dict[int, int] = dict.fromkeys(left, 0)
    over: dict[tuple[int, int], int] = {}
    found = Difference()
    for item in sorted(counted, key=lambda item: item.lot_id is None):
        own = [take.lot_id for take in sent if take.product_id == item.product_id]
        rest = item.quantity
        for lot_id in own if item.lot_id is None else [item.lot_id]:
            part = min(rest, left.get(lot_id, 0))
            if part:
                left[lot_id] -= part
                here[lot_id] += part
                rest -= part
        extra = item.lot_id if item.lot_id is not None else (own[0] if own else None)
        if rest and extra is None:
            found.unplaced.append(item)
        elif rest and extra is not None:
            over[item.product_id, extra] = over.get((item.product_id, extra), 0) + rest
    found.arrived = [Take(t.product_id, t.lot_id, here[t.lot_id]) for t in sent if here[t.lot_id]]
    found.short = [Take(t.product_id, t.lot_id, left[t.lot_id]) for t in sent if left[t.lot_id]]
    found.over = [Take(product_id, lot_id, count) for (product_id, lot_id), count in over.items()]
    return found
