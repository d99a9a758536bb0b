"""Codes and bytes of receipts: `python -m tests.bench.receipts [--json]`, in a checkout.

A QR code of 220 characters is rendered for 58 and 80 mm paper, as an image and for the printer to draw, and
read back by two decoders (zxing-cpp, zbar) from the dots that reach the paper. An image is taken from the
printer's own bytes. What a printer draws itself is drawn here by an encoder that is not ours (zxing's), with
the module size and the data that stand in the bytes. Then the bytes of receipts, and how long a line needs
for them. Exit status 1 when a decoder reads anything but what was asked for.
"""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import zxingcpp
from PIL import Image as Picture
from PIL import ImageDraw
from pyzbar import pyzbar

from printers.document import QR, Block, Columns, Cut, Document, Image, Rule, Text
from printers.layout import Paper, QRStyle
from printers.render import to_escpos
from tests.escpos_reader import read

LENGTH = 220
# As long as a payload of QRIS with everything in it.
CODE = ("00020101021226660016COM.EXAMPLE.WWW0118936009180000000018021000000000150303UMI5802" * 3)[:LENGTH]
LINK = "https://toko.example/r/K1-000123.abcdefghijklmnop"
PAPERS = {"58 mm": 32, "80 mm 180 dpi": 42, "80 mm": 48}
STYLES: tuple[QRStyle, ...] = ("image", "native")
SPEEDS = {"9600 baud": 960, "115200 baud": 11_520}


@dataclass(frozen=True, slots=True)
class Scan:
    """One code on one paper, as two decoders saw it."""

    paper: str
    style: str
    module: int
    dots: int
    bytes: int
    zxing: bool
    zbar: bool


@dataclass(frozen=True, slots=True)
class Size:
    """One receipt and what it costs on a line."""

    paper: str
    receipt: str
    bytes: int
    seconds: dict[str, float]


def scans() -> Iterator[Scan]:
    """Every code on every paper."""
    for name, columns in PAPERS.items():
        for style in STYLES:
            data = to_escpos(Document((QR(CODE),)), Paper.of(columns, style))
            bitmap, module = _drawn(data, Paper.of(columns))
            yield Scan(
                name,
                style,
                module,
                _width(bitmap),
                len(data),
                {code.text for code in zxingcpp.read_barcodes(bitmap)} == {CODE},
                {code.data.decode() for code in pyzbar.decode(bitmap)} == {CODE},
            )


def _drawn(data: bytes, paper: Paper) -> tuple[Picture.Image, int]:
    """The code in grey on white paper, and the dots a side of its modules."""
    out = read(data)
    sheet = Picture.new("L", (paper.dots, paper.dots), 255)
    if out.pictures:
        image = out.pictures[0].convert("L")
        sheet.paste(image, (0, 0))
        return sheet, _module(image)
    (content,), (module,) = out.codes, out.code_sizes
    made = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    code = Picture.fromarray(zxingcpp.write_barcode_to_image(made, scale=module, add_quiet_zones=True))
    sheet.paste(code.convert("L"), ((paper.dots - code.width) // 2, 0))
    return sheet, module


def _module(image: Picture.Image) -> int:
    """The side of a module: the top of a corner's square is seven of them."""
    black = image.point([255 if level < 128 else 0 for level in range(256)])
    left, top, _, _ = black.getbbox() or (0, 0, 0, 0)
    run = 0
    while black.getpixel((left + run, top)):
        run += 1
    return run // 7


def _width(image: Picture.Image) -> int:
    black = image.point([255 if level < 128 else 0 for level in range(256)])
    left, _, right, _ = black.getbbox() or (0, 0, 0, 0)
    return right - left


def sizes() -> Iterator[Size]:
    """Receipts of the usual kinds."""
    for name, columns in PAPERS.items():
        paper, native = Paper.of(columns), Paper.of(columns, "native")
        link, long = QR(LINK, "Struk digital:", module=4), QR(CODE)
        for title, document, on in (
            ("3 lines", _receipt(3), paper),
            ("10 lines", _receipt(10), paper),
            ("10 lines, logo", _receipt(10, Image(_logo())), paper),
            ("10 lines, link as image", _receipt(10, link), paper),
            (
                "10 lines, link drawn by the printer",
                _receipt(10, link),
                native,
            ),
            ("10 lines, 220 characters as image", _receipt(10, long), paper),
            ("10 lines, 220 characters drawn by the printer", _receipt(10, long), native),
        ):
            count = len(to_escpos(document, on))
            yield Size(name, title, count, {line: round(count / rate, 2) for line, rate in SPEEDS.items()})


def _receipt(lines: int, *extra: Block) -> Document:
    goods: list[Block] = []
    for n in range(lines):
        goods += [Text(f"Keripik Tempe Rasa {n + 1} 250 g"), Columns("  2 x 12.500", "25.000")]
    head = (
        Text("Karya Mandiri", align="center", bold=True),
        Text("Jl. Merdeka 1, Bandung", align="center"),
        Rule(),
        Columns("No.", "K1-000123"),
        Columns("Waktu", "24-11-2026 14.05 WIB"),
        Columns("Kasir", "Ani"),
        Rule(),
    )
    paid = (
        Rule(),
        Columns("TOTAL", "250.000", bold=True),
        Columns("Tunai", "300.000"),
        Columns("Kembalian", "50.000"),
    )
    return Document((*head, *goods, *paid, *extra, Text("Terima kasih", align="center"), Cut()))


def _logo() -> bytes:
    picture = Picture.new("1", (256, 96), 1)
    ImageDraw.Draw(picture).ellipse((80, 4, 176, 92), outline=0, width=10)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def main() -> int:
    """Print both tables; fail when a code was not read."""
    found, cost = list(scans()), list(sizes())
    bad = [scan for scan in found if not (scan.zxing and scan.zbar)]
    if "--json" in sys.argv[1:]:
        print(json.dumps({"scans": [asdict(s) for s in found], "sizes": [asdict(s) for s in cost]}, indent=1))
        return 1 if bad else 0
    print(f"A QR code of {LENGTH} characters, read back from the printer's dots")
    print(f"{'paper':16}{'drawn as':10}{'module':>8}{'width':>10}{'bytes':>8}  zxing-cpp  zbar")
    for scan in found:
        by_zxing, by_zbar = ("read" if ok else "NOT READ" for ok in (scan.zxing, scan.zbar))
        head = f"{scan.paper:16}{scan.style:10}{scan.module:>3} dots{scan.dots:>5} dots{scan.bytes:>8}"
        print(f"{head}  {by_zxing:11}{by_zbar}")
    print("\nBytes of receipts, and seconds on a serial line")
    print(f"{'paper':16}{'receipt':48}{'bytes':>7}" + "".join(f"{line:>14}" for line in SPEEDS))
    for size in cost:
        times = "".join(f"{seconds:>12.2f} s" for seconds in size.seconds.values())
        print(f"{size.paper:16}{size.receipt:48}{size.bytes:>7}{times}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
