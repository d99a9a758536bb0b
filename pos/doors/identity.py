"""Who is calling: a program by its bearer token, a person signed in at a browser, or a kiosk's browser.

Two cookies, both random secrets stored hashed: the browser's (which register it is) and the person's (who
works there now).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g, request
from sqlalchemy import bindparam, select, update

from pos import clock
from pos.db import db, transaction
from pos.domain.rights import Right
from pos.doors import machine
from pos.errors import N_, Forbidden, PosError
from pos.models import Device, Login, Outlet, Register, Token, User
from pos.operations import people
from pos.operations.actor import Actor
from pos.queries.shop import shop
from pos.statements import Statement

DEVICE_COOKIE = "pos_device"
LOGIN_COOKIE = "pos_login"
DEVICE_LIFETIME = timedelta(days=3_650)
LOGIN_LIFETIME = timedelta(hours=14)
"""A login ends by itself after this, whatever is done with it: longer than a shop day, shorter than two."""
_TOKEN = Statement(
    select(Token.id, Token.name, Token.role, Register.code)
    .outerjoin(Register, Register.id == Token.register_id)
    .where(Token.token_hash == bindparam("hash"), Token.revoked_at.is_(None))
)
_DEVICE = Statement(
    select(
        *(Device.id, Device.follows, Register.id, Register.code, Register.name, Register.kind),
        *(Outlet.name, Register.active),
    )
    .outerjoin(Register, Register.id == Device.register_id)
    .outerjoin(Outlet, Outlet.id == Register.outlet_id)
    .where(Device.token_hash == bindparam("hash"), Device.ended_at.is_(None))
)
_USER = Statement(
    select(User.id, User.name, User.role, User.pin_once, Login.seen_at, Login.token_hash)
    .join(Login, Login.user_id == User.id)
    .where(
        Login.token_hash == bindparam("hash"),
        Login.device_id == bindparam("device"),
        Login.ended_at.is_(None),
        Login.created_at > bindparam("since"),
        User.active,
    )
)
LOOPBACK = ("127.0.0.1", "::1")
UNBOUND = ("manager", "supervisor", "treasurer", "auditor")
"""Roles that act at every register from any browser; the others only where they stand."""
KIOSK_PATHS = ("/api/", "/kiosk/", "/till/qr/")
"""Where the browser of a self-service register acts by itself; everywhere else a person signs in at it."""
NOWHERE = ""
"""The register of a person at a browser that is none: no register has this code."""


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The register a browser is."""

    id: int
    code: str
    name: str
    kind: str
    outlet_name: str


@dataclass(frozen=True, slots=True)
class DeviceView:
    """An enrolled browser; without a register it serves the back office alone."""

    id: int
    register: RegisterView | None
    follows: str | None = None
    """The register whose customer display it may show."""


@dataclass(frozen=True, slots=True)
class UserView:
    """A signed-in person."""

    id: int
    name: str
    role: str
    pin_once: bool


def cookie(name: str) -> str:
    """Return the name under which this server keeps a cookie.

    Cookies know no ports, so a shop to practise in has names of its own: a browser is a register of both.
    """
    settings = machine.settings()
    return f"training_{name}" if settings.practice else name


def current_device() -> DeviceView | None:
    """Return the enrolled browser that sent the request."""
    if "device" not in g:
        g.device = _find_device(request.cookies.get(cookie(DEVICE_COOKIE), ""))
    device: DeviceView | None = g.device
    return device


def current_user() -> UserView | None:
    """Return the person signed in at this browser."""
    if "user" not in g:
        device = current_device()
        g.user = (
            None if device is None else _find_user(request.cookies.get(cookie(LOGIN_COOKIE), ""), device.id)
        )
    user: UserView | None = g.user
    return user


def actor() -> Actor:
    """Return who acts. Raises sign_in when nobody does, and cross_site for another site's request."""
    if "actor" not in g:
        g.actor = _find_actor()
    found: Actor = g.actor
    return found


