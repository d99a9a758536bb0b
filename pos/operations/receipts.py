"""The documents that customers and cashiers get, in Indonesian: paper speaks the shop's language, not the
reader's.

What a sale's receipt shows is a matter of the shop's settings (`receipt_...` in pos/domain/shop.py). It never
says that goods can't be returned: such a clause is void (UU 8/1999 art. 18).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos.domain.money import dotted
from pos.domain.shop import Shop
from pos.models.sales import WHOLE
from pos.operations.actor import Actor
from pos.operations.journal import Row
from pos.operations.tills import Till
from pos.payments.pretending import pretends
from printers.document import QR, Block, Columns, Cut, Document, Feed, Image, Rule, Text

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
METHODS = {"cash": "Tunai", "qris": "QRIS"}
COPY_MARK = "SALINAN"
CASHIER = "Kasir"
REFERENCE = "Referensi"
PAID_FROM = "Dibayar dari"
NOTE = "Catatan:"
PRIVATE = (CASHIER, REFERENCE, PAID_FROM)
"""Rows that stay on the customer's own paper and are not shown to whoever has a link."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A completed sale as its receipt needs it.

    `payment` is that of a QRIS sale, `link` opens the digital receipt, `barcodes` are the digits of products
    by their id, `notes` words about lines by their position and about the sale by WHOLE. `corrected_at`: when
    it was said how it was really paid.
    """

    till: Till
    sale: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    tenders: Sequence[Mapping[str, Any]]
    payment: Mapping[str, Any] | None = None
    link: str = ""
    barcodes: Mapping[int, str] = field(default_factory=dict)
    corrected_at: datetime | None = None
    notes: Mapping[int, str] = field(default_factory=dict)


def when(at: datetime, time_zone: str) -> str:
    """Return date and time as on Indonesian paper, with the zone's name: 24-11-2026 14.05 WIB."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local:%d-%m-%Y %H.%M} {ZONES.get(time_zone, local.strftime('%z'))}"


def head(till: Till, *, title: str = "", dressed: bool = False) -> list[Block]:
    """Return what every paper begins with; `dressed` with the logo and the words that customers see."""
    shop = till.shop
    blocks: list[Block] = []
    if dressed and shop.receipt_logo:
        blocks.append(Image(base64.b64decode(shop.receipt_logo)))
    if shop.name and shop.name != till.outlet_name:
        blocks.append(Text(shop.name, align="center", bold=True))
    blocks.append(Text(till.outlet_name, align="center", bold=True))
    if till.outlet_address and shop.receipt_show_address:
        blocks.append(Text(till.outlet_address, align="center"))
    if dressed and shop.receipt_header.strip():
        blocks.append(Text(shop.receipt_header, align="center"))
    if shop.demo:
        blocks.append(Text("CONTOH - bukan struk penjualan", align="center"))
    if title:
        blocks.append(Text(title, align="center", bold=True))
    blocks.append(Rule())
    return blocks


def sale_receipt(sold: Sold) -> Document:
    """Return the receipt of a completed sale."""
    till, sale, shop = sold.till, sold.sale, sold.till.shop
    corrected = sold.corrected_at
    blocks = head(till, title="PEMBAYARAN DIUBAH" if corrected else "", dressed=True)
    blocks += [
        Columns("No.", str(sale["number"])),
        Columns("Waktu", when(sale["completed_at"], till.time_zone)),
    ]
    if corrected:
        blocks.append(Columns("Diubah", when(corrected, till.time_zone)))
    if shop.receipt_show_cashier:
        blocks.append(Columns(CASHIER, str(sale["cashier"])))
    blocks.append(Rule())
    for position, line in enumerate(sold.lines):
        blocks += _line(line, shop, sold.barcodes.get(line["product_id"], ""))
        blocks += note(sold.notes.get(position, ""), "  ")
    blocks += [Rule(), *_sums(sold), Rule()]
    if WHOLE in sold.notes:
        blocks += [*note(sold.notes[WHOLE]), Rule()]
    if shop.receipt_footer.strip():
        blocks.append(Text(shop.receipt_footer, align="center"))
    if sold.link and shop.receipt_show_link:
        blocks.append(QR(sold.link, "Struk digital:", module=4))
    return Document((*blocks, Cut()))


def _sums(sold: Sold) -> list[Block]:
    sale = sold.sale
    blocks: list[Block] = []
    if sale["discount"] or sale["rounding"]:
        blocks.append(Columns("Subtotal", dotted(sale["subtotal"])))
    if sale["discount"]:
        blocks.append(Columns("Potongan", dotted(-sale["discount"])))
    if sale["rounding"]:
        blocks.append(Columns("Pembulatan", dotted(sale["rounding"])))
    blocks.append(Columns("TOTAL", dotted(sale["total"]), bold=True))
    blocks += [Columns(METHODS[tender["method"]], dotted(tender["amount"])) for tender in sold.tenders]
    if any(tender["method"] == "cash" for tender in sold.tenders):
        blocks.append(Columns("Kembalian", dotted(sale["change"])))
    return blocks + _qris(sold.payment)


def _qris(payment: Mapping[str, Any] | None) -> list[Block]:
    """Return what stands below a QRIS tender: who says that it was paid, and by which number it is found."""
    if payment is None:
        return []
    blocks: list[Block] = []
    if payment["confirmed_by"]:
        blocks.append(Text("QRIS dikonfirmasi kasir (manual)"))
    elif payment["issuer"]:
        blocks.append(Columns(PAID_FROM, payment["issuer"]))
    return [*blocks, Columns(REFERENCE, payment["reference"]), *not_money(payment)]


