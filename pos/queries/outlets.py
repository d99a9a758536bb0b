"""Outlets, registers, locations and the browsers that are registers."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select

from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Device, Location, Login, Outlet, Register, User


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet and the location it sells from."""

    id: int
    code: str
    name: str
    address: str
    time_zone: str
    cut_off: str
    location_id: int
    location: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A register and the outlet it stands in."""

    id: int
    code: str
    name: str
    kind: str
    active: bool
    outlet: str
    outlet_name: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A location that holds goods of ours."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Browser:
    """An enrolled browser that was not released."""

    id: int
    register: str | None
    created_at: datetime
    seen_at: datetime | None
    seen_by: str | None
    follows: str | None


def first_place() -> tuple[str, time]:
    """Return zone and cut-off of the first outlet; Jakarta's midnight while there is none."""
    row = db.session.execute(
        select(Outlet.time_zone, Outlet.cut_off).order_by(Outlet.id).limit(1)
    ).one_or_none()
    return ("Asia/Jakarta", time(0)) if row is None else (row[0], time.fromisoformat(row[1]))


def outlets() -> list[Place]:
    """Return every outlet, in the order they were added."""
    rows = db.session.execute(
        select(
            Outlet.id,
            Outlet.code,
            Outlet.name,
            Outlet.address,
            Outlet.time_zone,
            Outlet.cut_off,
            Location.id,
            Location.code,
        )
        .join(Location, Location.id == Outlet.location_id)
        .order_by(Outlet.id)
    )
    return [Place(*row) for row in rows]


def outlet(outlet_id: int) -> Place:
    """Return one outlet. Raises not_found."""
    found = next((place for place in outlets() if place.id == outlet_id), None)
    if found is None:
        raise NotFound(N_("There is no such outlet."))
    return found


def desks() -> list[Desk]:
    """Return every register by outlet, retired ones last."""
    rows = db.session.execute(
        select(
            Register.id,
            Register.code,
            Register.name,
            Register.kind,
            Register.active,
            Outlet.code,
            Outlet.name,
        )
        .join(Outlet, Outlet.id == Register.outlet_id)
        .order_by(Register.active.desc(), Outlet.id, Register.id)
    )
    return [Desk(*row) for row in rows]


def desk(register_id: int) -> Desk:
    """Return one register. Raises not_found."""
    found = next((one for one in desks() if one.id == register_id), None)
    if found is None:
        raise NotFound(N_("There is no such register."))
    return found


def shelves() -> list[Shelf]:
    """Return the locations that hold goods of ours."""
    rows = db.session.execute(
        select(Location.id, Location.code, Location.name)
        .where(Location.kind == "stock")
        .order_by(Location.id)
    )
    return [Shelf(*row) for row in rows]


def browsers() -> list[Browser]:
    """Return enrolled browsers, newest first, with who was there last."""
    here = Login.device_id == Device.id
    # The newest sign-in of each by the index; a group of all sign-ins would read years of them.
    seen_at = select(Login.seen_at).where(here).order_by(Login.seen_at.desc()).limit(1).scalar_subquery()
    user_id = select(Login.user_id).where(here).order_by(Login.seen_at.desc()).limit(1).correlate(Device)
    seen_by = select(User.name).where(User.id == user_id.scalar_subquery()).scalar_subquery()
    rows = db.session.execute(
        select(Device.id, Register.code, Device.created_at, seen_at, seen_by, Device.follows)
        .outerjoin(Register, Register.id == Device.register_id)
        .where(Device.ended_at.is_(None))
        .order_by(Device.id.desc())
    )
    return [Browser(*row) for row in rows]
