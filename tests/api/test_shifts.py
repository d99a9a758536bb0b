"""A shift from its float to its Z report: the blind count, the close, every formula of the contract."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import approval
from tests.factories import Answer, Body, Shop, back, cart, new_id

HIDDEN = (
    "expected_cash",
    "over_short",
    "cash_sales",
    "cash_refunds",
    "by_method",
    "gross",
    "refunds",
    "net",
    "grand_total",
)
PROMISED = (
    "register",
    "number",
    "business_date",
    "opened_at",
    "closed_at",
    "opened_by",
    "closed_by",
    "sales_count",
    "refund_count",
    "void_count",
    "gross",
    "discounts",
    "refunds",
    "rounding",
    "net",
    "by_method",
    "float",
    "cash_sales",
    "cash_refunds",
    "paid_in",
    "paid_out",
    "expected_cash",
    "counted_cash",
    "over_short",
    "by_product",
    "drawer_openings",
    "copies",
    "first_number",
    "last_number",
    "grand_total",
    "last_entry_hash",
)


def current(shop: Shop, register: str = "K1") -> str:
    return str(shop.get(f"/shifts/current?register={register}")["id"])


def count(shop: Shop, shift: str, counted: Any, who: str = "cashier", **more: Any) -> Answer:
    return shop.post(f"/shifts/{shift}/count", {"id": new_id(), "counted": counted, **more}, who=who)


def cash(direction: str, amount: int, **more: Any) -> Body:
    return {"id": new_id(), "direction": direction, "amount": amount, "reason": "receh", **more}


def test_a_shift_opens_with_a_float(shop: Shop) -> None:
    body = {"id": new_id(), "register": "K1", "float": 150_000}
    answer = shop.post("/shifts", body, who="cashier")
    assert (answer.status, answer["id"], answer["register"]) == (201, body["id"], "K1")
    assert (answer["float"], answer["status"], answer["opened_by"]) == (150_000, "open", "cashier")
    assert answer["opened_at"].endswith("+07:00")
    assert shop.get("/shifts/current?register=K1").body == answer.body
    assert shop.get("/shifts/current", who="cashier").body == answer.body


def test_a_register_has_one_open_shift(till: Shop) -> None:
    till.refused(409, "shift_already_open", "/shifts", {"id": new_id(), "register": "K1", "float": 0})
    assert till.post("/shifts", {"id": new_id(), "register": "G1", "float": 0}).status == 201


def test_a_counted_shift_is_not_opened_over(till: Shop) -> None:
    count(till, current(till), 100_000)
    till.refused(409, "shift_already_open", "/shifts", {"id": new_id(), "register": "K1", "float": 0})


def test_without_an_open_shift_there_is_none(shop: Shop) -> None:
    answer = shop.get("/shifts/current?register=K1")
    assert (answer.status, answer.code) == (404, "shift_not_open")
    assert shop.get("/shifts/current?register=K9").code == "not_found"
    assert shop.get("/shifts/current").code == "validation_error"


def test_cash_goes_in_and_out_with_a_reason(till: Shop) -> None:
    shift = current(till)
    into = till.post(f"/shifts/{shift}/cash", cash("in", 20_000), who="cashier")
    assert (into.status, into["amount"], into["reason"]) == (201, 20_000, "receh")
    out = till.post(f"/shifts/{shift}/cash", cash("out", 5_000), who="supervisor")
    assert out.status == 201
    report = till.get(f"/shifts/{shift}/report")
    assert (report["paid_in"], report["paid_out"], report["expected_cash"]) == (20_000, 5_000, 115_000)
    for direction in ("up", "", None, "IN"):
        till.refused(
            422, "validation_error", f"/shifts/{shift}/cash", cash("in", 1) | {"direction": direction}
        )


def test_cash_out_and_an_open_drawer_need_a_supervisor(till: Shop) -> None:
    shift = current(till)
    drawer = {"id": new_id(), "reason": "tukar uang"}
    for path, body in ((f"/shifts/{shift}/cash", cash("out", 5_000)), (f"/shifts/{shift}/drawer", drawer)):
        assert till.refused(403, "approval_needed", path, body, who="cashier")["role"] == "supervisor"
        assert till.post(path, body | {"approval": approval()}, who="cashier").status == 201
    report = till.get(f"/shifts/{shift}/report")
    assert (report["drawer_openings"], report["paid_out"]) == (1, 5_000)


def test_the_count_is_blind(till: Shop) -> None:
    shift = current(till)
    till.sell({"KTO-100": 1})
    seen = till.get(f"/shifts/{shift}/report", who="cashier")
    assert [key for key in HIDDEN if key in seen.body] == []
    assert (seen["sales_count"], seen["float"]) == (1, 100_000)
    assert "15000" not in seen.content.decode().replace('"opened_at"', "")
    assert all(key in till.get(f"/shifts/{shift}/report", who="supervisor").body for key in HIDDEN)
    answer = count(till, shift, 114_000)
    assert (answer.status, answer["counted"]) == (201, 114_000)
    assert (answer["expected_cash"], answer["over_short"]) == (115_000, -1_000)
    assert all(key in till.get(f"/shifts/{shift}/report", who="cashier").body for key in HIDDEN)


def test_a_count_by_denomination_is_added_up(till: Shop) -> None:
    answer = count(till, current(till), {"100000": 1, "75000": 2, "50000": 0, "500": 3, "100": 4})
    assert answer["counted"] == 100_000 + 150_000 + 1_500 + 400


def test_a_count_of_notes_that_do_not_exist_is_refused(till: Shop) -> None:
    path = f"/shifts/{current(till)}/count"
    for counted in (
        {"30000": 1},
        {"100000": -1},
        {"100000": 1.0},
        {"100000": "1"},
        {"100000": None},
        {"": 1},
        [],
        "5",
        {"100000": True},
    ):
        till.refused(422, "validation_error", path, {"id": new_id(), "counted": counted})


def test_after_the_count_nothing_more_is_sold_or_moved(till: Shop) -> None:
    shift = current(till)
    count(till, shift, 100_000)
    till.refused(409, "shift_closed", "/sales", cart({"KTO-100": 1}), who="cashier")
    till.refused(409, "shift_closed", f"/shifts/{shift}/cash", cash("in", 5))
    till.refused(409, "shift_closed", f"/shifts/{shift}/drawer", {"id": new_id(), "reason": "x"})


def test_another_count_needs_approval_and_both_are_kept(till: Shop) -> None:
    shift = current(till)
    first = {"id": new_id(), "counted": 90_000}
    assert till.post(f"/shifts/{shift}/count", first, who="cashier").status == 201
    again = {"id": new_id(), "counted": 100_000}
    for who in ("cashier", "supervisor", "manager"):
        till.refused(409, "count_fixed", f"/shifts/{shift}/count", again, who=who)
    answer = till.post(f"/shifts/{shift}/count", again | {"approval": approval()}, who="cashier")
    assert (answer.status, answer["counted"], answer["over_short"]) == (201, 100_000, 0)
    kept = [row for row in till.rows()["cash_count"] if shift in row]
    assert sorted(amount for row in kept for amount in row if amount in (90_000, 100_000)) == [
        90_000,
        100_000,
    ]


def test_a_count_waits_for_sales_that_wait(till: Shop) -> None:
    shift = current(till)
    waiting = [till.sell({"KTO-100": 1}, qris=True)["id"] for _ in range(2)]
    body = {"id": new_id(), "counted": 100_000}
    answer = till.refused(409, "sales_waiting", f"/shifts/{shift}/count", body, who="cashier")
    assert sorted(answer["sales"]) == sorted(waiting)
    till.refused(409, "sales_waiting", f"/shifts/{shift}/close", body, who="cashier")
    for sale in waiting:
        till.post(f"/sales/{sale}/cancel")
    assert till.post(f"/shifts/{shift}/count", body, who="cashier").status == 201


def test_a_close_asks_for_a_reason_and_the_count_stays_fixed(till: Shop) -> None:
    shift = current(till)
    path = f"/shifts/{shift}/close"
    answer = till.post(path, {"id": new_id(), "counted": 99_000}, who="cashier")
    assert (answer.status, answer.code) == (422, "reason_needed")
    assert till.get("/shifts/current?register=K1")["status"] == "counted"
    till.refused(422, "reason_needed", path, {"id": new_id(), "counted": 100_000}, who="cashier")
    z = till.post(path, {"id": new_id(), "counted": 100_000, "reason": "kembalian salah"}, who="cashier")
    assert (z.status, z["counted_cash"], z["over_short"]) == (201, 99_000, -1_000)


def test_a_close_above_the_limit_asks_for_another_person_whoever_closes(till: Shop) -> None:
    shift = current(till)
    path = f"/shifts/{shift}/close"
    body = {"id": new_id(), "counted": 89_999, "reason": "hilang"}
    answer = till.post(path, body, who="manager")
    assert (answer.status, answer.code, answer["role"]) == (403, "approval_needed", "supervisor")
    till.refused(403, "approval_needed", path, body | {"approval": approval("Kasir")}, who="supervisor")
    z = till.post(path, body | {"approval": approval()}, who="manager")
    assert (z.status, z["over_short"], z["counted_cash"]) == (201, -10_001, 89_999)


def test_over_or_short_of_exactly_the_limit_needs_no_approval(till: Shop) -> None:
    z = till.close(current(till), 110_000, reason="uang kembali tidak diambil", who="cashier")
    assert z["over_short"] == 10_000


def test_a_close_without_any_count_is_refused(till: Shop) -> None:
    till.refused(422, "validation_error", f"/shifts/{current(till)}/close", {"id": new_id(), "reason": "x"})


def test_a_closed_shift_stays_closed(till: Shop) -> None:
    shift = current(till)
    till.close(shift, 100_000)
    body = {"id": new_id(), "counted": 5, "reason": "x"}
    till.refused(409, "shift_closed", f"/shifts/{shift}/close", body)
    till.refused(409, "shift_closed", f"/shifts/{shift}/count", {"id": new_id(), "counted": 5})
    till.refused(409, "shift_closed", f"/shifts/{shift}/cash", cash("in", 5))
    till.refused(409, "shift_not_open", "/sales", cart({"KTO-100": 1}))
    till.refused(404, "not_found", f"/shifts/{new_id()}/close", body)
    till.refused(404, "not_found", f"/shifts/{new_id()}/count", {"id": new_id(), "counted": 5})


def a_day(till: Shop) -> tuple[str, list[int]]:
    """A day with everything in it; the shift and the totals of its completed sales."""
    shift = current(till)
    totals = [till.sell({"KTO-100": 3, "MBT-250": 1}, cash=60_000)["total"]]
    line = {"sku": "KTB-250", "quantity": 2, "discount": 1_030, "reason": "penyok"}
    sold = till.sell([line], discount=2_000, reason="tetap", cash=100_000)
    totals.append(sold["total"])
    totals.append(till.paid_by_qris({"TBT-020": 2}, "R1", cash=20_000)["total"])
    voided = till.sell({"KTO-100": 1})
    totals.append(voided["total"])
    till.post(f"/sales/{till.sell({'KTO-100': 1}, qris=True)['id']}/cancel")
    for path, body in (
        (f"/sales/{voided['id']}/void", {"id": new_id(), "reason": "salah"}),
        (f"/sales/{sold['id']}/refunds", back({"KTB-250": 1})),
        (f"/sales/{sold['id']}/reprint", {"id": new_id()}),
        (f"/shifts/{shift}/cash", cash("in", 7_000)),
        (f"/shifts/{shift}/cash", cash("out", 9_000)),
        (f"/shifts/{shift}/drawer", {"id": new_id(), "reason": "tukar"}),
    ):
        assert till.post(path, body).status == 201, path
    return shift, totals


def test_every_formula_of_the_z_report_holds(till: Shop) -> None:
    shift, totals = a_day(till)
    x = till.get(f"/shifts/{shift}/report")
    z = till.close(shift, x["expected_cash"])
    assert [key for key in PROMISED if key not in z.body] == []
    gross = 53_000 + 64_000 + 50_000 + 15_000
    discounted = 64_000 - 1_030 - 2_000
    rounding = totals[1] - discounted
    half = z["refunds"] - 15_000
    assert (z["gross"], z["discounts"], z["rounding"]) == (gross, 3_030, rounding)
    assert (rounding, half) == (30, 30_500)
    assert z["net"] == gross - 3_030 + rounding - 15_000 - half
    assert z["by_method"] == {"cash": z["cash_sales"] - z["cash_refunds"], "qris": 30_000}
    assert sum(z["by_method"].values()) == z["net"]
    assert z["cash_sales"] == totals[0] + totals[1] + 20_000 + 15_000
    assert (z["cash_refunds"], z["paid_in"], z["paid_out"], z["float"]) == (
        15_000 + half,
        7_000,
        9_000,
        100_000,
    )
    assert z["expected_cash"] == 100_000 + z["cash_sales"] - z["cash_refunds"] + 7_000 - 9_000
    assert (z["counted_cash"], z["over_short"]) == (z["expected_cash"], 0)
    assert (z["sales_count"], z["refund_count"], z["void_count"]) == (4, 2, 1)
    assert (z["drawer_openings"], z["copies"]) == (1, 1)
    assert (z["first_number"], z["last_number"]) == ("K1-000001", "K1-000004")
    assert z["grand_total"] == sum(totals)
    assert (z["register"], z["number"], z["opened_by"], z["closed_by"]) == ("K1", 1, "manager", "manager")
    by_product = {line["sku"]: line for line in z["by_product"]}
    assert {sku: line["quantity"] for sku, line in by_product.items()} == {
        "KTO-100": 4,
        "MBT-250": 1,
        "KTB-250": 2,
        "TBT-020": 2,
    }
    assert len(z["last_entry_hash"]) == 64
    assert till.get(f"/shifts/{shift}/report").body == z.body


def test_x_shows_the_same_figures_as_the_z_that_follows(till: Shop) -> None:
    shift, _ = a_day(till)
    x = till.get(f"/shifts/{shift}/report").body
    assert (x["number"], x["closed_at"], x["counted_cash"]) == (None, None, None)
    z = till.close(shift, x["expected_cash"]).body
    changed = {"status", "number", "closed_at", "closed_by", "counted_cash", "over_short", "last_entry_hash"}
    assert {key: x[key] for key in x if key not in changed} == {
        key: z[key] for key in x if key not in changed
    }


def test_a_refund_paid_elsewhere_stands_on_the_report_of_the_drawer_it_left(till: Shop) -> None:
    g1 = till.open("G1", 50_000)
    sale = till.sell({"KTO-100": 1})["id"]
    till.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, register="G1"))
    assert till.get(f"/shifts/{current(till)}/report")["refunds"] == 0
    report = till.get(f"/shifts/{g1}/report")
    assert (report["refunds"], report["net"], report["by_method"]["cash"]) == (15_000, -15_000, -15_000)


def test_z_reports_are_numbered_a_register_and_the_grand_total_never_falls(till: Shop) -> None:
    till.open("G1", 0)
    till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")
    sale = till.sell({"KTO-100": 2})["id"]
    till.post(f"/sales/{sale}/void", {"id": new_id(), "reason": "x"})
    first = till.close(current(till), 100_000)
    till.open("K1", 0)
    till.sell({"KTO-100": 1})
    second = till.close(current(till), 15_000)
    assert (first["number"], second["number"]) == (1, 2)
    assert (first["grand_total"], second["grand_total"]) == (30_000, 45_000)
    assert (second["first_number"], second["last_number"]) == ("K1-000002", "K1-000002")
    assert till.close(current(till, "G1"), 15_000)["number"] == 1


def test_a_shift_without_a_sale_closes_too(till: Shop) -> None:
    z = till.close(current(till), 100_000)
    assert (z["sales_count"], z["first_number"], z["last_number"], z["net"]) == (0, None, None, 0)


def test_a_z_report_is_kept_for_ever_as_it_was(till: Shop) -> None:
    shift, _ = a_day(till)
    z = till.close(shift, till.expected(shift)).body
    till.open("K1", 0)
    till.sell({"KTO-100": 1})
    assert till.get(f"/shifts/{shift}/report").body == z


def test_the_day_lists_closed_and_open_shifts_and_adds_them_up(till: Shop) -> None:
    shift, _ = a_day(till)
    z = till.close(shift, till.expected(shift)).body
    g1 = till.open("G1", 0)
    till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")
    day = till.get(f"/reports/day?date={z['business_date']}")
    assert [report["shift"] for report in day["closed_shifts"]] == [shift]
    assert [report["shift"] for report in day["open_shifts"]] == [g1]
    assert (day["net"], day["sales_count"]) == (z["net"] + 15_000, z["sales_count"] + 1)
    assert sum(day["by_method"].values()) == day["net"]
    one = till.get(f"/reports/day?date={z['business_date']}&outlet=KUNJUNGAN")
    assert (one["net"], one["open_shifts"]) == (z["net"], [])
    assert till.get(f"/reports/day?date={z['business_date']}&outlet=X").code == "not_found"
    assert till.get("/reports/day?date=2020-01-01")["net"] == 0


def test_the_close_prints_the_z_with_expected_counted_and_difference(till: Shop) -> None:
    shift = current(till)
    till.sell({"KTO-100": 1})
    till.close(shift, 114_000, reason="kembalian salah")
    (job,) = [item for item in till.get("/print-jobs")["items"] if item["kind"] == "z"]
    assert job["status"] == "queued"
    paper = printed(till, job["id"])
    for amount in ("115.000", "114.000", "-1.000", "kembalian salah"):
        assert amount in paper


def printed(shop: Shop, job: str) -> str:
    """The lines of a print job as they come out."""
    from pos.db import db
    from pos.models import PrintJob
    from printers.document import Document
    from printers.layout import Paper
    from printers.render import to_text

    with shop.app.app_context():
        return to_text(Document.from_json(db.session.get_one(PrintJob, job).document), Paper.of(32))


@pytest.mark.parametrize("who", ["cashless", "cashier"])
def test_a_cashier_counts_and_closes(till: Shop, who: str) -> None:
    shift = current(till)
    assert count(till, shift, 100_000, who=who).status == 201
    assert till.post(f"/shifts/{shift}/close", {"id": new_id()}, who=who).status == 201


def test_the_days_report_without_a_date_is_of_the_shops_day(shop: Shop) -> None:
    evening = (datetime.now(UTC) + timedelta(days=1)).replace(hour=18, minute=0)
    with time_machine.travel(evening, tick=True):
        # It is one o'clock in Jakarta, on the day after.
        shop.open("K1", 0)
        sold = shop.sell({"KTO-100": 1})
        assert sold["business_date"] == str(evening.date() + timedelta(days=1))
        day = shop.get("/reports/day")
    assert day["net"] == 15_000
