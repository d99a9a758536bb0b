"""Money that found no sale: the queue, and a page for each of the three things that can become of it."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.money import rupiah
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, Forbidden
from pos.operations import late
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.queries import payments_office as queries
from pos.queries import people
from pos.queries.payments_office import Line
from pos.schemas.payments import AttachIn, GiveBackIn, KeepIn
from pos.web.office import lists, show
from pos.web.office import payment_words as words
from pos.web.office.form import Form

bp = Blueprint("found_money", __name__, url_prefix="/payments/found")

Work = Callable[[Request, datetime], None]

PAGE = 50
COLUMNS: tuple[lists.Column[Line], ...] = (
    (N_("Paid at"), lambda line: show.at(line.payment.paid_at or line.payment.settled_at)),
    (N_("Amount paid"), lambda line: line.payment.paid_amount),
    (N_("Asked for"), lambda line: line.payment.amount),
    (N_("Reference"), lambda line: line.payment.reference or ""),
    (N_("Paid with"), lambda line: line.payment.issuer or ""),
    (N_("Provider"), lambda line: words.provider(line.payment.provider)),
    (N_("Sale it came for"), lambda line: line.number or ""),
    (N_("Register"), lambda line: line.register),
    (N_("Cashier"), lambda line: line.cashier),
    (N_("Why without a sale"), words.why),
)


@bp.get("/")
def index() -> Response | str:
    """What came and found no sale, the oldest first, with what can be done about each."""
    actor = identity.need(Right.SEE_SALES)
    why = lists.asked("why", words.WHYS)

    def fetch(cursor: str | None, limit: int) -> tuple[list[Line], str | None]:
        return queries.undecided(actor.register, cursor, limit, words=lists.typed(), why=why)

    if lists.file_asked():
        return lists.send(N_("Money without a sale"), COLUMNS, fetch)
    lines, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/payments/found.html",
        lines=lines,
        cursor=cursor,
        why=why,
        whys=[("", gettext("All")), *words.choices(words.WHYS)],
        waits=words.due(actor),
        may_decide=words.may_decide(actor),
        tabs=words.tabs(actor, "found_money.index"),
        words=words,
    )


def _come_in(payment_id: object) -> tuple[Actor, Line]:
    """Return who is here and the payment; refuse those whom nobody's approval could help."""
    actor = identity.need(Right.SEE_SALES)
    if not words.may_decide(actor):
        raise Forbidden
    return actor, queries.one(str(payment_id), actor.register)


def _page(name: str, line: Line, form: Form, actor: Actor) -> str:
    if not actor.may(Right.DECIDE_PAYMENTS):
        form.approver_role = form.approver_role or "supervisor"
    fitting = [(sale.sale, _fitting(sale)) for sale in queries.fitting(line)] if name == "attach" else []
    back = words.desk().that_refund() if name == "give_back" else []
    return render_template(
        f"office/payments/{name}.html",
        line=line,
        payment=line.payment,
        why=words.why(line) if line.payment.why else "",
        form=form,
        sales=fitting,
        through=words.provider(line.payment.provider) if line.payment.provider in back else "",
        registers=[(code, code) for code in queries.open_tills(actor.register)],
        decided=line.payment.status != "late" or line.payment.decision is not None,
        lenders=[(who, who) for who in people.lenders(Right.DECIDE_PAYMENTS, actor.key)],
        tabs=words.tabs(actor, "found_money.index"),
        words=words,
    )


def _fitting(sale: queries.Fitting) -> str:
    kind = gettext("the sale it came for") if sale.own else gettext("waits for its payment")
    return f"{show.at(sale.created_at)} · {sale.cashier} · {rupiah(sale.total)} · {kind}"


def _decide(
    name: str, line: Line, form: Form, actor: Actor, work: Work, done: str
) -> Response | tuple[str, int]:
    if form.carry_out(work):
        flash(done)
        return redirect(url_for("office.payments.payment", payment_id=line.payment.id))
    return _page(name, line, form, actor), form.status


@bp.get("/<uuid:payment_id>/attach")
def attach(payment_id: object) -> str:
    """Ask which sale the money pays, and why."""
    actor, line = _come_in(payment_id)
    return _page("attach", line, Form({"sale": line.payment.sale_id}), actor)


@bp.post("/<uuid:payment_id>/attach")
def do_attach(payment_id: object) -> Response | tuple[str, int]:
    """Complete a sale with the money."""
    actor, line = _come_in(payment_id)
    form = Form.sent()
    # Not held against the sales that fit now: sent twice, the form must still be the same request.
    sale, reason = form.text("sale", required=True), form.text("reason", required=True)
    who = form.approved(actor)

    def work(key: Request, at: datetime) -> None:
        body = AttachIn(id=key.id, sale=sale, reason=reason)
        late.attach(line.payment.id, body.sale, body.reason, who, at, key)

    done = gettext("%(amount)s is attached. The sale is completed.", amount=_amount(line))
    return _decide("attach", line, form, actor, work, done)


@bp.get("/<uuid:payment_id>/give-back")
def give_back(payment_id: object) -> str:
    """Ask how the money goes back to the buyer, and why."""
    actor, line = _come_in(payment_id)
    through = line.payment.provider in words.desk().that_refund()
    tills = queries.open_tills(actor.register)
    own = line.register if line.register in tills else next(iter(tills), "")
    return _page(
        "give_back", line, Form({"method": "provider" if through else "cash", "register": own}), actor
    )


@bp.post("/<uuid:payment_id>/give-back")
def do_give_back(payment_id: object) -> Response | tuple[str, int]:
    """Give the money back through the provider, or in cash from an open till."""
    actor, line = _come_in(payment_id)
    form = Form.sent()
    method = form.choice("method", ["provider", "cash"])
    reason = form.text("reason", required=True)
    register = form.text("register", required=True) if method == "cash" else None
    who = form.approved(actor)

    def work(key: Request, at: datetime) -> None:
        body = GiveBackIn.model_validate(
            {"id": key.id, "reason": reason, "method": method, "register": register}
        )
        late.give_back(
            line.payment.id,
            body.method,
            body.at_register,
            body.reason,
            who,
            at,
            key,
            words.desk().that_refund(),
        )

    if method == "cash":
        done = gettext(
            "Take %(amount)s out of the drawer of %(register)s. The slip is being printed.",
            amount=_amount(line),
            register=register or "",
        )
    else:
        done = gettext("%(amount)s goes back through the provider.", amount=_amount(line))
    return _decide("give_back", line, form, actor, work, done)


@bp.get("/<uuid:payment_id>/keep")
def keep(payment_id: object) -> str:
    """Ask why the money is kept as found."""
    actor, line = _come_in(payment_id)
    return _page("keep", line, Form(), actor)


@bp.post("/<uuid:payment_id>/keep")
def do_keep(payment_id: object) -> Response | tuple[str, int]:
    """Keep the money as found."""
    actor, line = _come_in(payment_id)
    form = Form.sent()
    reason = form.text("reason", required=True)
    who = form.approved(actor)

    def work(key: Request, at: datetime) -> None:
        body = KeepIn(id=key.id, reason=reason)
        late.keep(line.payment.id, body.reason, who, at, key)

    done = gettext("%(amount)s is kept as found money.", amount=_amount(line))
    return _decide("keep", line, form, actor, work, done)


def _amount(line: Line) -> str:
    return rupiah(line.payment.paid_amount or line.payment.amount)
