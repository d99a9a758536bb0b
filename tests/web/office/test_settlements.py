"""Settlement files in the back office: looked at, imported, matched by hand; fee rates."""

import io
import re
from datetime import timedelta, timezone

import pytest
from sqlalchemy import text

from pos import clock
from pos.db import db
from pos.operations.verify import verify
from tests.factories import Shop
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person
from tests.web.office.test_lists import rows

HEADER = "Tanggal;Jam;RRN;Nominal;MDR;Net;Jenis"


def now(minutes: int = 0) -> str:
    at = clock.now().astimezone(timezone(timedelta(hours=7))) + timedelta(minutes=minutes)
    return f"{at:%d/%m/%Y;%H:%M:%S}"


def line(number: str, amount: int, fee: int = 0, kind: str = "Payment", minutes: int = 0) -> str:
    return f"{now(minutes)};{number};{amount};{fee};{amount - fee};{kind}"


def choose(person: Person, *lines: str, status: int = 200, header: str = HEADER, **more: str) -> str:
    data = "\n".join([header, *lines]).encode()
    form = {"provider": "generic", "zone": "", "file": (io.BytesIO(data), "november.csv"), **more}
    return person.send("settlements/import", form, status, content_type="multipart/form-data")


def carried(person: Person) -> dict[str, str]:
    """What the preview sends on."""
    return {name: person.value(name) for name in ("packed", "form_id", "provider", "zone", "file_name")}


def go_on(person: Person, status: int = 200) -> str:
    return person.send("settlements/import", carried(person), status)


def payment(shop: Shop, reference: str) -> dict[str, object]:
    with shop.app.app_context():
        row = db.session.execute(
            text("SELECT status, verified_by, verified_reference FROM payment WHERE reference = :reference"),
            {"reference": reference},
        ).mappings()
        return dict(row.one())


def good(shop: Shop) -> bool:
    with shop.app.app_context():
        return verify().good


@pytest.fixture
def treasurer(office: Office) -> Person:
    return office("Bendahara")


@both
def test_a_file_is_looked_at_first_and_verifies_what_a_cashier_confirmed(
    till: Shop, treasurer: Person
) -> None:
    till.paid_by_qris({"KTO-100": 2}, "112233445566")
    till.paid_by_qris({"KTO-100": 1}, "SALAH-KETIK")
    till.paid_by_qris({"KTB-250": 1}, "TIDAK-ADA")
    before = till.rows()
    said = choose(
        treasurer, line("112233445566", 30_000, 210), line("998877665544", 15_000), line("5", 99_000)
    )
    assert "Matched 2 Only here 1 Only in the file 1" in said
    assert "Payments confirmed by hand that the file verifies: 2" in said
    assert "Gross amount Rp 144.000 Fee (MDR) Rp 210 Net, to the bank Rp 143.790" in said.replace("\xa0", " ")
    assert till.changed(before) == {}
    said = go_on(treasurer)
    assert "The file is imported." in said
    assert payment(till, "112233445566")["verified_by"] == "settlement"
    assert payment(till, "112233445566")["verified_reference"] is None
    assert payment(till, "SALAH-KETIK")["verified_by"] == "settlement"
    assert payment(till, "SALAH-KETIK")["verified_reference"] == "998877665544"
    assert payment(till, "TIDAK-ADA")["verified_by"] is None
    assert re.search(r"Only here: not in the file 1 Rp.32\.000", said)
    assert good(till)


def test_sending_the_same_form_or_the_same_file_again_counts_once(till: Shop, treasurer: Person) -> None:
    till.paid_by_qris({"KTO-100": 2}, "112233445566")
    only = (line("112233445566", 30_000),)
    choose(treasurer, *only)
    form = carried(treasurer)
    treasurer.send("settlements/import", form)
    before = till.rows()
    assert "This was done already." in treasurer.send("settlements/import", form)
    assert "imported already by Bendahara, as november.csv" in choose(treasurer, *only, status=409)
    assert till.changed(before) == {}


