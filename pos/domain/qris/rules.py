"""What is wrong with a QRIS payload: a coded finding a rule, an error when it must not take a payment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pos.domain.qris.codec import Account, Malformed, Payload, clean, crc16, is_digits, luhn_ok, parse, walk
from pos.domain.words import N_

MAX_QRIS: int = 10_000_000
"""The most rupiah one QRIS payment may carry, by Bank Indonesia's PADG 24/1/PADG/2022, since 1 March 2022."""

Severity: TypeAlias = Literal["error", "warning"]

_TRANSFERS = frozenset({"BOOK", "DMCT", "XBCT", "CWDL", "CDPT"})
_CRITERIA = frozenset({"UMI", "UKE", "UME", "UBE", "URE", "PSO", "BLU"})
_REPOSITORIES = frozenset({"ID.CO.QRIS.WWW", "ID.OR.GPNQR.WWW"})
_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]{0,2})?", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})?", re.ASCII)
_NMID = re.compile(r"ID[12]0[0-9]{11}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HEX = re.compile(r"[0-9A-Fa-f]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a payload; `tag` is where, `message` an English msgid with `params`."""

    code: str
    severity: Severity
    tag: str
    message: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message in English with its parameters put in."""
        return self.message % self.params if self.params else self.message


def _error(code: str, tag: str, message: str, /, **params: str) -> Finding:
    return Finding(code, "error", tag, message, params)


def _warning(code: str, tag: str, message: str, /, **params: str) -> Finding:
    return Finding(code, "warning", tag, message, params)


def usable(payload: str) -> bool:
    """Say whether a payload may be used to take a payment: it has no finding that is an error."""
    return all(finding.severity != "error" for finding in findings(payload))


def findings(payload: str) -> list[Finding]:
    """Judge a payload by every rule we know; white space around it is only worth a warning."""
    text = clean(payload)
    found: list[Finding] = []
    if text != payload:
        found.append(_warning("surrounding_space", "", N_("There is white space around the code.")))
    try:
        code = parse(text)
    except Malformed as problem:
        found.append(_error(problem.code, problem.params.get("tag", ""), problem.message, **problem.params))
        return found
    for rule in (_format, _checksum, _characters, _templates, _merchant, _not_a_transfer):
        found += rule(code)
    for rule in (_accounts, _repository, _amount, _tip, _additional):
        found += rule(code)
    return found


def _format(code: Payload) -> Iterator[Finding]:
    if code.fields[0].tag != "00":
        yield _error("format_not_first", "00", N_("The code does not begin with tag 00."))
    elif code.get("00") != "01":
        yield _error("format_unknown", "00", N_("The payload format is not 01."))
    initiation = code.get("01")
    if initiation is None:
        yield _warning(
            "initiation_missing", "01", N_("The code does not say whether it is static or dynamic.")
        )
    elif initiation not in ("11", "12"):
        yield _error("initiation_unknown", "01", N_("Tag 01 is neither 11 (static) nor 12 (dynamic)."))


def _checksum(code: Payload) -> Iterator[Finding]:
    last = code.fields[-1]
    if last.tag != "63":
        yield _error("crc_not_last", "63", N_("The code does not end with its checksum."))
        return
    if not _HEX.fullmatch(last.value):
        yield _error("crc_format", "63", N_("The checksum is not four hexadecimal digits."))
        return
    right = crc16(code.dumps()[:-4])
    if last.value.upper() != right:
        yield _error(
            "crc_wrong",
            "63",
            N_("The checksum is %(given)s but should be %(right)s: a character is wrong."),
            given=last.value,
            right=right,
        )
    elif last.value != right:
        yield _warning("crc_lower_case", "63", N_("The checksum is written in lower case."))


def _characters(code: Payload) -> Iterator[Finding]:
    for item in code.fields:
        if _CONTROL.search(item.value):
            yield _error(
                "control_character", item.tag, N_("Tag %(tag)s holds a control character."), tag=item.tag
            )
    for tag in ("59", "60"):
        if not (code.get(tag) or "").isascii():
            yield _warning(
                "not_ascii", tag, N_("Tag %(tag)s holds letters that many apps cannot show."), tag=tag
            )
    for tag in ("58", "59", "60", "61"):
        if "|" in (code.get(tag) or ""):
            yield _warning("pipe", tag, N_("Tag %(tag)s holds the forbidden character |."), tag=tag)


def _templates(code: Payload) -> Iterator[Finding]:
    for item in code.fields:
        if "26" <= item.tag <= "51" or item.tag in ("62", "64"):
            try:
                walk(item.value)
            except Malformed as problem:
                yield _error(
                    "template_malformed",
                    item.tag,
                    N_("What is inside tag %(tag)s cannot be read (%(code)s)."),
                    tag=item.tag,
                    code=problem.code,
                )


def _merchant(code: Payload) -> Iterator[Finding]:
    if not _is_number(code.get("52"), 4):
        yield _error("mcc", "52", N_("The merchant category is not four digits."))
    if code.get("53") != "360":
        yield _error("currency", "53", N_("The currency is not rupiah (360)."))
    if code.get("58") != "ID":
        yield _error("country", "58", N_("The country is not ID."))
    for tag, missing, most in (("59", "name", 25), ("60", "city", 15)):
        value = code.get(tag)
        if value is None:
            yield _error(f"{missing}_missing", tag, N_("The merchant's name or city is missing."))
        elif len(value) > most:
            yield _too_long(tag, most)
    postal = code.get("61")
    if postal is None:
        yield _warning("postal_code_missing", "61", N_("The postal code is missing."))
    elif len(postal) > 10:
        yield _too_long("61", 10)


def _not_a_transfer(code: Payload) -> Iterator[Finding]:
    if code.get("40") is not None or code.get("62.08") in _TRANSFERS:
        yield _error("transfer", "40", N_("This code is for transfers or cash, not for paying a shop."))


def _accounts(code: Payload) -> Iterator[Finding]:
    if not any("02" <= item.tag <= "45" or item.tag == "51" for item in code.fields):
        yield _error("account_missing", "26", N_("The code names no account to pay into."))
    for account in code.accounts:
        if account.tag != "40" and code.template(account.tag):
            yield from _account(account)


def _account(account: Account) -> Iterator[Finding]:
    tag = account.tag
    if account.domain is None:
        yield _warning("domain_missing", f"{tag}.00", N_("The account does not name its acquirer's domain."))
    elif len(account.domain) > 32:
        yield _too_long(f"{tag}.00", 32)
    mpan = account.mpan
    if mpan is None or not is_digits(mpan) or len(mpan) > 19:
        yield _error("mpan", f"{tag}.01", N_("The merchant's account number is not 1 to 19 digits."))
    elif not mpan.startswith("9360"):
        yield _warning(
            "mpan_prefix", f"{tag}.01", N_("The merchant's account number does not begin with 9360.")
        )
    elif len(mpan) == 19 and not luhn_ok(mpan):
        yield _warning(
            "mpan_luhn", f"{tag}.01", N_("The check digit of the merchant's account number is wrong.")
        )
    if account.merchant_id is None:
        yield _warning("merchant_id_missing", f"{tag}.02", N_("The account names no merchant id."))
    elif len(account.merchant_id) > 15:
        yield _too_long(f"{tag}.02", 15)
    for inner, value in (("02", account.merchant_id), ("03", account.criteria)):
        if "|" in (value or ""):
            yield _warning(
                "pipe",
                f"{tag}.{inner}",
                N_("Tag %(tag)s holds the forbidden character |."),
                tag=f"{tag}.{inner}",
            )
    if account.criteria not in _CRITERIA:
        yield _warning("criteria", f"{tag}.03", N_("The size class of the merchant is missing or unknown."))


def _repository(code: Payload) -> Iterator[Finding]:
    if code.get("51") is None:
        if code.is_static:
            yield _warning(
                "repository_missing", "51", N_("A static code should carry the national merchant id.")
            )
        return
    if (code.get("51.00") or "").upper() not in _REPOSITORIES:
        yield _warning("repository_domain", "51.00", N_("The domain of the national repository is unknown."))
    nmid = code.nmid
    if nmid is None:
        yield _warning("nmid_missing", "51.02", N_("The national merchant id is missing."))
    elif not _NMID.fullmatch(nmid):
        yield _warning("nmid_shape", "51.02", N_("The national merchant id does not look like one."))
    elif not luhn_ok(nmid[2:]):
        yield _warning("nmid_luhn", "51.02", N_("The check digit of the national merchant id is wrong."))


def _amount(code: Payload) -> Iterator[Finding]:
    text = code.get("54")
    if text is None:
        if code.is_dynamic:
            yield _warning(
                "amount_missing", "54", N_("A dynamic code without an amount: the payer types it.")
            )
        return
    if code.is_static:
        yield _warning(
            "amount_on_static", "54", N_("A static code with an amount: apps differ in what they do.")
        )
    yield from _rupiah("54", text)


def _rupiah(tag: str, text: str) -> Iterator[Finding]:
    """Judge an amount: digits, perhaps a point and two decimals, zeros because nobody pays sen."""
    if len(text) > 13 or not _AMOUNT.fullmatch(text):
        yield _error("amount_format", tag, N_("The amount is not written as a number."))
        return
    whole, _, decimals = text.partition(".")
    if decimals.strip("0"):
        yield _error("amount_sen", tag, N_("The amount is not in whole rupiah."))
    elif int(whole) == 0:
        yield _error("amount_zero", tag, N_("The amount is zero."))
    elif int(whole) > MAX_QRIS:
        yield _error("amount_limit", tag, N_("The amount is above the limit of QRIS, Rp 10.000.000."))


def _tip(code: Payload) -> Iterator[Finding]:
    kind, fixed, percent = code.get("55"), code.get("56"), code.get("57")
    if kind is not None and kind not in ("01", "02", "03"):
        yield _error("tip_unknown", "55", N_("Tag 55 is none of 01, 02 and 03."))
    if (fixed is not None) != (kind == "02") or (percent is not None) != (kind == "03"):
        yield _error("tip_mismatch", "55", N_("The tip does not fit to its kind."))
    if fixed is not None:
        yield from _rupiah("56", fixed)
    if percent is not None and not (_PERCENT.fullmatch(percent) and percent.strip("0.")):
        yield _error("tip_percent", "57", N_("The tip is not a percentage from 0.01 to 99.99."))


def _additional(code: Payload) -> Iterator[Finding]:
    for tag, value in code.template("62").items():
        if "01" <= tag <= "08" and len(value) > 25:
            yield _too_long(f"62.{tag}", 25)


def _too_long(tag: str, most: int) -> Finding:
    return _warning(
        "value_too_long", tag, N_("Tag %(tag)s is longer than %(most)s characters."), tag=tag, most=str(most)
    )


def _is_number(text: str | None, length: int) -> bool:
    return text is not None and len(text) == length and is_digits(text)
