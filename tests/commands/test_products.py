"""`pos products`: what a spreadsheet says is in the shop, all of it or nothing."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.commands.conftest import Machine

CATALOGUE = (
    "SELECT p.sku, p.name, p.name_en, p.unit, p.category, p.active, p.position FROM product p ORDER BY p.sku"
)
PRICES = (
    "SELECT p.sku, r.amount, r.valid_from FROM price r JOIN product p ON p.id = r.product_id ORDER BY r.id"
)
BARCODES = (
    "SELECT p.sku, b.barcode FROM product_barcode b JOIN product p ON p.id = b.product_id ORDER BY 1, 2"
)
STOCK = (
    "SELECT p.sku, l.code, l.expires_on, l.unit_cost, b.on_hand FROM stock_balance b "
    "JOIN lot l ON l.id = b.lot_id JOIN product p ON p.id = b.product_id ORDER BY 1, 2"
)
EVERYTHING = (CATALOGUE, PRICES, BARCODES, STOCK, "SELECT seq, head FROM book ORDER BY id")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "produk.csv"


def everything(machine: Machine) -> list[object]:
    return [machine.look(query) for query in EVERYTHING]


def test_new_products_come_in_with_price_barcodes_and_opening_stock(machine: Machine, file: Path) -> None:
    file.write_text(
        "sku;nama;kategori;satuan;harga;barcode;stok;kedaluwarsa;harga_pokok\n"
        "SBN-01;Sabun Cuci;Kebersihan;botol;12.500;2099000000017 2099000000024;30;31/12/2030;9.000\n"
        "SPT-01;Sapu Ijuk;Kebersihan;buah;20000;;;;\n",
        encoding="utf-8-sig",
    )
    said = machine.done("products", "import", str(file))
    assert said == "2 rows: 2 products added, 0 changed, 0 prices set, 30 pieces received.\n"
    assert ("SBN-01", "Sabun Cuci", "", "botol", "Kebersihan", True, 7) in machine.look(CATALOGUE)
    assert [row[:2] for row in machine.look(PRICES)[-2:]] == [("SBN-01", 12_500), ("SPT-01", 20_000)]
    assert {code for sku, code in machine.look(BARCODES) if sku == "SBN-01"} == {
        "2099000000017",
        "2099000000024",
    }
    (stock,) = [row for row in machine.look(STOCK) if row[0] == "SBN-01"]
    assert (stock[1], str(stock[2]), *stock[3:]) == ("2030-12-31", "2030-12-31", 9_000, 30)
    assert machine.pos("verify").code == 0


def test_what_the_file_does_not_name_stays_as_it_is(machine: Machine, file: Path) -> None:
    before, codes = machine.look(CATALOGUE), machine.look(BARCODES)
    file.write_text("sku,harga\nKTO-100,15.500\nKTP-100,\n")
    assert "0 changed, 1 prices set" in machine.done("products", "import", str(file))
    assert machine.look(CATALOGUE) == before
    assert machine.look(BARCODES) == codes
    assert machine.look(PRICES)[-1][:2] == ("KTO-100", 15_500)


def test_one_wrong_cell_keeps_the_whole_file_out_and_every_one_is_named(machine: Machine, file: Path) -> None:
    before = everything(machine)
    file.write_text(
        "sku;nama;harga;barcode;stok;kedaluwarsa;lokasi\n"
        "OK-01;Baik;10.000;;;;\n"
        "NO-01;Buruk;15,5;2012345000018;4;31/02/2027;\n"
        "NO-02;;;;;;\n"
        "OK-01;Lagi;1;;;;\n"
        "KTO-100;Keripik Tempe;1;2012345000025;5;2020-01-01;DAPUR\n"
    )
    ended = machine.pos("products", "import", str(file))
    assert ended.code == 1
    assert "Nothing was changed" in ended.err
    places = [line.partition(": ")[0] for line in ended.out.splitlines()]
    assert places == [
        "Baris 3, harga",
        "Baris 3, kedaluwarsa",
        "Baris 4, nama",
        "Baris 4, harga",
        "Baris 5, sku",
        "Baris 6, lokasi",
        "Baris 6, kedaluwarsa",
        "Baris 6, barcode",
    ]
    assert everything(machine) == before


def test_errors_are_told_in_the_machines_language(machine: Machine, file: Path) -> None:
    file.write_text("sku;nama;harga\nA1;Baik;15,5\n")
    english = Machine({**machine.environment, "POS_LOCALE": "en"}, machine.look)
    assert english.pos("products", "import", str(file)).out.startswith("Row 2, harga: 15,5 is not")
    assert machine.pos("products", "import", str(file)).out.startswith("Baris 2, harga: 15,5 bukan")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(machine: Machine, file: Path) -> None:
    before = everything(machine)
    file.write_text("sku;nama;harga;stok\nBR-01;Baru;5.000;10\nKTO-100;Nama lain;15.000;\n")
    said = machine.done("products", "import", str(file), "--dry-run")
    assert said.startswith("2 rows: 1 products would be added, 1 changed, 0 prices would be set, ")
    assert said.endswith("10 pieces would be received.\n")
    assert everything(machine) == before


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_export_read_in_again_changes_nothing(
    machine: Machine, file: Path, language: str, suffix: str
) -> None:
    file.write_text('sku;nama;harga;aktif;barcode\nF-1;\'=1+1;500;tidak;20|21\n\'@x;"Teh; ""manis""";1;ya;\n')
    machine.done("products", "import", str(file))
    assert "=1+1" in {row[1] for row in machine.look(CATALOGUE)}
    before = everything(machine)
    file = file.with_suffix(suffix)
    said = machine.done("products", "export", str(file), "--language", language, "--force")
    assert said == f"8 products: {file}\n"
    assert "8 rows: 0 products added, 0 changed, 0 prices set" in machine.done(
        "products", "import", str(file)
    )
    assert everything(machine) == before


