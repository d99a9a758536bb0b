"""Who may do what: one table from roles to rights (contract, "Who may do what")."""

from enum import StrEnum


class Right(StrEnum):
    """Something a person or program may do."""

    SEE_PRODUCTS = "see_products"
    SELL = "sell"
    TAKE_CASH = "take_cash"
    REPRINT = "reprint"
    PAY_IN = "pay_in"
    COUNT = "count"
    CONFIRM_QRIS = "confirm_qris"
    VOID = "void"
    REFUND = "refund"
    PAY_OUT = "pay_out"
    OPEN_DRAWER = "open_drawer"
    EXCEED_DISCOUNT = "exceed_discount"
    EXCEED_QRIS = "exceed_qris"
    CORRECT_TO_QRIS = "correct_to_qris"
    EXCEED_OVER_SHORT = "exceed_over_short"
    RECOUNT = "recount"
    CONFIRM_CLOCK = "confirm_clock"
    STOCK_PAPERS = "stock_papers"
    EXPECTED_CASH = "expected_cash"
    DECIDE_PAYMENTS = "decide_payments"
    SEE_SALES = "see_sales"
    SEE_STOCK = "see_stock"
    SEE_REPORTS = "see_reports"
    SEE_AUDIT = "see_audit"
    SETTLE = "settle"
    MANAGE = "manage"


R = Right

_KIOSK = frozenset({R.SEE_PRODUCTS, R.SELL})
_CASHLESS = _KIOSK | {R.REPRINT, R.COUNT, R.CONFIRM_QRIS, R.SEE_SALES, R.SEE_STOCK}
_CASHIER = _CASHLESS | {R.TAKE_CASH, R.PAY_IN}
_SUPERVISOR = _CASHIER | {
    R.VOID,
    R.REFUND,
    R.PAY_OUT,
    R.OPEN_DRAWER,
    R.EXCEED_DISCOUNT,
    R.EXCEED_QRIS,
    R.CORRECT_TO_QRIS,
    R.EXCEED_OVER_SHORT,
    R.RECOUNT,
    R.CONFIRM_CLOCK,
    R.DECIDE_PAYMENTS,
    R.STOCK_PAPERS,
    R.EXPECTED_CASH,
    R.SEE_REPORTS,
}
_READS = frozenset({R.SEE_PRODUCTS, R.SEE_SALES, R.SEE_STOCK, R.SEE_REPORTS, R.EXPECTED_CASH})

ROLES: dict[str, frozenset[Right]] = {
    "kiosk": _KIOSK,
    "cashier": _CASHIER,
    "cashless": _CASHLESS,
    "supervisor": _SUPERVISOR,
    "treasurer": _READS | {R.SETTLE},
    "manager": frozenset(Right),
    "auditor": _READS | {R.SEE_AUDIT},
}

LENDER: dict[Right, str] = {right: "supervisor" if right in _SUPERVISOR else "manager" for right in Right}
"""The least role whose approval lends a right to somebody else; named when an approval is asked for."""

LENDABLE = frozenset(
    {
        R.VOID,
        R.REFUND,
        R.PAY_OUT,
        R.OPEN_DRAWER,
        R.EXCEED_DISCOUNT,
        R.EXCEED_QRIS,
        R.CORRECT_TO_QRIS,
        R.EXCEED_OVER_SHORT,
        R.RECOUNT,
        R.CONFIRM_CLOCK,
        R.DECIDE_PAYMENTS,
        R.STOCK_PAPERS,
    }
)
"""Rights that an approval can lend for one request; the others belong to a role or don't."""

BORROWS_NOTHING = frozenset({"auditor"})
"""Roles that change nothing, whoever approves it."""


def may(role: str, right: Right) -> bool:
    """Say whether `role` includes `right`."""
    return right in ROLES[role]
