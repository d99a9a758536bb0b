"""Hold a printed sign against the shop's own merchant: a sticker over it would send the money to a stranger.

Where the money goes is decided by the account (MPAN and the acquirer's number of the merchant) and the NMID;
name and city are what the buyer reads. A forger can copy the latter and compute a right checksum.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pos.domain.qris.codec import Account, Malformed, Payload, clean, luhn_ok, parse
from pos.domain.qris.rules import Finding, findings
from pos.domain.words import N_

Outcome: TypeAlias = Literal["same", "other", "transfer", "no_code"]

FIXED = Finding(
    "fixed_amount",
    "warning",
    "01",
    N_("This code carries an amount or is for one payment. On a sign the buyer types the amount."),
)
NO_CODE = frozenset({"crc_not_last", "crc_format", "crc_wrong", "format_not_first", "format_unknown"})
"""Findings with which a text is no code that any app would pay."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared: what the shop's own code says and what the sign says."""

    name: str
    ours: str
    theirs: str
    decides: bool

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.ours == self.theirs


@dataclass(frozen=True, slots=True)
class SignCheck:
    """What a sign is: `rows` compare it with our merchant; `notes` are what else is odd about it."""

    outcome: Outcome
    payload: str
    rows: tuple[Row, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def differs(self) -> tuple[Row, ...]:
        """What the sign says otherwise than our code."""
        return tuple([row for row in self.rows if not row.same])


def compare(merchant: str, scanned: str) -> SignCheck:
    """Compare what was read from a printed sign with the shop's own code. Raises Malformed for the latter."""
    ours = parse(clean(merchant))
    text = clean(scanned)
    said = [finding for finding in findings(text) if finding.severity == "error"]
    try:
        code = parse(text)
    except Malformed:
        return SignCheck("no_code", text, notes=tuple(said))
    rows = _rows(ours, code)
    if any(finding.code in NO_CODE for finding in said):
        return SignCheck("no_code", text, rows, tuple(said))
    if any(finding.code == "transfer" for finding in said):
        return SignCheck("transfer", text, rows, tuple(said))
    if any(not row.same for row in rows if row.decides):
        return SignCheck("other", text, rows, tuple(said))
    if said:
        return SignCheck("no_code", text, rows, tuple(said))
    odd = () if code.is_static and code.amount is None else (FIXED,)
    return SignCheck("same", text, rows, odd)


def _rows(ours: Payload, theirs: Payload) -> tuple[Row, ...]:
    return tuple(
        [
            Row(name, of(ours), of(theirs), decides)
            for name, of, decides in (
                ("nmid", _nmid, True),
                ("mpan", _accounts, True),
                ("merchant_id", _merchant_ids, True),
                ("acquirer", _acquirers, True),
                ("name", lambda code: " ".join((code.merchant_name or "").split()), False),
                ("city", lambda code: " ".join((code.city or "").split()), False),
            )
        ]
    )


def _nmid(code: Payload) -> str:
    return (code.nmid or "").upper()


def _accounts(code: Payload) -> str:
    return ", ".join(sorted(_number(account) for account in code.accounts))


def _number(account: Account) -> str:
    """Return the account's number without its check digit, which some acquirers leave out."""
    mpan = account.mpan or ""
    return mpan[:-1] if len(mpan) == 19 and luhn_ok(mpan) else mpan


def _merchant_ids(code: Payload) -> str:
    return ", ".join(sorted(account.merchant_id or "" for account in code.accounts))


def _acquirers(code: Payload) -> str:
    return ", ".join(sorted(account.acquirer or (account.domain or "").upper() for account in code.accounts))
