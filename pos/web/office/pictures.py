"""A product's picture: read with care, cropped square and written anew, so nothing of the upload is kept."""

import hashlib
import io
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from PIL import Image, ImageOps, UnidentifiedImageError
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity
from pos.errors import N_, FieldError, ValidationError
from pos.operations import products as operations
from pos.queries import catalogue as queries
from pos.web.office import show
from pos.web.office.form import Form
from pos.web.office.products import page_of

bp = Blueprint("pictures", __name__, url_prefix="/products")

SIDE = 480
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 24_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPE = "image/webp"
WHOLE = 1_000
MOST_ZOOM = 400


@bp.post("/<path:sku>/picture")
def upload(sku: str) -> Response | tuple[str, int]:
    """Give a product its picture."""
    # A photo is larger than any other form; the limit holds before anything of it is read.
    request.max_content_length = MAX_BYTES + 64 * 1024
    actor = identity.need(Right.MANAGE)
    found = queries.item(sku)
    form = Form.sent()
    file = request.files.get("picture")
    data = b""
    if file is not None:
        data = file.read(MAX_BYTES + 1)
        file.close()
    form.attached = hashlib.sha256(data).hexdigest()
    crop = Crop(
        form.whole("crop_x", 0, WHOLE, required=False),
        form.whole("crop_y", 0, WHOLE, required=False),
        form.whole("crop_zoom", 100, MOST_ZOOM, required=False),
    )
    if not data:
        form.wrong("picture", N_("Choose a picture."))
    else:
        try:
            picture = square(data, crop)
        except ValidationError as error:
            form.refuse(error)
        else:
            if form.carry_out(
                lambda key, at: operations.set_picture(found.id, MEDIA_TYPE, picture, actor, at, key)
            ):
                flash(gettext("The picture is saved."))
                return redirect(url_for("office.products.product", sku=sku))
    return page_of(found, None, Form({"valid_from": show.today()}), form), form.status


@dataclass(frozen=True, slots=True)
class Crop:
    """Which square of a photo is shown; None: the middle, as large as it can be.

    How far from the left and from the top, in thousandths of what there is to move, and the size in percent.
    """

    across: int | None = None
    down: int | None = None
    zoom: int | None = None

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Return the square in pixels of a photo."""
        side = min(width, height) * 100 / (self.zoom or 100)
        left = (width - side) * (WHOLE // 2 if self.across is None else self.across) / WHOLE
        top = (height - side) * (WHOLE // 2 if self.down is None else self.down) / WHOLE
        return left, top, left + side, top + side


def square(data: bytes, crop: Crop | None = None) -> bytes:
    """Return a picture of `SIDE` by `SIDE` pixels, cut as it was chosen. Raises validation_error."""
    crop = crop or Crop()
    if len(data) > MAX_BYTES:
        raise _wrong(N_("This picture is too large. At most %(most)s MB."), most=MAX_BYTES // 1024**2)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            enough = SIDE * 2 * (crop.zoom or 100) // 100
            image.draft("RGB", (enough, enough))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _wrong(N_("This is no picture that can be read. Use PNG, JPEG or WebP.")) from error
    box = crop.box(*upright.size)
    cropped = upright.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box)
    ground = Image.new("RGBA", cropped.size, "white")
    ground.alpha_composite(cropped)
    out = io.BytesIO()
    ground.convert("RGB").save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _too_many_pixels() -> ValidationError:
    return _wrong(
        N_("This picture has too many pixels. At most %(most)s million."), most=MAX_PIXELS // 1_000_000
    )


def _wrong(message: str, **params: object) -> ValidationError:
    return ValidationError(FieldError("picture", message, params))
