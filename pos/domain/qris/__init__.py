"""QRIS payloads (EMVCo merchant-presented codes as Indonesia uses them): read, judge, fill in, make.

A payload carries no proof of who made it: the checksum finds typing errors, nothing more.
"""

from pos.domain.qris.codec import (
    MAX_LENGTH,
    Account,
    Field,
    Malformed,
    Payload,
    QrisError,
    clean,
    crc16,
    luhn_digit,
    luhn_ok,
    parse,
    walk,
)
from pos.domain.qris.make import (
    DEMO_ACCOUNT,
    DEMO_NAME,
    DEMO_NMID,
    AccountSpec,
    NotUsable,
    build,
    demo_merchant,
    to_dynamic,
)
from pos.domain.qris.rules import MAX_QRIS, Finding, findings, usable

__all__ = [
    "DEMO_ACCOUNT",
    "DEMO_NAME",
    "DEMO_NMID",
    "MAX_LENGTH",
    "MAX_QRIS",
    "Account",
    "AccountSpec",
    "Field",
    "Finding",
    "Malformed",
    "NotUsable",
    "Payload",
    "QrisError",
    "build",
    "clean",
    "crc16",
    "demo_merchant",
    "findings",
    "luhn_digit",
    "luhn_ok",
    "parse",
    "to_dynamic",
    "usable",
    "walk",
]
