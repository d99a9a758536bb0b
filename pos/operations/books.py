"""An act that touches the books of several registers: all are locked first, in one order: none deadlocks.

A row that changes is always written in the one book where it was added: so the order of its changes is sure,
and `pos verify` can replay one book after the other.
"""

from collections.abc import Iterable
from datetime import datetime

from pos.errors import N_, FieldError, ValidationError
from pos.operations import printing, receipts, tills
from pos.operations.actor import Actor
from pos.operations.cash import CASH, cash_event
from pos.operations.journal import Act, Request
from pos.operations.tills import Till


class Books:
    """The locked books of some registers, and the one entry that each of them gets at most."""

    def __init__(
        self,
        first: str,
        others: Iterable[str],
        kind: str,
        actor: Actor,
        at: datetime,
        request: Request | None = None,
    ) -> None:
        """Lock the books of the registers; the entry of `first` carries the request. Raises Replayed."""
        self._kind, self._actor, self._at, self._request = kind, actor, at, request
        self._first = first
        self.tills: dict[str, Till] = {
            code: tills.enter(code, request if code == first else None) for code in sorted({first, *others})
        }
        self._acts: dict[str, Act] = {}

    def act(self, code: str) -> Act:
        """Return the entry of a register's book."""
        if code not in self._acts:
            request = self._request if code == self._first else None
            self._acts[code] = Act(self.tills[code].book, self._kind, self._actor, self._at, request)
        return self._acts[code]

    def pay_cash(self, code: str, kind: str, amount: int, reason: str, source_id: str) -> str:
        """Take rupiah out of the drawer of a register's open shift, print its slip; return the shift's id.

        Raises validation_error (a kiosk), shift_not_open, clock_unconfirmed.
        """
        till = self.tills[code]
        if till.kind == "kiosk":
            raise ValidationError(FieldError("register", N_("A kiosk has no drawer. Refund at a till.")))
        shift = tills.need_open_shift(till)
        tills.refuse_odd_clock(till, self._at)
        event = cash_event(self.act(code), shift.id, kind, -amount, source_id, reason[:200])
        self.act(code).insert(CASH, [event])
        printing.add_job(till, "cash", receipts.cash_slip(till, event, self._actor), title=reason)
        printing.add_drawer(till)
        return shift.id

    def finish(self) -> None:
        """Write the entries."""
        for code in sorted(self._acts):
            self._acts[code].finish()
