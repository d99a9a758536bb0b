"""A partner's file of what was sold, however they made it: which column is what, and what each row says.

Every supermarket has columns of its own. They are guessed from their headers, in Indonesian or English, and a
person may say otherwise. Nothing in a row is guessed: what can be meant in two ways is a fault.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from pos.domain import workbook
from pos.domain.settlement.cells import BadCell, moment, rounded
from pos.domain.settlement.reading import Unreadable, decoded
from pos.domain.words import N_
from pos.domain.workbook import Cell, NotAWorkbook

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_PIECES = 100_000
HEADER_WITHIN = 30
"""So many rows may stand above the header: the shop's name, the period, an address."""

ROLES: dict[str, tuple[str, ...]] = {
    "barcode": (
        "barcode",
        "kode barcode",
        "barcode number",
        "ean",
        "ean13",
        "ean code",
        "upc",
        "plu barcode",
        "kode batang",
        "gtin",
    ),
    "sku": (
        "sku",
        "kode barang",
        "kode produk",
        "kode item",
        "kode supplier",
        "kode",
        "item code",
        "product code",
        "article",
        "article code",
        "artikel",
        "no artikel",
        "plu",
        "item",
        "code",
    ),
    "quantity": (
        "qty terjual",
        "jumlah terjual",
        "qty jual",
        "qty sold",
        "sold qty",
        "sales qty",
        "qty sales",
        "quantity sold",
        "terjual",
        "penjualan qty",
        "qty",
        "quantity",
        "kuantitas",
        "kwantum",
        "qty pcs",
        "pcs",
        "jumlah",
        "sold",
        "laku",
    ),
    "price": (
        "harga jual",
        "harga satuan",
        "harga",
        "unit price",
        "selling price",
        "retail price",
        "price",
        "hjual",
    ),
    "date": (
        "tanggal",
        "tgl",
        "tanggal jual",
        "tgl jual",
        "tanggal transaksi",
        "tgl transaksi",
        "date",
        "sales date",
        "trans date",
        "transaction date",
        "hari",
    ),
    "outlet": (
        "nama toko",
        "toko",
        "cabang",
        "nama cabang",
        "gerai",
        "kode toko",
        "store name",
        "store",
        "outlet",
        "branch",
        "site",
        "lokasi",
    ),
}
"""What can be a column, and the headers by which it is known, the surest first."""

