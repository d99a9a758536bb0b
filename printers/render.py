"""A document as ESC/POS bytes, as text and as a picture, all drawn from the same laid-out lines.

What draws is loaded with the first paper: a machine that has no printer and shows none saves its memory.
"""

from printers.document import Document
from printers.drawer import drawer_pulse
from printers.layout import Paper, lay_out

__all__ = ["drawer_pulse", "to_escpos", "to_png", "to_text"]


def to_escpos(document: Document, paper: Paper) -> bytes:
    """The bytes that print a document; ValueError when it cannot be put on this paper."""
    from printers.writer import write

    return write(document, paper)


def to_text(document: Document, paper: Paper) -> str:
    """What a person reads on the paper, line by line; QR codes and barcodes as their data in brackets."""
    from printers.plain import plain

    return plain(lay_out(document, paper), paper.dots)


def to_png(document: Document, paper: Paper) -> bytes:
    """The paper as a picture of as many dots across as the printer has."""
    from printers.sketch import draw

    return draw(lay_out(document, paper), paper.dots)
