"""Products as files: out as CSV or XLSX, and in again after a look at what the file would do."""

import hashlib
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from pos.domain.product_rows import MAX_BYTES
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import PosError
from pos.operations import importing
from pos.operations.importing import Plan
from pos.operations.journal import Request
from pos.queries.products import skus_of
from pos.web.office import carried, lists, show
from pos.web.office.form import Form
from pos.web.office.products import SHOWN, shown_argument
from pos.web.office.tables import CSV, XLSX, attachment

bp = Blueprint("exchange", __name__, url_prefix="/products")

MOST_SHOWN = 100
"""So many faults, and so many products, are listed; the rest is counted."""


@bp.get("/export.csv")
def export() -> Response:
    """All products, or those that the list's filter finds, as CSV, as the import reads them."""
    identity.need(Right.SEE_PRODUCTS)
    return _download(importing.export(show.locale(), show.today(), _chosen()).encode(), CSV, "csv")


@bp.get("/export.xlsx")
def export_workbook() -> Response:
    """The same as an Excel workbook."""
    identity.need(Right.SEE_PRODUCTS)
    return _download(importing.export_workbook(show.locale(), show.today(), _chosen()), XLSX, "xlsx")


def _chosen() -> set[str] | None:
    shown = SHOWN[shown_argument("all")]
    return None if shown is None and not lists.typed() else skus_of(lists.typed(), shown)


def _download(data: bytes, kind: str, suffix: str) -> Response:
    return attachment(data, kind, f"{gettext('products')}-{show.today()}.{suffix}")


@bp.get("/import")
def form() -> str:
    """The form to choose a file."""
    identity.need(Right.MANAGE)
    return _page(Form())


def _page(
    form: Form, *, plan: Plan | None = None, packed: str = "", name: str = "", error: PosError | None = None
) -> str:
    faults = carried.faults(error)
    return render_template(
        "office/products/import.html",
        form=form,
        plan=plan,
        packed=packed,
        name=name,
        faults=faults[:MOST_SHOWN],
        more_faults=max(0, len(faults) - MOST_SHOWN),
        rows=len({row for row, _, _ in faults}),
        most=MOST_SHOWN,
    )


@bp.post("/import")
def take() -> BaseResponse | tuple[str, int]:
    """Look at a file and say what it would do; or, once that was seen, do it."""
    carried.limit(MAX_BYTES)
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    data, packed, name = carried.sent(form, MAX_BYTES)
    name = name[:80]
    if not data:
        return _page(form), form.status
    today = show.today()
    try:
        plan = importing.plan(data, today, name=name)
    except PosError as error:
        form.refuse(error, lambda _loc: "file")
        form.errors = {"file": "" if error.fields else form.message}
        return _page(form, error=error, name=name), form.status
    if not packed:
        return _page(form, plan=plan, packed=carried.packed(data), name=name), 200
    form.attached = hashlib.sha256(data).hexdigest()

    def work(key: Request, at: datetime) -> None:
        importing.carry_out(plan, actor, at, today, key)

    if form.carry_out(work):
        flash(gettext("This was done already.") if form.repeated else _done(plan))
        return redirect(url_for("office.products.index", shown="all"))
    return _page(form, plan=plan, packed=packed, name=name), form.status


def _done(plan: Plan) -> str:
    return str(
        gettext(
            "Imported. New: %(new)s, changed: %(changed)s, prices: %(prices)s, pieces in: %(pieces)s.",
            new=plan.new,
            changed=plan.changed,
            prices=plan.prices,
            pieces=show.count(plan.pieces),
        )
    )
