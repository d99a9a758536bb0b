"""The pretend buyer's phone, `/simulator`: pays codes of the simulator and says how the pretend bank behaves.

Only there while the simulator is the provider; for people on the machine itself and those who are signed in.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from babel.dates import format_timedelta
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos import clock
from pos.domain.money import rupiah
from pos.doors import identity, machine, problems
from pos.errors import N_, Forbidden, PosError
from pos.payments.simulator import Simulator
from pos.payments.simulator_books import SLOW_SECONDS, CodeView
from pos.web.office import show

bp = Blueprint("simulator", __name__, url_prefix="/simulator")

SHOWN = 12
STATES = {
    "waiting": N_("Waits to be paid"),
    "paid": N_("The buyer paid"),
    "expired": N_("Expired"),
    "cancelled": N_("Given up by the till"),
    "failed": N_("Failed"),
}
NOTIFY = (
    ("normal", N_("As usual")),
    ("lose", N_("Get lost")),
    ("double", N_("Come twice")),
    ("reorder", N_("Wrong order")),
)
TROUBLE = (
    ("none", N_("All is well")),
    ("down", N_("Out of reach")),
    ("lose-code", N_("The new code gets lost")),
    ("refuse", N_("Makes no code")),
    ("refuse-refund", N_("Gives no money back")),
)


def _simulator() -> Simulator:
    settings = machine.settings()
    if settings.qris.provider != "simulator":
        abort(404)
    return Simulator(settings.data_dir)


def _may_press() -> bool:
    """Say whether the caller may play the buyer.

    A name that leads to this machine from elsewhere does not count as the machine itself.
    """
    host = (urlsplit(f"//{request.host}").hostname or "").strip("[]")
    here = identity.on_this_machine() and host in ("127.0.0.1", "localhost", "::1")
    return here or identity.current_user() is not None


def _need_own_page() -> None:
    """Refuse other sites also without a cookie: being on this machine is enough to press."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    same = origin is None or urlsplit(origin).netloc == request.host
    if site not in ("same-origin", "none") if site is not None else not same:
        raise PosError("cross_site", N_("This request came from another site and was refused."))
    if not _may_press():
        raise Forbidden(N_("Sign in to the back office first, or use a browser on the machine itself."))


@bp.get("")
def phone() -> Response | str:
    """The newest codes, what a buyer can do with each, and how the bank behaves."""
    simulator = _simulator()
    if not _may_press():
        return redirect(url_for("office.gate.sign_in", next="/simulator"))
    codes = simulator.bank.codes(SHOWN)
    return render_template(
        "simulator/phone.html",
        codes=codes,
        # What a script compares: it replaces the list only when something else is to be seen.
        version=" ".join(f"{code.number}{code.state}{len(code.money)}" for code in codes),
        ways=simulator.bank.ways(),
        slow_seconds=SLOW_SECONDS,
        states=STATES,
        notify=NOTIFY,
        trouble=TROUBLE,
        age=_age,
        clock_time=show.clock_time,
        other_amount=_other_amount,
    )


def _age(code: CodeView) -> str:
    gone = max(timedelta(seconds=1), clock.now() - code.created_at)
    return format_timedelta(-gone, add_direction=True, threshold=1.5, locale=show.locale())


def _other_amount(code: CodeView) -> int:
    """Return a wrong amount to begin with: less, as a buyer does who types it from another sign."""
    return code.amount - 1_000 if code.amount > 1_000 else code.amount + 1_000


@bp.post("/codes/<int(max=999999999):number>")
def act(number: int) -> Response:
    """Do what the pressed button says with one code."""
    simulator = _simulator()
    _need_own_page()
    bank, wish = simulator.bank, request.form.get("do", "")
    try:
        if wish == "pay":
            bank.pay(number)
        elif wish == "amount":
            bank.pay(number, _whole(request.form.get("amount", "")))
        elif wish == "twice":
            bank.pay_twice(number)
        elif wish == "late":
            bank.pay_late(number)
        elif wish == "fail":
            bank.fail(number)
        else:
            abort(400)
    except PosError as error:
        flash(problems.sentence(error), "danger")
        return redirect(url_for("simulator.phone"))
    simulator.courier.wake()
    code = bank.named(str(number))
    paid = gettext("Paid: %(amount)s.", amount=rupiah(sum(money.amount for money in code.money)))
    flash(paid if code.money else gettext("The payment failed."))
    return redirect(url_for("simulator.phone"))


@bp.post("/ways")
def behave() -> Response:
    """Change how notifications are sent, what is wrong with the bank, or when a code is paid by itself."""
    bank = _simulator().bank
    _need_own_page()
    form = request.form
    try:
        if "notify" in form:
            bank.set_notify(form["notify"])
        elif "trouble" in form:
            bank.set_trouble(form["trouble"], _whole(form.get("seconds", str(SLOW_SECONDS))))
        elif "auto" in form:
            bank.set_auto(None if form["auto"] == "off" else _whole(form.get("seconds", "")))
        else:
            abort(400)
    except PosError as error:
        flash(problems.sentence(error), "danger")
    else:
        flash(gettext("The pretend bank now does so."))
    return redirect(url_for("simulator.phone"))


def _whole(text: str) -> int:
    """Read a whole number as people here type it, dots included. Raises validation_error."""
    digits = text.strip().replace(".", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        raise PosError("validation_error", N_("Type a whole number."))
    return int(digits)
