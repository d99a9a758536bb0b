"""Their rows and our payments, put side by side: by reference, by RRN, and last by amount and time.

Only what is unambiguous is matched; a person decides the rest.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

from pos.domain.settlement.rows import SettlementRow

WITHIN = timedelta(minutes=10)
"""How far a row's time may be from our payment's to be taken for the same one."""

SAME_REFERENCE = timedelta(days=7)
"""RRNs come round again: further apart, the same number is another payment."""

MATCHED, AMOUNT, THEIRS, REFUND, DUPLICATE = "matched", "amount", "theirs", "refund", "duplicate"
OUTCOMES = (MATCHED, AMOUNT, THEIRS, REFUND, DUPLICATE)


@dataclass(frozen=True, slots=True)
class OurPayment:
    """A payment as we know it. `came` is false for an attempt that nobody paid, as far as we know.

    `since` is when its code was made, `at` when it was paid or confirmed; `by_hand`: a person said so and
    nobody else yet, so its reference may be any number that person read.
    """

    id: str
    provider: str
    register: str
    amount: int
    since: datetime
    at: datetime
    came: bool
    by_hand: bool
    our_reference: str = ""
    their_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one row: its outcome, our payment, and what they were matched by."""

    row: SettlementRow
    outcome: str
    payment_id: str | None = None
    by: str | None = None


@dataclass(slots=True)
class Matching:
    """A file against our payments."""

    found: list[Found] = field(default_factory=list)
    ours: list[OurPayment] = field(default_factory=list)

    def of(self, outcome: str) -> list[Found]:
        """Return the rows with one outcome."""
        return [one for one in self.found if one.outcome == outcome]


Key = tuple[str, str, int, date, datetime | None]


def alike(reference: str) -> str:
    """Return a reference as it is compared: spreadsheets drop leading zeros, people type spaces."""
    plain = "".join(char for char in reference.upper() if char.isalnum())
    return plain.lstrip("0") if plain.isdigit() else plain


def same_transaction(row: SettlementRow) -> Key | None:
    """Return what two rows share only if they tell of the same transaction; None when nothing tells."""
    number = alike(row.rrn) or alike(row.reference) or alike(row.our_reference)
    if number:
        return (row.kind, number, row.amount, row.day, None)
    return None if row.at is None else (row.kind, "", row.amount, row.day, row.at)


def match(
    rows: Sequence[SettlementRow],
    ours: Iterable[OurPayment],
    of: Collection[str],
    *,
    taken: Collection[str] = (),
    seen: Collection[Key] = (),
    within: timedelta = WITHIN,
) -> Matching:
    """Match a file's rows with our payments.

    `of` are the providers whose money can stand in the file, `taken` payments that other files settled, and
    `seen` the transactions that stand in other files already.
    """
    return _Match(rows, list(ours), of, taken, seen, within).run()


