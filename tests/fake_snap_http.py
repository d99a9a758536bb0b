"""How the payment company of the tests hears and answers, the codes it makes, and how it goes wrong."""

import http.server
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fake_snap import FakeSnap

_ACTIONS = {
    "qr-mpm-generate": ("generate", "47"),
    "qr-mpm-query": ("query", "51"),
    "qr-mpm-cancel": ("cancel", "77"),
    "qr-mpm-refund": ("refund", "78"),
}
_NAMES = {
    "401": ("401{}01", "Invalid Token (B2B)"),
    "409": ("409{}00", "Conflict"),
    "429": ("429{}00", "Too Many Requests"),
    "500": ("500{}01", "Internal Server Error"),
    "in-progress": ("202{}00", "Request In Progress"),
    "refused": ("403{}14", "Insufficient Funds"),
    "expired-403": ("403{}00", "Transaction Expired"),
}


def emv(*fields: tuple[str, str]) -> str:
    """Write tagged values."""
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields)


def crc(data: bytes) -> str:
    """CRC-16/CCITT-FALSE, bit by bit."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = register << 1 ^ (0x1021 if register & 0x8000 else 0)
        register &= 0xFFFF
    return f"{register:04X}"


def qris(amount: int, reference: str) -> str:
    """A dynamic code of an invented merchant."""
    account = emv(("00", "ID.CO.CONTOH.WWW"), ("01", "936000990000000017"), ("02", "TOKO0001"), ("03", "UMI"))
    code = emv(
        ("00", "01"), ("01", "12"), ("26", account), ("52", "5499"), ("53", "360"), ("54", str(amount)),
        ("58", "ID"), ("59", "TOKO CONTOH"), ("60", "TANGERANG"), ("61", "15111"),
        ("62", emv(("05", reference[:25]))),
    )  # fmt: skip
    return f"{code}6304{crc(f'{code}6304'.encode())}"


def coded(status: str, service: str, case: str, message: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """An answer with its code."""
    return int(status), {"responseCode": f"{status}{service}{case}", "responseMessage": message, **more}


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Send a notification and give the HTTP status."""
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


class Server(http.server.ThreadingHTTPServer):
    """A server that many may call at once: the usual queue of five lets the sixth wait for a second."""

    daemon_threads = True
    request_queue_size = 64


class Handler(http.server.BaseHTTPRequestHandler):
    bank: "FakeSnap"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        bank = self.bank
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.close_connection = True
        action, service = _ACTIONS.get(self.path.rsplit("/", 1)[-1], ("", ""))
        if self.path == bank.token_path:
            action, service = "token", "73"
        elif self.path != f"{bank.prefix}/v1.0/qr/{self.path.rsplit('/', 1)[-1]}" or not action:
            bank.wrong(f"path {self.path}")
            self._send(404, b'{"message":"no Route matched"}')
            return
        try:
            data = json.loads(body)
        except ValueError:
            bank.wrong(f"body of {action}")
            data = {}
        bank.requests.append((action, headers, data))
        fault = bank.fault_of(action)
        if fault == "drop" or (
            fault in ("slow", "hang") and bank.wait(3600 if fault == "hang" else bank.slowness)
        ):
            return
        if fault in _NAMES or fault in ("garbage", "list", "huge", "redirect"):
            self._go_wrong(fault, service)
            return
        if action == "token":
            status, told = bank.token(headers, data)
        elif case := bank.check_call(self.path, headers, body):
            status, told = coded("401", service, case, "Unauthorized")
        else:
            status, told = bank.answer(action, data, fault)
        content = json.dumps(told).encode()
        if fault == "drip":
            self._drip(status, content)
        elif fault != "lose":
            self._send(status, content)

    def _go_wrong(self, fault: str, service: str) -> None:
        if fault == "garbage":
            self._send(200, b"<html>Mohon maaf, sedang perbaikan</html>")
        elif fault == "list":
            self._send(200, b'["00"]')
        elif fault == "huge":
            self._send(200, b'{"responseCode":"2005100","x":"' + b"x" * 400_000 + b'"}')
        elif fault == "redirect":
            self.send_response(302)
            self.send_header("Location", f"{self.bank.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            code, message = _NAMES[fault]
            status, told = coded(code[:3], service, code[-2:], message)
            self._send(status, json.dumps(told).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _drip(self, status: int, content: bytes) -> None:
        """Send without a length, a byte now and then: every single read is in time, the whole never is."""
        self.send_response(status)
        self.end_headers()
        for byte in content:
            if self.bank.wait(0.02):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the library gave it
        return
