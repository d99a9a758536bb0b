"""Refunds against the sales they give back: never more pieces, never more rupiah, line by line.

A refund may stand in another register's book than its sale, so these are compared when all books are read.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Connection, func, select

from pos.db import table
from pos.domain.pricing import spread
from pos.models import Sale, SaleLine, Tender, TenderCorrection
from pos.operations.verify.findings import EntryView, Findings
from pos.operations.verify.rows import raw

SALE, LINE, TENDER, CORRECTION = table(Sale), table(SaleLine), table(Tender), table(TenderCorrection)
Row: TypeAlias = dict[str, Any]
CHUNK = 500


@dataclass(slots=True)
class Given:
    """What was given back of one sale."""

    last: EntryView
    kinds: list[str] = field(default_factory=list)
    total: int = 0
    qris: int = 0
    pieces: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    rupiah: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))


class Returns:
    """All refunds, by sale, and all copies of receipts."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._given: dict[str, Given] = {}
        self.copies: dict[str, list[tuple[int, EntryView]]] = {}

    def add(self, entry: EntryView, refund: Row, lines: Sequence[Row], qris: int) -> None:
        """Take in one refund."""
        given = self._given.setdefault(refund["sale_id"], Given(entry))
        given.last = entry
        given.kinds.append(refund["kind"])
        given.total += refund["total"]
        given.qris += qris
        for line in lines:
            given.pieces[line["position"]] += line["quantity"]
            given.rupiah[line["position"]] += line["total"]

    def finish(self, connection: Connection) -> None:
        """Compare with the sales."""
        ids = list(self._given)
        for start in range(0, len(ids), CHUNK):
            self._compare(connection, ids[start : start + CHUNK])
        for sale_id, copies in self.copies.items():
            for wanted, (number, entry) in enumerate(sorted(copies, key=lambda copy: copy[0]), start=1):
                if number != wanted:
                    self._findings.at(entry, f"copy {number} of sale {sale_id}: should be {wanted}")
                    break

    def _compare(self, connection: Connection, ids: Sequence[str]) -> None:
        sales = {
            row.id: row
            for row in connection.execute(
                select(raw(SALE.c.id), raw(SALE.c.status), raw(SALE.c.total)).where(SALE.c.id.in_(ids))
            )
        }
        lines: defaultdict[str, list[Any]] = defaultdict(list)
        for row in connection.execute(
            select(raw(LINE.c.sale_id), raw(LINE.c.position), raw(LINE.c.quantity), raw(LINE.c.total))
            .where(LINE.c.sale_id.in_(ids))
            .order_by(LINE.c.sale_id, LINE.c.position)
        ):
            lines[row[0]].append(row)
        qris = dict(
            connection.execute(
                select(TENDER.c.sale_id, func.sum(TENDER.c.amount))
                .where(TENDER.c.sale_id.in_(ids), TENDER.c.method == "qris")
                .group_by(TENDER.c.sale_id)
            ).all()
        )
        moved = dict(
            connection.execute(
                select(CORRECTION.c.sale_id, func.sum(CORRECTION.c.moved))
                .where(CORRECTION.c.sale_id.in_(ids))
                .group_by(CORRECTION.c.sale_id)
            ).all()
        )
        for sale_id in ids:
            given = self._given[sale_id]
            sale = sales.get(sale_id)
            if sale is None or sale.status != "completed":
                self._findings.at(given.last, f"sale {sale_id}: given back, but it was never completed")
                continue
            for problem in _problems(
                given, sale.total, lines[sale_id], int(qris.get(sale_id, 0)) - int(moved.get(sale_id, 0))
            ):
                self._findings.at(given.last, f"sale {sale_id}: {problem}")


def _problems(given: Given, total: int, lines: Sequence[Any], qris: int) -> Iterator[str]:
    if given.total > total:
        yield f"{given.total} rupiah were given back of {total}"
    if given.qris > qris:
        yield f"{given.qris} rupiah were given back by QRIS of {qris}"
    if "void" in given.kinds and (len(given.kinds) > 1 or given.total != total):
        yield "voided, but not exactly once and whole"
    weights = [line[3] for line in lines]
    shares = spread(total, weights if any(weights) else [line[2] for line in lines])
    unknown = set(given.pieces) - {line[1] for line in lines}
    if unknown:
        yield f"line {min(unknown)} was given back but never sold"
    for line, share in zip(lines, shares, strict=True):
        position, quantity = line[1], line[2]
        pieces = given.pieces.get(position, 0)
        if pieces > quantity:
            yield f"{pieces} pieces of line {position} were given back, {quantity} were sold"
        elif given.rupiah.get(position, 0) != share * pieces // quantity:
            yield f"line {position}: {given.rupiah[position]} rupiah given back do not fit to {pieces} pieces"
