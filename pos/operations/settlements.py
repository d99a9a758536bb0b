"""Settlement files of providers: read, matched with our payments, and put into the office's book as one act.

A payment that a cashier confirmed by hand and that stands in the file is verified by it, in its register's
book, where it was written. The file is read and matched without the write lock.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from pos.db import db, table
from pos.domain import fees
from pos.domain.money import MAX_AMOUNT
from pos.domain.rights import Right
from pos.domain.settlement import (
    PROFILES,
    Matching,
    OurPayment,
    Profile,
    SettlementRow,
    Sheet,
    Unreadable,
    match,
    only_ours,
    read,
)
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.ids import new_id
from pos.models import FeeRate, Payment, Register, Sale, SettlementFile
from pos.models import SettlementRow as RowModel
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row, lock_book, lock_office
from pos.queries import settlements as known

FILE, ROW, PAYMENT, RATE = table(SettlementFile), table(RowModel), table(Payment), table(FeeRate)
MAX_REASON = 200


@dataclass(slots=True)
class Plan:
    """A file that was read and matched: `carry_out` puts it into the books."""

    name: str
    profile: Profile
    sha256: str
    sheet: Sheet
    matching: Matching
    files: int
    payments: Mapping[str, OurPayment]

    @property
    def first_on(self) -> date:
        """The first day in the file."""
        return min(row.day for row in self.sheet.rows)

    @property
    def last_on(self) -> date:
        """The last day in the file."""
        return max(row.day for row in self.sheet.rows)

    @property
    def ours(self) -> list[OurPayment]:
        """What came in the file's days by its provider and does not stand in it."""
        return only_ours(self.matching.ours, self.profile.of, self.first_on, self.last_on, self.sheet.offset)

    def sums(self, outcome: str | None = None) -> known.Sums:
        """Return what the rows of one outcome come to; of all but repeated ones without."""
        return known.sums(
            one.row
            for one in self.matching.found
            if (one.outcome == outcome if outcome else one.outcome != "duplicate")
        )

    @property
    def by_hand(self) -> dict[str, SettlementRow]:
        """The rows by which a payment is verified that so far only a person has confirmed."""
        return {
            one.payment_id: one.row
            for one in self.matching.of("matched")
            if one.payment_id is not None and self.payments[one.payment_id].by_hand
        }


def plan(data: bytes, name: str, provider: str, offset: timedelta | None = None) -> Plan:
    """Read and match a file, outside any transaction.

    Raises validation_error, with a field `line.column` for each fault, and settlement_known for a file that
    was imported before.
    """
    profile = PROFILES.get(provider)
    if profile is None:
        raise ValidationError(FieldError("provider", N_("Choose one of these.")))
    sha256 = hashlib.sha256(data).hexdigest()
    _refuse_known(sha256)
    try:
        sheet = read(data, profile, offset)
    except Unreadable as error:
        raise PosError("validation_error", error.message, error.params) from error
    if sheet.faults:
        raise ValidationError(
            *(FieldError(f"{one.line}.{one.column}", one.message, one.params) for one in sheet.faults)
        )
    files = known.file_count()
    matching, payments = _matched(sheet, profile)
    return Plan(name[:120], profile, sha256, sheet, matching, files, payments)


def _matched(sheet: Sheet, profile: Profile) -> tuple[Matching, dict[str, OurPayment]]:
    first, last = min(row.day for row in sheet.rows), max(row.day for row in sheet.rows)
    ours = known.our_payments(first, last)
    matching = match(
        sheet.rows, ours, profile.of, taken=known.taken(first, last), seen=known.seen(first, last)
    )
    return matching, {payment.id: payment for payment in ours}


def _refuse_known(sha256: str) -> None:
    before = known.imported(sha256)
    if before is not None:
        raise PosError(
            "settlement_known",
            N_("This file was imported already by %(who)s, as %(name)s. It counts once."),
            {"who": before.imported_by, "name": before.name},
            extra={"id": before.id},
        )


def carry_out(found: Plan, actor: Actor, at: datetime, request: Request | None = None) -> str:
    """Put a planned file into the books, in the caller's transaction; return its id.

    One entry in the office's book holds the file and all its rows. Payments that it verifies change in their
    registers' books. Raises settlement_known.
    """
    actor.need(Right.SETTLE)
    book = lock_office(request)
    _refuse_known(found.sha256)
    if known.file_count() != found.files:
        # Another file came in since this one was looked at, and may have settled the same payments.
        found.matching, found.payments = _matched(found.sheet, found.profile)
        found.files = known.file_count()
    file_id = new_id()
    sums = found.sums()
    act = Act(book, "settlement_imported", actor, at, request)
    act.insert(
        FILE,
        [
            {
                "id": file_id,
                "name": found.name,
                "sha256": found.sha256,
                "provider": found.profile.key,
                "imported_at": at,
                "imported_by": actor.name[:40],
                "row_count": len(found.sheet.rows),
                "skipped": found.sheet.skipped.total(),
                "gross": sums.gross,
                "fee": sums.fee,
                "net": sums.net,
                "first_on": found.first_on,
                "last_on": found.last_on,
                "utc_offset": int(found.sheet.offset.total_seconds()) // 60,
            }
        ],
    )
    act.insert(
        ROW,
        [
            {"file_id": file_id}
            | {name: getattr(one.row, name) for name in SettlementRow.__dataclass_fields__}
            | {
                "outcome": one.outcome,
                "payment_id": one.payment_id,
                "matched_by": one.by,
                "reason": "",
                "decided_by": None,
            }
            for one in found.matching.found
        ],
    )
    act.finish()
    _verify(found.by_hand, actor, at)
    return file_id


