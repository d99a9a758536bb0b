"""Goods on their way: what moved into transit and out of it is what the transfers say, each received once."""

from collections import defaultdict

from pos.operations.verify.findings import EntryView, Findings


class Transit:
    """Transfers as the office's book tells them, held against the movements of the same entries."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._transit: set[int] = set()
        self._loss: set[int] = set()
        self._open: dict[str, dict[int, int]] = {}
        self._places: dict[str, tuple[int, int]] = {}

    def add(self, entry: EntryView) -> None:
        """Take in the places and transfers of one entry."""
        for row in entry.rows.get("location", ()):
            if row.get("kind") == "transit":
                self._transit.add(row["id"])
            elif row.get("kind") == "loss":
                self._loss.add(row["id"])
        if entry.kind == "stock_transfer":
            self._send(entry)
        elif entry.kind == "stock_transfer_received":
            self._receive(entry)
        elif any(
            row["from_id"] in self._transit or row["to_id"] in self._transit
            for row in entry.rows.get("movement", ())
        ):
            self._findings.at(entry, "goods moved through transit without a transfer")

    def _send(self, entry: EntryView) -> None:
        paper = entry.rows["stock_transfer"][0]
        lines = _by_lot(entry, "sent")
        moved = _moved(entry, {paper["from_id"]}, self._transit)
        if moved != lines or len(entry.rows["movement"]) != len(entry.rows["stock_transfer_line"]):
            self._findings.at(entry, f"transfer {paper['id']}: what left is not what its lines say")
        self._open[paper["id"]] = lines
        self._places[paper["id"]] = (paper["from_id"], paper["to_id"])

    def _receive(self, entry: EntryView) -> None:
        paper = entry.rows["stock_transfer"][0]["id"]
        sent = self._open.pop(paper, None)
        if sent is None:
            self._findings.at(entry, f"transfer {paper}: was not on its way")
            return
        here = {self._places[paper][1]}
        arrived, short = _moved(entry, self._transit, here), _moved(entry, self._transit, self._loss)
        over = _moved(entry, self._loss, here)
        left = {lot: arrived.get(lot, 0) + short.get(lot, 0) for lot in arrived.keys() | short.keys()}
        received = {lot: arrived.get(lot, 0) + over.get(lot, 0) for lot in arrived.keys() | over.keys()}
        if left != sent:
            self._findings.at(entry, f"transfer {paper}: arrived and missing is not what had left")
        if received != _by_lot(entry, "received"):
            self._findings.at(entry, f"transfer {paper}: what arrived is not what its lines say")


def _by_lot(entry: EntryView, side: str) -> dict[int, int]:
    sums: defaultdict[int, int] = defaultdict(int)
    for row in entry.rows.get("stock_transfer_line", ()):
        if row["side"] == side:
            sums[row["lot_id"]] += row["quantity"]
    return dict(sums)


def _moved(entry: EntryView, start: set[int], end: set[int]) -> dict[int, int]:
    sums: defaultdict[int, int] = defaultdict(int)
    for row in entry.rows.get("movement", ()):
        if row["from_id"] in start and row["to_id"] in end:
            sums[row["lot_id"]] += row["quantity"]
    return dict(sums)
