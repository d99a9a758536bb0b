"""Files to download; lists as CSV or as a workbook that open as they are, in the reader's language."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response, request
from flask_babel import gettext

from pos.domain import workbook
from pos.web.office import show

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("csv", "xlsx")
MOST_TITLE = 31
"""So many letters of its name a sheet of a workbook takes."""


def list_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a list for download, named after the day: a workbook where the address says `file=xlsx`.

    `name` and `head` are texts that are translated; `None` is an empty cell.
    """
    called = f"{_plain(gettext(name))}-{show.local_day()}"
    if request.args.get("file") == "xlsx":
        title = re.sub(r"[\[\]:*?/\\]", " ", gettext(name))[:MOST_TITLE]
        data = workbook.write(title, [gettext(text) for text in head], [list(row) for row in rows])
        return attachment(data, XLSX, f"{called}.xlsx")
    return attachment(csv_text(head, rows), CSV, f"{called}.csv")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a list as CSV. `head` are texts that are translated; `None` is an empty cell."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    sheet = csv.writer(out, delimiter=";" if show.locale() == "id" else ",", lineterminator="\r\n")
    sheet.writerow([gettext(text) for text in head])
    for row in rows:
        sheet.writerow([_cell(value) for value in row])
    return out.getvalue()


def attachment(data: str | bytes, kind: str, name: str) -> Response:
    """Return a file that the browser saves under `name` rather than shows."""
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(name: str) -> str:
    """Return a file's name in letters that every system takes."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower())) or "list"


def _cell(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula or making a number of a code."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    risky = value[:1] in ("=", "+", "-", "@", "\t", "\r", "'")
    return f"'{value}" if risky or (value.isdigit() and len(value) > 1) else value
