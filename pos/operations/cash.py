"""Cash that moves in a drawer outside a sale: pay-in, pay-out, and the drawer opened without a sale."""

from datetime import datetime

from sqlalchemy import select

from pos.db import db, table
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import CashEvent, Register, Shift
from pos.operations import printing, receipts, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row
from pos.operations.tills import Till

CASH = table(CashEvent)


def enter_shift(shift_id: str, request: Request | None, actor: Actor) -> Till:
    """Lock the book of the shift's register.

    Raises not_found, Replayed, and shift_closed unless it is the current shift.
    """
    code = db.session.execute(
        select(Register.code).join(Shift, Shift.register_id == Register.id).where(Shift.id == shift_id)
    ).scalar_one_or_none()
    if code is None:
        raise NotFound(N_("There is no such shift."))
    actor.at(code)
    till = tills.enter(code, request)
    if till.shift is None or till.shift.id != shift_id:
        raise PosError("shift_closed", N_("This shift is closed."))
    return till


def move_cash(
    shift_id: str, direction: str, amount: int, reason: str, actor: Actor, at: datetime, request: Request
) -> None:
    """Put cash into the drawer (`in`) or take it out (`out`), with a reason.

    A slip is printed and the drawer opens.
    """
    if direction == "in":
        actor.need(Right.PAY_IN)
    till = enter_shift(shift_id, request, actor)
    if direction == "out":
        actor.need_or_approval(Right.PAY_OUT)
    _need_drawer(till)
    tills.refuse_counted(till)
    tills.refuse_odd_clock(till, at)
    kind, signed = ("pay_in", amount) if direction == "in" else ("pay_out", -amount)
    act = Act(till.book, kind, actor, at, request)
    row = cash_event(act, shift_id, kind, signed, request.id, reason)
    act.insert(CASH, [row])
    act.finish()
    printing.add_job(till, "cash", receipts.cash_slip(till, row, actor), title=reason)
    printing.add_drawer(till)


def open_drawer(shift_id: str, reason: str, actor: Actor, at: datetime, request: Request) -> None:
    """Open the drawer without a sale; counted on the Z report."""
    till = enter_shift(shift_id, request, actor)
    actor.need_or_approval(Right.OPEN_DRAWER)
    _need_drawer(till)
    tills.refuse_counted(till)
    tills.refuse_odd_clock(till, at)
    act = Act(till.book, "no_sale", actor, at, request)
    act.insert(CASH, [cash_event(act, shift_id, "no_sale", 0, request.id, reason)])
    act.finish()
    printing.add_drawer(till)


def _need_drawer(till: Till) -> None:
    if till.kind == "kiosk":
        raise ValidationError(FieldError("register", N_("A kiosk has no cash drawer.")))


def cash_event(act: Act, shift_id: str, kind: str, amount: int, source_id: str, reason: str = "") -> Row:
    """Return the row of one movement of cash in an act."""
    return {
        "book_id": act.book.id,
        "seq": act.seq,
        "id": source_id,
        "shift_id": shift_id,
        "kind": kind,
        "amount": amount,
        "reason": reason,
        "at": act.at,
        "by": act.actor.name,
    }
