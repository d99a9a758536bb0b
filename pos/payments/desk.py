"""Where providers are asked: in threads of its own, so no request and no transaction waits for a network.

A request that wants a code or a last question waits here for a few seconds at most; what comes later is put
into the books by the thread that asked. What must be asked survives a restart as rows (operations/tasks.py).
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from pos import clock
from pos.db import transact
from pos.errors import PosError
from pos.ids import new_id
from pos.operations import collecting, payments, refunding, tasks
from pos.operations.collecting import Known
from pos.operations.sales import Collect
from pos.operations.tasks import Task
from pos.payments import provider
from pos.payments.base import (
    REFUSED,
    UNAVAILABLE,
    Answer,
    Attempt,
    Code,
    NotSent,
    Provider,
    ProviderError,
    Refunded,
    Refused,
)
from pos.payments.listening import Listening
from pos.settings import PROVIDERS, Settings

log = logging.getLogger("pos.payments")

THREADS = 6
PATIENCE = 4.0
"""Seconds a request waits for a provider; a till shows what it is waiting for meanwhile."""
WAITERS = 4
"""Requests that may wait at once: the others of the server's eight threads go on selling for cash."""
SILENCE = timedelta(seconds=15)
"""How long a code whose time is over is still asked about in vain before its goods are given free."""
CODE_WITHIN = timedelta(seconds=60)
"""How long a code may take to be made; after that nobody stands at the till any more."""


