"""Delivery notes, return notes and statements of partners on paper: A4 for the office, slips at a register.

Paper speaks Indonesian, the shop's language; the partner signs it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos.domain.fees import hundredths
from pos.domain.money import dotted
from pos.operations import printing, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request
from pos.operations.receipts import head, when
from pos.operations.tills import Till
from pos.queries import partners as queries
from pos.queries.agreed import Agreed
from pos.queries.outlets import outlets
from pos.queries.shop import shop
from pos.queries.statement import Statement
from pos.schemas.stock import TransferPrintIn
from printers.a4 import Column, Paper, pdf
from printers.document import QR, Block, Columns, Cut, Document, Feed, Rule, Text

View = Mapping[str, Any]


def print_return(
    return_id: str, order: TransferPrintIn, actor: Actor, at: datetime, request: Request
) -> None:
    """Print a return note at a register's printer. Raises not_found, Replayed."""
    till = tills.enter_to_print(order.at_register, actor, request)
    view = queries.return_view(return_id)
    printing.add_job(till, "transfer", return_slip(till, view), title=str(view["number"]))
    Act(till.book, "transfer_printed", actor, at, request).finish()


def delivery_slip(till: Till, view: View) -> Document:
    """Return a delivery note as a slip: to whom, every lot with its date and pieces, two signatures."""
    blocks: list[Block] = head(till, title="SURAT JALAN TITIP JUAL")
    blocks += [Columns("No.", str(view["number"])), Columns("Kepada", str(view["partner_name"]))]
    if view["address"]:
        blocks.append(Text(str(view["address"])))
    blocks += [
        Columns("Dari", str(view["from"])),
        Columns("Waktu", when(datetime.fromisoformat(view["sent_at"]), till.time_zone)),
        Columns("Pengirim", str(view["sent_by"])),
    ]
    arrived = view["status"] == "received"
    name = "received" if arrived else "sent"
    blocks += _goods([(line, line[name]) for line in view["lines"] if line[name]])
    if view["note"]:
        blocks.append(Columns("Catatan", str(view["note"])))
    return Document(
        (*blocks, *_signed("Yang menyerahkan", "Yang menerima"), QR(f"pindah:{view['id']}"), Cut())
    )


def return_slip(till: Till, view: View) -> Document:
    """Return a return note as a slip."""
    blocks: list[Block] = head(till, title="SURAT RETUR TITIP JUAL")
    blocks += [
        Columns("No.", str(view["number"])),
        Columns("Dari", str(view["partner_name"])),
        Columns("Ke", str(view["to"])),
        Columns("Waktu", when(datetime.fromisoformat(view["at"]), till.time_zone)),
        Columns("Penerima", str(view["by"])),
    ]
    blocks += _goods([(line, line["quantity"]) for line in view["lines"]])
    if view["note"]:
        blocks.append(Columns("Catatan", str(view["note"])))
    return Document((*blocks, *_signed("Yang menyerahkan", "Yang menerima"), Cut()))


def _goods(lines: Sequence[tuple[View, int]]) -> list[Block]:
    blocks: list[Block] = [Rule()]
    for line, pieces in lines:
        blocks += [Text(str(line["name"])), Columns(f"  {_lot(line)}", dotted(pieces))]
        if line.get("spoiled"):
            blocks.append(Text(f"  Rusak: {line['reason']}"))
    return [*blocks, Rule(), Columns("JUMLAH", dotted(sum(pieces for _, pieces in lines)), bold=True)]


def _signed(left: str, right: str) -> list[Block]:
    return [Feed(2), Columns(left, right), Feed(3), Columns("(            )", "(            )")]


def _lot(line: View) -> str:
    said = f"Lot {line['lot']}" if line["lot"] else "Tanpa lot"
    return f"{said} {date.fromisoformat(line['expires_on']):%d-%m-%y}" if line["expires_on"] else said


def delivery_pdf(view: View, time_zone: str) -> bytes:
    """Return a delivery note on A4, with the agreed price of each product and what the goods come to."""
    partner = queries.partner(str(view["partner"]))
    arrived = view["status"] == "received"
    name = "received" if arrived else "sent"
    at = datetime.fromisoformat(view["received_at"] if arrived else view["sent_at"])
    lines = [line for line in view["lines"] if line[name]]
    ids = queries.product_ids([line["sku"] for line in lines])
    agreed = Agreed(partner.id, ids.values())
    on = datetime.fromisoformat(view["sent_at"]).astimezone(ZoneInfo(time_zone)).date()
    rows, whole = [], 0
    for n, line in enumerate(lines, 1):
        price = agreed.on(ids[line["sku"]], on)
        worth = line[name] * (price or 0)
        whole += worth
        rows.append(
            (
                str(n),
                f"{line['sku']} {line['name']}",
                line["lot"] or "-",
                _day(line["expires_on"]),
                dotted(line[name]),
                "-" if price is None else dotted(price),
                dotted(worth),
            )
        )
    facts = [
        ("No.", str(view["number"])),
        ("Kepada", partner.name),
        ("Alamat", partner.address or "-"),
        ("Kontak", partner.contact or "-"),
        ("Dari", f"{view['from_name']} ({view['from']})"),
        ("Diterima" if arrived else "Dikirim", when(at, time_zone)),
        ("Pengirim", str(view["sent_by"])),
        *([("Catatan", str(view["note"]))] if view["note"] else []),
        *([("Selisih", str(view["reason"]))] if view["reason"] else []),
    ]
    pieces = sum(line[name] for line in lines)
    return pdf(
        Paper(
            issuer=_issuer(),
            title="SURAT JALAN TITIP JUAL",
            facts=facts,
            columns=(*_NUMBERED, Column("Harga", 16, "right"), Column("Nilai (Rp)", 22, "right")),
            rows=rows,
            sums=("", "JUMLAH", "", "", dotted(pieces), "", dotted(whole)),
            notes=_terms(partner),
            signatures=("Yang menyerahkan,", "Pengantar,", "Yang menerima,"),
            foot=f"{view['number']} - {partner.name}",
        )
    )


