"""The drawer: one sum, whatever happened in the shift and in whatever order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.drawer import DrawerEvent, DrawerTotals, drawer_totals

incoming = st.builds(DrawerEvent, st.sampled_from(["float", "sale", "pay_in"]), st.integers(0, 10**7))
outgoing = st.builds(DrawerEvent, st.sampled_from(["refund", "pay_out"]), st.integers(-(10**7), 0))
corrected = st.builds(DrawerEvent, st.just("correction"), st.integers(-(10**7), 10**7))
opened = st.just(DrawerEvent("no_sale", 0))
events = st.lists(st.one_of(incoming, outgoing, corrected, opened), max_size=40)


def test_a_day_at_the_drawer():
    day = [
        DrawerEvent("float", 200_000),
        DrawerEvent("sale", 38_000),
        DrawerEvent("sale", 15_000),
        DrawerEvent("refund", -15_000),
        DrawerEvent("pay_in", 50_000),
        DrawerEvent("pay_out", -20_000),
        DrawerEvent("no_sale", 0),
    ]
    assert drawer_totals(day) == DrawerTotals(
        float=200_000,
        cash_sales=53_000,
        cash_refunds=15_000,
        paid_in=50_000,
        paid_out=20_000,
        expected_cash=268_000,
        drawer_openings=1,
    )


def test_a_drawer_nothing_happened_to_is_empty():
    assert drawer_totals([]) == DrawerTotals(0, 0, 0, 0, 0, 0, 0)


@given(events)
def test_expected_cash_is_the_sum_of_every_event_and_of_the_figures_of_the_report(day):
    found = drawer_totals(iter(day))
    assert found.expected_cash == sum(event.amount for event in day)
    assert found.expected_cash == (
        found.float + found.cash_sales - found.cash_refunds + found.paid_in - found.paid_out
    )
    assert min(found.float, found.cash_refunds, found.paid_in, found.paid_out) >= 0
    assert found.cash_sales == sum(event.amount for event in day if event.kind in ("sale", "correction"))
    assert found.drawer_openings == sum(event.kind == "no_sale" for event in day)


@given(events, events)
def test_two_parts_of_a_day_add_up_to_the_day(morning, evening):
    one, two, both = drawer_totals(morning), drawer_totals(evening), drawer_totals(morning + evening)
    for name in DrawerTotals.__slots__:
        assert getattr(both, name) == getattr(one, name) + getattr(two, name)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("refund", 1),
        ("pay_out", 1),
        ("sale", -1),
        ("float", -1),
        ("pay_in", -1),
        ("no_sale", 1),
        ("no_sale", -1),
        ("tip", 1),
        ("", 0),
    ],
)
def test_an_event_of_the_wrong_sign_or_kind_is_refused(kind, amount):
    with pytest.raises(ValueError, match="drawer"):
        drawer_totals([DrawerEvent(kind, amount)])
