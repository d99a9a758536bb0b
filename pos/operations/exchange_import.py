"""Settlement files at the main shop: looked at first, then booked whole, each once and in turn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from pos.db import db
from pos.domain.exchange import Body, net_of_lots
from pos.domain.lots import Take
from pos.errors import N_
from pos.ids import new_id
from pos.models import Lot, Product, StockBalance, StockTransfer
from pos.operations import consignment, sell_through, stock, transfers, write_offs
from pos.operations.actor import Actor
from pos.operations.exchange import Taken, keep, last_body, need_next, partner_of, read, refused, today_at
from pos.operations.journal import Request, Row
from pos.operations.partners import code_of
from pos.operations.sell_through import Report, SoldRow
from pos.queries.agreed import Agreed
from pos.schemas.consignment import BackLineIn, ConsignmentReturnIn
from pos.schemas.stock import AdjustmentIn, AdjustmentLineIn, ArrivalLineIn, TransferArrivalIn

Key = tuple[str, str]
NOTE = "Berkas setoran %(number)s"


@dataclass(slots=True)
class Difference:
    """A product or lot of which the outlet has another number than our books will say."""

    sku: str
    lot: str
    theirs: int
    ours: int


@dataclass(slots=True)
class SettlementPlan:
    """What a settlement file says and what booking it would do."""

    taken: Taken
    partner: Row
    sold: list[Body] = field(default_factory=list)
    pieces: int = 0
    gross: int = 0
    z_net: int = 0
    short: list[Body] = field(default_factory=list)
    changes: list[Body] = field(default_factory=list)
    returned: list[Body] = field(default_factory=list)
    brought_back: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def plan(data: bytes, at: datetime) -> SettlementPlan:
    """Read a settlement file and say what it would do, with every difference.

    Raises exchange_refused, exchange_known, exchange_gap.
    """
    taken = read(data, "main", "settlement")
    need_next(taken)
    _need_same_books(taken)
    body = taken.body
    partner = partner_of(taken.link)
    found = SettlementPlan(taken, partner, changes=body["changes"], returned=body["returned"])
    found.z_net = sum(report["net"] for report in body["z"])
    products = stock.products(sorted(_named(body)))
    agreed = Agreed(int(partner["id"]), products.values())
    by_product: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in body["sold"]:
        price = agreed.on(products[row["sku"]], _day(row, taken, at)) or 0
        by_product[row["sku"]][0] += row["quantity"]
        by_product[row["sku"]][1] += price * row["quantity"]
    _, found.brought_back = net_of_lots(_by_lot(body))
    for sku, (pieces, worth) in sorted(by_product.items()):
        found.sold.append({"sku": sku, "quantity": pieces, "gross": worth})
        if sku not in found.brought_back:
            found.pieces += pieces
            found.gross += worth
    found.short = list(_short(body))
    found.differences = _differences(found)
    return found


def _named(body: Body) -> set[str]:
    named = {line["sku"] for name in ("sold", "returned", "changes", "on_hand") for line in body[name]}
    return named | {line["sku"] for one in body["arrived"] for line in one["lines"]}


def _day(row: Mapping[str, Any], taken: Taken, at: datetime) -> date:
    """Return the day of a row; an outlet's clock may be a little before ours."""
    return min(date.fromisoformat(row["day"]), today_at(taken.link, at))


def _need_same_books(taken: Taken) -> None:
    """Refuse a file whose books go back behind what an earlier file said: another shop, or a restored one."""
    before = last_body(taken.link["id"], "settlement")
    now = {book["code"]: book for book in taken.body["books"]}
    for book in before["books"] if before else ():
        here = now.get(book["code"])
        if (
            here is None
            or here["seq"] < book["seq"]
            or (here["seq"] == book["seq"] and here["head"] != book["head"])
        ):
            message = N_(
                "The outlet's book %(book)s is not the one of its earlier files: its shop was restored or "
                "made anew. Count there first."
            )
            raise refused(message, book=book["code"])


