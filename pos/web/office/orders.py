"""Orders: a day's held carts and slips, and what became of each."""

from flask import Blueprint, Response, render_template

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.queries import orders_office as queries
from pos.queries.orders_office import OrderRow
from pos.queries.outlets import outlets
from pos.web.office import lists, show, words
from pos.web.office.sales import day_argument

bp = Blueprint("orders", __name__, url_prefix="/orders")

PAGE = 50
COLUMNS: tuple[lists.Column[OrderRow], ...] = (
    (N_("Number"), lambda row: row.number),
    (N_("Kind"), lambda row: words.word(row.kind, "order_kind")),
    (N_("Outlet"), lambda row: row.outlet),
    (N_("Register"), lambda row: row.register),
    (N_("Made"), lambda row: show.at(row.created_at)),
    (N_("Who"), lambda row: row.by),
    (N_("Note"), lambda row: row.note),
    (N_("Pieces"), lambda row: row.pieces),
    (N_("State"), lambda row: words.word(row.status, "order")),
    (N_("Ended"), lambda row: show.at(row.ended_at) if row.ended_at else ""),
    (N_("Sale"), lambda row: row.sale_number or ""),
    (N_("Total"), lambda row: row.sale_total),
)


@bp.get("/")
def index() -> Response | str:
    """The orders of a business day, the newest first."""
    actor = identity.need(Right.SEE_SALES)
    on = day_argument("date") or show.today()
    places = outlets()
    outlet = lists.asked("outlet", [place.code for place in places])
    status = lists.asked("status", words.ORDER)

    def fetch(cursor: str | None, limit: int) -> tuple[list[OrderRow], str | None]:
        return queries.page(
            on, cursor, limit, outlet=outlet, register=actor.register, status=status, words=lists.typed()
        )

    if lists.file_asked():
        return lists.send(N_("Orders"), COLUMNS, fetch)
    items, cursor = lists.page(fetch, PAGE)
    return render_template(
        "office/sales/orders.html",
        items=items,
        cursor=cursor,
        on=on,
        outlet=outlet,
        status=status,
        statuses=words.options("order"),
        outlets=[(place.code, place.name) for place in places],
    )