def not_money(payment: Mapping[str, Any]) -> list[Block]:
    """Return the words of a payment that was only pretended, for whoever finds the paper later."""
    if not pretends(payment["provider"]):
        return []
    where = "simulator" if payment["provider"] == "simulator" else "sandbox"
    return [Text(f"UJI COBA ({where}), bukan uang", align="center", bold=True)]


def _line(line: Mapping[str, Any], shop: Shop, barcode: str) -> list[Block]:
    quantity, unit_price, discount = line["quantity"], line["unit_price"], line["discount"]
    blocks: list[Block] = [Text(line["name"])]
    if barcode:
        blocks.append(Text(f"  {barcode}"))
    told = discount and shop.receipt_show_discounts
    pieces = f"  {dotted(quantity)}"
    if shop.receipt_show_unit_prices and (told or not discount):
        # Beside an amount that hides its discount a unit price would look like a wrong sum.
        pieces += f" x {dotted(unit_price)}"
    blocks.append(Columns(pieces, dotted(quantity * unit_price - (0 if told else discount))))
    if told:
        blocks.append(Columns("  Potongan", dotted(-discount)))
    return blocks


def note(text: str, indent: str = "") -> list[Block]:
    """Return the words about a sale, an order or one of their lines; nothing when there are none."""
    return [Text(f"{indent}{NOTE} {text}")] if text else []


def as_copy(document: Document, number: int) -> Document:
    """Return the document marked as a copy, at the top and at the bottom.

    Of several pieces, as labels are, each stays as it was, and a piece of its own before them has the mark.
    """
    mark = Text(f"{COPY_MARK} ke-{number}", align="center", bold=True)
    blocks = original(document).blocks
    if sum(isinstance(block, Cut) for block in blocks) > 1:
        return Document((mark, Cut(), *blocks))
    return Document((mark, *(block for block in blocks if not isinstance(block, Cut)), mark, Cut()))


TRAINING_MARK = Text("LATIHAN, BUKAN STRUK", align="center", bold=True)


def as_training(document: Document) -> Document:
    """Return the document marked as one of the shop to practise in, at the top and at the bottom, once.

    Of several pieces, as labels are, each stays as it was, and a piece of its own before them has the mark.
    """
    blocks = document.blocks
    if TRAINING_MARK in blocks:
        return document
    if sum(isinstance(block, Cut) for block in blocks) > 1:
        return Document((TRAINING_MARK, Cut(), *blocks))
    inner = (block for block in blocks if not isinstance(block, Cut))
    return Document((TRAINING_MARK, *inner, TRAINING_MARK, Cut()))


def original(document: Document) -> Document:
    """Return the document without the marks of a copy."""
    if not is_copy(document):
        return document
    if isinstance(document.blocks[1], Cut):
        return Document(document.blocks[2:])
    return Document((*document.blocks[1:-2], Cut()))


def is_copy(document: Document) -> bool:
    """Say whether the document is marked as a copy already."""
    return copy_number(document) > 0


def copy_number(document: Document) -> int:
    """Return which copy the document says it is; 0 for the first paper."""
    first = document.blocks[0] if document.blocks else None
    if not isinstance(first, Text) or not first.text.startswith(f"{COPY_MARK} ke-"):
        return 0
    number = first.text.removeprefix(f"{COPY_MARK} ke-")
    return int(number) if number.isascii() and number.isdigit() else 0


def digital(document: Document) -> Document:
    """Return a receipt as anybody with its link may see it: without names, notes and the link's own code."""
    shown = [
        block
        for block in original(document).blocks
        if not isinstance(block, QR | Cut)
        and not (isinstance(block, Columns) and block.left in PRIVATE)
        and not (isinstance(block, Text) and block.align == "left" and block.text.lstrip().startswith(NOTE))
    ]
    return Document((*shown, Cut()))


def refund_receipt(
    till: Till, refund: Row, lines: Sequence[Row], tenders: Sequence[Row], sale: Any
) -> Document:
    """Return the paper of a refund or void, with a line for the customer's signature."""
    title = "PEMBATALAN STRUK" if refund["kind"] == "void" else "RETUR"
    blocks = head(till, title=title, dressed=True)
    blocks += [
        Columns("No.", refund["number"]),
        Columns("Struk asal", str(sale.number)),
        Columns("Waktu", when(refund["at"], till.time_zone)),
        Columns(CASHIER, refund["by"]),
    ]
    if refund["approved_by"]:
        blocks.append(Columns("Disetujui", refund["approved_by"]))
    blocks.append(Rule())
    for line in lines:
        blocks += [
            Text(line["name"]),
            Columns(f"  {dotted(line['quantity'])} dikembalikan", dotted(line["total"])),
        ]
    blocks += [Rule(), Columns("DIKEMBALIKAN", dotted(refund["total"]), bold=True)]
    blocks += [Columns(METHODS[tender["method"]], dotted(tender["amount"])) for tender in tenders]
    blocks += [Text(f"Alasan: {refund['reason']}"), Feed(2), Text("Tanda tangan: ________________"), Cut()]
    return Document(tuple(blocks))


def cash_slip(till: Till, event: Row, actor: Actor) -> Document:
    """Return the slip of cash put into or taken out of the drawer."""
    title = "KAS MASUK" if event["kind"] == "pay_in" else "KAS KELUAR"
    blocks = head(till, title=title)
    blocks += [
        Columns("Mesin kasir", till.code),
        Columns("Waktu", when(event["at"], till.time_zone)),
        Columns(CASHIER, actor.name),
    ]
    if actor.approver is not None:
        blocks.append(Columns("Disetujui", actor.approver.name))
    blocks += [
        Rule(),
        Columns("JUMLAH", dotted(abs(event["amount"])), bold=True),
        Text(f"Alasan: {event['reason']}"),
        Feed(2),
        Text("Tanda tangan: ________________"),
        Cut(),
    ]
    return Document(tuple(blocks))
