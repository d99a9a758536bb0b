"""A shop of years, made in minutes: the rows that the product would have written, in bulk.

Registers open, sell from lots that come in every week, are counted and closed, day by day; each act is an
entry of its book, chained by the product's own functions. `pos verify` finds nothing wrong with such a shop,
and a test holds that. Print jobs are as pruning leaves them. Each register sells products of its own, so that
processes can make the registers side by side; the rows are written in the order of time.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pos.domain.journal import canonical
from pos.operations import receipts
from pos.operations.tills import Till
from pos.queries.sales import sale_number
from pos.queries.shifts import local
from pos.worker.pruning import PULSE_DAYS
from tests.bench.rows import Day, Row, entry, id_at, spelled

if TYPE_CHECKING:
    from tests.bench.stamps import Stamps

DAILY = 2_000
"""Sales of a business day."""
WEEK = 7
"""Days that goods of one delivery last."""
KEEPS = 120
"""Days from the delivery to the best-before date."""
OPENS = timedelta(hours=1)
"""From midnight in UTC to the opening: eight in the morning in Jakarta."""
OPEN_FOR = timedelta(hours=8)
FLOAT = 100_000
CARTS = (1, 1, 2, 2, 3, 3, 3, 4, 5)
"""Lines of a sale; most have few."""
PRINTS_IN = timedelta(milliseconds=400)


@dataclass(frozen=True, slots=True)
class Goods:
    """A product of a register."""

    id: int
    sku: str
    name: str
    price: int


@dataclass(slots=True)
class Counter:
    """A register while its years are made: who sells what there, and how its book stands."""

    till: Till
    seller: tuple[str, str, str]
    goods: Sequence[Goods]
    customer_id: int
    first_lot: int
    lots_a_week: int
    papers: Mapping[int, bytes]
    last_day: date
    carts: Sequence[int] = CARTS
    stamps: "Stamps | None" = None
    """What sales of one line are struck from, once the register is with its process."""
    seq: int = 0
    head: str = ""
    sales: int = 0
    z: int = 0
    grand_total: int = 0
    last_at: datetime | None = None

    @property
    def random(self) -> random.Random:
        """The register's own chance, the same in every run."""
        return random.Random(self.till.code)


def days(counter: Counter, plan: Sequence[tuple[date, int]]) -> Iterator[Day]:
    """Make the days of one register: `plan` has the date and the number of sales of each."""
    chance = counter.random
    for begin in range(0, len(plan), WEEK):
        week = plan[begin : begin + WEEK]
        baskets = [[_basket(counter, chance) for _ in range(count)] for _, count in week]
        wanted: dict[int, int] = {}
        for basket in (basket for day in baskets for basket in day):
            for n, pieces in basket:
                wanted[n] = wanted.get(n, 0) + pieces
        lot_of = {
            n: counter.first_lot + n + begin // WEEK * counter.lots_a_week for n in range(len(counter.goods))
        }
        deliveries = [
            (counter.goods[n].id, lot_of[n], wanted.get(n, 1), int(n not in wanted)) for n in lot_of
        ]
        for (on, _), sold in zip(week, baskets, strict=True):
            day = Day(on, deliveries=deliveries)
            deliveries = []
            Shift(counter, day, chance, lot_of).run(sold)
            yield day


def _basket(counter: Counter, chance: random.Random) -> list[tuple[int, int]]:
    picked = chance.sample(range(len(counter.goods)), chance.choice(counter.carts))
    return [(n, 1 if chance.random() < 0.8 else 2) for n in picked]


