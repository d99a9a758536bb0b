"""The checker of crowds can fail: an honest small history passes, and each lie told in it is found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.invariants.crowd import answers, goods, ledger, money
from tests.invariants.crowd.ledger import Entry, Ledger
from tests.invariants.crowd.record import Attempt, Body, Call, History

SHELVES = {"T1": "GUDANG"}
PRICE = 10_000


def call(number: int, kind: str, path: str, body: Body, *attempts: Attempt, method: str = "POST") -> Call:
    return Call(number, "till 0", kind, method, path, body, list(attempts), "T1")


def told(start: float, status: int, body: Any, took: float = 1.0) -> Attempt:
    return Attempt(start, start + took, status, body)


def sale(sale_id: str, number: int, pieces: int, **more: Any) -> Body:
    worth = pieces * PRICE
    line = {"sku": "A", "name": "A", "quantity": pieces, "unit_price": PRICE, "discount": 0, "total": worth}
    return {
        "id": sale_id,
        "register": "T1",
        "shift": "shift",
        "number": f"T1-{number:06d}",
        "status": "completed",
        "business_date": "2026-11-24",
        "created_at": "now",
        "completed_at": "now",
        "lines": [line],
        "subtotal": worth,
        "discount": 0,
        "rounding": 0,
        "total": worth,
        "tenders": [{"method": "cash", "amount": worth + 500}],
        "change": 500,
        "refunded": 0,
        "refunds": [],
        "entry_hash": sale_id,
        **more,
    }


def wanted(sale_id: str, pieces: int) -> Body:
    return {"id": sale_id, "register": "T1", "lines": [{"sku": "A", "quantity": pieces}]}


def stock(on_hand: int, reserved: int = 0) -> list[Body]:
    lot = {"lot": "L", "expires_on": None, "on_hand": on_hand, "reserved": reserved}
    item = {"sku": "A", "location": "GUDANG", "on_hand": on_hand, "reserved": reserved}
    return [{**item, "available": on_hand - reserved, "lots": [lot]}]


REFUSED = {"code": "insufficient_stock", "lines": [{"sku": "A", "quantity": 9, "available": 5}]}


def honest() -> History:
    """Ten pieces: three are sold, two more by a call whose answer was lost, nine are refused, one comes back
    and four come in.
    """
    one, two = sale("one", 1, 3), sale("two", 2, 2)
    back = {"id": "back", "kind": "refund", "number": "T1-R000001", "sale": "one", "total": PRICE}
    back |= {"lines": [{"sku": "A", "quantity": 1, "total": PRICE}]}
    now = {**one, "refunds": [back], "refunded": PRICE}
    came = {"id": "in", "location": "GUDANG", "lines": [{"sku": "A", "quantity": 4}]}
    lost = Attempt(3.0, 3.5, 0, None, "ConnectionResetError")
    report = {
        **dict.fromkeys(("discounts", "paid_in", "paid_out", "void_count"), 0),
        "register": "T1",
        "sales_count": 2,
        "cash_sales": 5 * PRICE,
        "gross": 5 * PRICE,
        "float": 1_000,
        "refund_count": 1,
        "refunds": PRICE,
        "cash_refunds": PRICE,
        "expected_cash": 4 * PRICE + 1_000,
        "net": 4 * PRICE,
        "by_method": {"cash": 4 * PRICE, "qris": 0},
        "counted_cash": None,
        "grand_total": 5 * PRICE,
    }
    return History(
        calls=[
            call(0, "open", "/shifts", {"id": "shift", "float": 1_000}, told(0.0, 201, {"id": "shift"})),
            call(1, "sale", "/sales", wanted("one", 3), told(1.0, 201, one)),
            call(2, "sale", "/sales", wanted("two", 2), lost, told(4.0, 200, two)),
            call(3, "sale", "/sales", wanted("much", 9), told(6.0, 409, REFUSED)),
            call(4, "refund", "/sales/one/refunds", {"id": "back"}, told(8.0, 201, back)),
            call(5, "receipt", "/stock/receipts", came, told(10.0, 201, {"id": "in"})),
            call(6, "look", "/stock", {}, told(12.0, 200, {"items": stock(10)}), method="GET"),
        ],
        opening=stock(10),
        closing=stock(10),
        sales=[now, dict(two)],
        reports={"shift": report},
        absent={"much": True},
    )


def complaints(history: History) -> list[str]:
    found = [*answers.check(history), *goods.check(history, SHELVES), *money.check(history)]
    return [*found, *ledger.check(honest_ledger(), history)]


def lose(history: History) -> None:
    history.sales = history.sales[:1]


def twin(history: History) -> None:
    history.sales.append(history.sales[0])


def other_answer(history: History) -> None:
    history.sales[1]["total"] += 1


def resurrect(history: History) -> None:
    history.sales.append(sale("much", 3, 9))


def half_resurrect(history: History) -> None:
    history.absent["much"] = False


def same_number(history: History) -> None:
    for body in (history.sales[1], history.calls[2].attempts[1].body):
        body["number"] = "T1-000001"


def gap(history: History) -> None:
    for body in (history.sales[1], history.calls[2].attempts[1].body):
        body["number"] = "T1-000003"


def overtake(history: History) -> None:
    for number, place in ((2, 0), (1, 1)):
        history.sales[place]["number"] = f"T1-{number:06d}"
        history.calls[place + 1].attempts[-1].body["number"] = f"T1-{number:06d}"


def again(history: History) -> None:
    history.calls[1].attempts.append(told(20.0, 201, history.calls[1].first_answer))


def unsay(history: History) -> None:
    history.calls[1].attempts.append(told(20.0, 409, {"code": "shift_closed"}))


def refuse_for_nothing(history: History) -> None:
    history.calls[3].attempts[0].body = {
        "code": "insufficient_stock",
        "lines": [{"sku": "A", "quantity": 9, "available": 3}],
    }


def refuse_what_is_there(history: History) -> None:
    history.calls[3].body["lines"][0]["quantity"] = 4


def see_what_cannot_be(history: History) -> None:
    history.calls[6].attempts[0].body["items"] = stock(11)


def vanish(history: History) -> None:
    history.closing = stock(9)


def never_free(history: History) -> None:
    history.closing = stock(10, 1)


def too_much_back(history: History) -> None:
    history.sales[0]["refunds"][0]["lines"][0]["quantity"] = 4


def from_nobody(history: History) -> None:
    history.calls[4].attempts[0].status = 409


def short_drawer(history: History) -> None:
    history.reports["shift"]["expected_cash"] -= 1


def forget_in_the_report(history: History) -> None:
    history.reports["shift"]["sales_count"] = 1


def hang(history: History) -> None:
    history.calls[3].attempts[0] = Attempt(6.0, 26.0, 0, None, "TimeoutError")


LIES: dict[Callable[[History], None], str] = {
    lose: "acknowledged and lost",
    twin: "is there 2 times",
    other_answer: "total was answered as",
    resurrect: "refused, and there all the same",
    half_resurrect: "refused, and answered when asked for",
    same_number: "[1] were given twice",
    gap: "[2] are missing",
    overtake: "but has the later number",
    again: "happened again",
    unsay: "acknowledged, then refused",
    refuse_for_nothing: "said 3 of A, there were 5 to 5",
    refuse_what_is_there: "although 5 are there",
    see_what_cannot_be: "saw 11 of A",
    vanish: "9 left, the answers say 10",
    never_free: "1 set aside, the answers say 0",
    too_much_back: "pieces left {'A': -1}",
    from_nobody: "acknowledged to nobody",
    short_drawer: "expected cash",
    forget_in_the_report: "sales_count is 1",
    hang: "no answer within its time",
}


def test_an_honest_history_passes() -> None:
    assert complaints(honest()) == []


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_in_the_answers_is_found(lie: Callable[[History], None]) -> None:
    history = copy.deepcopy(honest())
    lie(history)
    found = complaints(history)
    assert any(LIES[lie] in what for what in found), found


def entry(
    seq: int, kind: str, request: str | None, pieces: int, places: tuple[int, int], **more: Any
) -> Entry:
    row = {"book_id": 1, "seq": seq, "position": 0, "product_id": 1, "lot_id": 1, "quantity": pieces}
    moved = [{**row, "from_id": places[0], "to_id": places[1]}] if pieces else []
    return Entry(1, seq, kind, request, {"movement": moved, **more}, str(seq))


def honest_ledger() -> Ledger:
    """The same day in the book: supplier 1, shelf 2, customer 3."""
    entries = [
        entry(1, "stock_receipt", None, 10, (1, 2)),
        entry(2, "shift_opened", "shift", 0, (0, 0)),
        entry(3, "sale", "one", 3, (2, 3)),
        entry(4, "sale", "two", 2, (2, 3)),
        entry(5, "refund", "back", 1, (3, 2)),
        entry(6, "stock_receipt", "in", 4, (1, 2)),
    ]
    return Ledger(entries, {(2, 1, 1): (10, 0)}, {2}, movements=told_by(entries))


def told_by(entries: list[Entry]) -> list[tuple[Any, ...]]:
    names = ("book_id", "seq", "position", "product_id", "lot_id", "from_id", "to_id", "quantity")
    return [tuple(row[name] for name in names) for one in entries for row in one.content.get("movement", ())]


def of_the_ledger(books: Ledger) -> list[str]:
    return list(ledger.check(books, honest()))


def test_a_moment_below_zero_is_found_though_the_end_is_right() -> None:
    books = honest_ledger()
    books.entries[2] = entry(3, "sale", "one", 11, (2, 3))
    books.entries[5] = entry(6, "stock_receipt", "in", 12, (1, 2))
    books.movements = told_by(books.entries)
    wrong = "after book 1 entry 3 (sale): -1 on hand and 0 set aside"
    assert any(found.startswith(wrong) for found in of_the_ledger(books))
    assert not any("the balance says" in found for found in of_the_ledger(books))


def test_more_set_aside_than_there_is_is_found_though_it_is_freed() -> None:
    books = honest_ledger()
    hold = {"sale_id": "two", "location_id": 2, "product_id": 1, "lot_id": 1, "quantity": 8}
    books.entries[3] = entry(4, "sale_waiting", "two", 0, (0, 0), reservation=[hold])
    books.entries[4] = entry(
        5, "sale_completed", "back", 2, (2, 3), sale=[{"id": "two", "status": "completed"}]
    )
    books.movements = told_by(books.entries)
    assert any("7 on hand and 8 set aside" in what for what in of_the_ledger(books))


def test_entries_out_of_the_order_of_their_commits_are_found() -> None:
    books = honest_ledger()
    books.entries[2:4] = [books.entries[3], books.entries[2]]
    assert any("were not committed in the order" in what for what in of_the_ledger(books))


def test_an_act_without_its_entry_and_one_with_two_are_found() -> None:
    books = honest_ledger()
    books.entries[3] = entry(4, "sale", "one", 2, (2, 3))
    found = of_the_ledger(books)
    assert any(what.startswith("acknowledged, and 2 entries") for what in found)
    assert any(what.startswith("acknowledged, and 0 entries") for what in found)


def test_a_balance_or_a_movement_beside_the_books_is_found() -> None:
    books = honest_ledger()
    books.balances[2, 1, 1] = (11, 0)
    books.movements.append((1, 9, 0, 1, 1, 1, 2, 1))
    balance, movement = sorted(of_the_ledger(books))
    assert "the balance says (11, 0), the entries (10, 0)" in balance
    assert movement.endswith("in the entries 0 times, in the table 1 times")


def test_an_expired_lot_that_was_sold_is_found() -> None:
    books = honest_ledger()
    books.expired = {1}
    assert any("sold the expired lot 1" in what for what in of_the_ledger(books))
