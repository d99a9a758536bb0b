"""The shop to practise in: the real one's goods and people, and no way back into its books."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pos.commands.training import prepare
from pos.settings import Settings, SettingsError, load
from tests.commands.conftest import Machine
from tests.support.command import settings_only
from tests.web.office.person import OURS

MARK = "LATIHAN, BUKAN STRUK"
SECRETS = {
    "POS_QRIS__PROVIDER": "midtrans",
    "POS_QRIS__MIDTRANS__SERVER_KEY": "SB-Mid-server-not-for-learners",
    "POS_PRINTERS": json.dumps([{"name": "kasir", "registers": ["K1"], "host": "192.0.2.7", "columns": 48}]),
}

SQLITE = pytest.mark.parametrize("machine", ["sqlite"], indirect=True)
"""What does not depend on the real database is tried beside one of them."""


@pytest.fixture
def here(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with a real provider and a real printer, its environment that of this process."""
    for name in [name for name in settings_only({}) if name.startswith("POS_")]:
        monkeypatch.delenv(name)
    for name, value in {**machine.environment, **SECRETS}.items():
        monkeypatch.setenv(name, value)
    return machine


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(settings.data_dir / "pos.db")) as connection:
        return connection.execute(query).fetchall()


def test_it_has_the_shops_goods_people_and_registers_and_none_of_its_sales_or_secrets(here: Machine) -> None:
    real = load()
    training = prepare(None, None, fresh=False)
    assert training.data_dir == real.data_dir / "training"
    assert training.port == real.port + 1
    assert training.database.startswith("sqlite:///")
    assert training.qris.provider == "simulator"
    assert "not-for-learners" not in repr(training) + training.qris.midtrans.server_key
    assert [(one.connection, one.drawer_register, one.columns) for one in training.printers] == [
        ("memory", "", 48),
        ("memory", "", 32),
    ]
    for query in (
        "SELECT sku, name, name_en, unit, category, position FROM product ORDER BY sku",
        "SELECT code, name, kind FROM register ORDER BY code",
        "SELECT name, role FROM user_account ORDER BY name",
        "SELECT barcode FROM product_barcode ORDER BY barcode",
        "SELECT digest FROM product_picture ORDER BY digest",
        "SELECT p.sku, r.amount FROM price r JOIN product p ON p.id = r.product_id ORDER BY p.sku",
    ):
        assert rows(training, query) == [tuple(row) for row in here.look(query)], query
    real_pins = {row[0] for row in here.look("SELECT pin_hash FROM user_account")}
    assert not real_pins & {row[0] for row in rows(training, "SELECT pin_hash FROM user_account")}
    assert rows(training, "SELECT count(*) FROM sale UNION ALL SELECT count(*) FROM user_token") == [
        (0,),
        (0,),
    ]
    assert rows(training, "SELECT value FROM setting WHERE key IN ('demo', 'training') ORDER BY key") == [
        ("false",),
        ("true",),
    ]
    assert here.pos("verify").code == 0


@SQLITE
def test_it_has_what_the_shop_chose_for_its_tills_and_its_partners(here: Machine) -> None:
    """Ready discounts, favourites, the order of categories, partners with their prices, nobody's number."""
    with closing(sqlite3.connect(load().data_dir / "pos.db")) as shop, shop:
        shop.executescript(
            """
            INSERT INTO discount_preset (id, name, percent_bp, amount, position, approved, active) VALUES
              (900, 'Petugas', 1000, NULL, 2, 0, 1), (901, 'Kemasan rusak', NULL, 2000, 1, 1, 1),
              (902, 'Lama', 500, NULL, 3, 0, 0);
            UPDATE product SET favourite = 1 WHERE sku = 'MBT-250';
            INSERT INTO product_category VALUES ('Bunga Telang', 1), ('Keripik Tempe', 2);
            INSERT INTO location (id, code, name, kind) VALUES (900, 'KOP-1', 'Koperasi', 'stock');
            INSERT INTO setting_partner
              (id, location_id, name, kind, address, contact, commission_bp, terms, columns, active) VALUES
              (900, 900, 'Koperasi', 'shop', 'Jalan 1', 'Bu Ani 0812', 1500, '30 hari', '', 1);
            INSERT INTO price_partner (id, partner_id, product_id, amount, valid_from, set_at, set_by)
              SELECT 900, 900, id, 17500, '2020-01-01', '2020-01-01', 'Manajer' FROM product
              WHERE sku = 'KTO-100';
            """
        )
    training = prepare(None, None, fresh=False)
    discounts = "SELECT name, percent_bp, amount, approved FROM discount_preset ORDER BY position"
    assert rows(training, discounts) == [("Kemasan rusak", None, 2000, 1), ("Petugas", 1000, None, 0)]
    assert rows(training, "SELECT sku FROM product WHERE favourite") == [("MBT-250",)]
    categories = "SELECT name, position FROM product_category ORDER BY position"
    assert rows(training, categories) == [("Bunga Telang", 1), ("Keripik Tempe", 2)]
    partners = (
        "SELECT code, p.name, p.kind, address, contact, commission_bp, terms FROM setting_partner p "
        "JOIN location l ON l.id = p.location_id"
    )
    assert rows(training, partners) == [("KOP-1", "Koperasi", "shop", "Jalan 1", "", 1500, "30 hari")]
    prices = "SELECT sku, amount FROM price_partner a JOIN product p ON p.id = a.product_id"
    assert rows(training, prices) == [("KTO-100", 17_500)]


