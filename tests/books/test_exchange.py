"""A week between two real shops: the main one, on each database, and its outlet with a shop of its own."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos import clock
from pos.db import transact
from pos.domain.exchange import net_of_lots
from pos.operations import catalogue, people, setup
from pos.operations.actor import SYSTEM
from pos.operations.verify import verify
from tests.books.tamper import behind_its_back
from tests.factories import Shop, back, cart, new_id
from tests.support.command import Ended, run_here
from tests.support.demo import migrate, opened

PLACE = "GERAI2"
DAY = timedelta(days=1)
SQLITE = pytest.mark.parametrize("demo_url", ["sqlite"], indirect=True)
"""What does not depend on the database runs on one."""


@dataclass
class Both:
    """The two shops, and the stick that carries files between them."""

    main: Shop
    outlet: Shop
    settings: dict[str, dict[str, str]]
    stick: Path

    def run(self, where: str, *words: str) -> Ended:
        return run_here(self.settings[where], "exchange", *words)

    def done(self, where: str, *words: str) -> str:
        ended = self.run(where, *words)
        assert ended.code == 0, ended.err
        return ended.out.strip()

    def deliver(self, *lines: dict[str, Any]) -> str:
        """Send goods with a delivery note and write the file."""
        if lines:
            note = {"id": new_id(), "partner": PLACE, "from": "GUDANG", "lines": list(lines)}
            answer = self.main.post("/stock/deliveries", note)
            assert answer.status == 201, answer.body
        return self.done("main", "deliver", PLACE, "--to", str(self.stick))

    def settle(self) -> str:
        return self.done("outlet", "settle", "--to", str(self.stick))

    def there(self, shop: Shop, location: str) -> dict[tuple[str, str], int]:
        items = shop.get(f"/stock?location={location}")["items"]
        return {(i["sku"], lot["lot"]): lot["on_hand"] for i in items for lot in i["lots"] if lot["on_hand"]}

    def due(self) -> int:
        """What the outlet owes for these days."""
        days = f"from={clock.now().date() - DAY}&until={clock.now().date() + DAY}"
        return int(self.main.get(f"/stock/statement?partner={PLACE}&{days}")["due"])

    def agree(self) -> None:
        """Both shops have the same at the outlet, lot by lot, and the books of both are in order."""
        assert self.there(self.main, PLACE) == self.there(self.outlet, "GUDANG")
        for shop in (self.main, self.outlet):
            with shop.app.app_context():
                assert verify().problems == []


@pytest.fixture
def both(shop: Shop, demo_url: tuple[str, dict[str, str]], data_dir: Path, tmp_path: Path) -> Iterator[Both]:
    """A main shop whose outlet GERAI2 is linked and has its own empty shop with register T1."""
    folder = tmp_path / "outlet"
    folder.mkdir()
    url = f"sqlite:///{folder / 'pos.db'}"
    migrate(url)
    with opened(folder, url) as app:
        with app.app_context():
            token, other = transact(_found_outlet)
        settings = {
            "main": {"POS_DATA_DIR": str(data_dir), "POS_DATABASE_URL": demo_url[0]},
            "outlet": {"POS_DATA_DIR": str(folder), "POS_DATABASE_URL": url},
        }
        outlet = Shop(app, {"manager": token, "supervisor": other})
        two = Both(shop, outlet, settings, tmp_path / "stick")
        partner = {"id": new_id(), "code": PLACE, "name": "Gerai Dua", "kind": "outlet", "commission_bp": 0}
        assert shop.post("/stock/partners", partner).status == 201
        two.done("outlet", "join", two.done("main", "link", PLACE))
        yield two


def _found_outlet() -> tuple[str, str]:
    at = clock.now()
    setup.first_rows(at, None)
    catalogue.add_outlet(PLACE, "Gerai Dua", "GUDANG", SYSTEM, at)
    catalogue.add_register("T1", "", PLACE, "till", SYSTEM, at)
    one, other = (people.create_token(role, role, None, SYSTEM, at) for role in ("manager", "supervisor"))
    return one, other


def line(sku: str, quantity: int, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, **more}


def sell(shop: Shop, goods: dict[str, int], cash: int = 100_000) -> str:
    answer = shop.post("/sales", cart(goods, register="T1", cash=cash))
    assert answer.status == 201, answer.body
    return str(answer["id"])


def test_a_week_of_an_outlet_that_sells_cut_off_is_settled_to_the_piece(both: Both) -> None:
    first = both.deliver(line("KTO-100", 40), line("MBT-250", 20))
    # Of the drinks two were missing on arrival.
    lot = next(lot for sku, lot in both.there(both.main, "GUDANG") if sku == "MBT-250")
    said = both.done("outlet", "receive", first, "--arrived", f"MBT-250/{lot}=18")
    assert "60 pieces, 6 new products" in said
    assert both.outlet.left("MBT-250") == 18
    shift = both.outlet.open("T1", 50_000)
    sold = sell(both.outlet, {"KTO-100": 3, "MBT-250": 2})
    sell(both.outlet, {"KTO-100": 5})
    refund = both.outlet.post(f"/sales/{sold}/refunds", back({"KTO-100": 1}), who="supervisor")
    assert refund.status == 201, refund.body
    waste = {"id": new_id(), "location": "GUDANG", "reason": "waste", "lines": [line("MBT-250", -1)]}
    assert both.outlet.post("/stock/adjustments", waste).status == 201
    both.outlet.close(shift, counted=50_000 + 7 * 15_000 + 16_000)
    going = {"id": new_id(), "from": "GUDANG", "to": "PUSAT", "lines": [line("KTO-100", 4)]}
    assert both.outlet.post("/stock/transfers", going).status == 201
    week = both.settle()
    before = both.there(both.main, "GUDANG")
    looked = both.done("main", "import", week, "--dry-run")
    for words in ("7 sold, 105000", "20 sent, 18 arrived", "-1 waste", "4 come back", "Reports: 121000"):
        assert words.lower() in looked.lower(), looked
    assert both.there(both.main, PLACE) == {}
    both.done("main", "import", week)
    both.agree()
    kto = next(key for key in before if key[0] == "KTO-100")
    assert both.there(both.main, "GUDANG")[kto] == before[kto] + 4
    assert both.there(both.main, PLACE)[kto] == 40 - 7 - 4
    assert both.due() == 121_000


@SQLITE
def test_a_file_that_comes_twice_is_booked_once_and_one_that_is_missing_is_named(both: Both) -> None:
    first = both.deliver(line("KTO-100", 10))
    both.done("outlet", "receive", first)
    assert "taken in before" in both.done("outlet", "receive", first)
    assert both.outlet.left("KTO-100") == 10
    both.outlet.open("T1", 0)
    sold = sell(both.outlet, {"KTO-100": 2})
    lost = both.settle()
    Path(lost).unlink()
    sell(both.outlet, {"KTO-100": 1})
    second = both.settle()
    told = both.run("main", "import", second)
    assert (told.code, "File 1 is missing" in told.err) == (1, True)
    assert both.there(both.main, PLACE) == {}
    listed = json.loads(both.done("outlet", "list", "--json"))["items"]
    file_id = next(one["id"] for one in listed if one["name"] == Path(lost).name)
    assert both.done("outlet", "again", file_id, "--to", str(both.stick)) == lost
    for file in (lost, second, lost):
        both.done("main", "import", file)
    both.agree()
    assert sum(both.there(both.main, PLACE).values()) == 7
    # A period in which a buyer only brought a piece back: it lies there again, and no rupiah is reckoned.
    refund = both.outlet.post(f"/sales/{sold}/refunds", back({"KTO-100": 1}), who="supervisor")
    assert refund.status == 201, refund.body
    both.done("main", "import", both.settle())
    both.agree()
    assert (sum(both.there(both.main, PLACE).values()), both.due()) == (8, 45_000)


@SQLITE
def test_a_file_that_was_changed_or_is_for_another_is_refused_with_a_plain_sentence(both: Both) -> None:
    file = Path(both.deliver(line("KTO-100", 10)))
    whole = file.read_bytes()
    both.outlet.get("/products")
    for changed, words in (
        (whole.replace(b'"quantity":10', b'"quantity":11'), "was changed"),
        (whole[:-40], "no file of a shop"),
        (b"PK\x03\x04 not ours", "no file of a shop"),
        (whole.replace(b'"version":1', b'"version":2'), "newer program"),
        (whole.replace(b'"code":"GERAI2"', b'"code":"GERAI9"'), "not linked"),
    ):
        assert changed != whole
        file.write_bytes(changed)
        told = both.run("outlet", "receive", str(file))
        assert (told.code, words in told.err) == (1, True), told.err
    file.write_bytes(whole)
    told = both.run("main", "import", str(file))
    assert (told.code, "the other way" in told.err) == (1, True)
    # A new code ends the old one: what was written before is for nobody any more.
    both.done("outlet", "join", both.done("main", "link", PLACE))
    assert "was changed" in both.run("outlet", "receive", str(file)).err
    assert both.there(both.outlet, "GUDANG") == {}


@SQLITE
def test_prices_and_new_products_arrive_with_the_next_file_and_own_goods_stay_out_of_it(both: Both) -> None:
    both.done("outlet", "receive", both.deliver(line("KTO-100", 5)))
    partner = next(i for i in both.main.get("/stock/partners")["items"] if i["code"] == PLACE)
    assert partner["pieces"] == 0
    prices = {"id": new_id(), "lines": [{"sku": "KTO-100", "price": 17_000}]}
    assert both.main.post(f"/stock/partners/{PLACE}/prices", prices).status == 201
    assert "KTO-100: 15000 -> 17000" in both.done("outlet", "receive", both.deliver())
    found = next(i for i in both.outlet.get("/products")["items"] if i["sku"] == "KTO-100")
    assert found["price"] == 17_000
    # Goods of the outlet's own are nobody else's business.
    own = {"id": new_id(), "location": "GUDANG", "lines": [line("TBT-020", 9, lot="SENDIRI")]}
    assert both.outlet.post("/stock/receipts", own).status == 201
    both.outlet.open("T1", 0)
    sell(both.outlet, {"KTO-100": 1, "TBT-020": 1})
    both.done("main", "import", both.settle())
    there = both.there(both.main, PLACE)
    assert {sku: n for (sku, _), n in there.items()} == {"KTO-100": 4}
    assert both.due() == 17_000


def test_pieces_brought_back_to_another_lot_are_taken_off_what_was_sold() -> None:
    sold, back_again = net_of_lots({("A", "1"): 5, ("A", "2"): -2, ("B", ""): -3, ("C", "9"): 1})
    assert sold == {("A", "1"): 3, ("C", "9"): 1}
    assert back_again == {"B": 3}


@SQLITE
def test_a_kept_file_that_somebody_changed_in_the_database_is_found(both: Both) -> None:
    both.done("outlet", "receive", both.deliver(line("KTO-100", 5)))
    with behind_its_back(both.settings["outlet"]["POS_DATABASE_URL"]) as tamperer:
        (row,) = tamperer.rows("exchange_file", ["id", "number"])
        tamperer.change("exchange_file", row, ["id"], "data", zlib.compress(b"{}"))
        tamperer.change("exchange_file", row, ["id"], "number", 3)
    with both.outlet.app.app_context():
        found = " ".join(problem.what for problem in verify().problems)
    assert "another file is kept than the books say" in found
    assert "number is 3 in the table but 1 in the books" in found
