"""What partners say they sold: booked once, at the agreed prices, out of the lots that lie at their place.

No register sells here and no drawer opens. It is an act of the office's book, with movements from the
partner's place to the customers and with what the partner owes for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.consignment import commission, shares, sold_from
from pos.domain.lots import LotStock, Take
from pos.domain.money import MAX_AMOUNT
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import (
    ConsignmentSale,
    ConsignmentSaleLine,
    Lot,
    Movement,
    Product,
    ProductBarcode,
    StockBalance,
)
from pos.operations import lots, partners, stock
from pos.operations.actor import Actor
from pos.operations.journal import Request, Row
from pos.queries.agreed import Agreed
from pos.queries.partners import REPORT, paper_number
from pos.schemas.consignment import SellThroughIn, SellThroughReverseIn

SALE = table(ConsignmentSale)
LINE = table(ConsignmentSaleLine)
REASON = "consigned"


@dataclass(frozen=True, slots=True)
class SoldRow:
    """One row of a report: a product found, its pieces, and what else their file says of it."""

    place: str
    """Where a fault of it is shown: lines.3 of a request, 17 for row 17 of a file."""
    row: int
    product_id: int
    sku: str
    quantity: int
    their_price: int | None = None
    sold_on: date | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A partner's report as it is booked."""

    id: str
    partner: str
    from_on: date
    until_on: date
    document: str
    note: str
    rows: Sequence[SoldRow]
    file_name: str = ""
    sha256: str | None = None
    columns: Mapping[str, str] | None = None
    takes: Sequence[Take] | None = None
    """The lots the pieces came from, when whoever sold them says so; None: chosen by date."""
    quantity_field: str = "quantity"
    """How a fault names the column with the pieces: as the file does."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What a report comes to, and which lots it takes."""

    lines: list[Row]
    quantity: int
    gross: int
    commission: int
    takes: list[Take]
    late: tuple[Take, ...]


def book_paper(paper: SellThroughIn, today: date, actor: Actor, at: datetime, request: Request) -> None:
    """Book what a program sent. Raises what `book` raises, and unknown_sku."""
    act_rows: list[SoldRow] = []
    wrong: list[FieldError] = []
    if paper.from_on is None or paper.until_on is None:
        missing = ("from", paper.from_on), ("until", paper.until_on)
        raise ValidationError(
            *(FieldError(name, N_("This is missing.")) for name, day in missing if day is None)
        )
    finder = Finder()
    for n, line in enumerate(paper.lines):
        if line.quantity == 0:
            wrong.append(FieldError(f"lines.{n}.quantity", N_("Leave out rows of which nothing was sold.")))
        found = finder.find(line.sku or "", line.barcode or "")
        if isinstance(found, FieldError):
            wrong.append(FieldError(f"lines.{n}.{found.loc}", found.message, found.params))
        else:
            product_id, sku = found
            act_rows.append(
                SoldRow(f"lines.{n}", 0, product_id, sku, line.quantity, line.price, line.date, line.outlet)
            )
    report = Report(
        paper.id, paper.partner, paper.from_on, paper.until_on, paper.document, paper.note, act_rows
    )
    book(report, today, actor, at, request, wrong)


class Finder:
    """Finds products by their SKU or a barcode."""

    def __init__(self) -> None:
        """Read the catalogue's codes once."""
        self._skus: dict[str, tuple[int, str]] = {}
        by_id: dict[int, str] = {}
        for product_id, sku in db.session.execute(select(Product.id, Product.sku)):
            self._skus[sku.upper()] = (product_id, sku)
            by_id[product_id] = sku
        self._codes = {
            code: (product_id, by_id[product_id])
            for code, product_id in db.session.execute(
                select(ProductBarcode.barcode, ProductBarcode.product_id)
            )
        }

    def find(self, sku: str, barcode: str) -> tuple[int, str] | FieldError:
        """Return key and SKU of a product, or what is wrong at `sku` or `barcode`.

        Their own code of a product says nothing to us: a barcode decides alone when ours is not among the
        SKUs. A SKU may also be a barcode, since files mix the two up.
        """
        by_code = self._codes.get(barcode) if barcode else None
        by_sku = (self._skus.get(sku.upper()) or self._codes.get(sku)) if sku else None
        if by_code and by_sku and by_code != by_sku:
            message = N_("SKU and barcode are of two products: %(one)s and %(other)s.")
            return FieldError("barcode", message, {"one": by_sku[1], "other": by_code[1]})
        found = by_code or by_sku
        if found:
            return found
        if not sku and not barcode:
            return FieldError("sku", N_("Name the product by its SKU or its barcode."))
        name = "barcode" if barcode else "sku"
        message = N_("We have no product with the code %(code)s. Correct it, or add the code to a product.")
        return FieldError(name, message, {"code": barcode or sku})


