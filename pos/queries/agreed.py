"""What a piece is sold for at a partner's on a day: as agreed with them, else as in our own shop."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from pos.db import db
from pos.models import PartnerPrice, Price

Steps = list[tuple[date, int, int | None]]


class Agreed:
    """The prices of one partner."""

    def __init__(self, partner_id: int, product_ids: Iterable[int]) -> None:
        """Read them, for these products."""
        ids = sorted(set(product_ids))
        self._ours: dict[int, Steps] = {}
        self._theirs: dict[int, Steps] = {}
        # A file may have more products than a statement takes parameters.
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            for product_id, since, key, amount in db.session.execute(
                select(Price.product_id, Price.valid_from, Price.id, Price.amount).where(
                    Price.product_id.in_(some)
                )
            ):
                self._ours.setdefault(product_id, []).append((since, key, amount))
            for product_id, since, key, agreed in db.session.execute(
                select(
                    PartnerPrice.product_id, PartnerPrice.valid_from, PartnerPrice.id, PartnerPrice.amount
                ).where(PartnerPrice.partner_id == partner_id, PartnerPrice.product_id.in_(some))
            ):
                self._theirs.setdefault(product_id, []).append((since, key, agreed))
        for steps in (*self._ours.values(), *self._theirs.values()):
            steps.sort(key=lambda step: step[:2])

    def own(self, product_id: int, on: date) -> int | None:
        """Return what was agreed for a day; None: nothing, our own price holds."""
        return _at(self._theirs.get(product_id, []), on)

    def on(self, product_id: int, on: date) -> int | None:
        """Return rupiah a piece on a day; None: it has no price."""
        own = self.own(product_id, on)
        return own if own is not None else _at(self._ours.get(product_id, []), on)


def _at(steps: Steps, on: date) -> int | None:
    n = bisect_right(steps, on, key=lambda step: step[0])
    return steps[n - 1][2] if n else None
