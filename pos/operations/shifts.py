"""A shift from its float to its Z report. The count is fixed before anybody is told what was expected."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.journal import canonical
from pos.domain.rights import Right
from pos.errors import N_, ApprovalNeeded, FieldError, PosError, ValidationError
from pos.ids import new_id
from pos.models import CashCount, Register, Sale, Shift, ZReport
from pos.models.partial import SHIFT_NOT_CLOSED
from pos.operations import papers_shift, printing, tills
from pos.operations.actor import SYSTEM, Actor
from pos.operations.cash import CASH, cash_event, enter_shift
from pos.operations.journal import Act, Request
from pos.operations.tills import Till
from pos.queries import shifts as reports

SHIFT = table(Shift)
COUNT = table(CashCount)
Z = table(ZReport)


def open_shift(register: str, float_amount: int, actor: Actor, at: datetime, request: Request) -> None:
    """Open the register with `float_amount` rupiah in its drawer. Raises shift_already_open, Replayed."""
    actor.need(Right.COUNT)
    actor.at(register)
    till = tills.enter(register, request)
    if till.shift is not None:
        raise PosError("shift_already_open", N_("The till is open already."), extra={"shift": till.shift.id})
    if float_amount and (till.kind == "kiosk" or not actor.may(Right.TAKE_CASH)):
        raise ValidationError(FieldError("float", N_("Without a cash drawer the float is 0.")))
    tills.refuse_odd_clock(till, at)
    _open(till, float_amount, actor, at, request)


def _open(till: Till, float_amount: int, actor: Actor, at: datetime, request: Request | None) -> None:
    act = Act(till.book, "shift_opened", actor, at, request)
    shift_id = request.id if request else new_id()
    row = {
        "id": shift_id,
        "register_id": till.register_id,
        "status": "open",
        "business_date": till.business_date(at),
        "opened_at": at,
        "opened_by": actor.name,
        "opened_seq": act.seq,
        "float": float_amount,
        "closed_at": None,
        "closed_by": None,
    }
    act.insert(SHIFT, [row])
    act.insert(CASH, [cash_event(act, shift_id, "float", float_amount, shift_id)])
    act.finish()


def count(
    shift_id: str, counted: int | Mapping[str, int], actor: Actor, at: datetime, request: Request
) -> None:
    """Fix what was counted: an amount, or pieces by denomination. From here on the shift sells no more.

    Raises sales_waiting while QRIS sales of the shift wait, count_fixed for another count without approval,
    Replayed.
    """
    actor.need(Right.COUNT)
    till = enter_shift(shift_id, request, actor)
    _fix_count(till, shift_id, counted, actor, at, request)


def _fix_count(
    till: Till,
    shift_id: str,
    counted: int | Mapping[str, int],
    actor: Actor,
    at: datetime,
    request: Request | None,
) -> Till:
    approved_by = None
    position = db.session.execute(select(func.count()).where(CashCount.shift_id == shift_id)).scalar_one() + 1
    if position > 1:
        if actor.approver is None:
            raise PosError(
                "count_fixed", N_("The cash was counted already. A recount needs another person's approval.")
            )
        approved_by = actor.need_other(Right.RECOUNT)
    _refuse_waiting(shift_id)
    amount = (
        counted if isinstance(counted, int) else sum(int(note) * pieces for note, pieces in counted.items())
    )
    act = Act(till.book, "counted", actor, at, request)
    act.insert(
        COUNT,
        [
            {
                "id": request.id if request else new_id(),
                "shift_id": shift_id,
                "position": position,
                "counted": amount,
                "denominations": None
                if isinstance(counted, int)
                else json.dumps(dict(counted), sort_keys=True),
                "at": at,
                "by": actor.name,
                "approved_by": approved_by,
            }
        ],
    )
    if position == 1:
        act.change(SHIFT, {"id": shift_id}, {"status": "counted"})
    act.finish()
    return tills.enter(till.code, None)


def _refuse_waiting(shift_id: str) -> None:
    waiting = list(
        db.session.execute(
            select(Sale.id)
            .where(Sale.shift_id == shift_id, Sale.status == "awaiting_payment")
            .order_by(Sale.created_at)
        ).scalars()
    )
    if waiting:
        raise PosError(
            "sales_waiting",
            N_("Sales still wait for their QRIS payment. Confirm or cancel them first."),
            extra={"sales": waiting},
        )


def fix_count_for_close(
    shift_id: str, counted: int | Mapping[str, int] | None, actor: Actor, at: datetime, request: Request
) -> None:
    """First half of a close, in a transaction of its own: fix the count unless one is fixed already.

    The count stays fixed even when the close is then refused: otherwise a refusal would tell the over/short
    to somebody who may count again.
    """
    actor.need(Right.COUNT)
    till = enter_shift(shift_id, request, actor)
    if till.shift is not None and till.shift.status == "open":
        if counted is None:
            raise ValidationError(FieldError("counted", N_("Count the cash first.")))
        _fix_count(till, shift_id, counted, actor, at, None)


def close_shift(shift_id: str, reason: str, actor: Actor, at: datetime, request: Request) -> None:
    """Second half of a close: the Z report, frozen and printed. The count must be fixed.

    Raises reason_needed (over/short is not 0) and approval_needed (over/short above the shop's limit),
    Replayed.
    """
    actor.need(Right.COUNT)
    till = enter_shift(shift_id, request, actor)
    if till.shift is None or till.shift.status != "counted":
        raise ValidationError(FieldError("counted", N_("Count the cash first.")))
    tills.refuse_odd_clock(till, at)
    report = reports.shift_report(shift_id)
    over_short = int(report["over_short"])
    if over_short and not reason:
        raise PosError(
            "reason_needed", N_("The cash does not match. Say why."), extra={"over_short": over_short}
        )
    approved_by = None
    if abs(over_short) > till.shop.limit_over_short:
        try:
            approved_by = actor.need_other(Right.EXCEED_OVER_SHORT)
        except ApprovalNeeded as needed:
            needed.extra["over_short"] = over_short
            raise
    _close(till, shift_id, report | {"reason": reason, "approved_by": approved_by}, actor, at, request)


def _close(
    till: Till, shift_id: str, report: dict[str, object], actor: Actor, at: datetime, request: Request | None
) -> None:
    number = till.book.z_count + 1
    report = report | {
        "status": "closed",
        "number": number,
        "closed_at": reports.local(at, till.time_zone),
        "closed_by": actor.name,
    }
    act = Act(till.book, "shift_closed", actor, at, request)
    act.change(SHIFT, {"id": shift_id}, {"status": "closed", "closed_at": at, "closed_by": actor.name})
    act.insert(
        Z,
        [
            {
                "id": request.id if request else new_id(),
                "shift_id": shift_id,
                "register_id": till.register_id,
                "number": number,
                "report": canonical(report),  # type: ignore[arg-type]
            }
        ],
    )
    act.finish(z_count=number)
    printing.add_job(till, "z", papers_shift.z_document(till, report), title=f"Z {till.code} {number}")


def turn_kiosk(till: Till, actor: Actor, at: datetime) -> Till:
    """Give a kiosk the shift of today.

    It has no drawer, so it opens with float 0 and is closed with the day.
    """
    today = till.business_date(at)
    if till.shift is not None and till.shift.business_date < today and not _has_waiting(till.shift.id):
        till = close_kiosk(till, at)
    if till.shift is None:
        _open(till, 0, actor.as_system(), at, None)
        till = tills.enter(till.code, None)
    return till


def close_kiosk(till: Till, at: datetime) -> Till:
    """Close a kiosk's shift with a count of 0, as the program itself."""
    shift = till.shift
    if shift is None:
        return till
    shift_id = shift.id
    if shift.status == "open":
        till = _fix_count(till, shift_id, 0, SYSTEM, at, None)
    _close(
        till, shift_id, reports.shift_report(shift_id) | {"reason": "", "approved_by": None}, SYSTEM, at, None
    )
    return tills.enter(till.code, None)


def close_kiosk_of_yesterday(register: str, at: datetime) -> None:
    """Close the kiosk's shift when its day is over and nothing waits."""
    till = tills.enter(register, None)
    if (
        till.kind == "kiosk"
        and till.shift is not None
        and till.shift.business_date < till.business_date(at)
        and not _has_waiting(till.shift.id)
    ):
        close_kiosk(till, at)


def kiosks_left_open() -> list[tuple[str, object]]:
    """Return the codes of kiosks with an open shift, with its business date."""
    return [
        (code, on)
        for code, on in db.session.execute(
            select(Register.code, Shift.business_date)
            .join(Shift, Shift.register_id == Register.id)
            .where(Register.kind == "kiosk", SHIFT_NOT_CLOSED)
        )
    ]


def _has_waiting(shift_id: str) -> bool:
    return (
        db.session.execute(
            select(Sale.id).where(Sale.shift_id == shift_id, Sale.status == "awaiting_payment").limit(1)
        ).scalar_one_or_none()
        is not None
    )


def confirm_clock(register: str, actor: Actor, at: datetime, request: Request) -> None:
    """Accept the clock as it is.

    A supervisor looked at it. The entry's instant is what is compared from now on.
    """
    actor.at(register)
    till = tills.enter(register, request)
    actor.need_or_approval(Right.CONFIRM_CLOCK)
    Act(till.book, "clock_confirmed", actor, at, request).finish()
