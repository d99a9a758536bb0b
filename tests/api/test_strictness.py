"""What is not exactly right is refused, and nothing of it stays."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.bodies import bodies
from tests.api.orders import held, order
from tests.factories import Body, Shop, cart, new_id
from tests.support.demo import on_sqlite

demo_url = on_sqlite

NOT_INTEGERS: tuple[Any, ...] = (
    5.0,
    5.5,
    1e2,
    "5",
    True,
    False,
    None,
    [5],
    {"n": 5},
    float("nan"),
    float("inf"),
)
HUGE = (2**31, 2**63, 2**64, 10**30, 10**400)
NOT_IDS = (
    "",
    "x",
    5,
    None,
    True,
    "0197e2c4",
    "0197e2c4-0000-7000-8000-00000000000g",
    "urn:uuid:" + new_id(),
    new_id().replace("-", ""),
    f" {new_id()}",
    f"{new_id()}\n",
    [new_id()],
)
CONTROLS = ("a\nb", "a\tb", "a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b", "a\u202eb", "a\u200bb", "\n")


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*at, key))
    else:
        yield at, value


def objects(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield at
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from objects(item, (*at, key))


def altered(body: Body, at: tuple[Any, ...], value: Any) -> Body:
    copy: Body = json.loads(json.dumps(body))
    target: Any = copy
    for key in at[:-1]:
        target = target[key]
    target[at[-1]] = value
    return copy


def refuse_all(shop: Shop, attacks: list[tuple[str, Body]]) -> None:
    before = shop.rows()
    for path, body in attacks:
        answer = shop.send("POST", path, json.dumps(body).encode())
        assert (answer.status, answer.code) == (422, "validation_error"), (path, body, answer.body)
        assert answer["errors"], (path, body)
        assert all(error["message"] for error in answer["errors"])
    assert shop.changed(before) == {}


def test_a_number_that_is_no_json_integer_is_refused_in_every_call(till: Shop) -> None:
    attacks = [
        (path, altered(body, at, value))
        for path, body in bodies(till).items()
        for at, was in leaves(body)
        if isinstance(was, int) and not isinstance(was, bool)
        for value in NOT_INTEGERS
        # A count may also be an object of denominations, and these may be left out.
        if not (value is None and at[-1] in ("counted", "total", "unit_cost"))
    ]
    assert len(attacks) > 100
    refuse_all(till, attacks)


def test_a_number_beyond_all_money_is_refused_in_every_call(till: Shop) -> None:
    refuse_all(
        till,
        [
            (path, altered(body, at, value))
            for path, body in bodies(till).items()
            for at, was in leaves(body)
            if isinstance(was, int) and not isinstance(was, bool)
            for value in (*HUGE, *(-number for number in HUGE))
            if not (value == 2**31 and at[-1] in MONEY)
        ],
    )


MONEY = ("amount", "discount", "total", "float", "counted", "unit_cost")


def test_a_negative_number_is_refused_where_there_is_no_less_than_nothing(till: Shop) -> None:
    refuse_all(
        till,
        [
            (path, altered(body, at, -1))
            for path, body in bodies(till).items()
            for at, was in leaves(body)
            if isinstance(was, int) and not isinstance(was, bool) and not path.endswith(SIGNED)
        ],
    )


SIGNED = ("/stock/adjustments", "/tallies")
"""Calls whose quantities may be below nothing."""
MAY_BE_NOTHING = ("/receive", "/tallies")
"""Calls where no piece is an answer: none arrived, none lies there."""


def test_nothing_is_no_quantity_and_no_cash_in(till: Shop) -> None:
    all_bodies = bodies(till)
    refuse_all(
        till,
        [
            (path, altered(body, at, 0))
            for path, body in all_bodies.items()
            for at, _ in leaves(body)
            if (at[-1] == "quantity" and not path.endswith(MAY_BE_NOTHING))
            or (at[-1] == "amount" and path.endswith("/cash"))
        ],
    )


def test_an_unknown_field_is_refused_at_every_depth_of_every_call(till: Shop) -> None:
    attacks = [
        (path, altered(body, (*at, "colour"), "red"))
        for path, body in bodies(till).items()
        for at in objects(body)
    ]
    assert len(attacks) > 15
    refuse_all(till, attacks)


def test_an_unknown_field_is_refused_even_in_calls_without_an_id(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1}, qris=True)
    made = held(till, {"KTO-100": 1})["id"]
    before = till.rows()
    answer = till.send("DELETE", f"/orders/{made}", b'{"force": true}')
    assert (answer.status, answer.code) == (422, "validation_error")
    assert till.changed(before) == {}
    refuse_all(
        till,
        [
            (f"/sales/{sale['id']}/cancel", {"force": True}),
            (f"/sales/{sale['id']}/confirm", {"reference": "1", "amount": 5}),
            (f"/sales/{sale['id']}/confirm", {}),
            (f"/sales/{sale['id']}/confirm", {"reference": ""}),
            (f"/sales/{sale['id']}/confirm", {"reference": 5}),
            (f"/print-jobs/{new_id()}/resolve", {"outcome": "lost"}),
            (f"/print-jobs/{new_id()}/resolve", {}),
            (f"/print-jobs/{new_id()}/retry", {"now": True}),
        ],
    )


def test_an_approval_of_another_shape_is_refused(till: Shop) -> None:
    wrong = (
        5,
        "x",
        [],
        {"user": "Pengawas"},
        {"pin": "1"},
        {"user": "Pengawas", "pin": 222_222},
        {"user": "Pengawas", "pin": "222222", "for": "ever"},
    )
    refuse_all(till, [("/sales", cart({"KTO-100": 1}) | {"approval": value}) for value in wrong])


def test_an_order_that_is_no_uuid_is_refused(till: Shop) -> None:
    wrong = [value for value in NOT_IDS if value is not None]
    refuse_all(till, [("/sales", cart({"KTO-100": 1}) | {"order": value}) for value in wrong])
    refuse_all(till, [("/orders", order({"KTO-100": 1}) | {"order": value}) for value in wrong])
    refuse_all(till, [("/orders", order({"KTO-100": 1}) | {"kind": value}) for value in ("", "x", 5)])


def test_an_id_that_is_no_uuid_is_refused_in_every_call(till: Shop) -> None:
    refuse_all(
        till,
        [(path, body | {"id": value}) for path, body in bodies(till).items() for value in NOT_IDS],
    )


NEEDED_HERE = (
    ("/sales", "register"),
    ("/orders", "register"),
    ("/stock/adjustments", "reason"),
    ("/stock/sources", "kind"),
)


def test_every_field_that_is_needed_is_missed(till: Shop) -> None:
    optional = {
        "discount",
        "reason",
        "total",
        "lot",
        "expires_on",
        "unit_cost",
        "counted",
        "restock",
        "method",
        "register",
        "kind",
        "note",
        "source",
        "missing",
    }
    refuse_all(
        till,
        [
            (path, {name: value for name, value in body.items() if name != key})
            for path, body in bodies(till).items()
            for key in body
            if key not in optional
            or (path, key) in NEEDED_HERE
            or (key == "register" and "/transfers/" in path)
        ],
    )


def test_text_with_control_characters_is_refused_in_every_call(till: Shop) -> None:
    ids = ("id", "method", "direction", "expires_on", "made_on")
    attacks = [
        (path, altered(body, at, value))
        for path, body in bodies(till).items()
        for at, was in leaves(body)
        if isinstance(was, str) and at[-1] not in ids
        for value in CONTROLS
    ]
    sale = till.sell({"KTO-100": 1}, qris=True)
    attacks += [(f"/sales/{sale['id']}/confirm", {"reference": value}) for value in CONTROLS]
    refuse_all(till, attacks)


def test_text_without_end_is_refused(till: Shop) -> None:
    refuse_all(
        till,
        [
            (path, altered(body, at, "x" * 5_000))
            for path, body in bodies(till).items()
            for at, was in leaves(body)
            if isinstance(was, str)
        ],
    )


def test_a_reason_of_nothing_is_no_reason(till: Shop) -> None:
    needed = ("/cash", "/drawer", "/void", "/refunds")
    refuse_all(
        till,
        [
            (path, body | {"reason": value})
            for path, body in bodies(till).items()
            if path.endswith(needed)
            for value in ("", " ", None, 5)
        ],
    )


def test_lists_are_neither_empty_nor_endless(till: Shop) -> None:
    refuse_all(
        till,
        [
            (path, body | {"lines": value})
            for path, body in bodies(till).items()
            if "lines" in body
            for value in ([], {}, "x", None, body["lines"] * 5_001, [None], [[]])
            # Of a transfer nothing at all may arrive.
            if not (value == [] and path.endswith("/receive"))
        ],
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"5",
        b"\xff\xfe",
        b'{"id": "\xff"}',
        b'{"id": "\\ud800"}',
        b'{"a": NaN}',
        "{}".encode("utf-16"),
        b"{'id': 1}",
        b'{"id": 1,}',
        b'{"lines": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"x": ' * 5_000 + b"1" + b"}" * 5_000,
        b'{"quantity": ' + b"9" * 10_000 + b"}",
    ],
    ids=range(17),
)
def test_what_is_no_json_object_is_refused_without_a_fault(till: Shop, data: bytes) -> None:
    before = till.rows()
    answer = till.send("POST", "/sales", data)
    assert (answer.status, answer.code) == (422, "validation_error"), answer.body
    assert till.changed(before) == {}


def test_a_field_given_twice_is_refused(till: Shop) -> None:
    body = json.dumps(cart({"KTO-100": 1}))
    before = till.rows()
    for twice in (
        body.replace('"quantity": 1', '"quantity": 2, "quantity": 1'),
        body[:-1] + f', "id": "{new_id()}"}}',
        body.replace('"amount": 15000', '"amount": 15000, "amount": 15000'),
    ):
        answer = till.send("POST", "/sales", twice.encode(), who="cashier")
        assert (answer.status, answer.code) == (422, "validation_error"), answer.body
    assert till.changed(before) == {}


def test_a_body_that_is_too_large_is_refused_whole(till: Shop) -> None:
    answer = till.send("POST", "/sales", b'{"id": "' + b"x" * 3_000_000 + b'"}')
    assert (answer.status, answer.code) == (413, "validation_error")
