"""How a function becomes a call of the API.

Its body is checked strictly, replays are answered, OpenAPI learns of it.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel
from pydantic import ValidationError as PydanticError
from sqlalchemy import select

from pos import clock
from pos.db import db, transact
from pos.doors import identity, problems
from pos.doors.machine import settings
from pos.errors import N_, FieldError, NotFound, PosError, Unready, ValidationError
from pos.ids import is_id
from pos.models import Entry
from pos.operations import people
from pos.operations.actor import Actor
from pos.operations.journal import Replayed, Request
from pos.payments.desk import Desk
from pos.schemas.base import Approvable, Body
from pos.settings import Settings

View: TypeAlias = dict[str, Any]
Ready: TypeAlias = AbstractContextManager[object]

bp = Blueprint("api", __name__, url_prefix="/api/v1")

# Made once: json.dumps makes a new encoder at every call.
_PLAIN = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_SORTED = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, sort_keys=True)

PAGE = 100
MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Call:
    """What every call knows: who, when, and under which client id."""

    actor: Actor
    at: datetime
    request: Request
    settings: Settings
    brought: Any = None


@dataclass(frozen=True, slots=True)
class Described:
    """A call as the OpenAPI document shows it."""

    method: str
    path: str
    summary: str
    body: type[Body] | None
    answer: type[BaseModel] | None
    statuses: tuple[int, ...]
    query: tuple[tuple[str, str], ...]


DESCRIBED: list[Described] = []


def reads(
    path: str, summary: str, answer: type[BaseModel] | None = None, query: tuple[tuple[str, str], ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function answer `GET path`. `query` names its parameters, each with what it means."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        DESCRIBED.append(Described("get", path, summary, None, answer, (200,), query))

        @bp.get(path, endpoint=function.__name__)
        @functools.wraps(function)
        def call(**arguments: str) -> Any:
            result = function(identity.actor(), **_ids(arguments))
            return result if isinstance(result, Response) else _json(result, 200)

        return call

    return wrap


def changes(
    path: str,
    body: type[Body],
    show: Callable[..., View],
    summary: str,
    answer: type[BaseModel] | None = None,
    *,
    creates: bool = True,
    before: Callable[..., None] | None = None,
    method: str = "POST",
    outside: Callable[..., None] | None = None,
    get_ready: Callable[..., Ready] | None = None,
) -> Callable[[Callable[..., View | None]], Callable[..., Any]]:
    """Make a function carry out `POST path` (or another `method`) in one transaction and answer with what
    `show` returns.

    A function that knows what `show` would read again returns it. `creates`: the body has the client's `id`;
    the first answer is 201 (202 while a sale waits for its payment), a replay's 200. `before` runs in a
    transaction of its own, whose work stays even when the rest is refused; `outside` in none. After Unready
    the function is called once more, with what `get_ready` brought, in no transaction either.
    """

    def wrap(function: Callable[..., View | None]) -> Callable[..., Any]:
        statuses = (201, 200) if creates else (200,)
        DESCRIBED.append(Described(method.lower(), path, summary, body, answer, statuses, ()))

        @bp.route(path, methods=[method], endpoint=function.__name__)
        @functools.wraps(function)
        def call(**arguments: str) -> Any:
            ids = _ids(arguments)
            actor = identity.actor()
            asked = _parse(body, creates)
            subject = {"made": asked.key.id, **ids} if creates else ids
            if isinstance(asked, _Replay):
                return _json(_shown(show, subject, actor), 200)
            context = Call(_approved(actor, asked), clock.now(), asked.key, settings())
            if outside is not None:
                outside(context, asked.body, **ids)
            try:
                if before is not None:
                    transact(lambda: before(context, asked.body, **ids))
                try:
                    known = transact(lambda: function(context, asked.body, **ids))
                except Unready as wanted:
                    if get_ready is None:
                        raise
                    with get_ready(context, wanted) as brought:
                        again = replace(context, at=clock.now(), brought=brought)
                        known = transact(lambda: function(again, asked.body, **ids))
            except Replayed:
                return _json(_shown(show, subject, actor), 200)
            view = _shown(show, subject, actor) if known is None else known
            return _json(view, _created(view) if creates else 200)

        return call

    return wrap


def _shown(show: Callable[..., View], subject: dict[str, str], actor: Actor) -> View:
    return show(actor, **subject)


def _created(view: View) -> int:
    return 202 if view.get("status") == "awaiting_payment" else 201


@dataclass(frozen=True, slots=True)
class _Asked:
    body: Any
    key: Request


@dataclass(frozen=True, slots=True)
class _Replay:
    key: Request


def _parse(model: type[Body], creates: bool) -> "_Asked | _Replay":
    """Check the body.

    A used id decides first: before the fields of the body, and before any approval is looked at.
    """
    raw = request.get_data()
    if not raw and not creates:
        raw = b"{}"
    try:
        plain = _READER.decode(raw.decode())
    except (ValueError, RecursionError) as error:
        raise ValidationError(FieldError("", N_("This is not valid JSON."))) from error
    if not isinstance(plain, dict):
        raise ValidationError(FieldError("", N_("Send a JSON object.")))
    approval = plain.pop("approval", None)
    key = _key(plain)
    try:
        body = model.model_validate_json(raw)
    except PydanticError as error:
        if creates and _used(key):
            return _Replay(key)
        raise problems.from_pydantic(error) from error
    if creates and approval is not None and _used(key):
        return _Replay(key)
    return _Asked(body, key)


def _once(pairs: list[tuple[str, Any]]) -> View:
    """Return a JSON object. Readers disagree which of two fields of one name counts, so it may have one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValidationError(FieldError(twice, N_("This field stands here twice. Send it once.")))
    return found


