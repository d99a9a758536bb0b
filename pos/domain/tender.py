"""How a sale is paid: cash and QRIS, change, and the notes a cashier is likely to be handed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pos.domain.money import MAX_AMOUNT, dotted
from pos.domain.words import N_

CASH = "cash"
QRIS = "qris"
METHODS: tuple[str, ...] = (CASH, QRIS)

NOTES: tuple[int, ...] = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""The notes in circulation (emission year 2022)."""
COUNTED: tuple[int, ...] = (100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
"""What a count of the drawer may list, largest first; 75.000 is the commemorative note of 2020."""

_MAX_SUGGESTIONS = 5
_SMALL = 10_000


@dataclass(frozen=True, slots=True)
class Tender:
    """One way of paying; an amount of None, on one QRIS tender only, means whatever is left."""

    method: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A sale that is paid: every tender with its amount, what goes back, what each method really brought."""

    tenders: tuple[Tender, ...]
    change: int
    cash_net: int
    qris: int


class TenderError(ValueError):
    """Tenders that do not pay a sale; `code` names the rule, `message` and `params` say it."""

    code = "tender_invalid"
    message = N_("The payment cannot be accepted like this.")

    def __init__(
        self,
        message: str = "",
        code: str = "",
        params: Mapping[str, str] | None = None,
        index: int | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.params: dict[str, str] = dict(params or {})
        self.index = index
        super().__init__(self.message % self.params)


class PaymentShort(TenderError):
    """The tenders are less than the total, by `short`."""

    code = "payment_short"
    message = N_("Rp %(short)s is missing.")

    def __init__(self, short: int) -> None:
        super().__init__(params={"short": dotted(short)})
        self.short = short


class OverPaid(TenderError):
    """More than is due from a method that gives no change, or cash that the sale does not need, by `over`."""

    code = "over_paid"

    def __init__(self, message: str, code: str, over: int) -> None:
        super().__init__(message, code, {"over": dotted(over)})
        self.over = over


class InvalidTender(TenderError):
    """A tender that makes no sense whatever the total is: its method, its amount, or one QRIS too many."""


def settle(total: int, tenders: Sequence[Tender]) -> Settlement:
    """Work out change and what each method brings; refuse tenders that do not pay the total exactly."""
    if total < 0:
        raise InvalidTender(N_("The total is negative."), "total")
    cash, asked, qris_at = _read(tenders)
    if qris_at is None:
        qris = 0
    else:
        # The rest after the cash; settled here, so that the stored tender carries a number.
        qris = max(0, total - cash) if asked is None else asked
        if qris == 0:
            raise OverPaid(N_("Nothing is left to pay by QRIS."), "qris_not_needed", cash - total)
    if qris > total:
        raise OverPaid(N_("QRIS gives no change: it is Rp %(over)s too much."), "qris_too_much", qris - total)
    change = cash + qris - total
    if change < 0:
        raise PaymentShort(-change)
    if cash and change >= cash:
        raise OverPaid(N_("The sale needs no cash: it is Rp %(over)s too much."), "cash_not_needed", change)
    settled = tuple(tenders)
    if asked is None and qris_at is not None:
        settled = (*settled[:qris_at], Tender(QRIS, qris), *settled[qris_at + 1 :])
    return Settlement(settled, change, cash - change, qris)


def _read(tenders: Sequence[Tender]) -> tuple[int, int | None, int | None]:
    """Check each tender for itself; give the cash, what QRIS shall pay and where the QRIS tender stands."""
    cash = 0
    asked: int | None = None
    qris_at: int | None = None
    for index, tender in enumerate(tenders):
        amount = tender.amount
        if amount is not None and not 0 <= amount <= MAX_AMOUNT:
            raise InvalidTender(N_("The amount is out of range."), "tender_amount", index=index)
        if tender.method == CASH:
            if amount is None:
                raise InvalidTender(N_("Cash needs an amount."), "tender_amount", index=index)
            cash += amount
        elif tender.method == QRIS:
            if qris_at is not None:
                raise InvalidTender(N_("Only one QRIS payment per sale."), "one_qris", index=index)
            if amount == 0:
                raise InvalidTender(N_("The amount is out of range."), "tender_amount", index=index)
            asked, qris_at = amount, index
        else:
            raise InvalidTender(N_("Unknown payment method."), "tender_method", index=index)
    return cash, asked, qris_at


def quick_cash(due: int) -> tuple[int, ...]:
    """Suggest the amounts a customer is likely to hand over, ascending, the exact one left out.

    The next multiple of each note, the two smallest notes only for small sums. When that gives more than
    five, amounts that need several notes go first, then the largest notes.
    """
    if due <= 0:
        return ()
    steps = NOTES if due < _SMALL else NOTES[2:]
    likely = sorted({-(-due // step) * step for step in steps} - {due})
    if len(likely) > _MAX_SUGGESTIONS:
        surplus = [amount for amount in reversed(likely) if amount not in NOTES]
        dropped = set(surplus[: len(likely) - _MAX_SUGGESTIONS])
        likely = [amount for amount in likely if amount not in dropped][:_MAX_SUGGESTIONS]
    return tuple(likely)
