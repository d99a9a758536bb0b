"""QRIS payments in words: states, providers, why money found no sale, and the story of one payment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _gettext
from sqlalchemy.exc import SQLAlchemyError

from pos.domain.money import rupiah
from pos.domain.rights import BORROWS_NOTHING, Right
from pos.errors import N_
from pos.models import Payment
from pos.operations.actor import SYSTEM, Actor
from pos.payments.base import UNAVAILABLE
from pos.payments.desk import Desk
from pos.payments.standing import Standing, standing
from pos.queries import payments_office as queries
from pos.queries.journal import EntryView
from pos.queries.money_back import Back
from pos.queries.payments_office import Line
from pos.queries.shop import shop
from pos.web.office import ledger_words, show
from pos.web.office import words as state_words


def gettext(message: str, **params: object) -> str:
    """Return a text in the reader's language."""
    return str(_gettext(message, **params))


PROVIDERS, BACK_STATES = state_words.PROVIDER, state_words.BACK
WHYS, DECISIONS, VERIFIED = state_words.WHY, state_words.DECISION, state_words.VERIFIED
STATES = {
    "waiting": N_("Waiting"),
    "paid": N_("Paid"),
    "late": N_("Without a sale"),
    "kept": N_("Found money"),
    "going_back": N_("Is to go back"),
    "refunded": N_("Paid back"),
    "expired": N_("Expired"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Failed"),
}
TONES = {
    "good": {"paid", "done"},
    "warn": {"waiting", "late", "going_back"},
    "danger": {"failed", "refused"},
}


def state(name: str) -> str:
    """Return a payment's state in the reader's language."""
    return gettext(STATES[name]) if name in STATES else name


def back_state(name: str) -> str:
    """Return the state of money going back in the reader's language."""
    return gettext(BACK_STATES[name]) if name in BACK_STATES else name


def provider(name: str) -> str:
    """Return what a provider is called."""
    return gettext(PROVIDERS[name]) if name in PROVIDERS else name


def decision(name: str | None) -> str:
    """Return what was decided about money without a sale; empty when nothing was."""
    return gettext(DECISIONS[name]) if name in DECISIONS else name or ""


def tone(name: str) -> str:
    """Return how a state is coloured; the word beside it says the same."""
    return next((tone for tone, states in TONES.items() if name in states), "")


def choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """Return words as a select wants them."""
    return [(name, gettext(text)) for name, text in words.items()]


def trouble(text: str) -> str:
    """Return what went wrong with asking; what a cashier is told of it is no use here."""
    return gettext(N_("The last question got no answer.")) if text == UNAVAILABLE else gettext(text)


def unverified(line: Line) -> bool:
    """Say whether only a person says that the money came."""
    payment = line.payment
    return bool(payment.confirmed_by) and payment.verified_by is None and payment.status in queries.CAME


def confirmed(line: Line) -> str:
    """Return who says that the money came: a person by name, else the provider."""
    payment = line.payment
    if payment.confirmed_by:
        return payment.confirmed_by
    return provider(payment.provider) if payment.verified_by else "–"


def verified(line: Line) -> str:
    """Return who says beside a person that the money came."""
    found = line.payment.verified_by
    return gettext(VERIFIED[found]) if found in VERIFIED else gettext("nobody yet")


def may_decide(actor: Actor) -> bool:
    """Say whether somebody may decide about money, alone or with another person's approval."""
    return actor.may(Right.DECIDE_PAYMENTS) or actor.role not in BORROWS_NOTHING


def desk() -> Desk:
    """Return where providers are asked."""
    found: Desk = current_app.extensions["qris"]
    return found


def stands() -> Standing:
    """Return how the provider of new codes stands."""
    return standing(desk(), shop().merchant_qris)


def due(actor: Actor) -> queries.Waits:
    """Return what waits for a person's decision; asked once a page.

    Every page has it as a badge, also the one that says calmly that the database does not answer.
    """
    if "payments_due" not in g:
        try:
            g.payments_due = queries.waits(actor.register)
        except SQLAlchemyError:
            return queries.Waits(0, 0, 0)
    found: queries.Waits = g.payments_due
    return found


def tabs(actor: Actor, current: str) -> list[tuple[str, str, bool, int]]:
    """Return the pages about payments: address, words, whether it is this one, how many decisions are due."""
    waits = due(actor)
    found = [
        ("payments.index", gettext("All payments"), 0),
        ("found_money.index", gettext("Money without a sale"), waits.undecided),
        ("money_back.index", gettext("Money going back"), waits.refused),
        ("payments.by_hand", gettext("Confirmed by hand"), 0),
        ("signs.index", gettext("Check a QRIS sign"), 0),
    ]
    if actor.may(Right.SEE_REPORTS) and "office.settlements.index" in current_app.view_functions:
        found.append(("settlements.index", gettext("QRIS settlement"), 0))
    return [(url_for(f"office.{name}"), text, name == current, count) for name, text, count in found]


def why(line: Line) -> str:
    """Return in one sentence why money found no sale."""
    payment = line.payment
    if payment.why == "twice":
        return gettext("The buyer paid one code twice; this is the second payment.")
    if payment.why == "amount":
        return gettext(
            "The buyer paid another amount than the code asked for: %(paid)s instead of %(asked)s.",
            paid=rupiah(payment.paid_amount or 0),
            asked=rupiah(payment.amount),
        )
    if payment.confirmed_by:
        return gettext(
            "%(name)s confirmed it by hand after the sale was given up, and the goods or an open till were"
            " not there any more.",
            name=payment.confirmed_by,
        )
    if line.sale_status == "completed" and payment.decision != "attached":
        return gettext("The money came after its sale had been paid another way.")
    return gettext("The buyer paid after the sale was given up.")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a payment; `place` is its entry in the books, None when it has none."""

    at: datetime
    text: str
    by: str = ""
    place: tuple[str, int] | None = None


def story(line: Line, entries: list[EntryView], backs: list[Back]) -> list[Event]:
    """Return what happened to a payment, oldest first."""
    payment = line.payment
    found = [*_from_books(line, entries), *_from_provider(payment), *_going_back(backs)]
    known = {entry.seq for entry in entries if _row(entry, payment.id).get("decision")}
    if payment.decision and payment.decided_at and not known:
        found.append(Event(payment.decided_at, _decision(payment.decision, line), payment.decided_by or ""))
    return sorted(found, key=lambda event: event.at)


def _row(entry: EntryView, payment_id: str) -> dict[str, Any]:
    return next((row for row in entry.content.get("payment", []) if row.get("id") == payment_id), {})


def _from_books(line: Line, entries: list[EntryView]) -> Iterator[Event]:
    for entry in entries:
        row = _row(entry, line.payment.id)
        if not row:
            # Money going back names its payment; its own rows tell more.
            continue
        yield Event(entry.at, _said(entry, row, line), _who(entry), (entry.book, entry.seq))


def _who(entry: EntryView) -> str:
    """Return who did it and who allowed it; nobody is named for what the program does by itself."""
    if entry.actor.get("key") == SYSTEM.key:
        return ""
    name = entry.actor.get("name", "")
    approver = entry.actor.get("approver")
    return gettext("%(name)s, allowed by %(approver)s", name=name, approver=approver) if approver else name


def _said(entry: EntryView, row: dict[str, Any], line: Line) -> str:
    payment, who = line.payment, provider(line.payment.provider)
    if row.get("decision"):
        return _decision(row["decision"], line)
    if entry.kind == "payment_twice":
        return gettext("%(who)s said that the code was paid a second time.", who=who)
    if entry.kind == "tender_corrected" and row.get("status") == "cancelled":
        return gettext("The sale was paid in cash after all: the confirmation was taken back.")
    if "created_at" in row and entry.kind != "tender_corrected":
        return _asked(row, payment)
    if entry.kind == "payment_code":
        return gettext("The code came from %(who)s.", who=who)
    if row.get("why"):
        return why(line)
    if row.get("status") == "paid":
        return _paid(row, line)
    words = {
        "cancelled": gettext("The sale was given up."),
        "expired": gettext("Nobody had paid in time. The code ended."),
        "failed": gettext("%(who)s said that it can't be paid.", who=who),
        "refunded": gettext("All of it went back."),
    }
    if row.get("status") in words:
        return words[row["status"]]
    if row.get("verified_by"):
        return gettext("Confirmed also by %(what)s.", what=gettext(VERIFIED[row["verified_by"]]))
    return ledger_words.kind(entry.kind)


def _asked(row: dict[str, Any], payment: Payment) -> str:
    amount = rupiah(payment.amount)
    if row.get("our_reference") is None:
        return gettext("A code over %(amount)s was made from the merchant's own QRIS.", amount=amount)
    who = provider(payment.provider)
    if row.get("payload"):
        return gettext("%(who)s made a code over %(amount)s.", who=who, amount=amount)
    return gettext("%(who)s was asked for a code over %(amount)s and took its time.", who=who, amount=amount)


def _paid(row: dict[str, Any], line: Line) -> str:
    amount = rupiah(row.get("paid_amount") or line.payment.amount)
    if row.get("confirmed_by"):
        words = {"name": row["confirmed_by"], "reference": row.get("reference"), "amount": amount}
        if row.get("approved_by"):
            words["approver"] = row["approved_by"]
            return gettext(
                "%(name)s confirmed %(amount)s by hand with the reference %(reference)s."
                " %(approver)s allowed it.",
                **words,
            )
        return gettext("%(name)s confirmed %(amount)s by hand with the reference %(reference)s.", **words)
    return gettext(
        "%(who)s said that %(amount)s was paid. The sale was completed.",
        who=provider(line.payment.provider),
        amount=amount,
    )


def _decision(decision: str, line: Line) -> str:
    reason = line.payment.decision_reason or ""
    if decision == "attached":
        return gettext("Attached to the sale %(number)s: %(reason)s", number=line.number or "", reason=reason)
    if decision == "kept":
        return gettext("Kept as found money: %(reason)s", reason=reason)
    return gettext("To be given back to the buyer: %(reason)s", reason=reason)


def _from_provider(payment: Payment) -> Iterator[Event]:
    if payment.paid_at is not None:
        if payment.issuer:
            text = gettext("The buyer paid with %(issuer)s, as the provider says.", issuer=payment.issuer)
        else:
            text = gettext("The buyer paid, as the provider says.")
        yield Event(payment.paid_at, text)


def _going_back(backs: list[Back]) -> Iterator[Event]:
    for back in backs:
        row, amount = back.row, rupiah(back.row.amount)
        who = provider(back.payment.provider)
        yield Event(
            row.at, gettext("%(amount)s is to go back through %(who)s.", amount=amount, who=who), row.by
        )
        if row.ended_at is None:
            continue
        if row.status == "done":
            number = row.reference or "–"
            text = gettext(
                "%(who)s gave %(amount)s back, its number %(number)s.", who=who, amount=amount, number=number
            )
        else:
            text = gettext("%(who)s refused to give %(amount)s back.", who=who, amount=amount)
            text += f" {row.trouble}" if row.trouble else ""
            if row.status == "cash":
                paid_by = back.paid_by or "–"
                text += " " + gettext("It was paid in cash at %(register)s instead.", register=paid_by)
        yield Event(row.ended_at, text)


def notices(found: list[Any]) -> list[Event]:
    """Return a provider's notifications as events."""
    events = []
    for notice in found:
        text = gettext("A notification came from %(who)s.", who=provider(notice.provider))
        if notice.last_at != notice.received_at:
            text += " " + gettext(
                "The same came again, last at %(time)s.", time=show.clock_time(notice.last_at)
            )
        events.append(Event(notice.received_at, text))
    return events
