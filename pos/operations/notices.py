"""Notifications of providers: kept as they came, and a reason to ask at once. They move no money."""

import hashlib
from datetime import datetime

from sqlalchemy import insert, update

from pos.db import db, table
from pos.ids import new_id
from pos.models import PaymentNotice
from pos.operations import tasks
from pos.operations.collecting import attempt_of

NOTICE = table(PaymentNotice)

MAX_NOTICE = 64 * 1024
"""Bytes of a notification; a provider's have about one kilobyte."""


def take(provider: str, our_reference: str, body: bytes, at: datetime) -> bool:
    """Keep a notification whose signature was right and have its attempt asked about now.

    The same one again is not kept again. Returns False when no attempt has this reference.
    """
    attempt = attempt_of(our_reference, provider)
    if attempt is None:
        # Not kept: a stranger's references could fill the disk, signed or not.
        return False
    digest = hashlib.sha256(body).hexdigest()
    again = db.session.execute(
        update(NOTICE).where(NOTICE.c.provider == provider, NOTICE.c.digest == digest).values(last_at=at)
    )
    if not again.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            insert(NOTICE),
            {
                "id": new_id(),
                "provider": provider,
                "digest": digest,
                "our_reference": our_reference,
                "body": body.decode("utf-8", "replace"),
                "received_at": at,
                "last_at": at,
            },
        )
    tasks.ask_now(attempt, provider, at)
    return True
