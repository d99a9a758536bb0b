"""Whether the service lives, whether it can sell, and figures for monitoring."""

import json
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.api.endpoint import desk
from pos.board import heard
from pos.db import db
from pos.doors.machine import settings
from pos.migrations import NEWEST, schema
from pos.payments.standing import Standing, standing
from pos.queries.shop import shop

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """200 while the process lives."""
    return _json({"status": "ok"}, 200)


@bp.get("/readyz")
def readyz() -> Response:
    """200 when the database and its migrations are fine; a dead printer or provider does not make it 503."""
    checks = {"database": _database(), "migrations": _migrations()}
    ready = all(check["ok"] for check in checks.values())
    body = {
        "status": "ok" if ready else "failing",
        "training": settings().practice,
        "checks": checks,
        "printers": printers(),
        "qris": provider(standing(desk(), shop().merchant_qris if ready else None)),
    }
    return _json(body, 200 if ready else 503)


def _json(body: Any, status: int) -> Response:
    answer = Response(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = "2"
    return answer


def _database() -> dict[str, Any]:
    try:
        db.session.execute(text("SELECT 1"))
        return {"ok": True, "kind": db.engine.dialect.name}
    except SQLAlchemyError:
        return {"ok": False, "detail": "the database does not answer"}


def _migrations() -> dict[str, Any]:
    try:
        found = schema(db.session.connection())
    except SQLAlchemyError:
        return {"ok": False, "detail": "the database does not answer"}
    if found.refusal is not None:
        return {"ok": False, "detail": found.refusal, "at": found.at, "wanted": NEWEST}
    return {"ok": True, "at": found.at}


def printers() -> list[dict[str, Any]]:
    """Return what each printer of this machine last said."""
    found = []
    for printer in settings().printers:
        last = heard(printer.name)
        status = last.status if last else None
        found.append(
            {
                "name": printer.name,
                "registers": list(printer.registers),
                "says": status.words if status else "was not asked yet",
                "answers": status.answered if status else None,
                "cannot_answer": status.cannot_answer if status else None,
                "online": status.online if status else None,
                "paper": status.paper if status else "unknown",
                "cover": status.cover if status else "unknown",
                "error": status.error if status else None,
                "asked_at": clock.iso(last.at) if last else None,
            }
        )
    return found


def provider(stands: Standing) -> dict[str, Any]:
    """Return how the provider of QRIS codes stands."""
    return {
        "provider": stands.provider,
        "sandbox": stands.sandbox,
        "ok": stands.ok,
        "last_answer": clock.iso(stands.last_answer) if stands.last_answer else None,
        "trouble": stands.trouble,
    }


@bp.get("/metrics")
def metrics() -> Response:
    """Figures in Prometheus' text form."""
    from pos.api.metrics import figures  # a shop that nobody watches never loads what writes them

    return Response(figures(), content_type="text/plain; version=0.0.4; charset=utf-8")
