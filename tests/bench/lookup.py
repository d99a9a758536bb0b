"""Finding a product among ten thousand: by words and by barcode, over HTTP, beside the server's health."""

import http.client
import itertools
import random
import sqlite3
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import quote

from pos import clock
from pos.bench.figures import Figures, milliseconds
from pos.bench.shops import Shop
from pos.db import transact
from pos.domain.barcode import in_store
from pos.operations import catalogue
from pos.operations.actor import SYSTEM
from pos.operations.catalogue import ProductData

PRODUCTS = 10_000
ASKED = 300
"""Questions of each kind in a round."""
ROUNDS = 3
NAMES = (
    ("Keripik", "Kerupuk", "Sambal", "Kopi", "Teh", "Roti", "Kue", "Tas", "Batik", "Sandal"),
    ("Tempe", "Pisang", "Singkong", "Bawang", "Robusta", "Melati", "Nastar", "Rajut", "Tulis", "Kulit"),
    ("Original", "Pedas", "Balado", "Manis", "Asin", "Madu", "Susu", "Merah", "Biru", "Hitam"),
    ("50 g", "100 g", "150 g", "200 g", "250 g", "500 g", "1 kg", "kecil", "sedang", "besar"),
)
BARE = """SELECT id, sku, name FROM product WHERE active AND lower(name) LIKE ? AND lower(name) LIKE ?
ORDER BY position, name, sku"""
BARE_CODE = "SELECT product_id FROM product_barcode WHERE barcode = ?"


def measure(shop: Shop) -> Figures:
    """Ask for words that ten products have, for words that none has, and for barcodes, in turn."""
    names = [" ".join(words) for words in itertools.product(*NAMES)][:PRODUCTS]
    _save(shop, names)
    bare = sqlite3.connect(shop.folder / "instance" / "pos.db")
    times: dict[str, list[float]] = {}
    with shop.serving() as server:
        link = http.client.HTTPConnection("127.0.0.1", server.port)

        def ask(path: str, wanted: int | None) -> None:
            link.request("GET", path, headers={"Authorization": f"Bearer {shop.registers[0].token}"})
            answer = link.getresponse()
            text = answer.read()
            found = text.count(b'"sku":"CARI-')
            if answer.status != 200 or (wanted is not None and found != wanted):
                raise RuntimeError(f"{path}: {answer.status}, {found} products, not {wanted}")

        def search(n: int) -> None:
            kind, goods, taste, _ = (random.Random(n).choice(words) for words in NAMES)
            ask(f"/api/v1/products?query={quote(f'{kind[:4]} {goods} {taste}'.lower())}", 10)

        def barcode(n: int) -> None:
            ask(f"/api/v1/products?barcode={_code(n * 31 % PRODUCTS)}", 1)

        def bare_search(n: int) -> None:
            kind, goods, _, _ = (random.Random(n).choice(words) for words in NAMES)
            bare.execute(BARE, (f"%{kind.lower()}%", f"%{goods.lower()}%")).fetchall()

        kinds: dict[str, Callable[[int], object]] = {
            "health": lambda _: ask("/healthz", None),
            "search": search,
            "search_none": lambda n: ask(f"/api/v1/products?query=tidakada{n}", 0),
            "barcode": barcode,
            "bare_search": bare_search,
            "bare_barcode": lambda n: bare.execute(BARE_CODE, (_code(n),)).fetchall(),
        }
        for n in range(20):
            for act in kinds.values():
                act(n)
        for n in range(ROUNDS):
            for name, act in kinds.items():
                for m in range(ASKED):
                    began = time.perf_counter()
                    act(n * ASKED + m)
                    times.setdefault(name, []).append(time.perf_counter() - began)
    bare.close()
    health = median(times["health"])
    return {
        "products": PRODUCTS,
        **{name: milliseconds(taken) for name, taken in times.items()},
        "ratio_to_health": {
            name: round(median(times[name]) / health, 2) for name in ("search", "search_none", "barcode")
        },
    }


def _code(n: int) -> str:
    return in_store(1_500_000_000 + n)


def fill(shop: Shop, products: int) -> None:
    """Give a shop products whose names share their words; more than ten thousand differ by a number."""
    names = [" ".join(words) for words in itertools.product(*NAMES)]
    _save(
        shop,
        [
            f"{names[n % len(names)]}{f' {n // len(names) + 1}' if n >= len(names) else ''}"
            for n in range(products)
        ],
    )


def _save(shop: Shop, names: list[str]) -> None:
    with shop.app() as app, app.app_context():
        at = clock.now()
        for first in range(0, len(names), 1_000):
            data = [
                ProductData(
                    f"CARI-{n:05d}",
                    names[n],
                    f"Item {n}",
                    price=1_000 + n,
                    price_from=at.date(),
                    barcodes=[_code(n)],
                )
                for n in range(first, min(first + 1_000, len(names)))
            ]
            transact(lambda data=data: catalogue.save_products(data, SYSTEM, at, at.date()))  # type: ignore[misc]
