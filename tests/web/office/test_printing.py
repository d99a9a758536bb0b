"""The look of receipts with its preview, copies at another register, labels."""

import base64
import io
import re
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.factories import Shop, new_id
from tests.web.office.conftest import Office
from tests.web.office.person import OURS, Person

LOOK = {
    "receipt_header": "NPWP 01.234\r\nWA 0812-3456",
    "receipt_footer": "Terima kasih\r\nSampai jumpa",
    "receipt_show_cashier": "1",
    "receipt_show_unit_prices": "1",
}
PAGE = "settings/receipt/"


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


def drawing(kind: str = "PNG", size: tuple[int, int] = (300, 120)) -> bytes:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((20, 20, size[0] - 20, size[1] - 20), fill="black")
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def with_logo(data: bytes, **more: object) -> dict[str, Any]:
    return {**LOOK, "logo": (io.BytesIO(data), "logo.png"), "form_id": new_id(), **more}


def asked(person: Person, form: dict[str, Any]) -> Any:
    """What a script gets for the form."""
    headers = {**OURS, "Accept": "application/json"}
    return person.client.post(f"/back-office/{PAGE}preview", data=form, headers=headers)


def picture_of(address: str) -> Image.Image:
    image = Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,"))))
    image.load()
    return image


def test_what_is_saved_stands_on_the_next_receipt(manager: Person, till: Shop) -> None:
    assert "Saved. Receipts look like this" in manager.send(PAGE, LOOK)
    sale = till.sell({"KTO-100": 1})
    said = manager.see(f"sales/{sale['id']}")
    assert "WA 0812-3456" in said
    assert "Sampai jumpa" in said


def test_saving_the_same_again_writes_nothing(manager: Person, shop: Shop) -> None:
    manager.send(PAGE, LOOK)
    before = shop.rows()
    manager.send(PAGE, LOOK)
    assert shop.changed(before) == {}


def test_the_other_settings_leave_the_lines_of_a_receipt_alone(manager: Person, till: Shop) -> None:
    manager.send(PAGE, LOOK)
    manager.see("settings/")
    names = [
        "name",
        "rounding_step",
        "limit_discount_percent",
        "limit_over_short",
        "limit_manual_qris",
        "idle_lock_seconds",
        "print_hours",
        "order_slip_minutes",
    ]
    manager.send("settings/", {**{name: manager.value(name) for name in names}, "merchant_qris": ""})
    manager.see(PAGE)
    assert "Terima kasih\nSampai jumpa</textarea>" in manager.source


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_made_fit_for_paper_and_can_be_taken_away(manager: Person, till: Shop, kind: str) -> None:
    manager.send(PAGE, with_logo(drawing(kind, (900, 400))), content_type="multipart/form-data")
    logo = picture_of("data:image/png;base64," + manager.value("receipt_logo"))
    assert logo.mode == "1"
    assert logo.width <= 384
    assert logo.height <= 200
    manager.send(PAGE, {**LOOK, "receipt_logo": manager.value("receipt_logo"), "no_logo": "1"})
    assert manager.value("receipt_logo") == ""


@pytest.mark.parametrize(
    "data", [b"no picture", b"GIF89a" + b"\0" * 40, b"\x89PNG\r\n\x1a\n" + b"\xff" * 200]
)
def test_a_file_that_is_no_picture_is_refused_at_the_field(manager: Person, shop: Shop, data: bytes) -> None:
    before = shop.rows()
    manager.send(PAGE, with_logo(data), status=422, content_type="multipart/form-data")
    assert "not a picture" in manager.fault("logo")
    assert shop.changed(before) == {}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("receipt_header", "x" * 151),
        ("receipt_header", "1\n2\n3\n4"),
        ("receipt_footer", "x" * 301),
        ("receipt_footer", "a\x1bb"),
        ("receipt_footer", "1\n2\n3\n4\n5\n6\n7"),
    ],
)
def test_words_that_do_not_fit_are_refused_by_the_page_and_by_its_preview(
    manager: Person, shop: Shop, field: str, typed: str
) -> None:
    before = shop.rows()
    manager.send(PAGE, {**LOOK, field: typed}, status=422)
    assert manager.fault(field)
    answer = asked(manager, {**LOOK, field: typed})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert shop.changed(before) == {}


def test_a_forged_logo_is_refused(manager: Person, shop: Shop) -> None:
    before = shop.rows()
    for logo in ("x", "<script>", "AAAA", "é"):
        manager.send(PAGE, {**LOOK, "receipt_logo": logo}, status=422)
        assert manager.fault("logo")
    assert shop.changed(before) == {}