class Desk:
    """The providers that these settings reach, and the threads that ask them.

    `context` opens what a thread needs to use the database.
    """

    def __init__(self, settings: Settings, context: Callable[[], AbstractContextManager[object]]) -> None:
        self._settings = settings
        self._context = context
        self._providers: dict[str, Provider | None] = {}
        self._guard = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._seats = threading.BoundedSemaphore(WAITERS)
        self.holder = f"{socket.gethostname()[:24]}:{os.getpid()}"

    def context(self) -> AbstractContextManager[object]:
        """Open what a thread needs to use the database."""
        return self._context()

    @property
    def current(self) -> str:
        """The name of the provider that new codes come from."""
        return self._settings.qris.provider

    def provider(self, name: str) -> Provider | None:
        """Return a provider by name, None when these settings don't reach it."""
        with self._guard:
            if name not in self._providers:
                found = provider(name, self._settings)
                self._providers[name] = None if found is None else Listening(found)
            return self._providers[name]

    def reached(self) -> list[str]:
        """Return the names of all providers that can be asked from here."""
        return [name for name in PROVIDERS if self.provider(name) is not None]

    def that_refund(self) -> list[str]:
        """Return the names of the providers through which money can be given back from here."""
        return [name for name in PROVIDERS if (found := self.provider(name)) is not None and found.refunds]

    def submit(self, work: Callable[[], None]) -> "Future[None]":
        """Run `work` in a thread of the desk."""
        with self._guard:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="qris")
            return self._pool.submit(work)

    def close(self) -> None:
        """Let the questions under way end; those not begun stay as rows for the next start."""
        with self._guard:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    # -- what a request waits for ------------------------------------------------------------------------

    def collect(self) -> Collect:
        """Return how a sale collects before any provider was asked."""
        return Collect(self.current, self._settings.qris.expires_after)

    def code_for(self, amount: int, register: str) -> tuple[Collect, "Making"]:
        """Ask for a code of `amount` rupiah and wait a few seconds for it.

        Returns how the sale goes on, with the code or, when the provider is slow, without. Raises
        provider_unavailable when no code can be made.
        """
        chosen = self.provider(self.current)
        if chosen is None:
            raise unavailable(UNAVAILABLE)
        at = clock.now()
        attempt = Attempt(
            our_reference=chosen.reference(new_id()),
            their_reference=None,
            amount=amount,
            created_at=at,
            expires_at=at + timedelta(seconds=self._settings.qris.expires_after),
            register=register,
        )
        making = Making(self, chosen, attempt)
        self._wait(self.submit(making.run))
        return making.collected(self._settings.qris.expires_after), making

    def last_question(self, payment_id: str) -> None:
        """Have the code withdrawn and ask once more whether it was paid, waiting a few seconds at most.

        Whatever the answer is, it is in the books before this returns, or is put there later.
        """
        found = collecting.known(payment_id)
        if found is None or not found.has_code:
            return
        self._wait(self.submit(lambda: self._withdraw(payment_id)))

    def _wait(self, future: "Future[None]") -> None:
        if not self._seats.acquire(blocking=False):
            return
        try:
            future.result(PATIENCE)
        except TimeoutError:
            pass
        finally:
            self._seats.release()

    def _withdraw(self, payment_id: str) -> None:
        with self._context():
            found = collecting.known(payment_id)
            chosen = None if found is None else self.provider(found.provider)
            if found is None or chosen is None:
                return
            try:
                self._try_to_cancel(payment_id, chosen, found.attempt)
                answer = chosen.ask(found.attempt)
            except ProviderError as error:
                log.warning("payment %s: no answer to the last question: %s", payment_id, error.detail)
                return
            # Only money counts here: whether the sale is given up is for the person who asked.
            paid = Answer("waiting", answer.money, answer.doubt)
            transact(lambda: collecting.apply(payment_id, paid, clock.now()))

    def _try_to_cancel(self, payment_id: str, chosen: Provider, attempt: Attempt) -> None:
        try:
            chosen.cancel(attempt)
        except ProviderError as error:
            log.info("payment %s: not withdrawn: %s", payment_id, error.detail)

    # -- what the worker has done ------------------------------------------------------------------------

    def carry_out(self, task: Task) -> None:
        """Ask what a row says, put the answer into the books, and say when to ask again."""
        with self._context():
            try:
                chosen = self.provider(task.provider)
                if chosen is None:
                    return
                if task.kind == "refund":
                    self._refund(task, chosen)
                    return
                found = collecting.known(task.id)
                if found is None:
                    transact(lambda: tasks.end(task.id))
                elif task.kind == "create":
                    self._make_again(task, chosen, found)
                else:
                    self._ask(task, chosen, found)
            except PosError:
                log.exception("payment %s", task.id)
                transact(lambda: tasks.unanswered(task, "", clock.now()))

    def _make_again(self, task: Task, chosen: Provider, found: Known) -> None:
        """Find out what became of a request for a code whose process ended."""
        try:
            ours, code = made_surely(chosen, found.attempt, lost=True)
        except ProviderError as error:
            detail = error.detail
            if isinstance(error, Refused) or clock.now() > found.attempt.created_at + CODE_WITHIN:
                transact(lambda: collecting.no_code(task.id, detail, clock.now()))
            else:
                transact(lambda: tasks.unanswered(task, UNAVAILABLE, clock.now()))
            return
        transact(lambda: collecting.code_came(task.id, ours, code, clock.now()))

    def _refund(self, task: Task, chosen: Provider) -> None:
        asked = refunding.asked(task.id)
        if asked is None:
            transact(lambda: tasks.end(task.id))
            return
        try:
            told = chosen.refund(asked)
        except Refused as error:
            told = Refunded("refused", reason=error.detail)
        except ProviderError as error:
            log.warning("money back %s: %s", task.id, error.detail)
            told = Refunded("waiting")
        if told.state == "waiting":
            transact(lambda: tasks.unanswered(task, UNAVAILABLE, clock.now()))
        else:
            transact(lambda: refunding.outcome(task.id, told, clock.now()))

    def _ask(self, task: Task, chosen: Provider, found: Known) -> None:
        over = found.status == "waiting" and found.attempt.expires_at <= clock.now()
        if over:
            # Not every provider ends a code on the second, and one that can be paid no more is never late.
            self._try_to_cancel(task.id, chosen, found.attempt)
        try:
            answer = chosen.ask(found.attempt)
        except ProviderError as error:
            log.warning("payment %s: %s", task.id, error.detail)
            transact(lambda: self._silent(task, found, clock.now()))
            return
        if over and answer.state == "cancelled":
            # Our own doing: to the shop its time was over.
            answer = replace(answer, state="expired")
        transact(lambda: self._answered(task, chosen, answer, clock.now()))

    def _silent(self, task: Task, found: Known, at: datetime) -> None:
        tasks.unanswered(task, UNAVAILABLE, at)
        since = max(task.silent_since or at, found.attempt.expires_at)
        if found.status == "waiting" and at - since >= SILENCE:
            payments.expire(found.sale_id, at)

    def _answered(self, task: Task, chosen: Provider, answer: Answer, at: datetime) -> None:
        collecting.apply(task.id, answer, at)
        found = collecting.known(task.id)
        if found is None:
            tasks.end(task.id)
            return
        if found.status == "waiting" and found.attempt.expires_at <= at:
            payments.expire(found.sale_id, at)
            found = collecting.known(task.id) or found
        later = self._next(found, chosen, at)
        if later is None:
            tasks.end(task.id)
        else:
            # Further away counts as a clock that jumped, and would be asked at once, again and again.
            tasks.answered(task.id, min(later, at + tasks.FAR), answer.doubt)

    def _next(self, found: Known, chosen: Provider, at: datetime) -> datetime | None:
        """Return when to ask again: often while somebody waits, then at times that find late money."""
        if found.status == "waiting":
            pace = max(self._settings.qris.poll_every, chosen.minimum_poll)
            return min(at + timedelta(seconds=pace), max(found.attempt.expires_at, at + timedelta(seconds=1)))
        settled = found.settled_at or at
        if at >= settled + tasks.WATCHED:
            return None
        if found.status in ("paid", "late", "refunded") and not found.unverified:
            # Only a second payment of the code can still come: a few looks, further and further apart.
            return at + max(timedelta(minutes=1), 2 * (at - settled))
        return at + tasks.AFTERWARDS


