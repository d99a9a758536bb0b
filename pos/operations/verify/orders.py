"""Orders: each holds what its lines say, each ended one was ended by an entry, and what open ones hold.

An order made at one register may end at another, in a book that was read before. So ends are counted, and
what open orders hold is asked of the tables, whose rows are compared with the entries one by one.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, func, or_, select

from pos.db import table
from pos.models import Order, OrderReservation
from pos.operations.verify.findings import EntryView, Findings
from pos.operations.verify.rows import raw
from pos.operations.verify.stock import Stock

ORDER, RESERVATION = table(Order), table(OrderReservation)
OPEN = ORDER.c.status == "open"
ENDED = or_(~OPEN, ORDER.c.ended_at.is_not(None), ORDER.c.ended_by.is_not(None), ORDER.c.sale_id.is_not(None))


class Orders:
    """All orders of all books."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._ended = 0

    def add(self, entry: EntryView) -> None:
        """Take in the orders that one entry made or ended."""
        for row in entry.rows.get("held_order", ()):
            if "kind" not in row:
                self._ended += 1
                continue
            wanted = _pieces(entry, "held_order_line", row["id"])
            held = _pieces(entry, "held_order_reservation", row["id"])
            if held != wanted:
                self._findings.at(entry, f"held_order {row['id']}: holds {held}, its lines say {wanted}")

    def finish(
        self, connection: Connection, stock: Stock, entries: Callable[[], Iterable[EntryView]]
    ) -> None:
        """Reserve what open orders hold, and look for orders that no entry ended."""
        held = (
            select(*(raw(column).label(column.name) for column in RESERVATION.c))
            .join(ORDER, ORDER.c.id == RESERVATION.c.order_id)
            .where(OPEN)
        )
        for row in connection.execute(held).mappings():
            stock.reserve([dict(row)], 1)
        ended = connection.execute(select(func.count()).select_from(ORDER).where(ENDED)).scalar_one()
        if ended != self._ended:
            self._name_them(connection, entries())

    def _name_them(self, connection: Connection, entries: Iterable[EntryView]) -> None:
        known = {
            row["id"] for entry in entries for row in entry.rows.get("held_order", ()) if "kind" not in row
        }
        for found in connection.execute(select(raw(ORDER.c.id)).where(ENDED)).scalars():
            if found not in known:
                self._findings.apart(f"held_order {found}: ended in the table, but no entry ended it")


def _pieces(entry: EntryView, name: str, order_id: str) -> dict[int, int]:
    found: Counter[int] = Counter()
    for row in entry.rows.get(name, ()):
        if row["order_id"] == order_id:
            found[row["product_id"]] += row["quantity"]
    return dict(found)
