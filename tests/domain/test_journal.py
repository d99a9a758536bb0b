"""The books' text: a spelling of its own for every value, and a chain that nobody can bend."""

import json
from collections import OrderedDict
from enum import IntEnum, StrEnum
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos.domain.journal import GENESIS, CanonicalError, canonical, entry_hash, entry_line, is_canonical

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), texts)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=15,
)

ENTRY = {
    "book": "K1",
    "seq": 7,
    "at": "2026-11-24T03:04:05.000006+00:00",
    "kind": "sale",
    "actor": {"user": "Kasir", "register": "K1"},
    "request": "0197b2f0-0000-7000-8000-000000000001",
    "content": '{"total":38000}',
    "previous": GENESIS,
}


def same(one, other):
    """Equal as JSON: Python calls 1 and True equal, the books do not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other


def line_of(**changes):
    return entry_line(**{**ENTRY, **changes})


def test_keys_are_sorted_nothing_is_spaced_and_letters_stay_letters():
    assert canonical({"b": [1, None, True], "a": "é茶\n"}) == '{"a":"é茶\\n","b":[1,null,true]}'


@given(values)
def test_reading_the_text_gives_the_value_back(value):
    assert same(json.loads(canonical(value)), value)


@given(values, values)
def test_two_values_have_one_text_only_if_they_are_the_same(one, other):
    assert (canonical(one) == canonical(other)) == same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (None, "null"),
        (1, "1"),
        ({}, []),
        ([[]], []),
        ({"a": 1}, {"a": "1"}),
        ("", None),
    ],
)
def test_values_that_python_or_people_mix_up_are_told_apart(one, other):
    assert canonical(one) != canonical(other)


@given(st.dictionaries(texts, scalars, max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_keys_were_put_in_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical(dict(items)) == canonical(value)


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        float("inf"),
        {1: "a"},
        {None: "a"},
        {True: "a"},
        {"a": {2: 1}},
        {Colour.RED: 1},
        (1, 2),
        {1, 2},
        b"bytes",
        object(),
        Colour.RED,
        Number.ONE,
        OrderedDict(a=1),
        "\ud800",
        {"\udfff": 1},
        10**5000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_one_spelling_is_refused_at_any_depth(value):
    for wrapped in (value, [value], {"a": value}, {"a": [1, {"b": [value]}]}, ["x", value, "y"]):
        with pytest.raises(CanonicalError):
            canonical(wrapped)


def test_a_value_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    ring = {"a": [1]}
    ring["a"].append(ring)
    for value in (loop, ring):
        with pytest.raises(CanonicalError):
            canonical(value)


def test_a_value_too_deep_to_write_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(CanonicalError):
        canonical(deep)


def test_one_value_may_stand_in_two_places():
    lot = {"lot": 1}
    assert canonical([lot, lot]) == '[{"lot":1},{"lot":1}]'


@given(values)
def test_the_canonical_text_is_known_from_other_spellings(value):
    text = canonical(value)
    assert is_canonical(text)
    assert not is_canonical(" " + text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        "1.0",
        "1e3",
        "NaN",
        '"\\u0061"',
        '"\\ud800"',
        "[" * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_every_other_spelling_is_refused(text):
    assert not is_canonical(text)


def test_an_entry_is_one_canonical_object_with_the_content_as_it_is():
    line = line_of()
    assert is_canonical(line)
    assert json.loads(line) == {**ENTRY, "content": {"total": 38000}}
    assert '"content":{"total":38000},' in line


@given(
    book=texts,
    seq=st.integers(1, 10**9),
    kind=texts,
    actor=st.dictionaries(texts, scalars, max_size=3),
    request=st.one_of(st.none(), texts),
    content=values,
)
def test_any_entry_is_canonical(book, seq, kind, actor, request, content):
    line = line_of(book=book, seq=seq, kind=kind, actor=actor, request=request, content=canonical(content))
    assert is_canonical(line)


def test_the_hash_is_that_of_the_line_in_utf_8():
    line = line_of(kind="é茶")
    assert entry_hash(line) == sha256(line.encode("utf-8")).hexdigest()
    assert len(entry_hash(line)) == len(GENESIS) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"book": "K2"},
        {"seq": 8},
        {"at": "2026-11-24T03:04:05.000007+00:00"},
        {"kind": "refund"},
        {"actor": {"user": "Kasir", "register": "K2"}},
        {"actor": {"user": "Kasir"}},
        {"request": None},
        {"request": "0197b2f0-0000-7000-8000-000000000002"},
        {"content": '{"total":38001}'},
        {"content": "null"},
        {"previous": "1" + GENESIS[1:]},
    ],
    ids=str,
)
def test_a_change_of_any_field_changes_the_hash(change):
    assert entry_hash(line_of(**change)) != entry_hash(line_of())


field_values = {
    "book": texts,
    "seq": st.integers(1, 10**6),
    "kind": texts,
    "request": st.one_of(st.none(), texts),
    "content": values.map(canonical),
}


@given(st.fixed_dictionaries(field_values), st.fixed_dictionaries(field_values))
def test_different_entries_have_different_lines(one, other):
    assume(one != other)
    assert line_of(**one) != line_of(**other)


@given(st.lists(values, min_size=2, max_size=6), st.data())
def test_changing_an_old_entry_breaks_every_hash_after_it(contents, data):
    def chain(all_contents):
        previous, hashes = GENESIS, []
        for seq, content in enumerate(all_contents, start=1):
            previous = entry_hash(line_of(seq=seq, content=canonical(content), previous=previous))
            hashes.append(previous)
        return hashes

    at = data.draw(st.integers(0, len(contents) - 1))
    other = data.draw(values)
    assume(not same(other, contents[at]))
    changed = [*contents[:at], other, *contents[at + 1 :]]
    before, after = chain(contents), chain(changed)
    assert before[:at] == after[:at]
    assert all(one != two for one, two in zip(before[at:], after[at:], strict=True))
