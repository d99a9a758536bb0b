"""The screen of this device: how large, how bright, with or without keys of our own.

Kept by the browser in a cookie, so that the server writes it into the page's first line: no script is
needed and nothing jumps. It decides nothing but looks, so nobody signs in for it, and what is not
understood counts as not said.
"""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from pos.doors import problems
from pos.errors import N_, FieldError, ValidationError

bp = Blueprint("screen", __name__, url_prefix="/screen")

COOKIE = "pos_screen"
LIFETIME = 400 * 24 * 3600
"""As long as browsers keep a cookie; every page that is opened begins it anew."""
SIZES = (90, 100, 115, 130, 150, 175, 200)
LOOKS = {
    "auto": ("", "", lazy_gettext("As the machine says")),
    "light": ("light", "standard", lazy_gettext("Light")),
    "dark": ("dark", "standard", lazy_gettext("Dark")),
    "contrast": ("light", "more", lazy_gettext("High contrast, light")),
    "night": ("dark", "more", lazy_gettext("High contrast, dark")),
}
"""What may be chosen: color-scheme, contrast, and its name."""
KEYS = {
    "auto": lazy_gettext("By itself, until a keyboard is used"),
    "on": lazy_gettext("Always"),
    "off": lazy_gettext("Never"),
}
BACK = {"till": "/", "office": "/back-office/devices/", "door": "/back-office/sign-in"}
"""Where the page was opened from, and leads back to."""
CARD = (40, 900)
"""Thousandths of a millimetre a CSS pixel may have: from a small phone to a wall."""
_KEPT = re.compile(r"(\d{1,3})\.([a-z]{1,9})\.([a-z]{1,9})\.(\d{1,3})")
_NO_KEYS_NEEDED = re.compile(r"Android|iPhone|iPad|iPod|Mobile")


@dataclass(frozen=True, slots=True)
class Screen:
    """What was chosen at this browser.

    `um` is how many thousandths of a millimetre a CSS pixel has, 0 until measured.
    """

    size: int = 100
    look: str = "auto"
    keys: str = "auto"
    um: int = 0

    @property
    def attributes(self) -> Markup:
        """Return what the page's root element says, for the stylesheets."""
        theme, contrast, _name = LOOKS[self.look]
        said = {"size": self.size if self.size != SIZES[1] else "", "theme": theme, "contrast": contrast}
        return Markup("").join(
            Markup(' data-{}="{}"').format(name, value) for name, value in said.items() if value
        )

    @property
    def scheme(self) -> str:
        """Return the colours that the browser's own parts may have before any stylesheet came."""
        return LOOKS[self.look][0] or "light dark"


def kept() -> Screen:
    """Return what this request's browser keeps; what is wrong in it counts as not said."""
    found = _KEPT.fullmatch(request.cookies.get(COOKIE, ""))
    if found is None:
        return Screen()
    size, look, keys, um = int(found[1]), found[2], found[3], int(found[4])
    return Screen(
        size if size in SIZES else 100,
        look if look in LOOKS else "auto",
        keys if keys in KEYS else "auto",
        um if CARD[0] <= um <= CARD[1] else 0,
    )


def _keep(answer: Response, screen: Screen) -> None:
    value = f"{screen.size}.{screen.look}.{screen.keys}.{screen.um}"
    answer.set_cookie(
        COOKIE, value, max_age=LIFETIME, samesite="Strict", httponly=True, secure=request.is_secure
    )


@bp.app_context_processor
def _frame() -> dict[str, Any]:
    """What every page's frame says about the screen."""
    return {"this_screen": kept(), "keyboard": _keyboard}


@bp.after_app_request
def _renew(answer: Response) -> Response:
    """A till that is used every day keeps its screen for ever."""
    if request.method == "GET" and answer.mimetype == "text/html" and COOKIE in request.cookies:
        _keep(answer, kept())
    return answer


def _keyboard() -> dict[str, Any] | None:
    """Return what the keys on the screen say, or None for a browser that must not show them.

    Phones and tablets bring keys of their own; there ours come only when asked for.
    """
    mode = kept().keys
    if mode == "off" or (mode == "auto" and _NO_KEYS_NEEDED.search(request.user_agent.string)):
        return None
    return {
        "mode": mode,
        "words": {
            "board": gettext("Keys on the screen"),
            "space": gettext("Space"),
            "shift": gettext("Capital letters"),
            "erase": gettext("Delete the last character"),
            "signs": gettext("Digits and signs"),
            "letters": gettext("Letters"),
            "done": gettext("Done"),
        },
    }


@bp.get("")
def show() -> str:
    """The page where a person sets this screen and measures it."""
    return _page(_opened_from(request.args.get("from", "")))


def _page(opened_from: str, wrong: str = "") -> str:
    return render_template(
        "screen/screen.html",
        screen=kept(),
        sizes=SIZES,
        looks=[(name, text) for name, (_theme, _contrast, text) in LOOKS.items()],
        keys=list(KEYS.items()),
        opened_from=opened_from,
        back=BACK[opened_from],
        wrong=wrong,
    )


def _opened_from(name: str) -> str:
    return name if name in BACK else "till"


@bp.post("")
def change() -> Response:
    """Keep what was chosen; what the form does not name stays as it is."""
    opened_from = _opened_from(request.form.get("from", ""))
    program = "application/json" in request.headers.get("Accept", "")
    try:
        screen = _chosen(kept())
    except ValidationError as error:
        if program:
            raise
        return make_response(_page(opened_from, problems.field_sentences(error)[0]["message"]), 422)
    answer: Response = make_response(asdict(screen) if program else redirect(f"/screen?from={opened_from}"))
    _keep(answer, screen)
    return answer


def _chosen(screen: Screen) -> Screen:
    if "size" in request.form:
        screen = replace(screen, size=_number("size", SIZES))
    if "um" in request.form:
        screen = replace(screen, um=_number("um", range(CARD[0], CARD[1] + 1)))
    if "look" in request.form:
        screen = replace(screen, look=_word("look", LOOKS))
    if "keys" in request.form:
        screen = replace(screen, keys=_word("keys", KEYS))
    return screen


def _number(name: str, allowed: Collection[int]) -> int:
    return int(_word(name, [str(one) for one in allowed]))


def _word(name: str, allowed: Collection[str]) -> str:
    if request.form[name] not in allowed:
        raise ValidationError(FieldError(name, N_("Choose one of the buttons.")))
    return request.form[name]
