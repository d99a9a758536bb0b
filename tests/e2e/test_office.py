"""The back office in a real browser: today, a refused form, a photo and its part, and the help."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.person import PINS

pytestmark = pytest.mark.e2e


def photo() -> bytes:
    """Blue on the left, red on the right, twice as wide as high."""
    image = Image.new("RGB", (1_200, 600), "red")
    image.paste("blue", (0, 0, 600, 600))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def pixel(page: Page) -> list[int]:
    """The middle of the square that will be shown."""
    found: list[int] = page.locator(".crop-view").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(240, 240, 1, 1).data]"
    )
    return found


def test_a_manager_sees_today_is_led_to_a_fault_chooses_a_part_of_a_photo_and_asks_for_help(
    page: Page,
) -> None:
    page.goto("/back-office/sign-in")
    page.locator("[name=name]").fill("Manajer")
    page.locator("[name=pin]").fill(PINS["Manajer"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Per jam")).to_be_visible()

    page.goto("/back-office/products/KTO-100")
    page.locator("[name=price]").fill("murah")
    page.get_by_role("button", name="Tetapkan harga").tap()
    expect(page.locator("[name=price]")).to_be_focused()
    expect(page.locator("[name=price]")).to_have_value("murah")
    page.locator(".faults a").tap()
    assert page.url.endswith("#price")

    chosen = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    expect(page.locator("[data-crop]")).to_be_visible()
    page.locator("[name=crop_x]").fill("0")
    red, _, blue, _ = pixel(page)
    assert blue > 200 > red
    page.locator("[name=crop_x]").fill("1000")
    red, _, blue, _ = pixel(page)
    assert red > 200 > blue
    before = page.locator("img.picture").get_attribute("src")
    page.get_by_role("button", name="Unggah").tap()
    expect(page.locator("img.picture")).not_to_have_attribute("src", str(before))

    page.get_by_role("link", name="Bantuan").tap()
    expect(page.get_by_role("heading", name="Satu produk")).to_be_visible()
    page.locator("[name=q]").fill("kembalian")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Menerima uang tunai").first.tap()
    page.get_by_role("link", name="Kembali").tap()
    expect(page.get_by_role("heading", name="Keripik Tempe Original 100 g", level=1)).to_be_visible()
