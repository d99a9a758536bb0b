"""What is wrong with a provider's settings stops the start, and names the setting."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from pos.payments import check, provider
from pos.settings import Settings, SettingsError, load
from tests.fake_snap import FakeSnap

PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8


@pytest.fixture
def configured(bank: FakeSnap, tmp_path: Path) -> Callable[..., Settings]:
    """The settings of a shop that uses the bank, with some changed."""

    def settings(**changes: str) -> Settings:
        snap = {f"POS_QRIS__SNAP__{name.upper()}": value for name, value in changes.items()}
        return load(bank.variables(tmp_path) | {"POS_DATA_DIR": str(tmp_path)} | snap)

    return settings


def test_settings_that_serve_pass(configured: Callable[..., Settings]) -> None:
    check(configured())
    made = provider("snap", configured())
    assert made is not None
    assert made.name == "snap"


def test_the_other_providers_need_no_keys(tmp_path: Path) -> None:
    for name in ("static", "simulator"):
        check(load({"POS_QRIS__PROVIDER": name, "POS_DATA_DIR": str(tmp_path)}))


def written(folder: Path, content: bytes) -> str:
    file = folder / "key.pem"
    file.write_bytes(content)
    return str(file)


def secret(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, word: bytes | None = None) -> bytes:
    hidden = serialization.BestAvailableEncryption(word) if word else serialization.NoEncryption()
    return key.private_bytes(PEM, PKCS8, hidden)


@pytest.mark.parametrize("setting", ["private_key_file", "provider_public_key_file"])
@pytest.mark.parametrize(
    "content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nrusak\n-----END PRIVATE KEY-----\n"]
)
def test_a_key_that_cannot_be_read_is_named(
    setting: str, content: bytes | None, configured: Callable[..., Settings], tmp_path: Path
) -> None:
    file = "/nowhere/key.pem" if content is None else written(tmp_path, content)
    with pytest.raises(SettingsError, match=rf"^qris\.snap\.{setting}: .*key\.pem"):
        check(configured(**{setting: file}))


def test_keys_that_are_no_use_are_named(
    configured: Callable[..., Settings], tmp_path: Path, two_keys: tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]
) -> None:
    bad = {
        "without a password": secret(two_keys[0], b"kata"),
        "at least 2048 bits": secret(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - that is the point
        "RSA key": secret(ec.generate_private_key(ec.SECP256R1())),
    }
    for why, content in bad.items():
        with pytest.raises(SettingsError, match=why):
            check(configured(private_key_file=written(tmp_path, content)))
    # Our own file in place of the bank's: nobody's notification would ever be believed.
    with pytest.raises(SettingsError, match=r"provider_public_key_file: .* no public key"):
        check(configured(provider_public_key_file=written(tmp_path, secret(two_keys[0]))))


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("profile", "bca", "must be one of standard, doku"),
        ("path_prefix", "snap", "must begin with /"),
        ("path_prefix", "/snap?x=1", "must begin with /"),
        ("token_path", "https://x", "must begin with /"),
        ("base_url", "https://api.example.com/snap", "scheme and host only"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    setting: str, value: str, allowed: str, configured: Callable[..., Settings]
) -> None:
    with pytest.raises(SettingsError, match=rf"^qris\.snap\.{setting}: .*{allowed}"):
        check(configured(environment="sandbox", **{setting: value}))


def test_a_provider_that_is_not_used_any_more_stops_no_start(
    bank: FakeSnap, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    variables = bank.variables(tmp_path) | {"POS_QRIS__PROVIDER": "static", "POS_DATA_DIR": str(tmp_path)}
    (tmp_path / "our-key.pem").unlink()
    settings = load(variables)
    check(settings)
    assert provider("snap", settings) is None
    assert "private_key_file" in caplog.text
    assert bank.client_secret not in caplog.text


def test_the_banks_key_may_come_in_a_certificate(
    configured: Callable[..., Settings],
    bank: FakeSnap,
    tmp_path: Path,
) -> None:
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Bank Contoh")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(bank.own_key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(bank.own_key, hashes.SHA256())
    )
    file = written(tmp_path, certificate.public_bytes(PEM))
    made = provider("snap", configured(provider_public_key_file=file))
    assert made is not None
    path = "/v1.0/qr/qr-mpm-notify"
    headers, body = bank.notice(path, "A" * 32)
    assert made.read_notice(path, headers, body, now).our_reference == "A" * 32
