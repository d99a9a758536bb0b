"""The till page and the few calls that are its own; selling goes through the API like any program's."""

from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from pydantic import Field
from pydantic import ValidationError as PydanticError
from sqlalchemy.exc import SQLAlchemyError

from pos import board, clock
from pos.db import dialect, transaction
from pos.domain.money import rupiah
from pos.domain.rights import ROLES, Right
from pos.domain.shop import Shop
from pos.doors import identity, language, machine, problems
from pos.errors import N_, NotFound, PosError
from pos.operations import people, printing
from pos.queries import till as queries
from pos.queries.discounts import presets
from pos.queries.orders import waiting_orders
from pos.queries.print_jobs import newest_paper
from pos.queries.sales import last_sale, sale_view, waiting_sales
from pos.queries.shop import shop
from pos.queries.stock_counts import lots_here
from pos.schemas.base import Body
from pos.web import between, kiosk, qr, training
from pos.web.assets import build, static_url
from pos.web.till_status import status_line
from pos.web.till_words import words

bp = Blueprint("till", __name__)

YEAR = 365 * 24 * 3600

B = TypeVar("B", bound=Body)


class SignInBody(Body):
    """A name that was tapped and six digits."""

    user: str = Field(max_length=40)
    pin: str = Field(max_length=20)


class PinBody(Body):
    """The PIN a person chose for themselves."""

    pin: str = Field(max_length=20)


class LanguageBody(Body):
    """The language a person chose."""

    locale: str = Field(pattern="^(id|en)$")


@bp.app_context_processor
def _page() -> dict[str, Any]:
    """What every page's frame says: the language, the shop's name, whether it is a demo."""
    try:
        here = shop()
    except SQLAlchemyError:
        # The page that says that the database does not answer has a frame too.
        here = Shop(name="Karya POS", training=machine.settings().practice)
    return {
        "page_locale": str(get_locale() or "id"),
        "shop_name": here.name,
        "demo": here.demo,
        "training": here.training,
    }


@bp.app_template_filter("rupiah")
def _rupiah(amount: int) -> str:
    return rupiah(amount)


@bp.get("/")
def front() -> str | Response:
    """The page of this browser's register: the till, the kiosk's, or the one where it becomes a register."""
    device = identity.current_device()
    if device is None or device.register is None:
        return enrolment_page()
    register = device.register
    if register.kind == "kiosk":
        return kiosk.page(register)
    return render_template(
        "till/till.html", register=register, outlet=register.outlet_name, boot=boot(register)
    )


def enrolment_page(error: str = "", code: str = "") -> str:
    """The picker of a demo shop, or the form for a one-time code."""
    registers = queries.choices() if identity.may_pick_freely() else []
    return render_template("till/enrol.html", registers=registers, error=error, code=code)


def boot(register: identity.RegisterView, **more: object) -> dict[str, Any]:
    """The data that a page hands to its scripts."""
    settings = machine.settings()
    here = shop()
    return {
        "build": build(),
        "icons": static_url("img/icons.svg"),
        "locale": str(get_locale() or "id"),
        "zone": queries.place_of(register.code)[1],
        "demo": here.demo,
        "training": here.training,
        "real_till": training.way_back(),
        "register": {"code": register.code, "name": register.name, "kind": register.kind},
        "outlet": register.outlet_name,
        "far": dialect() == "postgresql",
        "people": queries.people(),
        "rounding_step": here.rounding_step,
        "idle_seconds": here.idle_lock_seconds,
        "qris": {"provider": settings.qris.provider, "expires_after": settings.qris.expires_after},
        "strings": words(),
        **more,
    }


@bp.post("/enrol")
def enrol() -> Response:
    """Make this browser a register, by a code or freely in a demo shop on this machine."""
    code = request.form.get("code")
    answer = make_response(redirect(url_for("till.front")))
    try:
        identity.enrol(answer, register=request.form.get("register") or None, code=code)
    except PosError as error:
        said = [field["message"] for field in problems.field_sentences(error)]
        page = enrolment_page(" ".join(said) or problems.sentence(error), code or "")
        return make_response(page, problems.status_of(error))
    return answer


@bp.post("/enrol/release")
def release() -> Response:
    """Make this browser nobody's again, so that another register can be chosen; at a kiosk with a PIN."""
    device = identity.current_device()
    at_kiosk = device is not None and device.register is not None and device.register.kind == "kiosk"
    if at_kiosk and identity.current_user() is None:
        raise PosError("sign_in", N_("Sign in first."))
    answer = make_response(redirect(url_for("till.front")))
    identity.leave(answer)
    return answer


