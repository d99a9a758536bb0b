"""Orders as tests make and look at them."""

from typing import Any

from tests.factories import Answer, Body, Goods, Shop, lines, new_id


def order(goods: Goods, *, register: str = "K1", **more: Any) -> Body:
    """An order's body."""
    return {"id": new_id(), "register": register, "lines": lines(goods), **more}


def held(shop: Shop, goods: Goods, *, who: str = "cashier", **more: Any) -> Answer:
    """Hold a cart, and expect it to be held."""
    answer = shop.post("/orders", order(goods, **more), who=who)
    assert (answer.status, answer["status"]) == (201, "open"), answer.body
    return answer


def slip(shop: Shop, goods: Goods, **more: Any) -> Answer:
    """Have the kiosk print a slip."""
    return held(shop, goods, who="kiosk", register="K2", **more)


def drop(shop: Shop, order_id: str, *, who: str = "cashier") -> Answer:
    return shop.send("DELETE", f"/orders/{order_id}", who=who)


def numbers(shop: Shop, register: str = "K1", *, who: str = "cashier") -> list[int]:
    """The numbers of the open orders, in the order of the list."""
    return [item["number"] for item in shop.get(f"/orders?register={register}", who=who)["items"]]
