"""A product's picture: read with care, cropped square and written anew, so nothing of the upload is kept."""

import hashlib
import io

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
    if not data:
        form.wrong("picture", N_("Choose a picture."))
    else:
        try:
            picture = square(data)
        except ValidationError as error:
            form.refuse(error)
        else:
            if form.carry_out(
                lambda key, at: operations.set_picture(found.id, MEDIA_TYPE, picture, actor, at, key)
            ):
                flash(gettext("The picture is saved."))
                return redirect(url_for("office.products.product", sku=sku))
    return page_of(found, None, Form({"valid_from": show.today()}), form), form.status


def square(data: bytes) -> bytes:
    """Return a picture of `SIDE` by `SIDE` pixels, cut from the middle. Raises validation_error."""
    if len(data) > MAX_BYTES:
        raise _wrong(N_("This picture is too large. At most %(most)s MB."), most=MAX_BYTES // 1024**2)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            image.draft("RGB", (SIDE * 2, SIDE * 2))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _wrong(N_("This is no picture that can be read. Use PNG, JPEG or WebP.")) from error
    cropped = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
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