def source() -> str:
    """Return where PIN tries come from, for throttling."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return f"token:{people.digest(header)[:32]}"
    device = current_device()
    return f"device:{device.id}" if device else f"address:{request.remote_addr}"


def by_token() -> bool:
    """Say whether the caller is a program with a bearer token."""
    return request.headers.get("Authorization", "").startswith("Bearer ")


def _find_actor() -> Actor:
    if by_token():
        row = _TOKEN.ask(hash=people.digest(request.headers["Authorization"][7:].strip())).row()
        if row is None:
            raise PosError("sign_in", N_("This token is not known or was revoked."))
        return Actor(f"token:{row[0]}", row[1], row[2], row[3])
    device, user = current_device(), current_user()
    if user is None:
        register = device.register if device is not None else None
        if device and register and register.kind == "kiosk" and request.path.startswith(KIOSK_PATHS):
            return Actor(f"device:{device.id}", register.name, "kiosk", register.code)
        raise PosError("sign_in", N_("Sign in first."))
    # A browser that is no register lets nobody act at one who belongs to the register they stand at.
    here = device.register.code if device and device.register else NOWHERE
    at = None if user.role in UNBOUND else here
    return Actor(f"user:{user.id}", user.name, user.role, at)


def _find_device(secret: str) -> DeviceView | None:
    if not secret:
        return None
    row = _DEVICE.ask(hash=people.digest(secret)).row()
    if row is None:
        return None
    register = RegisterView(row[2], row[3], row[4], row[5], row[6]) if row[7] else None
    return DeviceView(row[0], register, row[1])


def _find_user(secret: str, device_id: int) -> UserView | None:
    if not secret:
        return None
    now = clock.now()
    row = _USER.ask(hash=people.digest(secret), device=device_id, since=now - LOGIN_LIFETIME).row()
    if row is None:
        return None
    seen_at: datetime = row[4]
    # The page locks itself when idle; this is for a page that was closed instead.
    if now - seen_at > timedelta(seconds=shop().idle_lock_seconds + 300):
        return None
    if now - seen_at > timedelta(seconds=60):
        with transaction():
            db.session.execute(update(Login).where(Login.token_hash == row[5]).values(seen_at=now))
    return UserView(row[0], row[1], row[2], row[3])


def enrol(response: Response, *, register: str | None = None, code: str | None = None) -> None:
    """Make this browser a register: by a one-time code, or freely in a demo shop on the machine itself."""
    now = clock.now()
    if code is None and register is not None and not may_pick_freely():
        raise Forbidden(
            N_("Ask for a one-time code to make this browser a register: pos register enrol CODE")
        )
    old = current_device()
    with transaction():
        if old is not None:
            people.release_device(old.id, now)
        secret = people.enrol_by_code(code, now) if code is not None else people.enrol_freely(register, now)
    _set(response, DEVICE_COOKIE, secret, DEVICE_LIFETIME)
    response.delete_cookie(cookie(LOGIN_COOKIE))


def leave(response: Response) -> None:
    """Make this browser nobody's again."""
    device = current_device()
    if device is not None:
        with transaction():
            people.release_device(device.id, clock.now())
    response.delete_cookie(cookie(DEVICE_COOKIE))
    response.delete_cookie(cookie(LOGIN_COOKIE))


def may_pick_freely() -> bool:
    """Say whether this browser may pick a register without a code.

    A demo shop or one to practise in, seen from the machine itself.
    """
    here = shop()
    host = request.host.rsplit(":", 1)[0].strip("[]")
    return here.pretended and on_this_machine() and host in ("127.0.0.1", "localhost", "::1")


def on_this_machine() -> bool:
    """Say whether the request comes from a browser on the machine itself."""
    return request.remote_addr in LOOPBACK


def sign_in(response: Response, name: str, pin: str) -> UserView:
    """Check name and PIN and sign the person in at this browser. Raises pin_wrong and slow_down."""
    device = current_device()
    now = clock.now()
    user = people.check_pin(name, pin, now, source=source())
    with transaction():
        if device is None:
            secret = people.enrol_freely(None, now)
            device = DeviceView(_device_id(secret), None)
            _set(response, DEVICE_COOKIE, secret, DEVICE_LIFETIME)
        login = people.sign_in(user.id, device.id, now)
    _set(response, LOGIN_COOKIE, login, None)
    view = UserView(user.id, user.name, user.role, user.pin_once)
    g.device, g.user = device, view
    g.pop("actor", None)
    return view


def _device_id(secret: str) -> int:
    return db.session.execute(
        select(Device.id).where(Device.token_hash == people.digest(secret))
    ).scalar_one()


def sign_out(response: Response) -> None:
    """Sign out, or lock: the browser stays the register it is."""
    device = current_device()
    if device is not None:
        with transaction():
            people.sign_out(device.id, clock.now())
    g.user = None
    g.pop("actor", None)
    response.delete_cookie(cookie(LOGIN_COOKIE))


def _set(response: Response, name: str, value: str, lifetime: timedelta | None) -> None:
    response.set_cookie(
        cookie(name),
        value,
        max_age=lifetime,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
        path="/",
    )


def need(right: Right) -> Actor:
    """Return who acts, refusing a role without `right`."""
    who = actor()
    who.need(right)
    return who
