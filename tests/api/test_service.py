"""Health, figures, the OpenAPI document, and refusals that a person can read in their language."""

import json
import re

import pytest
from openapi_spec_validator import validate

from tests.factories import Shop, cart, new_id

CALLS = """
GET /products
GET /stock
POST /stock/receipts
POST /stock/adjustments
GET /stock/movements
POST /shifts
GET /shifts/current
POST /shifts/{}/cash
POST /shifts/{}/drawer
POST /shifts/{}/count
POST /shifts/{}/close
GET /shifts/{}/report
POST /sales
GET /sales/{}
GET /sales
POST /sales/{}/confirm
POST /sales/{}/cancel
POST /sales/{}/void
POST /sales/{}/refunds
POST /sales/{}/reprint
GET /sales/{}/receipt.txt
GET /sales/{}/receipt.png
GET /sales/{}/receipt.bin
GET /print-jobs
POST /print-jobs/{}/retry
POST /print-jobs/{}/resolve
GET /payments
GET /reports/day
"""


def test_the_openapi_document_is_valid_and_has_every_call_of_the_contract(shop: Shop) -> None:
    answer = shop.send("GET", "/api/v1/openapi.json", check=False, who=None)
    assert answer.status == 200
    assert answer["openapi"].startswith("3.1")
    validate(answer.body)
    found = {
        method.upper() + " " + re.sub(r"{\w+}", "{}", path).removeprefix("/api/v1")
        for path, operations in answer["paths"].items()
        for method in operations
    }
    assert set(CALLS.split("\n")) - {""} - found == set()
    names = [operation["operationId"] for path in answer["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_the_document_names_what_the_contract_promises_in_lists(shop: Shop) -> None:
    schemas = shop.send("GET", "/api/v1/openapi.json", check=False)["components"]["schemas"]
    for schema, fields in {
        "PrintJobOut": "id kind status confirmed last_error",
        "PaymentOut": "id sale amount paid_amount status reference",
        "StockOut": "sku location on_hand reserved available lots",
        "ReportOut": "register number by_product net",
    }.items():
        assert set(fields.split()) <= set(schemas[schema]["properties"]), schema


def test_the_service_says_that_it_lives_and_is_ready(shop: Shop) -> None:
    assert shop.get("/healthz", who=None).status == 200
    answer = shop.get("/readyz", who=None)
    assert answer.status == 200
    assert all(check["ok"] for check in answer["checks"].values())
    assert {"database", "migrations"} <= set(answer["checks"])


def test_the_figures_are_prometheus_text(till: Shop) -> None:
    till.sell({"KTO-100": 1})
    answer = till.get("/metrics", who=None)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"# TYPE" in answer.content


def test_a_refusal_is_a_problem_in_the_readers_language(till: Shop) -> None:
    body = json.dumps(cart({"KTO-100": 201})).encode()
    said = {}
    for language in ("id", "en", "en-GB,en;q=0.9", "id-ID", "fr", "", "*", "x" * 1_000):
        answer = till.send("POST", "/sales", body, who="cashier", language=language)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert (answer["status"], answer["code"]) == (409, "insufficient_stock")
        assert answer["title"]
        assert answer["type"]
        said[language] = answer["detail"]
    assert said["en"].startswith("Not enough in stock: KTO-100.")
    assert said["en-GB,en;q=0.9"] == said["en"]
    assert said["id"] != said["en"]
    assert {said[other] for other in ("id-ID", "fr", "", "*")} == {said["id"]}


def test_field_errors_are_said_in_the_readers_language(till: Shop) -> None:
    body = json.dumps(cart({"KTO-100": 1}) | {"colour": 1, "lines": [{"sku": 5, "quantity": 0}]}).encode()
    english = till.send("POST", "/sales", body, language="en")["errors"]
    indonesian = till.send("POST", "/sales", body, language="id")["errors"]
    fields = [error["field"] for error in english]
    assert sorted(fields) == ["colour", "lines.0.quantity", "lines.0.sku"]
    assert fields == [error["field"] for error in indonesian]
    assert all(a["message"] != b["message"] for a, b in zip(english, indonesian, strict=True))


def test_every_answer_says_that_it_must_not_be_kept(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    for path in ("/products", f"/sales/{sale}", f"/sales/{sale}/receipt.txt", "/sales/x"):
        assert "no-store" in till.get(path).headers["Cache-Control"], path


def test_a_cross_site_request_with_a_browsers_cookies_is_refused(till: Shop) -> None:
    before = till.rows()
    till.client.set_cookie("pos_device", "x")
    answer = till.client.post(
        "/api/v1/sales",
        data=json.dumps(cart({"KTO-100": 1})),
        headers={"Origin": "https://evil.example", "Content-Type": "text/plain"},
    )
    assert answer.status_code in (401, 403)
    assert till.changed(before) == {}


@pytest.mark.parametrize("path", ["/products", "/sales", "/readyz", "/metrics"])
def test_a_database_that_is_gone_is_said_calmly(shop: Shop, path: str) -> None:
    lose_database(shop)
    answer = shop.get(path)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    if path not in ("/readyz", "/metrics"):
        assert answer.code == "database_unavailable"


def test_no_sale_is_answered_without_its_database(till: Shop) -> None:
    lose_database(till)
    answer = till.post("/sales", cart({"KTO-100": 1}))
    assert (answer.status, answer.code) == (503, "database_unavailable")
    assert till.get("/healthz").status == 200


def lose_database(shop: Shop) -> None:
    """Take the database away under the app: rename the file, or the database in the cluster."""
    import psycopg
    from sqlalchemy import make_url

    from pos.db import db

    with shop.app.app_context():
        db.session.remove()
        db.engine.dispose()
        url = db.engine.url
    if url.get_backend_name() == "sqlite":
        from pathlib import Path

        path = Path(str(url.database))
        for suffix in ("", "-wal", "-shm"):
            side = path.with_name(path.name + suffix)
            if side.exists():
                side.unlink()
        path.mkdir()
        return
    target = make_url(url).set(database="postgres", drivername="postgresql")
    with psycopg.connect(target.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{url.database}" WITH (FORCE)')


def test_what_was_refused_says_nothing_of_the_inside(till: Shop) -> None:
    answer = till.post(f"/print-jobs/{new_id()}/retry", who="cashier")
    assert (answer.status, answer.code) == (404, "not_found")
    assert "Traceback" not in answer.content.decode()


def test_selling_goes_on_after_the_database_cut_every_connection(till: Shop) -> None:
    till.sell({"KTO-100": 1})
    cut_connections(till)
    assert till.sell({"KTO-100": 1})["number"] == "K1-000002"


def cut_connections(shop: Shop) -> None:
    """Do what a restart of PostgreSQL does; a file has nobody connected who could be cut off."""
    import psycopg

    from pos.db import db

    with shop.app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "postgresql":
        plain = url.set(drivername="postgresql", database="postgres").render_as_string(False)
        with psycopg.connect(plain, autocommit=True) as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(cut, (url.database,))
