"""The conditions of partial indexes, for queries that must use one.

Spelled out, value and all, as the index has them. A parameter in its place hides from PostgreSQL's generic
plans that the index fits, one status of a list hides it from both databases, and what is polled every second
would then read tables that grow for years.
"""

from sqlalchemy import BindParameter, ColumnElement, literal_column, select

from pos.models.orders import Order
from pos.models.payments import Payment, PaymentRefund
from pos.models.print_jobs import PrintJob
from pos.models.refunds import Refund
from pos.models.sales import Sale
from pos.models.shifts import Shift
from pos.models.stock import Movement
from pos.models.transfers import StockTransfer

SHIFT_NOT_CLOSED: ColumnElement[bool] = Shift.status != literal_column("'closed'")
SHIFTS_NOT_CLOSED: ColumnElement[bool] = Shift.id.in_(select(Shift.id).where(SHIFT_NOT_CLOSED))
"""The same for a list in some order, which SQLite would else follow through all shifts."""
SALE_WAITING: ColumnElement[bool] = Sale.status == literal_column("'awaiting_payment'")
SALE_GIVEN_UP: ColumnElement[bool] = Sale.status.in_(
    [literal_column("'cancelled'"), literal_column("'expired'")]
)
"""A sale that was never paid; the status that is meant stands beside it."""
SALE_VOID: ColumnElement[bool] = Refund.kind == literal_column("'void'")
"""The refund that is a sale's void."""
PAYMENT_WAITING: ColumnElement[bool] = Payment.status == literal_column("'waiting'")
ORDER_OPEN: ColumnElement[bool] = Order.status == literal_column("'open'")
TRANSFER_OPEN: ColumnElement[bool] = StockTransfer.status == literal_column("'sent'")
MOVED_BY_PAPER: ColumnElement[bool] = Movement.reason.not_in(
    [literal_column("'sale'"), literal_column("'refund'"), literal_column("'void'")]
)
REFUND_OPEN: ColumnElement[bool] = PaymentRefund.status.in_(
    [literal_column("'waiting'"), literal_column("'refused'")]
)
"""Money that has not gone back yet; the status that is meant stands beside it."""
JOB_OPEN: ColumnElement[bool] = PrintJob.status.in_(
    [literal_column("'queued'"), literal_column("'printing'"), literal_column("'unknown'")]
)
"""A job somebody still has to look at; the status that is meant stands beside it."""


def unkeyed(column: ColumnElement[int]) -> ColumnElement[int]:
    """Return a column so that no index of it is used, because another finds fewer rows.

    What is computed is no key; SQLite knows no sizes, and of two indexes takes the one that sorts as asked.
    """
    return column + 0


def taken_at(register_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Say whether a payment is of a sale of the register, asked of each of the few that are found otherwise.

    Joined, SQLite would begin with all sales that the register ever made: it knows no sizes.
    """
    return (
        select(Sale.register_id).where(Sale.id == Payment.sale_id).correlate(Payment).scalar_subquery()
        == register_id
    )
