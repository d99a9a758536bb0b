"""Refuses requests that another site makes a signed-in browser send.

By what the browser itself says of the origin (Sec-Fetch-Site, else Origin), beside SameSite=Strict cookies.
There is no token to expire while a sale waits to be sent again.
"""

from urllib.parse import urlsplit

from flask import Flask, request

from pos.doors.identity import by_token
from pos.errors import N_, PosError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
EXEMPT = ("/webhooks/",)


def register(app: Flask) -> None:
    """Check every request that may change something."""
    app.before_request(refuse_other_sites)


def refuse_other_sites() -> None:
    """Raise cross_site unless the request is a program's, a reading one, or our own page's."""
    if request.method in SAFE or by_token() or request.path.startswith(EXEMPT) or not request.cookies:
        # Without cookies there is no sign-in to misuse; enrolling and signing in need a code or a PIN anyway.
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site in ("same-origin", "none"):
            return
    elif urlsplit(request.headers.get("Origin", "")).netloc == request.host:
        return
    raise PosError("cross_site", N_("This request came from another site and was refused."))
