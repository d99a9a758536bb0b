"""Receipts that several tests print."""

import io

from PIL import Image as Picture

from printers.document import QR, Barcode, Columns, Cut, Document, Feed, Image, Rule, Text

# 220 characters, the length of a QRIS payload with every optional field.
LONG_CODE = ("00020101021226660016COM.EXAMPLE.WWW0118936009180000000018021000000000150303UMI" * 4)[:220]


def logo(width: int = 120, height: int = 40) -> bytes:
    """A dark grey box on a transparent ground."""
    picture = Picture.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((40, 40, 40, 255), (10, 10, width - 10, height - 10))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def receipt(name: str = "Keripik Tempe Original 250 g") -> Document:
    """A sale of three lines, as the shop prints it."""
    return Document(
        (
            Text("Karya Mandiri", align="center", bold=True, big=True),
            Text("Jl. Merdeka 1, Bandung", align="center"),
            Text("24/11/2026 14.05 WIB"),
            Columns("K1-000123", "Kasir: Ani"),
            Rule(),
            Text(name),
            Columns("  2 x 12.500", "25.000"),
            Text("Minuman Bunga Telang 330 ml"),
            Columns("  1 x 8.000", "8.000"),
            Text("Gantungan Kunci"),
            Columns("  1 x 5.000", "5.000"),
            Rule(),
            Columns("TOTAL", "38.000", bold=True, big=True),
            Columns("Tunai", "50.000"),
            Columns("Kembali", "12.000"),
            Feed(),
            Text("Terima kasih", align="center"),
            Cut(),
        )
    )


def everything(name: str = "Keripik Tempe") -> Document:
    """A document with every kind of block."""
    return Document(
        (
            Image(logo()),
            Text(name, align="center", bold=True, big=True),
            Columns(name, "25.000"),
            Columns(name, "1.000.000", bold=True, big=True),
            Rule("="),
            Text(name, align="right"),
            Feed(2),
            QR("https://example.org/r/7KQ2", "Struk digital"),
            Barcode("8991234567891"),
            Text("Terima kasih"),
            Cut(),
        )
    )
