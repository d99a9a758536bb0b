"""A real TCP printer that refuses, dies, stalls and runs out of paper: no sale waits for it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.escpos_reader import read
from tests.factories import new_id
from tests.fake_printer import FakePrinter
from tests.faults.serving import Served, wait_for

pytestmark = pytest.mark.faults
CONFIG = """
[[printers]]
name = "kasir"
registers = ["K1"]
host = "127.0.0.1"
port = {port}
timeout = 1.0
"""


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    with FakePrinter() as fake:
        yield fake


@pytest.fixture
def shop(on_disk: Served, printer: FakePrinter) -> Served:
    """A served shop with the printer, its K1 open."""
    on_disk.folder.joinpath("pos.toml").write_text(CONFIG.format(port=printer.port))
    on_disk.env["POS_CONFIG"] = str(on_disk.folder / "pos.toml")
    on_disk.start()
    on_disk.open("K1")
    return on_disk


def quick_sale(shop: Served) -> str:
    began = time.monotonic()
    sale = str(shop.sell({"KTO-100": 1})["id"])
    assert time.monotonic() - began < 1.5, "the sale waited for the printer"
    return sale


def receipt(shop: Served, sale: str) -> dict[str, Any]:
    (job,) = shop.jobs(sale, "receipt")
    return job


def ends(shop: Served, sale: str, status: str, seconds: float = 20) -> dict[str, Any]:
    """The sale's receipt once it has the status."""
    found: dict[str, Any] = wait_for(
        lambda: receipt(shop, sale) if receipt(shop, sale)["status"] == status else None, seconds
    )
    return found


def test_a_sale_is_printed_once_and_opens_the_drawer_once(shop: Served, printer: FakePrinter) -> None:
    sales = [quick_sale(shop) for _ in range(3)]
    for sale in sales:
        assert ends(shop, sale, "printed")["confirmed"] is True
    paper = read(printer.printed)
    assert len(paper.pulses) == 3
    text = "\n".join(paper.lines)
    assert [text.count(f"K1-00000{n}") for n in (1, 2, 3)] == [1, 1, 1]
    assert "SALINAN" not in text
    data = shop.get(f"/sales/{sales[0]}/receipt.bin").content
    assert data in printer.printed
    assert {job["status"] for job in shop.jobs()} == {"printed"}


def test_a_qris_sale_and_a_copy_open_no_drawer(shop: Served, printer: FakePrinter) -> None:
    sale = shop.sell({"KTO-100": 1}, qris=True)["id"]
    shop.post(f"/sales/{sale}/confirm", {"reference": "R1"})
    ends(shop, sale, "printed")
    assert shop.post(f"/sales/{sale}/reprint", {"id": new_id(), "register": "K1"}).status == 201
    wait_for(lambda: "SALINAN" in "\n".join(read(printer.printed).lines))
    assert read(printer.printed).pulses == []


def test_nobody_answers_and_papers_wait_but_the_drawer_does_not_spring_open_long_after(
    shop: Served, printer: FakePrinter
) -> None:
    printer.set_mode("refuse")
    sales = [quick_sale(shop) for _ in range(2)]
    wait_for(lambda: [job for job in shop.jobs(sales[0]) if job["last_error"]])
    assert [receipt(shop, sale)["status"] for sale in sales] == ["queued", "queued"]
    assert shop.get("/readyz").status == 200
    wait_for(lambda: {job["status"] for job in shop.jobs(kind="drawer")} == {"expired"})
    printer.set_mode("normal")
    for sale in sales:
        ends(shop, sale, "printed", 16)
    paper = read(printer.printed)
    text = "\n".join(paper.lines)
    assert text.index("K1-000001") < text.index("K1-000002")
    assert text.count("K1-000001") == 1
    assert paper.pulses == []


def test_without_paper_not_a_byte_is_sent_and_readyz_says_so(shop: Served, printer: FakePrinter) -> None:
    printer.set_mode("paper-out")
    sale = quick_sale(shop)
    wait_for(lambda: shop.get("/readyz")["printers"][0]["paper"] == "out", 10)
    assert receipt(shop, sale)["status"] == "queued"
    assert printer.printed == b""
    printer.set_mode("normal")
    ends(shop, sale, "printed", 16)
    wait_for(lambda: shop.get("/readyz")["printers"][0]["paper"] == "ok", 10)


def test_a_printer_that_dies_in_the_middle_leaves_an_unknown_job_for_a_person(
    shop: Served, printer: FakePrinter
) -> None:
    first = quick_sale(shop)
    ends(shop, first, "printed")
    printer.set_mode("drop", after=len(printer.printed) + 60)
    sale = quick_sale(shop)
    job = ends(shop, sale, "unknown")
    assert (job["confirmed"], bool(job["last_error"])) == (False, True)
    printer.set_mode("normal")
    following = quick_sale(shop)
    ends(shop, following, "printed")
    assert receipt(shop, sale)["status"] == "unknown", "no program prints it again by itself"
    before = len(printer.printed)
    answer = shop.post(f"/print-jobs/{job['id']}/retry")
    assert (answer.status, answer["id"]) == (200, job["id"])
    ends(shop, sale, "printed")
    again = "\n".join(read(printer.printed[before:]).lines)
    assert "SALINAN" in again
    assert "K1-000002" in again
    refused = shop.post(f"/print-jobs/{job['id']}/retry")
    assert refused.status == 409
    assert "SALINAN" not in shop.get(f"/sales/{sale}/receipt.txt").content.decode()


def test_a_person_may_say_that_the_paper_came_out(shop: Served, printer: FakePrinter) -> None:
    ends(shop, quick_sale(shop), "printed")
    printer.set_mode("silent", after=len(printer.printed) + 20)
    sale = quick_sale(shop)
    job = ends(shop, sale, "unknown")
    printer.set_mode("normal")
    before = len(printer.printed)
    answer = shop.post(f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"})
    assert (answer.status, answer["status"], answer["confirmed"]) == (200, "printed", False)
    time.sleep(0.5)
    assert len(printer.printed) == before
    assert shop.post(f"/print-jobs/{job['id']}/resolve", {"outcome": "printed"}).status == 409


def test_a_printer_that_never_answers_prints_without_confirmation(shop: Served, printer: FakePrinter) -> None:
    printer.set_mode("mute")
    sale = quick_sale(shop)
    assert ends(shop, sale, "printed")["confirmed"] is False
    assert "K1-000001" in "\n".join(read(printer.printed).lines)


def test_a_printer_that_stalls_delays_no_sale(shop: Served, printer: FakePrinter) -> None:
    ends(shop, quick_sale(shop), "printed")
    printer.set_mode("stall", after=len(printer.printed) + 40)
    sales = [quick_sale(shop) for _ in range(4)]
    ends(shop, sales[0], "unknown")
    printer.set_mode("normal")
    printer.power_cycle()
    for sale in sales[1:]:
        ends(shop, sale, "printed", 20)
