"""A demo shop to attack over its API, and the bodies of requests.

    shop.open()                                       opens K1 with a float
    shop.sell({"KTO-100": 2}, cash=50_000)            sells and asserts 201
    shop.post("/sales", cart({"KTO-100": 2}))         the plain answer
    shop.refused(422, "unknown_sku", "/sales", body)  asserts the refusal and that not a row changed

Every answer is held against the OpenAPI document that the service publishes.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from flask import Flask
from jsonschema import Draft202012Validator

from pos.db import Base, db, transact
from tests.cast import approval

Body: TypeAlias = dict[str, Any]
Goods: TypeAlias = Mapping[str, int] | Sequence[Body]

PRICES = {
    "KTO-100": 15_000,
    "KTP-100": 16_000,
    "KTB-250": 32_000,
    "MBT-250": 8_000,
    "MBL-250": 10_000,
    "TBT-020": 25_000,
}
NOT_COMPARED = {"user_throttle", "user_login", "user_device"}
"""Tables that a refused request may write: wrong PINs count."""


def new_id() -> str:
    return str(uuid.uuid4())


def lines(goods: Goods) -> list[Body]:
    if isinstance(goods, Mapping):
        return [{"sku": sku, "quantity": quantity} for sku, quantity in goods.items()]
    return list(goods)


def worth(goods: Goods) -> int:
    """What the goods cost without discounts."""
    return sum(PRICES[line["sku"]] * line["quantity"] for line in lines(goods))


def cart(
    goods: Goods, *, cash: int | None = None, qris: bool = False, register: str = "K1", **more: Any
) -> Body:
    """A sale's body: paid by QRIS, or in cash, exactly unless told."""
    tenders: list[Body] = [{"method": "qris"}] if qris else [{"method": "cash", "amount": worth(goods)}]
    if cash is not None:
        tenders = [{"method": "cash", "amount": cash}] + ([{"method": "qris"}] if qris else [])
    return {"id": new_id(), "register": register, "lines": lines(goods), "tenders": tenders, **more}


def back(goods: Goods, **more: Any) -> Body:
    """A refund's body."""
    return {"id": new_id(), "reason": "kemasan rusak", "lines": lines(goods), **more}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes

    @property
    def code(self) -> str:
        return str(self.body["code"]) if isinstance(self.body, dict) and "code" in self.body else ""

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


@cache
def openapi() -> Body:
    from pos.api.openapi import document

    found: Body = json.loads(json.dumps(document()))
    return found


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": openapi()["components"]})


def promised(method: str, path: str, status: int, kind: str) -> Body:
    """The schema that the OpenAPI document gives for an answer. Fails when it promises none."""
    path = path.partition("?")[0]
    for template, operations in openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
            responses = operations[method.lower()]["responses"]
            if status < 400:
                assert str(status) in responses, f"{method} {template} does not promise {status}"
            content = responses.get(str(status), responses["default"])["content"]
            assert kind in content, f"{method} {template} does not promise {kind} with {status}"
            schema: Body = content[kind]["schema"]
            return schema
    raise AssertionError(f"{method} {path} is not in the OpenAPI document")


