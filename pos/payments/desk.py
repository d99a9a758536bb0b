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
        payment_id, at = new_id(), clock.now()
        attempt = Attempt(
            our_reference=chosen.reference(payment_id),
            their_reference=None,
            amount=amount,
            created_at=at,
            expires_at=at + timedelta(seconds=self._settings.qris.expires_after),
            register=register,
        )
        making = Making(self, payment_id)
        future = self.submit(lambda: making.run(chosen, attempt))
        self._wait(future)
        code = making.result()
        return (
            Collect(
                chosen.name,
                self._settings.qris.expires_after,
                payment_id=payment_id,
                our_reference=attempt.our_reference,
                amount=amount,
                code=code,
                asker=self.holder,
            ),
            making,
        )

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
                try:
                    chosen.cancel(found.attempt)
                except ProviderError as error:
                    log.info("payment %s: not withdrawn: %s", payment_id, error.detail)
                answer = chosen.ask(found.attempt)
            except ProviderError as error:
                log.warning("payment %s: no answer to the last question: %s", payment_id, error.detail)
                return
            # Only money counts here: whether the sale is given up is for the person who asked.
            paid = Answer("waiting", answer.money, answer.doubt)
            transact(lambda: collecting.apply(payment_id, paid, clock.now()))

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
            code = chosen.find(found.attempt) or chosen.create(found.attempt)
        except Refused as error:
            refusal = error.detail
            transact(lambda: collecting.no_code(task.id, refusal, clock.now()))
            return
        except ProviderError as error:
            detail = error.detail
            if clock.now() > found.attempt.created_at + CODE_WITHIN:
                transact(lambda: collecting.no_code(task.id, detail, clock.now()))
            else:
                transact(lambda: tasks.unanswered(task, UNAVAILABLE, clock.now()))
            return
        transact(lambda: collecting.code_came(task.id, code, clock.now()))

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
        try:
            answer = chosen.ask(found.attempt)
        except ProviderError as error:
            log.warning("payment %s: %s", task.id, error.detail)
            transact(lambda: self._silent(task, found, clock.now()))
            return
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
            tasks.answered(task.id, later, answer.doubt)

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


class Making:
    """A code that is being made, for a sale that is written meanwhile or has given up waiting."""

    def __init__(self, desk: Desk, payment_id: str) -> None:
        self._desk = desk
        self._payment_id = payment_id
        self._guard = threading.Lock()
        self._code: Code | None = None
        self._error: ProviderError | None = None
        self._ended = False
        self._adopted = False

    def run(self, chosen: Provider, attempt: Attempt) -> None:
        """Ask the provider, in a thread of the desk."""
        code, error = None, None
        try:
            code = self._made(chosen, attempt)
        except ProviderError as problem:
            error = problem
        except Exception as problem:
            log.exception("payment %s: making a code", self._payment_id)
            error = ProviderError(type(problem).__name__)
        with self._guard:
            self._code, self._error, self._ended = code, error, True
            adopted = self._adopted
        if adopted:
            self._record()

    def _made(self, chosen: Provider, attempt: Attempt) -> Code:
        try:
            return chosen.create(attempt)
        except (NotSent, Refused):
            raise
        except ProviderError:
            # It may have made the code and its answer was lost: look before anything else.
            found = chosen.find(attempt)
            if found is None:
                raise
            return found

    def result(self) -> Code | None:
        """Return the code, None while the provider is still asked. Raises provider_unavailable."""
        with self._guard:
            code, error = self._code, self._error
        if error is not None:
            log.warning("payment %s: no code: %s", self._payment_id, error.detail)
            raise unavailable(REFUSED if isinstance(error, Refused) else UNAVAILABLE)
        return code

    def adopt(self) -> None:
        """The sale is written without its code: put the code there as soon as it comes."""
        with self._guard:
            self._adopted = True
            ended = self._ended
        if ended:
            self._desk.submit(self._record)

    def _record(self) -> None:
        at = clock.now()
        with self._desk.context():
            if self._code is not None:
                code = self._code
                transact(lambda: collecting.code_came(self._payment_id, code, at))
            else:
                detail = self._error.detail if self._error else ""
                transact(lambda: collecting.no_code(self._payment_id, detail, at))


def unavailable(sentence: str) -> PosError:
    """Return the refusal when no code could be made."""
    return PosError("provider_unavailable", sentence)
