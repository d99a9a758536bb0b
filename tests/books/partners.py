"""What happens with a partner on the day: goods go there, are sold, come back, and a report is reversed."""

from zoneinfo import ZoneInfo

from pos import clock
from pos.db import transact
from pos.operations import exchange, exchange_goods
from pos.operations.actor import SYSTEM
from pos.operations.journal import Request
from tests.books.goods import made, piece
from tests.factories import Shop, new_id


def local_day() -> str:
    """The day in Jakarta, which may be another than in UTC."""
    return clock.now().astimezone(ZoneInfo("Asia/Jakarta")).date().isoformat()


def trade_with_partners(shop: Shop) -> None:
    """Leave a delivery on its way, a report that counts and one that does not."""
    partner = {"id": new_id(), "code": "MITRA", "name": "Toko Mitra", "commission_bp": 1_250}
    assert shop.post("/stock/partners", partner).status == 201
    lines = [piece("KTO-100", 9), piece("MBT-250", 8)]
    delivery = {"partner": "MITRA", "from": "GUDANG", "note": "pagi", "lines": lines}
    made(shop, "/stock/deliveries", delivery | {"handed_over": True})
    made(shop, "/stock/deliveries", delivery)
    day = local_day()
    report = {"partner": "MITRA", "from": day, "until": day, "document": "INV-1", "note": "hari ini"}
    sold = [piece("KTO-100", 3, price=15_500, date=day, outlet="Cabang 1"), piece("KTO-100", 2)]
    wrong = made(shop, "/stock/sell-through", report | {"lines": sold})
    made(shop, f"/stock/sell-through/{wrong}/reverse", {"reason": "salah berkas"})
    made(shop, "/stock/sell-through", report | {"lines": [*sold, piece("MBT-250", 1)]})
    back = [piece("KTO-100", 1), {**piece("MBT-250", 2), "spoiled": True, "reason": "bocor"}]
    made(shop, "/stock/returns", {"partner": "MITRA", "to": "GUDANG", "note": "sore", "lines": back})


def send_goods_to_an_outlet(shop: Shop) -> None:
    """Link an outlet that sells cut off, and write the file of a delivery to it."""
    outlet = {"id": new_id(), "code": "GERAI2", "name": "Gerai Kedua", "kind": "outlet"}
    assert shop.post("/stock/partners", outlet).status == 201
    made(shop, "/stock/deliveries", {"partner": "GERAI2", "from": "GUDANG", "lines": [piece("KTO-100", 4)]})
    at = clock.now()
    with shop.app.app_context():
        for act in (exchange.link_outlet, exchange_goods.write):
            transact(lambda act=act: act("GERAI2", SYSTEM, at, Request(new_id(), "0" * 64)))  # type: ignore[misc]
