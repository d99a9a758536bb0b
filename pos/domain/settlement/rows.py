"""One transaction a line: what its cells say, and each fault by line and column."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from pos.domain.settlement.cells import BadCell, Moment, moment, rounded, rupiah
from pos.domain.settlement.profiles import Profile
from pos.domain.words import N_

EXAMPLE = "CONTOH"
"""The reference of the example line in a template; such a line is left out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one line; `column` is the header as it stands there, empty for the whole line."""

    line: int
    column: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """One transaction as the provider tells it. Amounts are never negative: `kind` says which way it went."""

    line: int
    kind: str
    day: date
    at: datetime | None
    reference: str
    our_reference: str
    rrn: str
    amount: int
    fee: int | None
    net: int | None
    issuer: str
    terminal: str


@dataclass(slots=True)
class Sheet:
    """A file that was read."""

    headers: dict[str, str]
    header_line: int
    offset: timedelta
    rows: list[SettlementRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    nmids: set[str] = field(default_factory=set)
    odd_fees: int = 0


_DONE = frozenset(
    {
        "00",
        "approved",
        "berhasil",
        "capture",
        "captured",
        "complete",
        "completed",
        "credited",
        "disetujui",
        "diterima",
        "diteruskan",
        "done",
        "lunas",
        "ok",
        "paid",
        "partial_refund",
        "partially_refunded",
        "payment",
        "received",
        "selesai",
        "settle",
        "settled",
        "settlement",
        "succeeded",
        "success",
        "successful",
        "sukses",
        "terbayar",
        "transfered",
        "transferred",
    }
)
_OPEN = frozenset(
    {
        "batal",
        "cancel",
        "canceled",
        "cancelled",
        "created",
        "declined",
        "denied",
        "deny",
        "dibatalkan",
        "diproses",
        "ditolak",
        "expire",
        "expired",
        "fail",
        "failed",
        "failure",
        "gagal",
        "init",
        "kadaluarsa",
        "kedaluwarsa",
        "menunggu",
        "pending",
        "processing",
        "proses",
        "refund_pending",
        "reject",
        "rejected",
        "reversed",
        "unpaid",
        "void",
        "voided",
    }
)
_REFUND = re.compile(r"refund|retur|pengembalian|reversal|chargeback|dikembalikan|refunded", re.IGNORECASE)
_NOT_SALES = re.compile(
    r"disburse|payout|withdraw|penarikan|tarik|pencairan|top\s*up|transfer\s*out|saldo\s*(awal|akhir)|balance",
    re.IGNORECASE,
)
_SUM = re.compile(r"^(grand\s*)?(total|jumlah|subtotal|sub total|sum)\b", re.IGNORECASE)
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+", re.ASCII)
_DATED = N_("The date is missing.")


class Reader:
    """Reads line by line into a sheet."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], profile: Profile) -> None:
        self._sheet = sheet
        self._columns = columns
        self._profile = profile
        self._zone = timezone(sheet.offset)

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take in one line: a transaction, one that is left out, or a fault."""
        values = {name: cells[at] if at < len(cells) else "" for name, at in self._columns.items()}
        if self._is_none(cells, values):
            return
        faults = len(self._sheet.faults)
        row = self._row(line, values)
        if row is not None and len(self._sheet.faults) == faults:
            self._sheet.rows.append(row)
            if nmid := unguarded(values.get("nmid", "")).upper():
                self._sheet.nmids.add(nmid[:20])

    def _is_none(self, cells: Sequence[str], values: Mapping[str, str]) -> bool:
        """Say whether a line is none of the transactions: a sum, a note, an example."""
        filled = [cell for cell in cells if cell]
        if any(unguarded(values.get(name, "")) == EXAMPLE for name in ("reference", "our_reference", "rrn")):
            self._sheet.skipped["example"] += 1
            return True
        dated = values.get("date") or values.get("time") or ""
        if len(filled) == 1 or (_SUM.match(filled[0]) and (not dated or _SUM.match(dated))):
            self._sheet.skipped["note"] += 1
            return True
        return False

    def _row(self, line: int, values: Mapping[str, str]) -> SettlementRow | None:
        kind = self._kind(line, values)
        if kind is None:
            return None
        when = self._when(line, values)
        amount = self._number(line, values, "amount")
        if not values["amount"]:
            self._fault(line, "amount", N_("The amount is missing."))
        elif amount == 0:
            self._fault(line, "amount", N_("The amount is 0."))
        if values.get("currency") and values["currency"].upper().rstrip(".") not in ("IDR", "RP", "360"):
            self._fault(line, "currency", N_("Only rupiah (IDR) can be read."))
        texts = {
            name: self._text(line, values, name)
            for name in ("reference", "our_reference", "rrn", "issuer", "terminal")
        }
        if amount is None or when is None or when.day is None:
            return None
        if amount < 0:
            kind = "refund"
        fee, net = self._fee_and_net(line, values, abs(amount))
        at = None
        if when.clock is not None:
            zone_here = self._zone if when.offset is None else timezone(when.offset)
            at = datetime.combine(when.day, when.clock, zone_here).astimezone(UTC)
        day = when.day if at is None else at.astimezone(self._zone).date()
        return SettlementRow(line, kind, day, at, amount=abs(amount), fee=fee, net=net, **texts)

    def _kind(self, line: int, values: Mapping[str, str]) -> str | None:
        """Return payment or refund; None for what no money came of, and for a status nobody knows."""
        said, status = values.get("kind", ""), values.get("status", "").lower()
        if _NOT_SALES.search(said):
            self._sheet.skipped["other"] += 1
            return None
        words = set(re.sub(r"[^a-z0-9_]+", " ", status.replace("-", "_")).split())
        together = "_".join(re.sub(r"[^a-z0-9]+", " ", status).split())
        kind = "refund" if _REFUND.search(said) else "payment"
        if (
            not status
            or together in _DONE
            or (words & _DONE and not words & (_OPEN | {"belum", "tidak", "not"}))
        ):
            return kind
        if together in _OPEN or words & (_OPEN | {"belum", "tidak", "not"}):
            self._sheet.skipped["unpaid"] += 1
            return None
        if _REFUND.search(status):
            return kind if self._profile.refunded_came else "refund"
        self._fault(
            line,
            "status",
            N_("The status %(text)s is not known. Write sukses or gagal, or take the line out."),
            text=values["status"][:40],
        )
        return None

    def _when(self, line: int, values: Mapping[str, str]) -> Moment | None:
        found: dict[str, Moment] = {}
        for name in ("date", "time"):
            if text := unguarded(values.get(name, "")):
                try:
                    found[name] = moment(text)
                except BadCell as error:
                    self._fault(line, name, error.message, **error.params)
                    return None
        when = found.get("time", Moment())
        date_cell = found.get("date", Moment())
        if when.day is None:
            when = Moment(
                date_cell.day,
                when.clock or date_cell.clock,
                when.offset if when.offset is not None else date_cell.offset,
            )
        if when.day is None:
            self._fault(line, "date" if "date" in self._columns else "time", _DATED)
            return None
        return when

    def _number(self, line: int, values: Mapping[str, str], name: str, *, whole: bool = True) -> int | None:
        text = unguarded(values.get(name, ""))
        if not text or (text in ("-", "\u2013") and name != "amount"):
            return None
        try:
            return (rupiah if whole else rounded)(text, self._profile.unit)
        except BadCell as error:
            self._fault(line, name, error.message, **error.params)
            return None

    def _fee_and_net(
        self, line: int, values: Mapping[str, str], amount: int
    ) -> tuple[int | None, int | None]:
        """Return what the provider kept and what it pays out; they always add up to the amount."""
        percent = values.get("fee", "").endswith("%")
        fee = None if percent else self._number(line, values, "fee", whole=False)
        tax = self._number(line, values, "tax", whole=False)
        if fee is not None:
            fee = abs(fee) + abs(tax or 0)
        net = self._number(line, values, "net", whole=False)
        if fee is not None and fee > amount:
            self._fault(line, "fee", N_("The fee is more than the amount."))
        if net is None:
            return fee, None if fee is None else amount - fee
        net = abs(net)
        if fee is not None and abs(amount - fee - net) > 1:
            self._sheet.odd_fees += 1
        if net > amount:
            self._fault(line, "net", N_("More is paid out than came in."))
        return amount - net, net

    def _text(self, line: int, values: Mapping[str, str], name: str) -> str:
        text = unguarded(values.get(name, ""))
        if name in ("reference", "our_reference", "rrn"):
            if _SHORTENED.fullmatch(text):
                self._fault(
                    line,
                    name,
                    N_("Excel has shortened this number (%(text)s). Choose the file as it was downloaded."),
                    text=text[:40],
                )
                return ""
            if len(text) > 64 or not text.isprintable():
                self._fault(line, name, N_("This text is too long or has characters that can't be printed."))
                return ""
            return "" if text in ("-", "\u2013", "0", "null", "NULL", "N/A") else text
        return "".join(char for char in text if char.isprintable())[:60]

    def _fault(self, line: int, column: str, message: str, **params: object) -> None:
        self._sheet.faults.append(Fault(line, self._sheet.headers.get(column, ""), message, params))


def unguarded(text: str) -> str:
    """Take off what keeps a spreadsheet from making a number of a text: 'text and ="text"."""
    text = text.strip()
    if match := re.fullmatch(r'="?([^"]*)"?', text):
        text = match.group(1)
    return text.removeprefix("'").strip()
