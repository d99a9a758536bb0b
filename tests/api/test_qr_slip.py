"""The slip with a QRIS code: printed while the code lives, never after it."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
import zxingcpp
from PIL import Image

from pos import clock
from pos.db import db, transact
from pos.models import PrintJob
from pos.operations import printing
from pos.worker import spool
from printers.document import Document
from printers.layout import Paper
from printers.render import to_png
from tests.api.papers import jobs, lines_of, verified
from tests.factories import Answer, Shop, cart, new_id


def slip(shop: Shop, sale: str, *, who: str = "cashier") -> Answer:
    return shop.post(f"/sales/{sale}/qr-slip", {"id": new_id()}, who=who)


def status(shop: Shop, job: str) -> str:
    (found,) = [item for item in shop.get("/print-jobs")["items"] if item["id"] == job]
    return str(found["status"])


def cut_off(shop: Shop, job: str) -> None:
    """The printer lost its power in the middle of a job."""
    with shop.app.app_context():
        transact(lambda: db.session.get_one(PrintJob, job).__setattr__("status", "unknown"))


@pytest.mark.parametrize("columns", [32, 48])
def test_the_slip_has_the_code_the_amount_the_merchant_and_until_when(till: Shop, columns: int) -> None:
    sale = till.sell({"KTP-100": 3}, qris=True)
    answer = slip(till, sale["id"])
    assert (answer.status, answer["job"]["kind"], answer["job"]["status"]) == (201, "qr", "queued")
    (job,) = jobs(till, "qr")
    text = "\n".join(lines_of(till, job, columns))
    assert "Rp 48.000" in text
    assert "ID1026000000004" in text
    assert "Berlaku sampai" in text
    assert "Bukan struk" in text
    with till.app.app_context():
        document = Document.from_json(db.session.get_one(PrintJob, job["id"]).document)
    picture = Image.open(BytesIO(to_png(document, Paper.of(columns)))).convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == sale["qris"]["payload"]


def test_a_slip_asked_for_twice_with_one_id_is_printed_once(till: Shop) -> None:
    sale = till.sell({"KTP-100": 1}, qris=True)["id"]
    body = {"id": new_id()}
    assert [till.post(f"/sales/{sale}/qr-slip", body).status for _ in range(2)] == [201, 200]
    assert len(jobs(till, "qr")) == 1
    assert verified(till) == []


def test_a_slip_that_was_not_printed_in_time_never_comes_out(
    till: Shop, time: time_machine.Traveller
) -> None:
    sale = till.sell({"KTP-100": 1}, qris=True)
    job = slip(till, sale["id"])["job"]
    ends = datetime.fromisoformat(sale["qris"]["expires_at"])
    with till.app.app_context():
        kept = db.session.get_one(PrintJob, job["id"])
        assert abs(kept.expires_at - ends) < timedelta(seconds=1)
        register = kept.register_id
    time.shift(301)
    with till.app.app_context():
        assert spool.next_job([register], None, clock.now()) != job["id"]
        transact(lambda: spool.expire(clock.now()))
    assert status(till, job["id"]) == "expired"


def test_a_slip_is_withdrawn_when_the_sale_is_paid_or_given_up(till: Shop) -> None:
    paid, dropped = (till.sell({"KTP-100": 1}, qris=True)["id"] for _ in range(2))
    first, second = (slip(till, sale)["job"]["id"] for sale in (paid, dropped))
    till.post(f"/sales/{paid}/confirm", {"reference": "R1"}, who="cashier")
    till.post(f"/sales/{dropped}/cancel", who="cashier")
    assert [status(till, job) for job in (first, second)] == ["expired", "expired"]
    assert len(jobs(till, "receipt")) == 1


def test_a_slip_cut_off_is_printed_again_only_while_the_code_lives(
    till: Shop, time: time_machine.Traveller
) -> None:
    job = slip(till, till.sell({"KTP-100": 1}, qris=True)["id"])["job"]["id"]
    cut_off(till, job)
    time.shift(301)
    till.keep_house()
    assert till.post(f"/print-jobs/{job}/retry", who="cashier").status == 200
    with till.app.app_context():
        transact(lambda: spool.expire(clock.now()))
    assert status(till, job) == "expired"


def test_there_is_no_slip_of_a_code_that_is_not_waited_for(till: Shop, time: time_machine.Traveller) -> None:
    body = {"id": new_id()}
    cash = till.sell({"KTP-100": 1})["id"]
    till.refused(409, "sale_not_waiting", f"/sales/{cash}/qr-slip", body)
    paid = till.paid_by_qris({"KTP-100": 1}, "R1")["id"]
    till.refused(409, "sale_not_waiting", f"/sales/{paid}/qr-slip", body)
    waits = till.sell({"KTP-100": 1}, qris=True)["id"]
    time.shift(300.5)
    till.refused(409, "sale_not_waiting", f"/sales/{waits}/qr-slip", body)
    till.refused(404, "not_found", f"/sales/{new_id()}/qr-slip", body)


class TestWithTheSimulator:
    """Codes of a provider, of which one is only pretended here."""

    @pytest.fixture
    def machine(self) -> dict[str, Any]:
        return {"qris": {"provider": "simulator"}}

    def test_a_pretended_code_says_on_its_slip_that_it_is_no_money(self, till: Shop) -> None:
        sale = till.post("/sales", cart({"KTP-100": 1}, qris=True))
        assert (sale.status, sale["qris"]["sandbox"], sale["qris"]["trouble"]) == (202, True, "")
        slip(till, sale["id"])
        (job,) = jobs(till, "qr")
        assert "UJI COBA (simulator), bukan uang" in "\n".join(lines_of(till, job, 48))

    def test_a_receipt_of_a_pretended_payment_says_so(self, till: Shop) -> None:
        sale = till.post("/sales", cart({"KTP-100": 1}, qris=True))["id"]
        till.post(f"/sales/{sale}/confirm", {"reference": "R 17"}, who="cashier")
        paper = till.get(f"/sales/{sale}/receipt.txt").content.decode()
        assert "QRIS dikonfirmasi kasir (manual)" in paper
        assert "UJI COBA (simulator), bukan uang" in paper
        assert "R 17" in paper


def test_a_real_code_says_nothing_of_a_trial(till: Shop) -> None:
    sale = till.paid_by_qris({"KTP-100": 1}, "R1")
    assert sale["qris"]["sandbox"] is False
    assert "UJI COBA" not in till.get(f"/sales/{sale['id']}/receipt.txt").content.decode()


def test_withdrawing_touches_no_other_paper(till: Shop) -> None:
    sale = till.paid_by_qris({"KTP-100": 1}, "R1")["id"]
    with till.app.app_context():
        transact(lambda: printing.withdraw(sale, "qr"))
    assert [job["status"] for job in jobs(till, "receipt")] == ["queued"]
