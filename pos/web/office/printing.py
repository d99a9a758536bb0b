"""Printers with what they say, and the spool: print again, or say that it came out."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_
from pos.operations import printing
from pos.queries.outlets import desks
from pos.queries.print_jobs import LOOKS_BACK, View, looks_back, print_jobs
from pos.web.office import home, lists, show, words
from pos.web.office.form import Form

bp = Blueprint("printing", __name__, url_prefix="/printing")

PAGE = 50
COLUMNS: tuple[lists.Column[View], ...] = (
    (N_("What"), lambda job: job["title"] or words.word(job["kind"], "job_kind")),
    (N_("Kind"), lambda job: words.word(job["kind"], "job_kind")),
    (N_("Register"), lambda job: job["register"]),
    (N_("Made"), lambda job: show.at(job["created_at"])),
    (N_("State"), lambda job: words.word(job["status"], "job")),
    (N_("Tries"), lambda job: job["attempts"]),
    (N_("Last trouble"), lambda job: gettext(job["last_error"]) if job["last_error"] else ""),
)


@bp.get("/")
def index() -> Response | str:
    """The printers of this machine and the print jobs of the shop, newest first."""
    actor = identity.need(Right.SEE_SALES)
    status = lists.asked("status", words.JOB)
    desk = actor.register or lists.asked("register") or None

    def fetch(cursor: str | None, limit: int) -> tuple[list[View], str | None]:
        return print_jobs(status or None, None, desk, cursor, limit, lists.typed())

    if lists.file_asked():
        return lists.send(N_("Print jobs"), COLUMNS, fetch)
    items, cursor = lists.page(fetch, PAGE)
    unknown, _ = print_jobs("unknown", None, actor.register, None, PAGE)
    return render_template(
        "office/printing.html",
        printers=home.printers(),
        jobs=items,
        unknown=[job for job in unknown if job["kind"] != "drawer"],
        cursor=cursor,
        looks_back=LOOKS_BACK.days if looks_back(status, desk, lists.typed()) else None,
        status=status,
        statuses=words.options("job"),
        register=desk or "",
        registers=[(one.code, one.code) for one in desks() if actor.register in (None, one.code)],
    )


@bp.post("/<job_id>/retry")
def retry(job_id: str) -> Response:
    """Print a job of unknown outcome again, marked SALINAN."""
    actor = identity.need(Right.REPRINT)
    form = Form.sent()
    done = form.carry_out(lambda _key, at: printing.retry(job_id, actor, at))
    flash(gettext("It is printed again, marked SALINAN.") if done else form.message, "" if done else "danger")
    return redirect(url_for("office.printing.index"))


@bp.post("/<job_id>/resolve")
def resolve(job_id: str) -> Response:
    """Record that the paper came out."""
    actor = identity.need(Right.REPRINT)
    form = Form.sent()
    done = form.carry_out(lambda _key, at: printing.resolve(job_id, actor, at))
    flash(gettext("Noted: it came out.") if done else form.message, "" if done else "danger")
    return redirect(url_for("office.printing.index"))
