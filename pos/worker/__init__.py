"""Claims rows and acts on them: print jobs, payments, expiry, the closing of kiosks. Lives in `pos serve`."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from pos.operations import printing, tasks
from pos.payments.desk import Desk
from pos.worker.collector import Collector
from pos.worker.housekeeping import Housekeeper
from pos.worker.lane import Lane
from printers.config import PrinterConfig

log = logging.getLogger("pos.worker")


class Worker:
    """All threads that work beside the requests: a lane a printer and the housekeeper.

    `context` opens what a thread needs to use the database; each step of a thread runs in one of its own.
    `changed` returns the printers anew when their settings changed, else None; it is asked every second.
    """

    def __init__(
        self,
        printers: Sequence[PrinterConfig],
        context: Callable[[], AbstractContextManager[object]],
        changed: Callable[[], Sequence[PrinterConfig] | None] = lambda: None,
        desk: Desk | None = None,
    ) -> None:
        self._context = context
        self._changed = changed
        self._lanes = {printer.name: Lane(printer, context) for printer in printers}
        self._housekeeper = Housekeeper(context, self._follow)
        self._collector = None if desk is None else Collector(desk, context)

    def start(self) -> None:
        """Start all threads."""
        printing.on_new_jobs(self.wake)
        for lane in self._lanes.values():
            lane.start()
        self._housekeeper.start()
        if self._collector is not None:
            tasks.on_new_tasks(self._collector.wake)
            self._collector.start()

    def wake(self) -> None:
        """Have every lane look into the spool."""
        for lane in list(self._lanes.values()):
            lane.wake()

    def _follow(self) -> None:
        """Take up changed printers: a lane ends after the job in hand, and a new one takes its place."""
        printers = self._changed()
        if printers is None:
            return
        wanted = {printer.name: printer for printer in printers}
        for name, lane in list(self._lanes.items()):
            if wanted.get(name) != lane.printer:
                lane.stop()
                lane.join()
                del self._lanes[name]
        for name, printer in wanted.items():
            if name not in self._lanes:
                self._lanes[name] = Lane(printer, self._context)
                self._lanes[name].start()
        log.info("printers: %s", ", ".join(sorted(self._lanes)) or "none")

    def stop(self, patience: float = 15.0) -> None:
        """Let each thread end the step it is in, and wait for it at most `patience` seconds."""
        self._housekeeper.stop()
        if self._collector is not None:
            self._collector.stop()
            self._collector.join(patience)
        self._housekeeper.join(patience)
        lanes = list(self._lanes.values())
        for lane in lanes:
            lane.stop()
        for lane in lanes:
            lane.join(patience)
