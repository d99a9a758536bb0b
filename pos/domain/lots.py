"""Which lots a sale takes its goods from: the one that expires first goes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LotStock:
    """What one lot of a product has to give at a location; no expiry means it never spoils."""

    lot_id: int
    product_id: int
    expires_on: date | None
    available: int


@dataclass(frozen=True, slots=True)
class Take:
    """So many pieces of a product out of one lot."""

    product_id: int
    lot_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product there is not enough of; `expired` pieces are on the shelf but may not be sold."""

    product_id: int
    wanted: int
    available: int
    expired: int


def is_expired(expires_on: date | None, on: date) -> bool:
    """Say whether a lot is past its date; on the date itself it may still be sold."""
    return expires_on is not None and expires_on < on


def _first_expired(lot: LotStock) -> tuple[date, int]:
    return (lot.expires_on or date.max, lot.lot_id)


def allocate(
    wanted: Mapping[int, int], lots: Sequence[LotStock], on: date
) -> tuple[list[Take], list[Shortage]]:
    """Choose lots for `{product: pieces}`, first expired first out, each product wholly or not at all.

    Takes come ordered by product, expiry and lot: every till locks rows in that one order, so two of them
    cannot wait for each other. Lots of products that are not wanted, and empty ones, are passed over.
    """
    shelf: dict[int, list[LotStock]] = {product_id: [] for product_id in wanted}
    for lot in lots:
        of_product = shelf.get(lot.product_id)
        if of_product is not None and lot.available > 0:
            of_product.append(lot)
    takes: list[Take] = []
    shortages: list[Shortage] = []
    for product_id in sorted(shelf):
        quantity = wanted[product_id]
        if quantity < 1:
            raise ValueError("a wanted quantity must be at least 1")
        candidates = shelf[product_id]
        if len(candidates) > 1:
            candidates.sort(key=_first_expired)
        left = quantity
        chosen: list[Take] = []
        sellable = expired = 0
        for lot in candidates:
            if is_expired(lot.expires_on, on):
                expired += lot.available
                continue
            sellable += lot.available
            part = min(left, lot.available)
            chosen.append(Take(product_id, lot.lot_id, part))
            left -= part
            if not left:
                break
        if left:
            shortages.append(Shortage(product_id, quantity, sellable, expired))
        else:
            takes += chosen
    return takes, shortages