def test_the_order_of_categories_moves_by_file(machine: Machine, file: Path) -> None:
    placed = "SELECT name, position FROM product_category ORDER BY position"
    assert machine.look(placed) == []
    file.write_text(
        "sku;urutan_kategori\nKTO-100;2\nMBT-250;1\nMBL-250;\n",
        encoding="utf-8",
    )
    assert machine.done("products", "import", str(file)).endswith(" 2 categories placed.\n")
    arranged = [("Bunga Telang", 1), ("Keripik Tempe", 2)]
    assert machine.look(placed) == arranged
    before = machine.look("SELECT seq, head FROM book ORDER BY id")
    machine.done("products", "export", str(file), "--force")
    assert "Keripik Tempe" in file.read_text(encoding="utf-8-sig")
    assert "placed" not in machine.done("products", "import", str(file))
    assert machine.look("SELECT seq, head FROM book ORDER BY id") == before
    # A file of before that has no such column leaves the order alone.
    file.write_text("sku;harga\nKTO-100;17000\n", encoding="utf-8")
    machine.done("products", "import", str(file))
    assert machine.look(placed) == arranged
    assert machine.pos("verify").code == 0


def test_two_numbers_for_one_category_or_one_for_none_keep_the_file_out(machine: Machine, file: Path) -> None:
    file.write_text(
        "sku;kategori;urutan_kategori\nKTO-100;Keripik Tempe;1\nKTP-100;Keripik Tempe;2\nMBT-250;;3\n",
        encoding="utf-8",
    )
    said = machine.pos("products", "import", str(file))
    assert said.code != 0
    assert "Keripik Tempe" in said.out
    assert machine.look("SELECT count(*) FROM product_category") == [(0,)]


