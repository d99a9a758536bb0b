"""Wiring: settings in, a Flask app out. Read from the bottom up."""

import secrets
from importlib import import_module
from pathlib import Path
from typing import Any
from weakref import ref

from flask import Flask, Response, request
from flask_babel import Babel, get_locale
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from pos.db import db, prepare_engine
from pos.doors import cross_site, language, problems
from pos.doors.service import Service
from pos.operations import links
from pos.paths import PACKAGE, resource_dir
from pos.payments import pretending
from pos.payments.desk import Desk
from pos.settings import Settings
from pos.translations.compile import ensure_compiled

MAX_BODY = 1024 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


FILE_HEADERS = ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")
"""What a file of ours needs; the others govern pages, and sixty files would carry them for nothing."""


def _headers(answer: Response) -> Response:
    path, headers = request.path, answer.headers
    there = {name.lower() for name in headers.keys()}  # noqa: SIM118 - iterating gives pairs
    for name in FILE_HEADERS if path.startswith("/static/") else HEADERS:
        if name.lower() not in there:
            headers.add(name, HEADERS[name])
    if "cache-control" not in there and not path.startswith(("/static/", "/pictures/")):
        headers.add("Cache-Control", "no-store")
    return answer


def _secret_key(settings: Settings) -> str:
    """Return the key that signs short-lived page messages.

    Made once, kept in the data folder, never in a backup.
    """
    path = settings.data_dir / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def _engine_options(settings: Settings) -> dict[str, Any]:
    url = settings.database
    if url.startswith("sqlite"):
        return {
            "connect_args": {"check_same_thread": False, "timeout": 5},
            "pool_size": 16,
            "max_overflow": 8,
            # Few are busy at a time, and each knows the whole schema: the others are never opened.
            "pool_use_lifo": True,
        }
    from pos import postgres  # the driver is not loaded where nobody uses it

    return postgres.engine_options(settings.postgresql, own_options="options" in make_url(url).query)


def _database(app: Flask, settings: Settings) -> None:
    url = settings.database
    app.config["SQLALCHEMY_DATABASE_URI"] = make_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    file = settings.sqlite_file
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    app.teardown_appcontext(_end_session)  # before Flask-SQLAlchemy's own, since the last is called first
    with app.app_context():
        prepare_engine(db.engine, file)
        links.offer(settings.public_url, app.config["SECRET_KEY"])


def _end_session(_error: BaseException | None) -> None:
    """End the request's session. A connection lost only now must not take the finished answer along."""
    try:
        db.session.remove()
    except DBAPIError:
        db.session.registry.clear()


def _collecting(app: Flask, settings: Settings) -> None:
    desk = Desk(settings, app.app_context)
    app.extensions["qris"] = desk
    # Held by the app alone: what is kept by the engine must not keep the app, and with it the engine.
    known = ref(desk)

    def sandbox(name: str) -> bool:
        here = known()
        found = None if here is None else here.provider(name)
        return found is not None and found.sandbox

    with app.app_context():
        pretending.offer(sandbox)


def _languages(app: Flask) -> None:
    ensure_compiled()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PACKAGE / "translations")
    Babel(app, locale_selector=language.choose, default_locale="id")
    app.jinja_env.globals["language"] = lambda: str(get_locale())


def _doors(app: Service) -> None:
    from pos.api import (  # noqa: F401
        consignment,
        endpoint,
        health,
        labels,
        openapi,
        orders,
        payments,
        receipts,
        sales,
        shifts,
        spool,
        stock,
        stock_lists,
        stock_papers,
        webhooks,
    )

    app.register_blueprint(endpoint.bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(webhooks.bp)
    names = (
        "assets",
        "till",
        "kiosk",
        "display",
        "shift",
        "receipt",
        "simulator",
        "screen",
        "help",
        "training",
    )
    for name in names:
        app.register_blueprint(import_module(f"pos.web.{name}").bp)
    app.load_later("office", "/back-office", lambda: import_module("pos.web.office.pages").bp)


def create_app(settings: Settings) -> Service:
    """Return the app for these settings. The database must be at the newest schema before it serves."""
    app = Service("pos", template_folder=str(Path(resource_dir("templates"))), static_folder=None)
    app.config["SETTINGS"] = settings
    app.config["SECRET_KEY"] = _secret_key(settings)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    if settings.practice:
        # Cookies know no ports: a browser holds those of the real shop beside these.
        app.config["SESSION_COOKIE_NAME"] = "training_session"
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _database(app, settings)
    _collecting(app, settings)
    _languages(app)
    problems.register(app)
    cross_site.register(app)
    _doors(app)
    app.after_request(_headers)
    return app
