"""The slip with a QRIS code, where the screen can't be turned to the buyer; in Indonesian like all paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos.domain.money import dotted
from pos.domain.qris import Malformed, parse
from pos.domain.rights import Right
from pos.errors import N_, NotFound, PosError
from pos.operations import payments, printing
from pos.operations.actor import Actor, is_own
from pos.operations.journal import Act, Request, refuse_replay
from pos.operations.receipts import ZONES, head, not_money
from pos.operations.tills import Till
from printers.document import LARGEST_MODULE, QR, Block, Columns, Cut, Document, Rule, Text


def print_code(sale_id: str, actor: Actor, at: datetime, request: Request) -> None:
    """Print the code that a sale waits for on its register's printer, as long as it can be paid.

    Raises not_found, sale_not_waiting, code_not_ready, Replayed.
    """
    actor.need(Right.SELL)
    waiting = payments.enter(sale_id, actor)
    refuse_replay(request)
    if not actor.may(Right.SEE_SALES) and not is_own(actor, waiting.till.code, waiting.sale["cashier_key"]):
        raise NotFound
    payment = waiting.payment
    if payment["status"] != "waiting" or payment["expires_at"] <= at:
        raise payments.not_waiting()
    if payment["payload"] is None:
        raise PosError("code_not_ready", N_("The code is still being made. Wait a moment."))
    Act(waiting.till.book, "code_printed", actor, at, request).finish()
    printing.add_job(
        waiting.till,
        "qr",
        slip(waiting.till, payment),
        sale_id,
        f"QRIS {dotted(payment['amount'])}",
        until=payment["expires_at"],
    )


def slip(till: Till, payment: Mapping[str, Any]) -> Document:
    """Return the slip: whom it pays, how much, until when, and that it is no receipt."""
    local = payment["expires_at"].astimezone(ZoneInfo(till.time_zone))
    until = f"{local:%H.%M.%S} {ZONES.get(till.time_zone, '')}".rstrip()
    blocks: list[Block] = head(till, title="BAYAR DENGAN QRIS")
    blocks += [
        Text(f"Rp {dotted(payment['amount'])}", align="center", bold=True, big=True),
        QR(payment["payload"], module=LARGEST_MODULE),
        *_merchant(payment["payload"]),
        Rule(),
        Columns("Berlaku sampai", until, bold=True),
        *not_money(payment),
        Text("Bukan struk. Struk dicetak setelah pembayaran diterima.", align="center"),
        Cut(),
    ]
    return Document(tuple(blocks))


def _merchant(payload: str) -> list[Block]:
    try:
        code = parse(payload)
    except Malformed:
        return []
    blocks: list[Block] = []
    if code.merchant_name:
        blocks.append(Text(code.merchant_name, align="center", bold=True))
    domain = next((account.domain for account in code.accounts if account.domain), None)
    rows = (("NMID", code.nmid), ("Penyelenggara", code.acquirer or domain))
    return [*blocks, *(Columns(word, value) for word, value in rows if value)]
