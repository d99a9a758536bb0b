"""Printers that are changed while the shop is served."""

import time

from tests.fake_printer import FakePrinter
from tests.spool.paper import receipts_on_paper, wait_until_quiet
from tests.spool.served import PRINTER, Served


def test_a_printer_changed_in_the_data_folder_is_taken_up_without_a_restart(
    served: Served, printer: FakePrinter
) -> None:
    served.open_till(stock=100)
    first = served.sell()["number"]
    wait_until_quiet(served)
    with FakePrinter() as other:
        own = served.folder / "instance" / "printers.toml"
        own.write_text(PRINTER.format(port=other.port, timeout=2.0), encoding="utf-8")
        time.sleep(2.5)
        second = served.sell()["number"]
        wait_until_quiet(served)
        assert receipts_on_paper(printer)[1] == {first: 1}
        assert receipts_on_paper(other)[1] == {second: 1}


def test_a_printers_file_that_cannot_be_read_changes_nothing(served: Served, printer: FakePrinter) -> None:
    served.open_till(stock=100)
    (served.folder / "instance" / "printers.toml").write_text("[[printers]\nname =", encoding="utf-8")
    time.sleep(2.5)
    number = served.sell()["number"]
    wait_until_quiet(served)
    assert receipts_on_paper(printer)[1] == {number: 1}
