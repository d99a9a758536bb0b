"""Pictures people upload."""

import io
import random
import re
import zlib

import pytest
from PIL import Image
from sqlalchemy import select

from pos.db import db
from pos.models import Product, ProductPicture
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office
from tests.web.office.person import Person


def picture(kind: str, size: tuple[int, int] = (800, 600), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size, "red" if mode == "RGB" else (0, 0, 0, 0))
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    image.save(out, kind, **more)
    return out.getvalue()


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


def upload(person: Person, data: bytes, name: str = "foto.png", status: int = 200, form_id: str = "") -> str:
    return person.send(
        "products/KTO-100/picture",
        {"picture": (io.BytesIO(data), name), "form_id": form_id or new_id()},
        status=status,
        content_type="multipart/form-data",
    )


def stored(shop: Shop) -> tuple[str, Image.Image]:
    with shop.app.app_context():
        row = db.session.execute(
            select(ProductPicture.media_type, ProductPicture.data)
            .join(Product, Product.id == ProductPicture.product_id)
            .where(Product.sku == "KTO-100")
        ).one()
    image = Image.open(io.BytesIO(row[1]))
    image.load()
    return row[0], image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_photo_becomes_a_square_of_480_pixels(manager: Person, shop: Shop, form: str) -> None:
    assert "The picture is saved." in upload(manager, picture(form, (1_600, 900)))
    media_type, image = stored(shop)
    assert (media_type, image.format, image.size) == ("image/webp", "WEBP", (480, 480))


def test_a_photo_taken_sideways_stands_upright_and_loses_what_the_camera_wrote(
    manager: Person, shop: Shop
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kamera Rahasia"
    upload(manager, picture("JPEG", (800, 800), exif=exif.tobytes()))
    _, image = stored(shop)
    assert image.getexif() == {}
    red, _, blue = image.convert("RGB").getpixel((240, 20))  # type: ignore[misc]
    assert blue > red


def test_what_is_see_through_becomes_white(manager: Person, shop: Shop) -> None:
    upload(manager, picture("PNG", (500, 500), mode="RGBA"))
    _, image = stored(shop)
    assert min(image.convert("RGB").getpixel((470, 240))) > 240  # type: ignore[type-var]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


HUGE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00")
    + _chunk(b"IDAT", zlib.compress(bytes(100)))
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"this is no picture", "no picture that can be read"),
        (b"", "Choose a picture."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture"),
        (picture("GIF"), "no picture"),
        (picture("BMP"), "no picture"),
        (picture("PNG")[:100], "no picture"),
        (picture("JPEG")[:300], "no picture"),
        (HUGE, "too many pixels"),
        (picture("PNG", (5_000, 5_000)), "too many pixels"),
    ],
    ids=["text", "nothing", "svg", "gif", "bmp", "cut png", "cut jpeg", "pretends 60000", "25 million"],
)
def test_what_is_no_usable_picture_is_refused_at_the_field(
    manager: Person, shop: Shop, data: bytes, said: str
) -> None:
    before = shop.rows()
    upload(manager, data, status=422)
    assert said in manager.fault("picture")
    assert shop.changed(before) == {}


def test_a_file_beyond_the_limit_is_refused(manager: Person, shop: Shop) -> None:
    before = shop.rows()
    upload(manager, b"\x89PNG" + b"0" * (13 * 1024 * 1024), status=413)
    assert shop.changed(before) == {}


def test_a_photo_larger_than_an_ordinary_form_is_taken(manager: Person, shop: Shop) -> None:
    noise = Image.frombytes("RGB", (1_200, 1_200), random.Random(7).randbytes(1_200 * 1_200 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(out.getvalue()) > 1024 * 1024
    assert "The picture is saved." in upload(manager, out.getvalue())


def test_an_upload_sent_twice_is_saved_once(manager: Person, shop: Shop) -> None:
    same = new_id()
    upload(manager, picture("PNG"), form_id=same)
    before = shop.rows()
    upload(manager, picture("PNG"), form_id=same)
    assert shop.changed(before) == {}


def test_a_picture_is_kept_for_ever_under_an_address_that_names_its_contents(
    manager: Person, shop: Shop
) -> None:
    upload(manager, picture("PNG"))
    address = _address(manager)
    answer = manager.client.get(address)
    assert answer.content_type == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert manager.client.get(address.replace("/KTO-100", "/KTP-100")).status_code == 404


def _address(person: Person) -> str:
    person.see("products/KTO-100")
    found = re.search(r'class="picture" src="([^"]+)"', person.source)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("across", "zoom", "colour"),
    [("0", "100", "blue"), ("1000", "100", "red"), ("0", "400", "blue"), ("1000", "400", "red")],
)
def test_the_part_that_was_chosen_is_shown(
    manager: Person, shop: Shop, across: str, zoom: str, colour: str
) -> None:
    # Blue on the left, red on the right, and twice as wide as high.
    form = {"crop_x": across, "crop_y": "500", "crop_zoom": zoom, "form_id": new_id()}
    data = {**form, "picture": (io.BytesIO(picture("PNG", (1_200, 600))), "foto.png")}
    manager.send("products/KTO-100/picture", data, content_type="multipart/form-data")
    _, image = stored(shop)
    assert image.size == (480, 480)
    red, _, blue = image.convert("RGB").getpixel((240, 240))  # type: ignore[misc]
    assert (blue > 200 > red) if colour == "blue" else (red > 200 > blue)


@pytest.mark.parametrize(
    "crop", [{"crop_x": "-1"}, {"crop_zoom": "99"}, {"crop_zoom": "9999"}, {"crop_y": "x"}]
)
def test_a_part_that_no_photo_has_is_refused(manager: Person, crop: dict[str, str]) -> None:
    data = {**crop, "form_id": new_id(), "picture": (io.BytesIO(picture("PNG")), "foto.png")}
    assert "whole number" in manager.send(
        "products/KTO-100/picture", data, status=422, content_type="multipart/form-data"
    )


def test_a_product_without_a_picture_shows_a_drawn_one(manager: Person) -> None:
    form = {"sku": "X-1", "name": "Baru", "unit": "kotak", "price": "1000", "position": "9", "active": "1"}
    manager.send("products/new", form)
    manager.see("products/X-1")
    found = re.search(r'class="picture" src="(/static/[^"]+/img/no-picture[.]svg)"', manager.source)
    assert found is not None
    answer = manager.client.get(found[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
