"""What a partner keeps, which lots they sold, and their files, however they were made."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.domain import sell_through as files
from pos.domain.consignment import commission, shares, sold_from
from pos.domain.lots import LotStock
from pos.domain.settlement.cells import BadCell
from pos.domain.settlement.reading import Unreadable
from pos.domain.workbook import write

amounts = st.lists(st.integers(-10_000_000, 10_000_000), max_size=30)
rates = st.integers(0, 10_000)


@given(amounts, rates)
def test_the_shares_add_up_to_the_commission_and_none_is_a_rupiah_off(sums: list[int], rate: int) -> None:
    parts = shares(sums, rate)
    assert sum(parts) == commission(sum(sums), rate)
    assert all(abs(part * 10_000 - amount * rate) <= 10_000 for part, amount in zip(parts, sums, strict=True))


@given(st.integers(0, 10**12), rates)
def test_a_partner_never_keeps_more_than_all_and_a_half_goes_up(gross: int, rate: int) -> None:
    assert 0 <= commission(gross, rate) <= gross
    assert abs(2 * (commission(gross, rate) * 10_000 - gross * rate)) <= 10_000
    assert commission(1, 5_000) == 1


lots = st.lists(
    st.builds(
        LotStock,
        st.integers(1, 50),
        st.sampled_from([1, 2]),
        st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.integers(0, 9),
    ),
    unique_by=lambda lot: lot.lot_id,
    max_size=8,
)


@given(
    lots,
    st.dictionaries(st.sampled_from([1, 2]), st.integers(0, 20)),
    st.dates(date(2026, 3, 1), date(2026, 9, 30)),
)
def test_sold_pieces_leave_exactly_or_are_missing_and_late_lots_come_last(
    held: list[LotStock], wanted: dict[int, int], begin: date
) -> None:
    found = sold_from(wanted, held, begin)
    by_lot = {lot.lot_id: lot for lot in held}
    for product, count in wanted.items():
        there = sum(lot.available for lot in held if lot.product_id == product)
        took = sum(t.quantity for t in (*found.takes, *found.late) if t.product_id == product)
        assert took == (0 if count > there else count)
        assert found.missing.get(product, 0) == max(0, count - there)
        if any(t.product_id == product for t in found.late):
            fresh = [lot for lot in held if lot.product_id == product and lot not in late_lots(held, begin)]
            assert sum(t.quantity for t in found.takes if t.product_id == product) == sum(
                lot.available for lot in fresh
            )
    for take in (*found.takes, *found.late):
        assert 0 < take.quantity <= by_lot[take.lot_id].available
    assert all(by_lot[take.lot_id] in late_lots(held, begin) for take in found.late)


def late_lots(held: list[LotStock], begin: date) -> list[LotStock]:
    return [lot for lot in held if lot.expires_on is not None and lot.expires_on < begin]


HEAD = "Kode Barang;Nama;Tgl;Qty Terjual;Harga Jual;Cabang"
ROW = "KTO-100;Tempe;24/11/2026;12;15.000,00;Bandung"


def read(text: str) -> files.Sheet:
    rows = files.table(text.encode())
    return files.read(rows, files.guess(rows))


def faults(sheet: files.Sheet) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in sheet.faults]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_columns_are_guessed_below_what_stands_above_them(mark: str) -> None:
    row = ROW.replace(",00", "")
    sheet = read(f"Swalayan Mawar\n\nMasa: November\n{HEAD}\n{row}\n".replace(";", mark))
    (sold,) = sheet.rows
    assert (sold.row, sold.sku, sold.quantity, sold.price) == (5, "KTO-100", 12, 15_000)
    assert (sold.day, sold.outlet) == (date(2026, 11, 24), "Bandung")


def test_an_english_workbook_is_read_as_well_and_its_barcodes_are_kept() -> None:
    data = write("Sales", ["EAN", "Item code", "Sales qty"], [["2000000000015", "A1", 3]])
    rows = files.table(data)
    (sold,) = files.read(rows, files.guess(rows)).rows
    assert (sold.barcode, sold.sku, sold.quantity) == ("2000000000015", "A1", 3)


def test_what_was_said_last_time_wins_over_a_guess() -> None:
    rows = files.table(b"kode;qty;qty bonus\nA;1;2\n")
    assert files.guess(rows).columns["quantity"] == 1
    assert files.guess(rows, {"sku": "kode", "quantity": "Qty Bonus"}).columns["quantity"] == 2


def test_columns_nobody_knows_are_left_to_a_person() -> None:
    rows = files.table(b"produk;banyak\nKTO-100;2\n")
    layout = files.guess(rows)
    assert (layout.complete, layout.header) == (False, 1)
    said = files.Layout(1, {"sku": 0, "quantity": 1})
    assert [sold.quantity for sold in files.read(rows, said).rows] == [2]


def test_sums_headers_again_and_rows_of_nothing_are_passed_over() -> None:
    sheet = read(f"{HEAD}\n{ROW}\n{HEAD}\nKTP-100;;;0;;\n\nGRAND TOTAL;;;12;;\nTotal;;;12;;\n")
    assert [sold.sku for sold in sheet.rows] == ["KTO-100"]
    assert (sheet.skipped, sheet.faults) == (4, [])


def test_every_fault_is_named_by_its_row_and_column() -> None:
    wrong = "KTO-100;;32/11/2026;1.250;x;\n;;24/11/2026;1;;\n8,99E+12;;;2,5;;\n"
    assert sorted(faults(read(f"{HEAD}\n{wrong}"))) == [
        (2, "Harga Jual"),
        (2, "Qty Terjual"),
        (2, "Tgl"),
        (3, "Kode Barang"),
        (4, "Kode Barang"),
        (4, "Qty Terjual"),
    ]


@pytest.mark.parametrize(
    ("text", "pieces"), [("12", 12), ("12,00", 12), ("12.0", 12), ("-3", -3), ("(3)", -3), ("+4", 4)]
)
def test_whole_pieces_are_read_however_they_are_written(text: str, pieces: int) -> None:
    assert files.pieces(text) == pieces


@pytest.mark.parametrize("text", ["1.250", "1,250", "2,5", "", "dua", "1e3", "100001", "--1", "٣"])
def test_what_may_be_many_or_few_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        files.pieces(text)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"%PDF-1.7", b"<html></html>", b"a;b\n", b"qty;sku\n", b"a;b\n1;2\n"]
)
def test_what_is_no_report_says_so(data: bytes) -> None:
    with pytest.raises(Unreadable):
        look_at(data)


def look_at(data: bytes) -> files.Sheet:
    rows = files.table(data)
    return files.read(rows, files.guess(rows))


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_somebody_brings_gives_rows_and_faults_or_says_why_not(data: bytes) -> None:
    try:
        rows = files.table(data)
        sheet = files.read(rows, files.guess(rows))
    except Unreadable:
        return
    assert all(sold.quantity for sold in sheet.rows)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["KTO-100", "A B", "7"]), st.integers(-99, 99)), max_size=12))
def test_every_row_is_read_passed_over_or_a_fault(sold: list[tuple[str, int]]) -> None:
    text = "".join(f"{sku};{quantity}\n" for sku, quantity in sold)
    rows = files.table(f"sku;qty\n{text}x;1\n".encode())
    sheet = files.read(rows, files.guess(rows))
    assert [(row.sku, row.quantity) for row in sheet.rows][:-1] == [one for one in sold if one[1]]
    assert sheet.skipped == sum(not quantity for _, quantity in sold)
