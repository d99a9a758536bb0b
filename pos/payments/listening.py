"""A provider whose every answer and silence is noted on the board, for those who look after the shop."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from pos import board, clock
from pos.payments.base import (
    Answer,
    Attempt,
    Code,
    Notice,
    Provider,
    ProviderError,
    Refunded,
    Refunding,
    Refused,
    Reply,
)

T = TypeVar("T")


class Listening:
    """A provider as it is, with somebody who listens."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.name = provider.name
        self.minimum_poll = provider.minimum_poll
        self.sandbox = provider.sandbox
        self.refunds = provider.refunds

    def reference(self, payment_id: str) -> str:
        """Return our number of an attempt."""
        return self._provider.reference(payment_id)

    def create(self, attempt: Attempt) -> Code:
        """Make a code."""
        return self._heard(lambda: self._provider.create(attempt))

    def find(self, attempt: Attempt) -> Code | None:
        """Return the code that an unanswered `create` made."""
        return self._heard(lambda: self._provider.find(attempt))

    def ask(self, attempt: Attempt) -> Answer:
        """Say what became of an attempt."""
        return self._heard(lambda: self._provider.ask(attempt))

    def cancel(self, attempt: Attempt) -> None:
        """Have the code be of no use any more."""
        self._heard(lambda: self._provider.cancel(attempt))

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back."""
        return self._heard(lambda: self._provider.refund(asked))

    def read_notice(self, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Notice:
        """Check a notification's signature; it was sent to us, so it says nothing of our questions."""
        return self._provider.read_notice(path, headers, body, at)

    def acknowledge(self, *, known: bool) -> Reply:
        """Return the answer to a right notification."""
        return self._provider.acknowledge(known=known)

    def _heard(self, ask: Callable[[], T]) -> T:
        try:
            answer = ask()
        except Refused:
            # A "no" is an answer too: the provider is there and understood.
            board.provider_answered(self.name, clock.now())
            raise
        except ProviderError as error:
            board.provider_silent(self.name, error.detail, clock.now())
            raise
        except Exception as error:
            board.provider_silent(self.name, type(error).__name__, clock.now())
            raise
        board.provider_answered(self.name, clock.now())
        return answer