def made_surely(chosen: Provider, attempt: Attempt, *, lost: bool = False) -> tuple[str, Code]:
    """Have a code made although answers get lost; return our reference of it and the code.

    `lost`: it was asked for before and nobody knows the answer. A code that may have been made and can't be
    had is left alone: nobody has seen it, so nobody pays it. The next one gets another reference, because a
    provider refuses the same twice. Raises ProviderError.
    """
    if not lost:
        try:
            return attempt.our_reference, chosen.create(attempt)
        except (NotSent, Refused):
            raise
        except ProviderError as error:
            log.info("code %s: %s", attempt.our_reference, error.detail)
    found = chosen.find(attempt)
    if found is not None:
        return attempt.our_reference, found
    another = replace(attempt, our_reference=chosen.reference(new_id()))
    return another.our_reference, chosen.create(another)


class Making:
    """A code that is being made, for a sale that is written meanwhile or has given up waiting."""

    def __init__(self, desk: Desk, chosen: Provider, attempt: Attempt) -> None:
        self._desk = desk
        self._chosen = chosen
        self._attempt = attempt
        self._payment_id = new_id()
        self._guard = threading.Lock()
        self._made: tuple[str, Code] | None = None
        self._error: ProviderError | None = None
        self._adopted = False

    def run(self) -> None:
        """Ask the provider, in a thread of the desk."""
        made, error = None, None
        try:
            made = made_surely(self._chosen, self._attempt)
        except ProviderError as problem:
            error = problem
        except Exception as problem:
            log.exception("payment %s: making a code", self._payment_id)
            error = ProviderError(type(problem).__name__)
        with self._guard:
            self._made, self._error = made, error
            adopted = self._adopted
        if adopted:
            self._record()

    def collected(self, expires_after: int) -> Collect:
        """Return how the sale goes on: with the code, or without while the provider is still asked.

        Raises provider_unavailable.
        """
        with self._guard:
            made, error = self._made, self._error
        if error is not None:
            log.warning("payment %s: no code: %s", self._payment_id, error.detail)
            raise unavailable(REFUSED if isinstance(error, Refused) else UNAVAILABLE)
        return Collect(
            self._chosen.name,
            expires_after,
            payment_id=self._payment_id,
            our_reference=self._attempt.our_reference if made is None else made[0],
            amount=self._attempt.amount,
            code=None if made is None else made[1],
            asker=self._desk.holder,
        )

    def adopt(self) -> None:
        """The sale is written without its code: put the code there as soon as it comes."""
        with self._guard:
            self._adopted = True
            ended = self._made is not None or self._error is not None
        if ended:
            self._desk.submit(self._record)

    def _record(self) -> None:
        at = clock.now()
        with self._desk.context():
            if self._made is not None:
                ours, code = self._made
                transact(lambda: collecting.code_came(self._payment_id, ours, code, at))
            else:
                detail = self._error.detail if self._error else ""
                transact(lambda: collecting.no_code(self._payment_id, detail, at))


def unavailable(sentence: str) -> PosError:
    """Return the refusal when no code could be made."""
    return PosError("provider_unavailable", sentence)
