"""A form that came back: it keeps what was typed, leads to each fault and begins at the first."""

import re

from pos.web.office.faults import linked
from tests.web.office.conftest import Office


def faults(source: str) -> list[tuple[str, str]]:
    return re.findall(r'<li><a href="#([^"]+)">([^<]*)</a>: ', source)


def test_each_fault_leads_to_its_field_and_the_first_one_is_focused(office: Office) -> None:
    person = office("Manajer")
    form = {"sku": "", "name": "", "unit": "kotak", "price": "murah", "position": "x", "barcodes": "123"}
    said = person.send("products/new", form, status=422)
    assert "See the marked fields." in said
    found = dict(faults(person.source))
    assert {"sku", "name", "price", "position"} <= found.keys()
    assert found["price"] == "Price"
    ids = set(re.findall(r'\sid="([^"]+)"', person.source))
    assert found.keys() <= ids
    (focused,) = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)" autofocus', person.source)
    order = [
        name
        for name in re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', person.source)
        if name in found
    ]
    assert focused == order[0]
    assert person.value("price") == "murah"
    assert person.value("unit") == "kotak"


def test_a_fault_in_a_row_names_the_row(office: Office) -> None:
    person = office("Manajer")
    form = {"location": "GUDANG", "lines.0.sku": "KTO-100", "lines.0.quantity": "1"}
    person.send("stock/receive", {**form, "lines.1.sku": "KTO-100", "lines.1.quantity": "banyak"}, status=422)
    assert ("lines.1.quantity", "Row 2, Quantity") in faults(person.source)
    assert person.value("lines.1.quantity") == "banyak"


def test_a_page_that_refuses_nothing_is_left_alone(office: Office) -> None:
    person = office("Manajer")
    person.see("products/new")
    assert "data-fault" not in person.source
    assert " autofocus" not in person.source


def test_what_was_typed_is_never_taken_for_a_part_of_the_page() -> None:
    page = '<li data-fault="a&#34;b">x &lt;b&gt;</li><label for="c">C</label><input id="c" value="">'
    assert linked(page, {'a"b'}) == '<li>x &lt;b&gt;</li><label for="c">C</label><input id="c" value="">'
    page = '<li data-fault="c">m</li><label for="c">C <b>d</b></label><input class="input" id="c" value="">'
    assert '<a href="#c">C d</a>: m' in linked(page, {"c"})
