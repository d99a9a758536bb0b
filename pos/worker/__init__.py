"""Claims rows and acts on them: print jobs, expiry, the closing of kiosks. Lives inside `pos serve`."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from pos.operations import printing
from pos.worker.housekeeping import Housekeeper
from pos.worker.lane import Lane
from printers.config import PrinterConfig

log = logging.getLogger("pos.worker")


class Worker:
    """All threads that work beside the requests: a lane a printer and the housekeeper.

    `context` opens what a thread needs to use the database; each step of a thread runs in one of its own.
    """

    def __init__(
        self, printers: Sequence[PrinterConfig], context: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self._lanes = [Lane(printer, context) for printer in printers]
        self._threads: list[Lane | Housekeeper] = [*self._lanes, Housekeeper(context)]

    def start(self) -> None:
        """Start all threads."""
        printing.on_new_jobs(self.wake)
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Have every lane look into the spool."""
        for lane in self._lanes:
            lane.wake()

    def stop(self, patience: float = 15.0) -> None:
        """Let each thread end the step it is in, and wait for it at most `patience` seconds."""
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(patience)
