"""The rows of one settlement file, and what stands only here: found by words and outcome, and as a file."""

from dataclasses import dataclass

from flask_babel import gettext

from pos.domain.money import rupiah
from pos.errors import N_
from pos.models import SettlementRow
from pos.queries.searching import has_words
from pos.queries.settlements import FileView, PaymentView, Sums
from pos.web.office import lists, show, words

OURS = "ours"
OUTCOMES = {
    OURS: N_("Only here"),
    "theirs": N_("Only in the file"),
    "amount": N_("Another amount"),
    "refund": N_("Paid back"),
    "matched": N_("Matched"),
    "duplicate": N_("Repeated"),
}
"""What became of a row, in the order in which a person looks at it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the file with our payment; or a payment of ours that no file has."""

    outcome: str
    row: SettlementRow | None
    payment: PaymentView | None
    refunded: int | None = None


def found(view: FileView, outcome: str, typed: str) -> dict[str, list[Found]]:
    """Return what has the outcome (empty: any) and all the words, by outcome."""
    everything = {
        OURS: [Found(OURS, None, payment) for payment in view.ours],
        **{
            name: [Found(name, one.row, one.payment, one.refunded) for one in rows]
            for name, rows in view.rows.items()
        },
    }
    return {
        name: [one for one in everything[name] if has_words(typed, *_texts(one))]
        for name in OUTCOMES
        if outcome in ("", name)
    }


def _texts(one: Found) -> list[str | None]:
    """Return what a row is found by: its numbers, amounts as digits and as they are read, names, the sale."""
    texts: list[str | None] = []
    row, ours = one.row, one.payment
    if row is not None:
        texts += [row.reference, row.our_reference, row.rrn, row.issuer, row.terminal]
        texts += [str(row.amount), rupiah(row.amount), row.reason, row.decided_by]
    if ours is not None:
        texts += [ours.number, ours.register, ours.reference, ours.confirmed_by]
        texts += [str(ours.amount), rupiah(ours.amount)]
    return texts


def sums(found: list[Found]) -> Sums:
    """Return what rows come to; what stands only here has neither fee nor net."""
    total = Sums()
    for one in found:
        if one.row is not None:
            total.add(one.row.kind, one.row.amount, one.row.fee, one.row.net)
        elif one.payment is not None:
            total.add("payment", one.payment.amount, None, None)
    return total


def outcomes(view: FileView) -> list[tuple[str, str]]:
    """Return the outcomes to choose from: those that the file has, and those that every file is asked for."""
    always = (OURS, "theirs", "amount", "matched")
    chosen = [name for name in OUTCOMES if name in always or view.rows[name]]
    return [("", gettext("All")), *((name, gettext(OUTCOMES[name])) for name in chosen)]


def in_order(found: dict[str, list[Found]]) -> list[Found]:
    """Return rows as the file has them, and after them what stands only here."""
    everything = [one for rows in found.values() for one in rows]
    return sorted(everything, key=lambda one: (one.row is None, one.row.line if one.row else 0))


def _sign(one: Found) -> int:
    return -1 if one.row is not None and one.row.kind == "refund" else 1


def _when(one: Found) -> str:
    if one.row is not None:
        return show.clock_time(one.row.at) if one.row.at else ""
    return show.clock_time(one.payment.at) if one.payment else ""


def _reference(one: Found) -> str:
    if one.row is not None:
        return one.row.reference or one.row.our_reference
    return (one.payment.reference or "") if one.payment else ""


def _signed(one: Found, value: int | None) -> int | None:
    return None if value is None else _sign(one) * value


COLUMNS: tuple[lists.Column[Found], ...] = (
    (N_("Line"), lambda one: one.row.line if one.row else None),
    (N_("Outcome"), lambda one: gettext(OUTCOMES[one.outcome])),
    (N_("Date"), lambda one: one.row.day if one.row else (one.payment and show.local_date(one.payment.at))),
    (N_("Time"), _when),
    (N_("Reference"), _reference),
    ("RRN", lambda one: one.row.rrn if one.row else ""),
    (N_("Paid with"), lambda one: one.row.issuer if one.row else ""),
    (N_("Amount"), lambda one: _signed(one, one.row.amount if one.row else None)),
    (N_("Fee"), lambda one: _signed(one, one.row.fee if one.row else None)),
    (N_("Net amount"), lambda one: _signed(one, one.row.net if one.row else None)),
    (N_("Sale"), lambda one: (one.payment.number or one.payment.sale) if one.payment else ""),
    (N_("Our amount"), lambda one: one.payment.amount if one.payment else None),
    (
        N_("Matched"),
        lambda one: words.word(one.row.matched_by, "settled_by") if one.row and one.row.matched_by else "",
    ),
    (N_("Decided by"), lambda one: (one.row.decided_by or "") if one.row else ""),
    (N_("Reason"), lambda one: one.row.reason if one.row else ""),
)
