"""Partners' goods: notes without a gap, reports that add up and counted once, lots that moved as they say."""

from collections import defaultdict
from typing import Any, TypeAlias

from pos.domain.consignment import commission, shares
from pos.operations.verify.findings import EntryView, Findings, Series

Row: TypeAlias = dict[str, Any]
Moves: TypeAlias = dict[tuple[int, int, int], int]
"""Pieces by lot, from and to."""

OWN = {
    "consigned": ("sell_through", "sell_through_reversed"),
    "returned": ("consignment_return",),
    "spoiled": ("consignment_return",),
}
"""Reasons of movements, and the kinds of entries that alone may have them."""


class Consignment:
    """What the office's book says of partners so far."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._kinds: dict[int, str] = {}
        self._places: dict[int, int] = {}
        self._series = Series(findings)
        self._reports: dict[str, tuple[Row, Moves]] = {}

    def add(self, entry: EntryView) -> None:
        """Take in one entry."""
        for row in entry.rows.get("location", ()):
            if "kind" in row:
                self._kinds[row["id"]] = str(row["kind"])
        for row in entry.rows.get("setting_partner", ()):
            if "location_id" in row:
                self._places[row["id"]] = row["location_id"]
        for row in entry.rows.get("movement", ()):
            if entry.kind not in OWN.get(row["reason"], (entry.kind,)):
                self._findings.at(entry, f"goods {row['reason']} without a partner's paper")
        if entry.kind == "stock_transfer":
            self._deliver(entry)
        elif entry.kind == "sell_through":
            self._sell(entry)
        elif entry.kind == "sell_through_reversed":
            self._reverse(entry)
        elif entry.kind == "consignment_return":
            self._take_back(entry)

    def _number(self, entry: EntryView, table: str, row: Row) -> None:
        self._series.take(entry, table, f"{table} {row['id']}", row["number"])

    def _deliver(self, entry: EntryView) -> None:
        paper = entry.rows["stock_transfer"][0]
        notes = entry.rows.get("consignment_delivery", [])
        for row in notes:
            self._number(entry, "consignment_delivery", row)
        wanted = [
            (paper["id"], partner) for partner, place in self._places.items() if place == paper["to_id"]
        ]
        if [(row["id"], row["partner_id"]) for row in notes] != wanted:
            self._findings.at(entry, f"transfer {paper['id']}: its delivery note is not the partner's")

    def _sell(self, entry: EntryView) -> None:
        sale = entry.rows["consignment_sale"][0]
        lines = entry.rows.get("consignment_sale_line", [])
        self._number(entry, "consignment_sale", sale)
        self._add_up(entry, sale, lines)
        moved = _moved(entry)
        there, customers = self._places.get(sale["partner_id"]), self._of("customer")
        if any(start != there or end not in customers for _, start, end in moved):
            self._findings.at(entry, f"report {sale['id']}: goods did not go from the partner to customers")
        sold: defaultdict[int, int] = defaultdict(int)
        for line in lines:
            sold[line["product_id"]] += line["quantity"]
        left: defaultdict[int, int] = defaultdict(int)
        for row in entry.rows.get("movement", ()):
            left[row["product_id"]] += row["quantity"]
        if {key: n for key, n in sold.items() if n} != dict(left):
            self._findings.at(entry, f"report {sale['id']}: what left is not what was sold")
        self._refuse_twice(entry, sale)
        self._reports[sale["id"]] = (sale, moved)

    def _add_up(self, entry: EntryView, sale: Row, lines: list[Row]) -> None:
        gross = [line["quantity"] * line["unit_price"] for line in lines]
        whole = commission(sum(gross), sale["commission_bp"])
        parts = shares(gross, sale["commission_bp"])
        if [line["gross"] for line in lines] != gross or [line["commission"] for line in lines] != parts:
            self._findings.at(entry, f"report {sale['id']}: a row is added up wrong")
        for name, wanted in (
            ("quantity", sum(line["quantity"] for line in lines)),
            ("gross", sum(gross)),
            ("commission", whole),
            ("due", sum(gross) - whole),
        ):
            if sale[name] != wanted:
                what = f"{name} is {sale[name]}, its rows say {wanted}"
                self._findings.at(entry, f"report {sale['id']}: {what}")

    def _refuse_twice(self, entry: EntryView, sale: Row) -> None:
        for other, _ in self._reports.values():
            mine = other["partner_id"] == sale["partner_id"]
            same_file = sale["sha256"] is not None and other["sha256"] == sale["sha256"]
            same_number = mine and sale["document"] and other["document"].lower() == sale["document"].lower()
            over = mine and other["from_on"] <= sale["until_on"] and other["until_on"] >= sale["from_on"]
            if same_file or same_number or (over and not (sale["document"] and other["document"])):
                self._findings.at(entry, f"report {sale['id']}: counts what {other['id']} counts already")

    def _reverse(self, entry: EntryView) -> None:
        sale_id = entry.rows["consignment_sale"][0]["id"]
        found = self._reports.pop(sale_id, None)
        if found is None:
            self._findings.at(entry, f"report {sale_id}: was not booked")
            return
        back = {(lot, end, start): count for (lot, start, end), count in _moved(entry).items()}
        if back != found[1]:
            self._findings.at(entry, f"report {sale_id}: what came back is not what it had taken")

    def _take_back(self, entry: EntryView) -> None:
        paper = entry.rows["consignment_return"][0]
        self._number(entry, "consignment_return", paper)
        there = self._places.get(paper["partner_id"], 0)
        losses = self._of("loss")
        wanted: defaultdict[tuple[int, int, bool], int] = defaultdict(int)
        for line in entry.rows.get("consignment_return_line", ()):
            wanted[line["lot_id"], there, line["spoiled"]] += line["quantity"]
        moved: defaultdict[tuple[int, int, bool], int] = defaultdict(int)
        for (lot, start, end), count in _moved(entry).items():
            moved[lot, start, end in losses] += count
            if end not in losses and end != paper["location_id"]:
                self._findings.at(entry, f"return {paper['id']}: goods went elsewhere than it says")
        if dict(moved) != dict(wanted):
            self._findings.at(entry, f"return {paper['id']}: what came back is not what its lines say")

    def _of(self, kind: str) -> set[int]:
        return {place for place, found in self._kinds.items() if found == kind}


def _moved(entry: EntryView) -> Moves:
    sums: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for row in entry.rows.get("movement", ()):
        sums[row["lot_id"], row["from_id"], row["to_id"]] += row["quantity"]
    return dict(sums)
