"""The customer display: a second screen that follows a register.

The till says what is in its cart and which sale it is about; what became of a sale the display is told by the
server alone, so it never shows anything as paid before the books say so.
"""

from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import ValidationError as PydanticError
from werkzeug.wrappers import Response as BaseResponse

from pos import clock
from pos.doors import identity, problems
from pos.errors import N_, Forbidden, NotFound, PosError
from pos.ids import is_id
from pos.queries import display as queries
from pos.queries.display import Followed
from pos.queries.sales import sale_view
from pos.queries.shop import shop
from pos.web import qr, scenes
from pos.web.assets import build, static_url
from pos.web.till_words import indonesian

bp = Blueprint("display", __name__, url_prefix="/display")

FOLLOW_COOKIE = "pos_display"
FOLLOW_LIFETIME = 400 * 24 * 3600


@bp.get("/<code>")
def screen(code: str) -> BaseResponse:
    """The display of a register.

    Where a signed-in person has opened it once, the browser may follow this register, and do nothing else.
    """
    if not _may_follow(code):
        if identity.current_user() is not None:
            raise Forbidden(N_("You may not open the display of this register."))
        return redirect(url_for("office.gate.sign_in", next=f"/display/{quote(code)}"))
    register = queries.followed(code)
    page = render_template("display/display.html", register=register, boot=_boot(register))
    answer = make_response(page)
    if not (_is_register(code) or shop().demo):
        answer.set_cookie(
            FOLLOW_COOKIE,
            _passes().dumps(register.code),
            max_age=FOLLOW_LIFETIME,
            path=f"/display/{quote(register.code)}",
            httponly=True,
            samesite="Strict",
            secure=request.is_secure,
        )
    return answer


@bp.get("/<code>/state")
def state(code: str) -> Response:
    """The scene of the till and the sale it is about, as the books have it now; asked every second or two."""
    register = _followed(code)
    scene = None
    near = request.args.get("near") == "1"
    if not near:
        # Only who does not hear the till within the browser needs to be told through the server.
        scenes.look(register.code)
        scene = scenes.told(register.code)
    about = request.args.get("sale", "") if near else scene.sale if scene else ""
    at = clock.now()
    sale = None
    if about and is_id(about):
        sale = queries.sale_here(register, about)
    elif not near and scene is None:
        sale = queries.sale_of_the_moment(register, at)
    return jsonify(
        {
            "now": clock.iso(at),
            "build": build(),
            "scene": None if scene is None else scene.model_dump(),
            "sale": sale,
        }
    )


@bp.get("/<code>/products")
def products(code: str) -> Response:
    """What is shown while nobody buys: products with their pictures."""
    return jsonify({"items": queries.shop_window(_followed(code))})


@bp.get("/<code>/qr/<sale_id>.svg")
def code_picture(code: str, sale_id: str) -> Response:
    """The QRIS code of a sale that waits for its payment, as a square picture."""
    register = _followed(code)
    view = sale_view(sale_id)
    payload = (view.get("qris") or {}).get("payload")
    if not payload or view["register"] != register.code or view["status"] != "awaiting_payment":
        raise NotFound(N_("This sale waits for no payment here."))
    return Response(qr.svg(payload), content_type="image/svg+xml")


@bp.post("/<code>/scene")
def tell(code: str) -> Response:
    """Take the scene from the till; only the browser that is this register may tell it."""
    if not _is_register(code):
        raise Forbidden(N_("Only the till of this register tells its display what to show."))
    try:
        scene = scenes.Scene.model_validate_json(request.get_data())
    except PydanticError as error:
        raise problems.from_pydantic(error) from error
    scenes.tell(code, scene)
    return jsonify({"ok": True})


def _boot(register: Followed) -> dict[str, Any]:
    """The data that the page hands to its scripts; both languages' words, since it follows the till's."""
    return {
        "build": build(),
        "icons": static_url("img/icons.svg"),
        "locale": str(get_locale() or "id"),
        "zone": register.zone,
        "demo": shop().demo,
        "register": register.code,
        "shop": shop().name,
        "strings": indonesian("display"),
    }


def _followed(code: str) -> Followed:
    if not _may_follow(code):
        raise PosError("sign_in", N_("Sign in once at this browser to open the customer display."))
    return queries.followed(code)


def _may_follow(code: str) -> bool:
    """Say whether this browser may follow: it is the register, holds its pass, or somebody is signed in.

    In this order: a display that asks every second must not keep a person's sign-in awake.
    """
    if _is_register(code) or _has_pass(code) or shop().demo:
        return True
    user = identity.current_user()
    return user is not None and not user.pin_once and identity.actor().register in (None, code)


def _is_register(code: str) -> bool:
    device = identity.current_device()
    return device is not None and device.register is not None and device.register.code == code


def _has_pass(code: str) -> bool:
    try:
        return bool(_passes().loads(request.cookies.get(FOLLOW_COOKIE, ""), max_age=FOLLOW_LIFETIME) == code)
    except BadData:
        return False


def _passes() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="customer display")
