"""In which order products and categories stand at the till and the kiosk. Entries of the office's book."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import TypeVar

from sqlalchemy import select

from pos.db import db, table
from pos.domain.rights import Right
from pos.errors import N_, NotFound
from pos.models import Product, ProductCategory
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row, lock_office
from pos.queries.products import categories

PRODUCT = table(Product)
CATEGORY = table(ProductCategory)

T = TypeVar("T")


def place_product(
    sku: str,
    place: Callable[[int], int],
    actor: Actor,
    at: datetime,
    *,
    favourites: bool = False,
    category: str = "",
    request: Request | None = None,
) -> None:
    """Move a product among those on sale, of a category or the favourites.

    `place` gives its new number from its old, counted from 1. Raises not_found.

    Only what stands between the two places gets another position.
    """
    actor.need(Right.MANAGE)
    act = Act(lock_office(request), "products_arranged", actor, at, request)
    columns = (PRODUCT.c.id, PRODUCT.c.sku, PRODUCT.c.position)
    order = (PRODUCT.c.position, PRODUCT.c.name, PRODUCT.c.sku)
    rows = [dict(row) for row in db.session.execute(select(*columns).order_by(*order)).mappings()]
    shown = select(PRODUCT.c.sku).where(PRODUCT.c.active)
    if favourites:
        shown = shown.where(PRODUCT.c.favourite)
    if category:
        shown = shown.where(PRODUCT.c.category == category)
    group = set(db.session.execute(shown).scalars())
    if sku not in group:
        raise NotFound(N_("There is no such product."))
    among = [row for row in rows if row["sku"] in group]
    moved = next(row for row in among if row["sku"] == sku)
    there = among[placed(among, moved, place).index(moved)]
    # Two of one position are told apart first: each then stands where it stood.
    slots = list(accumulate((row["position"] for row in rows), lambda last, own: max(last + 1, own)))
    if there is not moved:
        after = rows.index(there) > rows.index(moved)
        rows.remove(moved)
        rows.insert(rows.index(there) + after, moved)
    pairs = zip(rows, slots, strict=True)
    changed: list[Row] = [
        {"id": row["id"], "position": slot} for row, slot in pairs if row["position"] != slot
    ]
    act.change_many(PRODUCT, "id", changed if there is not moved else [])
    act.finish()


def mark_favourite(
    sku: str, favourite: bool, actor: Actor, at: datetime, request: Request | None = None
) -> None:
    """Put a product before all others on the till and the kiosk, or no longer. Raises not_found."""
    actor.need(Right.MANAGE)
    act = Act(lock_office(request), "products_arranged", actor, at, request)
    found = db.session.execute(select(PRODUCT.c.id).where(PRODUCT.c.sku == sku)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("There is no such product."))
    act.change(PRODUCT, {"id": found}, {"favourite": favourite})
    act.finish()


def place_category(
    name: str, place: Callable[[int], int], actor: Actor, at: datetime, request: Request | None = None
) -> None:
    """Move a category among those of what is sold. Raises not_found."""
    actor.need(Right.MANAGE)
    act = Act(lock_office(request), "categories_arranged", actor, at, request)
    names = categories()
    if name not in names:
        raise NotFound(N_("There is no such category."))
    known = set(db.session.execute(select(CATEGORY.c.name)).scalars())
    rows: list[Row] = [
        {"name": one, "position": number} for number, one in enumerate(placed(names, name, place), 1)
    ]
    act.insert(CATEGORY, [row for row in rows if row["name"] not in known])
    act.change_many(CATEGORY, "name", [row for row in rows if row["name"] in known])
    act.finish()


def placed_categories() -> dict[str, int]:
    """Return the number of every category that was given a place."""
    return dict(db.session.execute(select(CATEGORY.c.name, CATEGORY.c.position)).all())


def place_categories(places: Mapping[str, int], actor: Actor, at: datetime) -> None:
    """Give categories their numbers, as a file of products says; what is not named stays where it is."""
    if not places:
        return
    actor.need(Right.MANAGE)
    act = Act(lock_office(None), "categories_arranged", actor, at, None)
    there = placed_categories()
    rows: list[Row] = [{"name": name, "position": number} for name, number in places.items()]
    act.insert(CATEGORY, [row for row in rows if row["name"] not in there])
    act.change_many(
        CATEGORY, "name", [row for row in rows if there.get(row["name"], row["position"]) != row["position"]]
    )
    act.finish()


def placed(among: Sequence[T], moved: T, place: Callable[[int], int]) -> list[T]:
    """Return the same with `moved` where `place` puts it: it gives the new number from the old, from 1."""
    order = list(among)
    now = order.index(moved)
    new = min(max(place(now + 1), 1), len(order)) - 1
    order.insert(new, order.pop(now))
    return order