def _by_lot(body: Body) -> dict[Key, int]:
    lots: defaultdict[Key, int] = defaultdict(int)
    for row in body["sold"]:
        lots[row["sku"], row["lot"]] += row["quantity"]
    return dict(lots)


def _on_its_way(transfer_id: str) -> bool:
    """Say whether a transfer of ours was not received yet."""
    status = db.session.execute(
        select(StockTransfer.status).where(StockTransfer.id == transfer_id)
    ).scalar_one_or_none()
    return status == "sent"


def _short(body: Body) -> Iterable[Body]:
    for one in body["arrived"]:
        there = {(line["sku"], line["lot"]): line["quantity"] for line in one["lines"]}
        for sku, lot, count in sorted(transfers.sent_lines(one["id"])):
            if there.get((sku, lot), 0) != count:
                yield {"sku": sku, "lot": lot, "sent": count, "arrived": there.get((sku, lot), 0)}


def _differences(found: SettlementPlan) -> list[Difference]:
    """Hold what will lie there by our books against what the outlet says lies there."""
    body, here = found.taken.body, found.taken.link["location_id"]
    ours: defaultdict[Key, int] = defaultdict(int)
    for sku, lot, count in db.session.execute(
        select(Product.sku, Lot.code, StockBalance.on_hand)
        .join(Product, Product.id == StockBalance.product_id)
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(StockBalance.location_id == here)
    ):
        ours[sku, lot] += count
    for one in body["arrived"]:
        if _on_its_way(one["id"]):
            for line in one["lines"]:
                ours[line["sku"], line["lot"]] += line["quantity"]
    for line in body["changes"]:
        ours[line["sku"], line["lot"]] += line["quantity"]
    for line in body["returned"]:
        ours[line["sku"], line["lot"]] -= line["quantity"]
    for key, count in _by_lot(body).items():
        ours[key] -= count
    theirs = {(line["sku"], line["lot"]): line["quantity"] for line in body["on_hand"]}
    return [
        Difference(*key, theirs.get(key, 0), ours.get(key, 0))
        for key in sorted({*ours, *theirs})
        if theirs.get(key, 0) != ours.get(key, 0)
    ]


def carry_out(data: bytes, to: str, actor: Actor, at: datetime, request: Request) -> None:
    """Book a settlement file, all or nothing: arrivals, what was found, sold and lost, and what goes back to
    our location `to`.

    Raises what `plan` raises, and insufficient_stock when our books have less there than was sold; Replayed.
    """
    act = stock.begin("exchange_settlement", actor, at, request)
    found = plan(data, at)
    taken = found.taken
    keep(act, taken.link, taken.body, data, found.pieces)
    act.finish()
    note = NOTE % {"number": taken.body["number"]}
    for one in taken.body["arrived"]:
        if _on_its_way(one["id"]):
            lines = tuple(ArrivalLineIn.model_construct(**line) for line in one["lines"])
            paper = TransferArrivalIn.model_construct(id=one["id"], lines=lines, reason=note)
            transfers.receive(one["id"], paper, actor, at, None)
    place = code_of(found.partner)
    back = [
        {"sku": sku, "lot": lot, "expires_on": None, "reason": "other", "quantity": -count}
        for (sku, lot), count in sorted(_by_lot(taken.body).items())
        if sku in found.brought_back and count
    ]
    _adjust(place, [line for line in [*found.changes, *back] if line["quantity"] > 0], note, actor, at)
    _sell(found, place, note, actor, at)
    _adjust(place, [line for line in [*found.changes, *back] if line["quantity"] < 0], note, actor, at)
    if found.returned:
        going = tuple(BackLineIn(**line) for line in found.returned)
        paper_back = ConsignmentReturnIn.model_construct(
            id=new_id(), partner=place, to=to, lines=going, note=note
        )
        consignment.take_back(paper_back, actor, at, _own(paper_back.id))


