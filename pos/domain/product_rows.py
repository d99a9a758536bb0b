"""Products as a spreadsheet, CSV or XLSX: reading one that somebody made, writing one that Excel opens right.

Nothing is guessed: what can be meant in two ways is refused with its row, its column and what to do.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from pos.domain import workbook
from pos.domain.barcode import is_ean13
from pos.domain.words import N_
from pos.domain.workbook import Cell, NotAWorkbook

MAX_ROWS = 20_000
MAX_BYTES = 10 * 1024 * 1024
MAX_PIECES = 100_000

COLUMNS: dict[str, tuple[str, ...]] = {
    "sku": ("sku", "sku", "kode", "kode_barang", "kode_produk", "code"),
    "name": ("nama", "name", "nama_produk", "nama_barang", "product_name"),
    "name_en": ("nama_en", "name_en", "nama_inggris", "english_name"),
    "category": ("kategori", "category"),
    "unit": ("satuan", "unit"),
    "price": ("harga", "price", "harga_jual"),
    "valid_from": ("berlaku_mulai", "valid_from", "price_from"),
    "barcodes": ("barcode", "barcodes", "ean"),
    "active": ("aktif", "active"),
    "position": ("urutan", "position"),
    "favourite": ("favorit", "favourite", "favorite"),
    "category_position": ("urutan_kategori", "category_position", "category_order"),
    "stock": ("stok", "stock", "jumlah"),
    "lot": ("lot", "batch", "kode_lot"),
    "expires_on": ("kedaluwarsa", "kadaluarsa", "kadaluwarsa", "expires_on", "tanggal_kedaluwarsa", "expiry"),
    "unit_cost": ("harga_pokok", "unit_cost", "hpp"),
    "location": ("lokasi", "location"),
}
"""Each column and the headers it goes by; the first is what an Indonesian export writes."""

EXPORTED = (
    "sku",
    "name",
    "name_en",
    "category",
    "unit",
    "price",
    "valid_from",
    "barcodes",
    "active",
    "position",
    "favourite",
    "category_position",
)
"""The columns of an export. Stock is not among them: read in again, it would be received twice."""

_BY_HEADER = {header: column for column, headers in COLUMNS.items() for header in headers}
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3})+", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+", re.ASCII)
_DATES = (
    (re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII), (0, 1, 2)),
    (re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII), (2, 1, 0)),
)
_YES = frozenset({"ya", "yes", "y", "1", "true", "aktif", "active", "benar"})
_NO = frozenset({"tidak", "no", "n", "t", "0", "false", "nonaktif", "inactive", "salah"})

Params: TypeAlias = Mapping[str, object]


class Unreadable(ValueError):
    """A file that is no table of products at all."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params = params
        super().__init__(message % params if params else message)


