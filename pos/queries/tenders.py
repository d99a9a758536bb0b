"""How sales were paid, as it stands now: the newest correction of a sale, or what was written down first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import select

from pos import clock
from pos.db import db, table
from pos.models import CorrectedTender, Tender, TenderCorrection

View: TypeAlias = dict[str, Any]
Row: TypeAlias = Mapping[Any, Any]

CORRECTION = table(TenderCorrection)
CORRECTED = table(CorrectedTender)
TENDER = table(Tender)


def corrections(sale_ids: Sequence[str]) -> dict[str, list[Row]]:
    """Return the corrections of sales, oldest first, each with its `tenders`; other sales are left out."""
    rows = (
        db.session.execute(
            select(CORRECTION).where(CORRECTION.c.sale_id.in_(sale_ids)).order_by(CORRECTION.c.position)
        )
        .mappings()
        .all()
    )
    if not rows:
        return {}
    tenders = grouped(
        db.session.execute(
            select(CORRECTED)
            .where(CORRECTED.c.correction_id.in_([row["id"] for row in rows]))
            .order_by(CORRECTED.c.position)
        ).mappings(),
        "correction_id",
    )
    return grouped(({**row, "tenders": tenders.get(row["id"], [])} for row in rows), "sale_id")


def grouped(rows: Iterable[Row], by: str) -> dict[str, list[Row]]:
    """Return rows by one of their columns, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class InForce:
    """How a sale was paid, as it stands now, after `corrections` corrections."""

    tenders: list[tuple[str, int]]
    change: int
    corrections: int

    def paid(self, method: str) -> int:
        """Return rupiah tendered by a method; the change is not taken off."""
        return sum(amount for name, amount in self.tenders if name == method)

    @property
    def net(self) -> list[tuple[str, int]]:
        """What each method really brought: the change is taken off the cash."""
        methods = sorted({name for name, _ in self.tenders}) or ["cash"]
        return [(name, self.paid(name) - (self.change if name == "cash" else 0)) for name in methods]


def in_force(sale_id: str, change: int) -> InForce:
    """Return how a sale was paid, as it stands now; `change` is what its own row says."""
    found = corrections([sale_id]).get(sale_id, [])
    if found:
        return InForce(_pairs(found[-1]["tenders"]), found[-1]["change"], len(found))
    rows = db.session.execute(
        select(TENDER).where(TENDER.c.sale_id == sale_id).order_by(TENDER.c.position)
    ).mappings()
    return InForce(_pairs(rows), change, 0)


def _pairs(rows: Iterable[Row]) -> list[tuple[str, int]]:
    return [(row["method"], row["amount"]) for row in rows]


def view_of(tenders: Iterable[Row], change: int, found: Sequence[Row]) -> View:
    """Return of a sale's view what says how it was paid.

    As it stands now, and every correction with what stood before it.
    """
    now: View = {"tenders": _views(tenders), "change": change}
    views: list[View] = []
    for row in found:
        after: View = {"tenders": _views(row["tenders"]), "change": row["change"]}
        views.append(
            {
                "id": row["id"],
                "at": clock.iso(row["at"]),
                "by": row["by"],
                "approved_by": row["approved_by"],
                "reference": row["reference"],
                **after,
                "before": now,
            }
        )
        now = after
    return now | {"corrections": views}


def _views(rows: Iterable[Row]) -> list[View]:
    return [{"method": row["method"], "amount": row["amount"]} for row in rows]
