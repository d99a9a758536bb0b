"""Receipts as text, picture and bytes, and copies that say that they are copies."""

import io

from PIL import Image

from tests.escpos_reader import read
from tests.factories import Shop, new_id


def text(shop: Shop, sale: str) -> str:
    answer = shop.get(f"/sales/{sale}/receipt.txt")
    assert answer.status == 200
    return answer.content.decode()


def test_a_receipt_says_what_was_sold_and_paid(till: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 2, "discount": 1_030, "reason": "r"}
    sale = till.sell([line, {"sku": "MBT-250", "quantity": 1}], cash=50_000)
    paper = text(till, sale["id"])
    for words in (
        "Kios Kunjungan",
        "Jl. Contoh No. 1, Tangerang",
        "K1-000001",
        "cashier",
        "WIB",
        "Keripik Tempe Original 100 g",
        "2 x 15.000",
        "30.000",
        "-1.030",
        "Pembulatan",
        "30",
        "37.000",
        "50.000",
        "Kembalian",
        "13.000",
        "Tunai",
    ):
        assert words in paper, words
    assert "tidak dapat dikembalikan" not in paper
    assert all(len(row) <= 32 for row in paper.splitlines())


def test_a_qris_receipt_names_the_reference(till: Shop) -> None:
    sale = till.paid_by_qris({"KTO-100": 1}, "TRX-77")["id"]
    paper = text(till, sale)
    assert "QRIS" in paper
    assert "TRX-77" in paper


def test_the_picture_is_a_png_of_the_paper(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    answer = till.get(f"/sales/{sale}/receipt.png")
    assert answer.headers["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == 384
    assert picture.height > 200


def test_the_bytes_are_those_of_the_text_without_a_drawer_pulse(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    data = till.get(f"/sales/{sale}/receipt.bin").content
    assert data.startswith(b"\x1b@")
    assert b"\x1bp" not in data
    printed = [line.rstrip() for line in read(data).lines]
    assert [row for row in text(till, sale).splitlines() if row.strip() and row.rstrip() not in printed] == []


def test_a_sale_that_still_waits_has_no_receipt(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1}, qris=True)["id"]
    for kind in ("txt", "png", "bin"):
        answer = till.get(f"/sales/{sale}/receipt.{kind}")
        assert (answer.status, answer.code) == (404, "not_found")


def test_each_copy_is_marked_and_counted(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    sale = till.sell({"KTO-100": 1})["id"]
    first = text(till, sale)
    for n in (1, 2):
        answer = till.post(f"/sales/{sale}/reprint", {"id": new_id(), "register": "K1"}, who="cashier")
        assert answer.status == 201
        assert f"SALINAN ke-{n}" in newest_copy(till, sale)
    assert till.get(f"/shifts/{shift}/report")["copies"] == 2
    assert text(till, sale) == first
    assert "SALINAN" not in first
    assert b"SALINAN" not in till.get(f"/sales/{sale}/receipt.bin").content
    drawers = [job for job in till.get("/print-jobs")["items"] if job["kind"] == "drawer"]
    assert len(drawers) == 1


def newest_copy(shop: Shop, sale: str) -> str:
    from pos.db import db
    from pos.models import PrintJob
    from printers.document import Document
    from printers.layout import Paper
    from printers.render import to_text

    job = next(item for item in shop.get(f"/print-jobs?sale={sale}")["items"] if item["kind"] == "copy")
    with shop.app.app_context():
        return to_text(Document.from_json(db.session.get_one(PrintJob, job["id"]).document), Paper.of(32))


def test_a_copy_is_printed_at_the_register_that_asks(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    till.post(f"/sales/{sale}/reprint", {"id": new_id(), "register": "G1"})
    (job,) = [item for item in till.get("/print-jobs")["items"] if item["kind"] == "copy"]
    assert job["register"] == "G1"
    till.refused(404, "not_found", f"/sales/{new_id()}/reprint", {"id": new_id(), "register": "K1"})


def test_the_paper_of_a_refund_says_so(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    till.post(f"/sales/{sale}/void", {"id": new_id(), "reason": "salah tekan"})
    kinds = [job["kind"] for job in till.get(f"/print-jobs?sale={sale}")["items"]]
    assert "void" in kinds
