"""The self-service page and the few calls that are its own; it sells through the API, in the role kiosk.

Nobody is signed in at a kiosk. Staff who are, by the gesture and a PIN, are signed out as soon as the page
is loaded again.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_babel import get_locale
from pydantic import ValidationError as PydanticError

from pos import board, clock
from pos.doors import identity, machine, problems
from pos.errors import N_, NotFound
from pos.operations import links
from pos.queries import notes
from pos.queries import till as queries
from pos.queries.orders import maker_of, order_view
from pos.queries.sales import sale_view
from pos.queries.shop import shop
from pos.schemas.base import Body
from pos.web import between, qr
from pos.web.assets import build, static_url
from pos.web.printing import printer_state
from pos.web.till_words import indonesian

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")

SCRIPTS = ("lib", "kiosk", "till/qrismanual.js")
"""Where the texts that a kiosk shows stand."""
LANGUAGES = ("id", "en")
MOST_RECORDED = 5_000
LARGEST_RECORDED = 1024 * 1024
NOT_OURS = N_("There is nothing to show here.")


class CallBody(Body):
    """Whether an officer is called, or was here."""

    wanted: bool


def page(register: identity.RegisterView) -> Response:
    """The page of a self-service register; whoever was signed in at this browser is signed out."""
    html = render_template("kiosk/kiosk.html", register=register, boot=_boot(register))
    answer = make_response(html)
    if identity.current_user() is not None:
        identity.sign_out(answer)
    return answer


def _boot(register: identity.RegisterView) -> dict[str, Any]:
    """The page's data. Both languages are in it, so that changing them needs no server."""
    settings = machine.settings()
    here = shop()
    return {
        "build": build(),
        "icons": static_url("img/icons.svg"),
        "mark": static_url("img/mark.svg"),
        "locale": str(get_locale() or "id"),
        "home": settings.locale,
        "zone": queries.place_of(register.code)[1],
        "shop": here.name,
        "register": {"code": register.code, "name": register.name},
        "outlet": register.outlet_name,
        "people": queries.people(),
        "receipts": bool(settings.public_url),
        "voice": static_url("voice"),
        "recorded": {locale: sorted(recorded(locale)) for locale in LANGUAGES},
        "strings": indonesian(*SCRIPTS),
    }


@bp.get("/state")
def state() -> Response:
    """What the page asks every few seconds: the printer, and whether somebody is on the way."""
    register = _register()
    at = clock.now()
    board.register_seen(register.code, at)
    return jsonify(
        {
            "now": clock.iso(at),
            "build": build(),
            "printer": printer_state(register.code)["state"],
            "called": register.code in notes.calls(),
        }
    )


@bp.post("/call")
def call() -> Response:
    """Call an officer: the tills of the outlet say so until one of them, or the kiosk, ends it."""
    register = _register()
    if _body().wanted:
        between.call(register.code)
    else:
        between.answer_call(register.code)
    return jsonify({"called": register.code in notes.calls()})


@bp.get("/orders/<order_id>.svg")
def order_code(order_id: str) -> Response:
    """The code of a slip as a picture, for a till's scanner where no paper came out."""
    register = _register()
    if maker_of(order_id)[1] != register.code:
        raise NotFound(NOT_OURS)
    return _picture(order_view(order_id, clock.now())["qr"])


@bp.get("/receipts/<sale_id>.svg")
def receipt_code(sale_id: str) -> Response:
    """The link to a sale's digital receipt as a picture for a phone."""
    register = _register()
    sale = sale_view(sale_id)
    link = links.link_to(sale_id, sale["number"]) if sale["number"] else ""
    if sale["register"] != register.code or not link:
        raise NotFound(NOT_OURS)
    return _picture(link)


@bp.get("/voice/<locale>/<name>.ogg")
def spoken(locale: str, name: str) -> Response:
    """A prompt that the shop recorded itself; it stands before ours of the same name."""
    _register()
    path = recorded(locale).get(name)
    if path is None:
        raise NotFound(NOT_OURS)
    answer = Response(path.read_bytes(), content_type="audio/ogg")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def recorded(locale: str) -> dict[str, Path]:
    """Return the shop's own prompts in a language: files in its data folder, by their names."""
    settings = machine.settings()
    if locale not in LANGUAGES:
        return {}
    files = sorted((settings.data_dir / "voice" / locale).glob("*.ogg"))[:MOST_RECORDED]
    return {path.stem: path for path in files if path.is_file() and path.stat().st_size <= LARGEST_RECORDED}


def _picture(text: str) -> Response:
    return Response(qr.svg(text), content_type="image/svg+xml")


def _register() -> identity.RegisterView:
    device = identity.current_device()
    if device is None or device.register is None or device.register.kind != "kiosk":
        raise NotFound(N_("This browser is no register (any more). Load the page again."))
    return device.register


def _body() -> CallBody:
    try:
        return CallBody.model_validate_json(request.get_data())
    except PydanticError as error:
        raise problems.from_pydantic(error) from error
