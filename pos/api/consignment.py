"""Partners and the goods that lie there: delivered, sold, taken back, and what they owe."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pos import clock
from pos.api.endpoint import Call, View, argument, changes, date_argument, listed, reads
from pos.domain.rights import Right
from pos.errors import N_, FieldError, ValidationError
from pos.operations import consignment, partners, sell_through
from pos.operations.actor import Actor
from pos.queries import partners as queries
from pos.queries.outlets import first_place
from pos.queries.statement import Line, Statement, statement
from pos.schemas.consignment import (
    ConsignmentReturnIn,
    DeliveryIn,
    PartnerIn,
    PartnerPricesIn,
    SellThroughIn,
    SellThroughReverseIn,
)
from pos.schemas.consignment_answers import (
    ConsignmentReturnOut,
    DeliveryOut,
    PartnerOut,
    PartnerPage,
    SellThroughOut,
    StatementOut,
)
from pos.schemas.stock_answers import MadeOut


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(first_place()[0])).date()


def _show_partner(actor: Actor, made: str) -> View:
    return queries.partner_view(queries.made_by(made))


def _show_made(actor: Actor, made: str, code: str) -> View:
    return {"id": made}


def _show_delivery(actor: Actor, made: str) -> View:
    return queries.delivery_view(made)


def _show_report(actor: Actor, made: str) -> View:
    return queries.report_view(made)


def _show_reversed(actor: Actor, made: str, report_id: str) -> View:
    return queries.report_view(report_id)


def _show_return(actor: Actor, made: str) -> View:
    return queries.return_view(made)


@reads("/stock/partners", "Partners, and how many pieces lie there", PartnerPage)
def get_partners(actor: Actor) -> View:
    """Return every partner."""
    actor.need(Right.SEE_STOCK)
    return listed([queries.partner_view(one.code) for one in queries.partners()], None)


@changes("/stock/partners", PartnerIn, _show_partner, "Add a partner", PartnerOut)
def post_partner(call: Call, body: PartnerIn) -> None:
    """Add a partner and the location of the goods at their place."""
    partners.add(body, call.actor, call.at, call.request)


@changes(
    "/stock/partners/<code>/prices", PartnerPricesIn, _show_made, "Set prices agreed with a partner", MadeOut
)
def post_partner_prices(call: Call, body: PartnerPricesIn, code: str) -> None:
    """Set what pieces cost there from a day on."""
    partner_id = queries.partner(code).id
    partners.set_prices(partner_id, body, _today(), call.actor, call.at, call.request)


@changes("/stock/deliveries", DeliveryIn, _show_delivery, "Deliver goods to a partner", DeliveryOut)
def post_delivery(call: Call, body: DeliveryIn) -> None:
    """Send goods with a delivery note; they are received like any transfer, or at once."""
    consignment.deliver(body, call.actor, call.at, call.request)


@reads("/stock/deliveries/<delivery_id>", "One delivery, lot by lot", DeliveryOut)
def get_delivery(actor: Actor, delivery_id: str) -> View:
    """Return one delivery."""
    actor.need(Right.SEE_STOCK)
    return queries.delivery_view(delivery_id)


@changes("/stock/sell-through", SellThroughIn, _show_report, "Book what a partner sold", SellThroughOut)
def post_sell_through(call: Call, body: SellThroughIn) -> None:
    """Book a report, all or nothing, once."""
    sell_through.book_paper(body, _today(), call.actor, call.at, call.request)


@changes(
    "/stock/sell-through/<report_id>/reverse",
    SellThroughReverseIn,
    _show_reversed,
    "Take a partner's report back, whole",
    SellThroughOut,
)
def post_sell_through_reversal(call: Call, body: SellThroughReverseIn, report_id: str) -> None:
    """Put its pieces back to the partner's place."""
    sell_through.reverse(report_id, body, call.actor, call.at, call.request)


@reads("/stock/sell-through/<report_id>", "One report of a partner, row by row", SellThroughOut)
def get_sell_through(actor: Actor, report_id: str) -> View:
    """Return one report."""
    actor.need(Right.SEE_STOCK)
    return queries.report_view(report_id)


@changes(
    "/stock/returns",
    ConsignmentReturnIn,
    _show_return,
    "Take unsold goods back from a partner",
    ConsignmentReturnOut,
)
def post_consignment_return(call: Call, body: ConsignmentReturnIn) -> None:
    """Take goods back; spoiled ones are written off."""
    consignment.take_back(body, call.actor, call.at, call.request)


@reads("/stock/returns/<return_id>", "One return from a partner, lot by lot", ConsignmentReturnOut)
def get_consignment_return(actor: Actor, return_id: str) -> View:
    """Return one return note."""
    actor.need(Right.SEE_STOCK)
    return queries.return_view(return_id)


@reads(
    "/stock/statement",
    "A partner's statement of a period",
    StatementOut,
    (("partner", "code"), ("from", "first day"), ("until", "last day")),
)
def get_statement(actor: Actor) -> View:
    """Return what lay there, came, was sold, came back and was lost, and what they owe."""
    actor.need(Right.SEE_REPORTS)
    code, from_on, until_on = argument("partner"), date_argument("from"), date_argument("until")
    if code is None or from_on is None or until_on is None:
        named = (("partner", code), ("from", from_on), ("until", until_on))
        raise ValidationError(
            *(FieldError(name, N_("This is missing.")) for name, value in named if value is None)
        )
    if from_on > until_on:
        raise ValidationError(FieldError("until", N_("The period ends before it begins.")))
    return _statement(statement(queries.partner(code), from_on, until_on, first_place()[0]))


def _statement(found: Statement) -> View:
    return {
        "partner": found.partner.code,
        "from": found.from_on.isoformat(),
        "until": found.until_on.isoformat(),
        **_flow(found.sums),
        **{name: getattr(found, name) for name in ("gross", "commission", "due", "value")},
        "reports": [queries.report_head(report) for report in found.reports],
        "lines": [_line(line) for line in found.lines],
    }


def _line(line: Line) -> View:
    return {
        "sku": line.sku,
        "name": line.name,
        **_flow(line.flow),
        **{name: getattr(line, name) for name in ("price", "gross", "commission", "due", "value")},
    }


def _flow(flow: Any) -> View:
    names = ("opening", "delivered", "sold", "returned", "lost", "closing")
    return {name: getattr(flow, name) for name in names}
