"""Lines as plain text: what a person reads on the paper, and what a screen reader says."""

from collections.abc import Iterable

from printers import picture
from printers.codes import code_in
from printers.layout import BarcodeLine, ImageLine, Printed, QRLine, RasterLine, TextLine


def plain(lines: Iterable[Printed], dots: int) -> str:
    """One row of text a line; codes as their data in brackets, also those that came as pictures."""
    return "".join(f"{text}\n" for text in (_row(line, dots) for line in lines) if text is not None)


def _row(line: Printed, dots: int) -> str | None:
    match line:
        case TextLine():
            return line.text
        case QRLine() | BarcodeLine():
            return _bracketed(line.data)
        case ImageLine():
            return _bracketed(_code_of_logo(line.png, dots))
        case RasterLine():
            return _bracketed(code_in(line.image))
        case _:
            return None


def _bracketed(data: str | None) -> str | None:
    return None if data is None else f"[{' '.join(data.split())}]"


def _code_of_logo(png: bytes, dots: int) -> str | None:
    try:
        return code_in(picture.on_paper(picture.logo(png, dots), dots))
    except picture.UnprintableError:
        return None
