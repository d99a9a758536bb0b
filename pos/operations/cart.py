"""Prices a cart on the server.

Products, the prices of the business date, discounts, the total that was shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from sqlalchemy import bindparam, select

from pos.domain.pricing import PricedLine, PricingError, Totals, totals
from pos.domain.rights import Right
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.models import Price, Product
from pos.operations.actor import Actor
from pos.queries import discounts as queries
from pos.schemas.sales import CartIn, LineIn, SaleIn
from pos.statements import Statement


@dataclass(frozen=True, slots=True)
class CartLine:
    """A priced line with the product as it is named today."""

    product_id: int
    sku: str
    name: str
    quantity: int
    unit_price: int
    discount: int
    reason: str
    note: str

    @property
    def total(self) -> int:
        """Rupiah the line adds to the subtotal."""
        return self.quantity * self.unit_price - self.discount


@dataclass(frozen=True, slots=True)
class Cart:
    """A priced cart. `approved_by` allowed a discount above the limit."""

    lines: tuple[CartLine, ...]
    totals: Totals
    approved_by: str | None

    @property
    def wanted(self) -> dict[int, int]:
        """Pieces of each product, lines of one product added up."""
        wanted: dict[int, int] = {}
        for line in self.lines:
            wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
        return wanted

    @property
    def skus(self) -> dict[int, str]:
        """SKU of each product in the cart."""
        return {line.product_id: line.sku for line in self.lines}


def price_cart(order: SaleIn, actor: Actor, on: date, *, rounding_step: int, limit_percent: int) -> Cart:
    """Price the cart for business date `on`.

    Raises unknown_sku, validation_error (a discount without a reason or above its line), approval_needed
    (discounts above the shop's limit, beyond what presets allow in advance) and price_changed (another total
    than the one that was shown).
    """
    all_cash = all(tender.method == "cash" for tender in order.tenders)
    cart = price(order, on, rounding_step=rounding_step if all_cash else None)
    sums = cart.totals
    approved_by = None
    most = sums.gross * limit_percent
    if sums.discounts * 100 > most and (sums.discounts - _allowed_ahead(cart, order, actor)) * 100 > most:
        approved_by = actor.need_or_approval(Right.EXCEED_DISCOUNT)
    if order.total is not None and order.total != sums.total:
        raise PosError(
            "price_changed",
            N_("The total is now different. Show the new total to the customer and pay again."),
            extra={
                "total": sums.total,
                "lines": [
                    {"sku": line.sku, "unit_price": line.unit_price, "total": line.total}
                    for line in cart.lines
                ],
            },
        )
    return cart if approved_by is None else replace(cart, approved_by=approved_by)


def _allowed_ahead(cart: Cart, order: SaleIn, actor: Actor) -> int:
    """Return the rupiah of discounts that presets approve in advance: the reason of one, and no more than it
    gives. An amount counts once a sale, so that lines can't be split to have it many times.
    """
    if not actor.may(Right.SEE_SALES):
        # Nobody stands at a kiosk who could say who deserves it.
        return 0
    presets = {preset.name: preset for preset in queries.presets() if preset.approved}
    asked = [(line.reason, line.discount, line.quantity * line.unit_price) for line in cart.lines]
    allowed = 0
    for reason, discount, gross in [*asked, (order.reason, order.discount, cart.totals.subtotal)]:
        preset = presets.get(reason)
        if discount and preset is not None and discount <= preset.off(gross):
            allowed += discount
            if preset.amount is not None:
                del presets[reason]
    return allowed


def price(order: CartIn, on: date, *, rounding_step: int | None) -> Cart:
    """Price what a customer wants for business date `on`; rounded as cash is, unless there is no step.

    Raises unknown_sku and validation_error (a discount without a reason or above its line).
    """
    lines = _lines(order.lines, on)
    _need_reasons(order)
    try:
        sums = totals(
            [PricedLine(line.quantity, line.unit_price, line.discount) for line in lines],
            order.discount,
            rounding_step or 0,
            rounding_step is not None,
        )
    except PricingError as error:
        where = "discount" if error.line is None else f"lines.{error.line}.discount"
        raise ValidationError(FieldError(where, error.message)) from error
    return Cart(lines, sums, None)


@cache
def _products(count: int) -> Statement:
    """Return the statement that finds `count` SKUs; a cart has at most as many as the API takes lines."""
    return Statement(
        select(Product.sku, Product.id, Product.name, Product.active, Price.amount)
        .join(Price, Price.product_id == Product.id)
        .where(
            Product.sku.in_([bindparam(f"sku{n}") for n in range(count)]), Price.valid_from <= bindparam("on")
        )
        .order_by(Price.valid_from, Price.id)
    )


def _lines(asked: Sequence[LineIn], on: date) -> tuple[CartLine, ...]:
    skus = sorted({line.sku for line in asked})
    # The newest price that is valid comes last for each product, so a plain dict keeps it.
    rows = _products(len(skus)).ask(on=on, **{f"sku{n}": sku for n, sku in enumerate(skus)}).rows()
    products = {row[0]: row for row in rows if row[3]}
    unknown = [
        FieldError(
            f"lines.{n}.sku", N_("%(sku)s is not sold here. Remove it from the cart."), {"sku": line.sku}
        )
        for n, line in enumerate(asked)
        if line.sku not in products
    ]
    if unknown:
        raise PosError(
            "unknown_sku",
            N_("Not sold here: %(skus)s. Remove it from the cart."),
            {"skus": ", ".join(sorted({str(error.params["sku"]) for error in unknown}))},
            fields=unknown,
        )
    return tuple(
        CartLine(
            product_id=products[line.sku][1],
            sku=line.sku,
            name=products[line.sku][2],
            quantity=line.quantity,
            unit_price=products[line.sku][4],
            discount=line.discount,
            reason=line.reason,
            note=line.note,
        )
        for line in asked
    )


def _need_reasons(order: CartIn) -> None:
    missing = [
        FieldError(f"lines.{n}.reason", N_("Say why there is a discount."))
        for n, line in enumerate(order.lines)
        if line.discount and not line.reason
    ]
    if order.discount and not order.reason:
        missing.append(FieldError("reason", N_("Say why there is a discount.")))
    if missing:
        raise ValidationError(*missing)
