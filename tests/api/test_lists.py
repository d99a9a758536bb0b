"""Lists: newest first, in pages that neither lose nor double an item while selling goes on."""

from typing import Any

from time_machine import Traveller

from tests.factories import Shop, new_id


def walk(shop: Shop, path: str, *, busy: bool = False) -> list[str]:
    """Every item's id, page by page; `busy` sells between pages."""
    found: list[str] = []
    cursor = ""
    while True:
        page = shop.get(f"{path}{'&' if '?' in path else '?'}limit=2{cursor}")
        found += [item["id"] for item in page["items"]]
        if page["cursor"] is None:
            return found
        if busy:
            shop.sell({"KTO-100": 1})
        cursor = f"&cursor={page['cursor']}"


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [str(item["id"]) for item in items]


def test_sales_come_newest_first_in_pages(till: Shop) -> None:
    sold = [till.sell({"KTO-100": 1})["id"] for _ in range(5)]
    assert ids(till.get("/sales")["items"]) == sold[::-1]
    assert walk(till, "/sales") == sold[::-1]
    assert walk(till, "/sales", busy=True) == sold[::-1]


def test_a_sale_that_is_paid_in_a_later_shift_keeps_its_place_in_the_list(
    shop: Shop, time: Traveller
) -> None:
    first = shop.open("K1", 0)
    before = shop.sell({"KTO-100": 1})["id"]
    waiting = shop.sell({"KTO-100": 1}, qris=True)["id"]
    assert shop.post(f"/sales/{waiting}/cancel").status == 200
    after = [shop.sell({"KTO-100": 1})["id"] for _ in range(2)]
    shop.close(first, shop.expected(first))
    time.shift(3600)
    shop.open("K1", 0)
    assert shop.post(f"/sales/{waiting}/confirm", {"reference": "R1"})["status"] == "completed"
    newest = shop.sell({"KTO-100": 1})["id"]
    assert walk(shop, "/sales") == [newest, *after[::-1], waiting, before]


def test_sales_are_filtered_by_register_date_and_state(till: Shop) -> None:
    till.open("G1", 0)
    here = till.sell({"KTO-100": 1})
    there = till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")
    waiting = till.sell({"KTO-100": 1}, qris=True)
    day = here["business_date"]
    assert ids(till.get("/sales?register=G1")["items"]) == [there["id"]]
    assert ids(till.get(f"/sales?register=K1&date={day}")["items"]) == [waiting["id"], here["id"]]
    assert till.get("/sales?date=2020-01-01")["items"] == []
    assert ids(till.get("/sales?status=awaiting_payment")["items"]) == [waiting["id"]]
    assert ids(till.get("/sales", who="cashier at G1")["items"]) == [there["id"]]


def test_an_item_of_a_list_is_what_the_single_call_answers(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2, "MBT-250": 1}, discount=1_000, reason="r")
    assert till.get("/sales")["items"] == [till.get(f"/sales/{sale['id']}").body]


def test_print_jobs_and_payments_come_in_pages_too(till: Shop) -> None:
    for n in range(3):
        till.paid_by_qris({"KTO-100": 1}, f"R{n}")
    jobs = ids(till.get("/print-jobs")["items"])
    assert len(jobs) == 3
    assert walk(till, "/print-jobs") == jobs
    payments = ids(till.get("/payments")["items"])
    assert len(payments) == 3
    assert walk(till, "/payments") == payments


def test_a_cash_sale_has_a_receipt_and_one_drawer_pulse_in_the_spool(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    other = till.sell({"KTO-100": 1})["id"]
    jobs = till.get(f"/print-jobs?sale={sale}")["items"]
    assert sorted(job["kind"] for job in jobs) == ["drawer", "receipt"]
    assert {job["sale"] for job in jobs} == {sale}
    assert {(job["status"], job["confirmed"], job["last_error"]) for job in jobs} == {("queued", False, "")}
    assert len(till.get("/print-jobs?status=queued")["items"]) == 4
    assert till.get("/print-jobs?status=printed")["items"] == []
    assert other not in {job["sale"] for job in jobs}


def test_a_qris_sale_opens_no_drawer_and_prints_only_once_it_completes(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1}, qris=True)["id"]
    assert till.get(f"/print-jobs?sale={sale}")["items"] == []
    till.post(f"/sales/{sale}/confirm", {"reference": "R"})
    assert [job["kind"] for job in till.get(f"/print-jobs?sale={sale}")["items"]] == ["receipt"]


def test_a_waiting_sale_with_cash_opens_the_drawer_when_it_completes(till: Shop) -> None:
    sale = till.sell({"KTO-100": 2}, cash=10_000, qris=True)["id"]
    till.post(f"/sales/{sale}/confirm", {"reference": "R"})
    kinds = sorted(job["kind"] for job in till.get(f"/print-jobs?sale={sale}")["items"])
    assert kinds == ["drawer", "receipt"]


def test_every_sale_is_in_the_list_of_its_state_and_in_no_other(till: Shop) -> None:
    goods = {"KTO-100": 1}
    sold, voided = (till.sell(goods)["id"] for _ in range(2))
    assert till.post(f"/sales/{voided}/void", {"id": new_id(), "reason": "salah"}).status == 201
    given_up, waits = (till.sell(goods, qris=True)["id"] for _ in range(2))
    assert till.post(f"/sales/{given_up}/cancel", {}, who="cashier").status == 200
    states = {
        "completed": [sold],
        "voided": [voided],
        "cancelled": [given_up],
        "awaiting_payment": [waits],
        "expired": [],
        "lost": [],
    }
    today = till.get(f"/sales/{sold}")["business_date"]
    for state, ids in states.items():
        for more in ("", "&register=K1", f"&register=K1&date={today}"):
            found = till.get(f"/sales?status={state}{more}")["items"]
            assert [(one["id"], one["status"]) for one in found] == [(one, state) for one in ids]


def test_a_list_of_voided_sales_is_read_page_by_page(till: Shop) -> None:
    sold = [till.sell({"KTO-100": 1})["id"] for _ in range(6)]
    for one in sold[:5]:
        assert till.post(f"/sales/{one}/void", {"id": new_id(), "reason": "salah"}).status == 201
    assert walk(till, "/sales?register=K1&status=voided") == sold[4::-1]