def book(
    report: Report,
    today: date,
    actor: Actor,
    at: datetime,
    request: Request,
    wrong: Sequence[FieldError] = (),
) -> None:
    """Book a report, all or nothing: pieces leave the partner's place, and what they owe is noted.

    `wrong` is what was found wrong while it was read. Raises report_known for one that counts already,
    validation_error and insufficient_stock with every wrong row, Replayed.
    """
    act = stock.begin("sell_through", actor, at, request)
    if wrong:
        raise ValidationError(*wrong)
    partner = partners.known(report.partner)
    refuse_known(partner, report)
    priced = price(partner, report, today)
    there = int(partner["location_id"])
    act.insert(SALE, [_row(report, partner, priced, actor, at)])
    act.insert(LINE, [{"sale_id": report.id, "position": n, **row} for n, row in enumerate(priced.lines)])
    if report.columns is not None:
        partners.remember_columns(act, partner, report.columns)
    stock.moves(act, priced.takes, there, lots.outside("customer"), REASON, report.id)
    act.finish()
    stock.settle(there, priced.takes, ())


def _row(report: Report, partner: Row, priced: Priced, actor: Actor, at: datetime) -> Row:
    return {
        "id": report.id,
        "number": partners.next_number(SALE),
        "partner_id": partner["id"],
        "document": report.document,
        "from_on": report.from_on,
        "until_on": report.until_on,
        "file_name": report.file_name,
        "sha256": report.sha256,
        "note": report.note,
        "at": at,
        "by": actor.name[:40],
        "commission_bp": partner["commission_bp"],
        "quantity": priced.quantity,
        "gross": priced.gross,
        "commission": priced.commission,
        "due": priced.gross - priced.commission,
        "status": "booked",
        "reversed_at": None,
        "reversed_by": None,
        "reason": None,
    }


def refuse_known(partner: Row, report: Report) -> None:
    """Raise report_known for a report that counts already: the same file, number or period."""
    booked = SALE.c.status == "booked"
    same = select(SALE.c.id, SALE.c.number, SALE.c.by).where(booked)
    if report.sha256 is not None:
        row = db.session.execute(same.where(SALE.c.sha256 == report.sha256)).first()
        if row is not None:
            message = N_("This file counts already: %(by)s booked it as report %(number)s.")
            raise PosError("report_known", message, _said(row), extra={"id": row.id})
    mine = same.where(SALE.c.partner_id == partner["id"])
    if report.document:
        row = db.session.execute(
            mine.where(func.lower(SALE.c.document) == report.document.lower()).limit(1)
        ).first()
        if row is not None:
            message = N_("A report with this number counts already: %(by)s booked it as report %(number)s.")
            raise PosError("report_known", message, _said(row), extra={"id": row.id})
    over = mine.where(SALE.c.from_on <= report.until_on, SALE.c.until_on >= report.from_on)
    # Two reports of one period are two, and not one twice, only when each has a number of its own.
    row = db.session.execute(
        (over.where(SALE.c.document == "") if report.document else over).limit(1)
    ).first()
    if row is not None:
        message = N_(
            "Report %(number)s by %(by)s covers days of this period already. If this is another one, give "
            "each its own number. If that one was wrong, reverse it first."
        )
        raise PosError("report_known", message, _said(row), extra={"id": row.id})


def _said(row: Row | object) -> dict[str, object]:
    return {"by": row.by, "number": paper_number(REPORT, row.number)}  # type: ignore[union-attr]


def price(partner: Row, report: Report, today: date) -> Priced:
    """Return what a report comes to and which lots it takes, as things stand.

    Raises validation_error and insufficient_stock, each with the wrong rows.
    """
    if report.from_on > report.until_on:
        raise ValidationError(FieldError("until", N_("The period ends before it begins.")))
    if report.until_on > today:
        raise ValidationError(FieldError("until", N_("This day has not come yet.")))
    agreed = Agreed(int(partner["id"]), (row.product_id for row in report.rows))
    wrong: list[FieldError] = []
    lines: list[Row] = []
    for row in report.rows:
        if row.sold_on is not None and not report.from_on <= row.sold_on <= report.until_on:
            message = N_("This day lies outside the period of the report.")
            wrong.append(FieldError(f"{row.place}.date", message))
        amount = agreed.on(row.product_id, row.sold_on or report.until_on)
        if amount is None:
            message = N_("%(sku)s had no price then. Set one, or agree one with the partner.")
            wrong.append(FieldError(f"{row.place}.sku", message, {"sku": row.sku}))
        elif abs(amount * row.quantity) > MAX_AMOUNT:
            wrong.append(FieldError(f"{row.place}.{report.quantity_field}", N_("The amount is too large.")))
        lines.append(_line(row, amount or 0))
    if wrong:
        raise ValidationError(*wrong)
    bp = int(partner["commission_bp"])
    for line, part in zip(lines, shares([line["gross"] for line in lines], bp), strict=True):
        line["commission"] = part
    gross = sum(line["gross"] for line in lines)
    takes, late = _lots(partner, report)
    pieces = sum(row.quantity for row in report.rows)
    return Priced(lines, pieces, gross, commission(gross, bp), takes, late)


