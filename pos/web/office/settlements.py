"""Settlement files: chosen, looked at, imported; what was matched, what was not, and what it cost."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from pos.domain.fees import CRITERIA, MAX_RATE_BP, FeeRate
from pos.domain.money import rupiah
from pos.domain.rights import Right
from pos.domain.settlement import MAX_BYTES, PROFILES, template
from pos.doors import identity
from pos.errors import N_, NotFound, PosError
from pos.operations import settlements
from pos.operations.journal import Request
from pos.operations.settlements import Plan
from pos.queries import settlements as queries
from pos.queries.settlement_files import TO_LOOK_AT
from pos.queries.settlement_files import files as files_page
from pos.web.office import carried, lists, settlement_rows, show
from pos.web.office.form import Form
from pos.web.office.sales import day_argument
from pos.web.office.tables import CSV, attachment

bp = Blueprint("settlements", __name__, url_prefix="/settlements")

PAGE = 30
Item: TypeAlias = dict[str, Any]
MOST_SHOWN = 200
"""So many rows of a list, and so many faults, are shown; the rest is counted, and stands in the download."""

ZONES = {"": None, "7": timedelta(hours=7), "8": timedelta(hours=8), "9": timedelta(hours=9)}

COLUMNS: tuple[lists.Column[Item], ...] = (
    (N_("First day"), lambda one: one["file"].first_on),
    (N_("Last day"), lambda one: one["file"].last_on),
    (N_("Whose file"), lambda one: gettext(one["label"])),
    (N_("File"), lambda one: one["file"].name),
    (N_("Rows"), lambda one: one["file"].row_count),
    (N_("Gross amount"), lambda one: one["file"].gross),
    (N_("Fee (MDR)"), lambda one: one["file"].fee),
    (N_("Net, to the bank"), lambda one: one["file"].net),
    (N_("To look at"), lambda one: sum(one["counts"].get(name, 0) for name in TO_LOOK_AT)),
    (N_("Imported"), lambda one: show.at(one["file"].imported_at)),
    (N_("Imported by"), lambda one: one["file"].imported_by),
)

CLASSES = {
    "UMI": N_("micro business"),
    "UKE": N_("small business"),
    "UME": N_("medium business"),
    "UBE": N_("large business"),
    "URE": N_("regular, when the QRIS does not say"),
    "PSO": N_("public service obligation"),
    "BLU": N_("public service agency"),
    "EDU": N_("education"),
    "BBM": N_("fuel station"),
    "DON": N_("donations and social aid"),
}


def _profiles() -> list[tuple[str, str]]:
    return [(key, gettext(profile.label)) for key, profile in PROFILES.items()]


def _zones() -> list[tuple[str, str]]:
    return [
        ("", gettext("as the file says, else WIB")),
        ("7", "WIB (UTC+7)"),
        ("8", "WITA (UTC+8)"),
        ("9", "WIT (UTC+9)"),
    ]


@bp.get("/")
def index() -> Response | str:
    """The files so far, the way to a new one, and what only cashiers have confirmed."""
    identity.need(Right.SEE_REPORTS)
    provider, on = lists.asked("provider", PROFILES), day_argument("date")
    look = lists.asked("look", ["1"])

    def fetch(cursor: str | None, limit: int) -> tuple[list[Item], str | None]:
        return files_page(cursor, limit, words=lists.typed(), provider=provider, on=on, to_look_at=bool(look))

    if lists.file_asked():
        return lists.send(N_("Settlement files"), COLUMNS, fetch)
    files, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/settlements/list.html",
        form=Form({"provider": provider or (files[0]["file"].provider if files else "generic")}),
        files=files,
        cursor=cursor,
        provider=provider,
        on=on,
        look=look,
        profiles=_profiles(),
        zones=_zones(),
        unverified=queries.unverified(),
    )


def _page(
    form: Form, *, plan: Plan | None = None, packed: str = "", name: str = "", error: PosError | None = None
) -> str:
    faults = carried.faults(error)
    nmid = queries.merchant_nmid()
    return render_template(
        "office/settlements/import.html",
        form=form,
        plan=plan,
        label=gettext(plan.profile.label) if plan else "",
        ours=queries.payments(one.id for one in plan.ours) if plan else {},
        other_nmids=sorted(plan.sheet.nmids - {nmid}) if plan and nmid else [],
        nmid=nmid,
        packed=packed,
        name=name,
        faults=faults[:MOST_SHOWN],
        more_faults=max(0, len(faults) - MOST_SHOWN),
        lines=len({line for line, _, _ in faults}),
        profiles=_profiles(),
        zones=_zones(),
        most=MOST_SHOWN,
    )


@bp.get("/import")
def choose() -> str:
    """The form to choose a file, with what each provider's columns may be called."""
    identity.need(Right.SETTLE)
    return _page(Form({"provider": request.args.get("provider", "generic")}))


