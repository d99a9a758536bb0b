"""A day of a shop in small, lived through before processes are forked: what is compiled at its first use
(statements, templates) is then there in all of them.
"""

import tempfile
from pathlib import Path

from flask.testing import FlaskClient

from tests.cast import PINS
from tests.factories import Shop, back, cart, new_id
from tests.support.demo import make_demo_shop, opened

HERE = {"Sec-Fetch-Site": "same-origin"}


def rehearse() -> None:
    """Sell at a till and look at the pages that tests look at most."""
    with tempfile.TemporaryDirectory(prefix="karya-rehearsal-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'pos.db'}"
        tokens = make_demo_shop(folder, url)
        with opened(folder, url) as app:
            _sell(app.test_client())
            shop = Shop(app, tokens)
            sold = shop.paid_by_qris({"KTO-100": 1}, "R-1")
            done = shop.post(f"/sales/{sold['id']}/refunds", back({"KTO-100": 1}), who="supervisor")
            assert done.status == 201, done.body
            for path in ("/stock", "/payments", f"/sales/{sold['id']}/receipt.txt"):
                assert shop.get(path, who="manager").status == 200


def _sell(till: FlaskClient) -> None:
    assert till.post("/enrol", data={"register": "K1"}, headers=HERE).status_code == 302
    for path, sent in (
        ("/till/sign-in", {"user": "Kasir", "pin": PINS["Kasir"]}),
        ("/api/v1/shifts", {"id": new_id(), "register": "K1", "float": 0}),
        ("/api/v1/sales", cart({"KTO-100": 1}, cash=20_000)),
    ):
        answer = till.post(path, json=sent, headers=HERE)
        assert answer.status_code in (200, 201), answer.data
    for path in ("/", "/till/state", "/api/v1/products", "/api/v1/sales?register=K1", "/shift"):
        assert till.get(path).status_code < 400, path
    entered = till.post(
        "/back-office/sign-in", data={"name": "Manajer", "pin": PINS["Manajer"]}, headers=HERE
    )
    assert entered.status_code == 302, entered.data
    for path in ("", "sales/", "products/", "payments/", "stock/"):
        assert till.get(f"/back-office/{path}").status_code == 200, path
