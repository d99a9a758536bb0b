"""A partner's file before it is booked: which column is what, what every row comes to, and each fault."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pos.domain import sell_through as files
from pos.domain.settlement.reading import Unreadable
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.operations import partners, sell_through
from pos.operations.journal import Row
from pos.operations.sell_through import Finder, Priced, Report, SoldRow

_WHICH_DAYS = N_("The file does not say of which days it is. Type the period.")


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it was opened: its rows, the layout it seems to have or was said to have, and the partner."""

    partner: Row
    rows: files.Rows
    layout: files.Layout
    headers: list[str]
    sha256: str
    name: str

    @property
    def named(self) -> dict[str, str]:
        """Which column is called what, to be remembered for the partner's next file."""
        return {role: self.headers[at] for role, at in self.layout.columns.items() if at < len(self.headers)}

    @property
    def first(self) -> list[tuple[int, list[str]]]:
        """The first rows below the header, to see which column is what."""
        below = [(n, cells) for n, cells in self.rows if n > self.layout.header]
        return below[:5]


@dataclass(frozen=True, slots=True)
class Plan:
    """A file that can be booked, and what it comes to as things stand."""

    looked: Looked
    sheet: files.Sheet
    report: Report
    priced: Priced

    @property
    def differing(self) -> list[tuple[files.Sold, str, int]]:
        """Rows whose own price is not the agreed one, with SKU and agreed price: the agreed one counts."""
        return [
            (sold, row.sku, line["unit_price"])
            for sold, row, line in zip(self.sheet.rows, self.report.rows, self.priced.lines, strict=True)
            if row.their_price is not None and row.their_price != line["unit_price"]
        ]

    @property
    def products(self) -> list[dict[str, Any]]:
        """What the file comes to by product, in the order of its rows."""
        found: dict[str, dict[str, Any]] = {}
        for row, line in zip(self.report.rows, self.priced.lines, strict=True):
            sums = found.setdefault(row.sku, {"sku": row.sku, "quantity": 0, "gross": 0, "commission": 0})
            for name in ("quantity", "gross", "commission"):
                sums[name] += line[name]
        return list(found.values())


def look(
    data: bytes, name: str, code: str, columns: Mapping[str, int] | None = None, header: int | None = None
) -> Looked:
    """Open a file. `columns` and `header` are what somebody said; else they are guessed.

    Raises validation_error for what is no table, or no partner.
    """
    partner = partners.known(code)
    try:
        rows = files.table(data)
    except Unreadable as error:
        raise PosError("validation_error", error.message, error.params) from error
    remembered = json.loads(partner["columns"] or "{}")
    layout = files.guess(rows, remembered, header)
    if columns is not None:
        layout = files.Layout(layout.header, columns)
    return Looked(
        partner, rows, layout, files.headers(rows, layout), hashlib.sha256(data).hexdigest(), name[:120]
    )


def plan(
    looked: Looked,
    code: str,
    period: tuple[date | None, date | None],
    document: str,
    note: str,
    today: date,
) -> Plan:
    """Read an opened file and price it. Without a period it is that of the days in the file.

    Raises report_known, and validation_error or insufficient_stock with a field `row.column` for each fault.
    """
    try:
        sheet = files.read(looked.rows, looked.layout)
    except Unreadable as error:
        raise PosError("validation_error", error.message, error.params) from error
    faults = [FieldError(f"{one.row}.{one.column}", one.message, one.params) for one in sheet.faults]
    rows = _found(sheet, faults)
    days = [sold.day for sold in sheet.rows if sold.day is not None]
    from_on, until_on = period[0] or min(days, default=None), period[1] or max(days, default=None)
    if from_on is None or until_on is None:
        raise ValidationError(FieldError("from", _WHICH_DAYS))
    report = Report(
        "",
        code,
        from_on,
        until_on,
        document,
        note,
        rows,
        file_name=looked.name,
        sha256=looked.sha256,
        columns=looked.named,
        quantity_field=sheet.headers["quantity"],
    )
    sell_through.refuse_known(looked.partner, report)
    if faults:
        raise ValidationError(*faults)
    return Plan(looked, sheet, report, sell_through.price(looked.partner, report, today))


def _found(sheet: files.Sheet, faults: list[FieldError]) -> list[SoldRow]:
    finder, rows = Finder(), []
    for sold in sheet.rows:
        found = finder.find(sold.sku, sold.barcode)
        if isinstance(found, FieldError):
            column = sheet.headers.get(found.loc, "")
            faults.append(FieldError(f"{sold.row}.{column}", found.message, found.params))
        else:
            product_id, sku = found
            rows.append(
                SoldRow(
                    str(sold.row),
                    sold.row,
                    product_id,
                    sku,
                    sold.quantity,
                    sold.price,
                    sold.day,
                    sold.outlet,
                )
            )
    return rows


def as_booked(found: Plan, report_id: str) -> Report:
    """Return a planned report under the id with which it is booked."""
    return replace(found.report, id=report_id)
