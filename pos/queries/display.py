"""What a customer display may know: the register, the sale it is about, the products of the shop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Outlet, Register, Sale
from pos.models.partial import SALE_WAITING
from pos.queries.products import location_of, products
from pos.queries.sales import last_sale, register_of, sale_view

View: TypeAlias = dict[str, Any]

THANKS = timedelta(seconds=30)
"""How long the last sale is shown by a display whose till says nothing."""
MOST_READ = 500
"""Products that are looked through for pictures."""
MOST_SHOWN = 48


@dataclass(frozen=True, slots=True)
class Followed:
    """The register that a display follows."""

    id: int
    code: str
    name: str
    outlet_name: str
    zone: str


def followed(code: str) -> Followed:
    """Return an active register. Raises not_found."""
    row = db.session.execute(
        select(Register.id, Register.code, Register.name, Outlet.name, Outlet.time_zone)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .where(Register.code == code, Register.active)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such register."))
    return Followed(*row)


def sale_here(register: Followed, sale_id: str) -> View | None:
    """Return a sale of this register as its buyer may see it, None when it is none."""
    if register_of(sale_id) != register.code:
        return None
    return for_buyer(sale_view(sale_id))


def sale_of_the_moment(register: Followed, at: datetime) -> View | None:
    """Return what the books alone say: the newest sale that waits for its payment, or one just completed."""
    # The few that wait; asked for the newest, SQLite would look through all of the register's sales.
    waiting = db.session.execute(
        select(Sale.created_at, Sale.id).where(Sale.register_id == register.id, SALE_WAITING)
    ).all()
    if waiting:
        return for_buyer(sale_view(max((row[0], row[1]) for row in waiting)[1]))
    last = last_sale(register.id)
    if last is None or not last["completed_at"]:
        return None
    fresh = at - datetime.fromisoformat(last["completed_at"]) < THANKS
    return for_buyer(last) if fresh else None


def for_buyer(sale: View) -> View:
    """Return of a sale what its buyer may see: no names, references or hashes, and not the code's text."""
    kept = (
        "id",
        "status",
        "number",
        "completed_at",
        "subtotal",
        "discount",
        "rounding",
        "total",
        "tenders",
        "change",
    )
    view = {key: sale[key] for key in kept}
    view["lines"] = [
        {key: line[key] for key in ("name", "quantity", "unit_price", "discount", "total")}
        for line in sale["lines"]
    ]
    if "qris" in sale:
        qris = sale["qris"]
        asked = ("provider", "sandbox", "status", "why", "merchant", "amount", "paid_amount", "expires_at")
        view["qris"] = {key: qris[key] for key in asked} | {"payload": bool(qris["payload"])}
    return view


def shop_window(register: Followed) -> list[View]:
    """Return products with a picture that the register can sell now, in the order of the till."""
    location, zone = location_of(register.code)
    found = products(location, clock.now().astimezone(ZoneInfo(zone)).date(), limit=MOST_READ)
    shown = [one for one in found if one["picture"] and one["available"] > 0]
    return [
        {key: one[key] for key in ("sku", "name", "name_en", "price", "picture")}
        for one in shown[:MOST_SHOWN]
    ]
