"""Bytes to paper, and an honest word about what became of them.

Whether paper came out can only be known from the printer itself, and only some printers answer. So: nothing
handed over is `not_sent` and may be tried again; handed over to a printer that never says anything is
`printed`, not `confirmed`. `confirmed` is what the printer said itself: that the job is done, if it is one
that says so, else that it is well, before and after. Everything else after the first byte is `unknown`, and a
person has to look.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from printers.config import PrinterConfig
from printers.status import PrinterStatus
from printers.transports import Transport, connect
from printers.transports.habits import End
from printers.transports.lines import PrinterBusyError
from printers.words import N_

Outcome: TypeAlias = Literal["not_sent", "printed", "unknown"]
Reason: TypeAlias = Literal[
    "",
    "unreachable",
    "busy",
    "silent",
    "paper_out",
    "cover_open",
    "error",
    "offline",
    "broken",
    "stalled",
    "no_end",
]

# How long a printer that was never asked before, and one that did not answer then, is waited for before
# sending: receipts of printers that cannot answer must not be late.
_FIRST_WAIT: Final = 1.5
_NEXT_WAIT: Final = 0.4
# How long a printer that does not answer is looked at afterwards, for a connection that broke at the end.
_LAST_LOOK: Final = 0.3
# The slowest printers take about this many bytes a second and answer when they have taken them.
_SLOWEST: Final = 960
# And about this many bytes can be on their way: in a print server, in the printer's own buffer.
_IN_BETWEEN: Final = 4096
# How long a printer that was heard to say when a job is done may print one, beyond the time of the bytes, and
# how often it is looked at meanwhile.
_LONGEST: Final = 30.0
_LOOK: Final = 0.5
# What stops the paper, but not the drawer of a printer that opens it at once.
_STOPPED: Final = frozenset({"paper_out", "cover_open", "offline"})

BEFORE: Final[dict[Reason, str]] = {
    "unreachable": N_("The printer cannot be reached."),
    "busy": N_("The printer is in use."),
    "silent": N_("The printer does not answer."),
    "paper_out": N_("The printer is out of paper."),
    "cover_open": N_("The printer's cover is open."),
    "error": N_("The printer has an error."),
    "offline": N_("The printer is offline."),
    "broken": N_("The printer ended the connection before anything was sent."),
    "stalled": N_("The printer takes no data."),
}
AFTER: Final[dict[Reason, str]] = {
    "silent": N_("The printer stopped answering after it was sent; it may have come out."),
    "paper_out": N_("The printer ran out of paper while printing; it may come out once there is paper."),
    "cover_open": N_("The cover was opened while printing; it may have come out."),
    "error": N_("The printer had an error while printing; it may have come out."),
    "offline": N_("The printer went offline while printing; it may have come out."),
    "broken": N_("The connection broke while printing; it may have come out in part."),
    "stalled": N_("The printer stopped taking data while printing; it may have come out in part."),
    "no_end": N_("The printer did not say that it was done; it may have come out."),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """How sending one job ended."""

    outcome: Outcome
    confirmed: bool = False
    bytes_written: int = 0
    status: PrinterStatus | None = None
    error: str = ""  # one English sentence of BEFORE or AFTER
    reason: Reason = ""
    detail: str = ""  # the system's own words, for the technician


def deliver(
    transport: Transport,
    payload: bytes,
    *,
    timeout: float,
    expects_answer: bool = False,
    keep_open: bool = False,
    before_first_byte: Callable[[], None] | None = None,
    when_stopped: bytes = b"",
) -> Delivery:
    """Sends one job and says how it ended; no fault of the printer raises.

    Opens the transport if it is not open. Afterwards it is closed, unless `keep_open` asks for it to stay
    open for the next job (drawer pulse and receipt can share a connection) and this one was printed. With
    `expects_answer`, for a printer that is known to answer, one that is silent is sent nothing.
    `before_first_byte` is called when the printer may be written to, the moment to write down that paper may
    come out from now on; what it raises goes to the caller, and nothing is sent. `when_stopped` goes in the
    payload's place when the printer says that paper or cover stop it: a drawer pulse that it obeys even then.
    """
    if not payload:
        raise ValueError("there is nothing to print")
    keep = False
    try:
        try:
            transport.open()
        except PrinterBusyError as error:
            return _not_sent("busy", None, error)
        except OSError as error:
            return _not_sent("unreachable", None, error)
        ended = _asked_and_sent(
            transport, payload, timeout, expects_answer, before_first_byte or _nothing, when_stopped
        )
        keep = keep_open and ended.outcome == "printed"
        return ended
    finally:
        if not keep:
            transport.close()


def query(config: PrinterConfig) -> PrinterStatus:
    """Asks one printer how it is, within its timeout; one that cannot be had is an answer, not an error."""
    transport = connect(config)
    until = time.monotonic() + config.timeout
    try:
        transport.open()
        left = max(until - time.monotonic(), 0.0)
        return transport.read_status(min(left, _first_wait(transport, config.timeout)))
    except PrinterBusyError as error:
        return PrinterStatus(unavailable="busy", detail=str(error))
    except OSError as error:
        return PrinterStatus(unavailable="unreachable", online=False, detail=_words(error))
    finally:
        transport.close(patience=max(min(until - time.monotonic(), _LAST_LOOK), 0.0))


def _nothing() -> None:
    """Nobody wants to know when the first byte goes."""


def _asked_and_sent(
    transport: Transport,
    payload: bytes,
    timeout: float,
    expects_answer: bool,
    before_first_byte: Callable[[], None],
    when_stopped: bytes,
) -> Delivery:
    try:
        before = transport.read_status(timeout if expects_answer else _first_wait(transport, timeout))
        at_once = bool(when_stopped and before.answered and before.trouble in _STOPPED)
        if before.trouble and not at_once:
            return _not_sent(before.trouble, before)
        if expects_answer and not before.answered:
            return _not_sent("silent", before)
        tells_end = transport.tells_end(timeout) if before.good else "no"
    except TimeoutError as error:
        return _not_sent("stalled", None, error)
    except OSError as error:
        return _not_sent("broken", None, error)
    before_first_byte()
    counted = transport.bytes_written
    try:
        transport.write(when_stopped if at_once else payload)
        if not before.answered or len(payload) > _IN_BETWEEN:
            transport.settle()  # the answer to a small job's question shows more, and sooner
        if at_once:
            return Delivery("printed", bytes_written=transport.bytes_written - counted, status=before)
        if tells_end != "no":
            return _told(transport, payload, timeout, before, counted, tells_end)
        after = transport.read_status(_patience(timeout, payload) if before.answered else _LAST_LOOK)
    except OSError as error:
        reason: Reason = "stalled" if isinstance(error, TimeoutError) else "broken"
        written = transport.bytes_written - counted
        return _unknown(reason, written, before, error) if written else _not_sent(reason, before, error)
    return _judged(before, after, transport.bytes_written - counted)


def _told(
    transport: Transport, payload: bytes, timeout: float, before: PrinterStatus, counted: int, word: End
) -> Delivery:
    """Waits for the printer's word that the job is done, as long as it is well.

    Printed is printed, whatever happens to the printer next. One that has only read everything must be well
    then, too.
    """
    written = transport.bytes_written - counted
    proven = transport.has_told_end
    until = time.monotonic() + (_LONGEST if proven else timeout) + len(payload) / _SLOWEST
    mark = transport.mark_end()
    while (left := until - time.monotonic()) > 0:
        if transport.has_ended(mark, min(left, _LOOK)) and word == "printed":
            return Delivery("printed", True, written, _last_words(transport, before))
        after = transport.read_status(_patience(timeout, payload))
        ended = transport.has_ended(mark, 0.0)
        if ended and word == "printed":
            return Delivery("printed", True, written, after if after.answered else before)
        judged = _judged(before, after, written)
        if ended or judged.outcome == "unknown":
            return judged
    transport.end_not_told()
    if proven:
        return _unknown("no_end", written, before)
    return Delivery("printed", bytes_written=written, status=before)


def _last_words(transport: Transport, before: PrinterStatus) -> PrinterStatus:
    """How the printer is after it was done; what happens to it now no longer concerns the job."""
    try:
        after = transport.read_status(_NEXT_WAIT)
    except OSError:
        return before
    return after if after.answered else before


def _first_wait(transport: Transport, timeout: float) -> float:
    """How long the first answer may take, by what this process knows of the printer."""
    if transport.has_answered:
        return timeout
    return min(timeout, _FIRST_WAIT if transport.has_answered is None else _NEXT_WAIT)


def _judged(before: PrinterStatus, after: PrinterStatus, written: int) -> Delivery:
    """What the printer's words before and after say together."""
    if after.trouble:
        return _unknown(after.trouble, written, after)
    if not before.answers <= after.answers:
        return _unknown("silent", written, after)
    return Delivery(
        "printed", confirmed=before.answered and after.answered, bytes_written=written, status=after
    )


def _patience(timeout: float, payload: bytes) -> float:
    """How long the answer after the last byte may take: the slowest printers take the bytes first."""
    return timeout + min(len(payload), 2 * _IN_BETWEEN) / _SLOWEST


def _not_sent(reason: Reason, status: PrinterStatus | None, error: OSError | None = None) -> Delivery:
    return Delivery("not_sent", status=status, error=BEFORE[reason], reason=reason, detail=_words(error))


def _unknown(
    reason: Reason, written: int, status: PrinterStatus | None, error: OSError | None = None
) -> Delivery:
    return Delivery(
        "unknown",
        bytes_written=written,
        status=status,
        error=AFTER.get(reason, AFTER["broken"]),
        reason=reason,
        detail=_words(error),
    )


def _words(error: OSError | None) -> str:
    if error is None:
        return ""
    return error.strerror or str(error) or type(error).__name__
