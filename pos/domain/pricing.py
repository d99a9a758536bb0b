"""What a sale costs: lines, discounts and the rounding of cash."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.domain.money import MAX_AMOUNT
from pos.domain.words import N_


class PricingError(ValueError):
    """A line or discount that cannot be priced; `code` names the rule, `line` the line (None: the sale)."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of a sale: how many, at what price, less how many rupiah."""

    quantity: int
    unit_price: int
    discount: int

    @property
    def gross(self) -> int:
        """Quantity times unit price, before any discount."""
        return self.quantity * self.unit_price

    @property
    def total(self) -> int:
        """What the line adds to the subtotal."""
        return self.quantity * self.unit_price - self.discount


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a sale; `discount` is the sale's own, the lines' are already in `subtotal`."""

    gross: int
    subtotal: int
    discount: int
    rounding: int
    total: int

    @property
    def discounts(self) -> int:
        """Every rupiah given away, on lines and on the sale, as the Z report counts them."""
        return self.gross - self.subtotal + self.discount


def rounding_for(amount: int, step: int) -> int:
    """Give the difference to the nearest multiple of `step`, a half going up; step 0 or 1 rounds nothing."""
    if step < 0:
        raise PricingError("rounding_step", N_("The rounding step is negative."))
    if step < 2:
        return 0
    # Doubled, so that an odd step has an exact half too.
    return (2 * amount + step) // (2 * step) * step - amount


def percent_of(amount: int, basis_points: int) -> int:
    """Give a percentage of an amount in whole rupiah, rounded down: a discount of exactly the limit never
    exceeds it.
    """
    return amount * basis_points // 10_000


def totals(lines: Sequence[PricedLine], sale_discount: int, rounding_step: int, all_cash: bool) -> Totals:
    """Add up a sale; only one that is paid wholly in cash is rounded."""
    gross = subtotal = 0
    for index, line in enumerate(lines):
        if line.quantity < 1:
            raise PricingError("quantity", N_("The quantity must be at least 1."), index)
        if line.unit_price < 0:
            raise PricingError("unit_price", N_("The price is negative."), index)
        line_gross = line.quantity * line.unit_price
        if not 0 <= line.discount <= line_gross:
            raise PricingError("line_discount", N_("The discount is larger than the line."), index)
        gross += line_gross
        subtotal += line_gross - line.discount
    if gross > MAX_AMOUNT:
        raise PricingError("too_large", N_("The amount is too large."))
    if not 0 <= sale_discount <= subtotal:
        raise PricingError("sale_discount", N_("The discount is larger than the sale."))
    due = subtotal - sale_discount
    rounding = rounding_for(due, rounding_step) if all_cash else 0
    return Totals(gross, subtotal, sale_discount, rounding, due + rounding)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Split an amount over weights in whole rupiah so that the parts add up to it exactly.

    Each part is the difference of two running shares, so none is more than a rupiah from its exact share and
    a weight of 0 gets 0. Used to say what each line of a discounted and rounded sale was really paid.
    """
    if amount < 0 or any(weight < 0 for weight in weights):
        raise PricingError("spread", N_("Only amounts and weights from 0 up can be split."))
    whole = sum(weights)
    if whole == 0:
        if amount:
            raise PricingError("spread", N_("There is nothing to split the amount over."))
        return [0] * len(weights)
    parts: list[int] = []
    weight_so_far = given = 0
    for weight in weights:
        weight_so_far += weight
        reached = amount * weight_so_far // whole
        parts.append(reached - given)
        given = reached
    return parts


def portion(paid: int, quantity: int, before: int, now: int) -> int:
    """Give what to pay back for `now` more pieces of a line that was paid `paid` for `quantity` pieces.

    `before` pieces were paid back earlier. Whatever the order and size of the steps, paying back every piece
    pays back exactly `paid`, and never more on the way.
    """
    if paid < 0 or quantity < 1 or before < 0 or now < 1 or before + now > quantity:
        raise PricingError("quantity", N_("More pieces than were sold."))
    return paid * (before + now) // quantity - paid * before // quantity