def _line(row: SoldRow, amount: int) -> Row:
    return {
        "row": row.row,
        "product_id": row.product_id,
        "quantity": row.quantity,
        "unit_price": amount,
        "gross": row.quantity * amount,
        "commission": 0,
        "their_price": row.their_price,
        "sold_on": row.sold_on,
        "outlet": row.outlet,
    }


def _lots(partner: Row, report: Report) -> tuple[list[Take], tuple[Take, ...]]:
    wanted: defaultdict[int, int] = defaultdict(int)
    for row in report.rows:
        wanted[row.product_id] += row.quantity
    field = report.quantity_field
    below = [
        FieldError(
            f"{row.place}.{field}",
            N_(
                "More of %(sku)s was brought back than sold in this period. Correct the rows of this product."
            ),
            {"sku": row.sku},
        )
        for row in report.rows
        if wanted[row.product_id] < 0 and row.quantity < 0
    ]
    if below:
        raise ValidationError(*below)
    if report.takes is not None:
        return stock.summed(report.takes), ()
    held = _held(int(partner["location_id"]))
    taken = sold_from(wanted, held, report.from_on)
    if taken.missing:
        raise _short(partner, report, wanted, taken.missing)
    takes = lots.in_order([*taken.takes, *taken.late])
    return takes, taken.late


def _held(location_id: int) -> list[LotStock]:
    rows = db.session.execute(
        select(StockBalance.lot_id, StockBalance.product_id, Lot.expires_on, StockBalance.on_hand)
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(StockBalance.location_id == location_id, StockBalance.on_hand > 0)
    )
    return [LotStock(*row) for row in rows]


def _short(partner: Row, report: Report, wanted: Mapping[int, int], missing: Mapping[int, int]) -> PosError:
    """Name every row of a product of which more was sold than lies there, and what to do about it."""
    skus = {row.product_id: row.sku for row in report.rows}
    short = {
        product_id: {
            "sku": skus[product_id],
            "quantity": wanted[product_id],
            "available": wanted[product_id] - count,
        }
        for product_id, count in sorted(missing.items())
    }
    message = N_(
        "%(quantity)s of %(sku)s sold, but by the books only %(available)s lie there. Book the delivery that "
        "is missing, or count what lies there first."
    )
    fields = [
        FieldError(f"{row.place}.{report.quantity_field}", message, short[row.product_id])
        for row in report.rows
        if row.product_id in short
    ]
    said = {"name": partner["name"], "skus": ", ".join(str(line["sku"]) for line in short.values())}
    sentence = N_(
        "More sold than lies at %(name)s by the books: %(skus)s. Book a delivery that is missing, or count "
        "there first."
    )
    return PosError(
        "insufficient_stock", sentence, said, fields=fields, extra={"lines": list(short.values())}
    )


def reverse(sale_id: str, paper: SellThroughReverseIn, actor: Actor, at: datetime, request: Request) -> None:
    """Take a report back, whole: its pieces lie at the partner's place again, in their lots.

    Then it may be booked anew. Raises not_found, report_reversed, Replayed.
    """
    act = stock.begin("sell_through_reversed", actor, at, request)
    row = db.session.execute(select(SALE).where(SALE.c.id == sale_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("There is no such report."))
    if row["status"] != "booked":
        said = {"by": row["reversed_by"]}
        raise PosError("report_reversed", N_("%(by)s reversed this report already."), said)
    changes = {"reversed_at": at, "reversed_by": actor.name[:40], "reason": paper.reason}
    act.change(SALE, {"id": sale_id}, {"status": "reversed", **changes})
    takes = [
        Take(*found)
        for found in db.session.execute(
            select(Movement.product_id, Movement.lot_id, Movement.quantity)
            # By the index of times: a report's movements all have its own.
            .where(Movement.at == row["at"], Movement.source_id == sale_id)
            .order_by(Movement.position)
        )
    ]
    there = int(
        db.session.execute(
            select(partners.PARTNER.c.location_id).where(partners.PARTNER.c.id == row["partner_id"])
        ).scalar_one()
    )
    stock.moves(act, takes, lots.outside("customer"), there, REASON, sale_id)
    act.finish()
    stock.settle(there, (), takes)
