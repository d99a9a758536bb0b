"""A printer behind a CUPS queue, by the commands `lp`, `lpstat` and `cancel`.

CUPS says what it did with a job, never what the printer did: there is no word about paper, and a job is done
when its bytes have gone to the printer.
"""

import errno
import os
import re
import subprocess
import time
from typing import Final

from printers.status import PrinterStatus
from printers.transports.lines import Line
from printers.transports.silent import Silent

_POLL: Final = 0.1
_SLOWEST: Final = 960  # bytes a second, of printers at 9600 baud
_JOB: Final = re.compile(r"request id is (\S+-\d+) ")
# What CUPS says of a job that it tried and failed to send, and that it would send again from its start.
_FAILED: Final = "resources-are-not-ready"
_DONE: Final = "job-completed-successfully"
_GIVEN_UP: Final = ("cancel", "abort")


class CupsTransport(Silent):
    """One queue; every job is waited for until it has left it, and taken back if it does not."""

    has_answered: bool | None = False

    def __init__(self, queue: str, timeout: float) -> None:
        self.queue, self.timeout = queue, timeout
        self.bytes_written = 0
        self.is_open = False
        self._jobs: dict[str, int] = {}  # those not seen to leave the queue, with their bytes
        self._line = Line(f"cups {queue}")

    def open(self) -> None:
        """Sees whether there is such a queue."""
        if self.is_open:
            return
        self._line.take(self.timeout)
        try:
            self._run("lpstat", "-p", self.queue)
        except BaseException:
            self._line.leave()
            raise
        self.is_open = True

    def read_status(self, timeout: float) -> PrinterStatus:  # noqa: ARG002 - the queue is on this machine
        """Only whether the queue is at work: a stopped one would print later, when nobody expects it."""
        stopped = " disabled since" in self._run("lpstat", "-p", self.queue)
        refusing = " not accepting requests" in self._run("lpstat", "-a", self.queue)
        return PrinterStatus(cannot_answer=True, online=False if stopped or refusing else None)

    def write(self, data: bytes) -> None:
        """Gives the queue one job, as it is."""
        if not self.is_open:
            raise OSError(errno.ENOTCONN, "not open")
        try:
            said = self._run("lp", "-d", self.queue, "-o", "raw", "-t", "karya-pos", "-", given=data)
        except TimeoutError:
            self.bytes_written += len(data)  # for all we know the queue has them
            raise
        self.bytes_written += len(data)
        found = _JOB.search(said)
        if found is None:
            raise OSError(errno.EPROTO, "the queue did not name the job")
        self._jobs[found[1]] = len(data)

    def settle(self) -> None:
        """Waits until the jobs have left the queue; TimeoutError, and they are taken back, if they do not."""
        for job, size in list(self._jobs.items()):
            del self._jobs[job]
            self._wait_for(job, time.monotonic() + self.timeout + size / _SLOWEST)

    def close(self, patience: float = 2.0) -> None:  # noqa: ARG002 - nobody to wait for
        """Lets go of the queue."""
        self._jobs.clear()
        self.is_open = False
        self._line.leave()

    def _wait_for(self, job: str, until: float) -> None:
        while waiting := self._waiting(job):
            failed = _FAILED in waiting
            if failed or time.monotonic() >= until:
                self._take_back(job)
                if _DONE in self._about(job, "completed"):
                    return  # it was quicker
                if failed:
                    raise OSError(errno.EIO, "the queue could not send the job to the printer")
                raise TimeoutError("the job did not leave the queue and was taken back")
            time.sleep(_POLL)
        if any(word in self._about(job, "completed") for word in _GIVEN_UP):
            raise OSError(errno.EIO, "the queue gave the job up")

    def _waiting(self, job: str) -> str:
        """What CUPS says of a job that is still in the queue; nothing once it has left."""
        return self._about(job, "not-completed")

    def _about(self, job: str, which: str) -> str:
        """The words of `lpstat` about one job: its own line and the indented ones below."""
        said = self._run("lpstat", "-W", which, "-l", "-o", self.queue)
        found = re.search(rf"^{re.escape(job)}\s.*(?:\n[ \t].*)*", said, re.MULTILINE)
        return found[0] if found else ""

    def _take_back(self, job: str) -> None:
        """Cancels a job, so that it does not come out later by itself; one that was quicker is done."""
        try:
            self._run("cancel", job)
        except OSError:
            if self._waiting(job):
                raise
        until = time.monotonic() + self.timeout
        while self._waiting(job) and time.monotonic() < until:
            time.sleep(_POLL)

    def _run(self, *command: str, given: bytes = b"") -> str:
        """Runs one of the commands of CUPS in plain English and returns what it said."""
        try:
            ended = subprocess.run(
                command,
                input=given,
                capture_output=True,
                timeout=self.timeout,
                env={**os.environ, "LC_ALL": "C", "LANGUAGE": "C"},
                check=False,
            )
        except FileNotFoundError as error:
            raise OSError(
                errno.ENOENT, f"{command[0]} is missing on this machine: install cups-client"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"{command[0]} does not answer") from error
        if ended.returncode:
            words = ended.stderr.decode(errors="replace").strip().splitlines()
            raise OSError(errno.EIO, words[0] if words else f"{command[0]} failed")
        return ended.stdout.decode(errors="replace")
