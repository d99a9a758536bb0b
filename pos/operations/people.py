"""People, their PINs, their browsers, and the tokens of programs."""

import hashlib
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, insert, select, update

from pos.db import db, table, transact, transaction
from pos.domain.rights import ROLES, Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.ids import new_code, new_secret
from pos.models import Device, Enrolment, Login, Register, Throttle, Token, User
from pos.operations.actor import Actor, Approver
from pos.operations.journal import Act, Request, lock_office, next_id

USER = table(User)
TOKEN = table(Token)
DEVICE = table(Device)

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id with OWASP's minimum (ASVS 5.0 appendix C): 26 ms here, about 0.1 s on a Raspberry Pi 4."""
_one_at_a_time = threading.Semaphore(1)
"""One hash at a time: eight guesses at once must not take a small machine's memory."""
_nobody = _hasher.hash("no one has this PIN")

STEPS = ((10, timedelta(minutes=15)), (7, timedelta(minutes=5)), (5, timedelta(seconds=30)))
"""After so many wrong tries in a row the name waits so long."""
DEVICE_TRIES = 20
"""Wrong tries at one browser within the hour before it waits a minute between tries."""
ENROLMENT_LIFETIME = timedelta(hours=24)


def digest(secret: str) -> str:
    """Return the SHA-256 under which a token, cookie or code is stored.

    They are long and random, so it needs no salt.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def check_pin(name: str, pin: str, at: datetime, *, source: str = "") -> User:
    """Return the person when the PIN is right. Never called inside a transaction: hashing takes long, and a
    wrong try counts even though it is refused, so it is committed on its own.

    `source` names the browser or token the try came from. Raises pin_wrong and slow_down.
    """
    user = db.session.execute(select(User).where(User.name == name, User.active)).scalar_one_or_none()
    keys = [f"user:{user.id}" if user else f"name:{digest(name)[:32]}"]
    if source:
        keys.append(f"from:{source}"[:60])
    _refuse_blocked(keys, at)
    if user is not None and _matches(user.pin_hash, pin):
        _forgive(keys)
        return user
    if user is None:
        _matches(_nobody, pin)
    _count_failure(keys, at)
    raise PosError("pin_wrong", N_("The PIN is not right. Try again."))


def check_approval(name: str, pin: str, at: datetime, *, source: str = "") -> Approver:
    """Return who approves. Raises approval_wrong and slow_down."""
    try:
        user = check_pin(name, pin, at, source=source)
    except PosError as error:
        if error.code == "pin_wrong":
            raise PosError(
                "approval_wrong", N_("The name or PIN of the person who approves is not right.")
            ) from error
        raise
    return Approver(f"user:{user.id}", user.name, user.role)


def _matches(pin_hash: str, pin: str) -> bool:
    with _one_at_a_time:
        try:
            return _hasher.verify(pin_hash, pin)
        except (VerificationError, InvalidHashError):
            return False


def _refuse_blocked(keys: list[str], at: datetime) -> None:
    until = db.session.execute(
        select(func.max(Throttle.blocked_until)).where(Throttle.key.in_(keys))
    ).scalar_one_or_none()
    if until is not None and until > at:
        seconds = max(1, round((until - at).total_seconds()))
        raise PosError(
            "slow_down",
            N_("Too many wrong tries. Wait %(seconds)s seconds."),
            {"seconds": seconds},
            extra={"retry_after": seconds},
        )


def _count_failure(keys: list[str], at: datetime) -> None:
    def count() -> None:
        for key in keys:
            row = db.session.execute(
                select(Throttle)
                .where(Throttle.key == key)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).scalar_one_or_none()
            if row is None:
                row = Throttle(key=key, failures=0, last_at=at, blocked_until=None)
                db.session.add(row)
            if key.startswith("from:") and row.last_at < at - timedelta(hours=1):
                row.failures = 0
            row.failures += 1
            row.last_at = at
            row.blocked_until = _blocked(key, row.failures, at)
            db.session.flush()

    transact(count)


def _blocked(key: str, failures: int, at: datetime) -> datetime | None:
    if key.startswith("from:"):
        return at + timedelta(minutes=1) if failures >= DEVICE_TRIES else None
    return next((at + wait for tries, wait in STEPS if failures >= tries), None)


def _forgive(keys: list[str]) -> None:
    if db.session.execute(select(Throttle.key).where(Throttle.key.in_(keys[:1]))).first() is None:
        return
    with transaction():
        db.session.execute(delete(Throttle).where(Throttle.key == keys[0]))


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of a six-digit PIN. Raises validation_error."""
    if len(pin) != 6 or not pin.isascii() or not pin.isdigit():
        raise ValidationError(FieldError("pin", N_("A PIN has six digits.")))
    with _one_at_a_time:
        return _hasher.hash(pin)


