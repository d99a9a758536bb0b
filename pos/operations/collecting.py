"""What a provider said of a payment, put into the books: one transaction each, repeatable without harm.

Whoever asked (the poller, a cancelled sale, a notification, two machines at once) comes here with the answer;
the register's locked book makes them take turns, and what is known already changes nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.db import db
from pos.domain.states import PAYMENT as PAYMENT_MOVES
from pos.domain.states import allowed
from pos.ids import new_id
from pos.models import Payment, Register, Sale
from pos.operations import tasks
from pos.operations.actor import SYSTEM
from pos.operations.journal import Act, Row
from pos.operations.payments import Waiting, complete, enter, give_up, keep_as_late, reserved
from pos.operations.sales import PAYMENT
from pos.payments.base import Answer, Attempt, Code, Money

log = logging.getLogger("pos.payments")


@dataclass(frozen=True, slots=True)
class Known:
    """An attempt as it stands now, for those who ask about it."""

    attempt: Attempt
    provider: str
    status: str
    sale_id: str
    settled_at: datetime | None
    has_code: bool
    unverified: bool


def known(payment_id: str) -> Known | None:
    """Return the attempt as it stands now, None when there is none."""
    row = db.session.execute(
        select(Payment, Register.code)
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .where(Payment.id == payment_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row[0].our_reference is None:
        return None
    payment: Payment = row[0]
    return Known(
        Attempt(
            our_reference=row[0].our_reference,
            their_reference=payment.their_reference,
            amount=payment.amount,
            created_at=payment.created_at,
            expires_at=payment.expires_at,
            register=row[1],
        ),
        payment.provider,
        payment.status,
        payment.sale_id,
        payment.settled_at,
        payment.payload is not None,
        payment.confirmed_by is not None and payment.verified_by is None,
    )


def code_came(payment_id: str, our_reference: str, code: Code, at: datetime) -> None:
    """Put a code that came late into its waiting attempt; the till shows it as soon as it looks."""
    waiting = _enter(payment_id)
    if waiting is None or waiting.payment["status"] != "waiting" or waiting.payment["payload"] is not None:
        return
    act = Act(waiting.till.book, "payment_code", SYSTEM, at)
    act.change(
        PAYMENT,
        {"id": payment_id},
        {"our_reference": our_reference, **_code_columns(code, waiting.payment["expires_at"])},
    )
    act.finish()
    tasks.becomes_asking(payment_id, at)


def _code_columns(code: Code, expires_at: datetime) -> Row:
    """Return what a code changes in its attempt; a provider may let it live shorter than we asked for."""
    return {
        "payload": code.payload,
        "their_reference": code.their_reference,
        "expires_at": expires_at if code.expires_at is None else min(expires_at, code.expires_at),
    }


def no_code(payment_id: str, trouble: str, at: datetime) -> None:
    """Give a sale up whose code could not be made. Nobody saw a code, so nothing can have been paid."""
    waiting = _enter(payment_id)
    if waiting is not None and waiting.payment["status"] == "waiting":
        log.warning("payment %s: no code was made: %s", payment_id, trouble)
        give_up(waiting, "cancelled", SYSTEM, at, {"status": "failed"})
    tasks.end(payment_id)


def apply(payment_id: str, answer: Answer, at: datetime) -> None:
    """Put what the provider said into the books.

    Money that is exactly what was asked completes the sale that waits for it. Any other is kept as late, with
    why: another amount, a sale that was given up, a second payment of one code.
    """
    waiting = _enter(payment_id)
    if waiting is None:
        return
    if answer.doubt:
        log.error("payment %s: %s", payment_id, answer.doubt)
        return
    seen = _seen(waiting.sale["id"])
    for money in answer.money:
        if money.reference in seen or _known_otherwise(waiting.payment, money):
            continue
        seen.add(money.reference)
        _take(waiting, money, at)
        # Of the next one the book, the sale and the attempt are to be read again.
        waiting = enter(waiting.sale["id"], SYSTEM, payment_id)
    if waiting.payment["status"] != "waiting" or answer.money:
        return
    if answer.state == "expired":
        give_up(waiting, "expired", SYSTEM, at)
    elif answer.state in ("cancelled", "failed"):
        give_up(waiting, "cancelled", SYSTEM, at, {"status": answer.state})


def _enter(payment_id: str) -> Waiting | None:
    sale_id = db.session.execute(select(Payment.sale_id).where(Payment.id == payment_id)).scalar_one_or_none()
    return None if sale_id is None else enter(sale_id, SYSTEM, payment_id)


def _seen(sale_id: str) -> set[str]:
    """Return the numbers of all money that came for the sale so far."""
    rows = db.session.execute(
        select(Payment.reference, Payment.verified_reference).where(Payment.sale_id == sale_id)
    ).all()
    return {reference for row in rows for reference in row if reference is not None}


def _known_otherwise(payment: Row, money: Money) -> bool:
    """Say whether this is money we have, told under another number.

    A provider that has no number of the payment itself, or not yet, gives the number of the code. That one
    can't tell a second payment from the first, so it is never taken for one.
    """
    code = {payment["our_reference"], payment["their_reference"]} - {None}
    numbers = {money.reference, payment["reference"], payment["verified_reference"]}
    return payment["verified_by"] is not None and not code.isdisjoint(numbers)


def _take(waiting: Waiting, money: Money, at: datetime) -> None:
    """Put one payment of a buyer into the books."""
    payment, status = waiting.payment, waiting.payment["status"]
    exact = money.amount == payment["amount"]
    if status == "paid" and payment["confirmed_by"] and payment["verified_by"] is None and exact:
        _verify(waiting, money, at)
        return
    paid = _paid(money, at)
    if not allowed(PAYMENT_MOVES, status, "late") or status == "late":
        _add_second(waiting, paid, at)
    elif status == "waiting" and exact and waiting.till.shift is not None and _sells(waiting):
        complete(waiting, SYSTEM, at, paid, reserved(waiting.sale["id"]), held=True)
    elif status == "waiting":
        why = "late" if exact else "amount"
        log.error("payment %s: %s rupiah came, %s were asked", payment["id"], money.amount, payment["amount"])
        give_up(waiting, "cancelled", SYSTEM, at, paid | {"status": "late", "why": why})
    else:
        keep_as_late(waiting, SYSTEM, at, paid, "late" if exact else "amount")


def _sells(waiting: Waiting) -> bool:
    shift = waiting.till.shift
    return shift is not None and shift.status == "open"


def _paid(money: Money, at: datetime) -> Row:
    return {
        "status": "paid",
        "paid_amount": money.amount,
        "reference": money.reference,
        "settled_at": at,
        "paid_at": money.paid_at,
        "issuer": money.issuer[:60] or None,
        "verified_by": "provider",
    }


def _verify(waiting: Waiting, money: Money, at: datetime) -> None:
    """Note that the provider, too, says that a payment came which a person had confirmed."""
    act = Act(waiting.till.book, "payment_verified", SYSTEM, at)
    act.change(
        PAYMENT,
        {"id": waiting.payment["id"]},
        {
            "verified_by": "provider",
            "verified_reference": money.reference,
            "paid_at": money.paid_at,
            "issuer": money.issuer[:60] or None,
        },
    )
    act.finish()


def _add_second(waiting: Waiting, paid: Row, at: datetime) -> None:
    """Keep money that came for a code which was paid already: a row of its own, without a code."""
    first = waiting.payment
    log.error("payment %s: paid a second time", first["id"])
    act = Act(waiting.till.book, "payment_twice", SYSTEM, at)
    blank: Row = dict.fromkeys(PAYMENT.columns.keys())
    act.insert(
        PAYMENT,
        [
            blank
            | paid
            | {
                "id": new_id(),
                "sale_id": first["sale_id"],
                "provider": first["provider"],
                "status": "late",
                "why": "twice",
                "amount": first["amount"],
                "created_at": at,
                "expires_at": at,
            }
        ],
    )
    act.finish()


def attempt_of(our_reference: str, provider: str) -> str | None:
    """Return the id of the attempt that a provider knows under our reference, None when there is none."""
    return db.session.execute(
        select(Payment.id).where(Payment.our_reference == our_reference, Payment.provider == provider)
    ).scalar_one_or_none()
