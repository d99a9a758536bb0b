"""QRIS payments: the list with its filter, one payment's story, what was confirmed by hand."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from pos.domain.qris import Malformed, Payload, parse
from pos.domain.rights import Right
from pos.doors import identity
from pos.queries import payment_story
from pos.queries import payments_office as queries
from pos.queries.outlets import first_place
from pos.queries.payments_office import Day, Wanted
from pos.web.office import payment_words as words
from pos.web.office import show
from pos.web.office.form import Form
from pos.web.office.sales import day_argument

bp = Blueprint("payments", __name__, url_prefix="/payments")

PAGE = 50


def day_at(name: str) -> Day | None:
    """Return the business date that the address names, None when it names none."""
    on = day_argument(name)
    return None if on is None else Day.of(on, *first_place())


@bp.get("/")
def index() -> str:
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
    lines, cursor = queries.page(wanted, actor.register, request.args.get("before") or None, PAGE)
    return render_template(
        "office/payments/list.html",
        lines=lines,
        next_page=_next(asked, cursor),
        asked=asked,
        filtered=any(asked.values()),
        states=words.choices(words.STATES),
        providers=words.choices(words.PROVIDERS),
        tabs=words.tabs(actor, "payments.index"),
        stands=words.stands(),
        questions=queries.questions(),
        words=words,
    )


def _next(asked: dict[str, str], cursor: str | None) -> str:
    """Return the address of the next page with the same filter; empty when there is none."""
    if cursor is None:
        return ""
    kept = {name: value for name, value in asked.items() if value}
    return url_for("office.payments.index") + "?" + urlencode({**kept, "before": cursor})


@bp.get("/<uuid:payment_id>")
def payment(payment_id: object) -> str:
    """One payment: what is known of it and everything that happened to it."""
    actor = identity.need(Right.SEE_SALES)
    line = queries.one(str(payment_id), actor.register)
    entries = payment_story.entries_about(line.payment.id, line.payment.sale_id)
    backs = queries.backs_of(line.payment.id)
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
