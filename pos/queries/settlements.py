"""Settlement files as people read them: what was matched, only ours, only theirs, what differs; and fees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from pos.db import db
from pos.domain import fees
from pos.domain.qris import QrisError, clean, parse
from pos.domain.settlement import PROFILES, OurPayment, SettlementRow, only_ours, same_transaction
from pos.errors import N_, NotFound
from pos.models import (
    FeeRate,
    Payment,
    PaymentRefund,
    Refund,
    RefundTender,
    Register,
    Sale,
    SettlementFile,
)
from pos.models import SettlementRow as RowTable
from pos.queries.shop import shop

CAME = ("paid", "late", "refunded")
"""States of a payment that somebody paid."""

AROUND = timedelta(days=8)
"""How much earlier and later than a file's days a payment may have been made to be looked at."""

UNKNOWN_CRITERIA = "URE"
"""What a merchant counts as whose QRIS does not say: regular, the dearest rate."""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment of ours beside a row."""

    id: str
    sale: str
    number: str | None
    register: str
    status: str
    amount: int
    reference: str | None
    confirmed_by: str | None
    verified_by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a file with our payment; `refunded` is what we know of having gone back of it."""

    row: RowTable
    payment: PaymentView | None
    refunded: int | None = None


@dataclass(slots=True)
class Sums:
    """What some rows come to: payments less refunds. Fee and net are None when a row does not tell."""

    count: int = 0
    gross: int = 0
    fee: int | None = 0
    net: int | None = 0

    def add(self, kind: str, amount: int, fee: int | None, net: int | None) -> None:
        """Take in one row."""
        sign = 1 if kind == "payment" else -1
        self.count += 1
        self.gross += sign * amount
        self.fee = None if fee is None or self.fee is None else self.fee + sign * fee
        self.net = None if net is None or self.net is None else self.net + sign * net


@dataclass(slots=True)
class FileView:
    """A file with its rows by outcome, what stands only here, and sums."""

    file: SettlementFile
    label: str
    rows: dict[str, list[RowView]] = field(default_factory=dict)
    sums: dict[str, Sums] = field(default_factory=dict)
    ours: list[PaymentView] = field(default_factory=list)
    criteria: str = UNKNOWN_CRITERIA
    estimate: int | None = None

    @property
    def ours_total(self) -> int:
        """Rupiah that stand only here."""
        return sum(payment.amount for payment in self.ours)


@dataclass(frozen=True, slots=True)
class Unverified:
    """Payments that a cashier confirmed by hand and nobody else has confirmed yet."""

    name: str
    count: int
    amount: int
    oldest: datetime
    confirmed: int


