"""The door of the back office: who comes in, the language, the first PIN, and refusals that stay calm."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from pos import clock
from pos.db import transaction
from pos.domain.rights import Right, may
from pos.doors import identity, language, problems
from pos.errors import N_, PosError
from pos.operations import people
from pos.operations.setup import DEMO_PINS
from pos.queries.people import active_people
from pos.queries.shop import shop
from pos.web.help_topics import topic_of
from pos.web.inside import inside
from pos.web.office import payment_words, show, words
from pos.web.office.form import Form

bp = Blueprint("gate", __name__)

YEAR = 365 * 24 * 3600
OPEN = {"office.gate.sign_in", "office.gate.enter", "office.gate.choose_language"}
"""Pages for people who are not signed in."""
FIRST_PIN = {*OPEN, "office.gate.pin", "office.gate.change_pin", "office.gate.leave"}
"""Pages for people whose PIN was handed out: it is good for choosing one's own."""

MENU: tuple[tuple[str, str, Right], ...] = (
    ("home.index", N_("Home"), Right.SEE_PRODUCTS),
    ("sales.index", N_("Sales"), Right.SEE_SALES),
    ("products.index", N_("Products"), Right.SEE_PRODUCTS),
    ("stock.index", N_("Stock"), Right.SEE_STOCK),
    ("reports.index", N_("Reports"), Right.SEE_REPORTS),
    ("payments.index", N_("Payments"), Right.SEE_SALES),
    ("settlements.index", N_("QRIS settlement"), Right.SEE_REPORTS),
    ("printing.index", N_("Printing"), Right.SEE_SALES),
    ("people.index", N_("People"), Right.SEE_AUDIT),
    ("devices.index", N_("Devices"), Right.SEE_AUDIT),
    ("settings.index", N_("Settings"), Right.SEE_AUDIT),
    ("audit.index", N_("Audit trail"), Right.SEE_AUDIT),
)

PART_OF = {
    "pictures": "products",
    "exchange": "products",
    "labels": "products",
    "transfers": "stock",
    "counts": "stock",
    "partners": "stock",
    "consignment": "stock",
    "sell_through": "stock",
    "outlet_files": "stock",
    "supply": "stock",
    "shelf_life": "stock",
    "orders": "sales",
    "reversals": "sales",
    "found_money": "payments",
    "money_back": "payments",
    "signs": "payments",
    "outlets": "devices",
    "tokens": "devices",
    "printers": "devices",
    "appearance": "settings",
    "arranging": "products",
    "practice": "home",
    "discounts": "settings",
}
"""Pages that the menu shows as part of another section."""


def ask_who() -> BaseResponse | None:
    """Send people who are not signed in to the door, those with a handed-out PIN to choosing their own."""
    if request.endpoint in OPEN:
        return None
    user = identity.current_user()
    if user is None:
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("office.gate.sign_in", next=here))
    if user.pin_once and request.endpoint not in FIRST_PIN:
        return redirect(url_for("office.gate.pin"))
    return None


def frame() -> dict[str, Any]:
    """Return what every page of the back office knows."""
    user = identity.current_user()
    role = user.role if user else ""
    section = (request.endpoint or "").removeprefix("office.").split(".")[0]
    section = PART_OF.get(section, section)
    return {
        "me": user,
        "menu": [
            (url_for(f"office.{endpoint}"), gettext(text), endpoint.startswith(f"{section}."))
            for endpoint, text, right in MENU
            if user and not user.pin_once and may(role, right)
        ],
        "due": _due(role) if user and not user.pin_once else {},
        "can": lambda name: bool(user) and may(role, Right(name)),
        "word": words.word,
        "tone": words.tone,
        "day": show.day,
        "long_day": show.long_day,
        "at": show.at,
        "clock_time": show.clock_time,
        "count": show.count,
        "help_topic": topic_of(request.endpoint or ""),
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
    }


def _due(role: str) -> dict[str, int]:
    """Return how many decisions are due in a section, by its address."""
    if not may(role, Right.SEE_SALES):
        return {}
    return {url_for("office.payments.index"): payment_words.due(identity.actor()).all}


