"""Settlement files, whatever they were saved as."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.domain.settlement import PROFILES, Sheet, Unreadable, read, template
from pos.domain.workbook import write

GENERIC = PROFILES["generic"]
HEADER = "Tanggal Transaksi;Jam;RRN;Nominal;MDR;Nett;TID;Issuer;Jenis"
ROW = "24/11/2026;14:05:30;012345678901;25.000;175;24.825;A01;GoPay;Pembayaran"


def sheet(text: str, provider: str = "generic", **more: timedelta) -> Sheet:
    return read(text.encode(), PROFILES[provider], **more)


def faults(found: Sheet) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in found.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_a_file_is_read_in_any_dress(encoding: str, mark: str) -> None:
    text = f"{HEADER}\n{ROW.replace('GoPay', 'Café')}\n".replace(";", mark)
    (row,) = read(text.encode(encoding), GENERIC).rows
    assert (row.line, row.kind, row.day, row.rrn) == (2, "payment", date(2026, 11, 24), "012345678901")
    assert (row.amount, row.fee, row.net) == (25_000, 175, 24_825)
    assert row.at == datetime(2026, 11, 24, 7, 5, 30, tzinfo=UTC)
    assert (row.issuer, row.terminal) == ("Café", "A01")


def test_the_header_is_found_below_what_a_bank_writes_above_it() -> None:
    text = f"sep=;\nPT Bank Contoh\n\nPeriode: 01/11/2026 - 30/11/2026;;\nMerchant;Kedai\n\n{HEADER}\n{ROW}\n"
    found = sheet(text)
    assert found.header_line == 7
    assert [row.line for row in found.rows] == [8]


def test_sums_and_notes_below_the_rows_are_left_out() -> None:
    found = sheet(f"{HEADER}\n{ROW}\n\nTotal;;;25.000;175;24.825\nDicetak oleh sistem\n")
    assert len(found.rows) == 1
    assert found.skipped["note"] == 2
    assert not found.faults


def test_money_that_went_back_is_a_refund_whichever_way_it_is_written() -> None:
    minus = ROW.replace("25.000;175;24.825", "(25.000);0;(25.000)")
    word = ROW.replace("Pembayaran", "Pengembalian Dana")
    rows = sheet(f"{HEADER}\n{minus}\n{word}\n").rows
    assert [(row.kind, row.amount) for row in rows] == [("refund", 25_000), ("refund", 25_000)]
    assert (rows[0].fee, rows[0].net) == (0, 25_000)


def test_what_nobody_paid_is_left_out_and_an_unknown_status_is_not_guessed() -> None:
    header = f"{HEADER};Status"
    rows = [
        f"{ROW};{status}" for status in ("SUCCESS", "Gagal", "pending", "Expire", "Belum dibayar", "Aneh")
    ]
    found = sheet("\n".join([header, *rows]))
    assert [row.line for row in found.rows] == [2]
    assert found.skipped["unpaid"] == 4
    assert faults(found) == [(7, "Status")]


def test_every_bad_line_is_named_with_its_column() -> None:
    bad = [
        ROW.replace("24/11/2026", "31/02/2026"),
        ROW.replace("25.000", "dua puluh"),
        ROW.replace("25.000", ""),
        ROW.replace("25.000", "0").replace("175", "0").replace("24.825", "0"),
        ROW.replace("14:05:30", "25:00"),
        ROW.replace("012345678901", "1,23457E+11"),
        ROW.replace("24/11/2026", ""),
        ROW.replace("24.825", "26.000"),
        ROW.replace("25.000", "25.000,50"),
    ]
    found = sheet("\n".join([HEADER, ROW, *bad, ROW]))
    assert faults(found) == [
        (3, "Tanggal Transaksi"),
        (4, "Nominal"),
        (5, "Nominal"),
        (6, "Nominal"),
        (7, "Jam"),
        (8, "RRN"),
        (9, "Tanggal Transaksi"),
        (10, "Nett"),
        (11, "Nominal"),
    ]
    assert [row.line for row in found.rows] == [2, 12]


def test_the_net_decides_where_the_fee_has_tax_or_sen() -> None:
    text = "Tanggal;Nominal;MDR;PPN;Net\n24/11/2026;12.500;87,50;9,63;12.403\n24/11/2026;10.000;70;;9.000\n"
    found = sheet(text)
    assert [(row.fee, row.net) for row in found.rows] == [(97, 12_403), (1_000, 9_000)]
    assert found.odd_fees == 1


def test_a_file_may_say_nothing_of_fees_or_give_a_rate_instead() -> None:
    found = sheet("Tanggal;Nominal;MDR\n24/11/2026;12.500;0,7%\n")
    assert (found.rows[0].fee, found.rows[0].net) == (None, None)
    assert not found.faults


def test_times_are_of_the_zone_that_the_cell_the_header_or_the_person_names() -> None:
    def at(header: str, cell: str, **more: timedelta) -> datetime | None:
        return sheet(f"{header};Nominal\n{cell};1000\n", **more).rows[0].at

    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert at("Waktu Transaksi", "24/11/2026 12:00") == noon
    assert at("Waktu Transaksi (WITA)", "24/11/2026 13:00") == noon
    assert at("Waktu Transaksi (WITA)", "24/11/2026 14:00 WIT") == noon
    assert at("Waktu Transaksi", "24/11/2026 13:00", offset=timedelta(hours=8)) == noon


def test_a_day_is_the_files_own_even_when_a_cell_speaks_of_another_zone() -> None:
    (row,) = sheet("Waktu;Nominal\n2026-11-23T18:30:00Z;1000\n").rows
    assert row.day == date(2026, 11, 24)


def test_danas_file_counts_in_sen() -> None:
    text = (
        "TXN_ID;TXN_TYPE;ACQUIREMENT_ID;SETTLE_DATE;TXN_AMOUNT;TXN_CURRENCY\n"
        "1;ACQUIRING_ORDER;AQ-9;2026-11-24T10:00:00+07:00;2500000;IDR\n"
        "2;REFUND;AQ-8;2026-11-24T10:00:00+07:00;1000000;IDR\n"
    )
    rows = sheet(text, "dana").rows
    assert [(row.kind, row.reference, row.amount) for row in rows] == [
        ("payment", "AQ-9", 25_000),
        ("refund", "AQ-8", 10_000),
    ]


def test_a_payment_that_midtrans_calls_refunded_did_come() -> None:
    text = (
        "Order ID,Transaction ID,Transaction time,Transaction status,Amount\n"
        "K1-a,T1,2026-11-24 10:00:00,settlement,25000.00\n"
        "K1-b,T2,2026-11-24 10:00:00,refund,30000.00\n"
        "K1-c,T3,2026-11-24 10:00:00,expire,30000.00\n"
    )
    rows = sheet(text, "midtrans").rows
    assert [(row.our_reference, row.reference, row.kind) for row in rows] == [
        ("K1-a", "T1", "payment"),
        ("K1-b", "T2", "payment"),
    ]


def test_payouts_are_no_payments() -> None:
    text = "Tanggal;Nominal;Jenis\n24/11/2026;500.000;Penarikan saldo\n24/11/2026;5.000;QRIS\n"
    assert [row.amount for row in sheet(text).rows] == [5_000]


@pytest.mark.parametrize("provider", PROFILES)
def test_a_template_is_read_by_its_own_profile_without_its_example(provider: str) -> None:
    text = template(PROFILES[provider])
    with pytest.raises(Unreadable, match="no transactions"):
        sheet(text, provider)
    found = sheet(text.replace("CONTOH", "123456"), provider)
    assert [(row.amount, row.fee, row.net) for row in found.rows] == [(25_000, 175, 24_825)]
    assert not found.faults


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04zip", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "password"),
        (write("x", ["Nomor"], [["1"]]), "None of the first"),
        (write("x", [], []), "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table><tr><td>1", "web page"),
        (b"a;b;c\n1;2;3\n", "None of the first"),
        (b"Tanggal;Nominal\n", "no transactions"),
        (b"\xff\xfe\x00", "not a CSV"),
        (b"a\x00b\x00;c\n", "CSV"),
        (b'Tanggal;Nominal\n"' + b"x" * 200_000, "quotation mark"),
        (b"Tanggal;Nominal\n" + b"24/11/2026;1\n" * 10_001, "Split it"),
        (b"x" * (10 * 1024 * 1024 + 1), "Split it"),
    ],
)
def test_what_is_no_settlement_file_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(data, GENERIC)


def test_a_workbook_gives_the_rows_that_its_csv_file_gives() -> None:
    rows: list[list[object]] = [
        ["PT Bank Contoh"],
        [],
        HEADER.split(";"),
        ["24/11/2026", "14:05:30", "012345678901", 25_000, 175.0, "24.825", "A01", "GoPay", "Pembayaran"],
        [date(2026, 11, 24), time(14, 6), "012345678902", 1_000, 7.5, None, "A01", "DANA", "Pembayaran"],
    ]
    found = read(write("Rincian", [], rows), GENERIC)
    text = (
        f"PT Bank Contoh\n\n{HEADER}\n{ROW}\n24/11/2026;14:06;012345678902;1.000;7,50;;A01;DANA;Pembayaran\n"
    )
    assert not found.faults
    assert [replace(row, line=0) for row in found.rows] == [replace(row, line=0) for row in sheet(text).rows]
    assert [row.line for row in found.rows] == [5, 6]


def test_a_number_of_a_workbook_is_never_read_in_thousands_and_what_excel_cut_is_named() -> None:
    rows: list[list[object]] = [
        ["24/11/2026", "012345678901", 15.125],
        ["24/11/2026", 1234567890123456789, 5],
    ]
    found = read(write("x", ["Tanggal", "RRN", "Nominal"], rows), GENERIC)
    assert faults(found) == [(2, "Nominal"), (3, "RRN")]


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_make_reading_crash(data: bytes) -> None:
    for profile in (GENERIC, PROFILES["dana"]):
        with suppress(Unreadable):
            read(data, profile)


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "24/11/2026",
            "25.000",
            "(1.000)",
            "Total",
            "",
            "refund",
            "gagal",
            "9" * 20,
            "1,2E+9",
            '"',
            "=1+1",
            "-",
        ]
    ),
)


@settings(max_examples=300)
@given(st.lists(st.lists(CELL, max_size=10), max_size=6), st.sampled_from([";", ",", "\t"]))
def test_below_a_right_header_every_line_is_a_row_a_fault_or_left_out(
    lines: list[list[str]], mark: str
) -> None:
    text = "\n".join([HEADER.replace(";", mark), *(mark.join(cells) for cells in lines)])
    try:
        found = read(text.encode("utf-8", "surrogatepass"), GENERIC)
    except Unreadable:
        return
    bad = {fault.line for fault in found.faults}
    assert not bad & {row.line for row in found.rows}
    for row in found.rows:
        assert row.amount > 0
        assert row.fee is None or row.net is None or row.fee + row.net == row.amount
