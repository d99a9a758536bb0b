"""One lane a printer: it takes the printer's jobs one by one, so a dead printer delays no other."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.exc import SQLAlchemyError

from pos import board, clock
from pos.db import db, transaction
from pos.errors import N_
from pos.worker import spool
from printers.config import PrinterConfig
from printers.delivery import Delivery, deliver, query
from printers.transports import Transport, connect

log = logging.getLogger("pos.worker")

ASK_EVERY = 5.0
"""Seconds between questions to an idle printer; readiness shows what it said within 10 (contract)."""
LOOK_EVERY = 1.0
"""Seconds between looks into the spool without being woken: another machine may have added jobs."""


class Lane(threading.Thread):
    """The thread of one printer."""

    def __init__(self, printer: PrinterConfig, context: Callable[[], AbstractContextManager[object]]) -> None:
        super().__init__(name=f"printer-{printer.name}", daemon=True)
        self.printer = printer
        self._context = context
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._transport: Transport = connect(printer)
        self._worker = f"{socket.gethostname()[:24]}:{os.getpid()}"
        self._asked = float("-inf")
        self._was_well = True
        self._recovered = False
        self._registers: list[int] = []
        self._drawer: int | None = None

    def wake(self) -> None:
        """Look into the spool now."""
        self._wake.set()

    def stop(self) -> None:
        """End after the job in hand."""
        self._ending.set()
        self._wake.set()

    def run(self) -> None:
        """Print what is due, ask the printer how it is when there is nothing, until stopped."""
        while not self._ending.is_set():
            self._wake.clear()
            try:
                busy = self._step()
            except SQLAlchemyError as error:
                log.warning("printer %s: the database does not answer: %s", self.printer.name, error)
                busy = False
            except Exception:
                log.exception("printer %s", self.printer.name)
                busy = False
            if not busy:
                self._transport.close()
                self._wake.wait(LOOK_EVERY)

    def _step(self) -> bool:
        """Do one thing; say whether there may be more to do at once."""
        with self._context():
            self._know_registers()
            job_id = spool.next_job(self._registers, self._drawer, clock.now())
            if job_id is not None:
                return self._print(job_id)
            # Nothing of the database is held while a printer is waited for: a reader would pin SQLite's WAL.
            db.session.rollback()
            if clock.monotonic() - self._asked >= ASK_EVERY:
                self._ask()
            return False

    def _know_registers(self) -> None:
        """Look up the printer's registers.

        Again while some are not there yet, and tidy up after a crash once.
        """
        codes = {*self.printer.registers, self.printer.drawer_register} - {""}
        if len(self._registers) < len(self.printer.registers) or not self._recovered:
            ids = spool.register_ids(sorted(codes))
            self._registers = [ids[code] for code in self.printer.registers if code in ids]
            self._drawer = ids.get(self.printer.drawer_register)
        if not self._recovered:
            with transaction():
                spool.recover(self._registers, self._drawer, clock.now())
            self._recovered = True

    def _print(self, job_id: str) -> bool:
        with transaction():
            job = spool.claim(job_id, self.printer.name, self._worker, clock.now())
        if job is None:
            return True
        try:
            payload = spool.render(job, self.printer)
        except Exception as error:
            log.exception("print job %s can't be rendered", job.id)
            with transaction():
                spool.fail(job, f"can't be rendered: {type(error).__name__}", clock.now())
            return True
        if not payload:
            with transaction():
                spool.fail(job, N_("No drawer hangs on this printer."), clock.now())
            return True
        if job.payload is None:
            with transaction():
                spool.keep(job.id, payload)
        delivery = self._deliver(job, payload)
        with transaction():
            spool.record(job, delivery, clock.now())
        self._note(delivery)
        return delivery.outcome != "not_sent"

    def _deliver(self, job: spool.Job, payload: bytes) -> Delivery:
        def begin() -> None:
            with transaction():
                spool.note_first_byte(job)

        return deliver(
            self._transport,
            payload,
            timeout=self.printer.timeout,
            # Kept open over a run of jobs: a drawer pulse and its receipt share a connection.
            keep_open=True,
            before_first_byte=begin,
            # A stopped printer may still open the drawer in real time; a receipt is never forced on it.
            when_stopped=self.printer.drawer_pulse_now if job.kind == "drawer" else b"",
        )

    def _note(self, delivery: Delivery) -> None:
        if delivery.status is not None:
            board.note(self.printer.name, delivery.status, clock.now())
            self._was_well = not delivery.status.trouble
            self._asked = clock.monotonic()
        elif delivery.outcome != "printed":
            self._asked = float("-inf")

    def _ask(self) -> None:
        self._transport.close()  # most printers serve one connection
        status = query(self.printer)
        self._asked = clock.monotonic()
        board.note(self.printer.name, status, clock.now())
        well = not status.trouble
        if well and not self._was_well:
            with transaction():
                spool.hurry(self._registers, self._drawer, clock.now())
            self._wake.set()
        self._was_well = well