def refuse(error: PosError) -> BaseResponse | tuple[str, int]:
    """Show a refusal inside the back office, or the door when nobody is signed in."""
    if error.code == "sign_in":
        return redirect(url_for("office.gate.sign_in"))
    status = problems.status_of(error)
    page = render_template("office/refused.html", status=status, detail=problems.sentence(error))
    return page, status


def _inside(target: str) -> str:
    """Return a local address to go on to; anything that leads elsewhere leads home."""
    return inside(target) or url_for("office.home.index")


@bp.get("/sign-in")
def sign_in() -> BaseResponse | str:
    """The form: a name and six digits."""
    if identity.current_user() is not None:
        return redirect(_inside(request.args.get("next", "")))
    return _door(Form({"next": request.args.get("next", "")}))


def _door(form: Form) -> str:
    here = shop()
    demo = [(name, role, pin) for name, (role, pin) in DEMO_PINS.items()] if here.demo else []
    seen = here.pretended or identity.current_device()
    names = [person.name for person in active_people()] if seen else []
    return render_template("office/sign_in.html", form=form, demo_people=demo, names=names)


@bp.post("/sign-in")
def enter() -> BaseResponse:
    """Sign in. People who work at one register only come in at that register's browser."""
    form = Form.sent()
    name, pin = form.text("name", required=True), form.text("pin", required=True)
    answer = make_response(redirect(_inside(form.value("next"))))
    if not form.errors:
        try:
            user = identity.sign_in(answer, name, pin)
        except PosError as error:
            form.refuse(error)
            form.wrong("pin", error.message, **error.params)
        else:
            device = identity.current_device()
            if user.role in identity.UNBOUND or (device and device.register):
                return answer
            identity.sign_out(answer)
            form.wrong(
                "name", N_("People with this role work at a register. This browser is not one; use the till.")
            )
            form.status = 403
    form.message = ""
    answer.set_data(_door(form))
    answer.status_code = form.status if form.status >= 400 else 422
    answer.headers.pop("Location", None)
    return answer


@bp.post("/sign-out")
def leave() -> BaseResponse:
    """Sign out; the browser stays what it is."""
    answer = make_response(redirect(url_for("office.gate.sign_in")))
    identity.sign_out(answer)
    return answer


@bp.post("/language")
def choose_language() -> Response:
    """Remember the language for this browser, and go on where the reader was."""
    answer = make_response(redirect(_inside(request.form.get("next", ""))))
    chosen = request.form.get("locale", "")
    if chosen in language.LANGUAGES:
        answer.set_cookie(
            language.COOKIE, chosen, max_age=YEAR, samesite="Strict", httponly=True, secure=request.is_secure
        )
    return answer


@bp.get("/pin")
def pin() -> str:
    """The form to choose one's own PIN."""
    return render_template("office/pin.html", form=Form())


@bp.post("/pin")
def change_pin() -> BaseResponse | tuple[str, int]:
    """Change one's own PIN. The old one is asked for, except a handed-out one that was typed a moment ago."""
    user = identity.current_user()
    if user is None:
        raise PosError("sign_in", N_("Sign in first."))
    form = Form.sent()
    new, again = form.text("new_pin", required=True), form.text("again", required=True)
    try:
        if not user.pin_once and not form.errors:
            people.check_pin(user.name, form.value("old_pin").strip(), clock.now(), source=identity.source())
    except PosError as error:
        form.refuse(error)
        form.wrong("old_pin", error.message, **error.params)
    if new != again:
        form.wrong("again", N_("The two are different. Type the same PIN twice."))
    answer = make_response(redirect(url_for("office.home.index")))
    if not form.errors:
        try:
            hashed = people.hash_pin(new)
            with transaction():
                people.set_pin(user.id, hashed, identity.actor(), clock.now(), once=False)
            identity.sign_in(answer, user.name, new)
        except PosError as error:
            form.refuse(error, lambda loc: "new_pin" if loc == "pin" else loc)
        else:
            flash(gettext("Your PIN was changed."))
            return answer
    form.message = ""
    return render_template("office/pin.html", form=form), form.status
