"""The papers of a shift, in Indonesian: the X report while it is open, the Z report when it is closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pos.domain.money import dotted
from pos.operations.receipts import head, when
from pos.operations.tills import Till
from printers.document import Block, Columns, Cut, Document, Feed, Rule, Text


def z_document(till: Till, report: Mapping[str, Any]) -> Document:
    """Return the Z report for paper: what was sold, what was expected, counted, and the difference."""
    blocks = head(till, title=f"LAPORAN HARIAN (Z) {till.code} no. {report['number']}")
    blocks += [
        *_opening(till, report),
        Columns("Tutup", when(datetime.fromisoformat(report["closed_at"]), till.time_zone)),
        Columns("Ditutup oleh", report["closed_by"]),
        Rule(),
        *_sums(report),
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


def x_document(till: Till, report: Mapping[str, Any], by: str, at: datetime) -> Document:
    """Return the X report for paper; what the report leaves out for its reader is not on the paper either."""
    blocks = head(till, title=f"LAPORAN SEMENTARA (X) {till.code}")
    blocks += [
        *_opening(till, report),
        Columns("Dicetak", when(at, till.time_zone)),
        Columns("Dicetak oleh", by),
        Rule(),
        *_sums(report),
    ]
    if "over_short" in report and report["counted_cash"] is not None:
        blocks += [
            Columns("Dihitung", dotted(report["counted_cash"]), bold=True),
            Columns("Selisih", dotted(report["over_short"]), bold=True),
        ]
    blocks += [Rule(), *_products(report["by_product"]), Rule()]
    blocks += [Text("Kas belum ditutup: laporan ini bukan Z.", align="center"), Cut()]
    return Document(tuple(blocks))


def _opening(till: Till, report: Mapping[str, Any]) -> list[Block]:
    return [
        Columns("Tanggal usaha", _date(str(report["business_date"]))),
        Columns("Buka", when(datetime.fromisoformat(report["opened_at"]), till.time_zone)),
        Columns("Dibuka oleh", report["opened_by"]),
    ]


def _sums(report: Mapping[str, Any]) -> list[Block]:
    """Return the counts and amounts that the report has; before the count a cashier's has only some."""
    blocks: list[Block] = [Columns("Penjualan", dotted(report["sales_count"]))]
    if report["first_number"]:
        blocks.append(Columns("Nomor", f"{report['first_number']} - {report['last_number']}"))
    blocks += [
        Columns("Retur", dotted(report["refund_count"])),
        Columns("Pembatalan", dotted(report["void_count"])),
        Columns("Salinan struk", dotted(report["copies"])),
        Columns("Laci tanpa penjualan", dotted(report["drawer_openings"])),
        *_corrections(report),
        Rule(),
        *_amount(report, "Kotor", "gross"),
        *_amount(report, "Potongan", "discounts", sign=-1),
        *_amount(report, "Pembulatan", "rounding"),
        *_amount(report, "Dikembalikan", "refunds", sign=-1),
        *_amount(report, "BERSIH", "net", bold=True),
    ]
    if "by_method" in report:
        blocks += [
            Columns("  Tunai", dotted(report["by_method"]["cash"])),
            Columns("  QRIS", dotted(report["by_method"]["qris"])),
        ]
    if "qris" in report:
        blocks += _qris(report["qris"])
    return [
        *blocks,
        Rule(),
        *_amount(report, "Kas awal", "float"),
        *_amount(report, "Penjualan tunai", "cash_sales"),
        *_amount(report, "Retur tunai", "cash_refunds", sign=-1),
        *_amount(report, "Kas masuk", "paid_in"),
        *_amount(report, "Kas keluar", "paid_out", sign=-1),
        *_amount(report, "Seharusnya", "expected_cash", bold=True),
    ]


def _corrections(report: Mapping[str, Any]) -> list[Block]:
    """Return how often a payment was changed afterwards; most days say nothing of it."""
    count = report.get("tender_corrections", 0)
    return [Columns("Pembayaran diubah", dotted(count))] if count else []


def _qris(split: Mapping[str, Mapping[str, int]]) -> list[Block]:
    """Return who says that the QRIS money came, and what is still open; lines with nothing in them only of
    the two that every day has.
    """
    by_hand, late = split["by_hand"], split["late"]
    blocks: list[Block] = [
        _counted("    dari penyedia", split["confirmed"]),
        _counted("    manual", by_hand),
    ]
    if by_hand["unverified_count"]:
        pieces = f"    belum terverifikasi ({by_hand['unverified_count']})"
        blocks.append(Columns(pieces, dotted(by_hand["unverified"])))
    if split["simulated"]["count"]:
        blocks.append(_counted("    UJI COBA, bukan uang", split["simulated"]))
    if split["pending"]["count"]:
        blocks.append(_counted("    masih ditunggu", split["pending"]))
    if late["count"]:
        blocks.append(_counted("  QRIS tanpa penjualan", late))
    if late["undecided_count"]:
        pieces = f"    belum diputuskan ({late['undecided_count']})"
        blocks.append(Columns(pieces, dotted(late["undecided"])))
    for key, words in (
        ("refunds_waiting", "  Retur QRIS diproses"),
        ("refunds_refused", "  Retur QRIS ditolak"),
    ):
        if split[key]["count"]:
            blocks.append(_counted(words, split[key]))
    return blocks


def _counted(words: str, part: Mapping[str, int]) -> Block:
    return Columns(f"{words} ({part['count']})", dotted(part["amount"]))


def _amount(
    report: Mapping[str, Any], word: str, key: str, *, sign: int = 1, bold: bool = False
) -> list[Block]:
    return [Columns(word, dotted(sign * report[key]), bold=bold)] if key in report else []


def _products(lines: Sequence[Mapping[str, Any]]) -> list[Block]:
    blocks: list[Block] = []
    for line in lines:
        pieces = f"  {dotted(line['quantity'])}"
        blocks += [Text(line["name"]), Columns(pieces, dotted(line["total"]) if "total" in line else "")]
        if line["refunded_quantity"]:
            back = f"  kembali {dotted(line['refunded_quantity'])}"
            blocks.append(Columns(back, dotted(-line["refunded"]) if "refunded" in line else ""))
    return blocks


def _date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}-{month}-{year}"
