"""Goods: every balance is the sum of the movements there, and what is reserved is what waiting sales and
open orders hold.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from pos.db import table
from pos.models import StockBalance
from pos.operations.verify.findings import EntryView, Findings
from pos.operations.verify.rows import raw

BALANCE = table(StockBalance)
Place: TypeAlias = tuple[int, int, int]
"""Location, product, lot."""


class Stock:
    """What the movements and reservations of all books add up to."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._kinds: dict[int, str] = {}
        self._products: dict[int, int] = {}
        self._on_hand: defaultdict[Place, int] = defaultdict(int)
        self._reserved: defaultdict[Place, int] = defaultdict(int)

    def add(self, entry: EntryView) -> None:
        """Take in the places, lots and movements of one entry."""
        for row in entry.rows.get("location", ()):
            if "kind" in row:
                self._kinds[row["id"]] = str(row["kind"])
        for row in entry.rows.get("lot", ()):
            if "product_id" in row:
                self._products[row["id"]] = row["product_id"]
        for position, row in enumerate(entry.rows.get("movement", ())):
            self._move(entry, row, position)

    def _move(self, entry: EntryView, row: dict[str, Any], position: int) -> None:
        if (row["book_id"], row["seq"], row["position"]) != (entry.book_id, entry.seq, position):
            self._findings.at(entry, f"movement {position}: names another entry")
        product, lot, quantity = row["product_id"], row["lot_id"], row["quantity"]
        if self._products.get(lot) != product:
            self._findings.at(entry, f"movement {position}: lot {lot} is not of product {product}")
        for place, sign in ((row["from_id"], -1), (row["to_id"], 1)):
            kind = self._kinds.get(place)
            if kind is None:
                self._findings.at(entry, f"movement {position}: there is no location {place}")
            elif kind == "stock":
                self._on_hand[place, product, lot] += sign * quantity

    def reserve(self, rows: Sequence[dict[str, Any]], sign: int) -> None:
        """Hold pieces for an order or a sale that begins to wait (1), or give them free (-1)."""
        for row in rows:
            self._reserved[row["location_id"], row["product_id"], row["lot_id"]] += sign * row["quantity"]

    def finish(self, connection: Connection) -> None:
        """Compare the balances with the sums."""
        there: set[Place] = set()
        for row in connection.execute(select(*(raw(c).label(c.name) for c in BALANCE.c))):
            place: Place = (row.location_id, row.product_id, row.lot_id)
            there.add(place)
            if place not in self._on_hand:
                self._findings.apart(f"stock_balance {_words(place)}: no goods ever moved there")
                continue
            for name, found, sums in (
                ("on_hand", row.on_hand, self._on_hand),
                ("reserved", row.reserved, self._reserved),
            ):
                wanted = sums.get(place, 0)
                if found != wanted or type(found) is not int:
                    self._findings.apart(
                        f"stock_balance {_words(place)}: {name} is {found}, the entries say {wanted}"
                    )
        for place in self._on_hand.keys() - there:
            # The balance of an expired lot is forgotten once nothing is left of it.
            if self._on_hand[place] or self._reserved.get(place):
                self._findings.apart(f"stock_balance {_words(place)}: is missing")
        for place, count in self._on_hand.items():
            if count < 0 or not 0 <= self._reserved.get(place, 0) <= count:
                self._findings.apart(f"stock_balance {_words(place)}: more went out than came in")


def _words(place: Place) -> str:
    return "location {}, product {}, lot {}".format(*place)
