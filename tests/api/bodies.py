"""A right body of every call that makes something, for tests that spoil them."""

from tests.api.orders import order
from tests.api.test_stock_transfers import add_location
from tests.factories import Body, Shop, back, cart, new_id


def bodies(shop: Shop) -> dict[str, Body]:
    """A right body of every creating call, by path."""
    shift = str(shop.get("/shifts/current?register=K1")["id"])
    return {
        "/sales": cart(
            [{"sku": "KTO-100", "quantity": 1, "discount": 100, "reason": "r"}],
            discount=100,
            reason="r",
            total=14_800,
        ),
        "/shifts": {"id": new_id(), "register": "G1", "float": 100},
        f"/shifts/{shift}/cash": {"id": new_id(), "direction": "in", "amount": 100, "reason": "receh"},
        f"/shifts/{shift}/drawer": {"id": new_id(), "reason": "tukar"},
        f"/shifts/{shift}/count": {"id": new_id(), "counted": 100},
        f"/shifts/{shift}/close": {"id": new_id(), "counted": 100, "reason": "r"},
        **of_a_sale(shop),
        "/orders": order(
            [{"sku": "KTO-100", "quantity": 1, "discount": 100, "reason": "r"}],
            discount=100,
            reason="r",
            kind="held",
            note="Bu Sri",
        ),
        f"/shifts/{shift}/report/print": {"id": new_id(), "register": "K1"},
        "/labels": {
            "id": new_id(),
            "register": "K1",
            "kind": "lot",
            "items": [{"sku": "KTO-100", "lot": "A", "copies": 2}],
            "code": "qr",
        },
        "/stock/receipts": {
            "id": new_id(),
            "location": "GUDANG",
            "lines": [
                {
                    "sku": "KTO-100",
                    "quantity": 1,
                    "lot": "A",
                    "expires_on": "2099-01-01",
                    "unit_cost": 5,
                    "made_on": "2026-01-01",
                }
            ],
            "note": "pagi",
            "source": "Bengkel",
        },
        "/stock/adjustments": {
            "id": new_id(),
            "location": "GUDANG",
            "reason": "waste",
            "lines": [{"sku": "KTO-100", "quantity": -1, "lot": "A"}],
        },
        **stock_papers(shop),
    }


def of_a_sale(shop: Shop) -> dict[str, Body]:
    """A right body of what is done with a sale."""
    sale, paid = (str(shop.sell({"KTO-100": 3})["id"]) for _ in range(2))
    return {
        f"/sales/{sale}/void": {"id": new_id(), "reason": "salah"},
        f"/sales/{paid}/tenders": {
            "id": new_id(),
            "tenders": [{"method": "cash", "amount": 5_000}, {"method": "qris"}],
            "reference": "R-BODY",
        },
        f"/sales/{sale}/refunds": back({"KTO-100": 1}, restock=True, method="cash", register="K1"),
        f"/sales/{sale}/reprint": {"id": new_id(), "register": "K1"},
    }


def stock_papers(shop: Shop) -> dict[str, Body]:
    """A right body of transfers, counts, and what people set for the stock."""
    add_location(shop, "GERAI")
    goods = [{"sku": "KTO-100", "quantity": 1}]
    sent = {"id": new_id(), "from": "GUDANG", "to": "GERAI", "lines": goods}
    count = {"id": new_id(), "location": "GUDANG", "note": "bulanan"}
    for path, body in (("/stock/transfers", sent), ("/stock/counts", count)):
        assert shop.post(path, body).status == 201
    transfer, counting = f"/stock/transfers/{sent['id']}", f"/stock/counts/{count['id']}"
    return {
        "/stock/transfers": sent
        | {"id": new_id(), "lines": [{"sku": "KTO-100", "quantity": 1, "lot": "A"}], "note": "x"},
        f"{transfer}/receive": {
            "id": new_id(),
            "lines": [{"sku": "KTO-100", "quantity": 1, "lot": "A"}],
            "reason": "pecah",
        },
        f"{transfer}/print": {"id": new_id(), "register": "K1"},
        "/stock/counts": count | {"id": new_id(), "location": "GERAI"},
        f"{counting}/tallies": {
            "id": new_id(),
            "lines": [
                {"sku": "KTO-100", "quantity": 1, "lot": "A", "kind": "add", "expires_on": "2099-01-01"}
            ],
        },
        f"{counting}/post": {"id": new_id(), "missing": "leave"},
        f"{counting}/drop": {"id": new_id()},
        "/stock/minimums": {
            "id": new_id(),
            "location": "GUDANG",
            "lines": [{"sku": "KTO-100", "minimum": 5}],
        },
        "/stock/sources": {"id": new_id(), "name": "Bengkel", "kind": "maker"},
    }
