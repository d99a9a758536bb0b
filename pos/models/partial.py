"""The conditions of partial indexes, for queries that must use one.

Spelled out, value and all, as the index has them. A parameter in its place hides from PostgreSQL's generic
plans that the index fits, one status of a list hides it from both databases, and what is polled every second
would then read tables that grow for years.
"""

from sqlalchemy import ColumnElement, literal_column

from pos.models.orders import Order
from pos.models.payments import PaymentRefund
from pos.models.print_jobs import PrintJob
from pos.models.sales import Sale
from pos.models.shifts import Shift
from pos.models.stock import Movement
from pos.models.transfers import StockTransfer

SHIFT_NOT_CLOSED: ColumnElement[bool] = Shift.status != literal_column("'closed'")
SALE_WAITING: ColumnElement[bool] = Sale.status == literal_column("'awaiting_payment'")
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
