"""Money that goes back through the provider: how each stands, and cash for what the provider refused."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.money import rupiah
from pos.domain.rights import BORROWS_NOTHING, Right
from pos.doors import identity
from pos.errors import N_, Forbidden
from pos.operations import refunding
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.queries import money_back as queries
from pos.queries import people
from pos.queries.money_back import Back
from pos.queries.payments_office import open_tills
from pos.schemas.payments import CashInsteadIn
from pos.web.office import lists, show
from pos.web.office import payment_words as words
from pos.web.office.form import Form
from pos.web.office.payments import day_at

bp = Blueprint("money_back", __name__, url_prefix="/payments/back")

PAGE = 50
COLUMNS: tuple[lists.Column[Back], ...] = (
    (N_("When"), lambda back: show.at(back.row.at)),
    (N_("Who"), lambda back: back.row.by),
    (N_("Refund"), lambda back: back.refund_number or ""),
    (N_("Sale"), lambda back: back.number or ""),
    (N_("Register"), lambda back: back.register),
    (N_("Provider"), lambda back: words.provider(back.payment.provider)),
    (N_("Reference"), lambda back: back.payment.reference or ""),
    (N_("Amount"), lambda back: back.row.amount),
    (N_("State"), lambda back: words.back_state(back.row.status)),
    (N_("Their number of it"), lambda back: back.row.reference),
    (N_("Its reason"), lambda back: back.row.trouble),
    (N_("Paid in cash at"), lambda back: back.paid_by or ""),
    (N_("Ended"), lambda back: show.at(back.row.ended_at) if back.row.ended_at else ""),
)


def _may_pay(actor: Actor) -> bool:
    return actor.may(Right.REFUND) or actor.role not in BORROWS_NOTHING


@bp.get("/")
def index() -> Response | str:
    """Money on its way back, newest first; by state and day, or with words looked for."""
    actor = identity.need(Right.SEE_SALES)
    status, day = lists.asked("status", queries.STATES), day_at("date")

    def fetch(cursor: str | None, limit: int) -> tuple[list[Back], str | None]:
        return queries.backs(status, actor.register, cursor, limit, words=lists.typed(), day=day)

    if lists.file_asked():
        return lists.send(N_("Money going back"), COLUMNS, fetch)
    backs, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/payments/back.html",
        backs=backs,
        cursor=cursor,
        status=status,
        on=day.on if day else None,
        states=[("", gettext("All")), *words.choices(words.BACK_STATES)],
        waits=words.due(actor),
        may_pay=_may_pay(actor),
        tabs=words.tabs(actor, "money_back.index"),
        words=words,
    )


def _come_in(back_id: object) -> tuple[Actor, Back]:
    actor = identity.need(Right.SEE_SALES)
    if not _may_pay(actor):
        raise Forbidden
    return actor, queries.back(str(back_id), actor.register)


@bp.get("/<uuid:back_id>/cash")
def cash(back_id: object) -> str:
    """Ask which till pays what the provider refused."""
    actor, back = _come_in(back_id)
    tills = open_tills(actor.register)
    own = back.register if back.register in tills else next(iter(tills), "")
    return _page(back, Form({"register": own}), actor)


def _page(back: Back, form: Form, actor: Actor) -> str:
    if not actor.may(Right.REFUND):
        form.approver_role = form.approver_role or "supervisor"
    return render_template(
        "office/payments/cash.html",
        back=back,
        form=form,
        registers=[(code, code) for code in open_tills(actor.register)],
        lenders=[(who, who) for who in people.lenders(Right.REFUND, actor.key)],
        tabs=words.tabs(actor, "money_back.index"),
        words=words,
    )


@bp.post("/<uuid:back_id>/cash")
def pay_cash(back_id: object) -> Response | tuple[str, int]:
    """Pay in cash what the provider refused, from an open till's drawer."""
    actor, back = _come_in(back_id)
    form = Form.sent()
    register = form.text("register", required=True)
    who = form.approved(actor)

    def work(key: Request, at: datetime) -> None:
        body = CashInsteadIn.model_validate({"id": key.id, "register": register})
        refunding.pay_in_cash(back.row.id, body.at_register, who, at, key)

    if form.carry_out(work):
        amount = rupiah(back.row.amount)
        flash(
            gettext(
                "Take %(amount)s out of the drawer of %(register)s. The slip is being printed.",
                amount=amount,
                register=register,
            )
        )
        return redirect(url_for("office.money_back.index"))
    return _page(back, form, actor), form.status