def test_a_row_that_stands_in_an_earlier_file_too_is_not_counted_twice(till: Shop, treasurer: Person) -> None:
    first, second = line("112233445566", 30_000), line("112233445567", 10_000)
    choose(treasurer, first)
    go_on(treasurer)
    choose(treasurer, first, second)
    said = go_on(treasurer)
    assert "Gross amount Rp 10.000" in said.replace("\xa0", " ")
    assert "Repeated: stands in another line or file already, not counted 1" in said
    assert good(till)


def test_every_fault_is_named_and_nothing_changes(till: Shop, treasurer: Person) -> None:
    before = till.rows()
    said = choose(
        treasurer, line("1", 5_000), "31/02/2026;10:00;2;1000;0;1000;", "24/11/2026;;;x;;;", status=422
    )
    assert "Lines with faults: 2" in said
    assert "3 Tanggal 31/02/2026 is not a date." in said
    assert "4 Nominal x is not an amount." in said
    assert "None of the first 20 lines" in choose(treasurer, "1;2", header="a;b", status=422)
    assert "Choose a file." in treasurer.send("settlements/import", {"provider": "generic", "zone": ""}, 422)
    assert till.changed(before) == {}


def test_a_file_of_another_merchant_is_noticed_before_it_is_imported(till: Shop, treasurer: Person) -> None:
    said = choose(treasurer, f"{line('1', 5_000)};ID9999999999999", header=f"{HEADER};NMID")
    assert "The file is of another merchant: its NMID is ID9999999999999" in said


@pytest.mark.parametrize(("days", "offered"), [(1, True), (3, False)])
def test_what_was_paid_at_midnight_is_offered_for_a_row_of_the_day_before(
    till: Shop, treasurer: Person, days: int, offered: bool
) -> None:
    till.paid_by_qris({"KTO-100": 2}, "A-1")
    choose(treasurer, line("700", 30_000, minutes=-days * 24 * 60))
    go_on(treasurer)
    address = re.search(r'href="/back-office/(settlements/[^"]*/rows/2)"', treasurer.source)
    assert address is not None
    said = treasurer.see(address[1])
    assert bool(re.search(r'<option value="[0-9a-f-]{36}"', treasurer.source)) is offered
    assert ("Every payment of these days stands in a file already" in said) is not offered


@both
def test_what_stands_only_in_the_file_is_matched_by_hand_with_a_reason(till: Shop, treasurer: Person) -> None:
    till.paid_by_qris({"KTO-100": 2}, "A-1")
    choose(treasurer, line("700", 30_000, minutes=-60), line("701", 31_000, minutes=-60))
    go_on(treasurer)
    address = re.search(r'href="/back-office/(settlements/[^"]*/rows/2)"', treasurer.source)
    assert address is not None
    treasurer.see(address[1])
    option = re.search(r'<option value="([0-9a-f-]{36})"', treasurer.source)
    assert option is not None
    form = {"payment": option[1], "reason": ""}
    treasurer.send(address[1], form, 422)
    assert treasurer.fault("reason") == "Fill this in."
    said = treasurer.send(address[1], form | {"reason": "kasir salah ketik"})
    assert "The row is matched." in said
    assert "by hand · Bendahara: kasir salah ketik" in said
    assert payment(till, "A-1")["verified_by"] == "settlement"
    assert treasurer.status(address[1]) == 404
    treasurer.see(address[1].replace("rows/2", "rows/3"))
    assert "stands in a file already" in treasurer.text
    with till.app.app_context():
        assert verify().problems == []


def test_another_amount_is_shown_beside_ours_and_verifies_nothing(till: Shop, treasurer: Person) -> None:
    till.paid_by_qris({"KTO-100": 2}, "A-1")
    choose(treasurer, line("A-1", 29_000))
    said = go_on(treasurer).replace("\xa0", " ")
    assert "Another amount 1 Rp 29.000" in said
    assert "here: Rp 30.000" in said
    assert payment(till, "A-1")["verified_by"] is None


