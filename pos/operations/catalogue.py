"""What people set.

Outlets, registers, locations and the shop's settings; products and prices stand in products.py. Entries of
the office's book.
"""

import json
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import insert, select

from pos.db import db, table
from pos.domain.qris import clean, usable
from pos.domain.rights import Right
from pos.domain.shop import problems
from pos.errors import N_, FieldError, ValidationError
from pos.models import Location, Outlet, Partner, Register, Setting
from pos.operations.actor import Actor
from pos.operations.journal import BOOK, OFFICE, Act, Request, lock_office, new_book, next_id
from pos.operations.products import (
    SVG,
    ProductData,
    product_problems,
    save_products,
    set_picture,
    set_price,
)

__all__ = [
    "SVG",
    "ProductData",
    "add_location",
    "add_outlet",
    "add_register",
    "change_outlet",
    "change_register",
    "change_settings",
    "check_code",
    "product_problems",
    "save_products",
    "set_picture",
    "set_price",
]

OUTLET = table(Outlet)
REGISTER = table(Register)
LOCATION = table(Location)
SETTING = table(Setting)


def change_settings(
    values: dict[str, object], actor: Actor, at: datetime, request: Request | None = None
) -> None:
    """Change settings of the shop. Raises validation_error that names each wrong key."""
    actor.need(Right.MANAGE)
    from pos.operations.papers_appearance import (
        logo_problem,  # what draws pictures is loaded where one is drawn
    )

    book = lock_office(request)
    errors = [FieldError(key, message) for key, value in values.items() if (message := problems(key, value))]
    if not errors and (message := logo_problem(values.get("receipt_logo", ""))):
        errors.append(FieldError("receipt_logo", message))
    merchant = values.get("merchant_qris")
    if isinstance(merchant, str) and merchant:
        values = values | {"merchant_qris": clean(merchant)}
    if isinstance(merchant, str) and merchant and not usable(merchant):
        errors.append(
            FieldError(
                "merchant_qris", N_("This is not a QRIS that can take payments. Scan the printed sign again.")
            )
        )
    if errors:
        raise ValidationError(*errors)
    there = set(db.session.execute(select(Setting.key)).scalars())
    act = Act(book, "settings_changed", actor, at, request)
    for key, value in values.items():
        text = json.dumps(value, ensure_ascii=False)
        if key in there:
            act.change(SETTING, {"key": key}, {"value": text})
        else:
            act.insert(SETTING, [{"key": key, "value": text}])
    act.finish()


def add_location(
    code: str, name: str, kind: str, actor: Actor, at: datetime, request: Request | None = None
) -> int:
    """Add a place for goods: `stock` for the shop's own shelves."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    check_code(code, 20)
    if db.session.execute(select(Location.id).where(Location.code == code)).first():
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    location_id = next_id(LOCATION)
    act = Act(book, "location_added", actor, at, request)
    act.insert(LOCATION, [{"id": location_id, "code": code, "name": name or code, "kind": kind}])
    act.finish()
    return location_id


def add_outlet(
    code: str,
    name: str,
    location: str,
    actor: Actor,
    at: datetime,
    *,
    address: str = "",
    time_zone: str = "Asia/Jakarta",
    cut_off: str = "00:00",
    request: Request | None = None,
) -> int:
    """Add an outlet that sells from an existing location."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    check_code(code, 20)
    _check_place(time_zone, cut_off)
    if db.session.execute(select(Outlet.id).where(Outlet.code == code)).first():
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    location_id = db.session.execute(
        select(Location.id).where(Location.code == location, Location.kind == "stock")
    ).scalar_one_or_none()
    if location_id is None:
        raise ValidationError(
            FieldError("location", N_("There is no location %(code)s."), {"code": location})
        )
    if db.session.execute(select(Partner.id).where(Partner.location_id == location_id)).first():
        # What lies there is the partner's to sell, never a till's.
        raise ValidationError(FieldError("location", N_("A partner sells what lies there. Choose another.")))
    outlet_id = next_id(OUTLET)
    act = Act(book, "outlet_added", actor, at, request)
    act.insert(
        OUTLET,
        [
            {
                "id": outlet_id,
                "code": code,
                "name": name or code,
                "address": address,
                "time_zone": time_zone,
                "cut_off": cut_off,
                "location_id": location_id,
            }
        ],
    )
    act.finish()
    return outlet_id


def change_outlet(
    outlet_id: int,
    actor: Actor,
    at: datetime,
    *,
    name: str,
    address: str,
    time_zone: str,
    cut_off: str,
    request: Request | None = None,
) -> None:
    """Change an outlet's name, address, zone or cut-off; open shifts keep their business date."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    _check_place(time_zone, cut_off)
    if not name.strip():
        raise ValidationError(FieldError("name", N_("Fill this in.")))
    act = Act(book, "outlet_changed", actor, at, request)
    act.change(
        OUTLET,
        {"id": outlet_id},
        {"name": name, "address": address, "time_zone": time_zone, "cut_off": cut_off},
    )
    act.finish()


def add_register(
    code: str, name: str, outlet: str, kind: str, actor: Actor, at: datetime, request: Request | None = None
) -> int:
    """Add a register with its own book. Its code begins every receipt number and can't change."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    check_code(code, 10)
    if kind not in ("till", "kiosk"):
        raise ValidationError(FieldError("kind", N_("Choose till or kiosk.")))
    if code == OFFICE or db.session.execute(select(Register.id).where(Register.code == code)).first():
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    outlet_id = db.session.execute(select(Outlet.id).where(Outlet.code == outlet)).scalar_one_or_none()
    if outlet_id is None:
        raise ValidationError(FieldError("outlet", N_("There is no outlet %(code)s."), {"code": outlet}))
    register_id = next_id(REGISTER)
    act = Act(book, "register_added", actor, at, request)
    act.insert(
        REGISTER,
        [
            {
                "id": register_id,
                "code": code,
                "name": name or code,
                "outlet_id": outlet_id,
                "kind": kind,
                "active": True,
            }
        ],
    )
    act.finish()
    db.session.execute(insert(BOOK), new_book(code, register_id))
    return register_id


def change_register(
    register_id: int, actor: Actor, at: datetime, *, name: str, active: bool, request: Request | None = None
) -> None:
    """Rename or retire a register."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    act = Act(book, "register_changed", actor, at, request)
    act.change(REGISTER, {"id": register_id}, {"name": name, "active": active})
    act.finish()


def check_code(code: str, longest: int) -> None:
    """Refuse a code that is no short name in capitals. Raises validation_error."""
    if (
        not 1 <= len(code) <= longest
        or not code.isascii()
        or not code.replace("-", "").isalnum()
        or code != code.upper()
    ):
        raise ValidationError(
            FieldError(
                "code",
                N_("A code is 1 to %(longest)s capital letters, digits or hyphens."),
                {"longest": longest},
            )
        )


def _check_place(time_zone: str, cut_off: str) -> None:
    if time_zone not in available_timezones():
        raise ValidationError(FieldError("time_zone", N_("Choose a time zone, for example Asia/Jakarta.")))
    ZoneInfo(time_zone)
    hour, _, minute = cut_off.partition(":")
    if not (
        len(cut_off) == 5 and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60
    ):
        raise ValidationError(FieldError("cut_off", N_("Type the time as HH:MM.")))
