"""Payments by QRIS: the attempts, and what is decided about money that found no sale."""

from pos.api.endpoint import (
    Call,
    View,
    argument,
    changes,
    cursor_argument,
    desk,
    limit_argument,
    listed,
    reads,
)
from pos.domain.rights import Right
from pos.operations import late, refunding
from pos.operations.actor import Actor
from pos.queries import payments as queries
from pos.schemas.payments import AttachIn, CashInsteadIn, GiveBackIn, KeepIn
from pos.schemas.payments_answers import PaymentOut, PaymentPage, PaymentRefundOut, PaymentRefundPage


def _show(actor: Actor, made: str, payment_id: str) -> View:
    return queries.payment(payment_id)


def _show_refund(actor: Actor, made: str, refund_id: str) -> View:
    return queries.payment_refund(refund_id)


@reads(
    "/payments",
    "Attempts to collect, newest first",
    PaymentPage,
    (("status", "state"), ("register", "code"), ("limit", "items"), ("cursor", "page")),
)
def get_payments(actor: Actor) -> View:
    """Return a page of payments."""
    actor.need(Right.SEE_SALES)
    return listed(
        *queries.payments(
            argument("status"),
            cursor_argument(),
            limit_argument(),
            register=argument("register") or actor.register,
        )
    )


@changes("/payments/<payment_id>/attach", AttachIn, _show, "Pay a sale with late money", PaymentOut)
def attach_payment(call: Call, body: AttachIn, payment_id: str) -> None:
    """Complete a sale with money that found none."""
    late.attach(payment_id, body.sale, body.reason, call.actor, call.at, call.request)


@changes("/payments/<payment_id>/refund", GiveBackIn, _show, "Give late money back", PaymentOut)
def give_payment_back(call: Call, body: GiveBackIn, payment_id: str) -> None:
    """Give back money that found no sale."""
    late.give_back(
        payment_id,
        body.method,
        body.at_register,
        body.reason,
        call.actor,
        call.at,
        call.request,
        desk().that_refund(),
    )


@changes("/payments/<payment_id>/keep", KeepIn, _show, "Keep late money as found", PaymentOut)
def keep_payment(call: Call, body: KeepIn, payment_id: str) -> None:
    """Keep money that found no sale."""
    late.keep(payment_id, body.reason, call.actor, call.at, call.request)


@changes(
    "/payment-refunds/<refund_id>/cash",
    CashInsteadIn,
    _show_refund,
    "Pay in cash what the provider refused",
    PaymentRefundOut,
)
def pay_refund_in_cash(call: Call, body: CashInsteadIn, refund_id: str) -> None:
    """Pay a refused refund from the drawer."""
    refunding.pay_in_cash(refund_id, body.at_register, call.actor, call.at, call.request)


@reads(
    "/payment-refunds",
    "Money going back through the provider, newest first",
    PaymentRefundPage,
    (("status", "state"), ("limit", "items"), ("cursor", "page")),
)
def get_payment_refunds(actor: Actor) -> View:
    """Return a page of money on its way back."""
    actor.need(Right.SEE_SALES)
    return listed(*queries.payment_refunds(argument("status"), cursor_argument(), limit_argument()))
