"""People and their programs, as the back office lists them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.db import db
from pos.domain.rights import Right, may
from pos.errors import N_, NotFound
from pos.models import Login, Register, Token, User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, or did."""

    id: int
    name: str
    role: str
    active: bool
    pin_once: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Program:
    """A program's token, without its secret."""

    id: int
    name: str
    role: str
    register: str | None
    created_at: datetime
    revoked_at: datetime | None


def people() -> list[Person]:
    """Return everybody, those who still work here first, in the order they were added."""
    # The newest of each by the index; a group of all sign-ins would read years of them.
    seen = (
        select(Login.seen_at)
        .where(Login.user_id == User.id)
        .order_by(Login.seen_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(User.id, User.name, User.role, User.active, User.pin_once, seen).order_by(User.id)
    )
    return sorted((Person(*row) for row in rows), key=lambda person: not person.active)


def active_people() -> list[Person]:
    """Return who may sign in."""
    return [person for person in people() if person.active]


def person(user_id: int) -> Person:
    """Return one person. Raises not_found."""
    found = next((one for one in people() if one.id == user_id), None)
    if found is None:
        raise NotFound(N_("There is no such person."))
    return found


def lenders(right: Right, except_key: str) -> list[str]:
    """Return the names of people whose approval could lend `right` to somebody else."""
    return [one.name for one in active_people() if may(one.role, right) and f"user:{one.id}" != except_key]


def programs() -> list[Program]:
    """Return the tokens of programs, those that are good first, newest first."""
    rows = db.session.execute(
        select(Token.id, Token.name, Token.role, Register.code, Token.created_at, Token.revoked_at)
        .outerjoin(Register, Register.id == Token.register_id)
        .order_by(Token.revoked_at.is_not(None), Token.id.desc())
    )
    return [Program(*row) for row in rows]
