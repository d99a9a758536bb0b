"""Checking a printed QRIS sign: scan it or paste its text, and see whether it is our merchant's."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.qris import Finding
from pos.domain.qris.compare import SignCheck
from pos.domain.rights import Right
from pos.doors import identity
from pos.ids import is_id
from pos.operations import signs as operations
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.queries import signs as queries
from pos.queries.shop import shop
from pos.queries.signs import Check
from pos.web.office import payment_words, words
from pos.web.office.form import Form

bp = Blueprint("signs", __name__, url_prefix="/payments/sign")

SHOWN = 20
OUTCOMES = words.SIGN
TONES = {"same": "good", "other": "danger", "transfer": "danger", "no_code": "warn"}
ROWS = words.SIGN_ROWS


def outcome(name: str) -> str:
    """Return what came of a check, in the reader's language."""
    return gettext(OUTCOMES[name]) if name in OUTCOMES else name


@bp.get("/")
def index() -> str:
    """The form, the check that was just made, and those before it."""
    actor = identity.need(Right.SEE_SALES)
    made = request.args.get("check", "").lower()
    return _page(Form(), actor, queries.check_of(made) if is_id(made) else None)


def _page(form: Form, actor: Actor, made: Check | None) -> str:
    merchant = shop().merchant_qris
    found: SignCheck | None = operations.seen_again(merchant, made.payload) if made and merchant else None
    return render_template(
        "office/payments/sign.html",
        form=form,
        merchant=operations.seen_again(merchant, merchant) if merchant else None,
        made=made,
        found=found,
        notes=[_said(note) for note in found.notes] if found else [],
        crc=found is not None and not any(note.code.startswith("crc") for note in found.notes),
        checks=queries.checks(SHOWN),
        may_check=actor.may(Right.CONFIRM_QRIS),
        outcome=outcome,
        tones=TONES,
        row_names={name: gettext(text) for name, text in ROWS.items()},
        tabs=payment_words.tabs(actor, "signs.index"),
    )


def _said(note: Finding) -> str:
    text = str(gettext(note.message))
    return text % note.params if note.params else text


@bp.post("/")
def check() -> Response | tuple[str, int]:
    """Compare what was scanned with our merchant, and write it down."""
    actor = identity.need(Right.CONFIRM_QRIS)
    form = Form.sent()
    scanned, place = form.text("scanned", required=True), form.text("place")

    def work(key: Request, at: datetime) -> None:
        operations.check_sign(scanned, place, actor, at, key)

    if form.carry_out(work):
        return redirect(url_for("office.signs.index", check=form.id))
    return _page(form, actor, None), form.status