class Shift:
    """One shift of a register, from its float to its Z."""

    def __init__(self, counter: Counter, day: Day, chance: random.Random, lot_of: Mapping[int, int]) -> None:
        self._counter, self._day, self._chance, self._lot_of = counter, day, chance, lot_of
        self._opens = datetime.combine(day.on, datetime.min.time(), UTC) + OPENS
        self._products: dict[str, Row] = {}
        self._sums = dict.fromkeys(("gross", "cash"), 0)
        self._id = id_at(self._opens, chance)

    def run(self, sold: Sequence[list[tuple[int, int]]]) -> None:
        counter, at = self._counter, self._opens
        opened_seq, first = counter.seq + 1, counter.sales + 1
        shift: Row = {
            "id": self._id,
            "register_id": counter.till.register_id,
            "status": "open",
            "business_date": self._day.on,
            "opened_at": at,
            "opened_by": counter.seller[1],
            "opened_seq": opened_seq,
            "float": FLOAT,
            "closed_at": None,
            "closed_by": None,
        }
        cash = self._cash(at, "float", FLOAT, self._id)
        self._act("shift_opened", at, self._id, {"shift": [spelled(shift)], "cash_event": [spelled(cash)]})
        self._day.add("cash_event", cash)
        step = OPEN_FOR / max(len(sold), 1)
        for n, basket in enumerate(sold, start=1):
            late = timedelta(
                milliseconds=int(step.total_seconds() * 1000 * (n - self._chance.random() * 0.9))
            )
            self._sold(at + late, basket)
        self._close(shift, first, at + OPEN_FOR + timedelta(minutes=5))

    def _act(self, kind: str, at: datetime, request: str, content: Mapping[str, Any]) -> None:
        counter = self._counter
        book = (counter.till.book.id, counter.till.code)
        counter.seq += 1
        counter.head = entry(
            self._day, book, counter.seq, counter.head, at, kind, counter.seller, request, content
        )
        counter.last_at = at

    def _cash(self, at: datetime, kind: str, amount: int, source: str) -> Row:
        counter = self._counter
        return {
            "book_id": counter.till.book.id,
            "seq": counter.seq + 1,
            "id": source,
            "shift_id": self._id,
            "kind": kind,
            "amount": amount,
            "reason": "",
            "at": at,
            "by": counter.seller[1],
        }

    def _sold(self, at: datetime, basket: Sequence[tuple[int, int]]) -> None:
        counter = self._counter
        if counter.stamps is None or len(basket) > 1:
            self.sell(at, basket)
            return
        ((n, pieces),) = basket
        total = self._line(self._id, 0, n, pieces)["total"]
        counter.sales += 1
        counter.seq += 1
        counter.grand_total += total
        self._sums["gross"] += total
        counter.head = counter.stamps.strike(self._day, at, self._id, self._lot_of[n], n, pieces)
        counter.last_at = at

    def sell(self, at: datetime, basket: Sequence[tuple[int, int]]) -> None:
        """Make one sale in full."""
        counter, sale_id = self._counter, id_at(at, self._chance)
        lines = [self._line(sale_id, position, *what) for position, what in enumerate(basket)]
        total = sum(line["total"] for line in lines)
        paid = -(-total // 10_000) * 10_000
        counter.sales += 1
        counter.grand_total += total
        sale: Row = {
            "id": sale_id,
            "register_id": counter.till.register_id,
            "shift_id": self._id,
            "business_date": self._day.on,
            "status": "completed",
            "number": sale_number(counter.till.code, counter.sales),
            "seq": counter.seq + 1,
            "gross": total,
            "subtotal": total,
            "discount": 0,
            "discount_reason": "",
            "rounding": 0,
            "total": total,
            "change": paid - total,
            "created_at": at,
            "completed_at": at,
            "cashier": counter.seller[1],
            "cashier_key": counter.seller[0],
            "approved_by": None,
        }
        tender: Row = {"sale_id": sale_id, "position": 0, "method": "cash", "amount": paid}
        cash = self._cash(at, "sale", total, sale_id)
        goods = sorted((counter.goods[n].id, self._lot_of[n], pieces) for n, pieces in basket)
        moved = [self._movement(at, sale_id, position, *what) for position, what in enumerate(goods)]
        content = {
            "sale": [spelled(sale)],
            "sale_line": lines,
            "tender": [tender],
            "cash_event": [spelled(cash)],
            "movement": [spelled(row) for row in moved],
        }
        self._act("sale", at, sale_id, content)
        self._day.rows.setdefault("sale_line", []).extend(lines)
        self._day.rows.setdefault("movement", []).extend(moved)
        for table, row in (("sale", sale), ("tender", tender), ("cash_event", cash)):
            self._day.add(table, row)
        self._sums["gross"] += total
        self._print(sale, lines, [tender])

    def _line(self, sale_id: str, position: int, n: int, pieces: int) -> Row:
        goods = self._counter.goods[n]
        total = pieces * goods.price
        known = self._products.setdefault(
            goods.sku,
            {"sku": goods.sku, "name": goods.name, **dict.fromkeys(_PRODUCT_SUMS, 0)},
        )
        known["quantity"] += pieces
        known["gross"] += total
        known["total"] += total
        return {
            "sale_id": sale_id,
            "position": position,
            "product_id": goods.id,
            "sku": goods.sku,
            "name": goods.name,
            "quantity": pieces,
            "unit_price": goods.price,
            "discount": 0,
            "discount_reason": "",
            "total": total,
        }

    def _movement(
        self, at: datetime, sale_id: str, position: int, product: int, lot: int, pieces: int
    ) -> Row:
        counter = self._counter
        return {
            "book_id": counter.till.book.id,
            "seq": counter.seq + 1,
            "position": position,
            "at": at,
            "product_id": product,
            "lot_id": lot,
            "from_id": counter.till.location_id,
            "to_id": counter.customer_id,
            "quantity": pieces,
            "reason": "sale",
            "source_id": sale_id,
        }

    def _print(self, sale: Row, lines: list[Row], tenders: list[Row]) -> None:
        """Add the receipt as a printer left it, and the drawer's pulse while it is not forgotten yet."""
        sold = receipts.Sold(self._counter.till, sale, lines, tenders)
        document = receipts.sale_receipt(sold).to_json()
        if self._counter.last_day - self._day.on < timedelta(days=PULSE_DAYS):
            self._job(sale, "drawer", "", "", self._counter.papers[0])
        self._job(sale, "receipt", sale["number"], document, self._counter.papers[len(lines)])

    def _job(self, sale: Row, kind: str, title: str, document: str, payload: bytes) -> None:
        at = sale["completed_at"]
        job = id_at(at, self._chance)
        self._day.add(
            "printer_job",
            {
                "id": job,
                "kind": kind,
                "register_id": sale["register_id"],
                "sale_id": sale["id"],
                "title": title,
                "document": document,
                "payload": payload,
                "status": "printed",
                "confirmed": True,
                "attempts": 1,
                "last_error": "",
                "created_at": at,
                "next_at": at,
                "expires_at": at + timedelta(hours=12),
                "ended_at": at + PRINTS_IN,
            },
        )
        self._day.add(
            "printer_attempt",
            {
                "job_id": job,
                "number": 1,
                "printer": "kasir",
                "worker": "till:1",
                "started_at": at,
                "ended_at": at + PRINTS_IN,
                "outcome": "printed",
                "bytes_written": 900,
                "error": "",
            },
        )

    def _close(self, shift: Row, first: int, at: datetime) -> None:
        counter, chance = self._counter, self._chance
        expected = FLOAT + self._sums["gross"]
        count: Row = {
            "id": id_at(at, chance),
            "shift_id": self._id,
            "position": 1,
            "counted": expected,
            "denominations": None,
            "at": at,
            "by": counter.seller[1],
            "approved_by": None,
        }
        self._day.add("cash_count", count)
        self._act(
            "counted",
            at,
            count["id"],
            {"cash_count": [spelled(count)], "shift": [{"id": self._id, "status": "counted"}]},
        )
        at += timedelta(seconds=20)
        counter.z += 1
        closed: Row = {"status": "closed", "closed_at": at, "closed_by": counter.seller[1]}
        z: Row = {
            "id": id_at(at, chance),
            "shift_id": self._id,
            "register_id": counter.till.register_id,
            "number": counter.z,
            "report": canonical(self._report(shift, first, expected, at)),
        }
        self._day.add("shift", shift | closed)
        self._day.add("z_report", z)
        self._act(
            "shift_closed", at, z["id"], {"shift": [spelled({"id": self._id} | closed)], "z_report": [z]}
        )

    def _report(self, shift: Row, first: int, expected: int, at: datetime) -> Row:
        counter, gross, zone = self._counter, self._sums["gross"], self._counter.till.time_zone
        sold = counter.sales - first + 1
        return {
            "shift": self._id,
            "register": counter.till.code,
            "status": "closed",
            "number": counter.z,
            "business_date": self._day.on.isoformat(),
            "opened_at": local(shift["opened_at"], zone),
            "opened_by": counter.seller[1],
            "closed_at": local(at, zone),
            "closed_by": counter.seller[1],
            "sales_count": sold,
            "refund_count": 0,
            "void_count": 0,
            "gross": gross,
            "discounts": 0,
            "refunds": 0,
            "rounding": 0,
            "net": gross,
            "first_number": sale_number(counter.till.code, first) if sold else None,
            "last_number": sale_number(counter.till.code, counter.sales) if sold else None,
            "by_method": {"cash": gross, "qris": 0},
            "qris": {name: {"count": 0, "amount": 0} for name in ("confirmed", "by_hand")},
            "float": FLOAT,
            "cash_sales": gross,
            "cash_refunds": 0,
            "paid_in": 0,
            "paid_out": 0,
            "expected_cash": expected,
            "counted_cash": expected,
            "over_short": 0,
            "by_product": [self._products[sku] for sku in sorted(self._products)],
            "drawer_openings": 0,
            "copies": 0,
            "grand_total": counter.grand_total,
            "last_entry_hash": counter.head,
            "reason": "",
            "approved_by": None,
        }


_PRODUCT_SUMS = ("quantity", "gross", "total", "refunded_quantity", "refunded")
