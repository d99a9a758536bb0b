"""The form of a QRIS payload: fields of a two-digit tag, a two-digit length and a value, and the checksum."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pos.domain.words import N_

MAX_LENGTH: int = 512
"""The most characters a whole payload may have."""

_NNS: Mapping[str, str] = {
    "93600002": "BRI",
    "93600008": "Bank Mandiri",
    "93600009": "BNI",
    "93600014": "BCA",
    "93600022": "CIMB Niaga",
    "93600110": "bank bjb",
    "93600200": "BTN",
    "93600451": "BSI",
    "93600503": "Nobu Bank",
    "93600777": "Finpay",
    "93600815": "SpeedCash",
    "93600816": "MotionPay",
    "93600822": "AstraPay",
    "93600848": "Xendit",
    "93600898": "Telkom",
    "93600899": "DOKU",
    "93600911": "LinkAja",
    "93600912": "OVO",
    "93600914": "GoPay",
    "93600915": "DANA",
    "93600918": "ShopeePay",
    "93600920": "i.saku",
}
"""Who stands behind the first eight digits of a merchant's account number (national numbering system)."""

_WHOLE_RUPIAH = re.compile(r"([0-9]+)(?:\.0{0,2})?", re.ASCII)


class QrisError(ValueError):
    """A payload or request that is refused; `code` is stable, `message` an English msgid with `params`."""

    def __init__(self, code: str, message: str, /, **params: str) -> None:
        super().__init__(message % params if params else message)
        self.code = code
        self.message = message
        self.params: dict[str, str] = params


class Malformed(QrisError):
    """A text that is not a sequence of tagged objects at all."""


def crc16(data: str) -> str:
    """Give the checksum of a text that ends in `6304`: four upper-case hex digits over its UTF-8 bytes."""
    return f"{binascii.crc_hqx(data.encode('utf-8', 'surrogatepass'), 0xFFFF):04X}"


def luhn_digit(digits: str) -> str:
    """Give the Luhn check digit to put after `digits`."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 if place % 2 else 2)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def luhn_ok(digits: str) -> bool:
    """Say whether the last of the digits is the Luhn digit of those before it."""
    return is_digits(digits) and luhn_digit(digits[:-1]) == digits[-1]


def is_digits(text: str) -> bool:
    """Say whether a text is one or more of 0 to 9; other scripts' digits are not."""
    return text.isascii() and text.isdigit()


@dataclass(frozen=True, slots=True)
class Field:
    """One tagged value."""

    tag: str
    value: str

    def dumps(self) -> str:
        """Write it: tag, length in characters, value."""
        return f"{self.tag}{len(self.value):02d}{self.value}"


def walk(text: str) -> tuple[Field, ...]:
    """Read tagged values one after the other to the very end; Malformed when they do not fill it exactly."""
    fields: list[Field] = []
    seen: set[str] = set()
    at = 0
    while at < len(text):
        tag, digits = text[at : at + 2], text[at + 2 : at + 4]
        here = str(at + 1)
        if len(tag) < 2 or not is_digits(tag):
            raise Malformed("bad_tag", N_("No tag of two digits at character %(at)s."), at=here)
        if len(digits) < 2 or not is_digits(digits):
            raise Malformed("bad_length", N_("No length of two digits after tag %(tag)s."), tag=tag)
        length = int(digits)
        if length == 0:
            raise Malformed("zero_length", N_("Tag %(tag)s is empty."), tag=tag)
        value = text[at + 4 : at + 4 + length]
        if len(value) < length:
            raise Malformed("truncated", N_("The code ends in the middle of tag %(tag)s."), tag=tag)
        if tag in seen:
            raise Malformed("duplicate_tag", N_("Tag %(tag)s stands there twice."), tag=tag)
        seen.add(tag)
        fields.append(Field(tag, value))
        at += 4 + length
    return tuple(fields)


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money of a payload goes: one acquirer's account of the merchant."""

    tag: str
    domain: str | None
    mpan: str | None
    merchant_id: str | None
    criteria: str | None

    @property
    def acquirer(self) -> str | None:
        """The name of the bank or wallet by the first eight digits of the account number, if we know it."""
        return _NNS.get((self.mpan or "")[:8])


@dataclass(frozen=True)
class Payload:
    """A payload that could be read; every value is kept as it stood, known or not."""

    fields: tuple[Field, ...]

    def dumps(self) -> str:
        """Write the payload exactly as it was read."""
        return "".join([field.dumps() for field in self.fields])

    @cached_property
    def _values(self) -> dict[str, str]:
        return {field.tag: field.value for field in self.fields}

    @cached_property
    def _templates(self) -> dict[str, dict[str, str]]:
        return {}

    def get(self, tag: str) -> str | None:
        """The value of a tag; `"62.05"` looks inside a template. None when it is not there."""
        outer, _, inner = tag.partition(".")
        value = self._values.get(outer)
        if not inner or value is None:
            return value
        return self.template(outer).get(inner)

    def template(self, tag: str) -> Mapping[str, str]:
        """What a template holds, by inner tag; empty when it is missing or cannot be walked."""
        inner = self._templates.get(tag)
        if inner is None:
            try:
                inner = {field.tag: field.value for field in walk(self._values.get(tag, ""))}
            except Malformed:
                inner = {}
            self._templates[tag] = inner
        return inner

    @property
    def merchant_name(self) -> str | None:
        """The name the payer sees (tag 59)."""
        return self.get("59")

    @property
    def city(self) -> str | None:
        """The merchant's city (tag 60)."""
        return self.get("60")

    @property
    def nmid(self) -> str | None:
        """The merchant's number in the national repository (tag 51.02)."""
        return self.get("51.02")

    @property
    def amount(self) -> int | None:
        """The amount in whole rupiah; None when there is none, or none that is whole rupiah."""
        found = _WHOLE_RUPIAH.fullmatch(self.get("54") or "")
        # Thirteen characters are the most the tag may hold, which also bounds the number.
        return int(found[1]) if found and len(found[0]) <= 13 else None

    @property
    def is_static(self) -> bool:
        """Whether one code serves every payment (tag 01 is 11)."""
        return self.get("01") == "11"

    @property
    def is_dynamic(self) -> bool:
        """Whether the code was made for one payment (tag 01 is 12)."""
        return self.get("01") == "12"

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The merchant's accounts at domestic acquirers (tags 26 to 45)."""
        found = []
        for field in self.fields:
            if "26" <= field.tag <= "45":
                inner = self.template(field.tag)
                found.append(
                    Account(field.tag, inner.get("00"), inner.get("01"), inner.get("02"), inner.get("03"))
                )
        return tuple(found)

    @property
    def acquirer(self) -> str | None:
        """The first acquirer whose name we know."""
        return next((account.acquirer for account in self.accounts if account.acquirer), None)


def clean(text: str) -> str:
    """Take away what copying adds around a payload: a byte order mark and white space."""
    return text.strip("\ufeff \t\r\n\u00a0")


def parse(payload: str) -> Payload:
    """Read a payload; `parse(x).dumps() == x`. Raises Malformed and nothing else, whatever the text."""
    if not payload:
        raise Malformed("empty", N_("There is no code."))
    if len(payload) > MAX_LENGTH:
        raise Malformed("too_long", N_("The code is longer than %(most)s characters."), most=str(MAX_LENGTH))
    try:
        payload.encode()
    except UnicodeEncodeError:
        raise Malformed("bad_character", N_("The code holds half of a character.")) from None
    return Payload(walk(payload))
