"""What a count says of a lot, from its tallies in their order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LABEL = re.compile(r"\((?:01\)0?(?P<ean>\d{13})|240\)(?P<sku>[^(]+))(?:\(17\)\d{6})?(?:\(10\)(?P<lot>.+))?")


@dataclass(frozen=True, slots=True)
class Tally:
    """Pieces of a lot that somebody counted, and what the books said then."""

    lot_id: int
    product_id: int
    kind: str
    quantity: int
    on_books: int


@dataclass(slots=True)
class Counted:
    """A lot so far: None while it waits to be counted anew; `on_books` as of the last tally."""

    product_id: int
    quantity: int | None
    on_books: int

    @property
    def difference(self) -> int | None:
        """Counted less what the books said then."""
        return None if self.quantity is None else self.quantity - self.on_books


def counted(tallies: Iterable[Tally]) -> dict[int, Counted]:
    """Return each lot that was counted.

    What was sold since the freeze is in `on_books`: a lot is held against the books as of its own last tally.
    """
    found: dict[int, Counted] = {}
    for tally in tallies:
        lot = found.setdefault(tally.lot_id, Counted(tally.product_id, 0, tally.on_books))
        if tally.kind == "again":
            lot.quantity = None
        elif tally.kind == "set":
            lot.quantity = tally.quantity
        else:
            lot.quantity = (lot.quantity or 0) + tally.quantity
        lot.on_books = tally.on_books
    return found


def label(code: str) -> tuple[str, str | None] | None:
    """Return barcode or SKU, and lot, that our own labels carry in their square; None for other codes."""
    found = _LABEL.fullmatch(code.strip())
    if found is None:
        return None
    return found["ean"] or found["sku"], found["lot"]
