"""A demo shop with a believable week behind it, served on a free port with the QRIS simulator."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from pos import clock
from pos.db import transact
from pos.operations import discounts, links, people
from pos.operations.actor import SYSTEM
from pos.payments.simulator_bank import Bank
from tests.books.conftest import leave, serve
from tests.books.day import a_full_day
from tests.cast import approval
from tests.e2e.conftest import RunningShop
from tests.factories import PRICES, Shop, back
from tests.support.demo import make_demo_shop
from tests.support.program import Program

JAKARTA = ZoneInfo("Asia/Jakarta")
AWAY = """
[[printers]]
name = "gerai"
registers = ["G1"]
connection = "network"
host = "127.0.0.1"
port = 9
"""
"""A printer that is not there: nothing listens on this port."""


class GalleryShop(RunningShop):
    """The shop of the gallery, as a person may also serve it."""

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "POS_QRIS__PROVIDER": "simulator",
            "POS_PUBLIC_URL": "https://struk.contoh.id",
        }

    def use_printer(self, connection: str) -> None:
        super().use_printer(connection)
        self.config.write_text(self.config.read_text(encoding="utf-8") + AWAY, encoding="utf-8")

    def bank(self) -> Bank:
        """The pretend bank behind its QRIS codes."""
        return Bank(self.folder / "instance")

    def receipt_address(self, sale: str, number: str) -> str:
        """The way to a digital receipt, as its QR code says it."""
        key = (self.folder / "instance" / "secret.key").read_text(encoding="ascii").encode()
        return f"/r/{number}.{links._seal(key, sale)}"

    def start(self) -> None:
        super().start()
        self.bank().set_auto(None)
        self.bank().set_trouble("none")


class PracticeShop(GalleryShop):
    """The shop to practise in beside one that runs."""

    def __init__(self, folder: Path, real_port: int) -> None:
        super().__init__(folder)
        self.real_port = real_port

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "POS_PORT": str(self.real_port)}

    def start(self) -> None:
        arguments = ("serve", "--training", "--fresh", "--port", str(self.port))
        out, log = self.folder / "training.out", self.folder / "training.log"
        self.process = Program(arguments, self.environment(), out, log)
        self.port = self.process.port()


@contextmanager
def at_another_time(begins: datetime) -> Iterator[None]:
    """Have the clock of this process go on from `begins`."""
    real, behind = clock.now, clock.now() - begins

    def then() -> datetime:
        return real() - behind

    clock.now = then
    try:
        yield
    finally:
        clock.now = real


def make_week(folder: Path) -> None:
    """Make a data folder: a demo shop, six quiet days, and a day on which everything happens."""
    url = f"sqlite:///{folder / 'pos.db'}"
    today = clock.now().astimezone(JAKARTA).replace(hour=7, minute=0, second=0, microsecond=0)
    with at_another_time((today - timedelta(days=6)).astimezone(UTC)):
        tokens = make_demo_shop(folder, url)
    luck = random.Random(6)
    for days in range(6, 0, -1):
        shop = serve(folder, url, tokens)
        quiet_day(shop, today - timedelta(days=days), luck)
        leave(shop)
    shop = serve(folder, url, tokens)
    # An order of that day is given up half an hour later, and no entry may lie ahead of the real clock.
    begins = min(clock.now() - timedelta(minutes=45), max(clock.now() - timedelta(hours=4), today))
    with at_another_time(begins.astimezone(UTC)):
        a_full_day(shop)
    with at_another_time((clock.now() - timedelta(seconds=30)).astimezone(UTC)):
        newcomer(shop)
        ready_discounts(shop)
    leave(shop)


def quiet_day(shop: Shop, day: datetime, luck: random.Random) -> None:
    """Sell now and then between eight and four, take one thing back, and close with the drawer right."""
    with at_another_time((day + timedelta(hours=1)).astimezone(UTC)):
        shift = shop.open("K1", 200_000)
    sold = None
    for hour in (8.3, 9.1, 10.4, 10.6, 11.5, 13.2, 14.0, 15.3):
        with at_another_time((day + timedelta(hours=hour - 7)).astimezone(UTC)):
            goods = {sku: luck.randint(1, 2) for sku in luck.sample(sorted(PRICES), luck.randint(1, 3))}
            if luck.random() < 0.3:
                shop.paid_by_qris(goods, f"REF-{day:%d}-{hour}")
            else:
                sold = sold or (goods, shop.sell(goods)["id"])
    with at_another_time((day + timedelta(hours=9)).astimezone(UTC)):
        if sold is not None:
            sku = next(iter(sold[0]))
            shop.post(f"/sales/{sold[1]}/refunds", back({sku: 1}, method="cash", approval=approval()))
        shop.close(shift, shop.expected(shift))


def newcomer(shop: Shop) -> None:
    """Hand out a PIN that works once."""
    with shop.app.app_context():
        hashed = people.hash_pin("444444")
        transact(lambda: people.add_user("Sari", "cashier", hashed, SYSTEM, clock.now(), once=True))


def ready_discounts(shop: Shop) -> None:
    """Have discounts that are one tap at the till, one of them approved and one no longer offered."""
    presets = (
        discounts.PresetData("Kemasan rusak", 1_000, None, approved=False, active=True),
        discounts.PresetData("Karyawan koperasi", 1_250, None, approved=True, active=True),
        discounts.PresetData("Hampir kedaluwarsa", None, 5_000, approved=False, active=True),
        discounts.PresetData("Promo Agustus", 500, None, approved=False, active=False),
    )
    with shop.app.app_context():
        for preset in presets:
            transact(partial(discounts.save_preset, None, preset, SYSTEM, clock.now()))


@contextmanager
def open_shop(folder: Path, kept: Path | None = None) -> Iterator[GalleryShop]:
    """Make a shop in an empty folder, or copy the one that is kept (made the first time), and serve it."""
    made = kept or folder / "instance"
    if not made.exists():
        made.mkdir(parents=True)
        make_week(made)
    if kept is not None:
        shutil.copytree(made, folder / "instance")
    shop = GalleryShop(folder)
    shop.start()
    try:
        yield shop
    finally:
        shop.stop()
