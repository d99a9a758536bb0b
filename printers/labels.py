"""Labels for shelves and packages: what stands on one, and a strip of them for a receipt printer."""

from collections.abc import Sequence
from dataclasses import dataclass

from printers.document import QR, Barcode, Block, Cut, Document, Text
from printers.ean import is_ean13


@dataclass(frozen=True, slots=True)
class Label:
    """One label, from top to bottom; of the three codes at the bottom the first that is there is drawn."""

    name: str
    price: str = ""  # large
    unit: str = ""  # what the price is for
    notes: tuple[str, ...] = ()  # lot, best before
    ean: str = ""
    qr: str = ""
    code: str = ""  # plain words, for goods without a barcode

    def __post_init__(self) -> None:
        if self.ean and not is_ean13(self.ean):
            raise ValueError(f"{self.ean!r} is no EAN-13")


def strip(labels: Sequence[Label]) -> Document:
    """The labels one below the other, each cut or torn off."""
    if not labels:
        raise ValueError("there is no label to print")
    return Document(tuple(block for label in labels for block in _blocks(label)))


def _blocks(label: Label) -> list[Block]:
    blocks: list[Block] = [Text(label.name, align="center", bold=True)]
    if label.price:
        blocks.append(Text(label.price, align="center", bold=True, big=True))
    if label.unit:
        blocks.append(Text(label.unit, align="center"))
    blocks += [Text(note, align="center") for note in label.notes]
    if label.ean:
        blocks.append(Barcode(label.ean))
    elif label.qr:
        blocks.append(QR(label.qr))
    elif label.code:
        blocks.append(Text(label.code, align="center"))
    return [*blocks, Cut()]
