"""Shifts, the day, payments, print jobs and the first page."""

import pytest
from sqlalchemy import update

from pos.db import db, transaction
from pos.models import PrintJob
from tests.api.papers import lines_of
from tests.factories import Shop
from tests.web.office.conftest import Office, both


@both
def test_the_first_page_shows_today_by_register_and_outlet(office: Office, till: Shop) -> None:
    till.open("G1", 50_000)
    sale = till.sell({"KTO-100": 2})
    till.sell({"MBT-250": 1}, register="G1", who="cashier at G1")
    till.sell({"MBT-250": 1}, qris=True)
    person = office("Manajer")
    person.send(
        f"sales/{sale['id']}/refund",
        {"sku": "KTO-100", "lines.0.quantity": "1", "reason": "rusak", "method": "cash", "register": "K1"},
    )
    said = person.see("").replace("\u00a0", " ")
    assert "Net today Rp 23.000" in said
    assert "Kios Kunjungan Rp 15.000" in said
    assert "Gerai Karya Rp 8.000" in said
    assert "Payments that wait 1" in said
    assert "Rp 115.000" in said
    assert "Rp 58.000" in said


@both
def test_x_of_an_open_shift_and_z_of_a_closed_one(office: Office, till: Shop) -> None:
    till.sell({"KTO-100": 2})
    person = office("Bendahara")
    shift = till.get("/shifts/current?register=K1")["id"]
    assert "Report so far (X)" in person.see(f"reports/shifts/{shift}")
    till.close(shift, 129_000, reason="Salah kembalian")
    said = person.see(f"reports/shifts/{shift}").replace("\u00a0", " ")
    assert "Z report 1" in said
    assert "-Rp 1.000 short · Salah kembalian" in said
    assert "Z K1 1" in person.see("reports/")
    assert "Z K1 1" in person.see("reports/?register=K1")
    assert "No shift was closed yet." in person.see("reports/?register=G1")
    person.see("reports/?before=nonsense")
    person.see("reports/shifts/nothing", status=404)


def test_a_z_is_printed_again_at_a_chosen_printer_by_who_counts_and_only_read_by_others(
    office: Office, till: Shop
) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    page = f"reports/shifts/{shift}"
    assert "Print the X report" in office("Pengawas").see(page)
    till.close(shift, 100_000)
    person = office("Pengawas")
    assert "Print a copy of the Z report" in person.see(page)
    assert "The report is being printed at G1." in person.send(f"{page}/print", {"register": "G1"})
    (job,) = [job for job in till.get("/print-jobs")["items"] if job["register"] == "G1"]
    assert lines_of(till, job)[0].strip() == "SALINAN ke-1"
    for name in ("Bendahara", "Pemeriksa"):
        reader = office(name)
        said = reader.see(page)
        assert "Z report 1" in said
        assert "Counted" in said
        assert f"{page}/print" not in reader.source
        reader.send(f"{page}/print", {"register": "G1"}, status=403)


@both
def test_the_days_report_of_one_outlet_and_of_all(office: Office, till: Shop) -> None:
    till.open("G1", 50_000)
    till.sell({"KTO-100": 2})
    till.sell({"MBT-250": 1}, register="G1", who="cashier at G1")
    person = office("Pemeriksa")
    said = person.see("reports/day").replace("\u00a0", " ")
    assert "Net Rp 38.000" in said
    assert "Not final: shifts still open: 2." in said
    said = person.see("reports/day?outlet=GERAI").replace("\u00a0", " ")
    assert "Net Rp 8.000" in said
    assert "No till was open on this day." in person.see("reports/day?date=2020-02-29")
    person.see("reports/day?date=2020-02-30&outlet=NOWHERE")


@both
def test_every_closed_shift_is_found_page_by_page(office: Office, shop: Shop) -> None:
    from pos.queries.office import shifts

    for _ in range(5):
        shop.close(shop.open("K1", 0), 0)
    with shop.app.app_context():
        whole, _ = shifts(register=None, before=None, limit=50, open_ones=False)
        found, cursor = [], None
        while True:
            page, cursor = shifts(register="K1", before=cursor, limit=2, open_ones=False)
            found += page
            if cursor is None:
                break
    assert found == whole
    assert [row.z for row in whole] == [5, 4, 3, 2, 1]


@both
def test_a_late_payment_is_explained(office: Office, till: Shop) -> None:
    sale = till.sell({"MBT-250": 1}, qris=True)
    till.post(f"/sales/{sale['id']}/cancel", who="cashier")
    shift = till.get("/shifts/current?register=K1")["id"]
    till.close(shift, 100_000)
    till.post(f"/sales/{sale['id']}/confirm", {"reference": "REF-9"}, who="manager")
    person = office("Manajer")
    assert "Money without a sale: 1, together Rp 8.000" in person.see("")
    assert "REF-9" in person.see("payments/?status=late")
    said = person.see("payments/found/")
    assert "REF-9" in said
    assert "confirmed it by hand after the sale was given up" in said
    assert "REF-9" not in person.see("payments/?status=waiting")
    person.see("payments/?status=nonsense")


@pytest.fixture
def unknown(till: Shop) -> str:
    """A receipt of which nobody knows whether it came out."""
    till.sell({"KTO-100": 1})
    job = next(job for job in till.get("/print-jobs")["items"] if job["kind"] == "receipt")
    with till.app.app_context(), transaction():
        db.session.execute(update(PrintJob).where(PrintJob.id == job["id"]).values(status="unknown"))
    return str(job["id"])


def test_a_print_job_that_is_not_certain_is_decided_by_a_person(
    office: Office, till: Shop, unknown: str
) -> None:
    person = office("Pengawas")
    assert "Prints that are not certain 1" in person.see("")
    assert "Did these come out?" in person.see("printing/")
    assert "Noted: it came out." in person.send(f"printing/{unknown}/resolve")
    assert till.get("/print-jobs?status=unknown")["items"] == []
    assert "It is known what became of this print job" in person.send(f"printing/{unknown}/retry")


def test_printing_again_marks_a_copy(office: Office, till: Shop, unknown: str) -> None:
    person = office("Pengawas")
    assert "marked SALINAN" in person.send(f"printing/{unknown}/retry")
    job = next(job for job in till.get("/print-jobs")["items"] if job["id"] == unknown)
    assert job["status"] == "queued"


def test_an_auditor_sees_it_and_has_no_button_for_it(office: Office, unknown: str) -> None:
    person = office("Pemeriksa")
    assert "Did these come out?" in person.see("printing/")
    assert "It came out" not in person.text
