"""Notes on sales, on orders and on their lines: kept, printed, proven, and shown to nobody else."""

import re
from typing import Any

import pytest

from tests.api.orders import held, slip
from tests.factories import Shop, cart

pytestmark = pytest.mark.usefixtures("noon", "books")

LINES: list[dict[str, Any]] = [
    {"sku": "KTO-100", "quantity": 2, "note": "yang renyah"},
    {"sku": "MBT-250", "quantity": 1},
]


def paper(shop: Shop, sale: str) -> str:
    return " ".join(shop.get(f"/sales/{sale}/receipt.txt").content.decode().split())


def test_a_note_stays_with_its_line_and_its_sale_and_is_printed(till: Shop) -> None:
    sold = till.sell(LINES, note="untuk blok C")
    assert (sold["note"], [line["note"] for line in sold["lines"]]) == ("untuk blok C", ["yang renyah", ""])
    again = till.get(f"/sales/{sold['id']}")
    assert (again["note"], [line["note"] for line in again["lines"]]) == ("untuk blok C", ["yang renyah", ""])
    words = paper(till, sold["id"])
    assert "Catatan: yang renyah" in words
    assert "Catatan: untuk blok C" in words


def test_a_sale_that_waits_for_its_payment_keeps_its_notes(till: Shop) -> None:
    sold = till.paid_by_qris(LINES, "REF-NOTE", note="untuk blok C")
    assert "Catatan: untuk blok C" in paper(till, sold["id"])
    assert till.get(f"/sales/{sold['id']}")["lines"][0]["note"] == "yang renyah"


def test_a_note_is_part_of_what_was_asked(till: Shop) -> None:
    body = cart(LINES, note="satu")
    assert till.post("/sales", body, who="cashier").status == 201
    assert till.post("/sales", body, who="cashier").status == 200
    till.refused(409, "id_conflict", "/sales", body | {"note": "dua"}, who="cashier")


@pytest.mark.parametrize("note", ["x" * 201, "dua\nbaris", "\x1b[2J", 5, None])
def test_a_note_that_is_no_short_text_is_refused_at_its_field(till: Shop, note: object) -> None:
    answer = till.refused(422, "validation_error", "/sales", cart({"KTO-100": 1}, note=note), who="cashier")
    assert answer["errors"][0]["field"] == "note"
    line = {"sku": "KTO-100", "quantity": 1, "note": note}
    answer = till.refused(422, "validation_error", "/sales", cart([line]), who="cashier")
    assert answer["errors"][0]["field"] == "lines.0.note"


def test_two_hundred_letters_are_a_note_and_spaces_are_none(till: Shop) -> None:
    assert till.sell({"KTO-100": 1}, note="ñ" * 200)["note"] == "ñ" * 200
    assert till.sell({"KTO-100": 1}, note="   ")["note"] == ""


def test_a_held_cart_gives_its_notes_back_and_a_slip_says_them(till: Shop) -> None:
    made = held(till, LINES, note="n" * 200)
    assert (made["note"], [line["note"] for line in made["lines"]]) == ("n" * 200, ["yang renyah", ""])
    printed = slip(till, LINES, note="Bu Sri")
    words = re.sub(r"\s+", " ", till.get(f"/orders/{printed['id']}/slip.txt").content.decode())
    assert "Catatan: Bu Sri" in words
    assert "Catatan: yang renyah" in words
