"""Discounts that are ready to use at the till. Entries of the office's book."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.db import db, table
from pos.domain.money import MAX_AMOUNT
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, ValidationError
from pos.models import DiscountPreset
from pos.operations.actor import Actor
from pos.operations.arranging import placed
from pos.operations.journal import Act, Request, Row, lock_office, next_id

PRESET = table(DiscountPreset)

MOST = 40
"""Presets that are offered: a cashier has to find one."""


@dataclass(frozen=True, slots=True)
class PresetData:
    """A preset as a form gives it: a percentage in basis points or an amount in rupiah."""

    name: str
    percent_bp: int | None
    amount: int | None
    approved: bool = False
    active: bool = True


def save_preset(
    preset_id: int | None, data: PresetData, actor: Actor, at: datetime, request: Request | None = None
) -> int:
    """Add a preset, or change one; return its id. What was sold with it stays as it is.

    Raises not_found and validation_error.
    """
    actor.need(Right.MANAGE)
    act = Act(lock_office(request), "preset_saved", actor, at, request)
    rows = list(db.session.execute(select(PRESET).order_by(PRESET.c.position, PRESET.c.id)).mappings())
    others = [row for row in rows if row["id"] != preset_id]
    if preset_id is not None and len(others) == len(rows):
        raise NotFound(N_("There is no such discount."))
    errors = _problems(data)
    if data.name.casefold() in {row["name"].casefold() for row in others}:
        errors.append(FieldError("name", N_("Another discount has this reason.")))
    if data.active and sum(row["active"] for row in others) >= MOST:
        errors.append(FieldError("active", N_("At most %(most)s discounts are offered."), {"most": MOST}))
    if errors:
        raise ValidationError(*errors)
    values: Row = {name: getattr(data, name) for name in PresetData.__dataclass_fields__}
    if preset_id is None:
        preset_id = next_id(PRESET)
        last = max((row["position"] for row in rows), default=0)
        act.insert(PRESET, [{"id": preset_id, **values, "position": last + 1}])
    else:
        act.change(PRESET, {"id": preset_id}, values)
    act.finish()
    return preset_id


def place_preset(
    preset_id: int,
    place: Callable[[int], int],
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> None:
    """Move a preset among those that are offered; `place` gives its new number from its old, counted from 1.

    Raises not_found.
    """
    actor.need(Right.MANAGE)
    act = Act(lock_office(request), "preset_saved", actor, at, request)
    offered = select(PRESET.c.id).where(PRESET.c.active).order_by(PRESET.c.position, PRESET.c.id)
    ids = list(db.session.execute(offered).scalars())
    if preset_id not in ids:
        raise NotFound(N_("There is no such discount."))
    order = enumerate(placed(ids, preset_id, place), 1)
    act.change_many(PRESET, "id", [{"id": one, "position": number} for number, one in order])
    act.finish()


def _problems(data: PresetData) -> list[FieldError]:
    errors: list[FieldError] = []
    if not data.name.strip():
        errors.append(FieldError("name", N_("Fill this in.")))
    elif len(data.name) > 60:
        errors.append(FieldError("name", N_("This text is too long.")))
    elif not data.name.isprintable():
        errors.append(FieldError("name", N_("Leave out control characters and line breaks.")))
    if (data.percent_bp is None) == (data.amount is None):
        errors.append(FieldError("value", N_("Type a percentage or an amount.")))
    if data.percent_bp is not None and not 1 <= data.percent_bp <= 10_000:
        errors.append(FieldError("value", N_("More than 0 and at most 100 percent.")))
    if data.amount is not None and not 1 <= data.amount <= MAX_AMOUNT:
        errors.append(FieldError("value", N_("Type whole rupiah, for example 12.500.")))
    return errors