_READER = json.JSONDecoder(object_pairs_hook=_once)


def _key(plain: View) -> Request:
    """Return the id and the hash of a body without its approval; the address is part of what was asked."""
    text = _SORTED.encode([request.path, plain])
    identifier = plain.get("id")
    return Request(
        identifier.lower() if isinstance(identifier, str) else "",
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _used(key: Request) -> bool:
    """Say whether the id was used for the same request; raise id_conflict when for another."""
    if not is_id(key.id):
        return False
    found = db.session.execute(
        select(Entry.request_hash).where(Entry.request_id == key.id)
    ).scalar_one_or_none()
    if found is None:
        return False
    if found != key.hash:
        raise PosError("id_conflict", N_("This id was used before for something else. Use a new id."))
    return True


def _approved(actor: Actor, asked: _Asked) -> Actor:
    """Return the actor with the approver the body names.

    Hashing takes long, so this stands before the transaction.
    """
    approval = asked.body.approval if isinstance(asked.body, Approvable) else None
    if approval is None:
        return actor
    return replace(
        actor,
        approver=people.check_approval(approval.user, approval.pin, clock.now(), source=identity.source()),
    )


def _ids(arguments: dict[str, str]) -> dict[str, str]:
    if not all(value.isprintable() for value in arguments.values()):
        raise NotFound
    return {name: value.lower() if is_id(value.lower()) else value for name, value in arguments.items()}


def _json(view: Any, status: int) -> Response:
    return Response(
        _PLAIN.encode(view), status, {"Cache-Control": "no-store"}, content_type="application/json"
    )


def argument(name: str) -> str | None:
    """Return a query parameter, None when it is missing or empty. Raises validation_error."""
    text = request.args.get(name) or None
    if text is not None and not text.isprintable():
        raise ValidationError(FieldError(name, N_("Leave out control characters and line breaks.")))
    return text


def date_argument(name: str) -> date | None:
    """Return a query parameter as a date. Raises validation_error."""
    text = argument(name)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(FieldError(name, N_("Use a date like 2026-11-24."))) from error


def time_argument(name: str) -> datetime | None:
    """Return a query parameter as an instant.

    A date means its first moment in UTC. Raises validation_error.
    """
    text = argument(name)
    if text is None:
        return None
    try:
        return _instant(text.replace(" ", "+"))
    except (ValueError, OverflowError) as error:
        raise ValidationError(FieldError(name, N_("Use a time like 2026-11-24T14:05:00+07:00."))) from error


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def limit_argument() -> int:
    """Return how many items a page shall have. Raises validation_error."""
    text = argument("limit") or str(PAGE)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE:
        raise ValidationError(FieldError("limit", N_("At most %(most)s."), {"most": MAX_PAGE}))
    return int(text)


def cursor_argument(*parts: Callable[[str], object]) -> str | None:
    """Return where the page begins, as the page before said. `parts` read what ~ splits; without, an id.

    Raises validation_error for what no page ever said.
    """
    text = argument("cursor")
    if text is None:
        return None
    try:
        for read, part in zip(parts or (_id,), text.split("~"), strict=True):
            read(part)
    except (ValueError, OverflowError) as error:
        raise ValidationError(FieldError("cursor", N_("Use the cursor of the page before."))) from error
    return text


def _id(text: str) -> None:
    if not is_id(text):
        raise ValueError(text)


def _position(text: str) -> None:
    if not 0 <= int(text) < 2**63:
        raise ValueError(text)


SALES_CURSOR = (_instant, _id)
MOVEMENTS_CURSOR = (_instant, _position, _position, _position)


def listed(items: list[View], cursor: str | None) -> View:
    """Return a page as the API shows lists."""
    return {"items": items, "cursor": cursor}


def desk() -> Desk:
    """Return where providers of QRIS payments are asked."""
    found: Desk = current_app.extensions["qris"]
    return found
