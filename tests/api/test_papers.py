"""What stands on papers: the bytes that were kept, reports on request, copies of everything."""

import io

import pytest
from PIL import Image

from printers.layout import Paper
from printers.reader import png_of, text_of
from printers.render import to_escpos, to_text
from tests.api.papers import jobs, keep, lines_of, verified
from tests.cast import approval
from tests.factories import Answer, Shop, new_id

HIDDEN = ("Kotor", "BERSIH", "Penjualan tunai", "Seharusnya", "Tunai", "115.000", "15.000")


def receipt(shop: Shop, sale: str, kind: str = "txt") -> Answer:
    return shop.get(f"/sales/{sale}/receipt.{kind}")


def document_of(shop: Shop, sale: str):  # type: ignore[no-untyped-def]
    from pos.queries.print_jobs import receipt_of

    with shop.app.app_context():
        return receipt_of(sale)[0]


def test_the_screen_shows_the_bytes_that_the_printer_got_and_not_a_new_rendering(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})["id"]
    (job,) = jobs(till, "receipt")
    wide = to_escpos(document_of(till, sale), Paper.of(48, "native"))
    keep(till, job, wide)
    assert receipt(till, sale, "bin").content == wide
    shown = receipt(till, sale).content.decode()
    assert shown == text_of(wide)
    assert max(map(len, shown.splitlines())) == 48
    picture = receipt(till, sale, "png").content
    assert picture == png_of(wide)
    assert Image.open(io.BytesIO(picture)).width == 576


def test_before_it_is_printed_the_receipt_is_what_the_printer_would_get(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2})["id"]
    data = receipt(till, sale, "bin").content
    assert data == to_escpos(document_of(till, sale), Paper.of(32))
    assert (
        receipt(till, sale).content.decode()
        == text_of(data)
        == to_text(document_of(till, sale), Paper.of(32))
    )


@pytest.mark.parametrize("kept", [b"\x1b@\x1bz\x00", b"half a line", b"\x10\x14\x01\x00\x01"])
def test_bytes_that_cannot_be_read_are_not_guessed_at(till: Shop, kept: bytes) -> None:
    sale = till.sell({"KTO-100": 2})["id"]
    keep(till, jobs(till, "receipt")[0], kept)
    assert receipt(till, sale, "bin").content == kept
    assert receipt(till, sale).content.decode() == to_text(document_of(till, sale), Paper.of(32))
    assert receipt(till, sale, "png").status == 200


def test_a_cashier_prints_an_x_report_without_what_would_tell_the_expected_cash(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    till.sell({"KTO-100": 1})
    body = {"id": new_id()}
    answer = till.post(f"/shifts/{shift}/report/print", body, who="cashier")
    assert (answer.status, answer["shift"]) == (201, shift)
    assert till.post(f"/shifts/{shift}/report/print", body, who="cashier").status == 200
    (job,) = jobs(till, "x")
    paper = lines_of(till, job)
    assert any("LAPORAN SEMENTARA (X) K1" in row for row in paper)
    assert "Dicetak oleh             cashier" in paper
    assert "Keripik Tempe Original 100 g" in paper
    assert [row for row in paper if row.startswith(HIDDEN) or row.endswith(HIDDEN)] == []
    assert verified(till) == []


def test_a_supervisor_prints_an_x_report_with_the_expected_cash(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    till.sell({"KTO-100": 1})
    assert till.post(f"/shifts/{shift}/report/print", {"id": new_id()}, who="supervisor").status == 201
    paper = lines_of(till, jobs(till, "x")[0])
    assert "Seharusnya               115.000" in paper
    assert "Kotor                     15.000" in paper
    assert [row for row in paper if row.startswith("Dihitung")] == []


def test_after_the_close_the_same_call_prints_copies_of_the_z(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    till.sell({"KTO-100": 1})
    till.close(shift, 115_000)
    for _ in range(2):
        assert till.post(f"/shifts/{shift}/report/print", {"id": new_id()}, who="cashier").status == 201
    first, *copies = [lines_of(till, job) for job in jobs(till, "z")]
    for number, copy in enumerate(copies, 1):
        assert copy[0].strip() == copy[-1].strip() == f"SALINAN ke-{number}"
        assert copy[1:-1] == first
    assert len(copies) == 2
    assert verified(till) == []


def test_a_report_is_printed_by_who_counts_and_where_they_stand(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    path = f"/shifts/{shift}/report/print"
    for who in ("auditor", "treasurer", "kiosk"):
        till.refused(403, "forbidden", path, {"id": new_id()}, who=who)
    till.refused(403, "forbidden", path, {"id": new_id()}, who="cashier at G1")
    till.refused(401, "sign_in", path, {"id": new_id()}, who=None)
    till.refused(404, "not_found", f"/shifts/{new_id()}/report/print", {"id": new_id()})
    till.refused(422, "validation_error", path, {"id": new_id(), "copies": 2})


def test_copies_of_a_z_are_counted_wherever_they_come_out(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    till.close(shift, 100_000)
    path = f"/shifts/{shift}/report/print"
    for register in ("G1", "K1", "G1"):
        assert till.post(path, {"id": new_id(), "register": register}).status == 201
    papers = jobs(till, "z")
    assert [job["register"] for job in papers] == ["K1", "G1", "K1", "G1"]
    assert [lines_of(till, job)[0].strip() for job in papers[1:]] == [f"SALINAN ke-{n}" for n in (1, 2, 3)]
    assert {job["title"] for job in papers} == {"Z K1 1"}
    till.refused(404, "not_found", path, {"id": new_id(), "register": "Z9"})
    till.refused(403, "forbidden", path, {"id": new_id(), "register": "G1"}, who="cashier")
    assert verified(till) == []


@pytest.mark.parametrize("kind", ["void", "cash", "x", "z", "label"])
def test_a_paper_of_unknown_outcome_is_printed_again_as_the_next_copy(till: Shop, kind: str) -> None:
    make(till, kind)
    job = jobs(till, kind)[-1]
    first = lines_of(till, job)
    for number in (1, 2):
        keep(till, job, b"a\n", status="unknown")
        assert till.post(f"/print-jobs/{job['id']}/retry", who="cashier").status == 200
        again = lines_of(till, job)
        assert again[0].strip() == f"SALINAN ke-{number}"
        rest = again[1:] if kind == "label" else again[1:-1]
        assert rest == first


def make(shop: Shop, kind: str) -> None:
    """Have a paper of this kind printed."""
    shift = shop.get("/shifts/current?register=K1")["id"]
    if kind == "void":
        sale = shop.sell({"KTO-100": 1})["id"]
        shop.post(f"/sales/{sale}/void", {"id": new_id(), "reason": "salah"})
    elif kind == "cash":
        body = {
            "id": new_id(),
            "direction": "out",
            "amount": 5_000,
            "reason": "parkir",
            "approval": approval(),
        }
        shop.post(f"/shifts/{shift}/cash", body, who="cashier")
    elif kind == "x":
        shop.post(f"/shifts/{shift}/report/print", {"id": new_id()})
    elif kind == "z":
        shop.close(shift, 100_000)
    else:
        items = [{"sku": "KTO-100", "copies": 3}]
        shop.post("/labels", {"id": new_id(), "kind": "shelf", "items": items, "register": "K1"})