@bp.post("/import")
def take() -> BaseResponse | tuple[str, int]:
    """Look at a file and say what matches; or, once that was seen, import it."""
    carried.limit(MAX_BYTES)
    actor = identity.need(Right.SETTLE)
    form = Form.sent()
    data, packed, name = carried.sent(form, MAX_BYTES)
    name = _name(name)
    provider = form.choice("provider", PROFILES)
    zone = form.choice("zone", ZONES)
    if form.errors:
        return _page(form, name=name), form.status
    form.attached = hashlib.sha256(data).hexdigest()
    if packed and (done := queries.imported(form.attached)) is not None:
        flash(gettext("This was done already."))
        return redirect(url_for("office.settlements.file", file_id=done.id))
    try:
        plan = settlements.plan(data, name or "settlement.csv", provider, ZONES[zone])
    except PosError as error:
        form.refuse(error, lambda _loc: "file")
        form.errors = {"file": "" if error.fields else form.message}
        return _page(form, error=error, name=name), form.status
    if not packed:
        return _page(form, plan=plan, packed=carried.packed(data), name=name), 200

    def work(key: Request, at: datetime) -> None:
        settlements.carry_out(plan, actor, at, key)

    if form.carry_out(work) and (done := queries.imported(form.attached)) is not None:
        flash(gettext("This was done already.") if form.repeated else gettext("The file is imported."))
        return redirect(url_for("office.settlements.file", file_id=done.id))
    return _page(form, plan=plan, packed=packed, name=name), form.status


def _name(name: str) -> str:
    return "".join(char for char in name if char.isprintable())[-120:]


@bp.get("/template/<provider>.csv")
def empty_file(provider: str) -> Response:
    """A CSV file to fill in, with the columns of a provider."""
    identity.need(Right.SEE_REPORTS)
    if provider not in PROFILES:
        raise NotFound
    return attachment(template(PROFILES[provider]), CSV, f"settlement-{provider}.csv")


@bp.get("/<uuid:file_id>")
def file(file_id: object) -> Response | str:
    """One file: matched, only ours, only theirs, what differs, refunds; gross, fee and net of each."""
    identity.need(Right.SEE_REPORTS)
    view = queries.file_view(str(file_id))
    outcome = lists.asked("outcome", settlement_rows.OUTCOMES)
    found = settlement_rows.found(view, outcome, lists.typed())
    if lists.file_asked():
        name = f"{gettext('QRIS settlement')} {view.file.first_on} {view.file.last_on}"
        return lists.send(name, settlement_rows.COLUMNS, lists.whole(settlement_rows.in_order(found)))
    return render_template(
        "office/settlements/file.html",
        view=view,
        found=found,
        sums={name: settlement_rows.sums(rows) for name, rows in found.items()},
        outcome=outcome,
        outcomes=settlement_rows.outcomes(view),
        total=_total(view),
        most=MOST_SHOWN,
        label=gettext(view.label),
    )