def test_a_script_gets_both_pictures_and_nothing_is_saved(manager: Person, shop: Shop) -> None:
    before = shop.rows()
    answer = asked(manager, {**LOOK, "receipt_header": "Halo pelanggan"})
    assert answer.status_code == 200
    pictures = {columns: picture_of(data) for columns, data in answer.json["pictures"].items()}
    assert pictures["48"].width > pictures["32"].width
    for text in answer.json["texts"].values():
        assert "Halo pelanggan" in text
    hidden = asked(manager, {key: value for key, value in LOOK.items() if key != "receipt_show_unit_prices"})
    assert "x 8.000" in answer.json["texts"]["32"]
    assert "x 8.000" not in hidden.json["texts"]["32"]
    assert shop.changed(before) == {}


def test_without_a_script_the_button_shows_the_form_with_its_preview_and_keeps_the_logo(
    manager: Person, shop: Shop
) -> None:
    before = shop.rows()
    manager.send(PAGE + "preview", with_logo(drawing()), content_type="multipart/form-data")
    assert re.search(r'<img class="receipt-picture"[^>]*alt="[^"]*NPWP 01\.234', manager.source)
    logo = manager.value("receipt_logo")
    assert len(logo) > 50
    assert shop.changed(before) == {}
    manager.send(PAGE, {**LOOK, "receipt_logo": logo})
    assert manager.value("receipt_logo") == logo


def test_only_managers_change_or_try_the_look_of_receipts(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    before = shop.rows()
    person.see(PAGE, status=403)
    for page in (PAGE, PAGE + "preview"):
        person.send(page, LOOK, status=403)
    assert shop.changed(before) == {}


def test_a_copy_comes_out_at_the_chosen_register(office: Office, till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})
    person = office("Pengawas")
    person.see(f"sales/{sale['id']}")
    assert '<option value="K2">' in person.source
    said = person.send(f"sales/{sale['id']}/reprint", {"register": "K2"})
    assert "A copy is being printed at K2." in said
    newest = till.get("/print-jobs")["items"][0]
    assert (newest["kind"], newest["register"]) == ("copy", "K2")
    before = till.rows()
    person.send(f"sales/{sale['id']}/reprint", {"register": "X9"})
    assert till.changed(before) == {}


def test_labels_are_printed_at_a_register_once(office: Office, till: Shop) -> None:
    person = office("Pengawas")
    person.see("labels/KTO-100")
    assert "K1" in person.source
    form = {"what": "-", "copies": "3", "code": "barcode", "register": "K1", "form_id": new_id()}
    assert "Labels are being printed at K1." in person.send("labels/KTO-100", form)
    before = till.rows()
    person.send("labels/KTO-100", form)
    assert till.changed(before) == {}
    assert [job["kind"] for job in till.get("/print-jobs")["items"]] == ["label"]


def test_a_lot_has_labels_of_its_own(office: Office, till: Shop) -> None:
    person = office("Pengawas")
    person.see("stock/")
    link = re.search(r'href="/back-office/(labels/[^"?]+\?lot=[^"]+)"', person.source)
    assert link is not None
    person.see(link.group(1))
    chosen = re.search(r'<option value="(=[^"]+)" selected>', person.source)
    assert chosen is not None
    path = link.group(1).partition("?")[0]
    form = {"what": chosen.group(1), "copies": "1", "code": "qr", "register": "K1"}
    assert "Labels are being printed at K1." in person.send(path, form)


def test_a_sheet_is_a_pdf_for_everybody_who_sees_stock(office: Office, shop: Shop) -> None:
    before = shop.rows()
    person = office("Pemeriksa")
    person.see("labels/KTO-100")
    assert "Print labels" not in person.source
    answer = person.client.get(
        "/back-office/labels/sheet/KTO-100?what=-&copies=30&code=barcode&sheet=3x8&first=5"
    )
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert shop.changed(before) == {}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("copies", "0"),
        ("copies", "201"),
        ("copies", "x"),
        ("code", "rune"),
        ("sheet", "1x1"),
        ("first", "25"),
        ("first", "0"),
        ("what", "=no such lot"),
    ],
)
def test_a_sheet_that_cannot_be_made_is_refused_at_its_field(
    office: Office, shop: Shop, field: str, typed: str
) -> None:
    person = office("Manajer")
    asked = {"what": "-", "copies": "1", "code": "barcode", "sheet": "3x8", "first": "1", field: typed}
    person.page = person.client.get("/back-office/labels/sheet/KTO-100", query_string=asked)
    assert person.page.status_code == 422
    assert person.fault(field)


def test_labels_for_a_register_that_is_not_there_are_refused(office: Office, shop: Shop) -> None:
    before = shop.rows()
    person = office("Manajer")
    form = {"what": "-", "copies": "1", "code": "barcode", "register": "X9"}
    person.send("labels/KTO-100", form, status=422)
    assert person.fault("register")
    person.send("labels/KTO-100", {**form, "register": "K1", "what": "=none"}, status=422)
    assert person.fault("what")
    person.see("labels/NO-SUCH", status=404)
    assert shop.changed(before) == {}
