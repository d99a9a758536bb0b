"""Fills a new shop with years of sales: processes make rows, this one writes them in the order of time."""

import json
import multiprocessing
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from pos import clock, migrations
from pos.bench.shops import PIECES, Register, Shop, app_of, environment, receive
from pos.db import db, transact
from pos.domain.journal import GENESIS
from pos.ids import new_id
from pos.models import Book, Lot, Product, Token
from pos.operations import catalogue, lots, people, setup, tills
from pos.operations.actor import SYSTEM
from pos.operations.catalogue import ProductData
from pos.operations.journal import OFFICE
from pos.paths import PACKAGE
from pos.worker.pruning import EMPTY_DAYS
from printers.document import Columns, Cut, Document, Text
from printers.layout import Paper
from printers.render import to_escpos
from tests.bench.loading import COUNTED, Bar, writing
from tests.bench.rows import Day, Spelling, entry, id_at, spelled
from tests.bench.stamps import Stamps
from tests.bench.years import CARTS, DAILY, KEEPS, OPENS, Counter, Goods, days

Tuples: TypeAlias = dict[str, list[tuple[Any, ...]]]

REGISTERS = 8
PRODUCTS = 25
"""Products of each register."""
MAKERS = 2
"""Processes that make rows."""
ORDERS = {
    "sale": itemgetter(0),
    "sale_line": itemgetter(0, 1),
    "tender": itemgetter(0),
    "entry": itemgetter(2),
    "movement": itemgetter(3, 0),
    "cash_event": itemgetter(7),
    "printer_job": itemgetter(0),
    "printer_attempt": itemgetter(0),
}
"""What the rows of a day are sorted by, so that they lie in the order in which tills would have written."""


@dataclass(frozen=True, slots=True)
class Varied(Register):
    """A register whose customers buy any of its products."""

    def sale(self, sale_id: str | None = None) -> dict[str, Any]:
        """A sale of three lines, cash, with change."""
        body = Register.sale(self, sale_id)
        body["lines"] = [{"sku": sku, "quantity": 1} for sku in random.sample(self.skus, 3)]
        return body


