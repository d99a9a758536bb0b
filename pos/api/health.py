"""Whether the service lives, whether it can sell, and figures for monitoring."""

import json
from typing import Any

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.api.endpoint import desk
from pos.board import heard
from pos.db import db
from pos.doors.machine import settings
from pos.migrations import NEWEST, schema
from pos.models import Book, Payment, PrintJob
from pos.models.partial import PAYMENT_WAITING
from pos.payments.standing import Standing, standing
from pos.queries import payments_office
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


def _collecting(registry: CollectorRegistry) -> None:
    """Add the figures of QRIS payments."""
    stands, due = standing(desk(), shop().merchant_qris), payments_office.waits()
    waiting = select(func.count()).select_from(Payment).where(PAYMENT_WAITING)
    age = -1.0 if stands.last_answer is None else (clock.now() - stands.last_answer).total_seconds()
    for name, words, value in (
        ("payments_waiting", "QRIS payments that are waited for", db.session.execute(waiting).scalar_one()),
        ("payments_late_undecided", "Payments that found no sale, not decided about", due.undecided),
        ("payments_late_undecided_rupiah", "Rupiah of these", due.undecided_sum),
        ("payment_refunds_refused", "Refunds that the provider refused, not paid in cash yet", due.refused),
        (
            "qris_unanswered",
            "Questions to providers that got no answer",
            payments_office.questions().unanswered,
        ),
        ("qris_ok", "1 when the QRIS provider answered last, or was not asked yet", int(stands.ok)),
        ("qris_last_answer_seconds", "Seconds since the QRIS provider answered last, -1 never", age),
    ):
        Gauge(f"karya_{name}", words, registry=registry).set(value)


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
    _collecting(registry)
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
