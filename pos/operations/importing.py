"""Products in and out as CSV or XLSX: all or nothing, with every error named by row and column.

A file is read and checked without the write lock, then written in one act (and one receipt of goods a
location), so tills go on selling while a large file is looked at.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from pos.db import db
from pos.domain import product_rows
from pos.domain.product_rows import CellProblem, ProductRow, Sheet, Unreadable
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.ids import new_id
from pos.models import Location, Lot, Product
from pos.operations import arranging, receiving
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.operations.products import Known, ProductData, known, product_problems, save_products
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn

STOCK_LOCATION = "GUDANG"
"""Where opening stock goes when the file names no location."""
NOTE = "Impor produk"


@dataclass(slots=True)
class Plan:
    """What a file asks for, checked: `carry_out` does it."""

    products: list[ProductData] = field(default_factory=list)
    goods: dict[str, list[ReceiptLineIn]] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    new: int = 0
    changed: int = 0
    prices: int = 0

    @property
    def pieces(self) -> int:
        """How many pieces come in."""
        return sum(line.quantity for lines in self.goods.values() for line in lines)


def plan(
    data: bytes,
    today: date,
    tick: Callable[[Sequence[ProductRow]], Iterable[ProductRow]] = iter,
    *,
    name: str = "",
) -> Plan:
    """Read and check a file, called `name`, outside any transaction.

    Raises validation_error; each field error's place is `row.column`, with the row as the spreadsheet numbers
    it and the column as the file names it. `tick` wraps the rows, for a progress bar.
    """
    try:
        sheet = product_rows.read(data, name)
    except Unreadable as error:
        raise PosError("validation_error", error.message, error.params) from error
    checker = _Checker(sheet, known(), today)
    for row in tick(sheet.rows):
        checker.take(row)
    checker.finish()
    problems = sorted(checker.problems, key=lambda problem: problem.row)
    if problems:
        raise ValidationError(*(FieldError(f"{p.row}.{p.column}", p.message, p.params) for p in problems))
    return checker.plan


class _Checker:
    """Checks row by row against the file so far and the catalogue as it is."""

    def __init__(self, sheet: Sheet, there: Known, today: date) -> None:
        self.plan = Plan()
        self.problems = list(sheet.problems)
        self._headers = sheet.headers
        self._there = there
        self._codes = there.codes()
        self._today = today
        self._rows: dict[str, int] = {}
        self._barcodes: dict[str, tuple[str, int]] = {}
        self._categories: dict[str, tuple[int, int]] = {}
        self._placed = arranging.placed_categories()
        self._position = max((row["position"] for row in there.rows.values()), default=0)
        self._locations = set(
            db.session.execute(select(Location.code).where(Location.kind == "stock")).scalars()
        )
        self._lots = {
            (sku, code): expires_on
            for sku, code, expires_on in db.session.execute(
                select(Product.sku, Lot.code, Lot.expires_on).join(Lot, Lot.product_id == Product.id)
            )
        }

    def _wrong(self, where: ProductRow, column: str, message: str, **params: object) -> None:
        self.problems.append(CellProblem(where.row, self._headers.get(column, column), message, params))

    def take(self, row: ProductRow) -> None:
        """Check one row and add it to the plan."""
        self.plan.rows += 1
        values = {name: None if value is ... else value for name, value in row.values.items()}
        bad = {name for name, value in row.values.items() if value is ...}
        sku = values["sku"]
        if sku is None:
            if "sku" not in bad:
                self._wrong(row, "sku", N_("Fill this in."))
            return
        if sku in self._rows:
            self._wrong(row, "sku", N_("Stands in row %(row)s already."), row=self._rows[sku])
            return
        self._rows[sku] = row.row
        data = self._product(sku, values)
        self._check_product(row, data, bad)
        self._check_barcodes(row, data)
        self._take_category(row, data, values)
        self._take_goods(row, sku, values, bad)
        self.plan.products.append(data)

    def _product(self, sku: str, values: Mapping[str, Any]) -> ProductData:
        """Return the product as it will be: columns that the file lacks stay as they are."""
        before = self._there.rows.get(sku)
        old: dict[str, Any] = before or {
            "name": "",
            "name_en": "",
            "unit": "pcs",
            "category": "",
            "active": True,
        }
        if before is None:
            self._position += 1

        def text(column: str) -> str:
            return str(values[column] or "") if column in values else str(old[column])

        def kept(column: str, new: Any) -> Any:
            value = values.get(column)
            return value if value is not None else old.get(column, new)

        codes = self._codes.get(old.get("id", 0), [])
        return ProductData(
            sku=sku,
            name=text("name"),
            name_en=text("name_en"),
            unit=text("unit") or str(old["unit"]),
            category=text("category"),
            barcodes=tuple(values["barcodes"] or ()) if "barcodes" in values else tuple(codes),
            active=kept("active", True),
            position=kept("position", self._position),
            price=values.get("price"),
            price_from=values.get("valid_from"),
            favourite=values.get("favourite"),
        )

    def _check_product(self, row: ProductRow, data: ProductData, bad: set[str]) -> None:
        for column, message in product_problems(data):
            if column not in bad:
                self._wrong(row, column, message)
        before = self._there.rows.get(data.sku)
        if before is None:
            self.plan.new += 1
            if data.price is None and "price" not in bad:
                self._wrong(row, "price", N_("A new product needs a price."))
            return
        fields = ["name", "name_en", "unit", "category", "active", "position"]
        if data.favourite is not None:
            fields.append("favourite")
        now = [before[name] for name in fields]
        codes = self._codes.get(before["id"], [])
        if [getattr(data, name) for name in fields] != now or sorted(data.barcodes) != codes:
            self.plan.changed += 1
        since = data.price_from or self._today
        if data.price is not None and self._there.price_on(before["id"], since) != data.price:
            self.plan.prices += 1

    def _check_barcodes(self, row: ProductRow, data: ProductData) -> None:
        for code in data.barcodes:
            sku, other = self._barcodes.setdefault(code, (data.sku, row.row))
            if sku != data.sku:
                self._wrong(
                    row, "barcodes", N_("Barcode %(code)s stands in row %(row)s too."), code=code, row=other
                )

    def _take_category(self, row: ProductRow, data: ProductData, values: Mapping[str, Any]) -> None:
        """Note where the row's category shall stand: all rows of one say the same, or nothing."""
        place = values.get("category_position")
        if place is None:
            return
        if not data.category:
            message = N_("Only a category has this number. Name the category too.")
            self._wrong(row, "category_position", message)
            return
        said, other = self._categories.setdefault(data.category, (place, row.row))
        if said != place:
            message = N_("Category %(name)s has number %(number)s in row %(row)s.")
            self._wrong(row, "category_position", message, name=data.category, number=said, row=other)
        elif self._placed.get(data.category) != place:
            self.plan.categories[data.category] = place

    def _take_goods(self, row: ProductRow, sku: str, values: Mapping[str, Any], bad: set[str]) -> None:
        pieces = values.get("stock")
        if not pieces:
            described = any(values.get(column) for column in ("lot", "expires_on", "unit_cost"))
            if pieces is None and described and "stock" not in bad:
                self._wrong(row, "stock", N_("A lot needs a number of pieces."))
            return
        place = values.get("location") or STOCK_LOCATION
        if place not in self._locations:
            self._wrong(row, "location", N_("There is no location %(code)s."), code=place)
        expires_on = values.get("expires_on")
        # A date alone makes a lot of its own: two dates in one lot could not be told apart.
        lot = values.get("lot") or (expires_on.isoformat() if expires_on else "")
        if len(lot) > 40 or not lot.isprintable():
            self._wrong(row, "lot", N_("This text is too long."))
        if expires_on is not None and self._lots.get((sku, lot), expires_on) != expires_on:
            self._wrong(
                row,
                "expires_on",
                N_("Lot %(lot)s has another best-before date. Give the goods a lot code of their own."),
                lot=lot,
            )
        if expires_on is not None and expires_on < self._today:
            self._wrong(row, "expires_on", N_("This date is over. Expired goods can't be sold."))
        self.plan.goods.setdefault(place, []).append(
            ReceiptLineIn.model_construct(
                sku=sku, quantity=pieces, lot=lot, expires_on=expires_on, unit_cost=values.get("unit_cost")
            )
        )

    def finish(self) -> None:
        """Check barcodes against products that the file does not name: they keep theirs."""
        skus = {row["id"]: sku for sku, row in self._there.rows.items()}
        for code, (sku, row) in self._barcodes.items():
            owner = skus.get(self._there.owners.get(code, 0), sku)
            if owner != sku and owner not in self._rows:
                column = self._headers.get("barcodes", "barcodes")
                message = N_("Barcode %(code)s belongs to %(sku)s.")
                self.problems.append(CellProblem(row, column, message, {"code": code, "sku": owner}))


