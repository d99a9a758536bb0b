"""Paying: money in equals money kept, change comes from cash, the suggested notes are useful ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.money import MAX_AMOUNT
from pos.domain.tender import (
    COUNTED,
    NOTES,
    InvalidTender,
    OverPaid,
    PaymentShort,
    Tender,
    TenderError,
    quick_cash,
    settle,
)
from tests.domain.vectors import vectors

any_tender = st.builds(
    Tender,
    st.sampled_from(["cash", "qris", "card"]),
    st.one_of(st.none(), st.integers(-1, 200_000), st.sampled_from([0, 38_000, 50_000])),
)


def cash(amount):
    return Tender("cash", amount)


def qris(amount=None):
    return Tender("qris", amount)


def test_cash_gives_change():
    paid = settle(38_000, [cash(50_000)])
    assert (paid.change, paid.cash_net, paid.qris) == (12_000, 38_000, 0)


def test_qris_without_an_amount_pays_everything():
    paid = settle(38_000, [qris()])
    assert (paid.change, paid.cash_net, paid.qris) == (0, 0, 38_000)
    assert paid.tenders == (qris(38_000),)


def test_qris_without_an_amount_pays_what_cash_leaves_wherever_it_stands():
    for tenders in ([cash(20_000), qris()], [qris(), cash(20_000)], [cash(15_000), qris(), cash(5_000)]):
        paid = settle(38_000, tenders)
        assert (paid.change, paid.cash_net, paid.qris) == (0, 20_000, 18_000)
        assert [tender.method for tender in paid.tenders] == [tender.method for tender in tenders]
        assert sum(tender.amount for tender in paid.tenders) == 38_000


def test_cash_beside_a_fixed_qris_amount_gives_change_of_the_cash():
    paid = settle(38_000, [qris(30_000), cash(10_000)])
    assert (paid.change, paid.cash_net, paid.qris) == (2_000, 8_000, 30_000)


def test_several_notes_may_be_named_one_by_one():
    assert settle(38_000, [cash(20_000), cash(20_000)]).change == 2_000


def test_a_sale_with_too_little_money_is_refused_and_says_how_much_is_missing():
    with pytest.raises(PaymentShort) as refused:
        settle(38_000, [cash(20_000), qris(10_000)])
    assert refused.value.short == 8_000
    assert refused.value.code == "payment_short"
    assert str(refused.value) == "Rp 8.000 is missing."


@pytest.mark.parametrize("tenders", [[], [cash(0)]])
def test_a_sale_that_costs_something_needs_a_payment(tenders):
    with pytest.raises(PaymentShort) as refused:
        settle(100, tenders)
    assert refused.value.short == 100


@pytest.mark.parametrize("tenders", [[], [cash(0)]])
def test_a_sale_that_costs_nothing_needs_no_payment(tenders):
    paid = settle(0, tenders)
    assert (paid.change, paid.cash_net, paid.qris) == (0, 0, 0)


@pytest.mark.parametrize(
    ("total", "tenders", "code", "over"),
    [
        (38_000, [qris(38_001)], "qris_too_much", 1),
        (38_000, [qris(40_000), cash(5_000)], "qris_too_much", 2_000),
        (38_000, [qris(38_000), cash(5_000)], "cash_not_needed", 5_000),
        (0, [cash(1_000)], "cash_not_needed", 1_000),
        (0, [qris()], "qris_not_needed", 0),
        (38_000, [cash(38_000), qris()], "qris_not_needed", 0),
        (38_000, [cash(50_000), qris()], "qris_not_needed", 12_000),
    ],
)
def test_money_that_the_sale_does_not_need_is_refused(total, tenders, code, over):
    with pytest.raises(OverPaid) as refused:
        settle(total, tenders)
    assert (refused.value.code, refused.value.over) == (code, over)


@pytest.mark.parametrize(
    ("tenders", "code", "index"),
    [
        ([cash(None)], "tender_amount", 0),
        ([cash(50_000), cash(-1)], "tender_amount", 1),
        ([qris(-1)], "tender_amount", 0),
        ([qris(0), cash(38_000)], "tender_amount", 0),
        ([cash(MAX_AMOUNT + 1)], "tender_amount", 0),
        ([Tender("card", 38_000)], "tender_method", 0),
        ([qris(20_000), qris(18_000)], "one_qris", 1),
        ([qris(20_000), qris()], "one_qris", 1),
    ],
)
def test_a_tender_that_makes_no_sense_is_refused_and_pointed_at(tenders, code, index):
    with pytest.raises(InvalidTender) as refused:
        settle(38_000, tenders)
    assert (refused.value.code, refused.value.index) == (code, index)


def test_the_largest_amount_can_be_paid():
    assert settle(MAX_AMOUNT, [cash(MAX_AMOUNT)]).cash_net == MAX_AMOUNT


def test_the_count_knows_every_note_and_coin_in_circulation_largest_first():
    assert set(COUNTED) == {*NOTES, 75_000, 500, 200, 100}
    assert list(COUNTED) == sorted(COUNTED, reverse=True)


def test_a_negative_total_is_refused():
    with pytest.raises(InvalidTender):
        settle(-1, [cash(0)])


@given(st.integers(0, 200_000), st.lists(any_tender, max_size=4))
def test_whatever_is_tendered_money_is_conserved_or_refused(total, tenders):
    try:
        paid = settle(total, tenders)
    except TenderError:
        return
    amounts = [tender.amount for tender in paid.tenders]
    cash_in = sum(t.amount for t in paid.tenders if t.method == "cash")
    assert sum(amounts) - paid.change == total
    assert paid.cash_net + paid.qris == total
    assert paid.cash_net == cash_in - paid.change
    assert paid.cash_net >= 0
    assert paid.qris >= 0
    assert paid.change >= 0
    assert paid.change == 0 or paid.change < cash_in
    assert [t.method for t in paid.tenders] == [t.method for t in tenders]


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_cash_alone_pays_exactly_when_it_is_enough(total, given_cash):
    if given_cash < total:
        with pytest.raises(PaymentShort):
            settle(total, [cash(given_cash)])
    else:
        assert settle(total, [cash(given_cash)]).change == given_cash - total


@pytest.mark.parametrize("case", vectors("quick_cash"), ids=lambda case: str(case["due"]))
def test_the_suggested_notes_are_those_of_the_browser(case):
    assert list(quick_cash(case["due"])) == case["suggested"]


@given(st.integers(-10, 3_000_000))
def test_suggestions_are_ascending_more_than_due_and_at_most_five(due):
    suggested = quick_cash(due)
    assert len(suggested) <= 5
    assert all(amount > due for amount in suggested)
    assert list(suggested) == sorted(set(suggested))
    assert all(amount % 1_000 == 0 for amount in suggested)


@pytest.mark.parametrize("due", range(2_000, 150_001, 500))
def test_a_simple_payment_is_always_one_tap(due):
    """The exact sum, the next single note, or the next multiple of a note from 10.000 up."""
    offered = {due, *quick_cash(due)}
    one_note = [note for note in NOTES if note >= due and note >= 5_000]
    assert not one_note or min(one_note) in offered
    for note in (10_000, 20_000, 50_000, 100_000):
        assert -(-due // note) * note in offered
