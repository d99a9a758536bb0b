"""The documents that are printed, in Indonesian. Texts for paper stand here, in the shop's language, not the
reader's.

A receipt never says that goods can't be returned: such a clause is void (UU 8/1999 art. 18).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos.domain.money import dotted
from pos.operations.actor import Actor
from pos.operations.journal import Row
from pos.operations.tills import Till
from printers.document import Block, Columns, Cut, Document, Feed, Rule, Text

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
METHODS = {"cash": "Tunai", "qris": "QRIS"}
COPY_MARK = "SALINAN"


@dataclass(frozen=True, slots=True)
class Sold:
    """A completed sale as its receipt needs it.

    `reference` was typed for a QRIS payment confirmed by hand.
    """

    till: Till
    sale: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    tenders: Sequence[Mapping[str, Any]]
    reference: str | None = None


def when(at: datetime, time_zone: str) -> str:
    """Return date and time as on Indonesian paper, with the zone's name: 24-11-2026 14.05 WIB."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local:%d-%m-%Y %H.%M} {ZONES.get(time_zone, local.strftime('%z'))}"


def _head(till: Till, *, title: str = "") -> list[Block]:
    blocks: list[Block] = [Text(till.outlet_name, align="center", bold=True)]
    if till.shop.name and till.shop.name != till.outlet_name:
        blocks.insert(0, Text(till.shop.name, align="center", bold=True))
    if till.outlet_address:
        blocks.append(Text(till.outlet_address, align="center"))
    if till.shop.demo:
        blocks.append(Text("CONTOH - bukan struk penjualan", align="center"))
    if title:
        blocks.append(Text(title, align="center", bold=True))
    blocks.append(Rule())
    return blocks


def sale_receipt(sold: Sold) -> Document:
    """Return the receipt of a completed sale."""
    till, sale = sold.till, sold.sale
    blocks = _head(till)
    blocks += [
        Columns("No.", str(sale["number"])),
        Columns("Waktu", when(sale["completed_at"], till.time_zone)),
        Columns("Kasir", str(sale["cashier"])),
        Rule(),
    ]
    for line in sold.lines:
        blocks += _line(line["name"], line["quantity"], line["unit_price"], line["discount"])
    blocks.append(Rule())
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
    if sold.reference:
        blocks += [Text("QRIS dikonfirmasi kasir (manual)"), Columns("Referensi", sold.reference)]
    blocks.append(Rule())
    if till.shop.receipt_footer:
        blocks.append(Text(till.shop.receipt_footer, align="center"))
    return Document((*blocks, Cut()))


def _line(name: str, quantity: int, unit_price: int, discount: int) -> list[Block]:
    blocks: list[Block] = [
        Text(name),
        Columns(f"  {dotted(quantity)} x {dotted(unit_price)}", dotted(quantity * unit_price)),
    ]
    if discount:
        blocks.append(Columns("  Potongan", dotted(-discount)))
    return blocks


def as_copy(document: Document, number: int) -> Document:
    """Return the document marked as a copy, at the top and at the bottom."""
    mark = Text(f"{COPY_MARK} ke-{number}", align="center", bold=True)
    body = [block for block in original(document).blocks if not isinstance(block, Cut)]
    return Document((mark, *body, mark, Cut()))


def original(document: Document) -> Document:
    """Return the document without the marks of a copy."""
    if not is_copy(document):
        return document
    return Document((*document.blocks[1:-2], Cut()))


def is_copy(document: Document) -> bool:
    """Say whether the document is marked as a copy already."""
    first = document.blocks[0] if document.blocks else None
    return isinstance(first, Text) and first.text.startswith(COPY_MARK)