@bp.get("/till/state")
def state() -> Response:
    """Who is here, the shift, the printer, what waits: asked every few seconds, so it stays small."""
    register = _register()
    user = identity.current_user()
    at = clock.now()
    board.register_seen(register.code, at)
    shift = queries.open_shift(register.code)
    view: dict[str, Any] = {
        "now": clock.iso(at),
        "build": build(),
        "user": None,
        "shift": shift,
        "status": {
            **status_line(register.code, shift, at),
            "clock": "ok" if queries.clock_stands(register.code, at) else "confirm",
            "display": between.looked_at(register.code),
        },
        "waiting": [],
        "late": [],
        "orders": [],
        "unknown_jobs": [],
        "calls": [],
        "last_sale": None,
    }
    if user is not None:
        view["user"] = {
            "name": user.name,
            "role": user.role,
            "rights": sorted(ROLES[user.role]),
            "pin_once": user.pin_once,
        }
        view["waiting"] = waiting_sales(register.id)
        view["late"] = queries.late_money(register.id)
        view["orders"] = waiting_orders(register.code, at)
        view["unknown_jobs"] = queries.unknown_jobs(register.id)
        view["calls"] = queries.calls_near(register.code)
        view["last_sale"] = last_sale(register.id)
        if shop().training:
            view["paper"] = newest_paper(register.id)
    return jsonify(view)


@bp.post("/till/calls/<code>")
def answer_call(code: str) -> Response:
    """Say that somebody goes to the kiosk that called."""
    identity.need(Right.SELL)
    if code in {one["code"] for one in queries.calls_near(_register().code)}:
        between.answer_call(code)
    return jsonify({"ok": True})


@bp.post("/till/print-again")
def print_again() -> Response:
    """Ask the printer at once for what still waits for it; a person has just looked after it."""
    identity.need(Right.REPRINT)
    with transaction():
        waiting = printing.try_now(_register().id, clock.now())
    return jsonify({"waiting": waiting})


@bp.get("/till/lots")
def lots() -> Response:
    """Where the register sells from, and the lots of a product to choose from when it is counted in."""
    identity.need(Right.SEE_STOCK)
    location, zone = queries.shelf_of(_register().code)
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    found = lots_here(request.args.get("sku", ""), location)
    return jsonify({"location": location, "today": today.isoformat(), "lots": found})


@bp.get("/till/discounts")
def discounts() -> Response:
    """The discounts that are ready to use, and how much may be given without approval."""
    identity.need(Right.SELL)
    found = [
        {"name": one.name, "percent_bp": one.percent_bp, "amount": one.amount, "approved": one.approved}
        for one in presets()
    ]
    return jsonify({"items": found, "limit_percent": shop().limit_discount_percent})


@bp.post("/till/sign-in")
def sign_in() -> Response:
    """Sign in with a tapped name and a PIN."""
    _register()
    body = _body(SignInBody)
    answer = jsonify({"ok": True})
    identity.sign_in(answer, body.user, body.pin)
    return answer


@bp.post("/till/pin")
def choose_pin() -> Response:
    """Change one's own PIN; a PIN that was handed out is good for this alone. The person stays signed in."""
    user = identity.current_user()
    if user is None:
        raise PosError("sign_in", N_("Sign in first."))
    body = _body(PinBody)
    hashed = people.hash_pin(body.pin)
    with transaction():
        people.set_pin(user.id, hashed, identity.actor(), clock.now(), once=False)
    answer = jsonify({"ok": True})
    identity.sign_in(answer, user.name, body.pin)
    return answer


@bp.post("/till/lock")
def lock() -> Response:
    """Lock: the person is signed out, the browser stays the register it is."""
    answer = jsonify({"ok": True})
    identity.sign_out(answer)
    return answer


@bp.post("/till/language")
def choose_language() -> Response:
    """Remember the language for this browser."""
    body = _body(LanguageBody)
    answer = jsonify({"ok": True})
    answer.set_cookie(
        language.COOKIE, body.locale, max_age=YEAR, samesite="Strict", httponly=True, secure=request.is_secure
    )
    return answer


@bp.get("/till/qr/<sale_id>.svg")
def code_picture(sale_id: str) -> Response:
    """The QRIS code of a waiting sale as a square picture."""
    identity.actor()
    view = sale_view(sale_id)
    payload = (view.get("qris") or {}).get("payload")
    if not payload or view["register"] != _register().code:
        raise NotFound(N_("This sale waits for no payment here."))
    return Response(qr.svg(payload), content_type="image/svg+xml")


def _register() -> identity.RegisterView:
    device = identity.current_device()
    if device is None or device.register is None:
        raise NotFound(N_("This browser is no register (any more). Load the page again."))
    return device.register


def _body(model: type[B]) -> B:
    try:
        return model.model_validate_json(request.get_data())
    except PydanticError as error:
        raise problems.from_pydantic(error) from error