def grown_shop(
    folder: Path,
    sales: int,
    database_url: str = "",
    *,
    registers: int = REGISTERS,
    carts: Sequence[int] = CARTS,
    quiet: bool = False,
) -> Shop:
    """Make a shop with `sales` sales up to yesterday, lines drawn from `carts`; its tills open today."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = environment(folder, database_url)
    (folder / "instance").mkdir(exist_ok=True)
    url = database_url or f"sqlite:///{folder / 'instance' / 'pos.db'}"
    migrations.upgrade(url)
    today = clock.now().astimezone(ZoneInfo("Asia/Jakarta")).date()
    count, rest = divmod(sales, DAILY)
    sizes = [*([rest] if rest else []), *([DAILY] * count)]
    first = today - timedelta(days=len(sizes))
    plan = [(first + timedelta(days=n), size) for n, size in enumerate(sizes)]
    with app_of(variables) as app:
        with app.app_context():
            counters, tokens = transact(lambda: _found(first, today, registers, carts))
            _fill(url, counters, plan, quiet=quiet)
        with app.app_context():
            skus = [goods.sku for counter in counters for goods in counter.goods]
            receive(skus, PIECES)
        made = tuple(
            Varied(counter.till.code, token, tuple(goods.sku for goods in counter.goods))
            for counter, token in zip(counters, tokens, strict=True)
        )
        _open(app, made)
    return Shop(folder, database_url, made)


def kept(folder: Path, sales: int, carts: Sequence[int] = CARTS) -> Shop:
    """Return the shop of a folder, made when it is not there yet; its tills open today.

    A shop of another day opens new shifts; what was measured in it before stays and is small beside it.
    """
    told = folder / "registers.json"
    if not told.exists():
        shutil.rmtree(folder, ignore_errors=True)
        made = grown_shop(folder, sales, carts=carts)
        told.write_text(
            json.dumps([[one.code, one.token, one.skus] for one in made.registers]), encoding="utf-8"
        )
        return made
    registers = tuple(
        Varied(code, token, tuple(skus)) for code, token, skus in json.loads(told.read_text(encoding="utf-8"))
    )
    shop = Shop(folder, "", registers)
    migrations.upgrade(f"sqlite:///{folder / 'instance' / 'pos.db'}")
    with shop.app() as app:
        _open(app, registers)
    return shop


def _open(app: Flask, registers: Sequence[Register]) -> None:
    client = app.test_client()
    for register in registers:
        opened = client.post(
            "/api/v1/shifts",
            json={"id": new_id(), "register": register.code, "float": 100_000},
            headers={"Authorization": f"Bearer {register.token}"},
        )
        if opened.status_code != 201 and "shift_already_open" not in opened.text:
            raise RuntimeError(opened.text)


def _found(first: date, last: date, registers: int, carts: Sequence[int]) -> tuple[list[Counter], list[str]]:
    """Set the shop up as it was the day before its first sale."""
    at = datetime.combine(first, datetime.min.time(), UTC) - timedelta(hours=6)
    setup.first_rows(at, None)
    hashes = {name: people.hash_pin(pin) for name, (_, pin) in setup.DEMO_PINS.items()}
    setup.demo_shop(at, first, hashes, PACKAGE / "static" / "img" / "demo")
    counters, tokens = [], []
    lots_before = db.session.execute(select(func.max(Lot.id))).scalar_one()
    papers = _papers()
    for n in range(registers):
        code = f"B{n + 1}"
        catalogue.add_register(code, f"Till {code}", "KUNJUNGAN", "till", SYSTEM, at)
        tokens.append(people.create_token(code, "cashier", code, SYSTEM, at))
        goods = _goods(n, at, first)
        key = db.session.execute(select(Token.id).where(Token.name == code)).scalar_one()
        till = tills.enter(code, None)
        counters.append(
            Counter(
                till=till,
                seller=(f"token:{key}", code, "cashier"),
                goods=goods,
                customer_id=lots.outside("customer"),
                first_lot=lots_before + 1 + n * PRODUCTS,
                lots_a_week=registers * PRODUCTS,
                papers=papers,
                last_day=last,
                carts=carts,
                head=GENESIS,
            )
        )
    return counters, tokens


def _goods(n: int, at: datetime, first: date) -> list[Goods]:
    data = [
        ProductData(
            f"BENCH-{n}{m:02d}",
            f"Barang ukur {n}{m:02d}",
            f"Bench item {n}{m:02d}",
            price=5_000 + 500 * m,
            price_from=first,
        )
        for m in range(PRODUCTS)
    ]
    catalogue.save_products(data, SYSTEM, at, first)
    found = db.session.execute(
        select(Product.id, Product.sku, Product.name)
        .where(Product.sku.in_([one.sku for one in data]))
        .order_by(Product.sku)
    )
    return [Goods(*row, price=5_000 + 500 * m) for m, row in enumerate(found)]


def _papers() -> dict[int, bytes]:
    """Return the printer's bytes of receipts by their number of lines; 0 is a drawer's pulse."""
    found = {0: b"\x1bp\x00\x19\xfa"}
    for lines in range(1, 6):
        goods = [
            block
            for n in range(lines)
            for block in (Text(f"Barang ukur {n}"), Columns("  1 x 9.500", "9.500"))
        ]
        head = [Text(f"Karya Lapas Tangerang {n}", align="center") for n in range(4)]
        sums = [Columns(word, "100.000") for word in ("No.", "Waktu", "Kasir", "TOTAL", "Tunai", "Kembalian")]
        document = Document((*head, *goods, *sums, Text("Terima kasih. " * 6), Cut()))
        found[lines] = to_escpos(document, Paper.of(32))
    return found


def _fill(url: str, counters: Sequence[Counter], plan: Sequence[tuple[date, int]], *, quiet: bool) -> None:
    spelling = Spelling(db.engine.dialect)
    office = _Office(counters[0])
    db.session.remove()
    db.engine.dispose()
    bar = Bar(sum(size for _, size in plan), quiet=quiet)
    makers = _Makers(counters, plan, spelling)
    with writing(url) as target, makers.running():
        for on, size in plan:
            rows, deliveries = makers.day()
            if deliveries:
                for name, tuples in _spelled(spelling, office.receive(on, deliveries)).items():
                    rows[name] = tuples + rows.get(name, [])
            # In the order of the tables, so that what is referred to comes first.
            for name in sorted(rows, key=TABLES.index):
                if name in ORDERS:
                    rows[name].sort(key=ORDERS[name])
                target.add(name, spelling.columns(name), rows[name])
            bar.step(size)
        (stamp,) = (maker for column, maker in spelling.makers("book") if column == "last_at")
        for standing in [*makers.standings(), office.standing]:
            target.stand(standing | {"last_at": stamp(standing["last_at"]) if stamp else standing["last_at"]})


TABLES = [found.name for found in db.metadata.sorted_tables]


def _spelled(spelling: Spelling, day: Day) -> Tuples:
    found = {name: spelling.values(name, rows) for name, rows in day.rows.items()}
    for name, rows in day.tuples.items():
        found.setdefault(name, []).extend(rows)
    return found


class _Office:
    """The office's book, in which goods come in."""

    def __init__(self, counter: Counter) -> None:
        self._place = counter.till.location_id
        self._supplier = lots.outside("supplier")
        self._chance = counter.random
        self._last_day = counter.last_day
        row = db.session.execute(select(Book).where(Book.code == OFFICE)).scalar_one()
        self.standing = {name: getattr(row, name) for name in ("id", *COUNTED)}

    def receive(self, on: date, deliveries: Sequence[tuple[int, int, int, int]]) -> Day:
        """Take in a week's goods, an hour before the tills open."""
        standing, day = self.standing, Day(on)
        at = datetime.combine(on, datetime.min.time(), UTC) + OPENS - timedelta(hours=1)
        seq, paper = standing["seq"] + 1, id_at(at, self._chance)
        new = [
            {
                "id": lot,
                "product_id": product,
                "code": f"L{on:%y%m%d}",
                "expires_on": on + timedelta(days=KEEPS),
                "unit_cost": None,
                "made_on": None,
                "source_id": None,
            }
            for product, lot, _, _ in deliveries
        ]
        head = {
            "id": paper,
            "kind": "receipt",
            "location_id": self._place,
            "reason": "receipt",
            "note": "",
            "at": at,
            "by": SYSTEM.name,
        }
        moved = [
            {
                "book_id": standing["id"],
                "seq": seq,
                "position": position,
                "at": at,
                "product_id": product,
                "lot_id": lot,
                "from_id": self._supplier,
                "to_id": self._place,
                "quantity": pieces,
                "reason": "receipt",
                "source_id": paper,
            }
            for position, (product, lot, pieces, _) in enumerate(deliveries)
        ]
        content = {
            "lot": [spelled(row) for row in new],
            "stock_paper": [spelled(head)],
            "movement": [spelled(row) for row in moved],
        }
        actor = (SYSTEM.key, SYSTEM.name, SYSTEM.role)
        book = (standing["id"], OFFICE)
        digest = entry(day, book, seq, standing["head"], at, "stock_receipt", actor, paper, content)
        standing |= {"seq": seq, "head": digest, "last_at": at}
        day.rows |= {"lot": new, "stock_paper": [head], "movement": moved}
        # Those of long ago are as pruning leaves them.
        forgotten = on + timedelta(days=KEEPS + EMPTY_DAYS) < self._last_day
        for product, lot, _, left in deliveries:
            if forgotten and not left:
                continue
            balance = {"location_id": self._place, "product_id": product, "lot_id": lot}
            day.add("stock_balance", balance | {"on_hand": left, "reserved": 0})
        return day


