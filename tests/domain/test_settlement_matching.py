"""Which of our payments a provider's row is, and when nobody can say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.settlement import Found, OurPayment, SettlementRow, match, only_ours, same_transaction

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
STATIC = frozenset({"static"})


def ours(name: str, amount: int = 25_000, minutes: int = 0, **more: Any) -> OurPayment:
    at = NOON + timedelta(minutes=minutes)
    known: dict[str, Any] = {
        "provider": "static",
        "register": "K1",
        "since": at - timedelta(minutes=1),
        "came": True,
        "by_hand": True,
    }
    return OurPayment(id=name, amount=amount, at=at, **(known | more))


def row(line: int, amount: int = 25_000, minutes: int | None = 0, **more: Any) -> SettlementRow:
    known: dict[str, Any] = {
        "kind": "payment",
        "day": date(2026, 11, 24),
        "at": None if minutes is None else NOON + timedelta(minutes=minutes),
        **dict.fromkeys(("reference", "our_reference", "rrn", "issuer", "terminal"), ""),
        **dict.fromkeys(("fee", "net")),
    }
    return SettlementRow(line=line, amount=amount, **(known | more))


def said(
    rows: list[SettlementRow], payments: list[OurPayment], **more: Any
) -> list[tuple[str, str | None, str | None]]:
    return [(one.outcome, one.payment_id, one.by) for one in match(rows, payments, STATIC, **more).found]


def test_our_own_reference_is_the_surest_and_their_number_comes_next() -> None:
    payments = [
        ours("a", our_reference="K1-1"),
        ours("b", their_references=("TX-2",)),
        ours("c", their_references=("000123456789",)),
    ]
    rows = [
        row(2, our_reference="K1-1"),
        row(3, reference="tx 2"),
        row(4, rrn="123456789"),
    ]
    assert said(rows, payments) == [
        ("matched", "a", "reference"),
        ("matched", "b", "reference"),
        ("matched", "c", "rrn"),
    ]


def test_another_amount_under_the_same_number_is_no_match() -> None:
    assert said([row(2, 24_000, rrn="77")], [ours("a", their_references=("77",))]) == [("amount", "a", "rrn")]


def test_the_row_with_the_right_amount_wins_over_an_earlier_one() -> None:
    rows = [row(2, 24_000, rrn="77"), row(3, 25_000, rrn="77", minutes=1)]
    assert said(rows, [ours("a", their_references=("77",))]) == [
        ("theirs", None, None),
        ("matched", "a", "rrn"),
    ]


def test_without_a_number_one_payment_of_the_amount_within_ten_minutes_is_it() -> None:
    assert said([row(2, minutes=9)], [ours("a"), ours("b", 30_000)]) == [("matched", "a", "time")]
    assert said([row(2, minutes=11)], [ours("a")]) == [("theirs", None, None)]
    assert said([row(2, minutes=None)], [ours("a")]) == [("theirs", None, None)]


def test_two_that_could_be_it_are_left_to_a_person() -> None:
    assert said([row(2)], [ours("a"), ours("b", minutes=2)]) == [("theirs", None, None)]
    assert said([row(2, rrn="1"), row(3, rrn="2", minutes=1)], [ours("a")]) == [("theirs", None, None)] * 2


def test_the_terminal_tells_two_registers_apart() -> None:
    payments = [ours("a", register="K1"), ours("b", register="G1", minutes=1)]
    rows = [row(2, terminal="G1", rrn="1"), row(3, terminal="K1", rrn="2")]
    assert said(rows, payments) == [("matched", "b", "time"), ("matched", "a", "time")]


def test_time_never_overrules_a_number_that_the_provider_gave_us() -> None:
    confirmed = ours("a", by_hand=False, their_references=("111",))
    assert said([row(2, rrn="222")], [confirmed]) == [("theirs", None, None)]
    assert said([row(2, rrn="222")], [ours("a", their_references=("typo",))]) == [("matched", "a", "time")]


def test_money_of_another_provider_is_not_taken_by_time() -> None:
    assert said([row(2)], [ours("a", provider="midtrans")]) == [("theirs", None, None)]


def test_the_same_transaction_again_is_repeated_not_received() -> None:
    rows = [row(2, rrn="5"), row(3, rrn="5"), row(4, rrn="6")]
    found = match(rows, [], STATIC, seen={same_transaction(rows[2])})
    assert [one.outcome for one in found.found] == ["theirs", "duplicate", "duplicate"]


def test_two_buyers_of_one_amount_in_one_second_are_not_repeated() -> None:
    assert [outcome for outcome, _, _ in said([row(2), row(3)], [])] == ["theirs", "theirs"]


def test_a_payment_that_another_file_settled_is_not_taken_again() -> None:
    assert said([row(2, rrn="5")], [ours("a", their_references=("5",))], taken={"a"}) == [
        ("theirs", None, None)
    ]


def test_an_old_number_that_comes_round_again_is_another_payment() -> None:
    old = ours("a", their_references=("5",), minutes=-60 * 24 * 8)
    assert said([row(2, rrn="5")], [old]) == [("theirs", None, None)]


def test_money_for_an_attempt_that_was_given_up_names_the_attempt() -> None:
    attempt = ours("a", came=False, our_reference="K1-9")
    assert said([row(2, our_reference="K1-9")], [attempt]) == [("theirs", "a", "reference")]


def test_a_refund_finds_its_payment_and_leaves_it_matched() -> None:
    rows = [row(2, rrn="5"), row(3, rrn="5", kind="refund"), row(4, kind="refund", rrn="9")]
    assert said(rows, [ours("a", their_references=("5",))]) == [
        ("matched", "a", "rrn"),
        ("refund", "a", "reference"),
        ("refund", None, None),
    ]


def test_what_only_we_know_is_told_for_the_files_days_and_its_provider() -> None:
    here = [
        ours("in"),
        ours("midnight", minutes=-60 * 12),
        ours("before", minutes=-60 * 12 - 1),
        ours("after", minutes=60 * 12),
        ours("elsewhere", provider="midtrans"),
        ours("never", came=False),
    ]
    day = date(2026, 11, 24)
    left = only_ours(here, STATIC, day, day, timedelta(hours=7))
    assert [payment.id for payment in left] == ["midnight", "in"]


AMOUNTS = st.sampled_from([5_000, 25_000])
PAYMENTS = st.lists(
    st.builds(
        lambda amount, minutes, number: (amount, minutes, number),
        AMOUNTS,
        st.integers(-30, 30),
        st.sampled_from(["", "1", "2", "3"]),
    ),
    max_size=6,
)


@given(PAYMENTS, PAYMENTS)
def test_no_payment_is_ever_matched_twice_and_no_row_is_lost(
    theirs: list[tuple[int, int, str]], mine: list[tuple[int, int, str]]
) -> None:
    rows = [row(n, amount, at, rrn=number) for n, (amount, at, number) in enumerate(theirs, 2)]
    payments = [
        ours(str(n), amount, at, their_references=(number,) if number else ())
        for n, (amount, at, number) in enumerate(mine)
    ]
    matching = match(rows, payments, STATIC)
    assert [one.row for one in matching.found] == rows
    settled: list[Found] = [one for one in matching.found if one.outcome in ("matched", "amount")]
    assert len({one.payment_id for one in settled}) == len(settled)
    assert {payment.id for payment in matching.ours} == {p.id for p in payments} - {
        one.payment_id for one in settled
    }
    amounts = {payment.id: payment.amount for payment in payments}
    for one in settled:
        assert (amounts[one.payment_id or ""] == one.row.amount) == (one.outcome == "matched")
