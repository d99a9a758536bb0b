"""A partner's statement of a period: what lay there, came, was sold, came back and was lost; what they owe.

What was sold counts on the days that the partner's report names, whenever it was booked; everything else on
the day it happened.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from pos.db import db
from pos.domain.consignment import Flow
from pos.models import ConsignmentSale, ConsignmentSaleLine, Movement, Product
from pos.models.partial import MOVED_BY_PAPER
from pos.queries.agreed import Agreed
from pos.queries.partners import PartnerView

SOLD = "consigned"
LOST = ("spoiled", "waste", "sample", "count", "correction")
_CAME = ("transfer", "over", "receipt")


@dataclass(frozen=True, slots=True)
class Line:
    """A product in a statement; rupiah of what was sold as booked, of the rest at the last day's price."""

    sku: str
    name: str
    flow: Flow
    price: int | None
    gross: int
    commission: int

    @property
    def due(self) -> int:
        """What the partner owes for what was sold."""
        return self.gross - self.commission

    @property
    def value(self) -> int:
        """What lies there at the end, at the agreed price."""
        return self.flow.closing * (self.price or 0)


@dataclass(slots=True)
class Statement:
    """A partner's statement: `lines` by product; `reports` are the booked reports it counts."""

    partner: PartnerView
    from_on: date
    until_on: date
    lines: list[Line]
    reports: list[ConsignmentSale]
    sums: Flow = field(default_factory=Flow)
    gross: int = 0
    commission: int = 0
    due: int = 0
    value: int = 0

    def __post_init__(self) -> None:
        """Add the lines up."""
        for line in self.lines:
            for name in ("opening", "delivered", "sold", "returned", "lost"):
                setattr(self.sums, name, getattr(self.sums, name) + getattr(line.flow, name))
            self.gross += line.gross
            self.commission += line.commission
            self.due += line.due
            self.value += line.value

    @property
    def below(self) -> list[Line]:
        """Products of which more was sold than lay there by the books: a delivery was booked too late."""
        return [line for line in self.lines if line.flow.closing < 0]


@dataclass(slots=True)
class _Money:
    gross: int = 0
    commission: int = 0


def statement(partner: PartnerView, from_on: date, until_on: date, zone: str) -> Statement:
    """Return the statement of the days from `from_on` to `until_on`, both included, in a time zone."""
    flows: defaultdict[int, Flow] = defaultdict(Flow)
    _moved(partner, flows, _midnight(from_on, zone), _midnight(until_on + timedelta(days=1), zone))
    money = _sold(partner, flows, from_on, until_on)
    agreed = Agreed(partner.id, flows)
    lines = [
        Line(
            sku,
            name,
            flows[product_id],
            agreed.on(product_id, until_on),
            money[product_id].gross,
            money[product_id].commission,
        )
        for product_id, sku, name in _names(flows)
        if _speaks(flows[product_id], money[product_id])
    ]
    reports = list(
        db.session.execute(
            select(ConsignmentSale)
            .where(ConsignmentSale.partner_id == partner.id, ConsignmentSale.status == "booked")
            .where(ConsignmentSale.from_on <= until_on, ConsignmentSale.until_on >= from_on)
            .order_by(ConsignmentSale.until_on, ConsignmentSale.number)
        ).scalars()
    )
    return Statement(partner, from_on, until_on, lines, reports)


def _speaks(flow: Flow, money: _Money) -> bool:
    return any((flow.opening, flow.delivered, flow.sold, flow.returned, flow.lost, money.gross))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def _names(flows: dict[int, Flow]) -> list[tuple[int, str, str]]:
    rows = db.session.execute(
        select(Product.id, Product.sku, Product.name)
        .where(Product.id.in_(list(flows)))
        .order_by(Product.position, Product.sku)
    )
    return [(product_id, sku, name) for product_id, sku, name in rows]


def _moved(partner: PartnerView, flows: defaultdict[int, Flow], start: datetime, end: datetime) -> None:
    """Add everything that moved but what was sold."""
    before = func.sum(case((Movement.at < start, Movement.quantity), else_=0))
    for side, sign in ((Movement.from_id, -1), (Movement.to_id, 1)):
        rows = db.session.execute(
            select(Movement.product_id, Movement.reason, before, func.sum(Movement.quantity))
            .where(side == partner.location_id, MOVED_BY_PAPER)
            .where(Movement.at < end, Movement.reason != SOLD)
            .group_by(Movement.product_id, Movement.reason)
        )
        for product_id, reason, earlier, all_in_all in rows:
            flow, pieces = flows[product_id], sign * (int(all_in_all) - int(earlier))
            flow.opening += sign * int(earlier)
            if reason in LOST:
                flow.lost -= pieces
            elif reason in _CAME and sign > 0:
                flow.delivered += pieces
            else:
                flow.returned -= pieces


def _sold(
    partner: PartnerView, flows: defaultdict[int, Flow], from_on: date, until_on: date
) -> defaultdict[int, _Money]:
    """Add what was sold, by the days of the reports."""
    line, sale = ConsignmentSaleLine, ConsignmentSale
    day = func.coalesce(line.sold_on, sale.until_on)
    here, earlier = day >= from_on, case((day < from_on, line.quantity), else_=0)
    rows = db.session.execute(
        select(
            line.product_id,
            func.sum(earlier),
            func.sum(line.quantity),
            func.sum(case((here, line.gross), else_=0)),
            func.sum(case((here, line.commission), else_=0)),
        )
        .join(sale, sale.id == line.sale_id)
        .where(sale.partner_id == partner.id, sale.status == "booked", day <= until_on)
        .group_by(line.product_id)
    )
    money: defaultdict[int, _Money] = defaultdict(_Money)
    for product_id, before, pieces, gross, commission in rows:
        flows[product_id].opening -= int(before)
        flows[product_id].sold += int(pieces) - int(before)
        money[product_id] = _Money(int(gross), int(commission))
    return money