def our_payments(first: date, last: date) -> list[OurPayment]:
    """Return payments and attempts made about a file's days, as the matching wants them."""
    since = datetime.fromisoformat(f"{first - AROUND}T00:00:00+00:00")
    until = datetime.fromisoformat(f"{last + AROUND}T00:00:00+00:00")
    rows = db.session.execute(
        select(
            Payment.id,
            Payment.provider,
            Register.code,
            Payment.amount,
            Payment.paid_amount,
            Payment.created_at,
            Payment.paid_at,
            Payment.settled_at,
            Payment.status,
            Payment.confirmed_by,
            Payment.verified_by,
            Payment.our_reference,
            Payment.reference,
            Payment.verified_reference,
            Payment.their_reference,
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .where(func.coalesce(Payment.settled_at, Payment.created_at).between(since, until))
        .order_by(Payment.id)
    )
    return [
        OurPayment(
            id=row.id,
            provider=row.provider,
            register=row.code,
            amount=row.paid_amount or row.amount,
            since=row.created_at,
            at=row.paid_at or row.settled_at or row.created_at,
            came=row.status in CAME,
            by_hand=row.confirmed_by is not None and row.verified_by is None,
            our_reference=row.our_reference or "",
            their_references=tuple(
                number
                for number in (row.reference, row.verified_reference, row.their_reference)
                if number is not None
            ),
        )
        for row in rows
    ]


def taken(first: date, last: date) -> set[str]:
    """Return payments that a file about these days settled already."""
    found = db.session.execute(
        select(RowTable.payment_id).where(
            RowTable.outcome.in_(("matched", "amount")),
            RowTable.day.between(first - 2 * AROUND, last + 2 * AROUND),
        )
    ).scalars()
    return {payment_id for payment_id in found if payment_id is not None}


def seen(first: date, last: date) -> set[Any]:
    """Return the transactions of these days that stand in a file already."""
    rows = db.session.execute(select(RowTable).where(RowTable.day.between(first, last))).scalars()
    return {key for row in rows if (key := same_transaction(_plain(row))) is not None}


def _plain(row: RowTable) -> SettlementRow:
    names = SettlementRow.__dataclass_fields__
    return SettlementRow(**{name: getattr(row, name) for name in names})


def sums(rows: Iterable[Any]) -> Sums:
    """Return what rows come to; each has kind, amount, fee and net."""
    total = Sums()
    for row in rows:
        total.add(row.kind, row.amount, row.fee, row.net)
    return total


def imported(sha256: str) -> SettlementFile | None:
    """Return the file with these contents, when it was imported before."""
    return db.session.execute(
        select(SettlementFile).where(SettlementFile.sha256 == sha256)
    ).scalar_one_or_none()


def file_count() -> int:
    """Return how many files were imported."""
    return db.session.execute(select(func.count()).select_from(SettlementFile)).scalar_one()


def label_of(provider: str) -> str:
    """Return what a profile is called; one that is not known any more stays as it is."""
    profile = PROFILES.get(provider)
    return profile.label if profile is not None else provider


def file_view(file_id: str, around: timedelta = timedelta(0)) -> FileView:
    """Return a file with its rows, sums and what is only ours, `around` its days too. Raises not_found."""
    file = db.session.execute(select(SettlementFile).where(SettlementFile.id == file_id)).scalar_one_or_none()
    if file is None:
        raise NotFound(N_("There is no such settlement file."))
    rows = list(
        db.session.execute(select(RowTable).where(RowTable.file_id == file_id).order_by(RowTable.line))
        .scalars()
        .all()
    )
    known = payments({row.payment_id for row in rows if row.payment_id is not None})
    view = FileView(file, label_of(file.provider))
    back = _refunded({row.payment_id for row in rows if row.kind == "refund" and row.payment_id is not None})
    for outcome in ("matched", "amount", "theirs", "refund", "duplicate"):
        here = [row for row in rows if row.outcome == outcome]
        view.rows[outcome] = [
            RowView(row, known.get(row.payment_id or ""), back.get(row.payment_id or "")) for row in here
        ]
        view.sums[outcome] = sums(here)
    view.ours = payments_only_ours(file, around)
    view.criteria = merchant_criteria()
    view.estimate = estimate(rows, view.criteria)
    return view


def payments(ids: Iterable[str]) -> dict[str, PaymentView]:
    """Return payments by id."""
    wanted = sorted(ids)
    found: dict[str, PaymentView] = {}
    for start in range(0, len(wanted), 500):
        rows = db.session.execute(
            select(Payment, Sale.number, Register.code)
            .join(Sale, Sale.id == Payment.sale_id)
            .join(Register, Register.id == Sale.register_id)
            .where(Payment.id.in_(wanted[start : start + 500]))
            .execution_options(populate_existing=True)
        )
        for payment, number, register in rows:
            found[payment.id] = PaymentView(
                id=payment.id,
                sale=payment.sale_id,
                number=number,
                register=register,
                status=payment.status,
                amount=payment.paid_amount or payment.amount,
                reference=payment.reference,
                confirmed_by=payment.confirmed_by,
                verified_by=payment.verified_by,
                at=payment.paid_at or payment.settled_at or payment.created_at,
            )
    return found


def payments_only_ours(file: SettlementFile, around: timedelta) -> list[PaymentView]:
    """Return what came in the file's days by its provider and stands in no file so far.

    `around`: and in the days before and after them.
    """
    profile = PROFILES.get(file.provider, PROFILES["generic"])
    first, last = file.first_on - around, file.last_on + around
    settled = taken(first, last)
    here = (one for one in our_payments(first, last) if one.id not in settled)
    left = only_ours(here, profile.of, first, last, timedelta(minutes=file.utc_offset))
    views = payments(one.id for one in left)
    return [views[one.id] for one in left]


def _refunded(ids: set[str]) -> dict[str, int]:
    """Return what went back of payments, as far as we know: by the provider, or by hand in its app."""
    back: dict[str, int] = dict.fromkeys(ids, 0)
    if not ids:
        return back
    for payment_id, amount in db.session.execute(
        select(Payment.id, func.sum(RefundTender.amount))
        .join(Refund, Refund.sale_id == Payment.sale_id)
        .join(RefundTender, RefundTender.refund_id == Refund.id)
        .where(Payment.id.in_(ids), RefundTender.method == "qris")
        .group_by(Payment.id)
    ):
        back[payment_id] += int(amount)
    for payment_id, amount in db.session.execute(
        select(PaymentRefund.payment_id, func.sum(PaymentRefund.amount))
        .where(
            PaymentRefund.payment_id.in_(ids),
            PaymentRefund.refund_id.is_(None),
            PaymentRefund.status.in_(("waiting", "done")),
        )
        .group_by(PaymentRefund.payment_id)
    ):
        back[payment_id] += int(amount)
    return back


def unverified() -> list[Unverified]:
    """Return, per cashier, what was confirmed by hand and by nobody else yet; most first."""
    by_hand = Payment.confirmed_by.is_not(None) & Payment.status.in_(CAME)
    open_ = Payment.verified_by.is_(None)
    confirmed = dict(
        db.session.execute(
            select(Payment.confirmed_by, func.count()).where(by_hand).group_by(Payment.confirmed_by)
        ).all()
    )
    rows = db.session.execute(
        select(
            Payment.confirmed_by,
            func.count(),
            func.sum(func.coalesce(Payment.paid_amount, Payment.amount)),
            func.min(Payment.settled_at),
        )
        .where(by_hand, open_)
        .group_by(Payment.confirmed_by)
    ).all()
    found = [
        Unverified(name, count, int(amount), oldest, confirmed[name])
        for name, count, amount, oldest in rows
        if name is not None and oldest is not None
    ]
    return sorted(found, key=lambda one: (-one.amount, one.name))


def fee_rates() -> list[fees.FeeRate]:
    """Return all rates: by class, the newest date first."""
    rows = db.session.execute(select(FeeRate).execution_options(populate_existing=True)).scalars()
    order = {name: place for place, name in enumerate(fees.CRITERIA)}
    return sorted(
        (fees.FeeRate(row.criteria, row.from_on, row.above, row.rate_bp) for row in rows),
        key=lambda one: (order.get(one.criteria, 99), -one.from_on.toordinal(), one.above),
    )


def merchant_criteria() -> str:
    """Return the class that stands in the shop's own QRIS."""
    try:
        code = parse(clean(shop().merchant_qris))
    except QrisError:
        return UNKNOWN_CRITERIA
    said = next((account.criteria for account in code.accounts if account.criteria), None)
    return said if said in fees.CRITERIA else UNKNOWN_CRITERIA


def merchant_nmid() -> str:
    """Return the NMID of the shop's own QRIS; empty when it has none."""
    try:
        return (parse(clean(shop().merchant_qris)).nmid or "").upper()
    except QrisError:
        return ""


def estimate(rows: Sequence[Any], criteria: str) -> int | None:
    """Return what the rates say is kept of rows, repeated ones left out; None when one has no rate."""
    rates = fee_rates()
    total = 0
    for row in rows:
        if row.kind == "payment" and getattr(row, "outcome", "") != "duplicate":
            kept = fees.estimate(rates, criteria, row.day, row.amount)
            if kept is None:
                return None
            total += kept
    return total
