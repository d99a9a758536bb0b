"""QRIS money that found no sale, and money that goes back: the queue and every decision about it."""

import re
from typing import Any

import pytest

from pos.payments.base import Refunded
from tests.factories import new_id
from tests.web.office.collecting import PRETENDING, Collecting
from tests.web.office.conftest import Office, both
from tests.web.office.person import OURS, PINS, Person
from tests.web.office.test_lists import rows


@pytest.fixture
def machine() -> dict[str, Any]:
    return PRETENDING


def decide(person: Person, payment: str, what: str, form: dict[str, str], status: int = 200) -> str:
    person.see(f"payments/found/{payment}/{what}")
    return person.send(
        f"payments/found/{payment}/{what}", {"form_id": person.value("form_id"), **form}, status=status
    )


@both
def test_money_without_a_sale_stands_in_the_queue_with_its_reason(office: Office, money: Collecting) -> None:
    late, odd, twice = money.late("RRN-L"), money.late("RRN-A", amount=14_000), money.twice("RRN-T")
    person = office("Pengawas")
    said = person.see("payments/found/")
    assert "The buyer paid after the sale was given up." in said
    assert "another amount than the code asked for: Rp\u00a014.000 instead of Rp\u00a015.000" in person.source
    assert "paid one code twice" in said
    assert "Payments: 3, together Rp 44.000" in said
    for reference in ("RRN-L", "RRN-A", "RRN-T"):
        assert reference in said
    assert "Money without a sale: 3, together Rp 44.000" in person.see("")
    assert "decisions due: 3</span>" in person.source
    for payment in (late, odd, twice):
        assert "Somebody must decide" in person.see(f"payments/{payment['id']}")


def listed(person: Person, address: str) -> list[list[str]]:
    """What a list's file holds; both kinds hold the same."""
    found = rows(person, address, "csv")
    assert rows(person, address, "xlsx") == found
    return found[1:]


