"""Stock papers beyond goods in and corrections: transfers and counts."""

from pos.api.endpoint import (
    SALES_CURSOR,
    Call,
    View,
    argument,
    changes,
    cursor_argument,
    limit_argument,
    listed,
    reads,
)
from pos.domain.rights import Right
from pos.errors import N_, FieldError, ValidationError
from pos.operations import counts, transfers
from pos.operations.actor import Actor
from pos.queries.stock_counts import count_view
from pos.queries.stock_counts import counts as count_page
from pos.queries.stock_transfers import transfer_view
from pos.queries.stock_transfers import transfers as transfer_page
from pos.schemas.stock import (
    CountDropIn,
    CountPostIn,
    StockCountIn,
    TallyIn,
    TransferArrivalIn,
    TransferIn,
    TransferPrintIn,
)
from pos.schemas.stock_answers import (
    StockCountOut,
    StockCountPage,
    TransferOut,
    TransferPage,
    TransferSlipOut,
)


def _show_transfer(actor: Actor, made: str) -> View:
    return transfer_view(made)


def _show_received(actor: Actor, made: str, transfer_id: str) -> View:
    return transfer_view(transfer_id)


def _show_slip(actor: Actor, made: str, transfer_id: str) -> View:
    return {"id": made}


@changes("/stock/transfers", TransferIn, _show_transfer, "Send goods to another location", TransferOut)
def post_transfer(call: Call, body: TransferIn) -> None:
    """Take goods from one location; they are in transit until they are received."""
    transfers.send(body, call.actor, call.at, call.request)


@changes(
    "/stock/transfers/<transfer_id>/receive",
    TransferArrivalIn,
    _show_received,
    "Receive a transfer, short or over",
    TransferOut,
)
def post_transfer_arrival(call: Call, body: TransferArrivalIn, transfer_id: str) -> None:
    """Count in what arrived, once."""
    transfers.receive(transfer_id, body, call.actor, call.at, call.request)


@changes(
    "/stock/transfers/<transfer_id>/print",
    TransferPrintIn,
    _show_slip,
    "Print a transfer's slip at a register's printer",
    TransferSlipOut,
)
def post_transfer_slip(call: Call, body: TransferPrintIn, transfer_id: str) -> None:
    """Put the slip into the spool."""
    transfers.print_slip(transfer_id, body, call.actor, call.at, call.request)


@reads(
    "/stock/transfers",
    "Transfers, the newest first",
    TransferPage,
    (("status", "sent or received"), ("limit", "items"), ("cursor", "page")),
)
def get_transfers(actor: Actor) -> View:
    """Return a page of transfers."""
    actor.need(Right.SEE_STOCK)
    status = argument("status")
    if status not in (None, "sent", "received"):
        raise ValidationError(
            FieldError("status", N_("One of: %(expected)s."), {"expected": "sent, received"})
        )
    return listed(*transfer_page(status, cursor_argument(*SALES_CURSOR), limit_argument()))


@reads("/stock/transfers/<transfer_id>", "One transfer, lot by lot", TransferOut)
def get_transfer(actor: Actor, transfer_id: str) -> View:
    """Return one transfer."""
    actor.need(Right.SEE_STOCK)
    return transfer_view(transfer_id)


def _show_count(actor: Actor, made: str) -> View:
    return _count(actor, made)


def _show_counted(actor: Actor, made: str, count_id: str) -> View:
    return _count(actor, count_id)


def _count(actor: Actor, count_id: str) -> View:
    """Return a count; while a blind one is open, only who may post it sees what the books say."""
    view = count_view(count_id, books=True)
    if view["status"] == "open" and view["blind"] and not actor.may(Right.STOCK_PAPERS):
        return count_view(count_id, books=False)
    return view


@changes("/stock/counts", StockCountIn, _show_count, "Begin a count of a location", StockCountOut)
def post_stock_count(call: Call, body: StockCountIn) -> None:
    """Freeze what the books say; selling goes on."""
    counts.start(body, call.actor, call.at, call.request)


@changes("/stock/counts/<count_id>/tallies", TallyIn, _show_counted, "Count pieces of lots", StockCountOut)
def post_stock_tally(call: Call, body: TallyIn, count_id: str) -> None:
    """Add to what was counted, or say it anew."""
    counts.tally(count_id, body, call.actor, call.at, call.request)


@changes("/stock/counts/<count_id>/post", CountPostIn, _show_counted, "Post the differences", StockCountOut)
def post_stock_count_end(call: Call, body: CountPostIn, count_id: str) -> None:
    """Make movements of what differs."""
    counts.post(count_id, body, call.actor, call.at, call.request)


@changes("/stock/counts/<count_id>/drop", CountDropIn, _show_counted, "Drop a count", StockCountOut)
def post_stock_count_drop(call: Call, body: CountDropIn, count_id: str) -> None:
    """Give it up; nothing changes."""
    counts.drop(count_id, body, call.actor, call.at, call.request)


@reads(
    "/stock/counts",
    "Counts, the newest first",
    StockCountPage,
    (("limit", "items"), ("cursor", "page")),
)
def get_stock_counts(actor: Actor) -> View:
    """Return a page of counts."""
    actor.need(Right.SEE_STOCK)
    return listed(*count_page(cursor_argument(*SALES_CURSOR), limit_argument()))


@reads("/stock/counts/<count_id>", "One count, lot by lot", StockCountOut)
def get_stock_count(actor: Actor, count_id: str) -> View:
    """Return one count."""
    actor.need(Right.SEE_STOCK)
    return _count(actor, count_id)
