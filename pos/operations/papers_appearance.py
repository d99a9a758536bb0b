"""How receipts look: the logo made fit for paper, and a preview of settings that nobody has saved yet."""

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, Final

from PIL import Image

from pos.domain.journal import GENESIS
from pos.domain.shop import LENGTHS, Shop, problems, shop_of
from pos.errors import N_, FieldError, ValidationError
from pos.operations import receipts
from pos.operations.journal import BookState
from pos.operations.tills import Till
from printers import picture
from printers.layout import Paper
from printers.reader import png_of, text_of
from printers.render import to_escpos

LOGO_WIDTH: Final = 384
"""Dots across: as wide as the narrowest paper, so that every printer of the shop shows the same logo."""
LOGO_HEIGHT: Final = 200
"""Dots: 25 mm of paper in front of every receipt are enough."""
LOGO_FILE: Final = 1_000_000
"""Bytes of a file that is looked at."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A receipt as it would come out, for the screen."""

    text: str
    png: bytes


def fit_logo(data: bytes) -> str:
    """Return an uploaded picture as the setting `receipt_logo` keeps it: black and white, fit for any paper.

    Raises validation_error when it is no picture, or one with too much in it.
    """
    try:
        if len(data) > LOGO_FILE:
            raise picture.UnprintableError("the file is too large")
        dots = picture.logo(data, LOGO_WIDTH)
        if dots.height > LOGO_HEIGHT:
            narrower = max(1, dots.width * LOGO_HEIGHT // dots.height)
            dots = picture.logo(data, narrower)
    except picture.UnprintableError as error:
        raise ValidationError(
            FieldError("receipt_logo", N_("This is not a picture that can be printed. Use a PNG or JPEG."))
        ) from error
    out = io.BytesIO()
    dots.convert("1", dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    text = base64.b64encode(out.getvalue()).decode("ascii")
    if len(text) > LENGTHS["receipt_logo"]:
        raise ValidationError(
            FieldError("receipt_logo", N_("This picture has too much in it. Use a simple drawing in black."))
        )
    return text


def logo_problem(value: object) -> str | None:
    """Return what is wrong with a logo to be stored as an English msgid; what `fit_logo` made is right."""
    if value == "":
        return None
    try:
        data = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        dots = picture.logo(data, LOGO_WIDTH + 1)
    except (binascii.Error, ValueError):
        return N_("This is not a picture that can be printed. Use a PNG or JPEG.")
    if dots.width > LOGO_WIDTH or dots.height > LOGO_HEIGHT:
        return N_("This picture is too large for a receipt.")
    return None


def preview(values: Mapping[str, Any], here: Shop, paper: Paper, *, link: str = "") -> Preview:
    """Return the receipt that the shop `here` would print with `values` laid over its settings.

    Nothing is saved. `link` is an example of a digital receipt's address. Raises validation_error that names
    each wrong setting.
    """
    errors = [FieldError(key, message) for key, value in values.items() if (message := problems(key, value))]
    if not errors and (message := logo_problem(values.get("receipt_logo", ""))):
        errors.append(FieldError("receipt_logo", message))
    if errors:
        raise ValidationError(*errors)
    shop = shop_of({**asdict(here), **values})
    data = to_escpos(receipts.sale_receipt(replace(_example(shop), link=link)), paper)
    return Preview(text_of(data, paper), png_of(data, paper, dots=paper.dots))


def _example(shop: Shop) -> receipts.Sold:
    """Return an invented sale in which everything that a receipt can show occurs."""
    lines = (
        _line(1, "Keripik Tempe Balado Pedas Manis 250 g", 2, 32_000, 4_000),
        _line(2, "Minuman Bunga Telang 250 ml", 1, 8_000, 0),
    )
    sale = {
        "number": "K1-000123",
        "completed_at": datetime(2026, 11, 24, 7, 5, tzinfo=UTC),
        "cashier": "Kasir",
        "subtotal": 68_000,
        "discount": 2_450,
        "rounding": 50,
        "total": 65_600,
        "change": 34_400,
    }
    tenders = ({"method": "cash", "amount": 100_000},)
    barcodes = {1: "2000000000015", 2: "2000000000022"}
    return receipts.Sold(_till(shop), sale, lines, tenders, barcodes=_shown(shop, barcodes))


def _shown(shop: Shop, barcodes: dict[int, str]) -> dict[int, str]:
    return barcodes if shop.receipt_show_barcodes else {}


def _line(product_id: int, name: str, quantity: int, unit_price: int, discount: int) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "name": name,
        "quantity": quantity,
        "unit_price": unit_price,
        "discount": discount,
    }


def _till(shop: Shop) -> Till:
    return Till(
        book=BookState(0, "K1", 0, GENESIS, None, 0, 0, 0, 0),
        register_id=0,
        code="K1",
        kind="till",
        outlet_name="Toko Kunjungan",
        outlet_address="Jl. Merdeka 1, Bandung",
        time_zone="Asia/Jakarta",
        cut_off=time(0),
        location_id=0,
        shift=None,
        shop=shop,
        last_at=None,
    )