@both
def test_money_without_a_sale_is_found_by_words_and_reason_page_by_page(
    office: Office, money: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.web.office import found_money

    money.late("RRN-L"), money.late("RRN-A", amount=14_000), money.twice("RRN-T")
    person = office("Pengawas")

    def found(query: str) -> list[str]:
        return [row[3] for row in listed(person, f"payments/found/?{query}")]

    assert found("") == ["RRN-L", "RRN-A", "RRN-T"]
    assert found("q=rrn-a") == found("why=amount") == ["RRN-A"]
    assert found("why=twice&q=k1") == ["RRN-T"]
    assert found("q=%25") == found("why=late&q=twice") == []
    assert found("why=nonsense") == found("before=zzz") == ["RRN-L", "RRN-A", "RRN-T"]
    assert listed(person, "payments/found/?q=rrn-a")[0][1:3] == ["14000", "15000"]
    assert "Nothing fits what you look for." in person.see("payments/found/?q=zzz")
    monkeypatch.setattr(found_money, "PAGE", 1)
    seen, following = list[str](), "payments/found/"
    while following:
        person.see(following)
        seen += re.findall(r'<strong class="long">(RRN-.)</strong>', person.source)
        more = re.search(r'rel="next" href="/back-office/([^"]+)"', person.source)
        following = more[1].replace("&amp;", "&") if more else ""
    assert seen == ["RRN-L", "RRN-A", "RRN-T"]


@both
def test_money_going_back_is_found_by_words_state_and_day(office: Office, money: Collecting) -> None:
    first, second = money.late("RRN-1"), money.late("RRN-2")
    person = office("Pengawas")
    for payment, answer in ((first, None), (second, Refunded("refused", reason="no balance"))):
        money.bank.refund_answer = answer
        decide(person, payment["id"], "give-back", {"method": "provider", "reason": "pembeli pergi"})
        money.work(1)
    on = money.shop.get("/shifts/current?register=K1")["business_date"]

    def found(query: str) -> list[str]:
        return [row[6] for row in listed(person, f"payments/back/?{query}")]

    assert found("") == ["RRN-2", "RRN-1"]
    assert found("q=rrn-2") == ["RRN-2"]
    assert found("q=rrn+pengawas+k1") == ["RRN-2", "RRN-1"]
    assert found("status=done") == found("q=b-1") == ["RRN-1"]
    assert found("status=cash") == found("date=2020-01-01") == found("q=%25") == []
    assert "Nothing fits what you look for." in person.see("payments/back/?q=zzz")
    assert found(f"date={on}") == found("status=nonsense&before=") == ["RRN-2", "RRN-1"]
    (row,) = listed(person, "payments/back/?status=refused")
    assert row[7:11] == ["15000", "Refused: pay it in cash", "", "no balance"]
    kept = money.late("RRN-3")
    decide(person, kept["id"], "keep", {"reason": "tidak ditemukan"})
    (row,) = listed(person, "payments/?status=kept")
    assert row[-3:] == ["Kept as found money", "tidak ditemukan", "Pengawas"]


@both
def test_late_money_pays_the_sale_it_came_for(office: Office, money: Collecting) -> None:
    payment = money.late()
    person = office("Pengawas")
    said = person.see(f"payments/found/{payment['id']}/attach")
    assert "Attach Rp 15.000, reference RRN-1" in said
    assert "the sale it came for" in said
    form = {"sale": payment["sale"], "reason": "pembeli masih di sini", "form_id": person.value("form_id")}
    path = f"payments/found/{payment['id']}/attach"
    assert "Rp 15.000 is attached. The sale is completed." in person.send(path, form)
    sale = money.shop.get(f"/sales/{payment['sale']}")
    assert (sale["status"], sale["number"]) == ("completed", "K1-000001")
    before = money.shop.rows()
    assert "Rp 15.000 is attached." in person.send(path, form)
    assert money.shop.changed(before) == {}
    story = person.see(f"payments/{payment['id']}")
    assert "Attached to the sale K1-000001: pembeli masih di sini Pengawas" in story
    assert "Nothing. All money found its sale" in person.see("payments/found/")
    assert "decisions due" not in person.source


@both
def test_late_money_pays_a_sale_that_waits_for_the_same_amount(office: Office, money: Collecting) -> None:
    payment = money.late()
    same, _ = money.waiting()
    money.waiting({"KTP-100": 1})
    person = office("Pengawas")
    person.see(f"payments/found/{payment['id']}/attach")
    offered = person.source.count("<option")
    assert offered == 2
    decide(person, payment["id"], "attach", {"sale": same, "reason": "bayar dobel"})
    assert money.shop.get(f"/sales/{same}")["status"] == "completed"
    assert money.shop.get(f"/sales/{payment['sale']}")["status"] == "cancelled"


@both
def test_money_goes_back_through_the_provider_once(office: Office, money: Collecting) -> None:
    payment = money.twice()
    person = office("Manajer")
    path = f"payments/found/{payment['id']}/give-back"
    said = person.see(path)
    assert "Give back Rp 15.000, reference RRN-2" in said
    form = {"method": "provider", "reason": "terbayar dua kali", "form_id": person.value("form_id")}
    assert "goes back through the provider" in person.send(path, form)
    assert "Is to go back" in person.text
    person.send(path, form)
    assert "On its way" in person.see("payments/back/")
    money.work()
    assert list(money.bank.given.values()) == [15_000]
    assert "Gone back" in person.see("payments/back/?status=done")
    said = person.see(f"payments/{payment['id']}")
    assert "Paid back" in said
    assert "gave Rp 15.000 back, its number B-1" in said


@both
def test_money_goes_back_in_cash_from_a_chosen_till(office: Office, money: Collecting) -> None:
    payment = money.late()
    money.shop.open("G1", 50_000)
    person = office("Pengawas")
    said = decide(
        person, payment["id"], "give-back", {"method": "cash", "register": "G1", "reason": "minta tunai"}
    )
    assert "Take Rp 15.000 out of the drawer of G1." in said
    shift = money.shop.get("/shifts/current?register=G1")["id"]
    assert money.shop.expected(shift) == 35_000


@both
def test_found_money_is_kept_and_stays_in_sight(office: Office, money: Collecting) -> None:
    payment = money.late()
    person = office("Manajer")
    assert "This can't be undone" in person.see(f"payments/found/{payment['id']}/keep")
    said = decide(person, payment["id"], "keep", {"reason": "pembeli sudah pergi"})
    assert "Rp 15.000 is kept as found money." in said
    assert "Kept as found money: pembeli sudah pergi Manajer" in said
    assert "RRN-1" in person.see("payments/?status=kept")
    assert "RRN-1" not in person.see("payments/?status=late")
    before = money.shop.rows()
    assert "It was decided already" in person.send(
        f"payments/found/{payment['id']}/keep", {"reason": "lagi"}, status=409
    )
    assert money.shop.changed(before) == {}


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("attach", {"sale": "{sale}"}),
        ("give-back", {"method": "provider"}),
        ("give-back", {"method": "cash", "register": "K1"}),
        ("keep", {}),
    ],
)
def test_a_decision_without_a_reason_is_refused_and_keeps_what_was_typed(
    office: Office, money: Collecting, what: str, form: dict[str, str]
) -> None:
    payment = money.late()
    person = office("Pengawas")
    sent = {name: value.format(sale=payment["sale"]) for name, value in form.items()}
    before = money.shop.rows()
    decide(person, payment["id"], what, {**sent, "reason": "  "}, status=422)
    assert person.fault("reason") == "Fill this in."
    for value in sent.values():
        assert f'value="{value}" selected' in person.source
    decide(person, payment["id"], what, {**sent, "reason": "a\u0007b"}, status=422)
    assert "control characters" in person.fault("reason")
    assert money.shop.changed(before) == {}