def add_user(
    name: str,
    role: str,
    pin_hash: str,
    actor: Actor,
    at: datetime,
    *,
    once: bool = True,
    request: Request | None = None,
) -> int:
    """Add a person. Raises validation_error for a used name or an unknown role."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    name = name.strip()
    if not name or len(name) > 40 or not name.isprintable():
        raise ValidationError(FieldError("name", N_("Type a name of at most 40 characters.")))
    if role not in ROLES or role == "kiosk":
        raise ValidationError(FieldError("role", N_("Choose one of the roles.")))
    if db.session.execute(select(User.id).where(User.name == name)).first():
        raise ValidationError(FieldError("name", N_("This name is used already.")))
    user_id = next_id(USER)
    act = Act(book, "user_added", actor, at, request)
    act.insert(
        USER,
        [{"id": user_id, "name": name, "role": role, "pin_hash": pin_hash, "pin_once": once, "active": True}],
    )
    act.finish()
    return user_id


def change_user(
    user_id: int, actor: Actor, at: datetime, *, role: str, active: bool, request: Request | None = None
) -> None:
    """Change what a person may do, or retire them. The last active manager stays."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    user = _user(user_id)
    if role not in ROLES or role == "kiosk":
        raise ValidationError(FieldError("role", N_("Choose one of the roles.")))
    others = db.session.execute(
        select(func.count()).where(User.role == "manager", User.active, User.id != user_id)
    ).scalar_one()
    if user.role == "manager" and not others and (role != "manager" or not active):
        raise ValidationError(FieldError("role", N_("There must be at least one manager.")))
    act = Act(book, "user_changed", actor, at, request)
    act.change(USER, {"id": user_id}, {"role": role, "active": active})
    act.finish()
    if not active:
        db.session.execute(
            update(Login).where(Login.user_id == user_id, Login.ended_at.is_(None)).values(ended_at=at)
        )


def set_pin(
    user_id: int, pin_hash: str, actor: Actor, at: datetime, *, once: bool, request: Request | None = None
) -> None:
    """Give a person a new PIN and forgive wrong tries. People may change their own, managers everybody's."""
    if actor.key != f"user:{user_id}":
        actor.need(Right.MANAGE)
    book = lock_office(request)
    _user(user_id)
    act = Act(book, "pin_changed", actor, at, request)
    act.change(USER, {"id": user_id}, {"pin_hash": pin_hash, "pin_once": once})
    act.finish()
    db.session.execute(delete(Throttle).where(Throttle.key == f"user:{user_id}"))
    db.session.execute(
        update(Login).where(Login.user_id == user_id, Login.ended_at.is_(None)).values(ended_at=at)
    )


def _user(user_id: int) -> User:
    user = db.session.get(User, user_id, populate_existing=True)
    if user is None:
        raise NotFound(N_("There is no such person."))
    return user


def user_called(name: str) -> int:
    """Return the id of the person with this name. Raises not_found."""
    found = db.session.execute(select(User.id).where(User.name == name.strip())).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("There is no such person."))
    return found


