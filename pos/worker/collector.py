"""Hands out what providers have to be asked: claims what is due and lets the desk's threads ask."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.db import db, transaction
from pos.operations import tasks
from pos.operations.tasks import Task
from pos.payments.desk import THREADS, Desk

log = logging.getLogger("pos.worker")

LOOK_EVERY = 0.5
"""Seconds between looks for what is due; a new code or a notification wakes it at once."""


class Collector(threading.Thread):
    """One thread that never asks itself, so a slow provider keeps nobody else waiting."""

    def __init__(self, desk: Desk, context: Callable[[], AbstractContextManager[object]]) -> None:
        super().__init__(name="collector", daemon=True)
        self._desk = desk
        self._context = context
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._free = threading.BoundedSemaphore(THREADS)
        self._names: list[str] = []
        self._tidied = False

    def wake(self) -> None:
        """Look for what is due now."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._ending.set()
        self._wake.set()

    def run(self) -> None:
        """Claim and hand out until stopped."""
        while not self._ending.is_set():
            self._wake.clear()
            try:
                with self._context():
                    self._hand_out()
            except SQLAlchemyError as error:
                log.warning("collecting: the database does not answer: %s", error)
            except Exception:
                log.exception("collecting")
            self._wake.wait(LOOK_EVERY)

    def _hand_out(self) -> None:
        if not self._tidied:
            self._tidy()
        self._names = self._names or self._desk.reached()
        if not self._names:
            return
        due = tasks.due(self._names, clock.now(), THREADS)
        db.session.rollback()
        for task_id in due:
            if self._ending.is_set() or not self._free.acquire(blocking=False):
                return
            with transaction():
                task = tasks.claim(task_id, self._desk.holder, clock.now())
            if task is None:
                self._free.release()
            else:
                self._desk.submit(lambda task=task: self._carry_out(task))  # type: ignore[misc]

    def _tidy(self) -> None:
        """Take over at once what a killed process of this machine was asking: a buyer may wait for it."""
        here, _, own = self._desk.holder.rpartition(":")
        for holder in tasks.leaseholders():
            host, _, process = holder.rpartition(":")
            if host == here and (process == own or not _lives(process)):
                with transaction():
                    tasks.release(holder)
        db.session.rollback()
        self._tidied = True

    def _carry_out(self, task: Task) -> None:
        try:
            self._desk.carry_out(task)
        except SQLAlchemyError as error:
            # The lease ends by itself and the question is asked again.
            log.warning("collecting: the database does not answer: %s", error)
        except Exception:
            log.exception("payment %s", task.id)
        finally:
            self._free.release()
            self._wake.set()


def _lives(process: str) -> bool:
    """Say whether a process of this machine runs; one with the same number counts, its lease ends by time."""
    return process.isdigit() and Path(f"/proc/{process}").exists()
