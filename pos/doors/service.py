"""Flask without what this service never uses, but would pay for at every sale."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Request, has_request_context
from flask.globals import request_ctx
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.routing import Map


class PageMessages(SecureCookieSessionInterface):
    """The signed cookie that carries a message to the next page; the API has no pages and reads none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie of a page's request."""
        return None if request.path.startswith("/api/") else super().open_session(app, request)


class Service(Flask):
    """The app's own Flask. Pages that a till never shows may be loaded when somebody first asks for them."""

    session_interface = PageMessages()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._opening = threading.RLock()
        self._extended = threading.local()
        self._map = Map()
        self._later: tuple[str, str, Callable[[], Blueprint]] | None = None
        super().__init__(*args, **kwargs)
        self.url_build_error_handlers.append(self._address_of_later)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: none of ours is a coroutine, and to ask costs at each request."""
        return func

    def load_later(self, name: str, prefix: str, load: Callable[[], Blueprint]) -> None:
        """Register the blueprint `name` once an address under `prefix` is asked for, or one of its own named.

        The till is there sooner then, and a machine that only sells keeps five megabytes.
        """
        self._later = (name, prefix, load)

    def load_all(self) -> None:
        """Register what was left for later, while other threads answer requests."""
        with self._opening:
            if self._later is None:
                return
            # A map can't be read while it grows: whoever looks for an address meanwhile has the old one.
            self._extended.map = Map(
                [rule.empty() for rule in self._map.iter_rules()], converters=self._map.converters
            )
            try:
                self.register_blueprint(self._later[2]())
                self._extended.map.update()
                self._map = self._extended.map
            finally:
                self._extended.map = None
            self._later = None

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        """Answer a request; load first what it asks for."""
        if self._later is not None and environ.get("PATH_INFO", "").startswith(self._later[1]):
            self.load_all()
        return super().wsgi_app(environ, start_response)

    @property
    def url_map(self) -> Map:
        """The addresses; for the thread that loads more of them, with those."""
        mine: Map | None = getattr(self._extended, "map", None)
        return mine or self._map

    @url_map.setter
    def url_map(self, addresses: Map) -> None:
        self._map = addresses

    def _address_of_later(self, error: Exception, endpoint: str, values: dict[str, Any]) -> str:
        """Return an address that was loaded since the request began, or is loaded now as a page names it.

        Raises `error` when the newest map knows no such address either.
        """
        if self._later is not None and endpoint.startswith(f"{self._later[0]}."):
            self.load_all()
        if not has_request_context():
            raise error
        adapter = request_ctx.url_adapter
        if adapter is None or adapter.map is self._map:
            raise error
        request_ctx.url_adapter = self.create_url_adapter(request_ctx.request)
        return self.url_for(endpoint, **values)

    def _check_setup_finished(self, f_name: str) -> None:
        """Let the thread that loads more register it after the first request, which Flask forbids."""
        if getattr(self._extended, "map", None) is None:
            super()._check_setup_finished(f_name)
