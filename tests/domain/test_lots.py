"""Goods leave first expired first, never more than there is, and a product wholly or not at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.lots import LotStock, Shortage, Take, allocate, is_expired

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)

days = st.one_of(st.none(), st.integers(-3, 5).map(lambda number: TODAY + timedelta(days=number)))


@st.composite
def shelves(draw):
    ids = draw(st.lists(st.integers(1, 30), unique=True, max_size=14))
    return [
        LotStock(lot_id, draw(st.integers(1, 4)), draw(days), draw(st.integers(-2, 12))) for lot_id in ids
    ]


wishes = st.dictionaries(st.integers(1, 5), st.integers(1, 30), max_size=5)


def sellable(lots, product_id):
    return [
        lot
        for lot in lots
        if lot.product_id == product_id and lot.available > 0 and not is_expired(lot.expires_on, TODAY)
    ]


def test_the_lot_that_expires_first_leaves_first():
    lots = [LotStock(1, 7, TOMORROW, 5), LotStock(2, 7, TODAY, 3), LotStock(3, 7, None, 50)]
    assert allocate({7: 6}, lots, TODAY) == ([Take(7, 2, 3), Take(7, 1, 3)], [])


def test_goods_may_be_sold_on_their_date_and_not_a_day_later():
    assert allocate({7: 1}, [LotStock(1, 7, TODAY, 1)], TODAY) == ([Take(7, 1, 1)], [])
    assert allocate({7: 1}, [LotStock(1, 7, YESTERDAY, 1)], TODAY) == ([], [Shortage(7, 1, 0, 1)])


def test_goods_without_a_date_are_the_last_to_leave():
    lots = [LotStock(1, 7, None, 5), LotStock(2, 7, date(2099, 1, 1), 5)]
    assert allocate({7: 5}, lots, TODAY)[0] == [Take(7, 2, 5)]


def test_two_lots_of_one_date_leave_in_the_order_they_came():
    lots = [LotStock(9, 7, TOMORROW, 5), LotStock(4, 7, TOMORROW, 5)]
    assert allocate({7: 6}, lots, TODAY)[0] == [Take(7, 4, 5), Take(7, 9, 1)]


def test_a_shortage_of_one_product_takes_nothing_of_it_and_leaves_the_others_alone():
    lots = [LotStock(1, 7, TOMORROW, 5), LotStock(2, 8, TOMORROW, 1), LotStock(3, 8, YESTERDAY, 9)]
    assert allocate({8: 3, 7: 2}, lots, TODAY) == ([Take(7, 1, 2)], [Shortage(8, 3, 1, 9)])


def test_a_product_nobody_has_is_short_of_everything():
    assert allocate({7: 2}, [], TODAY) == ([], [Shortage(7, 2, 0, 0)])


def test_a_lot_that_is_reserved_beyond_what_it_holds_gives_nothing_and_takes_nothing_from_the_rest():
    lots = [LotStock(1, 7, TODAY, -4), LotStock(2, 7, TOMORROW, 2)]
    assert allocate({7: 2}, lots, TODAY) == ([Take(7, 2, 2)], [])


def test_an_empty_lot_is_passed_over():
    lots = [LotStock(1, 7, TODAY, 0), LotStock(2, 7, TOMORROW, 2)]
    assert allocate({7: 2}, lots, TODAY) == ([Take(7, 2, 2)], [])


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_wish_for_nothing_is_a_mistake_of_the_caller(quantity):
    with pytest.raises(ValueError, match="at least 1"):
        allocate({7: quantity}, [LotStock(1, 7, None, 5)], TODAY)


@given(wishes, shelves())
def test_no_lot_ever_gives_more_than_it_has_or_what_is_expired_or_foreign(wanted, lots):
    takes, _ = allocate(wanted, lots, TODAY)
    by_id = {lot.lot_id: lot for lot in lots}
    assert len({take.lot_id for take in takes}) == len(takes)
    for take in takes:
        lot = by_id[take.lot_id]
        assert 0 < take.quantity <= lot.available
        assert take.product_id == lot.product_id
        assert take.product_id in wanted
        assert not is_expired(lot.expires_on, TODAY)


@given(wishes, shelves())
def test_each_product_is_taken_wholly_or_reported_short_with_true_figures(wanted, lots):
    takes, shortages = allocate(wanted, lots, TODAY)
    short = {shortage.product_id: shortage for shortage in shortages}
    assert len(short) == len(shortages)
    for product_id, quantity in wanted.items():
        there = sum(lot.available for lot in sellable(lots, product_id))
        taken = sum(take.quantity for take in takes if take.product_id == product_id)
        if there >= quantity:
            assert taken == quantity
            assert product_id not in short
        else:
            assert taken == 0
            everything = sum(
                lot.available for lot in lots if lot.product_id == product_id and lot.available > 0
            )
            assert short[product_id] == Shortage(product_id, quantity, there, everything - there)


@given(wishes, shelves())
def test_no_lot_is_touched_while_one_that_expires_earlier_still_has_goods(wanted, lots):
    takes, _ = allocate(wanted, lots, TODAY)
    taken = {take.lot_id: take.quantity for take in takes}
    for take in takes:
        last = next(lot for lot in lots if lot.lot_id == take.lot_id)
        for lot in sellable(lots, take.product_id):
            if (lot.expires_on or date.max) < (last.expires_on or date.max):
                assert taken.get(lot.lot_id) == lot.available


@given(wishes, shelves(), st.randoms(use_true_random=False))
def test_the_order_of_the_question_does_not_change_the_answer(wanted, lots, random):
    answer = allocate(wanted, lots, TODAY)
    mixed = list(lots)
    random.shuffle(mixed)
    backwards = dict(reversed(list(wanted.items())))
    assert allocate(backwards, mixed, TODAY) == answer


@given(wishes, shelves())
def test_takes_come_in_the_one_order_in_which_every_till_locks_rows(wanted, lots):
    takes, _ = allocate(wanted, lots, TODAY)
    by_id = {lot.lot_id: lot for lot in lots}
    keys = [(take.product_id, by_id[take.lot_id].expires_on or date.max, take.lot_id) for take in takes]
    assert keys == sorted(keys)


@given(wishes, shelves())
def test_asking_changes_nothing(wanted, lots):
    before = (dict(wanted), list(lots))
    allocate(wanted, lots, TODAY)
    assert (wanted, lots) == before
