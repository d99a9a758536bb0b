"""A page that shows whether a printer is set up rightly: width, characters, a code to scan, the cut."""

from printers.document import QR, Block, Columns, Cut, Document, Rule, Text
from printers.layout import Paper


def sample_page(name: str, paper: Paper, title: str = "Karya POS") -> Document:
    """The test page of a printer: its ruler fills one line exactly, or the columns are set too wide."""
    ruler = "".join(str(number % 10) for number in range(1, paper.columns + 1))
    blocks: tuple[Block, ...] = (
        Text(title, align="center", bold=True, big=True),
        Text(name, align="center"),
        Rule(),
        Text(ruler),
        Columns("<", ">"),
        Text("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789"),
        Text("éüäàåçñ ½¼ °±÷"),
        Text("Bold", bold=True),
        Columns("TOTAL", "1.234.567", bold=True, big=True),
        Rule("="),
        QR(f"KARYA POS {name} {paper.columns}"),
        Cut(),
    )
    return Document(blocks)