def _total(view: queries.FileView) -> queries.Sums:
    return queries.sums(one.row for name, rows in view.rows.items() if name != "duplicate" for one in rows)


@bp.get("/<uuid:file_id>/rows/<int:line>")
def match(file_id: object, line: int) -> str:
    """The form to say by hand which of our payments a row is."""
    identity.need(Right.SETTLE)
    return _match_page(Form(), str(file_id), line)


def _match_page(form: Form, file_id: str, line: int) -> str:
    # What a buyer paid at midnight may stand in the file by the day before.
    view = queries.file_view(file_id, around=timedelta(days=1))
    found = next((one for one in view.rows["theirs"] if one.row.line == line), None)
    if found is None:
        raise NotFound(N_("There is no such row."))
    near = sorted(view.ours, key=lambda payment: (abs(payment.amount - found.row.amount), payment.at))
    options = [(payment.id, _in_words(payment)) for payment in near[:MOST_SHOWN]]
    return render_template(
        "office/settlements/match.html",
        form=form,
        view=view,
        found=found,
        options=options,
        label=gettext(view.label),
    )


def _in_words(payment: queries.PaymentView) -> str:
    number = payment.number or payment.register
    return f"{rupiah(payment.amount)} · {show.at(payment.at)} · {number} · {payment.reference or '–'}"


@bp.post("/<uuid:file_id>/rows/<int:line>")
def match_it(file_id: object, line: int) -> BaseResponse | tuple[str, int]:
    """Say by hand which of our payments a row is, and why."""
    actor = identity.need(Right.SETTLE)
    form = Form.sent()
    payment = form.text("payment", required=True)
    reason = form.text("reason", required=True)

    def work(key: Request, at: datetime) -> None:
        settlements.match_by_hand(str(file_id), line, payment, reason, actor, at, key)

    if form.carry_out(work):
        flash(gettext("The row is matched."))
        return redirect(url_for("office.settlements.file", file_id=file_id))
    return _match_page(form, str(file_id), line), form.status


@bp.get("/fees")
def fees() -> str:
    """The rates by which fees are estimated."""
    identity.need(Right.SEE_REPORTS)
    return _fees_page(Form({"criteria": queries.merchant_criteria(), "from_on": show.today(), "above": "0"}))


def _fees_page(form: Form) -> str:
    return render_template(
        "office/settlements/fees.html",
        form=form,
        rates=queries.fee_rates(),
        own=queries.merchant_criteria(),
        today=show.today(),
        classes=[(code, f"{code} · {gettext(CLASSES[code])}") for code in CRITERIA],
        class_names={code: gettext(text) for code, text in CLASSES.items()},
        percent=show.percent,
    )


@bp.post("/fees")
def set_fee() -> BaseResponse | tuple[str, int]:
    """Set a rate from a day on."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    criteria = form.choice("criteria", list(CRITERIA))
    from_on = form.day("from_on", required=True)
    above = form.rupiah("above")
    rate = _basis_points(form)

    def work(key: Request, at: datetime) -> None:
        if from_on is not None and above is not None and rate is not None:
            settlements.set_fee_rate(FeeRate(criteria, from_on, above, rate), actor, at, key)

    if form.carry_out(work):
        flash(gettext("The rate is saved."))
        return redirect(url_for("office.settlements.fees"))
    return _fees_page(form), form.status


def _basis_points(form: Form) -> int | None:
    """Return a percentage with at most two decimals as basis points."""
    text = form.value("rate").strip().rstrip("%").strip().replace(",", ".")
    whole, _, part = text.partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit() and whole and len(whole) <= 2 and len(part) <= 2):
        form.wrong("rate", N_("Type a percentage like 0,7 or 0.3."))
        return None
    found = int(whole) * 100 + int((part + "00")[:2])
    if found > MAX_RATE_BP:
        form.wrong("rate", N_("At most 10 percent."))
        return None
    return found
