"""The tables: one file a noun, constraints that carry the invariants, a `doc=` on every column.

What happened (sales, movements, shifts …) is written once and covered by the journal; what people set
stands in tables named `product…`, `price…`, `discount…`, `setting…`, `printer…` and `user…`. Rupiah are
BIGINT, because a register's grand total outgrows 32 bits.
"""

from pos.models.board import Note
from pos.models.consignment import (
    ConsignmentDelivery,
    ConsignmentReturn,
    ConsignmentReturnLine,
    ConsignmentSale,
    ConsignmentSaleLine,
)
from pos.models.corrections import CorrectedTender, TenderCorrection
from pos.models.counts import StockCount, StockCountFrozen, StockCountResult, StockTally
from pos.models.discounts import DiscountPreset
from pos.models.exchange import ExchangeFile, ExchangeGoods, ExchangeLink
from pos.models.journal import Book, Entry
from pos.models.orders import Order, OrderLine, OrderNote, OrderReservation
from pos.models.outlets import Outlet, Register
from pos.models.partners import Partner, PartnerPrice
from pos.models.payments import Payment, PaymentNotice, PaymentRefund, PaymentTask
from pos.models.people import Device, Enrolment, Login, Throttle, Token, User
from pos.models.print_jobs import PrintAttempt, PrintJob
from pos.models.products import Price, Product, ProductBarcode, ProductCategory, ProductPicture
from pos.models.refunds import ReceiptCopy, Refund, RefundLine, RefundTender
from pos.models.sales import Reservation, Sale, SaleLine, SaleNote, Tender
from pos.models.settings import Setting
from pos.models.settlements import FeeRate, SettlementFile, SettlementRow
from pos.models.shifts import CashCount, CashEvent, Shift, ZReport
from pos.models.stock import Location, Lot, Movement, StockBalance, StockPaper
from pos.models.supply import ProductMinimum, ProductPermit, ProductSource
from pos.models.transfers import StockTransfer, StockTransferLine

__all__ = [
    "Book",
    "CashCount",
    "CashEvent",
    "ConsignmentDelivery",
    "ConsignmentReturn",
    "ConsignmentReturnLine",
    "ConsignmentSale",
    "ConsignmentSaleLine",
    "CorrectedTender",
    "Device",
    "DiscountPreset",
    "Enrolment",
    "Entry",
    "ExchangeFile",
    "ExchangeGoods",
    "ExchangeLink",
    "FeeRate",
    "Location",
    "Login",
    "Lot",
    "Movement",
    "Note",
    "Order",
    "OrderLine",
    "OrderNote",
    "OrderReservation",
    "Outlet",
    "Partner",
    "PartnerPrice",
    "Payment",
    "PaymentNotice",
    "PaymentRefund",
    "PaymentTask",
    "Price",
    "PrintAttempt",
    "PrintJob",
    "Product",
    "ProductBarcode",
    "ProductCategory",
    "ProductMinimum",
    "ProductPermit",
    "ProductPicture",
    "ProductSource",
    "ReceiptCopy",
    "Refund",
    "RefundLine",
    "RefundTender",
    "Register",
    "Reservation",
    "Sale",
    "SaleLine",
    "SaleNote",
    "Setting",
    "SettlementFile",
    "SettlementRow",
    "Shift",
    "StockBalance",
    "StockCount",
    "StockCountFrozen",
    "StockCountResult",
    "StockPaper",
    "StockTally",
    "StockTransfer",
    "StockTransferLine",
    "Tender",
    "TenderCorrection",
    "Throttle",
    "Token",
    "User",
    "ZReport",
]