_NUMBERED = (
    Column("No.", 9, "right"),
    Column("Barang", 62),
    Column("Batch", 26),
    Column("Baik sebelum", 22),
    Column("Jumlah", 15, "right"),
)


def _terms(partner: queries.PartnerView) -> list[str]:
    notes = [
        "Barang tetap milik kami sampai terjual. Yang tidak terjual dapat dikembalikan.",
        f"Bagian mitra {percent(partner.commission_bp)} dari harga jual.",
    ]
    return [*notes, partner.terms] if partner.terms else notes


def percent(basis_points: int) -> str:
    """Return basis points as Indonesian paper writes them: 1250 is 12,5%."""
    return f"{hundredths(basis_points).replace('.', ',')}%"


def return_pdf(view: View, time_zone: str) -> bytes:
    """Return a return note on A4."""
    rows = [
        (
            str(n),
            f"{line['sku']} {line['name']}",
            line["lot"] or "-",
            _day(line["expires_on"]),
            dotted(line["quantity"]),
            f"Rusak: {line['reason']}" if line["spoiled"] else "Kembali ke stok",
        )
        for n, line in enumerate(view["lines"], 1)
    ]
    return pdf(
        Paper(
            issuer=_issuer(),
            title="SURAT RETUR TITIP JUAL",
            facts=[
                ("No.", str(view["number"])),
                ("Dari", str(view["partner_name"])),
                ("Alamat", str(view["address"] or "-")),
                ("Kontak", str(view["contact"] or "-")),
                ("Ke", f"{view['to_name']} ({view['to']})"),
                ("Waktu", when(datetime.fromisoformat(view["at"]), time_zone)),
                ("Penerima", str(view["by"])),
                *([("Catatan", str(view["note"]))] if view["note"] else []),
            ],
            columns=(*_NUMBERED, Column("Keterangan", 40)),
            rows=rows,
            sums=("", "JUMLAH", "", "", dotted(sum(line["quantity"] for line in view["lines"])), ""),
            signatures=("Yang menyerahkan,", "Yang menerima,"),
            foot=f"{view['number']} - {view['partner_name']}",
        )
    )


def statement_pdf(found: Statement) -> bytes:
    """Return a partner's statement on A4, landscape, with what they owe."""
    partner, sums = found.partner, found.sums
    names = ("opening", "delivered", "sold", "returned", "lost", "closing")
    rows = [
        (
            f"{line.sku} {line.name}",
            *(dotted(getattr(line.flow, name)) for name in names),
            "-" if line.price is None else dotted(line.price),
            dotted(line.value),
            dotted(line.gross),
            dotted(line.commission),
            dotted(line.due),
        )
        for line in found.lines
    ]
    money = (dotted(found.value), dotted(found.gross), dotted(found.commission), dotted(found.due))
    reports = ", ".join(
        f"{queries.report_head(one)['number']}" + (f" ({one.document})" if one.document else "")
        for one in found.reports
    )
    heads = ("Awal", "Dikirim", "Terjual", "Retur", "Hilang", "Akhir")
    return pdf(
        Paper(
            issuer=_issuer(),
            title="REKAP TITIP JUAL",
            facts=[
                ("Mitra", partner.name),
                ("Alamat", partner.address or "-"),
                ("Masa", f"{found.from_on:%d-%m-%Y} s.d. {found.until_on:%d-%m-%Y}"),
                ("Bagian mitra", f"{percent(partner.commission_bp)} (yang berlaku sekarang)"),
                ("Laporan", reports or "-"),
            ],
            columns=(
                Column("Barang", 60),
                *(Column(name, 15, "right") for name in heads),
                *(
                    Column(name, 22, "right")
                    for name in ("Harga", "Nilai akhir", "Penjualan", "Bagian mitra", "Tagihan")
                ),
            ),
            rows=rows,
            sums=("JUMLAH", *(dotted(getattr(sums, name)) for name in names), "", *money),
            boxes=(
                ("Penjualan", dotted(found.gross)),
                ("Bagian mitra", dotted(-found.commission)),
                ("Tagihan kepada mitra (Rp)", dotted(found.due)),
            ),
            notes=[partner.terms] if partner.terms else [],
            signatures=("Dibuat oleh,", "Mitra,"),
            foot=f"{partner.name} {found.from_on:%d-%m-%Y} s.d. {found.until_on:%d-%m-%Y}",
            way="landscape",
        )
    )


def _issuer() -> list[str]:
    here, places = shop(), outlets()
    lines = [here.name] if here.name else []
    if places:
        lines += [line for line in (places[0].name, places[0].address) if line and line not in lines]
    if here.demo:
        lines.append("CONTOH - bukan dokumen penjualan")
    return lines or ["Karya POS"]


def _day(text: str | None) -> str:
    return "-" if text is None else f"{date.fromisoformat(text):%d-%m-%Y}"
