"""Settlement files: what became of the main shop's goods at an outlet since its last one.

A file covers the entries of every book from where the one before it ended, not hours of a clock: whatever is
written while it is made comes with the next one, and nothing comes twice.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import and_, or_, select

from pos import clock
from pos.db import db
from pos.domain import exchange
from pos.domain.exchange import Body
from pos.errors import N_, PosError
from pos.models import (
    Book,
    Entry,
    ExchangeGoods,
    Location,
    Lot,
    Movement,
    Product,
    StockTransfer,
    ZReport,
)
from pos.operations import stock
from pos.operations.actor import Actor
from pos.operations.exchange import FILE, head, keep, last_body, only_link, today_at, zone_of
from pos.operations.journal import OFFICE, Request, Row

Key: TypeAlias = tuple[str, str]
"""A product's SKU and the code of a lot."""
MOST = 60_000
"""So many movements fit into one file."""
CHANGES = ("waste", "sample", "count", "correction", "other")
Z_FIELDS = (
    "register",
    "number",
    "business_date",
    "gross",
    "discounts",
    "refunds",
    "rounding",
    "net",
    "by_method",
)


@dataclass(slots=True)
class _Flows:
    """What moved, by product and lot."""

    sold: defaultdict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    arrived: defaultdict[str, defaultdict[Key, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    returned: defaultdict[Key, int] = field(default_factory=lambda: defaultdict(int))
    changes: defaultdict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    balance: defaultdict[Key, int] = field(default_factory=lambda: defaultdict(int))


def write(actor: Actor, at: datetime, request: Request) -> None:
    """Write the next settlement file for the main shop. Raises not_found, too_much, Replayed."""
    act = stock.begin("exchange_settled", actor, at, request)
    link = only_link("outlet")
    before = last_body(link["id"], "settlement")
    since = {book["code"]: int(book["seq"]) for book in before["books"]} if before else {}
    books = db.session.execute(select(Book.id, Book.code, Book.seq, Book.head).order_by(Book.id)).all()
    spans = [(book.id, since.get(book.code, 0), book.seq) for book in books]
    flows = _flows(link, spans, before)
    today = today_at(link, at)
    until = max([today, *(date.fromisoformat(day) for _, _, day in flows.sold)])
    first = min([until, *(date.fromisoformat(day) for _, _, day in flows.sold)])
    body = head(link, "settlement", request.id, at, until)
    body |= {
        "from": first.isoformat(),
        "books": [{"code": book.code, "seq": book.seq, "head": book.head} for book in books],
        "arrived": _arrived(link, flows),
        "sold": [
            {"sku": sku, "lot": lot, "day": day, "quantity": count}
            for (sku, lot, day), count in sorted(flows.sold.items())
            if count
        ],
        "returned": _lines(flows.returned),
        "changes": _changes(flows),
        "on_hand": _lines(flows.balance),
        "z": _reports(spans),
    }
    pieces = sum(flows.sold.values())
    keep(act, link, body, exchange.seal(body, link["secret"]), pieces)
    act.finish()


def _lines(counts: dict[Key, int]) -> list[Body]:
    return [{"sku": sku, "lot": lot, "quantity": n} for (sku, lot), n in sorted(counts.items()) if n]


def _flows(link: Row, spans: Iterable[tuple[int, int, int]], before: Body | None) -> _Flows:
    flows = _Flows()
    for line in before["on_hand"] if before else ():
        flows.balance[line["sku"], line["lot"]] = line["quantity"]
    theirs = _their_products()
    if not theirs:
        return flows
    here = int(link["location_id"])
    kinds = dict(db.session.execute(select(Location.id, Location.kind)).all())
    carried = set(db.session.execute(select(ExchangeGoods.transfer_id)).scalars())
    back = set(
        db.session.execute(select(StockTransfer.id).where(StockTransfer.to_id == link["back_id"])).scalars()
    )
    zone = zone_of(link)
    for row in _moved(here, spans, theirs):
        out = row.from_id == here
        signed = -row.quantity if out else row.quantity
        key = (row.sku, row.lot)
        flows.balance[key] += signed
        other = kinds[row.to_id if out else row.from_id]
        if other == "customer":
            flows.sold[row.sku, row.lot, row.at.astimezone(zone).date().isoformat()] -= signed
        elif other == "supplier" and row.source_id in carried:
            flows.arrived[row.source_id][key] += row.quantity
        elif out and row.source_id in back:
            flows.returned[key] += row.quantity
        else:
            reason = row.reason if row.reason in CHANGES else "other"
            flows.changes[row.sku, row.lot, reason] += signed
    return flows


def _their_products() -> set[int]:
    """Return the products that a delivery file ever brought: the outlet's own ones are nobody else's."""
    office = select(Book.id).where(Book.code == OFFICE).scalar_subquery()
    return set(
        db.session.execute(
            select(Movement.product_id)
            .join(ExchangeGoods, ExchangeGoods.transfer_id == Movement.source_id)
            .where(Movement.book_id == office, Movement.reason == "receipt")
            .distinct()
        ).scalars()
    )


def _moved(here: int, spans: Iterable[tuple[int, int, int]], theirs: set[int]) -> list[Any]:
    within = or_(
        *(
            and_(Movement.book_id == book, Movement.seq > since, Movement.seq <= until)
            for book, since, until in spans
        )
    )
    rows = db.session.execute(
        select(
            Movement.at,
            Movement.from_id,
            Movement.to_id,
            Movement.quantity,
            Movement.reason,
            Movement.source_id,
            Movement.product_id,
            Product.sku,
            Lot.code.label("lot"),
        )
        .join(Product, Product.id == Movement.product_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(within, or_(Movement.from_id == here, Movement.to_id == here))
        .limit(MOST + 1)
    ).all()
    if len(rows) > MOST:
        message = N_("More than %(most)s movements since the last file. Tell the technician.")
        raise PosError("too_much", message, {"most": MOST})
    return [row for row in rows if row.product_id in theirs]


def _arrived(link: Row, flows: _Flows) -> list[Body]:
    """Return each delivery that was taken in since, also one of which nothing arrived."""
    told = {one["id"] for body in _bodies(link) for one in body["arrived"]}
    carried = db.session.execute(
        select(ExchangeGoods.transfer_id).order_by(ExchangeGoods.transfer_id)
    ).scalars()
    return [{"id": one, "lines": _lines(flows.arrived[one])} for one in carried if one not in told]


def _bodies(link: Row) -> list[Body]:
    """Return our earlier settlement files; an outlet writes one a week."""
    rows = db.session.execute(
        select(FILE.c.data).where(FILE.c.link_id == link["id"], FILE.c.kind == "settlement")
    ).scalars()
    return [exchange.peek(zlib.decompress(data)) for data in rows]


def _changes(flows: _Flows) -> list[Body]:
    expiries = {
        (sku, lot): expires
        for sku, lot, expires in db.session.execute(
            select(Product.sku, Lot.code, Lot.expires_on).join(Lot, Lot.product_id == Product.id)
        )
    }
    found = []
    for (sku, lot, reason), count in sorted(flows.changes.items()):
        if count:
            day = clock.iso_day(expiries.get((sku, lot)))
            found.append({"sku": sku, "lot": lot, "expires_on": day, "reason": reason, "quantity": count})
    return found


def _reports(spans: Iterable[tuple[int, int, int]]) -> list[Body]:
    """Return the totals of the shifts that were closed since."""
    ids = set()
    for book, since, until in spans:
        for content in db.session.execute(
            select(Entry.content).where(
                Entry.book_id == book, Entry.seq > since, Entry.seq <= until, Entry.kind == "shift_closed"
            )
        ).scalars():
            ids |= {row["id"] for row in json.loads(content).get("z_report", ())}
    reports = [
        json.loads(report)
        for report in db.session.execute(select(ZReport.report).where(ZReport.id.in_(ids))).scalars()
    ]
    found = [{name: report[name] for name in Z_FIELDS} for report in reports]
    return sorted(found, key=lambda report: (report["register"], report["number"]))
