"""Voids and refunds: a page that says what will happen, then the act."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import refunds
from pos.operations.actor import Actor
from pos.queries import office, people
from pos.queries.sales import refund_view
from pos.queries.shifts import Report
from pos.schemas.sales import RefundIn, VoidIn
from pos.web.office.form import Form, by_row
from pos.web.office.sales import pieces_left, seen_sale

bp = Blueprint("reversals", __name__, url_prefix="/sales/<sale_id>")

METHODS = ("cash", "qris")


def _pairs(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


@bp.get("/void")
def void(sale_id: str) -> str:
    """Say what a void does, and ask why."""
    actor = identity.need(Right.VOID)
    return _void_page(seen_sale(actor, sale_id), Form(), actor)


def _void_page(view: Report, form: Form, actor: Actor) -> str:
    return render_template(
        "office/sales/void.html", sale=view, form=form, lenders=_pairs(people.lenders(Right.VOID, actor.key))
    )


@bp.post("/void")
def do_void(sale_id: str) -> Response | tuple[str, int]:
    """Void the whole sale of an open shift."""
    actor = identity.need(Right.VOID)
    view = seen_sale(actor, sale_id)
    form = Form.sent()
    reason = form.text("reason", required=True)
    actor = form.approved(actor)

    def work(key: Any, at: Any) -> None:
        body = VoidIn(id=key.id, reason=reason)
        refunds.void_sale(view["id"], body.reason, actor, at, key)

    if form.carry_out(work):
        flash(gettext("The sale was voided: %(number)s.", number=refund_view(form.id)["number"]))
        return redirect(url_for("office.sales.sale", sale_id=view["id"]))
    return _void_page(view, form, actor), form.status


@bp.get("/refund")
def refund(sale_id: str) -> str:
    """Ask what comes back, why, and how the money goes back."""
    actor = identity.need(Right.REFUND)
    view = seen_sale(actor, sale_id)
    paid = {tender["method"] for tender in view["tenders"]}
    form = Form(
        {"restock": True, "method": "cash" if "cash" in paid else "qris", "register": view["register"]}
    )
    return _refund_page(view, form, actor)


def _refund_page(view: Report, form: Form, actor: Actor) -> str:
    open_ones, _ = office.shifts(register=actor.register, before=None, limit=100, open_ones=True)
    left = pieces_left(view)
    lines: dict[str, dict[str, Any]] = {}
    for line in view["lines"]:
        if left.get(line["sku"], 0) > 0:
            lines.setdefault(
                line["sku"], {"sku": line["sku"], "name": line["name"], "left": left[line["sku"]]}
            )
    return render_template(
        "office/sales/refund.html",
        sale=view,
        form=form,
        lines=list(lines.values()),
        registers=_pairs([row.register for row in open_ones if row.status == "open"]),
        lenders=_pairs(people.lenders(Right.REFUND, actor.key)),
    )


@bp.post("/refund")
def do_refund(sale_id: str) -> Response | tuple[str, int]:
    """Pay some pieces back at an open register."""
    actor = identity.need(Right.REFUND)
    view = seen_sale(actor, sale_id)
    form = Form.sent()
    reason = form.text("reason", required=True)
    method = form.choice("method", list(METHODS))
    # Bounded by what was sold, not by what is left: sent twice, the form must still be the same request.
    sold = {line["sku"]: 0 for line in view["lines"]}
    for line in view["lines"]:
        sold[line["sku"]] += line["quantity"]
    asked, rows = [], []
    for n, sku in enumerate(form.values("sku")):
        pieces = form.whole(f"lines.{n}.quantity", 0, sold.get(sku, 0), required=False)
        if pieces:
            asked.append({"sku": sku, "quantity": pieces})
            rows.append(n)
    if not asked and not form.errors:
        form.wrong("lines", N_("Type how many pieces come back."))
    actor = form.approved(actor)

    def work(key: Any, at: Any) -> None:
        body = RefundIn.model_validate(
            {
                "id": key.id,
                "reason": reason,
                "lines": asked,
                "restock": form.ticked("restock"),
                "method": method,
                "register": form.value("register") or None,
            }
        )
        refunds.refund_sale(
            view["id"], body.at_register, body.lines, body.reason, body.restock, body.method, actor, at, key
        )

    if form.carry_out(work, by_row(rows)):
        done = refund_view(form.id)
        flash(gettext("Refunded: %(number)s.", number=done["number"]))
        return redirect(url_for("office.sales.sale", sale_id=view["id"]))
    return _refund_page(view, form, actor), form.status
