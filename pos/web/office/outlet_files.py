"""Files between a shop and an outlet that sells cut off: link, write a file, look at one and take it in."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from pos import clock
from pos.domain.exchange import MAX_BYTES
from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, PosError
from pos.operations import exchange, exchange_goods, exchange_import, exchange_settle
from pos.operations.exchange_goods import DeliveryPlan
from pos.operations.exchange_import import SettlementPlan
from pos.operations.journal import Request
from pos.queries import exchange as queries
from pos.queries.outlets import shelves
from pos.queries.partners import partners
from pos.web.office import carried, lists, show, words
from pos.web.office.form import Form
from pos.web.office.tables import attachment

bp = Blueprint("outlet_files", __name__, url_prefix="/stock/outlet-files")

KIND = "application/octet-stream"


def happened(one: queries.View) -> str:
    """Say in words whether a file was written here or taken in."""
    return str(gettext("written here") if one["made_here"] else gettext("taken in"))


PAGE = 50
KINDS = words.EXCHANGE
COLUMNS: tuple[lists.Column[queries.View], ...] = (
    (N_("File"), lambda one: one["name"]),
    (N_("Kind"), lambda one: gettext(KINDS[one["kind"]])),
    (N_("Other shop"), lambda one: one["link"]),
    (N_("What happened"), happened),
    (N_("Until day"), lambda one: date.fromisoformat(one["until_on"])),
    (N_("Pieces"), lambda one: one["pieces"]),
    (N_("Made"), lambda one: show.at(one["made_at"])),
    (N_("When"), lambda one: show.at(one["at"])),
    (N_("Who"), lambda one: one["by"]),
    (N_("Hash"), lambda one: one["sha256"]),
)
CHANGES = {**words.ADJUSTMENT, "other": N_("other movement")}


@bp.get("/")
def index() -> BaseResponse | str:
    """The shops that are linked, and every file that was made or taken in."""
    identity.need(Right.SEE_STOCK)
    if lists.file_asked():
        return lists.send(N_("Outlet files"), COLUMNS, _fetch)
    return _page(Form({"location": "GUDANG", "name": "Pusat"}))


def _fetch(cursor: str | None, limit: int) -> tuple[list[queries.View], str | None]:
    kind, other = lists.asked("kind", KINDS), lists.asked("shop")
    return queries.files(cursor, limit, words=lists.typed(), kind=kind, code=other)


def _page(form: Form, *, code: str = "") -> str:
    files, cursor = lists.page(_fetch, PAGE)
    links = queries.links()
    known = {link["code"] for link in links}
    return render_template(
        "office/stock/outlet_files.html",
        form=form,
        links=links,
        files=files,
        cursor=cursor,
        shop=lists.asked("shop"),
        shops=[(link["code"], f"{link['name']} · {link['code']}") for link in links],
        kind=lists.asked("kind", KINDS),
        kinds=[("", gettext("All")), *((name, gettext(text)) for name, text in KINDS.items())],
        happened=happened,
        outlets=[one for one in partners() if one.kind == "outlet" and one.active and one.code not in known],
        places=[(place, place) for place in _places()],
        code=code,
    )


def _places() -> list[str]:
    return [place.code for place in shelves()]


@bp.get("/<uuid:file_id>")
def download(file_id: object) -> Response:
    """A file as it was written, once more if it was lost on its way."""
    identity.need(Right.STOCK_PAPERS)
    data, name = exchange.again(str(file_id))
    return attachment(data, KIND, name)


@bp.post("/link")
def link() -> BaseResponse | tuple[str, int]:
    """Link an outlet of ours; its code is shown for typing it there. A new code ends the old one."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    partner = form.text("partner", required=True)

    def work(key: Request, at: datetime) -> None:
        exchange.link_outlet(partner, actor, at, key)

    if form.carry_out(work):
        return _page(Form(), code=exchange.link_code_of(partner)), 200
    return _page(form), form.status


@bp.post("/join")
def join() -> BaseResponse | tuple[str, int]:
    """Link this shop to a main one by the code that was made there."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    code, name = form.text("code", required=True), form.text("name")
    place = form.choice("location", _places())

    def work(key: Request, at: datetime) -> None:
        exchange.join(code, place, name, actor, at, key)

    if form.carry_out(work):
        flash(gettext("The shops are linked."))
        return redirect(url_for("office.outlet_files.index"))
    return _page(form), form.status


@bp.post("/write")
def write() -> BaseResponse | tuple[str, int]:
    """Write the next file for the other shop."""
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    code, side = form.text("link", required=True), form.choice("side", ["main", "outlet"])

    def work(key: Request, at: datetime) -> None:
        if side == "main":
            exchange_goods.write(code, actor, at, key)
        else:
            exchange_settle.write(actor, at, key)

    if form.carry_out(work):
        flash(gettext("The file is written. Download it and take it to the other shop."))
        return redirect(url_for("office.outlet_files.index"))
    return _page(form), form.status


@bp.post("/take")
def take() -> BaseResponse | tuple[str, int]:
    """Look at a file from the other shop and say what it would do; or, once that was seen, do it."""
    carried.limit(MAX_BYTES)
    actor = identity.need(Right.STOCK_PAPERS)
    form = Form.sent()
    side = form.choice("side", ["main", "outlet"])
    data, packed, name = carried.sent(form, MAX_BYTES)
    if form.errors:
        return _page(form), form.status
    # The second step of a form that was sent twice finds its file counted: it is told so calmly.
    form.attached = hashlib.sha256(data).hexdigest()
    plan: DeliveryPlan | SettlementPlan | None = None
    try:
        plan = (exchange_goods.plan if side == "outlet" else exchange_import.plan)(data, clock.now())
    except PosError as error:
        if not (packed and error.code == "exchange_known"):
            form.refuse(error)
            return _page(form), form.status
    if not packed and plan is not None:
        return _plan_page(form, plan, carried.packed(data), name), 200
    arrived = _arrived(form, plan) if isinstance(plan, DeliveryPlan) else {}
    back_to = form.value("back_to") or "GUDANG"

    def work(key: Request, at: datetime) -> None:
        if side == "outlet":
            exchange_goods.receive(data, arrived, actor, at, key)
        else:
            exchange_import.carry_out(data, back_to, actor, at, key)

    if form.carry_out(work):
        flash(gettext("This was done already.") if form.repeated else gettext("The file is taken in."))
        return redirect(url_for("office.outlet_files.index"))
    return (_plan_page(form, plan, packed, name) if plan is not None else _page(form)), form.status


def _arrived(form: Form, plan: DeliveryPlan) -> Mapping[tuple[str, str], int]:
    """Return of which lots another number arrived than was sent."""
    found = {}
    for n, line in enumerate(plan.lines):
        count = form.whole(f"arrived-{n}", 0, line["quantity"])
        if count is not None and count != line["quantity"]:
            found[line["sku"], line["lot"]] = count
    return found


def _plan_page(form: Form, plan: DeliveryPlan | SettlementPlan, packed: str, name: str) -> str:
    more: dict[str, Any] = {}
    if isinstance(plan, DeliveryPlan):
        for n, line in enumerate(plan.lines):
            form.data.setdefault(f"arrived-{n}", str(line["quantity"]))
        page = "outlet_delivery"
    else:
        page = "outlet_settlement"
        more = {
            "changes": [{**line, "why": gettext(CHANGES[line["reason"]])} for line in plan.changes],
            "places": [(place, place) for place in _places()],
        }
    return render_template(
        f"office/stock/{page}.html", form=form, plan=plan, packed=packed, name=name[:80], **more
    )