def carry_out(found: Plan, actor: Actor, at: datetime, today: date, request: Request | None = None) -> None:
    """Do what a plan says, in the caller's transaction: the products, then a receipt of goods a location."""
    anything = found.new or found.changed or found.prices or found.goods or found.categories
    if request is None and not anything:
        return
    save_products(found.products, actor, at, today, request)
    arranging.place_categories(found.categories, actor, at)
    for place, lines in found.goods.items():
        # Checked by the plan; a file may have more lines than one request.
        paper = StockReceiptIn.model_construct(id=new_id(), location=place, lines=tuple(lines), note=NOTE)
        receiving.receive(paper, actor, at, Request(paper.id, "0" * 64))


def export(language: str, today: date, only: Collection[str] | None = None) -> str:
    """Return all products, or only some by their SKU, as CSV, with the prices of today."""
    return product_rows.write(_products(today, only), language)


def export_workbook(language: str, today: date, only: Collection[str] | None = None) -> bytes:
    """Return the same as an XLSX file."""
    return product_rows.write_workbook(_products(today, only), language)


def _products(today: date, only: Collection[str] | None) -> list[dict[str, Any]]:
    there = known()
    codes = there.codes()
    placed = arranging.placed_categories()
    products = sorted(there.rows.values(), key=lambda row: (row["position"], row["name"], row["sku"]))
    rows: list[dict[str, Any]] = []
    for product in products:
        if only is not None and product["sku"] not in only:
            continue
        prices = [price for price in there.prices.get(product["id"], []) if price[0] <= today]
        since, amount = prices[-1] if prices else (None, None)
        rows.append(
            {
                **product,
                "price": amount,
                "valid_from": since,
                "barcodes": codes.get(product["id"], []),
                "category_position": placed.get(product["category"]),
            }
        )
    return rows
