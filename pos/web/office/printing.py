"""Printers with what they say, and the spool: print again, or say that it came out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.operations import printing
from pos.queries.print_jobs import print_jobs
from pos.web.office import home, words
from pos.web.office.form import Form

bp = Blueprint("printing", __name__, url_prefix="/printing")

PAGE = 50


@bp.get("/")
def index() -> str:
    """The printers of this machine and the print jobs of the shop, newest first."""
    actor = identity.need(Right.SEE_SALES)
    status = request.args.get("status", "")
    items, cursor = print_jobs(
        status if status in words.JOB else None,
        None,
        actor.register,
        request.args.get("before") or None,
        PAGE,
    )
    unknown, _ = print_jobs("unknown", None, actor.register, None, PAGE)
    return render_template(
        "office/printing.html",
        printers=home.printers(),
        jobs=items,
        unknown=[job for job in unknown if job["kind"] != "drawer"],
        cursor=cursor,
        status=status,
        statuses=list(words.JOB),
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
