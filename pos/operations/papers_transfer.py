"""The slip that goes with the goods of a transfer, to be ticked off and signed on arrival."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pos.domain.money import dotted
from pos.operations.receipts import head, when
from pos.operations.tills import Till
from printers.document import QR, Block, Columns, Cut, Document, Feed, Rule, Text


def slip(till: Till, transfer: Mapping[str, Any]) -> Document:
    """Return the slip: where from, where to, every lot with its date and pieces, two signatures."""
    blocks: list[Block] = head(till, title="SURAT PINDAH BARANG")
    blocks += [
        Columns("Dari", str(transfer["from"])),
        Columns("Ke", str(transfer["to"])),
        Columns("Waktu", when(datetime.fromisoformat(transfer["sent_at"]), till.time_zone)),
        Columns("Pengirim", str(transfer["sent_by"])),
    ]
    if transfer["note"]:
        blocks.append(Columns("Catatan", str(transfer["note"])))
    blocks.append(Rule())
    pieces = 0
    for line in transfer["lines"]:
        pieces += line["sent"]
        blocks += [Text(str(line["name"])), Columns(f"  {_lot(line)}", dotted(line["sent"]))]
        if transfer["status"] == "received" and line["received"] != line["sent"]:
            blocks.append(Columns("  Diterima", dotted(line["received"])))
    blocks += [Rule(), Columns("JUMLAH", dotted(pieces), bold=True)]
    if transfer["status"] == "received":
        blocks += [
            Columns("Diterima", when(datetime.fromisoformat(transfer["received_at"]), till.time_zone)),
            Columns("Penerima", str(transfer["received_by"])),
        ]
        if transfer["reason"]:
            blocks.append(Columns("Alasan", str(transfer["reason"])))
    else:
        blocks += [
            Feed(2),
            Columns("Pengirim", "Penerima"),
            Feed(3),
            Columns("(            )", "(            )"),
        ]
    blocks += [QR(f"pindah:{transfer['id']}"), Cut()]
    return Document(tuple(blocks))


def _lot(line: Mapping[str, Any]) -> str:
    said = f"Lot {line['lot']}" if line["lot"] else "Tanpa lot"
    return f"{said} {date.fromisoformat(line['expires_on']):%d-%m-%y}" if line["expires_on"] else said