_TOTALS = re.compile(r"(?:grand |sub ?)?(?:total|jumlah)\b.*", re.IGNORECASE)
_WHOLE = re.compile(r"([+-]?)([0-9]{1,9})(?:[.,]0{1,2}|[.,]0{4,})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{3})+", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+[0-9]+", re.ASCII)

Rows = list[tuple[int, list[str]]]
"""Rows of cells with their numbers, as a spreadsheet numbers them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the header stands, and which column is what: by its place in the row, from 0."""

    header: int
    columns: Mapping[str, int]

    @property
    def complete(self) -> bool:
        """Whether products and pieces can be read."""
        return "quantity" in self.columns and ("sku" in self.columns or "barcode" in self.columns)


@dataclass(frozen=True, slots=True)
class Sold:
    """What a row says: a product by its codes, and pieces; the rest where the file tells it."""

    row: int
    sku: str
    barcode: str
    quantity: int
    price: int | None
    day: date | None
    outlet: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; `column` is the header as it stands there, empty for the whole row."""

    row: int
    column: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A file that was read: its rows, its faults, and how many rows were none (sums, nothing sold)."""

    layout: Layout
    headers: dict[str, str]
    rows: list[Sold] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0


def table(data: bytes) -> Rows:
    """Return the rows of a CSV file, or of the sheet of a workbook that looks most like a report.

    Raises Unreadable.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(N_("The file is larger than %(most)s MB. Split it."), most=MAX_BYTES // 1024**2)
    try:
        rows = _sheet(data) if workbook.looks_like_one(data) else _csv(decoded(data))
    except NotAWorkbook as error:
        raise Unreadable(error.message, **error.params) from error
    if not rows:
        raise Unreadable(N_("The file is empty."))
    if len(rows) > MAX_ROWS + HEADER_WITHIN:
        raise Unreadable(N_("The file has more than %(most)s rows. Split it."), most=MAX_ROWS)
    return rows


def _sheet(data: bytes) -> Rows:
    best: Rows = []
    score = -1
    for _, rows in workbook.sheets(data):
        found = [
            (number, cells[:MAX_COLUMNS]) for number, cells in islice(rows, MAX_ROWS + HEADER_WITHIN + 1)
        ]
        known = max((len(_known(cells)) for _, cells in found[:HEADER_WITHIN]), default=0)
        if found and known > score:
            best, score = found, known
    return best


def _csv(text: str) -> Rows:
    head, _, rest = text.partition("\n")
    first = 1
    if re.fullmatch(r"sep=.\r?", head):
        text, first = rest, 2
    lines = text[:200_000].splitlines()[:HEADER_WITHIN]

    def score(mark: str) -> tuple[int, int]:
        known = max((len(_known(_cells(line, mark))) for line in lines), default=0)
        return known, sum(line.count(mark) for line in lines)

    mark = max((";", ",", "\t", "|"), key=score)
    rows: Rows = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        for number, cells in enumerate(islice(reader, 2 * MAX_ROWS), first):
            if any(cell.strip() for cell in cells):
                rows.append((number, cells[:MAX_COLUMNS]))
    except csv.Error as error:
        raise Unreadable(
            N_("Row %(row)s can't be read (%(error)s). Is a quotation mark missing?"),
            row=rows[-1][0] + 1 if rows else 1,
            error=error,
        ) from error
    return rows


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def plain(header: str) -> str:
    """Return a header as ROLES spells it: lower case, without signs and currency."""
    words = re.sub(r"[^0-9a-z]+", " ", header.lower()).split()
    return " ".join(word for word in words if word not in ("rp", "idr", "no")) or header.strip().lower()


def _known(cells: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return where each column stands: as it was called last time, else by the surest of its names."""
    places: dict[str, int] = {}
    for index, cell in enumerate(cells[:MAX_COLUMNS]):
        if cell.strip():
            places.setdefault(plain(cell), index)
    found: dict[str, int] = {}
    for role, header in (remembered or {}).items():
        index = places.get(plain(header), -1)
        if role in ROLES and index >= 0 and index not in found.values():
            found[role] = index
    if remembered and found.keys() >= remembered.keys():
        return found
    for role, names in ROLES.items():
        for name in names:
            index = places.get(name, -1)
            if role not in found and index >= 0 and index not in found.values():
                found[role] = index
                break
    return found


def guess(rows: Rows, remembered: Mapping[str, str] | None = None, header: int | None = None) -> Layout:
    """Return the layout that a file seems to have. `header` is the number of the row with the headers, when
    somebody said which it is.
    """
    best = Layout(rows[0][0], {})
    for number, cells in rows[:HEADER_WITHIN] if header is None else [r for r in rows if r[0] == header]:
        found = Layout(number, _known(cells, remembered))
        if (found.complete, len(found.columns)) > (best.complete, len(best.columns)) or header is not None:
            best = found
    if not best.columns and header is None:
        # Nothing is known: the first row with several cells is what a person would take for the header.
        best = Layout(next((n for n, cells in rows if _filled(cells) > 1), rows[0][0]), {})
    return best


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def headers(rows: Rows, layout: Layout) -> list[str]:
    """Return what stands in the header row, column by column."""
    return next(([cell.strip() for cell in cells] for n, cells in rows if n == layout.header), [])


def read(rows: Rows, layout: Layout) -> Sheet:
    """Read the rows below the header. Raises Unreadable when there are none, or nobody knows the columns."""
    if not layout.complete:
        raise Unreadable(N_("Say which column holds the pieces, and which the SKU or the barcode."))
    names = headers(rows, layout)
    sheet = Sheet(layout, {role: names[at] or f"{at + 1}" for role, at in layout.columns.items()})
    for number, cells in rows:
        if number > layout.header:
            _take(sheet, number, cells)
    if not sheet.rows and not sheet.faults:
        raise Unreadable(
            N_("Below the header in row %(row)s stands nothing that was sold."), row=layout.header
        )
    return sheet


def _take(sheet: Sheet, number: int, cells: Sequence[str]) -> None:
    found = {role: cells[at] if at < len(cells) else Cell.EMPTY for role, at in sheet.layout.columns.items()}
    text = {role: cell.strip().removeprefix("'").strip() for role, cell in found.items()}
    if _is_none(sheet, text, cells):
        sheet.skipped += 1
        return
    values: dict[str, int | date | None] = {}
    faults: list[Fault] = []
    for role, cell in found.items():
        try:
            if isinstance(cell, Cell) and cell.fault:
                raise BadCell(cell.fault, text=str(cell))
            values[role] = _value(role, text[role])
        except BadCell as error:
            faults.append(Fault(number, sheet.headers[role], error.message, error.params))
    if not text.get("sku") and not text.get("barcode"):
        role = "barcode" if "barcode" in found else "sku"
        faults.append(Fault(number, sheet.headers[role], N_("The product's code is missing.")))
    sheet.faults += faults
    quantity, price, day = values.get("quantity"), values.get("price"), values.get("date")
    if faults:
        return
    if not isinstance(quantity, int) or quantity == 0:
        sheet.skipped += 1
        return
    sheet.rows.append(
        Sold(
            number,
            text.get("sku", ""),
            text.get("barcode", ""),
            quantity,
            price if isinstance(price, int) else None,
            day if isinstance(day, date) else None,
            text.get("outlet", "")[:60],
        )
    )


def _is_none(sheet: Sheet, text: Mapping[str, str], cells: Sequence[str]) -> bool:
    """Say whether a row tells of no product: blank, a sum, or the header once more on another page."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    if not first or all(text[role] == name for role, name in sheet.headers.items()):
        return True
    coded = text.get("sku", "") + text.get("barcode", "")
    return bool(_TOTALS.fullmatch(first)) and (not coded or coded == first)


def _value(role: str, text: str) -> int | date | None:
    if role == "quantity":
        return pieces(text)
    if role in ("sku", "barcode"):
        if _SCIENTIFIC.fullmatch(text):
            message = N_(
                "Excel has shortened this code (%(text)s). Format the column as text and type it again."
            )
            raise BadCell(message, text=text)
        if len(text) > 40 or not text.isprintable():
            raise BadCell(N_("This is no code of a product."))
        return None
    if role == "outlet" and not text.isprintable():
        raise BadCell(N_("Leave out control characters and line breaks."))
    if not text or role == "outlet":
        return None
    if role == "price":
        amount = rounded(text)
        if amount < 0:
            raise BadCell(N_("A price is never below zero."))
        return amount
    day = moment(text).day
    if day is None:
        raise BadCell(N_("%(text)s is not a date. Write 24/11/2026 or 2026-11-24."), text=text)
    return day


def pieces(text: str) -> int:
    """Read whole pieces: 12 or 12,00. 1.250 may mean one piece or many, and is refused."""
    plain_text = text.replace("\u2212", "-").strip()
    if plain_text.startswith("(") and plain_text.endswith(")"):
        plain_text = f"-{plain_text[1:-1]}"
    if _GROUPED.fullmatch(plain_text):
        raise BadCell(
            N_("%(text)s can be meant in two ways. Write whole pieces without points: 1250."), text=text
        )
    match = _WHOLE.fullmatch(plain_text)
    if match is None:
        raise BadCell(N_("%(text)s is no number of whole pieces."), text=text or "–")
    count = int(match.group(2))
    if count > MAX_PIECES:
        raise BadCell(N_("%(text)s is too large."), text=text)
    return -count if match.group(1) == "-" else count