def _own(paper_id: str) -> Request:
    """Return the request of a paper that a file makes: the file's own id is what counts once."""
    return Request(paper_id, "0" * 64)


def _adjust(place: str, lines: list[Body], note: str, actor: Actor, at: datetime) -> None:
    by_reason: defaultdict[str, list[AdjustmentLineIn]] = defaultdict(list)
    for line in lines:
        reason = "correction" if line["reason"] == "other" else line["reason"]
        expires = None if line["expires_on"] is None else date.fromisoformat(line["expires_on"])
        by_reason[reason].append(
            AdjustmentLineIn.model_construct(
                sku=line["sku"], quantity=line["quantity"], lot=line["lot"], expires_on=expires
            )
        )
    for reason, some in sorted(by_reason.items()):
        said: Any = reason
        paper = AdjustmentIn.model_construct(
            id=new_id(), location=place, reason=said, lines=tuple(some), note=note
        )
        write_offs.adjust(paper, actor, at, _own(paper.id))


def _sell(found: SettlementPlan, place: str, note: str, actor: Actor, at: datetime) -> None:
    taken = found.taken
    products = stock.products(sorted(_named(taken.body)))
    days: defaultdict[tuple[str, date], int] = defaultdict(int)
    for row in taken.body["sold"]:
        if row["sku"] not in found.brought_back:
            days[row["sku"], _day(row, taken, at)] += row["quantity"]
    rows = [
        SoldRow(f"{sku}.{day}", 0, products[sku], sku, count, sold_on=day)
        for (sku, day), count in sorted(days.items())
        if count
    ]
    if not rows:
        return
    lots, _ = net_of_lots(_by_lot(taken.body))
    ids = {
        (product_id, code): lot_id
        for product_id, code, lot_id in db.session.execute(
            select(Lot.product_id, Lot.code, Lot.id).where(Lot.product_id.in_(set(products.values())))
        )
    }
    missing = [f"{sku} {lot}" for sku, lot in lots if (products[sku], lot) not in ids]
    if missing:
        raise refused(N_("Lots that we never delivered were sold: %(lots)s."), lots=", ".join(missing))
    takes = [Take(products[sku], ids[products[sku], lot], count) for (sku, lot), count in lots.items()]
    _need_there(found, takes)
    report = Report(
        id=new_id(),
        partner=place,
        from_on=min(row.sold_on for row in rows if row.sold_on),
        until_on=max(row.sold_on for row in rows if row.sold_on),
        document=f"{taken.link['code']}-{taken.body['number']}",
        note=note,
        rows=rows,
        file_name=note,
        sha256=taken.digest,
        takes=takes,
    )
    sell_through.book(report, today_at(taken.link, at), actor, at, _own(report.id))


def _need_there(found: SettlementPlan, takes: list[Take]) -> None:
    """Refuse what would leave a lot with less than nothing, and name it."""
    held: dict[int, int] = dict(
        db.session.execute(
            select(StockBalance.lot_id, StockBalance.on_hand - StockBalance.reserved).where(
                StockBalance.location_id == found.taken.link["location_id"]
            )
        ).all()
    )
    names: dict[int, Key] = {
        lot_id: (sku, code)
        for lot_id, sku, code in db.session.execute(
            select(Lot.id, Product.sku, Lot.code).join(Product, Product.id == Lot.product_id)
        )
    }
    short = [take for take in takes if take.quantity > held.get(take.lot_id, 0)]
    if short:
        message = N_(
            "More was sold there than our books have at the outlet: %(lots)s. Correct our stock there first."
        )
        said = ", ".join(
            f"{names[take.lot_id][0]} {names[take.lot_id][1]} ({take.quantity} > {held.get(take.lot_id, 0)})"
            for take in short
        )
        raise refused(message, lots=said)