def create_token(
    name: str, role: str, register: str | None, actor: Actor, at: datetime, request: Request | None = None
) -> str:
    """Make a program's bearer token and return it; only its hash is kept. Raises validation_error."""
    actor.need(Right.MANAGE)
    if role not in ROLES:
        raise ValidationError(FieldError("role", N_("Choose one of the roles.")))
    book = lock_office(request)
    register_id = None if register is None else _register_id(register)
    secret = new_secret()
    act = Act(book, "token_created", actor, at, request)
    act.insert(
        TOKEN,
        [
            {
                "id": next_id(TOKEN),
                "token_hash": digest(secret),
                "name": name[:40] or role,
                "role": role,
                "register_id": register_id,
                "created_at": at,
                "revoked_at": None,
            }
        ],
    )
    act.finish()
    return secret


def revoke_token(token_id: int, actor: Actor, at: datetime, request: Request | None = None) -> None:
    """End a token."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    act = Act(book, "token_revoked", actor, at, request)
    act.change(TOKEN, {"id": token_id}, {"revoked_at": at})
    act.finish()


def _register_id(code: str) -> int:
    found = db.session.execute(
        select(Register.id).where(Register.code == code, Register.active)
    ).scalar_one_or_none()
    if found is None:
        raise ValidationError(FieldError("register", N_("There is no register %(code)s."), {"code": code}))
    return found


def create_enrolment(register: str, actor: Actor, at: datetime, request: Request | None = None) -> str:
    """Make a one-time code, good for a day, that makes a new browser the register."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    register_id = _register_id(register)
    code = new_code()
    act = Act(book, "enrolment_created", actor, at, request)
    act.finish()
    db.session.execute(
        insert(Enrolment),
        [
            {
                "code_hash": digest(code),
                "register_id": register_id,
                "expires_at": at + ENROLMENT_LIFETIME,
                "used_at": None,
            }
        ],
    )
    return code


def enrol_by_code(code: str, at: datetime) -> str:
    """Use a one-time code and return the browser's secret. Raises validation_error."""
    found = db.session.execute(
        select(Enrolment).where(Enrolment.code_hash == digest(code.strip().upper())).with_for_update()
    ).scalar_one_or_none()
    if found is None or found.used_at is not None or found.expires_at < at:
        raise ValidationError(
            FieldError(
                "code", N_("This code is not right or was used. Ask for a new one: pos register enrol CODE")
            )
        )
    db.session.execute(update(Enrolment).where(Enrolment.code_hash == found.code_hash).values(used_at=at))
    return _add_device(found.register_id, at)


def enrol_freely(register: str | None, at: datetime) -> str:
    """Make a browser a register without a code.

    A demo shop on this machine, or the back office alone (None).
    """
    return _add_device(None if register is None else _register_id(register), at)


def _add_device(register_id: int | None, at: datetime) -> str:
    secret = new_secret()
    db.session.execute(
        insert(DEVICE),
        {"token_hash": digest(secret), "register_id": register_id, "created_at": at, "ended_at": None},
    )
    return secret


def release_device(device_id: int, at: datetime) -> None:
    """Forget a browser; its people are signed out."""
    db.session.execute(update(Device).where(Device.id == device_id).values(ended_at=at))
    db.session.execute(
        update(Login).where(Login.device_id == device_id, Login.ended_at.is_(None)).values(ended_at=at)
    )


def follow(device_id: int, register: str) -> None:
    """Let a browser show a register's customer display, until it is released."""
    db.session.execute(update(Device).where(Device.id == device_id).values(follows=register))


def sign_in(user_id: int, device_id: int, at: datetime) -> str:
    """Start a login at a browser, ending the one before, and return its secret."""
    sign_out(device_id, at)
    secret = new_secret()
    db.session.execute(
        insert(Login),
        {
            "token_hash": digest(secret),
            "user_id": user_id,
            "device_id": device_id,
            "created_at": at,
            "seen_at": at,
            "ended_at": None,
        },
    )
    return secret


def sign_out(device_id: int, at: datetime) -> None:
    """End whatever login the browser has: locking, or the next person."""
    db.session.execute(
        update(Login).where(Login.device_id == device_id, Login.ended_at.is_(None)).values(ended_at=at)
    )
