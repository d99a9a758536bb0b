"""What the API answers about stock papers and lists."""

from pos.schemas.answers import Answer


class TransferLineOut(Answer):
    """A lot of a transfer; `difference` is null until it was received."""

    sku: str
    name: str
    lot: str
    expires_on: str | None
    sent: int
    received: int
    difference: int | None


class TransferHeadOut(Answer):
    """A transfer without its lines."""

    id: str
    status: str
    to: str
    sent_at: str
    sent_by: str
    received_at: str | None
    received_by: str | None
    reason: str


class TransferOut(TransferHeadOut):
    """A transfer."""

    lines: list[TransferLineOut]


class TransferPage(Answer):
    """A page of transfers."""

    items: list[TransferHeadOut]
    cursor: str | None


class TransferSlipOut(Answer):
    """A slip in the spool."""

    id: str


class MadeOut(Answer):
    """What was set has no more to say than its id."""

    id: str


class CountLineOut(Answer):
    """A lot of a count. What the books say is null while a blind count is open to whoever counts."""

    sku: str
    lot: str
    expires_on: str | None
    state: str
    frozen: int | None
    on_books: int | None
    counted: int | None
    difference: int | None


class CountHeadOut(Answer):
    """A count without its lines."""

    id: str
    location: str
    status: str
    blind: bool
    started_at: str
    started_by: str
    ended_at: str | None


class StockCountOut(CountHeadOut):
    """A count."""

    lines: list[CountLineOut]


class StockCountPage(Answer):
    """A page of counts."""

    items: list[CountHeadOut]
    cursor: str | None


class MakeMoreOut(Answer):
    """A product of which there is less than the minimum at a location."""

    sku: str
    location: str
    minimum: int
    available: int
    on_the_way: int
    missing: int


class MakeMorePage(Answer):
    """What must be made."""

    items: list[MakeMoreOut]
    cursor: str | None


class SourceOut(Answer):
    """A supplier or maker group."""

    name: str
    kind: str
    active: bool


class SourcePage(Answer):
    """Suppliers and maker groups."""

    items: list[SourceOut]
    cursor: str | None


class ExpiringOut(Answer):
    """A lot whose date is over or near."""

    sku: str
    location: str
    lot: str
    expires_on: str
    on_hand: int
    state: str


class ExpiringPage(Answer):
    """Lots by date."""

    items: list[ExpiringOut]
    cursor: str | None


class LotPlaceOut(Answer):
    """Where pieces of a lot lie."""

    location: str
    on_hand: int
    reserved: int


class LotReceiptOut(Answer):
    """A receipt that held a lot, a refund that brought pieces back, or the report of a `partner`."""

    at: str
    reason: str
    number: str
    sale: str
    partner: str
    quantity: int


class LotView(Answer):
    """A lot, for a recall."""

    sku: str
    lot: str
    expires_on: str | None
    made_on: str | None
    unit_cost: int | None
    source: str
    places: list[LotPlaceOut]
    receipts: list[LotReceiptOut]


class ValueOut(Answer):
    """What a product at a location is worth; `unknown` pieces have no cost and are not in `value`."""

    sku: str
    location: str
    on_hand: int
    value: int
    unknown: int


class ValuePage(Answer):
    """What lies where is worth."""

    items: list[ValueOut]
    cursor: str | None
