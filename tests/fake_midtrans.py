"""Midtrans' Core API on a real socket, as its public papers describe it; knows nothing of ours.

    with FakeMidtrans() as gateway:
        provider = Midtrans(MidtransSettings(gateway.url, gateway.server_key))
        ...
        gateway.settle(reference)

Most answers are HTTP 200 with the meaning in `status_code`, as the real one's are. `fail(action, fault)` lets
the next request go wrong. Actions: charge, status, expire, refund. Faults: hang, lose, 429, 500, garbage,
401, 402, wrong-amount, no-code, challenge, other-order, not-idr.
"""

import base64
import hashlib
import http.server
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.fake_company import Company
from tests.fake_snap_http import qris

JAKARTA = timezone(timedelta(hours=7))


@dataclass
class Order:
    """One transaction."""

    order_id: str
    amount: int
    number: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "pending"
    fee: int = 0
    refunds: list[dict[str, Any]] = field(default_factory=list)


class FakeMidtrans(Company):
    """The gateway on a free port of this machine."""

    server_key = "SB-Mid-server-rahasia-4f7a"

    def __init__(self) -> None:
        super().__init__(_Handler, "gateway")
        self.violations: list[str] = []
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.orders: dict[str, Order] = {}
        self._kept: dict[str, dict[str, Any]] = {}

    def settle(self, order_id: str, fee: int = 0) -> str:
        """A buyer pays, and bears a fee on top; gives the transaction's number."""
        order = self.orders[order_id]
        order.status, order.fee = "settlement", fee
        return order.number

    def notice(self, order_id: str, *, key: str = "", status: str = "settlement") -> bytes:
        """The body of a notification."""
        order = self.orders.get(order_id) or Order(order_id, 1)
        amount = f"{order.amount}.00"
        text = f"{order_id}200{amount}{key or self.server_key}"
        return json.dumps(
            {
                "order_id": order_id, "status_code": "200", "gross_amount": amount, "currency": "IDR",
                "transaction_status": status, "fraud_status": "accept", "transaction_id": order.number,
                "signature_key": hashlib.sha512(text.encode()).hexdigest(),
            }
        ).encode()  # fmt: skip

    def answer(
        self, action: str, order_id: str, headers: dict[str, str], data: dict[str, Any], fault: str
    ) -> Any:
        """Do what a request asks for and return the answer's JSON."""
        right = "Basic " + base64.b64encode(f"{self.server_key}:".encode()).decode()
        if headers.get("authorization") != right or fault == "401":
            return {"status_code": "401", "status_message": "Unknown Merchant server_key/id"}
        if fault in ("402", "429"):
            return {"status_code": fault, "status_message": "You don't have permission"}
        if action == "charge":
            return self._charge(headers, data, fault)
        order = self.orders.get(order_id)
        if order is None:
            return {"status_code": "404", "status_message": "Transaction doesn't exist."}
        if action == "status":
            return self._told(order, fault)
        return self._expire(order) if action == "expire" else self._refund(order, data)

    def _charge(self, headers: dict[str, str], data: dict[str, Any], fault: str) -> Any:
        key = headers.get("idempotency-key", "")
        if not 0 < len(key) <= 46:
            self.violations.append(f"Idempotency-Key {key!r}")
        if key in self._kept:
            return self._kept[key]
        wanted = data["transaction_details"]
        order_id, amount = wanted["order_id"], wanted["gross_amount"]
        life = data.get("custom_expiry", {})
        try:
            datetime.strptime(life["order_time"], "%Y-%m-%d %H:%M:%S %z")
        except (KeyError, ValueError):
            self.violations.append(f"custom_expiry {life}")
        if data["payment_type"] != "qris" or type(amount) is not int or life.get("unit") != "second":
            self.violations.append(f"charge {data}")
        if order_id in self.orders:
            return {
                "status_code": "406",
                "status_message": "The request could not be completed: order_id taken",
            }
        order = self.orders[order_id] = Order(order_id, amount)
        told = self._told(order, fault)
        shown = amount + 1 if fault == "wrong-amount" else amount
        told |= {"status_code": "201", "qr_string": "" if fault == "no-code" else qris(shown, order_id)}
        self._kept[key] = told
        return told

    def _told(self, order: Order, fault: str) -> dict[str, Any]:
        code = {
            "pending": "201",
            "settlement": "200",
            "expire": "407",
            "refund": "200",
            "partial_refund": "200",
        }
        told: dict[str, Any] = {
            "status_code": code.get(order.status, "202"),
            "transaction_id": order.number,
            "order_id": "lain" if fault == "other-order" else order.order_id,
            "gross_amount": f"{order.amount + order.fee}.00",
            "currency": "USD" if fault == "not-idr" else "IDR",
            "payment_type": "qris",
            "transaction_status": order.status,
            "fraud_status": "challenge" if fault == "challenge" else "accept",
            "settlement_time": datetime.now(JAKARTA).strftime("%Y-%m-%d %H:%M:%S"),
            "issuer": "gopay",
            "refunds": order.refunds,
        }
        if order.fee:
            original = {"gross_amount_info": {"original_amount": f"{order.amount}.00"}}
            told["metadata"] = {"extra_info": original}
        return told

    def _expire(self, order: Order) -> Any:
        if order.status != "pending":
            return {"status_code": "412", "status_message": "Merchant cannot modify the status"}
        order.status = "expire"
        return self._told(order, "")

    def _refund(self, order: Order, data: dict[str, Any]) -> Any:
        if any(entry["refund_key"] == data["refund_key"] for entry in order.refunds):
            return {"status_code": "406", "status_message": "Duplicate refund_key"}
        given = sum(int(entry["refund_amount"][:-3]) for entry in order.refunds)
        if order.status not in ("settlement", "partial_refund") or data["amount"] > order.amount - given:
            return {"status_code": "412", "status_message": "Refund amount is not allowed"}
        order.refunds.append({"refund_key": data["refund_key"], "refund_amount": f"{data['amount']}.00"})
        order.status = "refund" if given + data["amount"] == order.amount else "partial_refund"
        return self._told(order, "") | {"refund_key": data["refund_key"]}


class _Handler(http.server.BaseHTTPRequestHandler):
    gateway: FakeMidtrans

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        gateway = self.gateway
        data = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        _, version, *rest = self.path.split("/")
        order_id, action = ("", rest[0]) if len(rest) == 1 else (rest[0], rest[-1])
        if version != "v2" or (self.command == "GET") != (action == "status"):
            gateway.violations.append(f"{self.command} {self.path}")
        gateway.requests.append((action, headers, data))
        fault = gateway.fault_of(action)
        if fault == "hang":
            gateway.wait(3600)
            return
        status, content = 200, b"<html>"
        if fault == "500":
            status, content = 500, b'{"status_code":"500","status_message":"Sorry"}'
        elif fault != "garbage":
            content = json.dumps(gateway.answer(action, order_id, headers, data, fault)).encode()
        if fault == "lose":
            return
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the library gave it
        return