@SQLITE
def test_it_verifies_goes_on_where_it_was_and_begins_afresh_on_request(
    here: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = prepare(None, None, fresh=False)
    note = "UPDATE product SET name = 'Diubah saat latihan' WHERE sku = 'KTO-100'"
    with closing(sqlite3.connect(training.data_dir / "pos.db")) as connection, connection:
        connection.execute(note)
    prepare(None, None, fresh=False)
    name = "SELECT name FROM product WHERE sku = 'KTO-100'"
    assert rows(training, name) == [("Diubah saat latihan",)]
    prepare(None, None, fresh=True)
    assert rows(training, name) == here.look(name)
    monkeypatch.setenv("POS_DATA_DIR", str(training.data_dir))
    verified = here.pos("verify")
    assert (verified.code, verified.err) == (0, "")


@SQLITE
def test_a_real_shop_is_never_practised_in_nor_removed(
    here: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = load().data_dir.parent / "other"
    other.mkdir()
    environment = {**here.environment, "POS_DATA_DIR": str(other), "POS_DATABASE_URL": ""}
    assert Machine(environment, here.look).pos("init").code == 0
    before = (other / "pos.db").read_bytes()
    monkeypatch.setenv("POS_TRAINING__DATA_DIR", str(other))
    for fresh in (False, True):
        with pytest.raises(SettingsError, match="not for training"):
            prepare(None, None, fresh=fresh)
    assert (other / "pos.db").read_bytes() == before
    monkeypatch.setenv("POS_TRAINING__DATA_DIR", str(load().data_dir / ".." / load().data_dir.name))
    with pytest.raises(SettingsError, match="another folder"):
        load()


@SQLITE
def test_its_folder_is_served_as_training_only_and_fresh_belongs_to_training(here: Machine) -> None:
    training = prepare(None, None, fresh=False)
    environment = {**here.environment, "POS_DATA_DIR": str(training.data_dir), "POS_DATABASE_URL": ""}
    assert "--training" in Machine(environment, here.look).refused("serve", "--port", "0")
    assert here.pos("serve", "--fresh").code == 2


@SQLITE
def test_a_fresh_shop_that_was_asked_for_is_made_at_the_next_start_once(here: Machine) -> None:
    training = prepare(None, None, fresh=False)
    with closing(sqlite3.connect(training.data_dir / "pos.db")) as connection, connection:
        connection.execute("UPDATE product SET name = 'Diubah' WHERE sku = 'KTO-100'")
    (training.data_dir / "fresh").touch()
    prepare(None, None, fresh=False)
    name = "SELECT name FROM product WHERE sku = 'KTO-100'"
    assert rows(training, name) == here.look(name)
    assert not (training.data_dir / "fresh").exists()


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The shop to practise in where there is no real one yet, as `pos serve --training` makes it."""
    from pos.app import create_app
    from pos.db import db, write_lock

    for name in [name for name in settings_only({}) if name.startswith("POS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("POS_DATA_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("POS_PUBLIC_URL", "https://toko.example")
    app = create_app(prepare(None, None, fresh=False))
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        with write_lock():
            db.engine.dispose()


def learner(app: Flask) -> FlaskClient:
    """A browser at K1 where the cashier has signed in and opened the shift."""
    client = app.test_client()
    assert client.post("/enrol", data={"register": "K1"}, headers=OURS).status_code == 302
    assert (
        client.post("/till/sign-in", json={"user": "Kasir", "pin": "123456"}, headers=OURS).status_code == 200
    )
    body = {"id": "0197a000-0000-7000-8000-000000000001", "register": "K1", "float": 0}
    assert client.post("/api/v1/shifts", json=body, headers=OURS).status_code == 201
    return client


def test_every_paper_says_at_both_ends_that_it_is_no_receipt(practice: Flask) -> None:
    client = learner(practice)
    sale = {
        "id": "0197a000-0000-7000-8000-000000000002",
        "register": "K1",
        "lines": [{"sku": "KTO-100", "quantity": 1}],
        "tenders": [{"method": "cash", "amount": 15_000}],
    }
    assert client.post("/api/v1/sales", json=sale, headers=OURS).status_code == 201
    address = f"/api/v1/sales/{sale['id']}"
    lines = client.get(f"{address}/receipt.txt").get_data(as_text=True).strip().splitlines()
    assert (lines[0].strip(), lines[-1].strip()) == (MARK, MARK)
    assert client.get(f"{address}/receipt.bin").data.count(MARK.encode()) == 2
    paper = client.get("/till/state").json["paper"]
    assert client.get(f"/till/papers/{paper['id']}.png").data.startswith(b"\x89PNG")
    copy = {"id": "0197a000-0000-7000-8000-000000000003", "register": "K1"}
    assert client.post(f"{address}/reprint", json=copy, headers=OURS).status_code == 201
    with practice.app_context():
        from pos.queries.print_jobs import paper_of
        from printers.layout import Paper
        from printers.render import to_text

        newest = client.get("/till/state").json["paper"]
        document, _ = paper_of(newest["id"])
        words = to_text(document, Paper.of(32)).split()
        assert words.count("LATIHAN,") == 2
        assert "SALINAN" in words


def test_every_page_says_so_and_a_browser_keeps_the_real_register_beside_it(practice: Flask) -> None:
    client = learner(practice)
    for page in ("/", "/shift", "/display/K1", "/training", "/nowhere"):
        html = client.get(page, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert 'class="training-stripe"' in html, page
        assert "<title>Latihan · " in html, page
    names = {name for (_, _, name) in client._cookies}  # type: ignore[attr-defined]
    assert names >= {"training_pos_device", "training_pos_login"}
    assert not names & {"pos_device", "pos_login", "session"}
    state = client.get("/till/state").json
    assert state["status"]["printer"]["state"] == "screen"
    assert state["status"]["bad"] == []
    assert client.get("/readyz").json["training"] is True


@SQLITE
def test_the_real_shop_says_how_to_reach_training_and_shows_no_papers(here: Machine) -> None:
    from pos.app import create_app

    app = create_app(load())
    client = app.test_client()
    page = client.get("/training").get_data(as_text=True)
    assert "pos serve --training" in page
    assert "training-stripe" not in page
    client.post("/enrol", data={"register": "K1"}, headers=OURS)
    client.post("/till/sign-in", json={"user": "Kasir", "pin": "333333"}, headers=OURS)
    assert "paper" not in client.get("/till/state").json
    assert client.get("/till/papers/x.png").status_code == 404


def test_only_a_manager_of_a_practice_shop_begins_it_afresh(practice: Flask) -> None:
    begun: list[bool] = []
    page = "/back-office/practice/"
    practice.extensions["begin_afresh"] = lambda: begun.append(True)
    for name, status in (("Kasir", 302), ("Pengawas", 403), ("Manajer", 200)):
        client = practice.test_client()
        client.post("/back-office/sign-in", data={"name": name, "pin": "123456"}, headers=OURS)
        assert client.get(page).status_code == status, name
        assert client.post(page, headers=OURS).status_code == status, name
    assert begun == [True]
    # As a real shop has it: none, whoever asks.
    practice.config["SETTINGS"] = replace(practice.config["SETTINGS"], practice=False)
    assert client.post(page, headers=OURS).status_code in (303, 302, 404)
    del practice.extensions["begin_afresh"]
    practice.config["SETTINGS"] = replace(practice.config["SETTINGS"], practice=True)
    assert (client.get(page).status_code, client.post(page, headers=OURS).status_code) == (404, 404)
    assert begun == [True]
