"""Partners: who they are, what lies there, what was agreed, and every paper about it."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import partners as operations
from pos.operations.journal import Request
from pos.queries import catalogue
from pos.queries import partners as queries
from pos.queries.agreed import Agreed
from pos.queries.searching import has_words
from pos.schemas.consignment import PartnerData, PartnerIn, PartnerPricesIn
from pos.web.office import lists, show, words
from pos.web.office.form import Form

bp = Blueprint("partners", __name__, url_prefix="/stock/partners")

PAGE = 30
COLUMNS: tuple[lists.Column[queries.PartnerView], ...] = (
    (N_("Code"), lambda one: one.code),
    (N_("Partner"), lambda one: one.name),
    (N_("Kind"), lambda one: words.word(one.kind, "partner")),
    (N_("Contact"), lambda one: one.contact),
    (N_("Address"), lambda one: one.address),
    (N_("Commission"), lambda one: show.percent(one.commission_bp)),
    (N_("Pieces there"), lambda one: one.pieces),
)
FORM = "office/partners/form.html"


def basis_points(form: Form, name: str) -> int:
    """Return a percentage from 0 to 100 with at most two decimals as basis points."""
    text = form.value(name).strip().rstrip("%").strip().replace(",", ".") or "0"
    whole, _, part = text.partition(".")
    digits = whole + part
    if digits.isascii() and digits.isdigit() and whole and len(whole) <= 3 and len(part) <= 2:
        found = int(whole) * 100 + int((part + "00")[:2])
        if found <= 10_000:
            return found
    form.wrong(name, N_("Type a percentage from 0 to 100, for example 15 or 12,5."))
    return 0


@bp.get("/")
def index() -> Response | str:
    """Partners, and how many pieces of ours lie there."""
    identity.need(Right.SEE_STOCK)
    kind = lists.asked("kind", words.PARTNER)
    items = [
        one
        for one in queries.partners()
        if kind in ("", one.kind) and has_words(lists.typed(), one.name, one.code, one.contact, one.address)
    ]
    if lists.file_asked():
        return lists.send(N_("Partners"), COLUMNS, lists.whole(items))
    return render_template(
        "office/partners/list.html",
        items=items,
        percent=show.percent,
        kind=kind,
        kinds=words.options("partner"),
    )


@bp.get("/new")
def new() -> str:
    """The form to add a partner."""
    identity.need(Right.MANAGE)
    return _form(Form({"kind": "shop", "commission": "0"}), None)


def _form(form: Form, partner: queries.PartnerView | None) -> str:
    return render_template(FORM, form=form, partner=partner, kinds=words.options("partner"))


def _data(form: Form) -> dict[str, object]:
    return {
        "name": form.text("name", required=True),
        "kind": form.choice("kind", words.PARTNER),
        "address": form.text("address"),
        "contact": form.text("contact"),
        "commission_bp": basis_points(form, "commission"),
        "terms": " ".join(form.text("terms").split()),
    }


@bp.post("/new")
def add() -> Response | tuple[str, int]:
    """Add a partner and their place."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    code, data = form.text("code", required=True).upper(), _data(form)

    def work(key: Request, at: datetime) -> None:
        operations.add(PartnerIn.model_validate({**data, "id": key.id, "code": code}), actor, at, key)

    if form.carry_out(work):
        flash(gettext("Saved."))
        return redirect(url_for("office.partners.partner", code=code))
    return _form(form, None), form.status


@bp.get("/<code>")
def partner(code: str) -> str:
    """One partner: what lies there, the papers, and the ways to the next one."""
    identity.need(Right.SEE_STOCK)
    found = queries.partner(code)
    try:
        before = datetime.fromisoformat(request.args["before"]) if "before" in request.args else None
    except ValueError:
        before = None
    if before is not None and before.tzinfo is None:
        before = None
    papers = queries.papers(found.id, PAGE + 1, before)
    return render_template(
        "office/partners/partner.html",
        partner=found,
        lots=queries.lying_at(found.id),
        papers=papers[:PAGE],
        older=papers[PAGE - 1]["at"].isoformat() if len(papers) > PAGE else None,
        percent=show.percent,
        today=show.local_day().isoformat(),
    )


@bp.get("/<code>/edit")
def edit(code: str) -> str:
    """The form to change a partner."""
    identity.need(Right.MANAGE)
    found = queries.partner(code)
    values: dict[str, object] = {
        name: getattr(found, name) for name in ("name", "kind", "address", "contact", "terms", "active")
    }
    values["commission"] = show.hundredths(found.commission_bp)
    return _form(Form(values), found)


@bp.post("/<code>/edit")
def change(code: str) -> Response | tuple[str, int]:
    """Change a partner."""
    actor = identity.need(Right.MANAGE)
    found, form = queries.partner(code), Form.sent()
    data, active = _data(form), form.ticked("active")

    def work(key: Request, at: datetime) -> None:
        operations.change(
            found.id, PartnerData.model_validate(data), active=active, actor=actor, at=at, request=key
        )

    if form.carry_out(work):
        flash(gettext("Saved."))
        return redirect(url_for("office.partners.partner", code=found.code))
    return _form(form, found), form.status


@bp.get("/<code>/prices")
def prices(code: str) -> str:
    """The prices agreed with a partner."""
    identity.need(Right.SEE_STOCK)
    found = queries.partner(code)
    today = show.local_day()
    ids = queries.product_ids([sku for sku, _ in catalogue.choices()])
    agreed = Agreed(found.id, ids.values())
    values: dict[str, object] = {
        f"price.{sku}": agreed.own(product_id, today) for sku, product_id in ids.items()
    }
    return _prices(Form({**values, "valid_from": today}), found)


def _prices(form: Form, found: queries.PartnerView) -> str:
    choices, today = catalogue.choices(), show.local_day()
    ids = queries.product_ids([sku for sku, _ in choices])
    agreed = Agreed(0, ids.values())
    return render_template(
        "office/partners/prices.html",
        form=form,
        partner=found,
        products=[(sku, name, agreed.on(ids[sku], today)) for sku, name in choices],
    )


@bp.post("/<code>/prices")
def set_prices(code: str) -> Response | tuple[str, int]:
    """Set the prices that differ from what was agreed so far."""
    actor = identity.need(Right.MANAGE)
    found, form = queries.partner(code), Form.sent()
    today = show.local_day()
    valid_from = form.day("valid_from", required=True) or today
    choices = catalogue.choices()
    ids = queries.product_ids([sku for sku, _ in choices])
    agreed = Agreed(found.id, ids.values())
    typed = {sku: form.rupiah(f"price.{sku}", required=False) for sku, _ in choices}
    lines = [
        {"sku": sku, "price": price}
        for sku, price in typed.items()
        if price != agreed.own(ids[sku], valid_from)
    ]
    if not lines and not form.errors:
        flash(gettext("Nothing was changed."))
        return redirect(url_for("office.partners.partner", code=found.code))

    def work(key: Request, at: datetime) -> None:
        paper = {"id": key.id, "valid_from": valid_from.isoformat(), "lines": lines}
        operations.set_prices(found.id, PartnerPricesIn.model_validate(paper), today, actor, at, key)

    if form.carry_out(work):
        flash(gettext("Saved."))
        return redirect(url_for("office.partners.partner", code=found.code))
    return _prices(form, found), form.status