def _verify(rows: Mapping[str, SettlementRow], actor: Actor, at: datetime) -> None:
    """Note at payments that were confirmed by hand that the provider's file has them too.

    Each in its register's book: the entry that changes a row follows the one that wrote it. Books are locked
    in the order of their codes, after the office's, which every import holds.
    """
    by_register: defaultdict[str, list[str]] = defaultdict(list)
    ids = sorted(rows)
    for start in range(0, len(ids), 500):
        for payment_id, code in db.session.execute(
            select(Payment.id, Register.code)
            .join(Sale, Sale.id == Payment.sale_id)
            .join(Register, Register.id == Sale.register_id)
            .where(Payment.id.in_(ids[start : start + 500]))
        ):
            by_register[code].append(payment_id)
    for code in sorted(by_register):
        book = lock_book(code)
        if book is None:
            raise NotFound
        changes = _changes(by_register[code], rows)
        if changes:
            act = Act(book, "payments_verified", actor, at)
            act.change_many(PAYMENT, "id", changes)
            act.finish()


def _changes(ids: list[str], rows: Mapping[str, SettlementRow]) -> list[Row]:
    """Return what changes in the payments that still nobody but a person has confirmed."""
    changes: list[Row] = []
    for start in range(0, len(ids), 500):
        for payment in db.session.execute(
            select(PAYMENT)
            .where(PAYMENT.c.id.in_(ids[start : start + 500]))
            .where(PAYMENT.c.confirmed_by.is_not(None), PAYMENT.c.verified_by.is_(None))
            .order_by(PAYMENT.c.id)
        ).mappings():
            row = rows[payment["id"]]
            number = row.rrn or row.reference
            changes.append(
                {
                    "id": payment["id"],
                    "verified_by": "settlement",
                    "verified_reference": number if number and number != payment["reference"] else None,
                    "paid_at": payment["paid_at"] or row.at,
                    "issuer": payment["issuer"] or row.issuer or None,
                }
            )
    return changes


def match_by_hand(
    file_id: str,
    line: int,
    payment_id: str,
    reason: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> None:
    """Say that a row which stands only in the file is one of our payments, and why.

    Raises not_found, validation_error, and settlement_taken when the row or the payment is matched already.
    """
    actor.need(Right.SETTLE)
    book = lock_office(request)
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON or not reason.isprintable():
        raise ValidationError(
            FieldError("reason", N_("Say why, in at most %(most)s letters."), {"most": 200})
        )
    row = (
        db.session.execute(select(ROW).where(ROW.c.file_id == file_id, ROW.c.line == line))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(N_("There is no such row."))
    payment = db.session.execute(select(PAYMENT).where(PAYMENT.c.id == payment_id)).mappings().one_or_none()
    if payment is None or payment["status"] not in known.CAME:
        raise ValidationError(FieldError("payment", N_("Choose one of these.")))
    used = db.session.execute(
        select(ROW.c.line).where(ROW.c.payment_id == payment_id, ROW.c.outcome.in_(("matched", "amount")))
    ).first()
    if row["outcome"] != "theirs" or row["kind"] != "payment" or used is not None:
        raise PosError("settlement_taken", N_("This row or this payment is matched already."))
    exact = (payment["paid_amount"] or payment["amount"]) == row["amount"]
    act = Act(book, "settlement_matched", actor, at, request)
    act.change(
        ROW,
        {"file_id": file_id, "line": line},
        {
            "outcome": "matched" if exact else "amount",
            "payment_id": payment_id,
            "matched_by": "hand",
            "reason": reason,
            "decided_by": actor.name[:40],
        },
    )
    act.finish()
    if exact:
        names = SettlementRow.__dataclass_fields__
        _verify({payment_id: SettlementRow(**{name: row[name] for name in names})}, actor, at)


def set_fee_rate(rate: fees.FeeRate, actor: Actor, at: datetime, request: Request | None = None) -> None:
    """Set the rate of a class from a day on, above an amount; the same again changes it."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    if rate.criteria not in fees.CRITERIA:
        raise ValidationError(FieldError("criteria", N_("Choose one of these.")))
    if not 0 <= rate.rate_bp <= fees.MAX_RATE_BP:
        raise ValidationError(FieldError("rate", N_("At most 10 percent.")))
    if not 0 <= rate.above <= MAX_AMOUNT:
        raise ValidationError(FieldError("above", N_("Type whole rupiah, for example 12.500.")))
    key = {"criteria": rate.criteria, "from_on": rate.from_on, "above": rate.above}
    there = db.session.execute(
        select(RATE.c.rate_bp).where(*(RATE.c[name] == value for name, value in key.items()))
    ).scalar_one_or_none()
    if there == rate.rate_bp:
        return
    act = Act(book, "fee_rate_set", actor, at, request)
    if there is None:
        act.insert(RATE, [{**key, "rate_bp": rate.rate_bp}])
    else:
        act.change(RATE, key, {"rate_bp": rate.rate_bp})
    act.finish()
