"""Print jobs of which nobody knows whether they came out: printed again, or said to be there."""

from sqlalchemy import update

from tests.factories import Body, Shop, new_id


def lost(shop: Shop, kind: str) -> Body:
    """A job of a fresh cash sale that was cut off after its first byte."""
    from pos.db import db, transact
    from pos.models import PrintJob

    sale = shop.sell({"KTO-100": 1})["id"]
    (job,) = [item for item in shop.get(f"/print-jobs?sale={sale}")["items"] if item["kind"] == kind]
    with shop.app.app_context():
        transact(
            lambda: db.session.execute(
                update(PrintJob)
                .where(PrintJob.id == job["id"])
                .values(status="unknown", last_error="cut off")
            )
        )
    (found,) = shop.get("/print-jobs?status=unknown")["items"]
    return dict(found)


def test_a_receipt_is_printed_again_as_a_copy(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    job = lost(till, "receipt")
    answer = till.post(f"/print-jobs/{job['id']}/retry", who="cashier")
    assert (answer.status, answer["id"], answer["status"]) == (200, job["id"], "queued")
    assert till.get(f"/shifts/{shift}/report")["copies"] == 1
    assert "SALINAN" not in till.get(f"/sales/{job['sale']}/receipt.txt").content.decode()
    till.refused(409, "job_not_unknown", f"/print-jobs/{job['id']}/retry", who="cashier")


def test_a_person_says_that_the_paper_came_out(till: Shop) -> None:
    job = lost(till, "receipt")
    answer = till.post(f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"}, who="cashier")
    assert (answer.status, answer["status"], answer["confirmed"]) == (200, "printed", False)
    till.refused(409, "job_not_unknown", f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"})


def test_a_drawer_that_may_have_opened_is_resolved_but_never_opened_again(till: Shop) -> None:
    job = lost(till, "drawer")
    till.refused(409, "job_not_unknown", f"/print-jobs/{job['id']}/retry")
    answer = till.post(f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"})
    assert (answer.status, answer["status"]) == (200, "printed")


def test_a_job_whose_end_is_known_is_left_alone(till: Shop) -> None:
    till.sell({"KTO-100": 1})
    for job in till.get("/print-jobs")["items"]:
        till.refused(409, "job_not_unknown", f"/print-jobs/{job['id']}/retry")
        till.refused(409, "job_not_unknown", f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"})
    till.refused(404, "not_found", f"/print-jobs/{new_id()}/retry")


def test_who_may_not_reprint_may_not_retry(till: Shop) -> None:
    job = lost(till, "receipt")
    for who in ("kiosk", "auditor", "treasurer", "cashier at G1"):
        till.refused(403, "forbidden", f"/print-jobs/{job['id']}/retry", who=who)
        till.refused(403, "forbidden", f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"}, who=who)
