"""What happens to goods on the day: they are sent, arrive short and over, are counted, and counted again."""

from pos import clock
from pos.db import transact
from pos.operations import catalogue
from pos.operations.actor import SYSTEM
from tests.factories import Body, Shop, new_id


def move_and_count(shop: Shop) -> None:
    """Leave a transfer on its way, and nothing else of goods undone."""
    with shop.app.app_context():
        transact(lambda: catalogue.add_location("RAK", "Rak depan", "stock", SYSTEM, clock.now()))
    made(shop, "/stock/sources", {"name": "Bengkel 2", "kind": "maker"})
    line = {"sku": "KTO-100", "quantity": 5, "lot": "BENGKEL", "made_on": "2026-11-01"}
    dated = line | {"expires_on": "2030-06-30", "unit_cost": 9_500}
    for cost in (9_500, 8_000):
        receipt = {"location": "GUDANG", "source": "Bengkel 2", "lines": [dated | {"unit_cost": cost}]}
        made(shop, "/stock/receipts", receipt)
    send(shop, {"KTO-100": 3, "MBT-250": 2}, [piece("KTO-100", 2), piece("MBT-250", 3)])
    send(shop, {"KTO-100": 4}, [piece("KTO-100", 4)])
    send(shop, {"KTP-100": 6}, None)
    count(shop)


def piece(sku: str, quantity: int, **more: str) -> Body:
    return {"sku": sku, "quantity": quantity, **more}


def made(shop: Shop, path: str, body: Body) -> str:
    answer = shop.post(path, {"id": new_id(), **body})
    assert answer.status == 201, answer.body
    return str(answer["id"])


def send(shop: Shop, goods: dict[str, int], arrived: list[Body] | None) -> None:
    lines = [piece(sku, quantity) for sku, quantity in goods.items()]
    transfer = made(shop, "/stock/transfers", {"from": "GUDANG", "to": "RAK", "note": "isi", "lines": lines})
    if arrived is not None:
        made(shop, f"/stock/transfers/{transfer}/receive", {"lines": arrived, "reason": "salah muat"})


def count(shop: Shop) -> None:
    """Count the shelf: one lot short, one over, one counted again, one that nobody counted."""
    dropped = made(shop, "/stock/counts", {"location": "RAK", "blind": True})
    made(shop, f"/stock/counts/{dropped}/tallies", {"lines": [piece("KTO-100", 1, kind="set")]})
    made(shop, f"/stock/counts/{dropped}/drop", {})
    going = made(shop, "/stock/counts", {"location": "RAK", "note": "malam"})
    lot = next(i for i in shop.get("/stock?location=RAK")["items"] if i["sku"] == "KTO-100")["lots"][0]["lot"]
    again = {"sku": "KTO-100", "lot": lot, "kind": "again"}
    for line in (
        piece("KTO-100", 2, lot=lot),
        again,
        piece("KTO-100", 3, lot=lot),
        piece("TBT-020", 1, lot="BARU", expires_on="2030-01-01"),
    ):
        made(shop, f"/stock/counts/{going}/tallies", {"lines": [line]})
    made(shop, f"/stock/counts/{going}/post", {"missing": "zero"})
