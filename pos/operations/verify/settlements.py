"""Settlement files: their sums against their rows, and no payment settled twice."""

from typing import Any, TypeAlias

from pos.operations.verify.findings import EntryView, Findings

Row: TypeAlias = dict[str, Any]


class Settlements:
    """What the office's book says of settlement files so far."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._settled: dict[str, tuple[str, int]] = {}

    def add(self, entry: EntryView) -> None:
        """Take in one entry."""
        for row in entry.rows.get("settlement_file", ()):
            self._check_sums(entry, row)
        for row in entry.rows.get("settlement_row", ()):
            if row.get("outcome") not in ("matched", "amount"):
                continue
            place = (row["file_id"], row["line"])
            if self._settled.setdefault(row["payment_id"], place) != place:
                self._findings.at(entry, f"payment {row['payment_id']}: settled twice")

    def _check_sums(self, entry: EntryView, file: Row) -> None:
        rows = [row for row in entry.rows.get("settlement_row", ()) if row["file_id"] == file["id"]]
        once = [row for row in rows if row["outcome"] != "duplicate"]
        told = all(row["fee"] is not None for row in once)
        days = [row["day"] for row in rows]
        for name, wanted in (
            ("row_count", len(rows)),
            ("gross", sum(_signed(row, "amount") for row in once)),
            ("fee", sum(_signed(row, "fee") for row in once) if told else None),
            ("net", sum(_signed(row, "net") for row in once) if told else None),
            ("first_on", min(days, default=None)),
            ("last_on", max(days, default=None)),
        ):
            if file[name] != wanted:
                self._findings.at(
                    entry, f"settlement_file {file['id']}: {name} is {file[name]}, its rows say {wanted}"
                )


def _signed(row: Row, name: str) -> int:
    amount: int = row[name]
    return amount if row["kind"] == "payment" else -amount
