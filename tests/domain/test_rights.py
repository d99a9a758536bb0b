"""Who may do what, held against the table of roles that people were promised."""

import pytest

from pos.domain.rights import LENDABLE, LENDER, ROLES, Right, may

AT_THE_TILL = {Right.SELL, Right.REPRINT, Right.COUNT}
WITH_CASH = {Right.TAKE_CASH, Right.PAY_IN}
SUPERVISING = {
    Right.VOID,
    Right.REFUND,
    Right.PAY_OUT,
    Right.OPEN_DRAWER,
    Right.EXCEED_DISCOUNT,
    Right.EXCEED_QRIS,
    Right.CORRECT_TO_QRIS,
    Right.EXCEED_OVER_SHORT,
    Right.STOCK_PAPERS,
    Right.EXPECTED_CASH,
}
CHANGING = AT_THE_TILL | WITH_CASH | SUPERVISING | {Right.MANAGE, Right.CONFIRM_QRIS, Right.RECOUNT}


def rights(role):
    return {right for right in Right if may(role, right)}


def test_the_roles_are_the_seven_of_the_contract():
    assert set(ROLES) == {"kiosk", "cashier", "cashless", "supervisor", "treasurer", "manager", "auditor"}


def test_a_kiosk_sees_products_and_sells_and_nothing_else():
    assert rights("kiosk") == {Right.SEE_PRODUCTS, Right.SELL}


def test_a_cashier_works_the_till_and_supervises_nobody():
    assert rights("cashier") >= AT_THE_TILL | WITH_CASH
    assert not rights("cashier") & (SUPERVISING | {Right.MANAGE, Right.SEE_AUDIT})


def test_a_cashless_cashier_does_the_same_without_touching_cash():
    assert rights("cashless") >= AT_THE_TILL
    assert not rights("cashless") & WITH_CASH
    assert rights("cashless") < rights("cashier")


def test_a_supervisor_is_a_cashier_with_more_rights_but_manages_nothing():
    assert rights("supervisor") >= rights("cashier") | SUPERVISING
    assert not may("supervisor", Right.MANAGE)


def test_a_manager_may_do_everything():
    assert rights("manager") == set(Right)


@pytest.mark.parametrize("role", ["auditor", "treasurer"])
def test_who_reads_changes_nothing(role):
    assert may(role, Right.SEE_REPORTS)
    assert not rights(role) & (CHANGING - {Right.EXPECTED_CASH})


def test_the_expected_cash_is_hidden_from_whoever_counts():
    for role in ("kiosk", "cashless", "cashier"):
        assert not may(role, Right.EXPECTED_CASH)


def test_an_approval_lends_only_what_the_lender_has():
    for right in LENDABLE:
        assert may(LENDER[right], right)


def test_an_approval_never_lends_the_right_to_manage_or_to_read_the_trail():
    assert not LENDABLE & {Right.MANAGE, Right.SEE_AUDIT, Right.SELL, Right.TAKE_CASH}


def test_an_unknown_role_is_a_mistake_not_a_right():
    with pytest.raises(KeyError):
        may("owner", Right.SELL)
