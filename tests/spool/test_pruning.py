"""The spool forgets what is long done and of no use, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from pos.db import db, transact
from pos.ids import first_id_at, new_id
from pos.models import PrintAttempt, PrintJob
from pos.worker import pruning
from tests.factories import Shop

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def add(shop: Shop, kind: str, days: int, status: str = "printed") -> str:
    """Put a job with one try into the spool, so many days old; return its id."""
    at = NOW - timedelta(days=days)
    job_id = first_id_at(at)[:18] + new_id()[18:]
    job = {
        "id": job_id, "kind": kind, "register_id": 1, "sale_id": None, "title": kind, "document": "",
        "payload": None, "status": status, "confirmed": False, "attempts": 1, "last_error": "",
        "created_at": at, "next_at": at, "expires_at": at, "ended_at": at,
    }  # fmt: skip
    attempt = {
        "job_id": job_id, "number": 1, "printer": "kasir", "worker": "w", "started_at": at, "ended_at": at,
        "outcome": "printed", "bytes_written": 5, "error": "",
    }  # fmt: skip

    def write() -> None:
        db.session.execute(insert(PrintJob), job)
        db.session.execute(insert(PrintAttempt), attempt)

    with shop.app.app_context():
        transact(write)
    return job_id


def forget(shop: Shop) -> None:
    with shop.app.app_context():
        for walk in pruning.walks():
            while walk.step(NOW):
                pass


def left(shop: Shop) -> set[str]:
    """The ids of jobs that are still there; each with its try."""
    with shop.app.app_context():
        jobs = set(db.session.execute(select(PrintJob.id)).scalars())
        tried = set(db.session.execute(select(PrintAttempt.job_id)).scalars())
    assert tried <= jobs
    return jobs


def test_old_pulses_and_passing_papers_are_forgotten_and_young_ones_are_not(shop: Shop) -> None:
    old = {
        add(shop, "drawer", 31),
        *(add(shop, kind, 401) for kind in ("copy", "x", "cash", "test", "label")),
    }
    young = {
        add(shop, "drawer", 29),
        *(add(shop, kind, 399) for kind in ("copy", "x", "cash", "test", "label")),
    }
    assert old | young <= left(shop)
    forget(shop)
    assert left(shop) & (old | young) == young


def test_what_copies_and_screens_are_made_from_stays_for_ever(shop: Shop) -> None:
    kept = {add(shop, kind, 9_000) for kind in ("receipt", "refund", "void", "z")}
    forget(shop)
    assert kept <= left(shop)


@pytest.mark.parametrize("status", ["queued", "printing", "unknown"])
def test_a_job_without_an_end_is_never_forgotten(shop: Shop, status: str) -> None:
    waits = {add(shop, "drawer", 900, status), add(shop, "copy", 900, status)}
    forget(shop)
    assert waits <= left(shop)


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_job_that_never_came_out_is_forgotten_like_others(shop: Shop, status: str) -> None:
    ended = {add(shop, "drawer", 900, status), add(shop, "copy", 900, status)}
    forget(shop)
    assert not ended & left(shop)


def test_a_long_spool_is_gone_through_in_small_steps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "STEP", 3)
    monkeypatch.setattr(pruning, "BATCH", 2)
    pulses = {add(shop, "drawer", days) for days in range(40, 48)}
    papers = {add(shop, "z", days) for days in range(41, 44)}
    with shop.app.app_context():
        walk = pruning.walks()[0]
        forgotten = [walk.step(NOW) for _ in range(5)]
    assert sum(forgotten) == len(pulses)
    assert max(forgotten) <= 3
    assert left(shop) & (pulses | papers) == papers


def test_the_receipt_of_an_old_sale_is_still_shown(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    before = [till.get(f"/sales/{sale}/receipt.{kind}").content for kind in ("txt", "png", "bin")]
    forget(till)
    assert [till.get(f"/sales/{sale}/receipt.{kind}").content for kind in ("txt", "png", "bin")] == before


def test_bytes_are_packed_in_the_database_and_come_back_as_they_were(till: Shop) -> None:
    till.sell({"KTO-100": 1})
    data = b"\x1b@" + bytes(7_000) + b"\xff\x00"
    with till.app.app_context():
        transact(lambda: db.session.execute(update(PrintJob).values(payload=data)))
        assert set(db.session.execute(select(PrintJob.payload)).scalars()) == {data}
        stored = (
            db.session.connection()
            .exec_driver_sql("SELECT max(length(payload)) FROM printer_job")
            .scalar_one()
        )
        assert stored < len(data) // 20


def test_bytes_that_an_early_version_kept_as_they_were_are_still_read(till: Shop) -> None:
    till.sell({"KTO-100": 1})

    def keep() -> None:
        raw = "x'1b40414243'" if db.engine.dialect.name == "sqlite" else r"'\x1b40414243'::bytea"
        db.session.connection().exec_driver_sql(f"UPDATE printer_job SET payload = {raw}")

    with till.app.app_context():
        transact(keep)
        assert set(db.session.execute(select(PrintJob.payload)).scalars()) == {b"\x1b@ABC"}
