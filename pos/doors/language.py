"""The reader's language: what they chose, else the machine's; a program's is its Accept-Language."""

from flask import request

from pos.doors import machine
from pos.doors.identity import by_token

LANGUAGES = ("id", "en")
COOKIE = "pos_language"


def choose() -> str:
    """Return `id` or `en` for this request."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    default = machine.settings().locale
    if by_token() or (not request.cookies and request.path.startswith("/api/")):
        return request.accept_languages.best_match(LANGUAGES, default) or default
    return default