def test_money_of_another_amount_fits_no_sale_and_the_page_says_what_to_do(
    office: Office, money: Collecting
) -> None:
    payment = money.late(amount=14_000)
    person = office("Pengawas")
    assert "No sale fits" in person.see(f"payments/found/{payment['id']}/attach")
    before = money.shop.rows()
    person.send(
        f"payments/found/{payment['id']}/attach", {"sale": payment["sale"], "reason": "x"}, status=409
    )
    assert "needs 15000 rupiah by QRIS, but 14000 came" in person.text
    assert money.shop.changed(before) == {}


def test_without_a_drawer_only_the_provider_gives_back(office: Office, money: Collecting) -> None:
    payment = money.late()
    shift = money.shop.get("/shifts/current?register=K1")["id"]
    money.shop.close(shift, 100_000)
    person = office("Pengawas")
    person.see(f"payments/found/{payment['id']}/give-back")
    assert 'value="cash"' not in person.source
    money.bank.refunds = False
    money.shop.app.extensions["qris"]._providers["simulator"].refunds = False
    assert "no till is open that could pay in cash" in person.see(f"payments/found/{payment['id']}/give-back")


def test_who_may_not_decide_needs_the_approval_of_a_supervisor(office: Office, money: Collecting) -> None:
    payment = money.late()
    person = office("Bendahara")
    assert "Approval by another person" in person.see(f"payments/found/{payment['id']}/keep")
    before = money.shop.rows()
    path = f"payments/found/{payment['id']}/keep"
    person.send(path, {"reason": "tak dikenal"}, status=403)
    wrong = {"reason": "tak dikenal", "approval_user": "Pengawas", "approval_pin": "000000"}
    person.send(path, wrong, status=403)
    assert person.value("reason") == "tak dikenal"
    person.send(path, {**wrong, "approval_user": "Pemeriksa", "approval_pin": PINS["Pemeriksa"]}, status=403)
    assert money.shop.changed(before) == {}
    said = person.send(path, {**wrong, "approval_pin": PINS["Pengawas"]})
    assert "is kept as found money" in said
    kept = money.payment(payment["sale"])
    assert (kept["decision"], kept["decided_by"]) == ("kept", "Bendahara")
    assert "Bendahara, allowed by Pengawas" in said