class _Match:
    def __init__(
        self,
        rows: Sequence[SettlementRow],
        ours: list[OurPayment],
        of: Collection[str],
        taken: Collection[str],
        seen: Collection[Key],
        within: timedelta,
    ) -> None:
        self._rows = rows
        self._all = ours
        self._free = {payment.id: payment for payment in ours if payment.id not in taken}
        self._of = of
        self._seen = seen
        self._within = within
        self._done: dict[int, Found] = {}

    def run(self) -> Matching:
        self._duplicates()
        paths: tuple[tuple[str, Callable[[SettlementRow], set[str]]], ...] = (
            ("reference", self._by_reference),
            ("rrn", self._by_rrn),
        )
        self._number_payments()
        for exact in (True, False):
            for by, candidates in paths:
                self._by_number(by, candidates, exact=exact)
        self._by_time()
        self._refunds()
        self._rest()
        return Matching([self._done[index] for index in range(len(self._rows))], list(self._free.values()))

    def _duplicates(self) -> None:
        here: set[Key] = set()
        for index, row in enumerate(self._rows):
            key = same_transaction(row)
            if key is None:
                continue
            # Two payments of one amount in one second may be two buyers, unless a number says otherwise.
            if key in self._seen or (key in here and key[1]):
                self._done[index] = Found(row, DUPLICATE)
            here.add(key)

    def _number_payments(self) -> None:
        self._own: defaultdict[str, set[str]] = defaultdict(set)
        self._their: defaultdict[str, set[str]] = defaultdict(set)
        for payment in self._all:
            if payment.our_reference:
                self._own[alike(payment.our_reference)].add(payment.id)
            for reference in payment.their_references:
                self._their[alike(reference)].add(payment.id)
        self._payments = {payment.id: payment for payment in self._all}
        for numbers in (self._own, self._their):
            numbers.pop("", None)

    def _by_reference(self, row: SettlementRow) -> set[str]:
        found: set[str] = set()
        for number in (row.our_reference, row.reference):
            key = alike(number)
            found |= self._own.get(key, set()) | self._their.get(key, set())
        return found

    def _by_rrn(self, row: SettlementRow) -> set[str]:
        return self._their.get(alike(row.rrn), set())

    def _open(self, kind: str) -> list[tuple[int, SettlementRow]]:
        return [
            (index, row)
            for index, row in enumerate(self._rows)
            if index not in self._done and row.kind == kind
        ]

    def _by_number(self, by: str, candidates: Callable[[SettlementRow], set[str]], *, exact: bool) -> None:
        for index, row in self._open("payment"):
            near = [
                payment
                for name in candidates(row)
                if (payment := self._free.get(name)) is not None and payment.came and _near(row, payment)
            ]
            if exact:
                near = [payment for payment in near if payment.amount == row.amount]
            if len(near) == 1:
                self._take(index, near[0], MATCHED if exact else AMOUNT, by)

    def _by_time(self) -> None:
        rows: defaultdict[int, list[tuple[int, SettlementRow]]] = defaultdict(list)
        for index, row in self._open("payment"):
            if row.at is not None:
                rows[row.amount].append((index, row))
        payments: defaultdict[int, list[OurPayment]] = defaultdict(list)
        for payment in self._free.values():
            if payment.came and payment.provider in self._of and payment.amount in rows:
                payments[payment.amount].append(payment)
        for amount, here in rows.items():
            pairs = [
                (index, payment)
                for index, row in here
                for payment in _at_terminal(row, [p for p in payments[amount] if _fits(row, p, self._within)])
            ]
            of_row = Counter(index for index, _ in pairs)
            of_payment = Counter(payment.id for _, payment in pairs)
            for index, payment in pairs:
                if of_row[index] == of_payment[payment.id] == 1:
                    self._take(index, payment, MATCHED, "time")

    def _refunds(self) -> None:
        for index, row in self._open("refund"):
            known = self._by_reference(row) | self._by_rrn(row)
            payment_id = next(iter(known)) if len(known) == 1 else None
            self._done[index] = Found(row, REFUND, payment_id, None if payment_id is None else "reference")

    def _rest(self) -> None:
        for index, row in self._open("payment"):
            known = [self._payments[name] for name in self._by_reference(row) | self._by_rrn(row)]
            # An attempt that nobody paid, as far as we know: whoever looks at the row wants to know which.
            attempts = [payment for payment in known if not payment.came]
            attempt = attempts[0].id if len(attempts) == 1 else None
            self._done[index] = Found(row, THEIRS, attempt, None if attempt is None else "reference")

    def _take(self, index: int, payment: OurPayment, outcome: str, by: str) -> None:
        del self._free[payment.id]
        self._done[index] = Found(self._rows[index], outcome, payment.id, by)


def _near(row: SettlementRow, payment: OurPayment) -> bool:
    return abs((row.at or datetime.combine(row.day, time(12), UTC)) - payment.at) <= SAME_REFERENCE


def _fits(row: SettlementRow, payment: OurPayment, within: timedelta) -> bool:
    """Say whether a row's time is that of a payment, and no number speaks against it."""
    if row.at is None or not payment.since - within <= row.at <= payment.at + within:
        return False
    return payment.by_hand or not (row.rrn and payment.their_references)


def _at_terminal(row: SettlementRow, payments: list[OurPayment]) -> list[OurPayment]:
    """Return those of the row's terminal, when it is called like one of our registers; else all."""
    here = [
        payment for payment in payments if row.terminal and alike(payment.register) == alike(row.terminal)
    ]
    return here or payments


def only_ours(
    ours: Iterable[OurPayment], of: Collection[str], first: date, last: date, offset: timedelta
) -> list[OurPayment]:
    """Return what came in a file's days by its provider, as far as we know, and does not stand in it."""
    zone = timezone(offset)
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(last + timedelta(days=1), time(), zone)
    return sorted(
        (p for p in ours if p.came and p.provider in of and since <= p.at < until), key=lambda p: (p.at, p.id)
    )
