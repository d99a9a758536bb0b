"""What time brings: codes and orders that expire, papers too old to print or keep, kiosks to be closed."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.db import db, tidy, transact
from pos.errors import PosError
from pos.operations import orders, payments, shifts
from pos.worker import pruning, spool

log = logging.getLogger("pos.worker")

EVERY = 1.0
KIOSKS_EVERY = 60.0


class Housekeeper(threading.Thread):
    """One thread that looks once a second; every act is a transaction of its own."""

    def __init__(
        self, context: Callable[[], AbstractContextManager[object]], also: Callable[[], None]
    ) -> None:
        super().__init__(name="housekeeper", daemon=True)
        self._context = context
        self._also = also
        self._ending = threading.Event()
        self._kiosks_at = float("-inf")
        self._walks = pruning.walks()

    def stop(self) -> None:
        """End after the step in hand."""
        self._ending.set()

    def run(self) -> None:
        """Look, act, wait, until stopped."""
        while not self._ending.is_set():
            # Apart from each other: a fault of one must not keep the other from its turn.
            self._try(self._also)
            self._try(self._keep_house)
            self._ending.wait(EVERY)

    def _keep_house(self) -> None:
        with self._context():
            self._step()

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SQLAlchemyError as error:
            log.warning("housekeeping: the database does not answer: %s", error)
        except Exception:
            log.exception("housekeeping")

    def _step(self) -> None:
        at = clock.now()
        for sale_id in payments.due_to_expire(at):
            try:
                transact(lambda sale_id=sale_id: payments.expire(sale_id, clock.now()))  # type: ignore[misc]
            except PosError:
                log.exception("sale %s could not be expired", sale_id)
        for order_id in orders.due_to_expire(at):
            transact(lambda order_id=order_id: orders.expire(order_id, clock.now()))  # type: ignore[misc]
        if spool.has_expired(at):
            transact(lambda: spool.expire(clock.now()))
        if clock.monotonic() - self._kiosks_at >= KIOSKS_EVERY:
            self._kiosks_at = clock.monotonic()
            for code, _ in shifts.kiosks_left_open():
                transact(lambda code=code: shifts.close_kiosk_of_yesterday(code, clock.now()))  # type: ignore[misc]
        for walk in self._walks:
            walk.step(at)
        db.session.rollback()
        tidy()