class Shop:
    """A demo shop of one test alone, in this process."""

    def __init__(self, app: Flask, tokens: Mapping[str, str]) -> None:
        self.app = app
        self.tokens = tokens
        self.client = app.test_client()

    def send(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        *,
        who: str | None = "manager",
        language: str = "en",
        check: bool = True,
    ) -> Answer:
        """Send bytes as they are. `who` is a program of the cast, None nobody."""
        headers = {"Accept-Language": language, "Content-Type": "application/json"}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(who, who)}"
        full = path if path.startswith(("/api/", "/healthz", "/readyz", "/metrics")) else f"/api/v1{path}"
        answer = self.client.open(full, method=method, data=data, headers=headers)
        kind = answer.content_type.partition(";")[0]
        parsed = json.loads(answer.data) if kind.endswith("json") else None
        if check and full.startswith("/api/v1/"):
            schema = promised(method, full, answer.status_code, kind)
            if parsed is not None:
                wrong = [
                    f"{error.json_path}: {error.message}"
                    for error in validator(json.dumps(schema)).iter_errors(parsed)
                ]
                assert wrong == [], f"{method} {full} {answer.status_code}: {wrong}"
        return Answer(answer.status_code, parsed, answer.headers, answer.data)

    def get(self, path: str, *, who: str | None = "manager", language: str = "en") -> Answer:
        return self.send("GET", path, who=who, language=language)

    def post(
        self, path: str, body: Any = None, *, who: str | None = "manager", language: str = "en"
    ) -> Answer:
        data = json.dumps({} if body is None else body).encode()
        return self.send("POST", path, data, who=who, language=language)

    def refused(
        self, status: int, code: str, path: str, body: Any = None, *, who: str | None = "manager"
    ) -> Answer:
        """Post what must be refused, and hold every row of the database against what was there before."""
        before = self.rows()
        answer = self.post(path, body, who=who)
        assert (answer.status, answer.code) == (status, code), answer.body
        assert self.changed(before) == {}
        return answer

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        # On the driver's cursor: SQLAlchemy would take three times as long for a hundred tables.
        with self.app.app_context(), closing(db.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            for table in Base.metadata.tables.keys() - NOT_COMPARED:
                cursor.execute(f"SELECT * FROM {table}")
                found[table] = sorted(cursor.fetchall(), key=repr)
        return found

    def changed(self, before: Mapping[str, list[tuple[Any, ...]]]) -> Body:
        """What differs from an earlier `rows`, by table."""
        now = self.rows()
        return {name: now[name] for name in now if now[name] != before[name]}

    def settings(self, **values: Any) -> None:
        """Change settings of the shop, as the back office does."""
        from pos import clock
        from pos.operations import catalogue
        from pos.operations.actor import SYSTEM

        with self.app.app_context():
            transact(lambda: catalogue.change_settings(values, SYSTEM, clock.now()))

    def keep_house(self) -> None:
        """Do what the worker does once a second: expire codes, close kiosks."""
        from pos.worker.housekeeping import Housekeeper

        with self.app.app_context():
            Housekeeper(self.app.app_context, lambda: None)._step()

    def open(self, register: str = "K1", cash: int = 100_000, *, who: str = "manager") -> str:
        """Open the register; give the shift's id."""
        answer = self.post("/shifts", {"id": new_id(), "register": register, "float": cash}, who=who)
        assert answer.status == 201, answer.body
        return str(answer["id"])

    def sell(self, goods: Goods, *, who: str = "cashier", **how: Any) -> Answer:
        """Sell, and expect it to be done (or, by QRIS, to wait)."""
        body = cart(goods, **how)
        answer = self.post("/sales", body, who=who)
        waits = any(tender["method"] == "qris" for tender in body["tenders"])
        assert answer.status == (202 if waits else 201), answer.body
        return answer

    def paid_by_qris(self, goods: Goods, reference: str, *, who: str = "cashier", **how: Any) -> Answer:
        """Sell by QRIS and confirm it."""
        sale = self.sell(goods, who=who, qris=True, **how)
        done = self.post(
            f"/sales/{sale['id']}/confirm", {"reference": reference, "approval": approval()}, who=who
        )
        assert (done.status, done["status"]) == (200, "completed"), done.body
        return done

    def close(
        self, shift: str, counted: Any, *, reason: str = "", who: str = "manager", **more: Any
    ) -> Answer:
        """Close the shift with a count; give the Z report."""
        answer = self.post(
            f"/shifts/{shift}/close", {"id": new_id(), "counted": counted, "reason": reason, **more}, who=who
        )
        assert answer.status == 201, answer.body
        return answer

    def expected(self, shift: str) -> int:
        return int(self.get(f"/shifts/{shift}/report")["expected_cash"])

    def stock(self, sku: str) -> Body:
        """What lies in GUDANG of a product."""
        found: Body = next(item for item in self.get("/stock?location=GUDANG")["items"] if item["sku"] == sku)
        return found

    def left(self, sku: str) -> int:
        return int(self.stock(sku)["available"])

    def receive(self, sku: str, quantity: int, **more: Any) -> None:
        body = {
            "id": new_id(),
            "location": "GUDANG",
            "lines": [{"sku": sku, "quantity": quantity, **more}],
        }
        assert self.post("/stock/receipts", body).status == 201

    def leave(self, sku: str, quantity: int) -> None:
        """Write off all but `quantity` pieces."""
        gone = quantity - self.left(sku)
        body = {
            "id": new_id(),
            "location": "GUDANG",
            "reason": "count",
            "lines": [{"sku": sku, "quantity": gone}],
        }
        assert self.post("/stock/adjustments", body).status == 201
