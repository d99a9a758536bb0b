"""Labels for shelves and packages, on receipt printers and on sheets, and whether their codes scan."""

import io
import json
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
import zxingcpp
from PIL import Image

from printers.layout import Paper
from printers.reader import png_of
from printers.render import to_escpos
from tests.api.papers import jobs, lines_of, verified
from tests.factories import Answer, Body, Shop, new_id
from tests.support.demo import on_sqlite

demo_url = on_sqlite


def order(kind: str, *items: Body, **more: object) -> Body:
    return {"id": new_id(), "kind": kind, "items": list(items), "register": "K1", **more}


def barcode(shop: Shop, sku: str) -> str:
    product = next(item for item in shop.get("/products")["items"] if item["sku"] == sku)
    return str(product["barcodes"][0])


def lot(shop: Shop, sku: str) -> Body:
    found: Body = shop.stock(sku)["lots"][0]
    return found


def scanned(image: Image.Image) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in zxingcpp.read_barcodes(image.convert("L")):
        found[code.text] = found.get(code.text, 0) + 1
    return found


def on_strip(shop: Shop, job: Body, columns: int) -> dict[str, int]:
    """What a scanner finds on the paper of a job."""
    from pos.db import db
    from pos.models import PrintJob
    from printers.document import Document

    with shop.app.app_context():
        document = Document.from_json(db.session.get_one(PrintJob, job["id"]).document)
    paper = Paper.of(columns)
    return scanned(Image.open(io.BytesIO(png_of(to_escpos(document, paper), paper, dots=paper.dots))))


def on_sheets(answer: Answer, folder: Path, dpi: int = 600) -> list[dict[str, int]]:
    """What a scanner finds on each page of a PDF."""
    (folder / "labels.pdf").write_bytes(answer.content)
    command = ["pdftoppm", "-r", str(dpi), "-gray", str(folder / "labels.pdf"), str(folder / "page")]
    subprocess.run(command, check=True)
    return [scanned(Image.open(page)) for page in sorted(folder.glob("page*.pgm"))]


def pdf(shop: Shop, kind: str, items: list[Body], who: str = "manager", **more: object) -> Answer:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return shop.get(f"/labels.pdf?kind={kind}&items={quote(json.dumps(items))}{query}", who=who)


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_shelf_label_has_name_price_unit_and_a_code_that_scans(shop: Shop, columns: int) -> None:
    assert shop.post("/labels", order("shelf", {"sku": "KTO-100", "copies": 2}), who="cashier").status == 201
    (job,) = jobs(shop, "label")
    label = lines_of(shop, job, columns)
    code = barcode(shop, "KTO-100")
    assert [row.strip() for row in label] == [
        "Keripik Tempe Original 100 g",
        "Rp 15.000",
        "per bungkus",
        f"[{code}]",
        code,
    ] * 2
    assert set(on_strip(shop, job, columns)) == {code}
    assert verified(shop) == []


def test_a_lot_label_has_lot_and_date_and_a_code_the_till_scans(shop: Shop) -> None:
    there = lot(shop, "MBT-250")
    assert shop.post("/labels", order("lot", {"sku": "MBT-250", "lot": there["lot"]})).status == 201
    words = " ".join(" ".join(lines_of(shop, jobs(shop, "label")[0])).split())
    year, month, day = there["expires_on"].split("-")
    assert f"Lot {there['lot']}" in words
    assert f"Baik digunakan sebelum {day}-{month}-{year}" in words
    assert "Rp" not in words
    assert on_strip(shop, jobs(shop, "label")[0], 32) == {barcode(shop, "MBT-250"): 1}


def test_a_square_on_a_lot_label_says_product_date_and_lot(shop: Shop) -> None:
    there = lot(shop, "MBT-250")
    shop.post("/labels", order("lot", {"sku": "MBT-250", "lot": there["lot"]}, code="qr"))
    date = there["expires_on"].replace("-", "")[2:]
    said = f"(01)0{barcode(shop, 'MBT-250')}(17){date}(10){there['lot']}"
    assert on_strip(shop, jobs(shop, "label")[0], 32) == {said: 1}


def test_many_labels_are_several_jobs_so_that_the_end_of_the_paper_spoils_few(shop: Shop) -> None:
    shop.post("/labels", order("shelf", {"sku": "KTO-100", "copies": 12}, {"sku": "KTP-100", "copies": 13}))
    counts = [sum(row.startswith("[") for row in lines_of(shop, job)) for job in jobs(shop, "label")]
    assert counts == [10, 10, 5]


