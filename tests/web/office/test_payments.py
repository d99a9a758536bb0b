"""QRIS money in the back office: the list, the story of a payment, what was confirmed by hand."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from pos.payments.base import Unreachable
from tests.cast import approval
from tests.factories import new_id
from tests.web.office.collecting import PRETENDING, Collecting
from tests.web.office.conftest import Office, both


@pytest.fixture
def machine() -> dict[str, Any]:
    return PRETENDING


def test_payments_are_found_by_reference_number_amount_state_and_day(
    office: Office, money: Collecting
) -> None:
    money.paid({"KTB-250": 1}, "RRN-777")
    ours = money.bank.made[-1]
    money.late("RRN-888")
    person = office("Pengawas")

    def found(query: str) -> set[str]:
        person.see(f"payments/?{query}")
        return {reference for reference in ("RRN-777", "RRN-888") if reference in person.source}

    assert found("") == {"RRN-777", "RRN-888"}
    assert found("q=rrn-777") == {"RRN-777"}
    assert found("q=K1-000001") == {"RRN-777"}
    assert found("q=Rp+32.000") == {"RRN-777"}
    assert found("q=15000") == {"RRN-888"}
    assert found(f"q={ours}") == {"RRN-777"}
    assert found("q=%25") == set()
    assert found("status=paid") == {"RRN-777"}
    assert found("status=late") == {"RRN-888"}
    assert found("provider=midtrans") == set()
    assert found("provider=simulator&status=paid") == {"RRN-777"}
    assert found("date=2020-01-01") == set()
    assert found("unverified=1") == set()
    assert found("status=nonsense&date=yesterday&before=zzz&provider=x") == {"RRN-777", "RRN-888"}


def test_the_list_goes_on_page_by_page_with_its_filter(
    office: Office, money: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.web.office import payments

    monkeypatch.setattr(payments, "PAGE", 2)
    references = [f"RRN-{n}" for n in range(5)]
    for reference in references:
        money.paid(reference=reference)
    money.late("RRN-L")
    person, seen = office("Pengawas"), list[str]()
    path = "payments/?status=paid"
    for _ in range(3):
        person.see(path)
        seen += [one for one in reversed(references) if f">{one}<" in person.source]
        path = next(
            (
                part.split('"')[0].replace("&amp;", "&")
                for part in person.source.split('href="')
                if "before=" in part.split('"')[0]
            ),
            "",
        )
    assert seen == list(reversed(references))
    assert path == ""


def test_a_payments_story_names_everybody_who_had_a_hand_in_it(office: Office, money: Collecting) -> None:
    sale, ours = money.waiting()
    money.work(6)
    for _ in range(2):
        money.shop.client.post("/webhooks/qris/simulator/notify", data=ours, headers={"X-Signature": "right"})
        money.time.shift(2)
    money.bank.trouble["ask"] = Unreachable("timed out")
    money.work(1)
    person = office("Pengawas")
    said = person.see(f"payments/{money.payment(sale)['id']}")
    assert "Simulator made a code over Rp 15.000. cashier" in said
    assert "A notification came from Simulator. The same came again" in said
    assert "The last question got no answer." in said
    assert "No answer since" in said
    assert "Karya Lapas Tangerang" in said
    money.bank.trouble.clear()
    money.bank.pay(ours, 15_000)
    money.work(10)
    said = person.see(f"payments/{money.payment(sale)['id']}")
    assert "Simulator said that Rp 15.000 was paid. The sale was completed." in said
    assert "Bank Contoh" in said
    person = office("Pemeriksa")
    person.see(f"payments/{money.payment(sale)['id']}")
    assert "/back-office/audit/K1/" in person.source
    person.see(f"payments/{new_id()}", status=404)
    person.see("payments/nonsense", status=404)


@both
def test_what_was_confirmed_by_hand_is_counted_per_person_until_it_is_verified(
    office: Office, money: Collecting
) -> None:
    money.bank.trouble["ask"] = Unreachable("away")
    sale, ours = money.waiting()
    body = {"reference": "APP-1"}
    assert money.shop.post(f"/sales/{sale}/confirm", body, who="cashier")["status"] == "completed"
    money.shop.settings(limit_manual_qris=1_000)
    other, _ = money.waiting({"KTB-250": 1})
    body = {"reference": "APP-2", "approval": approval()}
    assert money.shop.post(f"/sales/{other}/confirm", body, who="colleague")["status"] == "completed"
    person = office("Pengawas")
    said = person.see("payments/by-hand")
    assert "cashier 1 Rp 15.000 0 1 Rp 15.000" in said
    assert "colleague 1 Rp 32.000 1 1 Rp 32.000" in said
    assert "Total 2 Rp 47.000 1 2 Rp 47.000" in said
    money.bank.trouble.clear()
    money.bank.pay(ours, 15_000, "RRN-9")
    money.work(60)
    money.work(60)
    said = person.see("payments/by-hand")
    assert "cashier 1 Rp 15.000 0 0 Rp 0" in said
    assert "Total 2 Rp 47.000 1 1 Rp 32.000" in said
    behind = person.see("payments/?unverified=1")
    assert "APP-2" in behind
    assert "APP-1" not in behind
    assert "Unverified" in behind
    assert "Nobody confirmed a payment by hand" in person.see("payments/by-hand?date=2020-01-01")
    assert "Confirmed also by the provider." in person.see(f"payments/{money.payment(sale)['id']}")


def test_the_provider_is_named_with_its_last_answer_and_its_trouble_everywhere(
    office: Office, money: Collecting
) -> None:
    person = office("Manajer")
    ready = money.shop.get("/readyz", who=None)
    assert ready["qris"] == {
        "provider": "simulator",
        "sandbox": True,
        "ok": True,
        "last_answer": None,
        "trouble": "",
    }
    assert "Was not asked yet" in person.see("payments/")
    _, ours = money.waiting()
    assert money.shop.get("/readyz", who=None)["qris"]["last_answer"] is not None
    for page in ("payments/", ""):
        said = person.see(page)
        assert "SANDBOX: no real money moves" in said
        assert "Answers. Last answer:" in said
    money.bank.trouble["ask"] = Unreachable("100% timed out")
    money.work(6)
    ready = money.shop.get("/readyz", who=None)
    assert ready.status == 200
    assert (ready["qris"]["ok"], ready["qris"]["trouble"]) == (False, "100% timed out")
    for page in ("payments/", ""):
        assert "No answer since" in person.see(page)
        assert "100% timed out" in person.text
    assert "Questions without an answer: 1" in person.see("payments/")
    metrics = money.shop.get("/metrics", who=None).content.decode()
    for line in ("karya_payments_waiting 1.0", "karya_qris_unanswered 1.0", "karya_qris_ok 0.0"):
        assert line in metrics
    money.bank.trouble.clear()
    money.bank.pay(ours, 14_000)
    money.work(60)
    metrics = money.shop.get("/metrics", who=None).content.decode()
    for line in (
        "karya_payments_late_undecided 1.0",
        "karya_payments_late_undecided_rupiah 14000.0",
        "karya_qris_unanswered 0.0",
        "karya_qris_ok 1.0",
    ):
        assert line in metrics
    [age] = [line for line in metrics.splitlines() if line.startswith("karya_qris_last_answer_seconds ")]
    assert 0 <= float(age.split()[1]) < 3_600


def test_a_database_that_does_not_answer_is_said_calmly_with_the_badge_left_out(
    office: Office, money: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.web.office import payment_words

    money.late()
    person = office("Manajer")

    def broken(*_args: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(payment_words.queries, "waits", broken)
    monkeypatch.setattr(payment_words.queries, "page", broken)
    assert "The database does not answer." in person.see("payments/", status=503)
    assert "decisions due" not in person.source
