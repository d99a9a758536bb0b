"""Whether the service lives, whether it can sell, and figures for monitoring."""

import json
from typing import Any

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.api.endpoint import settings
from pos.board import heard
from pos.db import db
from pos.migrations import NEWEST, current
from pos.models import Book, Payment, PrintJob

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """200 while the process lives."""
    return _json({"status": "ok"}, 200)


@bp.get("/readyz")
def readyz() -> Response:
    """200 when the database and its migrations are fine; a dead printer does not make it 503."""
    checks = {"database": _database(), "migrations": _migrations()}
    ready = all(check["ok"] for check in checks.values())
    body = {"status": "ok" if ready else "failing", "checks": checks, "printers": printers()}
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
        at = current(db.session.connection())
    except SQLAlchemyError:
        return {"ok": False, "detail": "the database does not answer"}
    if at != NEWEST:
        return {"ok": False, "detail": "run: pos upgrade", "at": at, "wanted": NEWEST}
    return {"ok": True, "at": at}


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


@bp.get("/metrics")
def metrics() -> Response:
    """Figures in Prometheus' text form."""
    registry = CollectorRegistry()
    jobs = Gauge("karya_print_jobs", "Print jobs that are not done, by state", ["status"], registry=registry)
    for status in ("queued", "printing", "unknown"):
        jobs.labels(status).set(0)
    rows = db.session.execute(
        select(PrintJob.status, func.count())
        .where(PrintJob.status.in_(("queued", "printing", "unknown")))
        .group_by(PrintJob.status)
    )
    for status, count in rows:
        jobs.labels(status).set(count)
    waiting = Gauge("karya_payments_waiting", "QRIS payments that are waited for", registry=registry)
    waiting.set(db.session.execute(select(func.count()).where(Payment.status == "waiting")).scalar_one())
    sales = Gauge(
        "karya_sales_completed", "Sales ever completed, by register", ["register"], registry=registry
    )
    total = Gauge(
        "karya_sales_rupiah",
        "Rupiah of all sales ever completed, by register",
        ["register"],
        registry=registry,
    )
    for code, count, rupiah in db.session.execute(
        select(Book.code, Book.sale_count, Book.grand_total).where(Book.register_id.is_not(None))
    ):
        sales.labels(code).set(count)
        total.labels(code).set(rupiah)
    online = Gauge(
        "karya_printer_online", "1 when the printer said that it can print", ["printer"], registry=registry
    )
    paper = Gauge(
        "karya_printer_paper", "2 enough, 1 low, 0 out, -1 not known", ["printer"], registry=registry
    )
    for printer in printers():
        online.labels(printer["name"]).set(1 if printer["online"] else 0)
        paper.labels(printer["name"]).set({"ok": 2, "low": 1, "out": 0}.get(printer["paper"], -1))
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")
