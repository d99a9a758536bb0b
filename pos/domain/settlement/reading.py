"""A settlement file as rows: whatever somebody saved it as, with each fault named by its line.

Reading never fails half-way: a file gives rows and faults, or `Unreadable` says why it is no such file.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, islice

from pos.domain import workbook
from pos.domain.settlement.cells import zone
from pos.domain.settlement.profiles import COLUMNS, Profile
from pos.domain.settlement.rows import EXAMPLE, Fault, Reader, Sheet
from pos.domain.words import N_
from pos.domain.workbook import Cell, NotAWorkbook

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 10_000
MAX_CELLS = 200
HEADER_WITHIN = 20
"""So many lines may stand above the header: the bank's name, the period, the account."""

Table = Iterator[tuple[int, list[str]]]
"""Lines of cells with their numbers: what a CSV file and a sheet of a workbook come down to."""


class Unreadable(ValueError):
    """A file that is no settlement file at all."""

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params: Mapping[str, object] = params
        super().__init__(message % params if params else message)


def read(data: bytes, profile: Profile, offset: timedelta | None = None) -> Sheet:
    """Read a CSV or XLSX file as `profile` understands it; `offset` is its time zone where it names none."""
    if len(data) > MAX_BYTES:
        raise Unreadable(N_("The file is larger than %(most)s MB. Split it."), most=MAX_BYTES // 1024**2)
    if workbook.looks_like_one(data):
        return _read_workbook(data, profile, offset)
    text = decoded(data)
    lines = list(_lines(text, _delimiter(text, profile)))
    return read_table(iter(lines), profile, offset)


def _read_workbook(data: bytes, profile: Profile, offset: timedelta | None) -> Sheet:
    """Read the sheet whose first lines name most of the columns."""
    best = -1
    chosen: Table = iter(())
    try:
        for _, rows in workbook.sheets(data):
            head = list(islice(rows, HEADER_WITHIN))
            known = max((len(_known(cells, profile)) for _, cells in head), default=0)
            if known > best:
                best, chosen = known, chain(head, rows)
        return read_table(chosen, profile, offset)
    except NotAWorkbook as error:
        raise Unreadable(error.message, **error.params) from error


def read_table(lines: Table, profile: Profile, offset: timedelta | None = None) -> Sheet:
    """Read lines of cells: the header within the first ones, then a transaction a line."""
    first: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            first.append((number, cells))
        if len(first) == HEADER_WITHIN:
            break
    at, columns = _header(first, profile)
    number, cells = first[at]
    headers = {name: cells[index].strip() for name, index in columns.items()}
    named = next((found for name in ("time", "date") if (found := zone(headers.get(name, "")))), None)
    sheet = Sheet(headers, number, named or offset or timedelta(hours=profile.offset))
    reader = Reader(sheet, columns, profile)
    for number, cells in (*first[at + 1 :], *lines):
        if not any(cell.strip() for cell in cells):
            continue
        if len(sheet.rows) >= MAX_ROWS:
            raise Unreadable(N_("The file has more than %(most)s rows. Split it."), most=MAX_ROWS)
        broken = [
            Fault(number, headers[name], cell.fault, {"text": str(cell)})
            for name, index in columns.items()
            if index < len(cells) and isinstance(cell := cells[index], Cell) and cell.fault
        ]
        sheet.faults += broken
        if not broken:
            reader.take(number, [cell.strip() for cell in cells])
    if not sheet.rows and not sheet.faults:
        raise Unreadable(N_("The file has no transactions below its header in line %(line)s."), line=number)
    return sheet


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, UTF-16 or, as old Excel saves it, Windows-1252."""
    start = data[:1024].lstrip().lower()
    if data.startswith(b"%PDF"):
        raise Unreadable(N_("This is a PDF. Download the report as CSV."))
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Unreadable(N_("This is a web page, not a CSV file. Open it in Excel and save it as CSV UTF-8."))
    text = _decoded(data)
    if "\0" in text:
        raise Unreadable(N_("This is not a CSV file."))
    return text.removeprefix("\ufeff")


def _decoded(data: bytes) -> str:
    odd, even = data[1:400:2].count(0), data[0:400:2].count(0)
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if odd + even > len(data[:400]) // 4:
            return data.decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        raise Unreadable(N_("This is not a CSV file.")) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Windows-1252 has no meaning for five bytes; Latin-1 has one for each.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")


def _delimiter(text: str, profile: Profile) -> str:
    """Return what separates the cells: whatever makes most known headers of one of the first lines."""
    head = text[:200_000].splitlines()[: 4 * HEADER_WITHIN]

    def score(mark: str) -> tuple[int, int]:
        known = max((len(_known(_cells(line, mark), profile)) for line in head), default=0)
        return known, sum(line.count(mark) for line in head)

    return max((";", ",", "\t", "|"), key=score)


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def _lines(text: str, delimiter: str) -> Table:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 1
    try:
        for cells in lines:
            yield number, cells[:MAX_CELLS]
            number = lines.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            N_("Line %(line)s can't be read (%(error)s). Is a quotation mark missing?"),
            line=number,
            error=error,
        ) from error


def plain_header(cell: str) -> str:
    """Return a header as the profiles spell it: lower case, without currency, zone and signs."""
    words = re.sub(r"[^0-9a-z]+", " ", cell.lower()).split()
    return " ".join(word for word in words if word not in ("rp", "idr", "wib", "wita", "wit")) or cell.lower()


def _known(cells: Sequence[str], profile: Profile) -> dict[str, int]:
    """Return where each known column stands; a cell is one column at most."""
    places: dict[str, int] = {}
    for index, cell in enumerate(cells[:MAX_CELLS]):
        places.setdefault(plain_header(cell), index)
    found: dict[str, int] = {}
    for column in COLUMNS:
        for name in profile.candidates(column):
            index = places.get(name, -1)
            if index >= 0 and index not in found.values():
                found[column] = index
                break
    return found


def _header(first: Sequence[tuple[int, list[str]]], profile: Profile) -> tuple[int, dict[str, int]]:
    best, columns = -1, dict[str, int]()
    for position, (_, cells) in enumerate(first):
        known = _known(cells, profile)
        if len(known) > len(columns):
            best, columns = position, known
    if "amount" in columns and ("date" in columns or "time" in columns):
        return best, columns
    if not first:
        raise Unreadable(N_("The file is empty."))
    raise Unreadable(
        N_(
            "None of the first %(lines)s lines names the columns. Needed are a date (%(date)s) and an amount "
            "(%(amount)s). Take the right provider, or the template."
        ),
        lines=HEADER_WITHIN,
        date=", ".join(profile.candidates("date")[:3]),
        amount=", ".join(profile.candidates("amount")[:3]),
    )


def template(profile: Profile) -> str:
    """Return a CSV file with the columns of a profile and one line that shows how they are filled in."""
    shown = {
        "date": "24/11/2026 14:05:30",
        "time": "14:05:30",
        "rrn": EXAMPLE,
        "reference": EXAMPLE,
        "our_reference": EXAMPLE,
        "amount": "25000",
        "fee": "175",
        "tax": "0",
        "net": "24825",
        "nmid": "",
        "terminal": "A01",
        "issuer": "GoPay",
        "kind": "Payment",
        "status": "success",
        "currency": "IDR",
    }
    if profile.unit == 100:
        shown |= {name: f"{shown[name]}00" for name in ("amount", "fee", "net")}
    if "time" in profile.template:
        shown["date"] = "24/11/2026"
    out = io.StringIO(newline="")
    # Excel takes a file for UTF-8 only with this mark at its beginning.
    out.write("\ufeff")
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([profile.header(name) for name in profile.template])
    table.writerow([shown[name] for name in profile.template])
    return out.getvalue()
