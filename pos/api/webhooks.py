"""Where providers send their notifications. A right signature makes us ask; nothing here moves money."""

import json
import logging

from flask import Blueprint, Response, abort, request

from pos import clock
from pos.api.endpoint import desk
from pos.db import transact
from pos.operations.notices import MAX_NOTICE, take
from pos.payments.base import BadNotice, Reply

log = logging.getLogger("pos.payments")

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks/qris")


@bp.post("/<provider>/<path:rest>")
def notified(provider: str, rest: str) -> Response:
    """Check the signature over the raw bytes, note it, and have the payment asked about at once."""
    chosen = desk().provider(provider)
    if chosen is None:
        abort(404)
    if (request.content_length or 0) > MAX_NOTICE:
        abort(413)
    body, at = request.get_data(), clock.now()
    if len(body) > MAX_NOTICE:
        abort(413)
    try:
        notice = chosen.read_notice(request.path, dict(request.headers), body, at)
    except BadNotice as bad:
        log.warning("%s: a notification was refused: %s", provider, bad.detail)
        return _answer(bad.reply)
    known = transact(lambda: take(provider, notice.our_reference, body, at))
    if not known:
        log.warning("%s: a notification about %s, which is not ours", provider, notice.our_reference)
    return _answer(chosen.acknowledge(known=known))


def _answer(reply: Reply) -> Response:
    return Response(json.dumps(dict(reply.body)), status=reply.status, content_type="application/json")
