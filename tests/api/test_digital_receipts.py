"""The digital receipt: open to whoever has the link, closed to everybody who guesses."""

import io
import re
import time
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from pos.doors.pace import Pace
from pos.errors import PosError
from pos.web import receipt as door
from tests.api.papers import jobs, lines_of
from tests.factories import Shop, new_id

URL = "https://toko.example"


@pytest.fixture
def machine() -> dict[str, Any]:
    return {"public_url": URL}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test asked for must not slow the next."""
    monkeypatch.setattr(door, "visits", Pace(door.VISITS))
    monkeypatch.setattr(door, "guesses", Pace(door.GUESSES))


def link_of(shop: Shop, sale: str) -> str:
    """The address on a sale's receipt, without the host."""
    text = shop.get(f"/sales/{sale}/receipt.txt").content.decode()
    (url,) = re.findall(r"\[(https://\S+)\]", text)
    assert url.startswith(f"{URL}/r/")
    return str(url).removeprefix(URL)


def visit(shop: Shop, path: str, address: str = "203.0.113.7") -> Any:
    return shop.app.test_client().get(path, environ_overrides={"REMOTE_ADDR": address})


def test_the_receipt_carries_a_code_that_opens_it_on_a_phone(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2}, cash=50_000)["id"]
    picture = Image.open(io.BytesIO(till.get(f"/sales/{sale}/receipt.png").content))
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == URL + link_of(till, sale)
    page = visit(till, link_of(till, sale))
    assert page.status_code == 200
    html = page.get_data(as_text=True)
    for words in ("K1-000001", "Keripik Tempe Original 100 g", "30.000", "50.000", "20.000"):
        assert words in html, words


def test_the_page_names_nobody_and_is_not_for_search_engines(till: Shop) -> None:
    sale = till.paid_by_qris({"KTO-100": 1}, "TRX-123456789")["id"]
    link = link_of(till, sale)
    page = visit(till, link)
    assert "cashier" not in page.get_data(as_text=True)
    assert "TRX-123456789" not in page.get_data(as_text=True)
    for answer in (page, visit(till, f"{link}.png")):
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
    assert 'name="robots"' in page.get_data(as_text=True)


def test_the_picture_is_the_receipt_without_the_code_that_led_here(till: Shop) -> None:
    link = link_of(till, till.sell({"KTO-100": 1})["id"])
    answer = visit(till, f"{link}.png")
    picture = Image.open(io.BytesIO(answer.data))
    assert (answer.content_type, picture.width) == ("image/png", 384)
    assert zxingcpp.read_barcodes(picture.convert("L")) == []


def test_a_link_is_short_has_eighty_bits_and_is_the_same_for_ever(till: Shop) -> None:
    sales = [till.sell({"MBT-250": 1})["id"] for _ in range(12)]
    links = [link_of(till, sale) for sale in sales]
    seals = {link.rpartition(".")[2] for link in links}
    assert len(seals) == len(sales)
    assert all(re.fullmatch(r"[a-z2-7]{16}", seal) for seal in seals)
    assert all(len(URL + link) <= 60 for link in links)
    assert links == [link_of(till, sale) for sale in sales]


def test_every_other_link_opens_nothing(till: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "guesses", Pace(100_000))
    one, other = (link_of(till, till.sell({"MBT-250": 1})["id"]) for _ in range(2))
    number, _, seal = one.rpartition(".")
    wrong = [
        f"{number}.{seal[:at]}{'a' if seal[at] != 'a' else 'b'}{seal[at + 1 :]}" for at in range(len(seal))
    ]
    wrong += [
        f"{number}.{other.rpartition('.')[2]}",
        f"{number}.",
        number,
        f"{number}.{seal}x",
        f"/r/.{seal}",
    ]
    wrong += [
        f"{number}.{seal.upper()}",
        f"/r/K1-999999.{seal}",
        "/r/.",
        "/r/%E2%98%95.x",
        f"/r/{'x' * 500}.{seal}",
    ]
    assert {visit(till, path).status_code for path in wrong} == {404}
    assert visit(till, one).status_code == 200


