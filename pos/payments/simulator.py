"""The built-in simulator: a pretend bank, so that QRIS can be learned and tried without real money.

What it remembers is a file beside the shop's database. What a pretend buyer does with a code is said on the
page `/simulator` or by `pos qris simulate`; on request it behaves as badly as real providers do.
"""

import hmac
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pos.domain.qris import DEMO_ACCOUNT, DEMO_NAME, DEMO_NMID, MAX_QRIS, NotUsable, build
from pos.payments.base import (
    Answer,
    Attempt,
    BadNotice,
    Code,
    Notice,
    NotSent,
    Refunded,
    Refunding,
    Refused,
    Reply,
    Unreachable,
)
from pos.payments.simulator_bank import Bank
from pos.payments.simulator_books import CodeView
from pos.payments.simulator_courier import SENT_AT, SIGNATURE, Courier, courier_of, sign

PATIENCE = 10.0
"""Seconds after which a question is given up, as the real providers' connections do."""
LOST_AFTER = 2.0
"""Seconds until a code that gets lost on its way is given up."""
NEWEST_NOTICE = 300
"""Seconds by which a notification's instant may differ from ours."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Simulator:
    """The provider `simulator`."""

    name = "simulator"
    minimum_poll = 1.0
    sandbox = True
    refunds = True

    def __init__(self, data_dir: Path) -> None:
        self.bank = Bank(data_dir)

    @property
    def courier(self) -> Courier:
        """Who sends the notifications of this process."""
        return courier_of(self.bank)

    def serves_at(self, url: str) -> None:
        """Tell the pretend bank where the server listens, and let it do what is due; empty: it stopped."""
        self.bank.set_address(url)
        if url:
            self.courier.wake()

    def reference(self, payment_id: str) -> str:
        """Return our number of an attempt: the id in base 36, which a code's reference label can hold."""
        value, digits = int(payment_id.replace("-", ""), 16), ""
        while value:
            value, digit = divmod(value, 36)
            digits = _ALPHABET[digit] + digits
        return digits.rjust(25, "0")

    def create(self, attempt: Attempt) -> Code:
        """Make a code. Raises Unreachable, NotSent or Refused, as the trouble wants it."""
        trouble = self._reach()
        if trouble == "refuse" or attempt.amount > MAX_QRIS:
            raise Refused("the simulator makes no code")
        made = self.bank.add(attempt, _payload(attempt))
        self.courier.wake()
        if trouble == "lose-code":
            _pause(LOST_AFTER)
            raise Unreachable("the answer with the code got lost")
        self._linger(trouble)
        return _code(made)

    def find(self, attempt: Attempt) -> Code | None:
        """Return the code that an unanswered `create` made; None when none was made."""
        self._linger(self._reach())
        found = self.bank.code(attempt.our_reference)
        return None if found is None else _code(found)

    def ask(self, attempt: Attempt) -> Answer:
        """Say what became of an attempt, with every payment of its code."""
        self._linger(self._reach())
        found = self.bank.code(attempt.our_reference)
        return Answer("not_found") if found is None else Answer(found.state, found.money)

    def cancel(self, attempt: Attempt) -> None:
        """Give a code up. Raises Refused when it was paid."""
        self._linger(self._reach())
        if self.bank.cancel(attempt.our_reference) == "paid":
            raise Refused("the code was paid")

    def refund(self, asked: Refunding) -> Refunded:
        """Give money back, once a key."""
        trouble = self._reach()
        done = self.bank.refund(asked)
        self._linger(trouble)
        return done

    def read_notice(self, path: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Notice:
        """Check a notification's signature over its bytes and its instant. Raises BadNotice."""
        if not self.bank.exists:
            # Nobody's word makes a bank, least of all a stranger's.
            raise _bad(401, "wrong signature")
        given = {name.lower(): value for name, value in headers.items()}
        sent_at, signature = given.get(SENT_AT.lower(), ""), given.get(SIGNATURE.lower(), "")
        right = sign(self.bank.key(), sent_at, body)
        if not hmac.compare_digest(right.encode(), signature.encode()):
            raise _bad(401, "wrong signature")
        if path.strip("/").rsplit("/", 1)[-1] != "notify":
            raise _bad(404, "no such address")
        try:
            age = abs((at - datetime.fromisoformat(sent_at)).total_seconds())
            reference = json.loads(body)["reference"]
        except (ValueError, TypeError, KeyError) as error:
            raise _bad(400, "not understood") from error
        if age > NEWEST_NOTICE or not isinstance(reference, str):
            raise _bad(401 if age > NEWEST_NOTICE else 400, "too old" if age > NEWEST_NOTICE else "unclear")
        return Notice(reference)

    def acknowledge(self, *, known: bool) -> Reply:
        """Return the answer to a right notification."""
        return Reply(200, {"status": "ok"}) if known else Reply(404, {"status": "unknown reference"})

    def _reach(self) -> str:
        """Return what is wrong with the bank now. Raises NotSent when it can't be reached."""
        trouble = self.bank.ways().trouble
        if trouble == "down":
            raise NotSent("the simulator is out of reach")
        return trouble

    def _linger(self, trouble: str) -> None:
        """Answer slowly when that is the trouble. Raises Unreachable when nobody waits that long."""
        if trouble == "slow":
            seconds = self.bank.ways().slow
            _pause(min(seconds, PATIENCE))
            if seconds > PATIENCE:
                raise Unreachable(f"no answer within {PATIENCE:.0f} seconds")


def _payload(attempt: Attempt) -> str:
    try:
        return build(
            name=DEMO_NAME,
            city="TANGERANG",
            postal_code="15111",
            category="5499",
            accounts=[DEMO_ACCOUNT],
            nmid=DEMO_NMID,
            amount=attempt.amount,
            terminal=attempt.register[:16] or None,
            reference=attempt.our_reference if len(attempt.our_reference) <= 25 else None,
        )
    except NotUsable as error:
        raise Refused(str(error)) from error


def _code(found: CodeView) -> Code:
    return Code(found.payload, found.their_reference)


def _bad(status: int, detail: str) -> BadNotice:
    return BadNotice(Reply(status, {"status": detail}), detail)


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)
