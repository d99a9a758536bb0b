"""Which state may follow which, for sales, payments and print jobs; everything else is refused."""

from collections.abc import Mapping
from typing import TypeAlias

Table: TypeAlias = Mapping[str, frozenset[str]]


def _table(**moves: str) -> Table:
    return {state: frozenset(followers.split()) for state, followers in moves.items()}


SALE: Table = _table(
    awaiting_payment="completed cancelled expired",
    # The customer paid late and somebody confirmed it by hand while the goods were still there.
    expired="completed",
    cancelled="completed",
    completed="voided",
    voided="",
)

PAYMENT: Table = _table(
    # Late at once: another amount than asked came, which completes no sale.
    waiting="paid expired cancelled failed late",
    # Money can arrive after we gave up: it completes the sale, or is kept as late and never dropped.
    expired="paid late",
    cancelled="paid late",
    failed="paid late",
    paid="refunded",
    # Paid: somebody attached it to a sale.
    late="paid refunded",
    refunded="",
)

WITHDRAWN: tuple[str, str] = ("paid", "cancelled")
"""What a person does who takes back their own word that money came: the sale was paid in cash.

Not in the table above: no answer of a provider may ever undo a payment.
"""

PAYMENT_REFUND: Table = _table(
    waiting="done refused",
    # The provider won't give it back: somebody pays it in cash.
    refused="cash",
    done="",
    cash="",
)

PRINT_JOB: Table = _table(
    queued="printing expired failed",
    # Back to queued only when not one byte went out.
    printing="printed unknown queued failed",
    unknown="printed queued",
    printed="",
    failed="",
    expired="",
)

PERSON_ONLY: frozenset[tuple[str, str]] = frozenset({("unknown", "printed"), ("unknown", "queued")})
"""Moves of a print job that no program makes by itself: only a person can see whether paper came out."""


def allowed(table: Table, from_: str, to: str) -> bool:
    """Say whether a thing in state `from_` may go to state `to`; unknown states may go nowhere."""
    return to in table.get(from_, ())
