"""The client that providers are asked with: every exchange ends, and NotSent is never a guess."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pos.payments.base import NotSent, Unreachable
from pos.payments.http import HttpClient, Patience
from pos.settings import SettingsError

SHORT = Patience(connect=1.0, read=0.25, total=0.4)
LONG = Patience(connect=5.0, read=5.0, total=10.0)


@contextlib.contextmanager
def server(serve: Callable[[socket.socket], object], scheme: str = "http") -> Iterator[str]:
    """A server of one connection that does what the test says; the address of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    serve(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        listener.close()
        thread.join(5)


def asked(connection: socket.socket) -> bytes:
    """Read a request to the end of its header."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(4096)
        if not part:
            break
        got += part
    return got


def answering(content: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(content)

    return serve


def dripping(connection: socket.socket) -> None:
    """Send a header that never ends, quicker than any time-out between two bytes."""
    asked(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"x")
            threading.Event().wait(0.02)


def test_an_answer_comes_whole() -> None:
    with server(answering(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")) as url:
        answer = HttpClient(url, "x", LONG).send("POST", "/a", {}, b"{}")
    assert (answer.status, answer.body) == (201, b"{}")


def test_what_is_sent_is_the_method_the_path_and_the_bytes() -> None:
    got: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        got.append(asked(connection))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with server(serve) as url:
        HttpClient(url, "x", LONG).send("GET", "/v2/A/status", {"X-One": "satu"})
    assert got[0].startswith(b"GET /v2/A/status HTTP/1.1\r\n")
    assert b"X-One: satu\r\n" in got[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000,
    ],
)
def test_half_an_answer_is_none(content: bytes) -> None:
    with server(answering(content)) as url, pytest.raises(Unreachable) as caught:
        HttpClient(url, "x", LONG).send("POST", "/a", {}, b"{}")
    assert not isinstance(caught.value, NotSent)


def test_a_dripping_header_is_cut_off() -> None:
    with server(dripping) as url, pytest.raises(Unreachable, match="no whole answer"):
        HttpClient(url, "x", SHORT).send("POST", "/a", {}, b"{}")


def test_a_dripping_body_without_a_length_is_not_taken_for_whole() -> None:
    def serve(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b" ")
                threading.Event().wait(0.02)

    with server(serve) as url, pytest.raises(Unreachable, match="no whole answer"):
        HttpClient(url, "x", SHORT).send("POST", "/a", {}, b"{}")


def test_a_compressed_answer_is_not_unpacked() -> None:
    content = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"
    with server(answering(content)) as url:
        assert HttpClient(url, "x", LONG).send("GET", "/", {}).body == b"\x1f\x8b\x08"


def test_a_header_that_cannot_be_sent_does_not_tell_its_value() -> None:
    with server(asked) as url, pytest.raises(NotSent) as caught:
        HttpClient(url, "x", LONG).send("POST", "/a", {"Authorization": "Basic rahasia\r\nX: y"}, b"{}")
    assert "rahasia" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "https://",
        "https://api.example.com/snap",
        "https://api.example.com?x=1",
        "https://user:word@api.example.com",
        "https://api.example.com:99999",
        "api.example.com",
        "",
    ],
)
def test_only_safe_addresses_without_a_path_are_taken(url: str) -> None:
    with pytest.raises(SettingsError, match=r"qris\.snap\.base_url"):
        HttpClient(url, "qris.snap.base_url")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])
def test_this_machine_may_be_asked_in_the_clear_and_a_closed_port_sends_nothing(url: str) -> None:
    with pytest.raises(NotSent):
        HttpClient(url, "x", SHORT).send("POST", "/a", {}, b"{}")


@pytest.fixture(scope="module")
def self_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that no authority signed, with its key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + certificate.public_bytes(pem))
    return file


def over_tls(file: Path, serve: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def run(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
            serve(wrapped)

    return run


def test_a_certificate_nobody_signed_gets_no_request(self_made: Path) -> None:
    got: list[bytes] = []
    work = over_tls(self_made, lambda connection: got.append(asked(connection)))
    with server(work, "https") as url, pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        HttpClient(url, "x", LONG).send("POST", "/a", {"Authorization": "Bearer rahasia"}, b"{}")
    assert got == []


def test_a_server_without_tls_gets_no_request() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(serve, "https") as url, pytest.raises(NotSent):
        HttpClient(url, "x", LONG).send("POST", "/a", {}, b"{}")


def test_a_tls_handshake_that_hangs_sends_nothing() -> None:
    hangs = threading.Event()

    def serve(connection: socket.socket) -> None:
        hangs.wait(30)

    with server(serve, "https") as url:
        with pytest.raises(NotSent):
            HttpClient(url, "x", Patience(connect=0.2, read=0.2, total=0.4)).send("POST", "/a", {}, b"{}")
        hangs.set()


@pytest.fixture
def trusted(self_made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate, for once signed by somebody this machine trusts."""
    real = ssl.create_default_context
    monkeypatch.setattr(
        ssl, "create_default_context", lambda *a, **k: real(*a, **(k | {"cafile": str(self_made)}))
    )
    return self_made


def test_over_tls_an_answer_comes_whole(trusted: Path) -> None:
    content = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with server(over_tls(trusted, answering(content)), "https") as url:
        assert HttpClient(url, "x", LONG).send("POST", "/a", {}, b"{}").body == b"{}"


def test_over_tls_a_dripping_header_is_cut_off(trusted: Path) -> None:
    with (
        server(over_tls(trusted, dripping), "https") as url,
        pytest.raises(Unreachable, match="no whole answer"),
    ):
        HttpClient(url, "x", SHORT).send("POST", "/a", {}, b"{}")


def test_a_certificate_for_another_name_gets_no_request(trusted: Path) -> None:
    work = over_tls(trusted, answering(b"HTTP/1.1 200 OK\r\n\r\n"))
    with server(work, "https") as url, pytest.raises(NotSent):
        HttpClient(url.replace("127.0.0.1", "localhost"), "x", LONG).send("POST", "/a", {}, b"{}")
