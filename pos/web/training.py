"""Practising: the way there from the real shop, and the papers that no printer prints there."""

from flask import Blueprint, Response, render_template, request

from pos.domain.rights import Right
from pos.doors import identity
from pos.doors.machine import settings
from pos.errors import N_, NotFound
from pos.locks import is_held
from pos.queries.print_jobs import paper_of
from printers.layout import Paper
from printers.render import to_png

bp = Blueprint("training", __name__)


@bp.app_context_processor
def _way_back() -> dict[str, str]:
    """Where a page of the shop to practise in finds the real one."""
    return {"real_till": way_back()}


def way_back() -> str:
    """Return the address of the real shop while practising: this machine, the real port; else nothing."""
    here = settings()
    return _beside(here.port_of_real) if here.practice and here.port_of_real else ""


def _beside(port: int) -> str:
    """Return the address of another port of this machine, as this browser reaches it."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return f"{request.scheme}://{host}:{port}/"


@bp.get("/training")
def page() -> str:
    """What training is, whether it runs, and how to get there."""
    here = settings()
    folder = here.training.data_dir
    running = not here.practice and is_held(folder / "serve.lock")
    address = ""
    if running:
        try:
            address = _beside(int((folder / "port").read_text(encoding="ascii")))
        except (OSError, ValueError):
            running = False
    return render_template("training/page.html", running=running, address=address, practising=here.practice)


@bp.get("/till/papers/<job_id>.png")
def paper(job_id: str) -> Response:
    """A paper that would have been printed, as a picture."""
    identity.need(Right.SELL)
    device = identity.current_device()
    document, register = paper_of(job_id)
    if not settings().practice or device is None or device.register is None:
        raise NotFound(N_("Papers come to the screen only while practising."))
    if register != device.register.code:
        raise NotFound(N_("There is no such print job."))
    printer = settings().printer_of(register)
    picture = to_png(document, printer.paper if printer else Paper.of(32))
    return Response(picture, content_type="image/png")