def test_the_same_request_prints_its_labels_once(shop: Shop) -> None:
    body = order("shelf", {"sku": "KTO-100"})
    assert [shop.post("/labels", body).status for _ in range(2)] == [201, 200]
    assert len(jobs(shop, "label")) == 1
    shop.refused(409, "id_conflict", "/labels", body | {"kind": "lot"})


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"sku": "NICHTS"}], "items.0.sku"),
        ([{"sku": "KTO-100"}, {"sku": "KTO-100", "copies": 0}], "items.1.copies"),
        ([{"sku": "KTO-100", "copies": 201}], "items.0.copies"),
        ([{"sku": "KTO-100", "copies": 200}] * 3, "items"),
        ([{"sku": "KTO-100", "colour": "red"}], "items.0.colour"),
        ([], "items"),
    ],
)
def test_wrong_labels_are_refused_by_name(shop: Shop, items: list[Body], field: str) -> None:
    answer = shop.refused(422, "validation_error", "/labels", order("shelf", *items))
    assert answer["errors"][0]["field"] == field
    answer = pdf(shop, "shelf", items)
    assert (answer.status, answer["errors"][0]["field"]) == (422, field)


def test_a_lot_label_needs_a_lot_that_is_there(shop: Shop) -> None:
    for item in ({"sku": "KTO-100"}, {"sku": "KTO-100", "lot": "NIRGENDS"}):
        answer = shop.refused(422, "validation_error", "/labels", order("lot", item))
        assert answer["errors"][0]["field"] == "items.0.lot"


def test_labels_are_printed_where_one_stands_by_who_may_print_copies(shop: Shop) -> None:
    for who in ("kiosk", "auditor", "treasurer", "cashier at G1"):
        shop.refused(403, "forbidden", "/labels", order("shelf", {"sku": "KTO-100"}), who=who)
    assert pdf(shop, "shelf", [{"sku": "KTO-100"}], who="auditor").status == 200
    assert pdf(shop, "shelf", [{"sku": "KTO-100"}], who="kiosk").code == "forbidden"


@pytest.mark.parametrize(("sheet", "places"), [("3x8", 24), ("5x13", 65)])
def test_every_code_on_a_sheet_scans(shop: Shop, tmp_path: Path, sheet: str, places: int) -> None:
    there = lot(shop, "MBT-250")
    shelf, package = barcode(shop, "KTO-100"), barcode(shop, "MBT-250")
    answer = pdf(shop, "shelf", [{"sku": "KTO-100", "copies": places}, {"sku": "MBT-250"}], sheet=sheet)
    assert answer.content.startswith(b"%PDF")
    assert on_sheets(answer, tmp_path) == [{shelf: places}, {package: 1}]
    lots = [{"sku": "MBT-250", "lot": there["lot"], "copies": 4}]
    (tmp_path / "lots").mkdir()
    assert on_sheets(pdf(shop, "lot", lots, sheet=sheet), tmp_path / "lots") == [{package: 4}]
    (tmp_path / "squares").mkdir()
    (squares,) = on_sheets(pdf(shop, "lot", lots, sheet=sheet, code="qr"), tmp_path / "squares")
    assert list(squares.values()) == [4]


def test_a_sheet_that_was_used_in_part_is_used_up(shop: Shop, tmp_path: Path) -> None:
    answer = pdf(shop, "shelf", [{"sku": "KTO-100", "copies": 3}], first=23, right=2, down=-1)
    assert [sum(page.values()) for page in on_sheets(answer, tmp_path, 300)] == [2, 1]


@pytest.mark.parametrize(
    "more",
    [
        {"first": 25},
        {"first": 0},
        {"first": "x"},
        {"right": 21},
        {"sheet": "9x9"},
        {"colour": "red"},
        {"kind": "x"},
    ],
)
def test_a_sheet_asked_for_wrongly_is_refused(shop: Shop, more: Body) -> None:
    kind = more.get("kind", "shelf")
    more = {name: value for name, value in more.items() if name != "kind"}
    answer = pdf(shop, str(kind), [{"sku": "KTO-100"}], **more)
    assert (answer.status, answer.code) == (422, "validation_error")


@pytest.mark.parametrize("items", ["", "x", "{}", "[1]", "[" * 5_000, '"KTO-100"'])
def test_items_that_are_no_list_of_items_are_refused(shop: Shop, items: str) -> None:
    answer = shop.get(f"/labels.pdf?kind=shelf&items={quote(items)}")
    assert (answer.status, answer.code) == (422, "validation_error")
