"""The first page: today beside a week ago, by hour, outlet and product, drawn and told."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import update

from pos import board, clock
from pos.db import db, transaction
from pos.models import Outlet
from pos.queries.today import LEAST_HOURS, Hour, _hours, today
from tests.factories import Shop
from tests.web.office.conftest import Office, both


def words(person_text: str) -> str:
    return person_text.replace("\u00a0", " ")


def a_week_ago(shop: Shop, numbers: dict[str, float]) -> None:
    """Move sales with their shift a week back, each by some minutes more; what holds such rows is lifted."""
    with shop.app.app_context():
        file = str(db.engine.url.database)
    with closing(sqlite3.connect(file)) as link, link:
        for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            link.execute(f"DROP TRIGGER {name}")
        link.execute(
            "INSERT INTO shift SELECT 'old', register_id, 'closed', date(business_date, '-7 days'), "
            "opened_at, opened_by, opened_seq, float, opened_at, opened_by FROM shift LIMIT 1"
        )
        for number, minutes in numbers.items():
            link.execute(
                "UPDATE sale SET shift_id = 'old', completed_at = strftime('%Y-%m-%d %H:%M:%f000', "
                "completed_at, '-7 days', ? || ' minutes') WHERE number = ?",
                (minutes, number),
            )


@both
def test_the_figures_of_today_are_those_of_the_day_s_report(office: Office, till: Shop) -> None:
    till.sell({"KTO-100": 2})
    sale = till.sell({"MBT-250": 3})
    till.sell({"KTO-100": 1}, qris=True)
    person = office("Manajer")
    form = {"sku": "MBT-250", "lines.0.quantity": "1", "reason": "rusak", "method": "cash", "register": "K1"}
    person.send(f"sales/{sale['id']}/refund", form)
    said = words(person.see(""))
    assert "Net today Rp 46.000" in said
    assert "Number of sales 2" in said
    report = till.get(f"/reports/day?date={sale['business_date']}")["totals"]
    with till.app.app_context():
        found = today(clock.now())
    assert (found.now.net, found.now.sales, found.now.back) == (report["net"], report["sales_count"], 8_000)
    assert sum(hour.taken for hour in found.hours) == 54_000
    assert [(one.sku, one.pieces, one.taken) for one in found.goods] == [
        ("KTO-100", 2, 30_000),
        ("MBT-250", 3, 24_000),
    ]
    assert found.outlets["Kios Kunjungan"].net == 46_000


def test_a_week_ago_counts_until_the_same_hour_and_as_a_whole(office: Office, till: Shop) -> None:
    first, second = (till.sell({"KTO-100": n})["number"] for n in (1, 2))
    till.sell({"MBT-250": 1})
    a_week_ago(till, {first: -1, second: 30})
    with till.app.app_context():
        found = today(clock.now())
    assert (found.now.net, found.then.net, found.then_whole.net) == (8_000, 15_000, 45_000)
    said = words(office("Manajer").see(""))
    assert "until this hour: Rp 15.000, the whole day Rp 45.000" in said


@both
def test_each_outlet_has_its_own_clock_and_its_own_day(till: Shop) -> None:
    till.sell({"KTO-100": 1})
    with till.app.app_context():
        with transaction():
            db.session.execute(update(Outlet).values(time_zone="Asia/Jayapura"))
        here = today(clock.now())
        hour = clock.now().astimezone(UTC) + timedelta(hours=9)
        if here.now.sales:
            assert [one.hour for one in here.hours if one.sales] == [hour.hour]
        with transaction():
            db.session.execute(update(Outlet).values(time_zone="Asia/Jakarta", cut_off="00:00"))
        tomorrow = datetime.combine(clock.now().date() + timedelta(days=2), time(3), UTC)
        assert today(tomorrow).now.sales == 0


def test_a_chart_spans_the_hours_that_sold_and_crosses_midnight_where_the_day_does() -> None:
    late = _hours({(23, True): (1, 5), (1, False): (2, 7)}, first=4)
    assert [one.hour for one in late] == [20, 21, 22, 23, 0, 1, 2, 3]
    assert late[5] == Hour(1, 0, 0, 7)
    assert len(_hours({(9, True): (1, 5)}, 0)) == LEAST_HOURS
    assert len(_hours({(23, True): (1, 5)}, 0)) == LEAST_HOURS
    assert _hours({}, 0) == []


def test_the_chart_and_its_table_say_the_same_without_script_or_style(office: Office, till: Shop) -> None:
    till.sell({"KTO-100": 2})
    person = office("Manajer")
    said = words(person.see(""))
    source = person.source
    assert source.count('class="chart-columns"') == 1
    bars = [
        float(height)
        for height in re.findall(r'class="chart-now" x="[^"]+" y="[^"]+" width="4" height="([^"]+)"', source)
    ]
    assert max(bars) == 99.0
    assert sum(1 for bar in bars if bar) == 1
    assert "The same as a table" in said
    assert "Sales by hour, before refunds" in said
    assert "Rp 30.000" in said
    assert not re.search(r"<svg[^>]* style=|<rect[^>]* style=", source)


def test_cash_stands_there_only_for_those_who_may_see_it(office: Office, till: Shop) -> None:
    till.sell({"KTO-100": 1})
    assert "Cash in drawers Rp 115.000 in 1 open tills" in words(office("Pengawas").see(""))
    person = office("Pengawas")
    for role, page in (("Bendahara", True), ("Pemeriksa", True)):
        assert ("Cash in drawers" in office(role).see("")) is page
    assert "Cash in drawers" in person.see("")


def test_a_till_that_is_silent_with_an_open_shift_is_named(
    office: Office, till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "_seen", {})
    person = office("Manajer")
    assert re.search(
        r"K1</strong>.*?<span class=\"over\">last seen", person.see("") and person.source, re.DOTALL
    )
    board.register_seen("K1", clock.now())
    assert "K1 Kasir 1 is on" in words(person.see("")) or "is on" in person.text


def test_an_empty_shop_is_calm(office: Office, shop: Shop) -> None:
    said = office("Manajer").see("")
    assert "Nothing was sold yet, today or a week ago." in said
    assert "Nothing was sold yet today." in said
