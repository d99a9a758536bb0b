"""The digital receipt: a page for whoever has its link, where the machine can be reached from outside at all.

It shows the goods and the amounts and nobody's name, stores nothing, and is not for search engines.
"""

from flask import Blueprint, Response, render_template, request

from pos.doors.pace import Pace
from pos.errors import NotFound
from pos.operations import links, receipts
from pos.queries.print_jobs import receipt_of
from pos.queries.sales import sale_view
from printers.document import Document
from printers.layout import Paper
from printers.render import to_png, to_text

bp = Blueprint("receipt", __name__, url_prefix="/r")

PAPER = Paper.of(32)
"""As wide as a phone is: the letters of a narrow receipt are readable without zooming."""
VISITS = 60
"""Requests a minute for one receipt: drawing it is work."""
GUESSES = 20
"""Links a minute from one address that open nothing. Right ones are answered all the same: behind a proxy for
TLS all phones come from one address."""

visits = Pace(VISITS)
guesses = Pace(GUESSES)


@bp.get("/<token>")
def page(token: str) -> Response:
    """The receipt as text and as a picture."""
    sale_id, document = _receipt(token)
    sale = sale_view(sale_id)
    html = render_template(
        "receipt/receipt.html",
        number=sale["number"],
        voided=sale["status"] == "voided",
        refunded=sale["refunded"],
        text=to_text(document, PAPER),
        picture=f"/r/{token}.png",
    )
    return _quiet(Response(html, content_type="text/html; charset=utf-8"))


@bp.get("/<token>.png")
def picture(token: str) -> Response:
    """The receipt as a picture."""
    _, document = _receipt(token)
    return _quiet(Response(to_png(document, PAPER), content_type="image/png"))


def _receipt(token: str) -> tuple[str, Document]:
    """Return the sale that the link opens and its receipt. Raises not_found and slow_down."""
    sale_id = links.sale_of(token)
    if sale_id is None:
        guesses.take(_network(request.remote_addr or ""))
        raise NotFound
    visits.take(sale_id)
    document, _, _ = receipt_of(sale_id)
    return sale_id, receipts.digital(document)


def _network(address: str) -> str:
    """Return who asks: an address, or the network of 64 bits that one customer of IPv6 has."""
    return ":".join(address.split(":")[:4]) if ":" in address else address


def _quiet(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