class BadCell(ValueError):
    """A cell that can't be understood."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params = params
        super().__init__(message % params if params else message)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one cell: the row as the spreadsheet numbers it and the header as it stands there."""

    row: int
    column: str
    message: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One row: the columns that the file has, each read; None where the cell is empty."""

    row: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class Sheet:
    """A file that was read. `headers` gives each known column as it is written there."""

    headers: dict[str, str]
    rows: list[ProductRow] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


def read(data: bytes, name: str = "") -> Sheet:
    """Read a CSV or XLSX file, called `name`. What is wrong with single cells is listed in the sheet.

    Raises Unreadable.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(N_("The file is larger than %(most)s MB. Split it."), most=MAX_BYTES // 1024**2)
    sheet: Sheet | None = None
    columns: list[str | None] = []
    try:
        for number, cells in _workbook(data) if workbook.looks_like_one(data) else _csv(data, name):
            if not any(cell.strip() for cell in cells):
                continue
            if sheet is None:
                columns, sheet = _headers(cells)
            elif len(sheet.rows) >= MAX_ROWS:
                raise Unreadable(N_("The file has more than %(most)s rows. Split it."), most=MAX_ROWS)
            else:
                sheet.rows.append(_row(number, cells, columns, sheet))
    except NotAWorkbook as error:
        raise Unreadable(error.message, **error.params) from error
    if sheet is None or not sheet.rows:
        raise Unreadable(N_("The file has no rows. The first row names the columns: sku, nama, harga …"))
    return sheet


def _csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    if name.lower().endswith(workbook.SUFFIXES):
        raise Unreadable(N_("%(name)s is no Excel workbook, though it is called one."), name=name)
    text, number = _text(data)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            yield number, cells
            number += 1
    except csv.Error as error:
        raise Unreadable(
            N_("Row %(row)s can't be read (%(error)s). Is a quotation mark missing?"), row=number, error=error
        ) from error


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of the sheet with products: the one whose first row names the column sku."""
    filled = [(title, first, rows) for title, rows in workbook.sheets(data) if (first := next(rows, None))]
    named = [sheet for sheet in filled if any(_BY_HEADER.get(_header(cell)) == "sku" for cell in sheet[1][1])]
    if len(named) > 1:
        raise Unreadable(
            N_("More than one sheet holds products: %(sheets)s. Keep one."),
            sheets=", ".join(title for title, _, _ in named),
        )
    for _, first, rows in (named or filled)[:1]:
        yield first
        yield from rows


def _text(data: bytes) -> tuple[str, int]:
    """Return the file's text and the number its first row has in the spreadsheet."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(N_("This file is UTF-16. Save it as CSV UTF-8."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            N_("Line %(row)s is not UTF-8. In Excel choose Save as, CSV UTF-8."),
            row=data[: error.start].count(b"\n") + 1,
        ) from error
    if "\0" in text:
        raise Unreadable(N_("This is not a CSV file."))
    head, _, rest = text.partition("\n")
    # Excel's own hint in the first line; the header stands in the second.
    return (rest, 2) if re.fullmatch(r"sep=.\r?", head) else (text, 1)