def test_an_auditor_reads_everything_and_decides_nothing(office: Office, money: Collecting) -> None:
    payment = money.late()
    person = office("Pemeriksa")
    assert "RRN-1" in person.see("payments/found/")
    assert "/keep" not in person.source
    assert "/keep" not in (person.see(f"payments/{payment['id']}"), person.source)[1]
    before = money.shop.rows()
    for what in ("attach", "give-back", "keep"):
        person.see(f"payments/found/{payment['id']}/{what}", status=403)
        person.send(
            f"payments/found/{payment['id']}/{what}",
            {"reason": "x", "approval_user": "Pengawas", "approval_pin": PINS["Pengawas"]},
            status=403,
        )
    assert money.shop.changed(before) == {}


def test_a_cashier_sees_the_payments_of_the_own_register_and_decides_only_with_approval(
    anybody: Person, money: Collecting
) -> None:
    there = money.late("RRN-K1")
    money.shop.open("G1", 0)
    here, ours = money.waiting(register="G1", who="cashier at G1")
    money.shop.post(f"/sales/{here}/cancel", who="cashier at G1")
    money.bank.pay(ours, 15_000, "RRN-G1")
    money.work(46)
    anybody.client.post("/enrol", data={"register": "G1"}, headers=OURS)
    person = anybody.sign_in("Kasir")
    for page in ("payments/", "payments/found/"):
        said = person.see(page)
        assert "RRN-G1" in said
        assert "RRN-K1" not in said
    assert "decisions due: 1" in person.source
    person.see(f"payments/{there['id']}", status=404)
    before = money.shop.rows()
    person.send(f"payments/found/{there['id']}/keep", {"reason": "x"}, status=404)
    path = f"payments/found/{money.payment(here)['id']}/keep"
    person.send(path, {"reason": "x"}, status=403)
    assert money.shop.changed(before) == {}
    allowed = {"reason": "x", "approval_user": "Pengawas", "approval_pin": PINS["Pengawas"]}
    assert "is kept as found money" in person.send(path, allowed)


# -- money going back ------------------------------------------------------------------------------------


@both
def test_what_the_provider_refuses_to_give_back_is_paid_in_cash_once(
    office: Office, money: Collecting
) -> None:
    payment = money.paid()
    void = {"id": new_id(), "reason": "salah barang"}
    assert money.shop.post(f"/sales/{payment['sale']}/void", void).status == 201
    money.bank.refund_answer = Refunded("refused", reason="window passed")
    money.work()
    person = office("Pengawas")
    assert "Refused by the provider: 1" in person.see("")
    said = person.see("payments/back/")
    assert "window passed" in said
    assert "K1-R000001" in said
    [back] = money.shop.get("/payment-refunds")["items"]
    path = f"payments/back/{back['id']}/cash"
    assert "Pay Rp 15.000 in cash, reference RRN-1" in person.see(path)
    form = {"register": "K1", "form_id": person.value("form_id")}
    assert "Take Rp 15.000 out of the drawer of K1." in person.send(path, form)
    assert "Paid in cash K1" in person.text
    before = money.shop.rows()
    person.send(path, form)
    assert money.shop.changed(before) == {}
    person.send(path, {"register": "K1"}, status=409)
    assert "It can't be paid twice" in person.text
    shift = money.shop.get("/shifts/current?register=K1")["id"]
    assert money.shop.expected(shift) == 85_000


def test_cash_instead_of_the_provider_needs_an_open_till(office: Office, money: Collecting) -> None:
    payment = money.late()
    person = office("Pengawas")
    decide(person, payment["id"], "give-back", {"method": "provider", "reason": "terlambat"})
    money.bank.refund_answer = Refunded("refused", reason="no balance")
    money.work()
    shift = money.shop.get("/shifts/current?register=K1")["id"]
    money.shop.close(shift, 100_000)
    [back] = money.shop.get("/payment-refunds")["items"]
    assert "No till is open." in person.see(f"payments/back/{back['id']}/cash")
    before = money.shop.rows()
    person.send(f"payments/back/{back['id']}/cash", {"register": "K1"}, status=409)
    assert money.shop.changed(before) == {}
