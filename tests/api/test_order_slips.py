"""The slip on paper: a large number, what it costs now, until when, and a code that a till can scan."""

import io
from datetime import timedelta

import pytest
import time_machine
import zxingcpp
from PIL import Image

from tests.api.orders import held, slip
from tests.api.papers import jobs, keep, lines_of
from tests.factories import Shop

pytestmark = pytest.mark.usefixtures("noon")


def test_a_slip_is_printed_at_the_register_that_made_it(till: Shop) -> None:
    made = slip(till, {"KTO-100": 2, "MBT-250": 1}, note="Bu Sri")
    (job,) = jobs(till, "order")
    assert (job["register"], job["title"], job["sale"]) == ("K2", "1", None)
    paper = "\n".join(lines_of(till, job))
    for words in (
        "Kios Kunjungan",
        "PESANAN",
        "Bayar sebelum 12.30 WIB",
        "Bu Sri",
        "Keripik Tempe Original 100 g",
        "2 x 15.000",
        "30.000",
        "TOTAL",
        "38.000",
        "Belum dibayar",
    ):
        assert words in paper, words
    assert made["total"] == 38_000


def test_a_slip_shows_discounts(till: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 2, "discount": 1_000, "reason": "penyok"}
    held(till, [line], discount=500, reason="r", kind="slip")
    paper = lines_of(till, jobs(till, "order")[0])
    assert [row.split()[-1] for row in paper if "Potongan" in row] == ["-1.000", "-500"]
    assert next(row for row in paper if row.startswith("TOTAL")).split()[-1] == "28.500"


def test_a_held_cart_prints_nothing_unless_a_slip_is_asked_for(till: Shop) -> None:
    made = held(till, {"KTO-100": 1})
    assert jobs(till, "order") == []
    for kind in ("txt", "png"):
        assert till.get(f"/orders/{made['id']}/slip.{kind}").code == "not_found"
    assert till.get("/orders/0197e2c4-0000-7000-8000-000000000001/slip.txt").code == "not_found"


def test_the_picture_of_the_slip_scans_to_the_order(till: Shop) -> None:
    made = slip(till, {"KTO-100": 2})
    picture = Image.open(io.BytesIO(till.get(f"/orders/{made['id']}/slip.png", who="kiosk").content))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == made["qr"] == f"KARYA-ORDER:{made['id'].upper()}"


def test_the_slip_on_the_screen_is_the_one_on_paper(till: Shop) -> None:
    from printers.document import Cut, Document, Text
    from printers.layout import Paper
    from printers.render import to_escpos

    made = slip(till, {"KTO-100": 2})
    (job,) = jobs(till, "order")
    assert till.get(f"/orders/{made['id']}/slip.txt").content.decode().splitlines() == lines_of(till, job)
    keep(till, job, to_escpos(Document((Text("as it came out"), Cut())), Paper.of(32)))
    assert "as it came out" in till.get(f"/orders/{made['id']}/slip.txt").content.decode()


def test_a_slip_stays_the_same_when_its_print_was_tried_again(till: Shop) -> None:
    made = slip(till, {"KTO-100": 2})
    (job,) = jobs(till, "order")
    keep(till, job, None, status="unknown")
    assert till.post(f"/print-jobs/{job['id']}/retry").status == 200
    assert "SALINAN" in "\n".join(lines_of(till, job))
    assert "SALINAN" not in till.get(f"/orders/{made['id']}/slip.txt").content.decode()


def test_a_slip_does_not_come_out_after_its_time(till: Shop, noon: time_machine.Traveller) -> None:
    slip(till, {"KTO-100": 2})
    noon.shift(timedelta(minutes=31))
    till.keep_house()
    assert jobs(till, "order")[0]["status"] == "expired"


def test_the_spool_may_forget_the_slip_of_an_order(till: Shop) -> None:
    from sqlalchemy import delete

    from pos.db import db, table, transact
    from pos.models import PrintJob

    made = slip(till, {"KTO-100": 2})
    with till.app.app_context():
        transact(lambda: db.session.execute(delete(table(PrintJob))))
    assert till.get(f"/orders/{made['id']}").status == 200
    assert till.get(f"/orders/{made['id']}/slip.txt").code == "not_found"
