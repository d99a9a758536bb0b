"""Signatures of SNAP: RSA for access tokens and notifications, HMAC-SHA512 for calls."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from pos.payments.reading import WIB
from pos.settings import SettingsError

Scheme: TypeAlias = Literal["hmac", "hmac_hex", "rsa"]
"""How calls are signed: HMAC-SHA512 in base64, the same in hexadecimal, or RSA without a token."""

_LEAST_BITS = 2048


def timestamp(at: datetime) -> str:
    """Write an instant as SNAP's headers want it: seconds, with the offset of Western Indonesia."""
    return at.astimezone(WIB).isoformat(timespec="seconds")


def body_hash(body: bytes) -> str:
    """Give the lower-case hexadecimal SHA-256 of a body, the form in which it is signed."""
    return hashlib.sha256(body).hexdigest()


def hmac_sha512(secret: str, text: str, scheme: Scheme = "hmac") -> str:
    """Sign a text with the client secret."""
    digest = hmac.digest(secret.encode(), text.encode(), "sha512")
    return digest.hex() if scheme == "hmac_hex" else base64.b64encode(digest).decode()


def rsa_sign(key: RSAPrivateKey, text: str) -> str:
    """Sign a text with our key: PKCS #1 v1.5 over SHA-256, in base64."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def rsa_holds(key: RSAPublicKey, signature: str, text: str) -> bool:
    """Say whether a signature in base64 was made over exactly this text with the key's private half."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def private_key(file: str, setting: str) -> RSAPrivateKey:
    """Read our RSA key. Raises SettingsError that names the setting."""
    try:
        key = load_pem_private_key(_read(file, setting), password=None)
    except TypeError:
        raise SettingsError(f"{setting}: {file} must be without a password") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(f"{setting}: {file} is no private key in PEM form") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
        raise SettingsError(f"{setting}: {file} must be an RSA key of at least {_LEAST_BITS} bits")
    return key


def public_key(file: str, setting: str) -> RSAPublicKey:
    """Read the provider's RSA key, alone or in a certificate. Raises SettingsError that names the setting."""
    content = _read(file, setting)
    try:
        key = (
            x509.load_pem_x509_certificate(content).public_key()
            if b"BEGIN CERTIFICATE" in content
            else load_pem_public_key(content)
        )
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(f"{setting}: {file} is no public key in PEM form") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise SettingsError(f"{setting}: {file} must be an RSA key of at least {_LEAST_BITS} bits")
    return key


def _read(file: str, setting: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise SettingsError(f"{setting}: {file} can't be read ({error.strerror})") from error
