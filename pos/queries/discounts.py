"""Discounts that are ready to use, in the order of the till."""

from dataclasses import dataclass

from sqlalchemy import select

from pos.db import db
from pos.domain.pricing import percent_of
from pos.errors import N_, NotFound
from pos.models import DiscountPreset


@dataclass(frozen=True, slots=True)
class Preset:
    """A reason with a percentage or an amount."""

    id: int
    name: str
    percent_bp: int | None
    amount: int | None
    approved: bool
    active: bool

    def off(self, gross: int) -> int:
        """Return the rupiah it takes off a line or a sale that costs `gross`."""
        if self.percent_bp is not None:
            return percent_of(gross, self.percent_bp)
        return min(self.amount or 0, gross)


_ALL = select(
    DiscountPreset.id,
    DiscountPreset.name,
    DiscountPreset.percent_bp,
    DiscountPreset.amount,
    DiscountPreset.approved,
    DiscountPreset.active,
).order_by(DiscountPreset.position, DiscountPreset.id)


def presets(*, active_only: bool = True) -> list[Preset]:
    """Return the presets that are offered, or all."""
    query = _ALL.where(DiscountPreset.active) if active_only else _ALL
    return [Preset(*row) for row in db.session.execute(query)]


def preset(preset_id: int) -> Preset:
    """Return one preset. Raises not_found."""
    row = db.session.execute(_ALL.where(DiscountPreset.id == preset_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such discount."))
    return Preset(*row)
