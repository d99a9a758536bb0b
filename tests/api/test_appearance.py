"""How receipts look is a setting of the shop: header, footer, logo, and what is shown."""

import base64
import io
from dataclasses import asdict

import pytest
from PIL import Image, ImageDraw

from pos.domain.shop import Shop as Settings
from pos.errors import ValidationError
from pos.operations.papers_appearance import LOGO_HEIGHT, LOGO_WIDTH, fit_logo, preview
from printers.layout import Paper
from tests.api.papers import jobs, lines_of, verified
from tests.escpos_reader import read
from tests.factories import Shop
from tests.support.demo import on_sqlite

demo_url = on_sqlite

PAPERS = [Paper.of(columns) for columns in (32, 42, 48)]


def drawing(width: int = 300, height: int = 120, kind: str = "PNG") -> bytes:
    """A black ring on white."""
    picture = Image.new("RGB", (width, height), "white")
    if min(width, height) > 10:
        ImageDraw.Draw(picture).ellipse((4, 4, width - 5, height - 5), outline="black", width=8)
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def receipt(shop: Shop) -> list[str]:
    shop.sell([{"sku": "KTO-100", "quantity": 2, "discount": 1_000, "reason": "r"}], cash=50_000)
    return lines_of(shop, jobs(shop, "receipt")[-1])


def test_a_shop_that_sets_nothing_has_the_receipt_it_always_had(till: Shop) -> None:
    assert receipt(till)[3:] == [
        "CONTOH - bukan struk penjualan".center(32).rstrip(),
        "-" * 32,
        "No.                    K1-000001",
        receipt_time(till),
        "Kasir                    cashier",
        "-" * 32,
        "Keripik Tempe Original 100 g",
        "  2 x 15.000              30.000",
        "  Potongan                -1.000",
        "-" * 32,
        "TOTAL                     29.000",
        "Tunai                     50.000",
        "Kembalian                 21.000",
        "-" * 32,
        "Terima kasih. Barang rusak dapat",
        "  ditukar: tunjukkan struk ini",
        "       dalam 2 x 24 jam.",
    ]


def receipt_time(shop: Shop) -> str:
    return next(row for row in lines_of(shop, jobs(shop, "receipt")[-1]) if row.startswith("Waktu"))


def test_header_and_footer_are_printed_line_for_line(till: Shop) -> None:
    till.settings(receipt_header="NPWP 01.234\r\nWA 0812-3456", receipt_footer="Terima kasih\n\nSampai jumpa")
    paper = [row.strip() for row in receipt(till)]
    assert paper.index("WA 0812-3456") == paper.index("NPWP 01.234") + 1
    assert paper[-3:] == ["Terima kasih", "", "Sampai jumpa"]


def test_without_a_footer_the_receipt_ends_with_its_rule(till: Shop) -> None:
    till.settings(receipt_footer="")
    assert receipt(till)[-1] == "-" * 32


@pytest.mark.parametrize(
    ("switch", "gone"),
    [
        ("receipt_show_cashier", "Kasir"),
        ("receipt_show_address", "Jl. Contoh"),
        ("receipt_show_unit_prices", "x 15.000"),
        ("receipt_show_discounts", "Potongan"),
    ],
)
def test_what_a_switch_turns_off_is_not_printed(till: Shop, switch: str, gone: str) -> None:
    assert any(gone in row for row in receipt(till))
    till.settings(**{switch: False})
    paper = receipt(till)
    assert [row for row in paper if gone in row] == []
    assert "TOTAL                     29.000" in paper
    assert "Kembalian                 21.000" in paper


def test_a_hidden_discount_leaves_sums_that_add_up(till: Shop) -> None:
    till.settings(receipt_show_discounts=False)
    paper = receipt(till)
    assert "  2                       29.000" in paper
    assert [row for row in paper if "30.000" in row or "15.000" in row] == []


def test_the_barcode_of_each_product_can_be_shown(till: Shop) -> None:
    code = next(item for item in till.get("/products")["items"] if item["sku"] == "KTO-100")["barcodes"][0]
    assert f"  {code}" not in receipt(till)
    till.settings(receipt_show_barcodes=True)
    paper = receipt(till)
    assert paper.index(f"  {code}") == paper.index("Keripik Tempe Original 100 g") + 1