def refund_receipt(
    till: Till, refund: Row, lines: Sequence[Row], tenders: Sequence[Row], sale: Any
) -> Document:
    """Return the paper of a refund or void, with a line for the customer's signature."""
    title = "PEMBATALAN STRUK" if refund["kind"] == "void" else "RETUR"
    blocks = _head(till, title=title)
    blocks += [
        Columns("No.", refund["number"]),
        Columns("Struk asal", str(sale.number)),
        Columns("Waktu", when(refund["at"], till.time_zone)),
        Columns("Kasir", refund["by"]),
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
    blocks = _head(till, title=title)
    blocks += [
        Columns("Mesin kasir", till.code),
        Columns("Waktu", when(event["at"], till.time_zone)),
        Columns("Kasir", actor.name),
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


def z_document(till: Till, report: Mapping[str, Any]) -> Document:
    """Return the Z report for paper: what was sold, what was expected, counted, and the difference."""
    blocks = _head(till, title=f"LAPORAN HARIAN (Z) {till.code} no. {report['number']}")
    blocks += [
        Columns("Tanggal usaha", _date(str(report["business_date"]))),
        Columns("Buka", when(datetime.fromisoformat(report["opened_at"]), till.time_zone)),
        Columns("Dibuka oleh", report["opened_by"]),
        Columns("Tutup", when(datetime.fromisoformat(report["closed_at"]), till.time_zone)),
        Columns("Ditutup oleh", report["closed_by"]),
        Rule(),
        Columns("Penjualan", dotted(report["sales_count"])),
    ]
    if report["first_number"]:
        blocks.append(Columns("Nomor", f"{report['first_number']} - {report['last_number']}"))
    blocks += [
        Columns("Retur", dotted(report["refund_count"])),
        Columns("Pembatalan", dotted(report["void_count"])),
        Columns("Salinan struk", dotted(report["copies"])),
        Columns("Laci tanpa penjualan", dotted(report["drawer_openings"])),
        Rule(),
        Columns("Kotor", dotted(report["gross"])),
        Columns("Potongan", dotted(-report["discounts"])),
        Columns("Pembulatan", dotted(report["rounding"])),
        Columns("Dikembalikan", dotted(-report["refunds"])),
        Columns("BERSIH", dotted(report["net"]), bold=True),
        Columns("  Tunai", dotted(report["by_method"]["cash"])),
        Columns("  QRIS (manual)", dotted(report["by_method"]["qris"])),
        Rule(),
        Columns("Kas awal", dotted(report["float"])),
        Columns("Penjualan tunai", dotted(report["cash_sales"])),
        Columns("Retur tunai", dotted(-report["cash_refunds"])),
        Columns("Kas masuk", dotted(report["paid_in"])),
        Columns("Kas keluar", dotted(-report["paid_out"])),
        Columns("Seharusnya", dotted(report["expected_cash"]), bold=True),
        Columns("Dihitung", dotted(report["counted_cash"]), bold=True),
        Columns("Selisih", dotted(report["over_short"]), bold=True),
    ]
    if report["reason"]:
        blocks.append(Text(f"Alasan: {report['reason']}"))
    if report["approved_by"]:
        blocks.append(Columns("Disetujui", report["approved_by"]))
    blocks += [Rule(), *_products(report["by_product"]), Rule()]
    blocks += [
        Columns("Total sepanjang waktu", dotted(report["grand_total"])),
        Text(f"Buku: {report['last_entry_hash']}"),
        Feed(2),
        Text("Kasir: ______________________"),
        Feed(1),
        Text("Pengawas: ___________________"),
        Cut(),
    ]
    return Document(tuple(blocks))


def _products(lines: Sequence[Mapping[str, Any]]) -> list[Block]:
    blocks: list[Block] = []
    for line in lines:
        blocks += [Text(line["name"]), Columns(f"  {dotted(line['quantity'])}", dotted(line["total"]))]
        if line["refunded_quantity"]:
            blocks.append(
                Columns(f"  kembali {dotted(line['refunded_quantity'])}", dotted(-line["refunded"]))
            )
    return blocks


def _date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}-{month}-{year}"
