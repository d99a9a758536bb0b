"""Sends the pretend bank's notifications to our own server, signed, from a thread of its own.

Each is tried once: a lost one must not matter, since the shop asks by itself.
"""

import hashlib
import hmac
import http.client
import logging
import sqlite3
import threading
from pathlib import Path
from urllib.parse import urlsplit

from pos import clock
from pos.payments.simulator_bank import Bank, Mail

log = logging.getLogger("pos.simulator")

PATH = "/webhooks/qris/simulator/notify"
TIMEOUT = 5.0
SIGNATURE, SENT_AT = "X-Signature", "X-Timestamp"
LONGEST_WAIT = 60.0
"""Seconds after which it looks again, whatever the clock did."""


def sign(key: bytes, at: str, body: bytes) -> str:
    """Return the signature of a notification: over the instant it is sent and its bytes."""
    return hmac.new(key, at.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def deliver(mail: Mail) -> int | None:
    """Send one notification; return the status it was answered with, None when nobody answered."""
    body, at = mail.body.encode(), clock.iso(clock.now())
    where = urlsplit(mail.address)
    if where.hostname is None:
        return None
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=TIMEOUT)
    headers = {
        "Content-Type": "application/json",
        SENT_AT: at,
        SIGNATURE: sign(mail.key.encode(), at, body),
    }
    try:
        connection.request("POST", PATH, body, headers)
        status: int | None = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        log.debug("notification not delivered: %s", error)
        status = None
    finally:
        connection.close()
    return status


def deliver_due(bank: Bank) -> list[int | None]:
    """Send what is due now, in order; return how each was answered."""
    answers = []
    while mail := bank.due():
        answers.append(deliver(mail))
    return answers


class Courier:
    """The thread of one bank: pays for the pretend buyer and sends what is due.

    It ends when nothing is left to wait for and begins anew at the next errand.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._guard = threading.Lock()
        self._news = threading.Event()
        self._running = False

    def wake(self) -> None:
        """Look now for what is due."""
        with self._guard:
            self._news.set()
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="simulator", daemon=True).start()

    def _run(self) -> None:
        try:
            while self._round():
                pass
        except (sqlite3.Error, OSError) as error:
            log.warning("the simulator's courier stops: %s", error)
            with self._guard:
                self._running = False

    def _round(self) -> bool:
        self._news.clear()
        deliver_due(self._bank)
        wait = self._bank.seconds_to_next()
        if wait is not None:
            self._news.wait(min(wait, LONGEST_WAIT))
            return True
        with self._guard:
            self._running = self._news.is_set()
            return self._running


_couriers: dict[Path, Courier] = {}
_guard = threading.Lock()


def courier_of(bank: Bank) -> Courier:
    """Return the one courier of a bank in this process."""
    with _guard:
        return _couriers.setdefault(bank.file, Courier(bank))