def test_the_list_tells_what_only_cashiers_have_confirmed(till: Shop, treasurer: Person) -> None:
    till.paid_by_qris({"KTO-100": 2}, "A-1")
    till.paid_by_qris({"KTO-100": 1}, "A-2")
    said = treasurer.see("settlements/").replace("\xa0", " ")
    assert re.search(r"Confirmed by hand, ever cashier 2 Rp 45\.000", said)
    choose(treasurer, line("A-1", 30_000), line("A-2", 15_000))
    go_on(treasurer)
    assert "Nothing. Every payment is verified." in treasurer.see("settlements/")


def test_a_file_is_downloaded_with_what_became_of_each_row(till: Shop, treasurer: Person) -> None:
    till.paid_by_qris({"KTO-100": 2}, "A-1")
    till.paid_by_qris(
        {"KTO-100": 1},
        "A-2",
    )
    choose(treasurer, line("A-1", 30_000, 90), line("88", 7_000, kind="Refund", minutes=-60))
    go_on(treasurer)
    address = re.search(
        r'href="/back-office/(settlements/[0-9a-f-]{36})\?file=csv" download', treasurer.source
    )
    assert address is not None
    found = rows(treasurer, address[1], "csv")
    plain = [[text.removeprefix("'") for text in row] for row in found]
    assert plain == rows(treasurer, address[1], "xlsx")
    assert found[1][:2] == ["2", "Matched"]
    assert found[1][7:12] == ["30000", "90", "29910", "K1-000001", "30000"]
    assert found[2][7] == "-7000"
    assert found[3][:2] == ["", "Only here"]
    assert found[3][4] == "A-2"


@both
def test_the_rows_of_a_file_are_found_by_words_and_outcome(till: Shop, treasurer: Person) -> None:
    till.paid_by_qris({"KTO-100": 2}, "A-1")
    till.paid_by_qris({"KTO-100": 1}, "A-2")
    choose(treasurer, line("A-1", 30_000, 90), line("88", 7_000, minutes=-60), line("89", 9_000, minutes=-60))
    go_on(treasurer)
    (page,) = set(re.findall(r'href="/back-office/(settlements/[0-9a-f-]{36})\?file=csv"', treasurer.source))

    def found(query: str) -> list[str]:
        got = rows(treasurer, f"{page}?{query}", "xlsx")[1:]
        treasurer.see(f"{page}?{query}")
        for _, _, _, _, reference, rrn, *_ in got:
            assert re.search(rf">\s*{rrn or reference}\s*<", treasurer.source)
        return sorted(row[5] or row[4] for row in got)

    assert found("") == ["88", "89", "A-1", "A-2"]
    assert found("outcome=theirs") == ["88", "89"]
    assert found("outcome=ours") == ["A-2"]
    assert found("outcome=matched&q=k1-000001") == ["A-1"]
    assert found("q=9.000") == found("q=9000") == ["89"]
    assert found("q=a-") == ["A-1", "A-2"]
    assert found("q=%25") == []
    assert "Nothing fits what you look for." in treasurer.text
    assert found("outcome=nonsense&before=zzz") == ["88", "89", "A-1", "A-2"]


