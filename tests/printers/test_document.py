import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.document import QR, Barcode, Columns, Cut, Document, Feed, Image, Rule, Text
from tests.printers.samples import everything, receipt

words = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
blocks = st.one_of(
    st.builds(Text, words, st.sampled_from(["left", "center", "right"]), st.booleans(), st.booleans()),
    st.builds(Columns, words, words, st.booleans(), st.booleans()),
    st.builds(Rule, st.characters(exclude_categories=())),
    st.builds(Feed, st.integers(1, 30)),
    st.builds(QR, words.filter(bool), words),
    st.builds(Image, st.binary(max_size=40)),
    st.just(Barcode("8991234567891")),
    st.just(Cut()),
)


@settings(deadline=None)
@given(st.lists(blocks, max_size=8))
def test_a_document_comes_back_from_json_as_it_was(parts: list) -> None:
    document = Document(tuple(parts))
    text = document.to_json()
    assert Document.from_json(text) == document
    assert text.isascii()
    assert "\n" not in text


@pytest.mark.parametrize("document", [receipt(), everything()])
def test_the_shops_documents_come_back_from_json(document: Document) -> None:
    assert Document.from_json(document.to_json()) == document


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"blocks":{}}',
        '{"blocks":[],"more":1}',
        '{"blocks":["text"]}',
        '{"blocks":[{"type":"script"}]}',
        '{"blocks":[{"type":["text"]}]}',
        '{"blocks":[{"type":"text"}]}',
        '{"blocks":[{"type":"text","text":1}]}',
        '{"blocks":[{"type":"text","text":"a","colour":"red"}]}',
        '{"blocks":[{"type":"text","text":"a","align":"middle"}]}',
        '{"blocks":[{"type":"text","text":"a","bold":1}]}',
        '{"blocks":[{"type":"feed","lines":0}]}',
        '{"blocks":[{"type":"feed","lines":1000000}]}',
        '{"blocks":[{"type":"feed","lines":true}]}',
        '{"blocks":[{"type":"rule","char":"--"}]}',
        '{"blocks":[{"type":"qr","data":""}]}',
        '{"blocks":[{"type":"barcode","data":"8991234567890"}]}',
        '{"blocks":[{"type":"barcode","data":"89912345678"}]}',
        '{"blocks":[{"type":"image","png":"not base64!"}]}',
        '{"blocks":[{"type":"image","png":7}]}',
        "[" * 100_000,
    ],
)
def test_anything_else_is_refused_with_a_value_error(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Document.from_json(wrong)


def test_json_leaves_out_what_is_usual() -> None:
    plain = json.loads(Document((Text("a"), Text("b", bold=True))).to_json())
    assert plain == {"blocks": [{"type": "text", "text": "a"}, {"type": "text", "text": "b", "bold": True}]}
