"""What a partner sold: their file chosen, its columns put right, looked at row by row, and booked once."""

import hashlib
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain import sell_through as files
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, PosError
from pos.operations import sell_through, sell_through_files
from pos.operations.journal import Request
from pos.operations.sell_through_files import Looked, Plan
from pos.queries import partners as queries
from pos.schemas.consignment import SellThroughReverseIn
from pos.web.office import carried, show
from pos.web.office.form import Form

bp = Blueprint("sell_through", __name__, url_prefix="/stock/partners")

MOST_SHOWN = 200
"""So many faults, and so many rows of a report, are listed; the rest is counted."""

ROLES = {
    "barcode": N_("Barcode"),
    "sku": N_("SKU or their code"),
    "quantity": N_("Pieces sold"),
    "price": N_("Their price"),
    "date": N_("Day"),
    "outlet": N_("Which of their shops"),
}
"""What a column can be; pieces and one of the first two are needed."""


@bp.get("/<code>/report")
def choose(code: str) -> str:
    """The form to choose a partner's file; the period is last month unless said."""
    identity.need(Right.STOCK_PAPERS)
    last = show.local_day().replace(day=1) - timedelta(days=1)
    return _page(Form({"from": last.replace(day=1), "until": last}), queries.partner(code))


def _page(
    form: Form,
    found: queries.PartnerView,
    *,
    looked: Looked | None = None,
    plan: Plan | None = None,
    packed: str = "",
    error: PosError | None = None,
) -> str:
    faults = [(row, column, said) for row, column, said in carried.faults(error) if row.isdigit()]
    return render_template(
        "office/partners/report_file.html",
        form=form,
        partner=found,
        looked=looked,
        plan=plan,
        packed=packed,
        roles=[(role, gettext(text)) for role, text in ROLES.items()],
        choices=[("", gettext("not in the file"))] + (_choices(looked) if looked else []),
        faults=faults[:MOST_SHOWN],
        more_faults=max(0, len(faults) - MOST_SHOWN),
        rows=len({row for row, _, _ in faults}),
        most=MOST_SHOWN,
        percent=show.percent,
    )


def _choices(looked: Looked) -> list[tuple[str, str]]:
    wide = max((len(cells) for _, cells in looked.rows[:50]), default=0)
    names = looked.headers + [""] * (wide - len(looked.headers))
    return [(str(at), f"{_letter(at)} · {name or '–'}") for at, name in enumerate(names)]


def _letter(at: int) -> str:
    """Return a column's letter as spreadsheets name it."""
    letter = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letter = chr(ord("A") + rest) + letter
    return letter


@bp.post("/<code>/report")
def take(code: str) -> Response | tuple[str, int]:
    """Look at a file, look again with other columns, or, once it was seen, book it."""
    carried.limit(files.MAX_BYTES)
    actor = identity.need(Right.STOCK_PAPERS)
    found, form = queries.partner(code), Form.sent()
    data, packed, name = carried.sent(form, files.MAX_BYTES)
    name = "".join(char for char in name if char.isprintable())[-120:]
    period = form.day("from"), form.day("until")
    document, note = form.text("document"), form.text("note")
    if len(document) > 60 or not document.isprintable():
        form.wrong("document", N_("This text is too long."))
    if not data or form.errors:
        return _page(form, found, packed=packed), form.status
    looked = _look(form, data, name, found.code, again=bool(packed))
    if looked is None:
        return _page(form, found), form.status
    packed = packed or carried.packed(data)
    form.data["file_name"] = name
    _fill(form, looked)
    if form.errors:
        return _page(form, found, looked=looked, packed=packed), form.status
    if not looked.layout.complete:
        form.message = gettext("Say which column holds the pieces, and which the SKU or the barcode.")
        return _page(form, found, looked=looked, packed=packed), 422
    try:
        plan = sell_through_files.plan(looked, found.code, period, document, note, show.local_day())
    except PosError as error:
        if error.code == "report_known" and form.ticked("book") and _same(error, form):
            return _done(form.id, repeated=True)
        form.refuse(error, lambda loc: loc if loc in ("from", "until") else "rows")
        return _page(form, found, looked=looked, packed=packed, error=error), form.status
    if not form.ticked("book"):
        return _page(form, found, looked=looked, plan=plan, packed=packed), 200
    form.attached = hashlib.sha256(data).hexdigest()

    def work(key: Request, at: datetime) -> None:
        report = sell_through_files.as_booked(plan, key.id)
        sell_through.book(report, show.local_day(), actor, at, key)

    if form.carry_out(work, lambda loc: loc if loc in ("from", "until") else "rows"):
        return _done(form.id, repeated=form.repeated)
    return _page(form, found, looked=looked, plan=plan, packed=packed), form.status


def _same(error: PosError, form: Form) -> bool:
    """Say whether what counts already is what this very form booked: sent twice, not imported twice."""
    return error.extra.get("id") == form.id


def _done(report_id: str, *, repeated: bool) -> Response:
    flash(gettext("This was done already.") if repeated else gettext("The report is booked."))
    return redirect(url_for("office.sell_through.report", report_id=report_id))


def _look(form: Form, data: bytes, name: str, code: str, *, again: bool) -> Looked | None:
    """Open a file as the form says, or as it seems to be when it was just chosen."""
    header = form.whole("header", 1, 10_000_000, required=False) if again else None
    columns: dict[str, int] | None = None
    if again and header is not None and str(header) == form.value("header_was"):
        typed = {role: form.value(f"column.{role}") for role in ROLES}
        columns = {
            role: int(at) for role, at in typed.items() if at.isascii() and at.isdigit() and len(at) < 3
        }
        if len(set(columns.values())) < len(columns):
            form.wrong("column.quantity", N_("Two of these name the same column."))
    try:
        return sell_through_files.look(data, name, code, columns, header)
    except PosError as error:
        form.refuse(error, lambda _loc: "file")
        form.errors = {"file": form.message}
        return None


def _fill(form: Form, looked: Looked) -> None:
    """Let the form show the layout that the file was read with."""
    form.data["header"] = form.data["header_was"] = str(looked.layout.header)
    for role in ROLES:
        at = looked.layout.columns.get(role)
        form.data[f"column.{role}"] = "" if at is None else str(at)


@bp.get("/reports/<uuid:report_id>")
def report(report_id: object) -> str:
    """One report: what was sold, at which price, what they keep and what they owe."""
    identity.need(Right.SEE_STOCK)
    return _report(str(report_id), Form())


def _report(report_id: str, form: Form) -> str:
    view = queries.report_view(report_id)
    return render_template(
        "office/partners/report.html",
        report=view,
        lines=view["lines"][:MOST_SHOWN],
        more=max(0, len(view["lines"]) - MOST_SHOWN),
        form=form,
        percent=show.percent,
    )


@bp.post("/reports/<uuid:report_id>/reverse")
def reverse(report_id: object) -> Response | tuple[str, int]:
    """Take a report back, whole."""
    actor = identity.need(Right.STOCK_PAPERS)
    form, found = Form.sent(), str(report_id)
    reason = form.text("reason", required=True)

    def work(key: Request, at: datetime) -> None:
        paper = SellThroughReverseIn.model_validate({"id": key.id, "reason": reason})
        sell_through.reverse(found, paper, actor, at, key)

    if form.carry_out(work):
        flash(gettext("The report is reversed. Its pieces lie at the partner's place again."))
        return redirect(url_for("office.sell_through.report", report_id=found))
    return _report(found, form), form.status
