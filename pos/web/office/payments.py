"""QRIS payments: what waits, what came, what came too late."""

from flask import Blueprint, render_template, request

from pos.domain.rights import Right
from pos.doors import identity
from pos.queries import office
from pos.queries.payments import payments
from pos.web.office import words

bp = Blueprint("payments", __name__, url_prefix="/payments")

PAGE = 50


@bp.get("/")
def index() -> str:
    """Attempts to collect, newest first, by state."""
    actor = identity.need(Right.SEE_SALES)
    status = request.args.get("status", "")
    items, cursor = payments(
        status if status in words.PAYMENT else None,
        request.args.get("before") or None,
        PAGE,
        register=actor.register,
    )
    return render_template(
        "office/payments.html",
        payments=items,
        cursor=cursor,
        status=status,
        statuses=list(words.PAYMENT),
        waits=office.waits(actor.register),
    )
