"""Workbooks (XLSX) as rows of text, and rows as a workbook: what a CSV file has, without its losses.

A workbook is a stranger's archive of XML. It is looked at before anything is read: its size unpacked, its
kind, and that no part declares entities. What Excel changed beyond repair is a fault of its cell, never a
guess.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Literal, Self
from xml.parsers import expat

from pos.domain.words import N_

MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 500
MAX_CELLS = 4_000_000
"""Places in the grid up to the last cell of each row, empty ones included."""
MAX_COLUMNS = 200
MAX_ROWS = 1_048_576
MAX_DIGITS = 15
"""Excel keeps so many digits of a number and makes the rest zeros."""

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xls")

_CHUNK = 64 * 1024
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_SHORTENED = N_("Excel has shortened this number (%(text)s). Format the column as text and type it again.")
_DAMAGED = N_("This workbook is damaged. Open it in Excel, save it again and take that file.")
_PASSWORD = N_("This is an old or a password-protected Excel file. Save it as .xlsx without a password.")


class NotAWorkbook(ValueError):
    """A file that is no workbook, or none that is safe to read."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params: Mapping[str, object] = params
        super().__init__(message % params if params else message)


class Cell(str):
    """A cell's text.

    `number`: it was one, so zeros at its beginning may be lost. `fault`: why it can't be used.
    """

    __slots__ = ("fault", "number")
    EMPTY: ClassVar["Cell"]

    def __new__(cls, text: str, *, number: bool = False, fault: str = "") -> Self:
        """Make a cell; a fault's text may name it as %(text)s."""
        cell = super().__new__(cls, text)
        cell.number = number
        cell.fault = fault
        return cell

    number: bool
    fault: str


Cell.EMPTY = Cell("")

Rows = Iterator[tuple[int, list[str]]]
"""Rows that hold anything, numbered as the sheet numbers them; the cells are Cells."""


def looks_like_one(data: bytes) -> bool:
    """Say whether a file is a workbook, an old one or any other archive: nothing that CSV could be."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def sheets(data: bytes) -> list[tuple[str, Rows]]:
    """Return the visible sheets by name. Raises NotAWorkbook, also while their rows are read."""
    formulas = _inspect(data)
    # Half a second and some megabytes, which only those who bring a workbook shall pay.
    import openpyxl

    def opened(*, values: bool) -> Any:
        with _in_words():
            return openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=values, keep_links=False
            )

    shown = opened(values=True)
    asked = opened(values=False) if formulas else None
    return [
        (sheet.title, _rows(sheet, asked[sheet.title] if asked else None))
        for sheet in shown.worksheets
        if sheet.sheet_state == "visible"
    ]


class _in_words:  # noqa: N801 - reads as a statement
    """Turn whatever the library makes of a mangled file into one refusal."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> Literal[False]:
        """Raise NotAWorkbook for any error that is not one already."""
        if isinstance(error, Exception) and not isinstance(error, NotAWorkbook):
            raise NotAWorkbook(_DAMAGED) from error
        return False


