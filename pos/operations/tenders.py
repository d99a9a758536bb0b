"""Saying how a completed sale was really paid, while its shift is open: added to the books, never edited.

Toward cash a cashier says it alone: the money then must be in the drawer. From cash to QRIS it takes money
out of what the drawer must hold, so it needs the payment's number and a supervisor. The total stays what was
charged, rounded or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.rights import Right
from pos.domain.states import WITHDRAWN
from pos.domain.tender import Settlement
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.ids import new_id
from pos.models import CorrectedTender, Refund, TenderCorrection
from pos.operations import printing, receipts, tasks, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row
from pos.operations.payments import refuse_used
from pos.operations.sales import LINE, PAYMENT, SALE, need_cash, settled
from pos.operations.tills import Till
from pos.payments import static
from pos.queries.sales import notes_of, register_of
from pos.queries.tenders import InForce, in_force
from pos.schemas.sales import TenderIn

CORRECTION = table(TenderCorrection)
CORRECTED = table(CorrectedTender)

MOST = 10
"""So often the payment of one sale may be corrected; then it is a matter for a void."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A correction that is right in everything: what stands now, and what shall stand."""

    till: Till
    sale: Row
    now: InForce
    then: Settlement
    reference: str | None
    approved_by: str | None

    @property
    def moved(self) -> int:
        """Rupiah that were QRIS and are cash from here on; negative: the other way round."""
        return self.now.paid("qris") - self.then.qris


def correct(
    sale_id: str,
    tenders: Sequence[TenderIn],
    reference: str | None,
    actor: Actor,
    at: datetime,
    request: Request,
) -> None:
    """Say how a completed sale of the open shift was really paid; a receipt that says so is printed.

    Raises not_found, Replayed, sale_not_correctable, shift_closed, shift_not_open, payment_short,
    validation_error, approval_needed and reference_used (to QRIS), payment_confirmed (QRIS money that is
    known to have come is not turned into cash).
    """
    actor.need(Right.CONFIRM_QRIS)
    code = register_of(sale_id)
    if code is None:
        raise NotFound(N_("There is no such sale."))
    actor.at(code)
    till = tills.enter(code, request)
    sale = _lock(sale_id)
    if any(tender.method == "cash" for tender in tenders):
        need_cash(actor, till)
    shift = tills.need_open_shift(till)
    if sale["shift_id"] != shift.id:
        raise PosError("shift_closed", N_("The shift of this sale is closed. Its payment stays as it is."))
    tills.refuse_odd_clock(till, at)
    now, then = in_force(sale_id, sale["change"]), settled(sale["total"], tenders)
    _refuse_unchanged(now, then)
    to_qris = _to_qris(now, then, reference)
    approved_by = actor.need_or_approval(Right.CORRECT_TO_QRIS) if to_qris else None
    if reference is not None:
        refuse_used(reference)
    _carry_out(_Plan(till, sale, now, then, reference, approved_by), actor, at, request)


def _lock(sale_id: str) -> Row:
    """Lock the sale's row: another register may give goods of it back at this moment."""
    sale = dict(
        db.session.execute(select(SALE).where(SALE.c.id == sale_id).with_for_update()).mappings().one()
    )
    if sale["status"] != "completed":
        raise PosError("sale_not_correctable", N_("Only a completed sale has a payment to change."))
    if db.session.execute(select(func.count()).where(Refund.sale_id == sale_id)).scalar_one():
        raise PosError(
            "sale_not_correctable", N_("Money of this sale went back already. Its payment stays as it is.")
        )
    return sale


def _refuse_unchanged(now: InForce, then: Settlement) -> None:
    if now.tenders == [(tender.method, tender.amount) for tender in then.tenders]:
        raise ValidationError(
            FieldError("tenders", N_("The sale is written down as paid like this already."))
        )
    if now.corrections >= MOST:
        raise PosError(
            "sale_not_correctable",
            N_("The payment of this sale was changed %(most)s times. Void it and sell anew."),
            {"most": MOST},
        )