@both
def test_settlement_files_are_found_by_name_provider_day_and_what_is_open(
    till: Shop, treasurer: Person, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.web.office import settlements

    till.paid_by_qris({"KTO-100": 2}, "A-1")
    choose(treasurer, line("A-1", 30_000, 90))
    go_on(treasurer)
    manager = office("Manajer")
    choose(manager, line("77", 4_000, minutes=-60))
    go_on(manager)
    today = f"{clock.now().astimezone(timezone(timedelta(hours=7))):%Y-%m-%d}"

    def found(query: str) -> list[str]:
        got = rows(treasurer, f"settlements/?{query}", "csv")[1:]
        assert got == rows(treasurer, f"settlements/?{query}", "xlsx")[1:]
        treasurer.see(f"settlements/?{query}")
        links = re.findall(r'<th scope="row"><a href="/back-office/settlements/[^"]+"', treasurer.source)
        assert len(links) == len(got)
        return [row[10] for row in got]

    assert found("") == ["Manajer", "Bendahara"]
    assert found("q=november+benda") == ["Bendahara"]
    assert found("look=1") == ["Manajer"]
    assert found("provider=generic") == ["Manajer", "Bendahara"]
    assert found("provider=dana") == []
    assert found("date=2020-01-01") == []
    assert "Nothing fits what you look for." in treasurer.text
    assert "Bendahara" in found(f"date={today}")
    assert found("q=_") == []
    monkeypatch.setattr(settlements, "PAGE", 1)
    treasurer.see("settlements/?provider=generic")
    more = re.search(r'rel="next" href="/back-office/([^"]+)"', treasurer.source)
    assert more is not None
    assert "Bendahara" in treasurer.see(more[1].replace("&amp;", "&")).split("Imported files")[-1]


def test_a_template_is_downloaded_and_read_again(till: Shop, treasurer: Person) -> None:
    got = treasurer.client.get("/back-office/settlements/template/dana.csv")
    assert got.status_code == 200
    data = got.get_data().replace(b"CONTOH", b"AQ-1")
    form = {"provider": "dana", "zone": "8", "file": (io.BytesIO(data), "dana.csv")}
    said = treasurer.send("settlements/import", form, content_type="multipart/form-data")
    assert "Only in the file 1" in said
    assert treasurer.status("settlements/template/nobody.csv") == 404


def test_the_fee_of_the_file_is_held_against_the_rates(till: Shop, treasurer: Person, office: Office) -> None:
    choose(treasurer, line("1", 600_000, 1_800), line("2", 500_000, 100))
    said = go_on(treasurer).replace("\xa0", " ")
    assert "Fee by the rates (UMI) Rp 1.800" in said
    assert "differs from the rates by Rp 100" in said
    assert "UMI micro business" in treasurer.see("settlements/fees")
    rate = {"criteria": "UMI", "from_on": "2026-01-01", "above": "0", "rate": "0,5"}
    treasurer.send("settlements/fees", rate, 403)
    manager = office("Manajer")
    manager.send("settlements/fees", rate | {"rate": "viel"}, 422)
    assert "percentage" in manager.fault("rate")
    said = manager.send("settlements/fees", rate)
    assert "The rate is saved." in said
    assert re.search(r"UMI micro business ours 1 Jan 2026 Rp.0 0\.5%", said)


def test_who_reads_reports_sees_the_files_and_only_the_treasurer_and_manager_import(
    till: Shop, treasurer: Person, office: Office
) -> None:
    choose(treasurer, line("1", 5_000, minutes=-60))
    go_on(treasurer)
    page = re.search(r'href="/back-office/(settlements/[0-9a-f-]{36})\?file=csv"', treasurer.source)
    assert page is not None
    for name in ("Pemeriksa", "Pengawas"):
        reader = office(name)
        assert "november.csv" in reader.see("settlements/")
        assert "Look at it" not in reader.text
        assert "Match by hand" not in reader.see(page[1])
        choose(reader, line("2", 5_000), status=403)
        reader.send(f"{page[1]}/rows/2", {"payment": "x", "reason": "y"}, 403)
    assert office("Manajer").status("settlements/import") == 200


def test_the_pages_speak_indonesian(till: Shop, office: Office, treasurer: Person) -> None:
    treasurer.client.set_cookie("pos_language", "id")
    said = choose(treasurer, line("1", 5_000, minutes=-60))
    assert "Belum ada yang diubah." in said
    assert "Hanya di berkas 1" in said
    assert "Berkas sudah diimpor." in go_on(treasurer)
    for path in ("settlements/", "settlements/import", "settlements/fees"):
        assert "Settlement QRIS" in treasurer.see(path)