def test_a_barcode_may_go_from_one_product_to_another(machine: Machine, file: Path) -> None:
    (code,) = [code for sku, code in machine.look(BARCODES) if sku == "KTO-100"]
    file.write_text(f"sku;barcode\nKTP-100;{code}\n")
    assert "1 errors" in machine.refused("products", "import", str(file))
    file.write_text(f"sku;barcode\nKTP-100;{code}\nKTO-100;\n")
    machine.done("products", "import", str(file))
    assert [sku for sku, barcode in machine.look(BARCODES) if barcode == code] == ["KTP-100"]


def test_a_price_for_later_does_not_count_today(machine: Machine, file: Path) -> None:
    file.write_text("sku;harga;berlaku_mulai\nKTO-100;17.000;1/1/2035\n")
    assert "1 prices set" in machine.done("products", "import", str(file))
    assert "0 prices set" in machine.done("products", "import", str(file))
    machine.done("products", "export", str(file), "--force")
    assert "KTO-100;Keripik Tempe Original 100 g;" in file.read_text()
    assert "17000" not in file.read_text()


def test_a_workbook_brings_products_and_goods_like_a_csv_file(machine: Machine, tmp_path: Path) -> None:
    book = tmp_path / "produk.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["SKU", "Nama", "Harga", "Barcode", "Stok", "Kedaluwarsa"])
    sheet.append(["SBN-01", "Sabun Cuci", 12_500, 2099000000017, 30, date(2030, 12, 31)])
    made.save(book)
    said = machine.done("products", "import", str(book))
    assert said == "1 rows: 1 products added, 0 changed, 0 prices set, 30 pieces received.\n"
    assert ("SBN-01", "2099000000017") in machine.look(BARCODES)
    (stock,) = [row for row in machine.look(STOCK) if row[0] == "SBN-01"]
    assert (str(stock[2]), stock[4]) == ("2030-12-31", 30)
    assert machine.pos("verify").code == 0


def test_faults_of_a_workbook_are_named_by_row_and_column_of_the_sheet(
    machine: Machine, tmp_path: Path
) -> None:
    book = tmp_path / "produk.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet["B3"], sheet["C3"], sheet["D3"] = "SKU", "Nama", "Harga jual"
    sheet["B7"], sheet["C7"], sheet["D7"] = "A1", "#N/A", 15_500.5
    made.save(book)
    before = everything(machine)
    ended = machine.pos("products", "import", str(book))
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "Baris 7, Nama: Sel ini berisi galat #N/A.",
        "Baris 7, Harga jual: 15500.5 bukan bilangan bulat. Tulis 15000 atau 15.000, tanpa desimal.",
    ]
    assert everything(machine) == before


def test_what_only_looks_like_a_workbook_is_refused_in_one_line(machine: Machine, tmp_path: Path) -> None:
    book = tmp_path / "produk.xlsx"
    book.write_bytes(b"PK\x03\x04and so on")
    assert "Buku kerja ini rusak" in machine.refused("products", "import", str(book))
    book.write_text("sku;nama\nA1;x\n")
    assert "produk.xlsx bukan buku kerja Excel" in machine.refused("products", "import", str(book))
    assert ".xlsx or .csv" in machine.refused("products", "export", str(tmp_path / "new.xls"))


def test_an_export_overwrites_only_when_forced(machine: Machine, file: Path) -> None:
    file.write_text("mine")
    assert "--force" in machine.refused("products", "export", str(file))
    assert file.read_text() == "mine"


def test_thousands_of_products_come_in_at_once(machine: Machine, file: Path) -> None:
    rows = [f"M{n:05d};Produk {n};{n % 90 + 1}.000;29{n:011d};{n % 7}" for n in range(5_000)]
    file.write_text("\n".join(["sku;nama;harga;barcode;stok", *rows]))
    assert machine.done("products", "import", str(file)).startswith("5000 rows: 5000 products added")
    assert machine.look("SELECT count(*) FROM product") == [(5_006,)]
    assert machine.look("SELECT count(*) FROM entry WHERE kind = 'products_saved'") == [(2,)]
    assert machine.pos("verify").code == 0
