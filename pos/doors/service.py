"""Flask without what this service never uses, but would pay for at every sale."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class PageMessages(SecureCookieSessionInterface):
    """The signed cookie that carries a message to the next page; the API has no pages and reads none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie of a page's request."""
        return None if request.path.startswith("/api/") else super().open_session(app, request)


class Service(Flask):
    """The app's own Flask."""

    session_interface = PageMessages()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: none of ours is a coroutine, and to ask costs at each request."""
        return func