def _to_qris(now: InForce, then: Settlement, reference: str | None) -> bool:
    """Say whether the sale goes from cash to QRIS. Raises validation_error."""
    before, after = now.paid("qris"), then.qris
    if before and after not in (0, before):
        message = N_("Change it to cash first, and then to the other amount by QRIS.")
        raise ValidationError(FieldError("tenders", message))
    if not before and after:
        if reference is None:
            raise ValidationError(
                FieldError("reference", N_("Type the number that the merchant's app shows."))
            )
        static.refuse_more(after)
        return True
    if reference is not None:
        raise ValidationError(FieldError("reference", N_("Leave this out: no QRIS payment is added.")))
    return False


def _carry_out(plan: _Plan, actor: Actor, at: datetime, request: Request) -> None:
    sale_id = plan.sale["id"]
    act = Act(plan.till.book, "tender_corrected", actor, at, request)
    payment: Row | None = None
    if plan.moved > 0:
        payment = _withdraw(act, sale_id)
    elif plan.moved < 0:
        payment = _add(act, plan)
    tenders: list[Row] = [
        {"correction_id": request.id, "position": n, "method": tender.method, "amount": tender.amount}
        for n, tender in enumerate(plan.then.tenders)
    ]
    act.insert(
        CORRECTION,
        [
            {
                "id": request.id,
                "sale_id": sale_id,
                "position": plan.now.corrections + 1,
                "shift_id": plan.sale["shift_id"],
                "change": plan.then.change,
                "moved": plan.moved,
                "payment_id": None if payment is None else payment["id"],
                "reference": None if payment is None else payment["reference"],
                "at": at,
                "by": actor.name,
                "approved_by": plan.approved_by,
            }
        ],
    )
    act.insert(CORRECTED, tenders)
    act.finish()
    kept = payment if plan.moved < 0 else _paid(sale_id) if plan.then.qris else None
    _print(plan, tenders, kept, at)


def _withdraw(act: Act, sale_id: str) -> Row:
    """Take back the word that the money came by QRIS; its number is free again.

    Should it come after all, it is money without a sale like any other, so its code is asked about once more.
    """
    payment = _paid(sale_id)
    word_alone = payment["confirmed_by"] is not None and payment["verified_by"] is None
    if not word_alone or payment["why"] is not None:
        raise PosError(
            "payment_confirmed",
            N_(
                "This QRIS money is known to have come, so the sale can't become one in cash. "
                "Void it or refund it, then sell anew."
            ),
        )
    withdrawn: Row = {
        "status": WITHDRAWN[1],
        "paid_amount": None,
        "reference": None,
        "settled_at": act.at,
        "confirmed_by": None,
        "approved_by": None,
    }
    act.change(PAYMENT, {"id": payment["id"]}, withdrawn)
    if payment["our_reference"] is not None:
        tasks.ask_now(payment["id"], payment["provider"], act.at)
    return payment


def _add(act: Act, plan: _Plan) -> Row:
    """Add a payment by the shop's own code, confirmed by hand like any other."""
    payment: Row = dict.fromkeys(PAYMENT.columns.keys())
    payment |= {
        "id": new_id(),
        "sale_id": plan.sale["id"],
        "provider": static.NAME,
        "status": "paid",
        "amount": plan.then.qris,
        "paid_amount": plan.then.qris,
        "reference": plan.reference,
        "created_at": act.at,
        "expires_at": act.at,
        "settled_at": act.at,
        "confirmed_by": act.actor.name,
        "approved_by": plan.approved_by,
    }
    act.insert(PAYMENT, [payment])
    return payment


def _paid(sale_id: str) -> Row:
    """Return the payment that paid the sale."""
    return dict(
        db.session.execute(select(PAYMENT).where(PAYMENT.c.sale_id == sale_id, PAYMENT.c.status == "paid"))
        .mappings()
        .one()
    )


def _print(plan: _Plan, tenders: Sequence[Row], payment: Row | None, at: datetime) -> None:
    sale_id = plan.sale["id"]
    lines = db.session.execute(
        select(LINE).where(LINE.c.sale_id == sale_id).order_by(LINE.c.position)
    ).mappings()
    sold = receipts.Sold(
        plan.till,
        plan.sale | {"change": plan.then.change},
        [dict(line) for line in lines],
        tenders,
        payment,
        corrected_at=at,
        notes=notes_of([sale_id]).get(sale_id, {}),
    )
    # One that has not come out yet would say what is no longer so.
    printing.withdraw(sale_id, "receipt")
    printing.print_sale(sold, drawer=any(t["method"] == "cash" and t["amount"] for t in tenders))
