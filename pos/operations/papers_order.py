"""The slip of an order: a number to say and a code to scan at the till, in Indonesian like all paper."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pos.domain.money import dotted
from pos.domain.orders import code_of
from pos.operations.cart import CartLine
from pos.operations.receipts import ZONES, head, note, when
from pos.operations.tills import Till
from printers.document import QR, Block, Columns, Cut, Document, Rule, Text


def slip(till: Till, order: Mapping[str, Any], lines: Sequence[CartLine], total: int) -> Document:
    """Return the slip: it is no receipt, and says so, with until when its goods are set aside."""
    local = order["expires_at"].astimezone(ZoneInfo(till.time_zone))
    zone = ZONES.get(till.time_zone, "")
    blocks: list[Block] = head(till, title="PESANAN", dressed=True)
    blocks += [
        Text(str(order["number"]), align="center", bold=True, big=True),
        Text(f"Bayar sebelum {local:%H.%M} {zone}".rstrip(), align="center", bold=True),
        Text("Tunjukkan kertas ini di kasir.", align="center"),
        Rule(),
    ]
    if order["note"]:
        blocks += note(order["note"])
    blocks += [Columns("Waktu", when(order["created_at"], till.time_zone)), Rule()]
    for line in lines:
        price = f"  {dotted(line.quantity)} x {dotted(line.unit_price)}"
        blocks += [Text(line.name), Columns(price, dotted(line.quantity * line.unit_price))]
        if line.discount:
            blocks.append(Columns("  Potongan", dotted(-line.discount)))
        blocks += note(line.note, "  ")
    if order["discount"]:
        blocks.append(Columns("Potongan", dotted(-order["discount"])))
    blocks += [
        Rule(),
        Columns("TOTAL", dotted(total), bold=True),
        Text("Belum dibayar. Harga dihitung lagi saat dibayar.", align="center"),
        QR(code_of(order["id"])),
        Cut(),
    ]
    return Document(tuple(blocks))
