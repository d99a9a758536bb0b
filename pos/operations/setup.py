"""The first rows: an empty shop ready to be set up, or the demo shop of the contract."""

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from pos.db import db
from pos.domain.barcode import in_store
from pos.domain.qris import demo_merchant
from pos.ids import new_id
from pos.models import Book
from pos.operations import catalogue, people, receiving
from pos.operations.actor import SYSTEM
from pos.operations.catalogue import ProductData
from pos.operations.journal import BOOK, OFFICE, Request, new_book
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn

DEMO_PINS = {
    "Manajer": ("manager", "111111"),
    "Pengawas": ("supervisor", "222222"),
    "Kasir": ("cashier", "333333"),
}

DEMO_PRODUCTS = (
    (
        "KTO-100",
        "Keripik Tempe Original 100 g",
        "Original Tempe Chips 100 g",
        "bungkus",
        "Keripik Tempe",
        15_000,
    ),
    ("KTP-100", "Keripik Tempe Pedas 100 g", "Spicy Tempe Chips 100 g", "bungkus", "Keripik Tempe", 16_000),
    ("KTB-250", "Keripik Tempe Balado 250 g", "Balado Tempe Chips 250 g", "bungkus", "Keripik Tempe", 32_000),
    ("MBT-250", "Minuman Bunga Telang 250 ml", "Butterfly Pea Drink 250 ml", "botol", "Bunga Telang", 8_000),
    (
        "MBL-250",
        "Minuman Bunga Telang Lemon 250 ml",
        "Butterfly Pea Lemon Drink 250 ml",
        "botol",
        "Bunga Telang",
        10_000,
    ),
    (
        "TBT-020",
        "Teh Bunga Telang celup isi 20",
        "Butterfly Pea Tea, 20 bags",
        "kotak",
        "Bunga Telang",
        25_000,
    ),
)
DEMO_STOCK = 200
DEMO_DAYS = 120


def is_set_up() -> bool:
    """Say whether the first rows are there."""
    return db.session.execute(select(Book.id).where(Book.code == OFFICE)).first() is not None


def first_rows(at: datetime, manager_pin_hash: str | None) -> None:
    """Make the office's book, the outside locations and, with `manager_pin_hash`, the first manager."""
    db.session.execute(insert(BOOK), new_book(OFFICE, None))
    for code, name, kind in (
        ("PEMASOK", "Pemasok dan bengkel kerja", "supplier"),
        ("PEMBELI", "Pembeli", "customer"),
        ("SUSUT", "Susut, rusak dan koreksi", "loss"),
    ):
        catalogue.add_location(code, name, kind, SYSTEM, at)
    catalogue.add_location("GUDANG", "Gudang", "stock", SYSTEM, at)
    if manager_pin_hash is not None:
        people.add_user("Manajer", "manager", manager_pin_hash, SYSTEM, at, once=True)


def demo_shop(at: datetime, today: date, pin_hashes: dict[str, str], pictures: Path) -> None:
    """Fill an empty shop with the contract's demo.

    Two outlets, three registers, six products, three people.
    """
    catalogue.change_settings(
        {"name": "Karya Lapas Tangerang", "demo": True, "merchant_qris": demo_merchant()}, SYSTEM, at
    )
    for code, name, address in (
        ("KUNJUNGAN", "Kios Kunjungan", "Jl. Contoh No. 1, Tangerang"),
        ("GERAI", "Gerai Karya", "Jl. Contoh No. 2, Tangerang"),
    ):
        catalogue.add_outlet(code, name, "GUDANG", SYSTEM, at, address=address)
    for code, name, outlet, kind in (
        ("K1", "Kasir kunjungan", "KUNJUNGAN", "till"),
        ("K2", "Layanan mandiri", "KUNJUNGAN", "kiosk"),
        ("G1", "Kasir gerai", "GERAI", "till"),
    ):
        catalogue.add_register(code, name, outlet, kind, SYSTEM, at)
    for name, (role, _) in DEMO_PINS.items():
        people.add_user(name, role, pin_hashes[name], SYSTEM, at, once=False)
    products = [
        ProductData(sku, name, name_en, unit, category, [demo_barcode(n)], True, n, price, today)
        for n, (sku, name, name_en, unit, category, price) in enumerate(DEMO_PRODUCTS, start=1)
    ]
    for data, product_id in zip(products, catalogue.save_products(products, SYSTEM, at, today), strict=True):
        picture = pictures / f"{data.sku}.svg"
        if picture.exists():
            catalogue.set_picture(product_id, catalogue.SVG, picture.read_bytes(), SYSTEM, at)
    lines = [
        ReceiptLineIn(
            sku=data.sku,
            quantity=DEMO_STOCK,
            lot=f"L{today:%y%m%d}",
            expires_on=today + timedelta(days=DEMO_DAYS),
        )
        for data in products
    ]
    paper = StockReceiptIn(id=new_id(), location="GUDANG", lines=tuple(lines), note="Stok awal contoh")
    receiving.receive(paper, SYSTEM, at, Request(paper.id, "0" * 64))


def demo_barcode(n: int) -> str:
    """Return an EAN-13 of the in-store range (prefix 20 to 29), which no supermarket mistakes for its own."""
    return in_store(1_234_500_000 + n)
