"""`pos serve` for the crowd: it tells where its threads stand when asked (SIGUSR1), slips expire within
seconds, and it can be broken on purpose, so that the checker has something to find.

    CROWD_SLIP_SECONDS=3 CROWD_BREAK=decrement python -m tests.invariants.crowd.serve serve --port 0
"""

import contextlib
import faulthandler
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any


def break_decrement() -> None:
    """Take goods without asking whether they are still there: check, then write, as most tills do.

    The moment between the two is made long enough for a short run to meet it.
    """
    from sqlalchemy import update

    from pos.operations import lots
    from pos.statements import Statement

    balance, pieces = lots.BALANCE, lots._N
    lots._TAKE = Statement(update(balance).where(lots._HERE).values(on_hand=balance.c.on_hand - pieces))
    choose = lots.choose

    def slowly(*asked: Any, **more: Any) -> Any:
        takes = choose(*asked, **more)
        time.sleep(0.02)
        return takes

    lots.choose = slowly


class _Undone(Exception):
    """Rolls a transaction back."""


def break_commit() -> None:
    """Answer one act in twenty as done and roll it back: what a till without durable commits does."""
    from pos.api import endpoint
    from pos.db import transaction

    transact = endpoint.transact

    def sometimes(work: Any, **how: Any) -> Any:
        if random.random() > 0.05:
            return transact(work, **how)
        found = None
        with contextlib.suppress(_Undone), transaction():
            found = work()
            raise _Undone
        return found

    endpoint.transact = sometimes


BREAKS = {"decrement": break_decrement, "commit": break_commit}


def hurry_slips(seconds: float) -> None:
    from pos.operations import orders

    usual = orders._expiry

    def soon(till: Any, kind: str, at: datetime) -> datetime:
        return at + timedelta(seconds=seconds) if kind == "slip" else usual(till, kind, at)

    orders._expiry = soon


@contextlib.contextmanager
def prepared() -> Iterator[None]:
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    if broken := os.environ.pop("CROWD_BREAK", ""):
        BREAKS[broken]()
    if seconds := os.environ.pop("CROWD_SLIP_SECONDS", ""):
        hurry_slips(float(seconds))
    yield


if __name__ == "__main__":
    from pos.cli import main

    with prepared():
        main()
