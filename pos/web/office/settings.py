"""The shop's settings: its name, rounding, limits, merchant QRIS, receipt text, locking and printing."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from pos.domain.money import dotted
from pos.domain.qris import QrisError, clean, findings, parse
from pos.domain.rights import Right
from pos.domain.shop import BOUNDS, Shop
from pos.doors import identity
from pos.operations import catalogue
from pos.operations.journal import Request
from pos.queries.shop import shop
from pos.web import qr
from pos.web.office.form import Form

bp = Blueprint("settings", __name__, url_prefix="/settings")

NUMBERS = tuple(BOUNDS)
AMOUNTS = ("limit_over_short", "limit_manual_qris")
TEXTS = ("name", "merchant_qris")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pasted QRIS payload says about itself, and what is wrong with it."""

    usable: bool
    facts: list[tuple[str, str]]
    findings: list[tuple[str, str]]
    picture: Markup | None


def verdict(payload: str) -> Verdict | None:
    """Return what there is to say about a payload, in the reader's language; None when there is none."""
    if not payload.strip():
        return None
    said = findings(payload)
    found: list[tuple[str, str]] = [
        (
            finding.severity,
            gettext(finding.message) % finding.params if finding.params else gettext(finding.message),
        )
        for finding in said
    ]
    usable = all(severity != "error" for severity, _ in found)
    picture = Markup(qr.svg(clean(payload))) if usable else None  # noqa: S704 - drawn by us from numbers alone
    return Verdict(usable, _facts(payload), found, picture)


def _facts(payload: str) -> list[tuple[str, str]]:
    try:
        code = parse(clean(payload))
    except QrisError:
        return []
    kind = (
        gettext("Static: one code for every payment") if code.is_static else gettext("For one payment only")
    )
    facts = [
        (gettext("Merchant"), code.merchant_name),
        (gettext("City"), code.city),
        (gettext("NMID"), code.nmid),
        (gettext("Acquirer"), code.acquirer),
        (gettext("Kind"), kind),
        (gettext("Amount"), str(code.amount) if code.amount is not None else gettext("put in by the till")),
    ]
    return [(name, str(value)) for name, value in facts if value]


@bp.get("/")
def index() -> str:
    """The settings as they are."""
    identity.need(Right.SEE_AUDIT)
    return _page(_filled(shop()))


def _filled(here: Shop) -> Form:
    values: dict[str, object] = {name: getattr(here, name) for name in (*TEXTS, *NUMBERS)}
    return Form(values | {name: dotted(getattr(here, name)) for name in AMOUNTS})


def _page(form: Form) -> str:
    return render_template(
        "office/settings.html", form=form, bounds=BOUNDS, verdict=verdict(form.value("merchant_qris"))
    )


@bp.post("/")
def change() -> Response | tuple[str, int]:
    """Change the settings, or only look at the pasted QRIS code when that was asked."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    if form.ticked("check"):
        return _page(form), 200
    values: dict[str, object] = {"name": form.text("name", required=True)}
    values["merchant_qris"] = form.text("merchant_qris")
    for name in NUMBERS:
        least, most = BOUNDS[name]
        number = form.rupiah(name) if name in AMOUNTS else form.whole(name, least, most)
        values[name] = number

    def work(key: Request, at: datetime) -> None:
        now = shop()
        changed = {name: value for name, value in values.items() if getattr(now, name) != value}
        if changed:
            catalogue.change_settings(changed, actor, at, key)

    if form.carry_out(work):
        flash(gettext("The settings are saved."))
        return redirect(url_for("office.settings.index"))
    return _page(form), form.status
