"""Notes: each says something about a sale or an order of its own entry, or about one of its lines."""

from pos.models.sales import WHOLE
from pos.operations.verify.findings import EntryView, Findings

ABOUT = (
    ("sale_note", "sale_line", "sale_id", "sale", WHOLE),
    ("held_order_note", "held_order_line", "order_id", "held_order", 0),
)
"""The table of notes, that of the lines, the column that names the whole, its table, the least position."""


def check(entry: EntryView, findings: Findings) -> None:
    """Look that the notes of one entry are about what the entry made."""
    for notes, lines, column, whole, least in ABOUT:
        for row in entry.rows.get(notes, ()):
            made = [
                one for one in entry.rows.get(whole, ()) if one["id"] == row[column] and "created_at" in one
            ]
            count = sum(line[column] == row[column] for line in entry.rows.get(lines, ()))
            if not made or not least <= row["position"] < count or not row["text"]:
                findings.at(
                    entry, f"{notes} {row[column]}/{row['position']}: about nothing that was made here"
                )
