"""Print jobs."""

from typing import Literal

from pos.api.endpoint import Call, View, argument, changes, cursor_argument, limit_argument, listed, reads
from pos.domain.rights import Right
from pos.operations import printing
from pos.operations.actor import Actor
from pos.queries import print_jobs as spool
from pos.schemas.answers import PrintJobOut, PrintJobPage
from pos.schemas.base import Body


class RetryIn(Body):
    """Printing again needs nothing."""


class ResolveIn(Body):
    """What a person saw: the paper came out."""

    outcome: Literal["printed"]


def _show_job(actor: Actor, job_id: str) -> View:
    return spool.print_job(job_id)


@reads(
    "/print-jobs",
    "The spool, newest first",
    PrintJobPage,
    (("status", "state"), ("sale", "id"), ("register", "code"), ("limit", "items"), ("cursor", "page")),
)
def get_print_jobs(actor: Actor) -> View:
    """Return a page of print jobs."""
    actor.need(Right.SEE_SALES)
    return listed(
        *spool.print_jobs(
            argument("status"),
            argument("sale"),
            argument("register") or actor.register,
            cursor_argument(),
            limit_argument(),
        )
    )


@changes(
    "/print-jobs/<job_id>/retry",
    RetryIn,
    _show_job,
    "Print one of unknown outcome again",
    PrintJobOut,
    creates=False,
)
def retry_job(call: Call, body: RetryIn, job_id: str) -> None:
    """Print it again, marked SALINAN."""
    call.actor.need(Right.REPRINT)
    printing.retry(job_id, call.actor, call.at)


@changes(
    "/print-jobs/<job_id>/resolve",
    ResolveIn,
    _show_job,
    "Say that the paper came out",
    PrintJobOut,
    creates=False,
)
def resolve_job(call: Call, body: ResolveIn, job_id: str) -> None:
    """Record that it came out."""
    call.actor.need(Right.REPRINT)
    printing.resolve(job_id, call.actor, call.at)
