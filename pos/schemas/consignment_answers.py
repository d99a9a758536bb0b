"""What the API answers about partners and their goods."""

from pos.schemas.answers import Answer
from pos.schemas.stock_answers import TransferOut


class PartnerOut(Answer):
    """A partner; `pieces` is how many of ours lie there."""

    code: str
    name: str
    kind: str
    address: str
    contact: str
    commission_bp: int
    terms: str
    active: bool
    pieces: int


class PartnerPage(Answer):
    """Partners."""

    items: list[PartnerOut]
    cursor: str | None


class DeliveryOut(TransferOut):
    """A delivery: its note's number, the partner, and the transfer that it is."""

    number: str
    partner: str
    partner_name: str


class SoldLineOut(Answer):
    """A row of a partner's report, at the agreed price; `their_price` is what they say, and never counts."""

    row: int
    sku: str
    quantity: int
    unit_price: int
    gross: int
    commission: int
    their_price: int | None
    date: str | None
    outlet: str


class SellThroughHeadOut(Answer):
    """A partner's report without its rows. `due` is what they owe for it: gross less commission."""

    id: str
    number: str
    status: str
    document: str
    until: str
    at: str
    by: str
    commission_bp: int
    quantity: int
    gross: int
    commission: int
    due: int


class SellThroughOut(SellThroughHeadOut):
    """A partner's report."""

    partner: str
    lines: list[SoldLineOut]


class BackLineOut(Answer):
    """Pieces of a lot that came back or were written off."""

    sku: str
    lot: str
    expires_on: str | None
    quantity: int
    spoiled: bool
    reason: str


class ConsignmentReturnOut(Answer):
    """A return note."""

    id: str
    number: str
    partner: str
    to: str
    at: str
    by: str
    lines: list[BackLineOut]


class StatementLineOut(Answer):
    """A product in a statement; `closing` = opening + delivered - sold - returned - lost."""

    sku: str
    opening: int
    delivered: int
    sold: int
    returned: int
    lost: int
    closing: int
    price: int | None
    gross: int
    commission: int
    due: int
    value: int


class StatementOut(Answer):
    """A partner's statement; its sums are those of its lines."""

    partner: str
    until: str
    opening: int
    delivered: int
    sold: int
    returned: int
    lost: int
    closing: int
    gross: int
    commission: int
    due: int
    value: int
    reports: list[SellThroughHeadOut]
    lines: list[StatementLineOut]
