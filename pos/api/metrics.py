"""Figures of the shop for Prometheus, or whatever else reads its text form."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from pos import clock
from pos.api.endpoint import desk
from pos.api.health import printers
from pos.db import db
from pos.models import Book, Payment, PrintJob
from pos.models.partial import PAYMENT_WAITING
from pos.payments.standing import standing
from pos.queries import payments_office
from pos.queries.shop import shop


def figures() -> bytes:
    """Return the figures in Prometheus' text form."""
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
    return generate_latest(registry)


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