def _inspect(data: bytes) -> bool:
    """Refuse what is not safe to unpack or to parse; say whether any sheet holds formulas."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotAWorkbook(_PASSWORD)
    with _in_words(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        # zipfile never unpacks more of a part than its declared size.
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise NotAWorkbook(
                N_("Unpacked, this workbook is larger than %(most)s MB. Split it, or take out pictures."),
                most=MAX_UNPACKED // 1024**2,
            )
        names = [part.filename.lower() for part in parts]
        if len(set(names)) != len(names):
            raise NotAWorkbook(_DAMAGED)
        if any(part.flag_bits & 1 for part in parts):
            raise NotAWorkbook(_PASSWORD)
        if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
            raise NotAWorkbook(
                N_("This workbook holds macros. Save it as Excel workbook (.xlsx), without macros.")
            )
        if "[content_types].xml" not in names:
            raise NotAWorkbook(N_("This is no Excel workbook. Save the table as .xlsx or as CSV UTF-8."))
        found = False
        for part in parts:
            # Every part, whatever its name: the workbook itself says which of them are sheets.
            content = archive.read(part)
            _refuse_declarations(content)
            found = found or _FORMULA.search(content) is not None
    return found


def _refuse_declarations(content: bytes) -> None:
    """Refuse a part with a document type: no workbook has one, and entities that grow are declared there."""
    parser = expat.ParserCreate()
    begun = False

    def begin(*_: object) -> None:
        nonlocal begun
        begun = True

    def refuse(*_: object) -> None:
        raise NotAWorkbook(N_("This workbook declares things that no workbook needs. It is not read."))

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    for at in range(0, len(content), _CHUNK):
        try:
            parser.Parse(content[at : at + _CHUNK], False)
        except expat.ExpatError:
            # A picture; or XML that nobody can read, which is found when somebody wants to.
            return
        # A declaration can stand only before the first element.
        if begun:
            return


def _rows(sheet: Any, formulas: Any) -> Rows:
    """Read a sheet; `formulas` is the same one with formulas instead of their results."""
    with _in_words():
        # The size a sheet claims for itself may be wrong, and cells outside it would be lost.
        sheet.reset_dimensions()
        if formulas is not None:
            formulas.reset_dimensions()
        other = iter(()) if formulas is None else formulas.iter_rows()
        places = 0
        for number, cells in enumerate(sheet.iter_rows(), 1):
            beside = next(other, ())
            places += len(cells)
            if number > MAX_ROWS or places > MAX_CELLS:
                raise NotAWorkbook(
                    N_("This sheet is too large. Delete the empty rows and columns around it.")
                )
            row = [_cell(cell) for cell in cells]
            for at, asked in enumerate(beside):
                if asked.data_type == "f" and at < len(row) and cells[at].value is None:
                    row[at] = Cell(
                        "=", fault=N_("This formula has no result. Open the file in Excel and save it.")
                    )
            while row and not row[-1]:
                row.pop()
            if len(row) > MAX_COLUMNS:
                raise NotAWorkbook(
                    N_("Row %(row)s has more than %(most)s columns."), row=number, most=MAX_COLUMNS
                )
            if row:
                yield number, row


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return Cell.EMPTY
    if cell.data_type == "e":
        return Cell(str(value), fault=N_("This cell holds the error %(text)s."))
    if isinstance(value, bool):
        return Cell(str(value).lower())
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime):
        # Excel counts days; a second may come out as 59.999999.
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return Cell(value.date().isoformat() if value.time() == time() else value.isoformat(" "))
    if isinstance(value, date | time):
        return Cell(value.isoformat())
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return Cell(f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}")
    return Cell(str(value))


def _number(value: float, shape: str) -> Cell:
    """Write a number as Excel shows it in full: whole ones without a point, and never as thousands."""
    if abs(value) >= 10**MAX_DIGITS:
        return Cell(f"{value:.0f}" if abs(value) < 1e30 else str(value), fault=_SHORTENED)
    # What is calculated may miss a whole number by the last bit.
    value = float(f"{value:.{MAX_DIGITS}g}")
    if value == int(value):
        text = str(int(value))
        # A format of zeros shows zeros that the number has not: 00123.
        return Cell(text.zfill(len(shape)) if re.fullmatch("0+", shape) else text, number=True)
    text = f"{value:.10f}".rstrip("0")
    # Three digits behind a point are read as thousands elsewhere; four never are.
    return Cell(text + "0" if len(text.partition(".")[2]) == 3 else text, number=True)


def write(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Write one sheet: texts as texts whatever they begin with, whole numbers, dates."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, name in enumerate(header):
        longest = max([len(name), *(len(str(row[at])) for row in rows if row[at] is not None)])
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(60, longest + 3)

    def cell(value: Any) -> Any:
        made = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            # The library takes =1+1 for a formula. As text it is none, nor after an edit in a text column.
            made.data_type = "s"
            made.number_format = "@"
        elif isinstance(value, date):
            made.number_format = "yyyy-mm-dd"
        return made

    head = [cell(name) for name in header]
    for made in head:
        made.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([None if value in (None, "") else cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
