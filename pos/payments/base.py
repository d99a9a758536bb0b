"""What a provider of QRIS payments is to the shop: four questions over the network, and nothing else.

A provider never touches the database. Amounts are whole rupiah, instants carry their zone. Every call may
take long and runs in a thread of its own, outside any transaction (house rule 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from pos.errors import N_


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to collect, as a provider knows it. `their_reference` is None until the code was made.

    `register` is the register's code, for providers that want to know the terminal.
    """

    our_reference: str
    their_reference: str | None
    amount: int
    created_at: datetime
    expires_at: datetime
    register: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a buyer can scan; `expires_at` is None when the provider keeps to what we asked for."""

    payload: str
    their_reference: str | None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """Rupiah that a provider says a buyer paid for one attempt.

    `reference` tells two payments of one code apart: the retrieval reference number (RRN) where the provider
    gives it, else its own number of the payment.
    """

    reference: str
    amount: int
    paid_at: datetime | None = None
    issuer: str = ""


State: TypeAlias = Literal["waiting", "paid", "expired", "cancelled", "failed", "not_found"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider says of an attempt. `money` has one item a payment: two when the buyer paid twice.

    `doubt` is a sentence for a person when the provider said something we can't act on: a state nobody knows,
    another merchant, another currency, paid without an amount. Such money is never applied.
    """

    state: State
    money: tuple[Money, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Refunding:
    """Money to give back through the provider. `key` makes it idempotent: asked twice, given once."""

    key: str
    amount: int
    reason: str
    attempt: Attempt
    paid_reference: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """How a refund stands: given back, still under way, or refused with the provider's reason."""

    state: Literal["done", "waiting", "refused"]
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification whose signature was right; it only makes us ask about `our_reference`."""

    our_reference: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a notification is answered with: an HTTP status and a JSON object."""

    status: int
    body: Mapping[str, str]


class ProviderError(Exception):
    """A provider could not be asked, or did not do it. `detail` is for the log, without secrets."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class Unreachable(ProviderError):
    """No answer, or one that says nothing (a time-out, 429, 5xx): what was asked may have happened or not."""


class NotSent(Unreachable):
    """No byte of the question reached the provider: what was asked did not happen."""


class Refused(ProviderError):
    """The provider understood and says no: asking the same again is of no use."""


class BadNotice(Exception):
    """A notification without a right signature, or one that can't be read. `reply` is what to answer."""

    def __init__(self, reply: Reply, detail: str) -> None:
        self.reply = reply
        self.detail = detail
        super().__init__(detail)


class Provider(Protocol):
    """One way to collect by QRIS."""

    name: str
    """As in the setting `qris.provider`."""
    minimum_poll: float
    """Least seconds between two questions about one attempt."""
    sandbox: bool
    """Whether no real money moves."""
    refunds: bool
    """Whether money can be given back through the provider."""

    def reference(self, payment_id: str) -> str:
        """Return our number of an attempt in the provider's alphabet and length, unique as the id is."""

    def create(self, attempt: Attempt) -> Code:
        """Make a code. Raises Unreachable (ask `find` before anything else), NotSent or Refused."""

    def find(self, attempt: Attempt) -> Code | None:
        """Return the code that an unanswered `create` made, None when there is none or it can't be had again.

        Raises ProviderError.
        """

    def ask(self, attempt: Attempt) -> Answer:
        """Say what became of an attempt. Raises ProviderError."""

    def cancel(self, attempt: Attempt) -> None:
        """Have the code be of no use any more. A provider that can't simply returns. Raises ProviderError."""

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back, or say how an earlier request with the same key stands. Raises ProviderError."""

    def read_notice(self, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Notice:
        """Check a notification's signature over its raw bytes. Raises BadNotice."""

    def acknowledge(self, *, known: bool) -> Reply:
        """Return the answer to a right notification, about an attempt that we know or not."""


UNAVAILABLE = N_("The QRIS provider does not answer. Take cash, or try again in a moment.")
REFUSED = N_("The QRIS provider made no code. Take cash, or call a supervisor.")
