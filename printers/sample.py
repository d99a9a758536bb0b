"""The test page: it leads a person through what may be set up wrongly, one numbered step after the other.

It speaks Indonesian, as all papers of the shop do.
"""

from printers.document import QR, Barcode, Block, Columns, Cut, Document, Feed, Rule, Text
from printers.layout import Paper

# Of the range that shops number by themselves, and of no product.
_EXAMPLE = "2999999999991"


def sample_page(
    name: str, paper: Paper, title: str = "Karya POS", *, record: str = "", drawer: bool = False
) -> Document:
    """The test page of a printer; its ruler fills one line exactly, or the columns are set wrongly.

    `record` is the name of the printer's record. With `drawer` the page says that the drawer opens; its pulse
    is for whoever sends the page.
    """
    return Document(
        (
            *_head(name, paper, title, record),
            *_letters(paper),
            Text("4. QR: pindai dengan ponsel. Isinya harus nama printer ini."),
            QR(f"KARYA POS {name} {paper.columns}"),
            Text("5. Barcode: pindai dengan pemindai kasir."),
            Barcode(_EXAMPLE),
            Rule(),
            Text("6. Laci: harus terbuka satu kali." if drawer else "6. Laci: tidak ada di printer ini."),
            Text(_end(paper)),
            Text("AKHIR", align="center", bold=True),
            Cut(),
        )
    )


def _head(name: str, paper: Paper, title: str, record: str) -> tuple[Block, ...]:
    facts = f"{paper.columns} kolom, {paper.dots} titik, halaman {paper.code_page} ({paper.codec})"
    return (
        Text(title, align="center", bold=True, big=True),
        Text(f"Halaman uji printer {name}", align="center"),
        *((Text(f"Catatan printer: {record}", align="center"),) if record else ()),
        Text(facts, align="center"),
        Rule(),
    )


def _letters(paper: Paper) -> tuple[Block, ...]:
    ruler = "".join(str(number % 10) for number in range(1, paper.columns + 1))
    return (
        Text("1. Lebar: deret angka harus pas satu baris, dari tepi ke tepi."),
        Text(ruler),
        Columns("<", ">"),
        Text("2. Huruf: semua harus terbaca seperti ini."),
        Text("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789"),
        Text("e-aksen é, u-umlaut ü, a-bulat å, c-sedila ç, n-tilde ñ, setengah ½, derajat °"),
        Text("3. Tebal dan besar:"),
        Text("Huruf tebal", bold=True),
        Columns("TOTAL", "1.234.567", bold=True, big=True),
        Rule("="),
        Feed(),
    )


def _end(paper: Paper) -> str:
    if paper.cutter:
        return "7. Potong: kertas terpotong di bawah kata AKHIR, tidak pada tulisan."
    return "7. Sobek: kata AKHIR harus sudah di atas gerigi penyobek."
