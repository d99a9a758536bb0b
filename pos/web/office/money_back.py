"""Money that goes back through the provider: how each stands, and cash for what the provider refused."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.money import rupiah
from pos.domain.rights import BORROWS_NOTHING, Right
from pos.doors import identity
from pos.errors import Forbidden
from pos.operations import refunding
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.queries import payments_office as queries
from pos.queries import people
from pos.queries.payments_office import Back
from pos.schemas.payments import CashInsteadIn
from pos.web.office import payment_words as words
from pos.web.office.form import Form

bp = Blueprint("money_back", __name__, url_prefix="/payments/back")

PAGE = 50


def _may_pay(actor: Actor) -> bool:
    return actor.may(Right.REFUND) or actor.role not in BORROWS_NOTHING


@bp.get("/")
def index() -> str:
    """Money on its way back, newest first, by state."""
    actor = identity.need(Right.SEE_SALES)
    status = request.args.get("status", "")
    backs, cursor = queries.backs(status, actor.register, request.args.get("before") or None, PAGE)
    return render_template(
        "office/payments/back.html",
        backs=backs,
        cursor=cursor,
        status=status,
        states=words.choices(words.BACK_STATES),
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
    tills = queries.open_tills(actor.register)
    own = back.register if back.register in tills else next(iter(tills), "")
    return _page(back, Form({"register": own}), actor)


def _page(back: Back, form: Form, actor: Actor) -> str:
    if not actor.may(Right.REFUND):
        form.approver_role = form.approver_role or "supervisor"
    return render_template(
        "office/payments/cash.html",
        back=back,
        form=form,
        registers=[(code, code) for code in queries.open_tills(actor.register)],
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
