"""Counts: what was posted is what the tallies add up to, and what differed is what moved."""

from collections import defaultdict
from typing import Any

from pos.domain.counts import Tally, counted
from pos.operations.verify.findings import EntryView, Findings


class Counts:
    """Counts as the office's book tells them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._frozen: dict[str, dict[int, int]] = {}
        self._tallies: defaultdict[str, list[Tally]] = defaultdict(list)

    def add(self, entry: EntryView) -> None:
        """Take in the freeze, the tallies and the posting of one entry."""
        if entry.kind == "stock_count":
            paper = entry.rows["stock_count"][0]["id"]
            frozen = entry.rows.get("stock_count_frozen", ())
            self._frozen[paper] = {row["lot_id"]: row["on_hand"] for row in frozen}
        for row in entry.rows.get("stock_count_tally", ()):
            if row["kind"] != "add" and row["quantity"] < 0:
                self._findings.at(entry, f"count {row['count_id']}: fewer than none")
            self._tallies[row["count_id"]].append(
                Tally(row["lot_id"], row["product_id"], row["kind"], row["quantity"], row["on_books"])
            )
        if entry.kind in ("stock_count_posted", "stock_count_dropped"):
            self._end(entry)

    def _end(self, entry: EntryView) -> None:
        paper = entry.rows["stock_count"][0]["id"]
        frozen = self._frozen.pop(paper, None)
        if frozen is None:
            self._findings.at(entry, f"count {paper}: was not open")
            return
        settled = counted(self._tallies.pop(paper, []))
        results = {row["lot_id"]: row for row in entry.rows.get("stock_count_result", ())}
        if entry.kind == "stock_count_dropped":
            if results or entry.rows.get("movement"):
                self._findings.at(entry, f"count {paper}: was dropped, and yet something changed")
            return
        for lot_id, lot in settled.items():
            row = results.get(lot_id)
            if row is None or (row["counted"], row["on_books"]) != (lot.quantity, lot.on_books):
                self._findings.at(entry, f"count {paper}: lot {lot_id} was counted otherwise")
        if not results.keys() <= settled.keys() | frozen.keys():
            self._findings.at(entry, f"count {paper}: lots that nobody counted were settled")
        self._compare(entry, paper, results)

    def _compare(self, entry: EntryView, paper: str, results: dict[int, dict[str, Any]]) -> None:
        moved: defaultdict[int, int] = defaultdict(int)
        losses = {
            row["to_id"] for row in entry.rows.get("movement", ()) if results[row["lot_id"]]["difference"] < 0
        }
        for row in entry.rows.get("movement", ()):
            moved[row["lot_id"]] += -row["quantity"] if row["to_id"] in losses else row["quantity"]
        for lot_id, row in results.items():
            if row["difference"] != row["counted"] - row["on_books"]:
                self._findings.at(entry, f"count {paper}: the difference of lot {lot_id} is added up wrong")
            if moved.get(lot_id, 0) != row["difference"]:
                self._findings.at(entry, f"count {paper}: lot {lot_id} moved otherwise than it differed")
