"""QRIS payments: the list with its filter, one payment's story, what was confirmed by hand."""

from flask import Blueprint, Response, render_template, request

from pos.domain.qris import Malformed, Payload, parse
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.queries import money_back, payment_story
from pos.queries import payments_office as queries
from pos.queries.outlets import first_place
from pos.queries.payments_office import Day, Line, Wanted
from pos.web.office import lists, show
from pos.web.office import payment_words as words
from pos.web.office.form import Form
from pos.web.office.sales import day_argument

bp = Blueprint("payments", __name__, url_prefix="/payments")

PAGE = 50
COLUMNS: tuple[lists.Column[Line], ...] = (
    (N_("Made"), lambda line: show.at(line.payment.created_at)),
    (N_("Sale"), lambda line: line.number or ""),
    (N_("Register"), lambda line: line.register),
    (N_("Cashier"), lambda line: line.cashier),
    (N_("Provider"), lambda line: words.provider(line.payment.provider)),
    (N_("Amount"), lambda line: line.payment.amount),
    (N_("Paid"), lambda line: line.payment.paid_amount),
    (N_("State"), lambda line: words.state(line.state)),
    (N_("Reference"), lambda line: line.payment.reference or ""),
    (N_("Confirmed by"), lambda line: line.payment.confirmed_by or ""),
    (N_("Decision"), lambda line: words.decision(line.payment.decision)),
    (N_("Reason"), lambda line: line.payment.decision_reason or ""),
    (N_("Decided by"), lambda line: line.payment.decided_by or ""),
)


def day_at(name: str) -> Day | None:
    """Return the business date that the address names, None when it names none."""
    on = day_argument(name)
    return None if on is None else Day.of(on, *first_place())


@bp.get("/")
def index() -> Response | str:
    """Attempts to collect, newest first; by state, provider and day, or with words looked for."""
    actor = identity.need(Right.SEE_SALES)
    asked = {
        name: request.args.get(name, "").strip()
        for name in ("status", "provider", "unverified", "date", "q", "by", "confirmed")
    }
    wanted = Wanted(
        state=asked["status"],
        provider=asked["provider"] if asked["provider"] in words.PROVIDERS else "",
        unverified=bool(asked["unverified"]),
        by=asked["by"],
        day=day_at("date"),
        confirmed_on=day_at("confirmed"),
        words=asked["q"][:64],
        amount=Form({"q": asked["q"]}).rupiah("q", required=False),
    )

    def fetch(cursor: str | None, limit: int) -> tuple[list[Line], str | None]:
        return queries.page(wanted, actor.register, cursor, limit)

    if lists.file_asked():
        return lists.send(N_("Payments"), COLUMNS, fetch)
    lines, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/payments/list.html",
        lines=lines,
        cursor=cursor,
        asked=asked,
        filtered=any(asked.values()),
        states=words.choices(words.STATES),
        providers=words.choices(words.PROVIDERS),
        tabs=words.tabs(actor, "payments.index"),
        stands=words.stands(),
        questions=queries.questions(),
        words=words,
    )


@bp.get("/<uuid:payment_id>")
def payment(payment_id: object) -> str:
    """One payment: what is known of it and everything that happened to it."""
    actor = identity.need(Right.SEE_SALES)
    line = queries.one(str(payment_id), actor.register)
    entries = payment_story.entries_about(line.payment.id, line.payment.sale_id)
    backs = money_back.backs_of(line.payment.id)
    notices = payment_story.notices_of(line.payment)
    events = [*words.story(line, entries, backs), *words.notices(notices)]
    return render_template(
        "office/payments/payment.html",
        line=line,
        payment=line.payment,
        code=_code(line.payment.payload),
        events=sorted(events, key=lambda event: event.at),
        notices=notices,
        task=payment_story.asked_about(line.payment.id),
        settled=payment_story.settled_in(line.payment.id),
        may_decide=words.may_decide(actor),
        why=words.why(line) if line.payment.why else "",
        tabs=words.tabs(actor, ""),
        words=words,
    )


def _code(payload: str | None) -> Payload | None:
    try:
        return None if payload is None else parse(payload)
    except Malformed:
        return None


@bp.get("/by-hand")
def by_hand() -> str:
    """A day's manual confirmations by person: how many, how much, and what is still unverified."""
    actor = identity.need(Right.SEE_SALES)
    day = day_at("date") or Day.of(show.today(), *first_place())
    rows = queries.by_hand(day, actor.register)
    return render_template(
        "office/payments/by_hand.html",
        on=day.on,
        rows=rows,
        tabs=words.tabs(actor, "payments.by_hand"),
    )