class _Makers:
    """Processes that make the days of registers, each of some of them."""

    def __init__(
        self, counters: Sequence[Counter], plan: Sequence[tuple[date, int]], spelling: Spelling
    ) -> None:
        context = multiprocessing.get_context("fork")
        shares = [counters[n::MAKERS] for n in range(min(MAKERS, len(counters)))]
        numbers = {counter.till.code: n for n, counter in enumerate(counters)}
        plans = {
            code: [(on, size // len(counters) + (n < size % len(counters))) for on, size in plan]
            for code, n in numbers.items()
        }
        self._queues = [context.Queue(maxsize=3) for _ in shares]
        self._workers = [
            context.Process(target=_make, args=(share, plans, spelling, queue), daemon=True)
            for share, queue in zip(shares, self._queues, strict=True)
        ]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start them, and end them whatever happens."""
        for worker in self._workers:
            worker.start()
        try:
            yield
        finally:
            for worker in self._workers:
                worker.terminate()
                worker.join()

    def day(self) -> tuple[Tuples, list[tuple[int, int, int, int]]]:
        """Return the next day's rows of all registers, and what came in for them."""
        rows: Tuples = {}
        deliveries: list[tuple[int, int, int, int]] = []
        for queue in self._queues:
            part, came = queue.get(timeout=120)
            for name, tuples in part.items():
                rows.setdefault(name, []).extend(tuples)
            deliveries += came
        return rows, sorted(deliveries, key=itemgetter(1))

    def standings(self) -> list[dict[str, Any]]:
        """Return how the registers' books stand at the end."""
        return [standing for queue in self._queues for standing in queue.get(timeout=120)]


def _make(
    counters: Sequence[Counter], plans: dict[str, list[tuple[date, int]]], spelling: Spelling, queue: Any
) -> None:
    for counter in counters:
        counter.stamps = Stamps(counter, spelling)
    for made in zip(*(days(counter, plans[counter.till.code]) for counter in counters), strict=True):
        rows: Tuples = {}
        for day in made:
            for name, tuples in _spelled(spelling, day).items():
                rows.setdefault(name, []).extend(tuples)
        queue.put((rows, [delivery for day in made for delivery in day.deliveries]))
    queue.put(
        [
            {
                "id": counter.till.book.id,
                "seq": counter.seq,
                "head": counter.head,
                "last_at": counter.last_at,
                "sale_count": counter.sales,
                "refund_count": 0,
                "z_count": counter.z,
                "grand_total": counter.grand_total,
            }
            for counter in counters
        ]
    )
    queue.close()
    queue.join_thread()