def test_a_logo_stands_at_the_top_of_what_customers_get(till: Shop) -> None:
    from printers.document import Document
    from printers.document import Image as Logo
    from printers.render import to_escpos

    till.settings(receipt_logo=fit_logo(drawing()))
    sale = till.sell({"KTO-100": 1})["id"]
    out = read(till.get(f"/sales/{sale}/receipt.bin").content)
    assert out.order[0] == "picture"
    assert till.get(f"/sales/{sale}/receipt.png").status == 200
    logo = base64.b64decode(fit_logo(drawing()))
    for paper in PAPERS:
        alone = read(to_escpos(Document((Logo(logo),)), paper)).pictures[0]
        assert alone.width <= paper.dots
    assert verified(till) == []


@pytest.mark.parametrize("size", [(300, 120), (4_000, 300), (60, 3_000), (1, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_uploaded_picture_is_made_to_fit(size: tuple[int, int], kind: str) -> None:
    kept = Image.open(io.BytesIO(base64.b64decode(fit_logo(drawing(*size, kind)))))
    assert kept.width <= LOGO_WIDTH
    assert kept.height <= LOGO_HEIGHT
    assert kept.mode == "1"


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", drawing()[:200], b"\x89PNG" + b"x" * 100, b"x" * 2_000_000], ids=range(5)
)
def test_what_is_no_picture_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        fit_logo(data)
    assert refused.value.fields[0].loc == "receipt_logo"


def test_a_picture_full_of_dust_is_refused() -> None:
    noise = Image.effect_noise((384, 200), 200)
    out = io.BytesIO()
    noise.point([0 if level < 128 else 255 for level in range(256)]).save(out, "PNG")
    with pytest.raises(ValidationError):
        fit_logo(out.getvalue())


def wrong_logos() -> list[object]:
    wide = base64.b64encode(drawing(500, 40)).decode()
    return ["x", "====", base64.b64encode(b"no picture").decode(), wide, "a" * 12_001, 5, None]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("receipt_header", "a\nb\nc\nd"),
        ("receipt_header", "a\x1bb"),
        ("receipt_header", "a\u202eb"),
        ("receipt_header", "x" * 151),
        ("receipt_footer", "\n" * 6),
        ("receipt_footer", "a\tb"),
        ("receipt_show_cashier", "no"),
        ("receipt_show_link", 1),
        ("receipt_show_moon", True),
        *(("receipt_logo", value) for value in wrong_logos()),
    ],
)
def test_a_wrong_setting_is_neither_saved_nor_previewed(shop: Shop, key: str, value: object) -> None:
    before = shop.rows()
    with pytest.raises(ValidationError) as refused:
        shop.settings(**{key: value})
    assert refused.value.fields[0].loc == key
    assert shop.changed(before) == {}
    with pytest.raises(ValidationError) as refused:
        preview({key: value}, Settings(), PAPERS[0])
    assert refused.value.fields[0].loc == key


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.columns))
def test_a_preview_shows_what_would_be_printed_and_saves_nothing(shop: Shop, paper: Paper) -> None:
    before = shop.rows()
    wanted = {"name": "Karya Baru", "receipt_header": "Buka 08.00", "receipt_logo": fit_logo(drawing())}
    with shop.app.app_context():
        shown = preview(wanted, Settings(), paper, link="https://toko.example/r/K1-000123.aaaaaaaaaaaaaaaa")
    assert shop.changed(before) == {}
    for words in ("Karya Baru", "Buka 08.00", "2 x 32.000", "TOTAL", "65.600", "[https://toko.example/r/"):
        assert words in shown.text, words
    assert Image.open(io.BytesIO(shown.png)).width == paper.dots
    assert all(len(row) <= max(paper.columns, 60) for row in shown.text.splitlines())


def test_the_preview_of_the_present_settings_has_everything_they_show() -> None:
    everything = preview(asdict(Settings()), Settings(), PAPERS[0])
    assert "Kasir" in everything.text
    nothing = preview(
        {name: False for name, value in asdict(Settings()).items() if name.startswith("receipt_show_")},
        Settings(),
        PAPERS[0],
    )
    assert "Kasir" not in nothing.text
    assert "Jl. Merdeka" not in nothing.text
    assert "65.600" in nothing.text
