"""Labels of what is sold: for the shelf with its price, for a package with its lot and its date."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pos.db import db
from pos.domain.barcode import is_ean13
from pos.domain.money import rupiah
from pos.domain.rights import Right
from pos.errors import N_, FieldError, ValidationError
from pos.models import Lot, Product, ProductBarcode
from pos.operations import printing, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request
from pos.queries.products import prices_on
from pos.schemas.papers import LabelCode, LabelItemIn, LabelKind, LabelSheetIn, LabelStripIn
from printers.labels import Label, strip
from printers.sheet import FORMATS, pdf

MOST = 500
"""Labels in one request."""
IN_ONE_JOB = 10
"""Labels that go to the printer together: what may have to be printed again when the paper ends."""


def print_labels(order: LabelStripIn, actor: Actor, at: datetime, request: Request) -> None:
    """Print labels on the register's printer. Raises validation_error (each wrong item), Replayed."""
    till = tills.enter_to_print(order.at_register, actor, request)
    today = at.astimezone(ZoneInfo(till.time_zone)).date()
    for made in _batches(labels(order.kind, order.items, order.code, today)):
        printing.add_job(till, "label", strip(made), title=made[0].name)
    Act(till.book, "labels_printed", actor, at, request).finish()


def sheet(order: LabelSheetIn, actor: Actor, today: date) -> bytes:
    """Return labels on sheets of A4 as a PDF. Raises validation_error that names each wrong item."""
    actor.need(Right.SEE_STOCK)
    places = FORMATS[order.sheet].labels
    if order.first > places:
        raise ValidationError(FieldError("first", N_("At most %(most)s."), {"most": places}))
    made = labels(order.kind, order.items, order.code, today)
    return pdf(made, order.sheet, first=order.first, shift=(order.right, order.down))


def _batches(made: Sequence[Label]) -> Iterator[Sequence[Label]]:
    for start in range(0, len(made), IN_ONE_JOB):
        yield made[start : start + IN_ONE_JOB]


def labels(kind: LabelKind, items: Sequence[LabelItemIn], code: LabelCode, today: date) -> list[Label]:
    """Return every label that the items ask for, in their order."""
    if sum(item.copies for item in items) > MOST:
        raise ValidationError(FieldError("items", N_("At most %(most)s labels at once."), {"most": MOST}))
    skus = {item.sku for item in items}
    products = {
        row.sku: row for row in db.session.execute(select(Product).where(Product.sku.in_(skus))).scalars()
    }
    ids = [product.id for product in products.values()]
    prices = prices_on(ids, today)
    eans, lots = _eans(ids), _lots(ids)
    made: list[Label] = []
    errors: list[FieldError] = []
    for n, item in enumerate(items):
        product = products.get(item.sku)
        if product is None:
            message = N_("There is no product %(sku)s.")
            errors.append(FieldError(f"items.{n}.sku", message, {"sku": item.sku}))
        elif kind == "shelf" and product.id not in prices:
            errors.append(FieldError(f"items.{n}.sku", N_("This product has no price yet.")))
        elif kind == "shelf":
            shown = _shelf(product, prices[product.id])
            made += [_coded(shown, product, None, eans.get(product.id, ""), code)] * item.copies
        elif item.lot is None or (product.id, item.lot) not in lots:
            message = N_("Name the lot.") if item.lot is None else N_("This product has no such lot.")
            errors.append(FieldError(f"items.{n}.lot", message))
        else:
            lot = lots[product.id, item.lot]
            made += [
                _coded(_package(product, lot), product, lot, eans.get(product.id, ""), code)
            ] * item.copies
    if errors:
        raise ValidationError(*errors)
    return made


def _eans(ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(ProductBarcode.product_id, ProductBarcode.barcode)
        .where(ProductBarcode.product_id.in_(ids))
        .order_by(ProductBarcode.barcode.desc())
    )
    return {product_id: barcode for product_id, barcode in rows if is_ean13(barcode)}


def _lots(ids: Sequence[int]) -> dict[tuple[int, str], Lot]:
    found = db.session.execute(select(Lot).where(Lot.product_id.in_(ids))).scalars()
    return {(lot.product_id, lot.code): lot for lot in found}


def _shelf(product: Product, price: int) -> Label:
    return Label(product.name, price=rupiah(price), unit=f"per {product.unit}")


def _package(product: Product, lot: Lot) -> Label:
    notes = [f"Lot {lot.code}"] if lot.code else []
    if lot.expires_on is not None:
        notes.append(f"Baik digunakan sebelum {lot.expires_on:%d-%m-%Y}")
    return Label(product.name, notes=tuple(notes))


def _coded(label: Label, product: Product, lot: Lot | None, ean: str, code: LabelCode) -> Label:
    if code == "qr":
        return replace(label, qr=_gs1(product, lot, ean))
    return replace(label, ean=ean, code=product.sku)


def _gs1(product: Product, lot: Lot | None, ean: str) -> str:
    """Return product, date and lot as GS1 writes them for people: (01) item, (17) date, (10) lot."""
    said = f"(01)0{ean}" if ean else f"(240){product.sku}"
    if lot is not None and lot.expires_on is not None:
        said += f"(17){lot.expires_on:%y%m%d}"
    return said + (f"(10){lot.code}" if lot is not None and lot.code else "")