def test_who_guesses_is_slowed_down_and_who_has_a_link_is_not(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_of(till, till.sell({"MBT-250": 1})["id"])
    monkeypatch.setattr("pos.clock.monotonic", lambda: 1_000.0)
    answers = [visit(till, f"/r/K1-000001.{'a' * 15}{n % 7 + 2}") for n in range(door.GUESSES + 1)]
    assert [answer.status_code for answer in answers] == [404] * door.GUESSES + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert visit(till, link).status_code == 200
    assert visit(till, "/r/K1-000001.x", "203.0.113.8").status_code == 404
    six = [visit(till, "/r/K1-000001.x", f"2001:db8:1:2::{n:x}").status_code for n in range(40)]
    assert six[-1] == 429, "all addresses of one IPv6 network are one guesser"


def test_one_receipt_is_not_drawn_as_often_as_somebody_likes(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.clock.monotonic", lambda: 1_000.0)
    first, second = (link_of(till, till.sell({"MBT-250": 1})["id"]) for _ in range(2))
    answers = [visit(till, first, f"203.0.113.{n}").status_code for n in range(door.VISITS + 10)]
    assert answers[: door.VISITS] == [200] * door.VISITS
    assert answers[-1] == 429
    assert visit(till, second).status_code == 200


def test_a_reversed_sale_says_so(till: Shop) -> None:
    void, part = (till.sell({"KTO-100": 2})["id"] for _ in range(2))
    links = [link_of(till, sale) for sale in (void, part)]
    till.post(f"/sales/{void}/void", {"id": new_id(), "reason": "salah"})
    lines = [{"sku": "KTO-100", "quantity": 1}]
    till.post(f"/sales/{part}/refunds", {"id": new_id(), "reason": "rusak", "lines": lines})
    assert "tidak berlaku lagi" in visit(till, links[0]).get_data(as_text=True)
    assert "15.000 dari penjualan ini sudah dikembalikan" in visit(till, links[1]).get_data(as_text=True)


def test_nothing_is_stored_to_make_or_to_open_a_link(till: Shop) -> None:
    link = link_of(till, till.sell({"KTO-100": 1})["id"])
    before = till.rows()
    visit(till, link)
    visit(till, link[:-1] + "x")
    assert till.changed(before) == {}


def test_a_copy_leads_to_the_same_receipt(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    till.post(f"/sales/{sale}/reprint", {"id": new_id(), "register": "K1"})
    assert f"[{URL}{link_of(till, sale)}]" in lines_of(till, jobs(till, "copy")[0])


def test_the_shop_can_leave_the_code_off_its_paper(till: Shop) -> None:
    till.settings(receipt_show_link=False)
    sale = till.sell({"KTO-100": 1})["id"]
    assert "http" not in till.get(f"/sales/{sale}/receipt.txt").content.decode()


class TestWithoutPublicUrl:
    """A machine that phones can't reach."""

    @pytest.fixture
    def machine(self) -> dict[str, Any]:
        return {}

    def test_there_is_no_page_and_no_code(self, till: Shop) -> None:
        from pos.operations import links

        sale = till.sell({"KTO-100": 1})
        assert "http" not in till.get(f"/sales/{sale['id']}/receipt.txt").content.decode()
        with till.app.app_context():
            assert links.link_to(sale["id"], "K1-000001") == ""
            right = links._seal(till.app.config["SECRET_KEY"].encode(), sale["id"])
        assert visit(till, f"/r/K1-000001.{right}").status_code == 404


def test_a_pace_comes_back_with_time_and_forgets_who_was_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("pos.clock.monotonic", lambda: now[0])
    pace = Pace(2)
    for _ in range(2):
        pace.take("a")
    with pytest.raises(PosError, match="slow_down"):
        pace.take("a")
    now[0] += 31
    pace.take("a")
    began = time.perf_counter()
    for n in range(5_000):
        pace.take(f"b{n}")
    assert len(pace._seen) <= 2_000
    assert time.perf_counter() - began < 2