def _delimiter(text: str) -> str:
    """Return what separates the cells: whatever makes most known headers of the first row."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(
        (";", ",", "\t"),
        key=lambda mark: (sum(_header(cell) in _BY_HEADER for cell in head.split(mark)), head.count(mark)),
    )


def _header(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", cell.strip().strip("\"'").lower())


def _headers(cells: Sequence[str]) -> tuple[list[str | None], Sheet]:
    columns: list[str | None] = []
    headers: dict[str, str] = {}
    for cell in cells:
        column = _BY_HEADER.get(_header(cell))
        if column is None and cell.strip():
            raise Unreadable(
                N_("The column %(column)s is not known. Known are: %(known)s."),
                column=cell.strip(),
                known=", ".join(names[0] for names in COLUMNS.values()),
            )
        if column is not None and column in headers:
            raise Unreadable(N_("The column %(column)s stands there twice."), column=cell.strip())
        columns.append(column)
        if column is not None:
            headers[column] = cell.strip()
    if "sku" not in headers:
        raise Unreadable(N_("The column sku is missing. The first row names the columns."))
    return columns, Sheet(headers)


def _row(number: int, cells: Sequence[str], columns: Sequence[str | None], sheet: Sheet) -> ProductRow:
    values: dict[str, Any] = dict.fromkeys(sheet.headers)
    for position, cell in enumerate(cells):
        column = columns[position] if position < len(columns) else None
        if column is None:
            if cell.strip():
                message = N_("There is a value outside the columns. Is a separator too many?")
                sheet.problems.append(CellProblem(number, "", message))
            continue
        text = _unguarded(cell.strip())
        if not text:
            continue
        try:
            if isinstance(cell, Cell):
                _check(cell, column)
            values[column] = _READERS.get(column, str)(text)
        except BadCell as error:
            sheet.problems.append(CellProblem(number, sheet.headers[column], error.message, error.params))
            # So that what is wrong already is not reported as missing too.
            values[column] = ...
    return ProductRow(number, values)


def _check(cell: Cell, column: str) -> None:
    """Refuse a cell of a workbook that does not hold what it seems to hold."""
    if cell.fault:
        raise BadCell(cell.fault, text=str(cell))
    # Seven digits, or nine to eleven, are no length a barcode has; with zeros before them these are one.
    if column == "barcodes" and cell.number and len(cell) in (7, 9, 10, 11) and is_ean13(cell.zfill(13)):
        raise BadCell(
            N_(
                "Excel has dropped the zeros before this barcode (%(text)s). Format the column as text and "
                "type it again."
            ),
            text=str(cell),
        )


def whole(text: str) -> int:
    """Read a whole number as people write it: 15000, 15.000, Rp 15.000; refuse what may be a fraction."""
    plain = re.sub(r"^rp\.?", "", text.replace("\u00a0", " ").strip(), flags=re.IGNORECASE).strip()
    plain = re.sub(r",(?:0{1,2}|-)$", "", plain)
    if not _WHOLE.fullmatch(plain):
        raise BadCell(
            N_("%(text)s is not a whole number. Write 15000 or 15.000, without decimals."), text=text
        )
    return int(plain.replace(".", ""))


def _pieces(text: str) -> int:
    pieces = whole(text)
    if pieces > MAX_PIECES:
        raise BadCell(N_("At most %(most)s."), most=MAX_PIECES)
    return pieces


def day(text: str) -> date:
    """Read a date: 2026-11-24, 24/11/2026 or 24-11-2026."""
    for pattern, order in _DATES:
        if match := pattern.fullmatch(text):
            parts = [int(part) for part in match.groups()]
            try:
                return date(parts[order[0]], parts[order[1]], parts[order[2]])
            except ValueError:
                break
    raise BadCell(N_("%(text)s is not a date. Write 2026-11-24 or 24/11/2026."), text=text)


def _yes_or_no(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadCell(N_("%(text)s is neither yes nor no. Write ya or tidak."), text=text)


def _codes(text: str) -> tuple[str, ...]:
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell(
            N_("Excel has shortened this barcode (%(text)s). Format the column as text and type it again."),
            text=text,
        )
    return tuple(dict.fromkeys(code for code in re.split(r"[\s|]+", text) if code))


def _sku(text: str) -> str:
    if _SCIENTIFIC.fullmatch(text) and "+" in text:
        raise BadCell(
            N_("Excel has shortened this code (%(text)s). Format the column as text and type it again."),
            text=text,
        )
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "sku": _sku,
    "price": whole,
    "position": whole,
    "category_position": _pieces,
    "stock": _pieces,
    "unit_cost": whole,
    "valid_from": day,
    "expires_on": day,
    "active": _yes_or_no,
    "favourite": _yes_or_no,
    "barcodes": _codes,
}


def write(products: Sequence[Mapping[str, Any]], language: str) -> str:
    """Write products (the EXPORTED columns of each) as CSV: Indonesian Excel wants `;`, English `,`."""
    out = io.StringIO(newline="")
    # Excel takes a file for UTF-8 only with this mark at its beginning.
    out.write("\ufeff")
    table = csv.writer(out, delimiter=";" if language == "id" else ",", lineterminator="\r\n")
    table.writerow(_head(language))
    for product in products:
        table.writerow([_cell(product[column], language) for column in EXPORTED])
    return out.getvalue()


def write_workbook(products: Sequence[Mapping[str, Any]], language: str) -> bytes:
    """Write products as an XLSX file, with the same columns and words as `write`."""
    rows = [[_workbook_cell(product[column], language) for column in EXPORTED] for product in products]
    return workbook.write("Produk" if language == "id" else "Products", _head(language), rows)


def _head(language: str) -> list[str]:
    return [COLUMNS[column][0 if language == "id" else 1] for column in EXPORTED]


def _cell(value: Any, language: str) -> str:
    plain = _plain(value, language)
    if plain is None:
        return ""
    return _guarded(plain) if isinstance(plain, str) else str(plain)


def _workbook_cell(value: Any, language: str) -> Any:
    """Numbers and dates as such. A text can't run there; only what reading would take off is doubled."""
    plain = _plain(value, language)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith("'") else plain


def _plain(value: Any, language: str) -> Any:
    if isinstance(value, bool):
        yes, no = ("ya", "tidak") if language == "id" else ("yes", "no")
        return yes if value else no
    return " ".join(value) if isinstance(value, list | tuple) else value


def _guarded(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _unguarded(text: str) -> str:
    """Take off what `_guarded` put before a text, so that an export read in again changes nothing."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text
