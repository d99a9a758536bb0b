"""Notifications of SNAP: believed only with the provider's RSA signature, and then they only make us ask."""

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from pos.payments.base import BadNotice, Notice, Reply
from pos.payments.reading import Json, NotReadable, instant_of, read_json, text_of
from pos.payments.snap_profiles import Profile
from pos.payments.snap_sign import body_hash, rsa_holds

log = logging.getLogger(__name__)

MAX_NOTICE: int = 64 * 1024
"""The most bytes of a notification."""
MAX_SKEW = timedelta(minutes=10)
"""How far a notification's own time may be from ours: a copied one can't be used for ever."""

_STRING_OR_SPACE = re.compile(rb'("(?:\\.|[^"\\])*")|[ \t\r\n]+')

TAKEN = Reply(200, {"responseCode": "2005200", "responseMessage": "Successful"})
UNKNOWN = Reply(404, {"responseCode": "4045201", "responseMessage": "Transaction Not Found"})
NOT_SIGNED = Reply(401, {"responseCode": "4015200", "responseMessage": "Unauthorized. Invalid Signature"})
NOT_READABLE = Reply(400, {"responseCode": "4005201", "responseMessage": "Invalid Field Format"})


def read(
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
    *,
    key: RSAPublicKey | None,
    profile: Profile,
) -> Notice:
    """Check a notification and return which attempt it is about. Raises BadNotice."""
    if key is None:
        raise BadNotice(NOT_SIGNED, "no key to check notifications with (provider_public_key_file)")
    if len(body) > MAX_NOTICE:
        raise BadNotice(NOT_READABLE, f"{len(body)} bytes")
    given = {name.lower(): value for name, value in headers.items()}
    signature, stamp = given.get("x-signature", ""), given.get("x-timestamp", "")
    sent = instant_of(stamp)
    if not signature or sent is None:
        raise BadNotice(NOT_SIGNED, "no signature, or no time")
    data = _json(body)
    if not any(rsa_holds(key, signature, text) for text in _signed_texts(path, body, stamp, data)):
        raise BadNotice(NOT_SIGNED, "the signature does not fit")
    if abs(at - sent) > MAX_SKEW:
        raise BadNotice(NOT_SIGNED, f"from {sent.isoformat()}, too far from now")
    reference = text_of(data or {}, "originalPartnerReferenceNo", "partnerReferenceNo")
    if data is None or not reference:
        raise BadNotice(NOT_READABLE, "no JSON, or it names no transaction")
    said = profile.notified.get(text_of(data, "latestTransactionStatus"), "nothing we know")
    log.info("notified about %s (%s)", reference, said)
    return Notice(reference)


def _json(body: bytes) -> Json | None:
    try:
        return read_json(body)
    except NotReadable:
        return None


def _signed_texts(path: str, body: bytes, stamp: str, data: Json | None) -> Iterator[str]:
    """Give what may have been signed: our path or the standard's part of it, the body as sent or minified."""
    paths = [path]
    if (start := path.find("/v1.0/")) > 0:
        paths.append(path[start:])
    bodies = [body]
    # Only what is JSON: on anything else the search for strings could take long.
    if data is not None and (small := _STRING_OR_SPACE.sub(rb"\1", body)) != body:
        bodies.append(small)
    for content in bodies:
        for where in paths:
            yield f"POST:{where}:{body_hash(content)}:{stamp}"
