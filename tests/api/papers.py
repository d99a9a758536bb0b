"""Print jobs as tests look at them."""

from tests.factories import Body, Shop


def jobs(shop: Shop, kind: str) -> list[Body]:
    """The jobs of a kind, oldest first."""
    return [job for job in reversed(shop.get("/print-jobs")["items"]) if job["kind"] == kind]


def lines_of(shop: Shop, job: Body, columns: int = 32) -> list[str]:
    """The lines that come out for a job."""
    from pos.db import db
    from pos.models import PrintJob
    from printers.document import Document
    from printers.layout import Paper
    from printers.reader import text_of
    from printers.render import to_escpos

    with shop.app.app_context():
        document = Document.from_json(db.session.get_one(PrintJob, job["id"]).document)
    return text_of(to_escpos(document, Paper.of(columns))).splitlines()


def keep(shop: Shop, job: Body, payload: bytes | None, *, status: str = "printed") -> None:
    """Do what the worker does when it renders a job: keep its bytes."""
    from sqlalchemy import update

    from pos.db import db, table, transact
    from pos.models import PrintJob

    jobs_table = table(PrintJob)
    with shop.app.app_context():
        transact(
            lambda: db.session.execute(
                update(jobs_table).where(jobs_table.c.id == job["id"]).values(payload=payload, status=status)
            )
        )


def verified(shop: Shop) -> list[object]:
    """What `pos verify` finds wrong with the books."""
    from pos.operations.verify import verify

    with shop.app.app_context():
        return list(verify().problems)
