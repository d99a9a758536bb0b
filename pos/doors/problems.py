"""Refusals as people and programs see them.

Problem+json (RFC 9457) or a calm page, in the reader's language.
"""

import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy.exc
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext
from pydantic import ValidationError as PydanticError
from werkzeug.exceptions import HTTPException

from pos.errors import N_, FieldError, PosError, ValidationError
from pos.ids import new_id

log = logging.getLogger("pos")

STATUS = {
    "validation_error": 422,
    "payment_short": 422,
    "unknown_sku": 422,
    "lot_expired": 422,
    "reason_needed": 422,
    "sign_in": 401,
    "forbidden": 403,
    "approval_needed": 403,
    "approval_wrong": 403,
    "pin_wrong": 403,
    "cross_site": 403,
    "not_found": 404,
    "slow_down": 429,
    "database_unavailable": 503,
    "provider_unavailable": 503,
    "internal_error": 500,
}
"""HTTP status of a code; a refusal that is not listed is a conflict (409)."""

RETRY_SECONDS = 2

ROLE_NAMES = {
    "kiosk": N_("self-service kiosk"),
    "cashier": N_("cashier"),
    "cashless": N_("cashier without cash"),
    "supervisor": N_("supervisor"),
    "treasurer": N_("treasurer"),
    "manager": N_("manager"),
    "auditor": N_("auditor"),
}

FIELD_MESSAGES = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("This field is not known. Remove it."),
    "int_type": N_("Use a whole number without quotes or decimals."),
    "string_type": N_("Use text in quotes."),
    "bool_type": N_("Use true or false."),
    "greater_than_equal": N_("At least %(ge)s."),
    "less_than_equal": N_("At most %(le)s."),
    "string_too_long": N_("At most %(max_length)s characters."),
    "string_too_short": N_("Fill this in."),
    "too_short": N_("At least %(min_length)s."),
    "too_long": N_("At most %(max_length)s."),
    "literal_error": N_("One of: %(expected)s."),
    "json_invalid": N_("This is not valid JSON."),
    "date_from_datetime_parsing": N_("Use a date like 2026-11-24."),
    "date_parsing": N_("Use a date like 2026-11-24."),
    "date_type": N_("Use a date like 2026-11-24."),
    "datetime_from_date_parsing": N_("Use a time like 2026-11-24T14:05:00+07:00."),
}


def sentence(error: PosError) -> str:
    """Return the refusal's sentence in the reader's language."""
    return _say(error.message, error.params)


def field_sentences(error: PosError) -> list[dict[str, str]]:
    """Return each wrong field with what to do about it, in the reader's language."""
    return [{"field": field.loc, "message": _say(field.message, field.params)} for field in error.fields]


def _say(message: str, params: Any) -> str:
    if not params:
        return str(gettext(message))
    words = {
        key: gettext(ROLE_NAMES[value]) if key == "role" and value in ROLE_NAMES else value
        for key, value in params.items()
    }
    return str(gettext(message)) % words


def status_of(error: PosError) -> int:
    """Return the HTTP status of a refusal."""
    special = error.extra.get("status")
    return special if isinstance(special, int) else STATUS.get(error.code, 409)


def from_pydantic(error: PydanticError) -> PosError:
    """Return a body's faults as a validation_error with a sentence for each field."""
    fields = []
    faults = error.errors(include_url=False, include_input=False)
    for fault in faults:
        if fault["type"] == "too_short" and any(_inside(other["loc"], fault["loc"]) for other in faults):
            continue  # a list whose items are wrong is not empty, whatever pydantic says besides
        message = FIELD_MESSAGES.get(fault["type"])
        # Our own checks raise PydanticCustomError with a msgid of ours as the message.
        text = message or (fault["msg"] if "ctx" not in fault else N_("This value can't be used."))
        params = {key: value for key, value in fault.get("ctx", {}).items() if message}
        loc = ".".join(
            str(part)
            for part in fault["loc"]
            if part not in ("int", "dict[str,int]") and "function" not in str(part)
        )
        fields.append(FieldError(loc, text, params))
    return ValidationError(*fields)


def _inside(loc: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def from_database(error: Exception) -> PosError:
    """Return the refusal for a database that can't be used now; nothing of the request was kept."""
    log.warning("database: %s", error)
    text = str(error).lower()
    if "full" in text and "disk" in text:
        message = N_("The disk is full. Nothing was lost; free some space and try again.")
    else:
        message = N_("The database does not answer. Nothing was lost; try again in a moment.")
    return PosError("database_unavailable", message)


def problem(error: PosError) -> Response:
    """Return the refusal as problem+json."""
    status = status_of(error)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.code.replace("_", " "),
        "status": status,
        "code": error.code,
        "detail": sentence(error),
    }
    if error.fields:
        body["errors"] = field_sentences(error)
    body |= {key: value for key, value in error.extra.items() if key != "status"}
    answer = jsonify(body)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    _ask_to_wait(answer, error, status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _ask_to_wait(answer: Response, error: PosError, status: int) -> None:
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    if status == 429:
        answer.headers["Retry-After"] = str(error.extra.get("retry_after", 30))


def wants_json() -> bool:
    """Say whether the reader is a program: the API, the till's script, anything that sent JSON."""
    return (
        request.path.startswith(("/api/", "/webhooks/"))
        or request.is_json
        or (
            "application/json" in request.headers.get("Accept", "")
            and "text/html" not in request.headers.get("Accept", "")
        )
    )


def answer(error: PosError) -> Any:
    """Return the refusal as problem+json or as a page."""
    if wants_json():
        return problem(error)
    status = status_of(error)
    html = render_template("errors/error.html", code=error.code, status=status, detail=sentence(error))
    page = Response(html, status=status, content_type="text/html; charset=utf-8")
    _ask_to_wait(page, error, status)
    return page


def register(app: Flask) -> None:
    """Make every error of the app one of ours; no stack trace reaches a reader."""
    handlers: list[tuple[type[Exception], Callable[[Any], Any]]] = [
        (PosError, answer),
        (PydanticError, lambda error: answer(from_pydantic(error))),
        (sqlalchemy.exc.OperationalError, lambda error: answer(from_database(error))),
        (sqlalchemy.exc.InterfaceError, lambda error: answer(from_database(error))),
        (sqlalchemy.exc.TimeoutError, lambda error: answer(from_database(error))),
        (HTTPException, _http),
        (Exception, _unexpected),
    ]
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)


HTTP_CODES = {
    400: ("validation_error", N_("This request can't be understood.")),
    404: ("not_found", N_("This page does not exist.")),
    405: ("method_not_allowed", N_("This address does not do that.")),
    413: ("validation_error", N_("This is too large.")),
    415: ("validation_error", N_("Send JSON.")),
}


def _http(error: HTTPException) -> Any:
    if error.code is not None and 300 <= error.code < 400:
        return error
    code, message = HTTP_CODES.get(
        error.code or 500, ("validation_error", N_("This request can't be understood."))
    )
    return answer(PosError(code, message, extra={"status": error.code or 500}))


def _unexpected(error: Exception) -> Any:
    incident = new_id()[-8:]
    log.error("incident %s: %s %s", incident, request.method, request.path, exc_info=error)
    if current_app.testing and current_app.config.get("PROPAGATE"):
        raise error
    return answer(
        PosError(
            "internal_error",
            N_("Something went wrong here. Nothing was lost. Tell the technician this number: %(incident)s"),
            {"incident": incident},
        )
    )
