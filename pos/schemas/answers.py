"""What the API answers, for the OpenAPI document and for the tests that hold the answers against it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """An answer; further fields may come with later versions."""

    # Built when the document is first asked for, not while a till waits for the start.
    model_config = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)


class LineOut(Answer):
    """A line of a sale."""

    sku: str
    name: str
    quantity: int
    unit_price: int
    discount: int
    total: int
    note: str


class TenderOut(Answer):
    """How a sale was paid."""

    method: Literal["cash", "qris"]
    amount: int


class MerchantOut(Answer):
    """Whom a code pays, as the buyer's app shows it."""

    name: str | None
    nmid: str | None
    acquirer: str | None


class QrisOut(Answer):
    """The code a buyer scans, and how the payment stands.

    `sandbox`: no real money moves. `trouble`: the provider is `silent`, or said something `odd` that needs a
    person; empty while all is well.
    """

    provider: str
    sandbox: bool
    payload: str | None
    merchant: MerchantOut | None
    amount: int
    paid_amount: int | None
    expires_at: str
    status: str
    reference: str | None
    issuer: str | None
    confirmed_by: str | None
    why: Literal["late", "twice", "amount"] | None
    trouble: Literal["", "silent", "odd"]


class RefundLineOut(Answer):
    """Pieces that came back."""

    sku: str
    quantity: int
    total: int


class RefundOut(Answer):
    """A refund or a void."""

    id: str
    kind: Literal["refund", "void"]
    number: str
    sale: str
    lines: list[RefundLineOut]
    total: int
    method: str


class PaidOut(Answer):
    """How a sale was paid before it was corrected."""

    tenders: list[TenderOut]
    change: int


class CorrectionOut(PaidOut):
    """Another word on how a sale was paid, and what stood there before it."""

    id: str
    at: str
    by: str
    approved_by: str | None
    reference: str | None
    before: PaidOut


class SaleOut(Answer):
    """A sale as it is now; `tenders` and `change` as the last of its corrections has them."""

    id: str
    register_: str = Field(alias="register")
    number: str | None
    status: Literal["completed", "awaiting_payment", "cancelled", "expired", "voided"]
    business_date: str
    lines: list[LineOut]
    subtotal: int
    discount: int
    rounding: int
    total: int
    tenders: list[TenderOut]
    change: int
    corrections: list[CorrectionOut]
    note: str
    entry_hash: str | None
    refunded: int
    refunds: list[RefundOut]
    qris: QrisOut | None = None


class SalePage(Answer):
    """A page of sales."""

    items: list[SaleOut]
    cursor: str | None


class ProductOut(Answer):
    """A product at the caller's register."""

    sku: str
    barcodes: list[str]
    name: str
    name_en: str
    price: int | None
    unit: str
    category: str
    favourite: bool
    available: int


class ProductPage(Answer):
    """A page of products."""

    items: list[ProductOut]
    cursor: str | None
    categories: list[str] | None = None


class LotOut(Answer):
    """A lot at a location."""

    lot: str
    expires_on: str | None
    on_hand: int
    reserved: int


class StockOut(Answer):
    """A product at a location."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    lots: list[LotOut]


class StockPage(Answer):
    """What lies where."""

    items: list[StockOut]
    cursor: str | None


class MovementOut(Answer):
    """Pieces that moved."""

    at: str
    sku: str
    lot: str
    quantity: int
    reason: str


class MovementPage(Answer):
    """A page of the ledger."""

    items: list[MovementOut]
    cursor: str | None


class PaperOut(Answer):
    """A stock paper."""

    id: str
    kind: str
    location: str
    reason: str


class ShiftOut(Answer):
    """A shift."""

    id: str
    register_: str = Field(alias="register")
    status: Literal["open", "counted", "closed"]
    business_date: str
    opened_at: str
    float: int


class CashOut(Answer):
    """Cash in or out, or the drawer opened."""

    id: str
    shift: str
    kind: str
    amount: int
    reason: str


class CountOut(Answer):
    """The fixed count and what was expected."""

    id: str
    shift: str
    counted: int
    expected_cash: int
    over_short: int


class ReportOut(Answer):
    """An X or Z report.

    Some fields are left out before the count for a caller who may not see expected cash.
    """

    register_: str = Field(alias="register")
    number: int | None
    business_date: str
    opened_at: str
    closed_at: str | None
    opened_by: str
    closed_by: str | None
    sales_count: int
    refund_count: int
    void_count: int
    discounts: int
    rounding: int
    float: int
    paid_in: int
    paid_out: int
    drawer_openings: int
    copies: int
    tender_corrections: int = 0
    gross: int | None = None
    refunds: int | None = None
    net: int | None = None
    by_method: dict[str, int] | None = None
    qris: dict[str, dict[str, int]] | None = None
    cash_sales: int | None = None
    cash_refunds: int | None = None
    expected_cash: int | None = None
    counted_cash: int | None = None
    over_short: int | None = None
    first_number: str | None
    last_number: str | None
    by_product: list[dict[str, str | int]]
    grand_total: int | None = None
    last_entry_hash: str


class ReportPrintOut(Answer):
    """A report that was sent to the register's printer."""

    id: str
    shift: str


class LabelsOut(Answer):
    """Labels that were sent to the register's printer."""

    id: str


class DayOut(Answer):
    """The business day of an outlet, or of all."""

    business_date: str
    outlet: str | None
    closed_shifts: list[ReportOut]
    open_shifts: list[ReportOut]


class PrintJobOut(Answer):
    """A document in the spool."""

    id: str
    kind: str
    register_: str = Field(alias="register")
    sale: str | None
    status: Literal["queued", "printing", "printed", "unknown", "failed", "expired"]
    confirmed: bool
    last_error: str


class CopyOut(Answer):
    """A copy of a receipt, with the job that prints it."""

    id: str
    sale: str
    job: PrintJobOut


class SlipOut(Answer):
    """A slip with the code of a waiting sale; the job is gone once the spool has forgotten it."""

    id: str
    sale: str
    job: PrintJobOut | None


class PrintJobPage(Answer):
    """A page of the spool."""

    items: list[PrintJobOut]
    cursor: str | None


class OrderLineOut(LineOut):
    """A line of an order, at the price of now."""

    reason: str


class OrderOut(Answer):
    """A held cart or a slip as it is now."""

    id: str
    number: int
    kind: Literal["held", "slip"]
    status: Literal["open", "used", "dropped", "expired"]
    register_: str = Field(alias="register")
    outlet: str
    business_date: str
    note: str
    lines: list[OrderLineOut]
    discount: int
    reason: str
    total: int
    qr: str
    by: str
    created_at: str
    expires_at: str
    sale: str | None


class OrderPage(Answer):
    """A page of orders."""

    items: list[OrderOut]
    cursor: str | None


class ErrorOut(Answer):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] | None = None
