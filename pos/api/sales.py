"""Sales: selling, what becomes of a waiting one, reversing, copies of receipts."""

from collections.abc import Iterator
from contextlib import contextmanager

from pos.api.endpoint import (
    SALES_CURSOR,
    Call,
    View,
    argument,
    changes,
    cursor_argument,
    date_argument,
    desk,
    limit_argument,
    listed,
    reads,
)
from pos.domain.rights import Right
from pos.errors import NotFound, PosError
from pos.operations import papers_qris, payments, printing, refunds, sales, tenders
from pos.operations.actor import Actor, is_own
from pos.operations.sales import CodeWanted, Collect
from pos.queries.print_jobs import print_jobs
from pos.queries.sales import refund_view, sale_view, seller_of, view_of, waiting_payment
from pos.queries.sales_list import page_of_sales
from pos.schemas.answers import CopyOut, RefundOut, SaleOut, SalePage, SlipOut
from pos.schemas.sales import CancelIn, ConfirmIn, RefundIn, ReprintIn, SaleIn, SlipIn, TendersIn, VoidIn


def show_sale(actor: Actor, made: str) -> View:
    """Return the sale as the caller may see it: a self-service device sees its own only."""
    view = sale_view(made)
    if not actor.may(Right.SEE_SALES) and not is_own(actor, view["register"], seller_of(made)):
        raise NotFound
    return view


def _show_refund(actor: Actor, made: str, sale_id: str) -> View:
    return refund_view(made)


def _show_corrected(actor: Actor, made: str, sale_id: str) -> View:
    return show_sale(actor, sale_id)


def _show_changed(actor: Actor, sale_id: str) -> View:
    return show_sale(actor, sale_id)


def _show_copy(actor: Actor, made: str, sale_id: str) -> View:
    items, _ = print_jobs(None, sale_id, None, None, 1)
    return {"id": made, "sale": sale_id, "job": items[0] if items else None}


def _show_slip(actor: Actor, made: str, sale_id: str) -> View:
    """Return the newest slip of the sale: a replay may come when its code has ended."""
    items, _ = print_jobs(None, sale_id, None, None, 20)
    job = next((item for item in items if item["kind"] == "qr"), None)
    return {"id": made, "sale": sale_id, "job": job}


@contextmanager
def _code(call: Call, wanted: CodeWanted) -> Iterator[Collect]:
    """Bring a code from the provider; when it is slow, the sale is written and the code follows."""
    collect, making = desk().code_for(wanted.amount, wanted.register)
    yield collect
    if collect.code is None:
        making.adopt()


@changes("/sales", SaleIn, show_sale, "Sell", SaleOut, get_ready=_code)
def post_sale(call: Call, body: SaleIn) -> View | None:
    """Complete a sale in cash, or start one that waits for QRIS."""
    done = sales.make_sale(body, call.actor, call.at, call.request, call.brought or desk().collect())
    if done is None:
        return None
    sold = done.sold
    return view_of(sold.till.code, sold.sale, sold.lines, sold.tenders, done.entry_hash, notes=sold.notes)


@reads("/sales/<sale_id>", "One sale as it is now", SaleOut)
def get_sale(actor: Actor, sale_id: str) -> View:
    """Return one sale."""
    return show_sale(actor, sale_id)


@reads(
    "/sales",
    "Sales, newest first",
    SalePage,
    (
        ("register", "code"),
        ("date", "business date"),
        ("status", "state"),
        ("limit", "items"),
        ("cursor", "page"),
    ),
)
def get_sales(actor: Actor) -> View:
    """Return a page of sales."""
    actor.need(Right.SEE_SALES)
    register = argument("register") or actor.register
    return listed(
        *page_of_sales(
            register,
            date_argument("date"),
            cursor_argument(*SALES_CURSOR),
            limit_argument(),
            status=argument("status"),
        )
    )


@changes(
    "/sales/<sale_id>/confirm",
    ConfirmIn,
    _show_changed,
    "Confirm a QRIS payment by hand",
    SaleOut,
    creates=False,
)
def confirm_sale(call: Call, body: ConfirmIn, sale_id: str) -> None:
    """Confirm that the merchant's own app shows the payment."""
    payments.confirm(sale_id, body.reference, call.actor, call.at)


def _last_question(call: Call, body: CancelIn, sale_id: str) -> None:
    """Ask the provider once more, so that a payment of this very moment wins."""
    payment = waiting_payment(sale_id)
    if payment is not None:
        desk().last_question(payment)


@changes(
    "/sales/<sale_id>/cancel",
    CancelIn,
    _show_changed,
    "Cancel a waiting sale",
    SaleOut,
    creates=False,
    outside=_last_question,
)
def cancel_sale(call: Call, body: CancelIn, sale_id: str) -> None:
    """Give up waiting. Loses against a payment: 409 with the completed sale."""
    try:
        payments.cancel(sale_id, call.actor, call.at)
    except PosError as error:
        if error.code == "sale_not_waiting":
            error.extra["sale"] = sale_view(sale_id)
        raise


@changes("/sales/<sale_id>/qr-slip", SlipIn, _show_slip, "Print the QRIS code of a waiting sale", SlipOut)
def print_slip(call: Call, body: SlipIn, sale_id: str) -> None:
    """Print the code for a buyer who can't see the screen."""
    papers_qris.print_code(sale_id, call.actor, call.at, call.request)


@changes(
    "/sales/<sale_id>/tenders",
    TendersIn,
    _show_corrected,
    "Say how a completed sale of the open shift was really paid",
    SaleOut,
)
def correct_tenders(call: Call, body: TendersIn, sale_id: str) -> None:
    """Correct how a sale was paid: toward cash freely, to QRIS with its number and a supervisor."""
    tenders.correct(sale_id, body.tenders, body.reference, call.actor, call.at, call.request)


@changes("/sales/<sale_id>/void", VoidIn, _show_refund, "Void a sale of the open shift", RefundOut)
def void_sale(call: Call, body: VoidIn, sale_id: str) -> None:
    """Reverse a whole sale of the open shift."""
    refunds.void_sale(sale_id, body.reason, call.actor, call.at, call.request, desk().that_refund())


@changes("/sales/<sale_id>/refunds", RefundIn, _show_refund, "Refund pieces of a sale", RefundOut)
def refund_sale(call: Call, body: RefundIn, sale_id: str) -> None:
    """Pay some pieces back."""
    refunds.refund_sale(
        sale_id,
        body.at_register,
        body.lines,
        body.reason,
        body.restock,
        body.method,
        call.actor,
        call.at,
        call.request,
        desk().that_refund(),
    )


@changes("/sales/<sale_id>/reprint", ReprintIn, _show_copy, "Print a copy of the receipt", CopyOut)
def reprint_sale(call: Call, body: ReprintIn, sale_id: str) -> None:
    """Print a copy marked SALINAN."""
    call.actor.need(Right.REPRINT)
    printing.reprint(sale_id, body.at_register, call.actor, call.at, call.request)
