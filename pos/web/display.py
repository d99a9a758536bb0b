"""The customer display: a second screen that follows a register.

The till says what is in its cart and which sale it is about; what became of a sale the display is told by the
server alone, so it never shows anything as paid before the books say so.
"""

from typing import Any
from urllib.parse import quote

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
from pydantic import ValidationError as PydanticError
from werkzeug.wrappers import Response as BaseResponse

from pos import clock
from pos.db import transact
from pos.doors import identity, problems
from pos.errors import N_, Forbidden, NotFound, PosError
from pos.ids import is_id
from pos.operations import people
from pos.queries import display as queries
from pos.queries.display import Followed
from pos.queries.sales import sale_view
from pos.queries.shop import shop
from pos.web import between, qr, scenes
from pos.web.assets import build, static_url
from pos.web.till_words import indonesian

bp = Blueprint("display", __name__, url_prefix="/display")


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
    _remember(register.code)
    return make_response(render_template("display/display.html", register=register, boot=_boot(register)))


@bp.get("/<code>/state")
def state(code: str) -> Response:
    """The scene of the till and the sale it is about, as the books have it now; asked every second or two."""
    register = _followed(code)
    scene = None
    near = request.args.get("near") == "1"
    if not near:
        # Only who does not hear the till within the browser needs to be told through the server.
        scene = between.told(register.code)
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
    between.tell(code, scene)
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
    """Say whether this browser may follow: it is the register, a person opened it here once, or is signed in.

    In this order: a display that asks every second must not keep a person's sign-in awake.
    """
    if _is_register(code) or _has_opened(code) or shop().pretended:
        return True
    user = identity.current_user()
    return user is not None and not user.pin_once and identity.actor().register in (None, code)


def _is_register(code: str) -> bool:
    device = identity.current_device()
    return device is not None and device.register is not None and device.register.code == code


def _has_opened(code: str) -> bool:
    """Say whether a signed-in person opened this display at this browser, which is still in use."""
    device = identity.current_device()
    return device is not None and device.follows == code


def _remember(code: str) -> None:
    """Let this browser show the display from now on; released in the back office it may no more."""
    device = identity.current_device()
    if device is not None and device.follows != code and not (_is_register(code) or shop().pretended):
        transact(lambda: people.follow(device.id, code))
