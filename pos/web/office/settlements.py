"""Settlement files: chosen, looked at, imported; what was matched, what was not, and what it cost."""

import csv
import hashlib
import io
from datetime import datetime, timedelta

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
from pos.web.office import carried, show, words
from pos.web.office.form import Form
from pos.web.office.tables import CSV, attachment

bp = Blueprint("settlements", __name__, url_prefix="/settlements")

PAGE = 30
MOST_SHOWN = 200
"""So many rows of a list, and so many faults, are shown; the rest is counted, and stands in the download."""

ZONES = {"": None, "7": timedelta(hours=7), "8": timedelta(hours=8), "9": timedelta(hours=9)}

DOWNLOADED = (
    N_("Line"),
    N_("Outcome"),
    N_("Date"),
    N_("Time"),
    N_("Reference"),
    "RRN",
    N_("Amount"),
    N_("Fee"),
    N_("Net amount"),
    N_("Sale"),
    N_("Our amount"),
    N_("Matched"),
    N_("Reason"),
)
"""The columns of a file's download."""

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
def index() -> str:
    """The files so far, the way to a new one, and what only cashiers have confirmed."""
    identity.need(Right.SEE_REPORTS)
    files, cursor = queries.files(request.args.get("before") or None, PAGE)
    return render_template(
        "office/settlements/list.html",
        form=Form({"provider": files[0]["file"].provider if files else "generic"}),
        files=files,
        cursor=cursor,
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
def file(file_id: object) -> str:
    """One file: matched, only ours, only theirs, what differs, refunds; gross, fee and net of each."""
    identity.need(Right.SEE_REPORTS)
    view = queries.file_view(str(file_id))
    return render_template(
        "office/settlements/file.html",
        view=view,
        total=_total(view),
        most=MOST_SHOWN,
        label=gettext(view.label),
    )


def _total(view: queries.FileView) -> queries.Sums:
    return queries.sums(one.row for name, rows in view.rows.items() if name != "duplicate" for one in rows)


@bp.get("/<uuid:file_id>.csv")
def rows(file_id: object) -> Response:
    """Every row of a file with what became of it, and what stands only here, as CSV."""
    identity.need(Right.SEE_REPORTS)
    view = queries.file_view(str(file_id))
    out = io.StringIO(newline="")
    out.write("\ufeff")
    sheet = csv.writer(out, delimiter=";" if show.locale() == "id" else ",", lineterminator="\r\n")
    sheet.writerow([gettext(text) for text in DOWNLOADED])
    everything = sorted((one for here in view.rows.values() for one in here), key=lambda one: one.row.line)
    sheet.writerows(_cells(one) for one in everything)
    only_here = gettext("Only here")
    for payment in view.ours:
        at = show.at(payment.at)
        number = payment.number or payment.sale
        sheet.writerow(
            [
                "",
                only_here,
                at,
                "",
                _safe(payment.reference or ""),
                "",
                "",
                "",
                "",
                number,
                payment.amount,
                "",
                "",
            ]
        )
    return attachment(out.getvalue(), CSV, f"settlement-{view.file.first_on}-{view.file.last_on}.csv")


def _cells(one: queries.RowView) -> list[object]:
    row, ours = one.row, one.payment
    sign = 1 if row.kind == "payment" else -1
    return [
        row.line,
        words.word(row.outcome, "settled"),
        row.day.isoformat(),
        show.clock_time(row.at) if row.at else "",
        _safe(row.reference or row.our_reference),
        _safe(row.rrn),
        sign * row.amount,
        "" if row.fee is None else sign * row.fee,
        "" if row.net is None else sign * row.net,
        "" if ours is None else ours.number or ours.sale,
        "" if ours is None else ours.amount,
        words.word(row.matched_by, "settled_by") if row.matched_by else "",
        _safe(row.reason),
    ]


def _safe(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula or making a number of a reference."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "'") or text.isdigit() else text


@bp.get("/<uuid:file_id>/rows/<int:line>")
def match(file_id: object, line: int) -> str:
    """The form to say by hand which of our payments a row is."""
    identity.need(Right.SETTLE)
    return _match_page(Form(), str(file_id), line)


def _match_page(form: Form, file_id: str, line: int) -> str:
    view = queries.file_view(file_id)
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
