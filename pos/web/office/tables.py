"""Files to download; lists as CSV that a spreadsheet opens as it is, in the reader's language."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response
from flask_babel import gettext

from pos.web.office import show

CSV = "text/csv; charset=utf-8"


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a CSV file for download, named after the day. `head` and `rows` are as `csv_text` takes them."""
    return attachment(csv_text(head, rows), CSV, f"{name}-{show.local_day()}.csv")


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


def _cell(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula or making a number of a code."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    risky = value[:1] in ("=", "+", "-", "@", "\t", "\r", "'")
    return f"'{value}" if risky or (value.isdigit() and len(value) > 1) else value
