"""Who may do what: every role against every call, tokens and registers, approvals, PINs and throttling."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.api.orders import drop, held, order
from tests.cast import EVERYBODY, approval
from tests.factories import Body, Shop, back, cart, new_id

READS: dict[str, str] = {
    "/products": "cashier cashless kiosk supervisor treasurer manager auditor",
    "/stock?location=GUDANG": "cashier cashless supervisor treasurer manager auditor",
    "/stock/movements": "cashier cashless supervisor treasurer manager auditor",
    "/stock/transfers": "cashier cashless supervisor treasurer manager auditor",
    "/stock/counts": "cashier cashless supervisor treasurer manager auditor",
    "/stock/make-more": "cashier cashless supervisor treasurer manager auditor",
    "/stock/value": "cashier cashless supervisor treasurer manager auditor",
    "/stock/expiring": "cashier cashless supervisor treasurer manager auditor",
    "/sales": "cashier cashless supervisor treasurer manager auditor",
    "/print-jobs": "cashier cashless supervisor treasurer manager auditor",
    "/payments": "cashier cashless supervisor treasurer manager auditor",
    "/labels.pdf?kind=shelf&items=[{{%22sku%22:%22KTO-100%22}}]": (
        "cashier cashless supervisor treasurer manager auditor"
    ),
    "/reports/day": "supervisor treasurer manager auditor",
    "/shifts/{shift}/report": "cashier cashless supervisor treasurer manager auditor",
    "/shifts/current?register=K1": "cashier cashless supervisor treasurer manager auditor",
    "/sales/{sale}": "cashier cashless supervisor treasurer manager auditor",
    "/sales/{sale}/receipt.txt": "cashier cashless supervisor treasurer manager auditor",
    "/orders?register=K1": "cashier cashless kiosk supervisor treasurer manager auditor",
    "/orders/{order}": "cashier cashless supervisor treasurer manager auditor",
    "/orders/{order}/slip.txt": "cashier cashless supervisor treasurer manager auditor",
}
ONE_OF_EACH = ("cashier", "cashless", "kiosk", "supervisor", "treasurer", "manager", "auditor")


def writes(shop: Shop, shift: str) -> list[tuple[str, Body, str, str]]:
    """Path, body, who may do it alone, and who may do it with an approval."""
    sale, other, third, fourth = (str(shop.sell({"KTO-100": 3}, who="colleague")["id"]) for _ in range(4))
    to_qris = {"id": "", "tenders": [{"method": "qris"}], "reference": "R-ROLES"}
    waiting = [str(shop.sell({"KTO-100": 1}, who="colleague", qris=True)["id"]) for _ in range(9)]
    line = {"sku": "KTO-100", "quantity": 1}
    sells, serves = "cashier supervisor manager", "cashier cashless supervisor manager"
    lends = "cashier cashless kiosk treasurer auditor"
    papers = {"id": "", "location": "GUDANG", "lines": [line]}
    return [
        ("/sales", cart({"KTO-100": 1}), sells, ""),
        ("/sales", cart({"KTO-100": 1}, qris=True), serves, ""),
        ("/sales", cart({"KTO-100": 1}, discount=2_000, reason="r"), "supervisor manager", "cashier"),
        (f"/shifts/{shift}/cash", {"id": "", "direction": "in", "amount": 1, "reason": "r"}, sells, ""),
        (
            f"/shifts/{shift}/cash",
            {"id": "", "direction": "out", "amount": 1, "reason": "r"},
            "supervisor manager",
            lends,
        ),
        (f"/shifts/{shift}/drawer", {"id": "", "reason": "r"}, "supervisor manager", lends),
        (f"/sales/{waiting[0]}/cancel", {}, serves, ""),
        (f"/sales/{waiting[1]}/confirm", {"reference": "R1"}, serves, ""),
        (f"/sales/{sale}/void", {"id": "", "reason": "r"}, "supervisor manager", lends),
        (f"/sales/{other}/refunds", back({"KTO-100": 1}), "supervisor manager", lends),
        (f"/sales/{third}/reprint", {"id": ""}, serves, ""),
        (f"/sales/{third}/tenders", {"id": "", "tenders": [{"method": "cash", "amount": 50_000}]}, sells, ""),
        (f"/sales/{fourth}/tenders", to_qris, "supervisor manager", "cashier cashless"),
        (f"/shifts/{shift}/report/print", {"id": ""}, serves, ""),
        ("/labels", {"id": "", "register": "K1", "kind": "shelf", "items": [{"sku": "KTO-100"}]}, serves, ""),
        ("/orders", order({"KTO-100": 1}), serves, ""),
        ("/stock/receipts", papers, "supervisor manager", lends),
        (
            "/stock/adjustments",
            papers | {"reason": "waste", "lines": [{"sku": "KTO-100", "quantity": -1}]},
            "supervisor manager",
            lends,
        ),
        ("/stock/counts", {"id": "", "location": "GUDANG"}, "supervisor manager", ""),
        ("/stock/sources", {"id": "", "name": "B", "kind": "maker"}, "supervisor manager", lends),
        ("/shifts", {"id": "", "register": "G1", "float": 0}, "cashless cashier supervisor manager", ""),
    ]


def test_every_role_reads_what_it_may_and_no_more(till: Shop) -> None:
    shift, sale = till.get("/shifts/current?register=K1")["id"], till.sell({"KTO-100": 1})["id"]
    made = held(till, {"KTO-100": 1}, kind="slip")["id"]
    for template, allowed in READS.items():
        path = template.format(shift=shift, sale=sale, order=made)
        for who in ONE_OF_EACH:
            answer = till.get(path, who=who)
            if who in allowed.split():
                assert answer.status == 200, (path, who, answer.body)
            else:
                assert (answer.status, answer.code) in ((403, "forbidden"), (404, "not_found")), (path, who)


def test_every_role_does_what_it_may_and_no_more(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    for path, body, allowed, _ in writes(till, shift):
        before = till.rows()
        for who in ONE_OF_EACH:
            if who in allowed.split():
                continue
            asked = body | {"id": new_id()} if "id" in body else body
            answer = till.post(path, asked, who=who)
            assert answer.status == 403, (path, who, answer.status, answer.body)
            assert answer.code in ("forbidden", "approval_needed"), (path, who, answer.body)
        assert till.changed(before) == {}, path


def test_who_sells_at_the_outlet_may_drop_an_order_and_nobody_else(till: Shop) -> None:
    for who in ONE_OF_EACH:
        made = held(till, {"KTO-100": 1})["id"]
        before = till.rows()
        answer = drop(till, made, who=who)
        if who in ("cashier", "cashless", "supervisor", "manager"):
            assert answer["status"] == "dropped", who
        else:
            assert answer.code in ("forbidden", "not_found"), who
            assert till.changed(before) == {}, who


@pytest.mark.parametrize("who", ONE_OF_EACH)
def test_each_role_can_do_what_it_may(till: Shop, who: str) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    for path, body, allowed, _ in writes(till, shift):
        if who in allowed.split() and not (path == "/shifts" and who in ("cashier", "cashless")):
            asked = body | {"id": new_id()} if "id" in body else body
            answer = till.post(path, asked, who=who)
            assert answer.status in (200, 201, 202), (path, who, answer.body)


def test_an_auditor_changes_nothing_even_with_approval(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    for path, body, _, _ in writes(till, shift):
        asked = body | ({"id": new_id()} if "id" in body else {}) | {"approval": approval("Manajer")}
        till.refused(403, "forbidden", path, asked, who="auditor")


def test_an_approval_lends_what_a_cashier_lacks(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    for path, body, _, lends in writes(till, shift):
        if "cashier" in lends.split():
            asked = body | {"id": new_id(), "approval": approval()}
            assert till.post(path, asked, who="cashier").status == 201, path


def test_a_cashless_cashier_takes_no_cash(till: Shop) -> None:
    till.refused(403, "forbidden", "/sales", cart({"KTO-100": 1}), who="cashless")
    mixed = cart({"KTO-100": 2}, cash=10_000, qris=True)
    till.refused(403, "forbidden", "/sales", mixed, who="cashless")
    with_help = cart({"KTO-100": 1}) | {"approval": approval()}
    till.refused(403, "forbidden", "/sales", with_help, who="cashless")
    assert till.paid_by_qris({"KTO-100": 1}, "R1", who="cashless")["status"] == "completed"


def test_a_token_acts_at_its_own_register_only(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    g1 = till.open("G1", 0)
    sale = till.sell({"KTO-100": 1})["id"]
    waiting = till.sell({"KTO-100": 1}, qris=True)["id"]
    elsewhere = "cashier at G1"
    till.refused(403, "forbidden", "/sales", cart({"KTO-100": 1}), who=elsewhere)
    till.refused(403, "forbidden", "/shifts", {"id": new_id(), "register": "K1", "float": 0}, who=elsewhere)
    till.refused(403, "forbidden", f"/shifts/{shift}/count", {"id": new_id(), "counted": 5}, who=elsewhere)
    till.refused(403, "forbidden", f"/shifts/{shift}/close", {"id": new_id(), "counted": 5}, who=elsewhere)
    body = {"id": new_id(), "direction": "in", "amount": 5, "reason": "r"}
    till.refused(403, "forbidden", f"/shifts/{shift}/cash", body, who=elsewhere)
    till.refused(403, "forbidden", f"/sales/{waiting}/confirm", {"reference": "R"}, who=elsewhere)
    till.refused(403, "forbidden", f"/sales/{waiting}/cancel", who=elsewhere)
    void = {"id": new_id(), "reason": "r", "approval": approval()}
    till.refused(403, "forbidden", f"/sales/{sale}/void", void, who=elsewhere)
    till.refused(
        403, "forbidden", f"/sales/{sale}/refunds", back({"KTO-100": 1}, register="G1"), who="cashier"
    )
    assert till.get(f"/shifts/{shift}/report", who=elsewhere).status == 403
    assert till.get(f"/shifts/{g1}/report", who=elsewhere).status == 200
    assert till.get("/shifts/current", who=elsewhere)["id"] == g1
    assert till.get("/shifts/current?register=K1", who=elsewhere).status == 403


def test_a_token_without_a_register_acts_everywhere(till: Shop) -> None:
    till.open("G1", 0)
    for register in ("K1", "G1"):
        assert till.sell({"KTO-100": 1}, register=register, who="roaming cashier")["register"] == register


@pytest.mark.parametrize("token", [None, "", "wrong", "a" * 5_000])
def test_nobody_is_asked_to_sign_in(till: Shop, token: str | None) -> None:
    before = till.rows()
    for path in ("/products", "/sales", "/stock", "/payments", f"/sales/{new_id()}"):
        answer = till.get(path, who=token)
        assert (answer.status, answer.code) == (401, "sign_in"), path
    answer = till.post("/sales", cart({"KTO-100": 1}), who=token)
    assert (answer.status, answer.code) == (401, "sign_in")
    assert till.changed(before) == {}


def test_an_approval_is_good_for_one_request(till: Shop) -> None:
    first, second = (till.sell({"KTO-100": 1})["id"] for _ in range(2))
    body = {"id": new_id(), "reason": "r", "approval": approval()}
    assert till.post(f"/sales/{first}/void", body, who="cashier").status == 201
    body = {"id": new_id(), "reason": "r"}
    till.refused(403, "approval_needed", f"/sales/{second}/void", body, who="cashier")


def test_an_approval_stands_in_the_audit_trail(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    body = {"id": new_id(), "reason": "r", "approval": approval()}
    answer = till.post(f"/sales/{sale}/void", body, who="cashier")
    assert (answer["by"], answer["approved_by"]) == ("cashier", "Pengawas")
    (entry,) = [row for row in till.rows()["entry"] if body["id"] in row]
    assert '"approver":"Pengawas"' in "".join(str(value) for value in entry)
    assert "222222" not in str(till.rows()["entry"])


def test_a_wrong_pin_approves_nothing(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    for wrong in (approval(pin="000000"), approval(pin="1"), {"user": "Siapa", "pin": "222222"}):
        body = {"id": new_id(), "reason": "r", "approval": wrong}
        till.refused(403, "approval_wrong", f"/sales/{sale}/void", body, who="cashier")


def test_a_wrong_approval_is_refused_even_where_none_was_needed(till: Shop) -> None:
    body = cart({"KTO-100": 1}) | {"approval": approval(pin="000000")}
    till.refused(403, "approval_wrong", "/sales", body, who="cashier")


def test_who_lacks_the_right_cannot_approve(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    body = {"id": new_id(), "reason": "r", "approval": approval("Kasir")}
    till.refused(403, "approval_needed", f"/sales/{sale}/void", body, who="cashier")


def test_wrong_pins_slow_the_name_down_and_a_restart_does_not_forgive(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    path, body = f"/sales/{sale}/void", {"id": new_id(), "reason": "r"}
    with time_machine.travel(datetime.now(UTC), tick=True) as time:
        for _ in range(5):
            till.refused(
                403, "approval_wrong", path, body | {"approval": approval(pin="999999")}, who="cashier"
            )
        answer = till.refused(429, "slow_down", path, body | {"approval": approval()}, who="cashier")
        assert 1 <= int(answer.headers["Retry-After"]) <= 30
        again = Shop(reopened(till), till.tokens)
        again.refused(429, "slow_down", path, body | {"approval": approval()}, who="colleague")
        assert again.post(path, body | {"approval": approval("Manajer")}, who="cashier").status == 201
        time.shift(31)
        other = till.sell({"KTO-100": 1})["id"]
        done = {"id": new_id(), "reason": "r", "approval": approval()}
        assert till.post(f"/sales/{other}/void", done, who="cashier").status == 201


def reopened(shop: Shop):  # type: ignore[no-untyped-def]
    """The app as a new process would make it from the same database."""
    from pos.app import create_app

    return create_app(shop.app.config["SETTINGS"])


def test_guessing_names_at_one_till_is_slowed_down_too(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    codes = []
    for n in range(25):
        wrong = {"user": f"Orang {n}", "pin": "123456"}
        body = {"id": new_id(), "reason": "r", "approval": wrong}
        codes.append(till.post(f"/sales/{sale}/void", body, who="cashier").code)
    assert codes[:5] == ["approval_wrong"] * 5
    assert codes[-1] == "slow_down"


def test_a_revoked_token_is_no_token(till: Shop) -> None:
    from pos import clock
    from pos.db import db, transact
    from pos.models import Token
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with till.app.app_context():
        found = db.session.query(Token).filter_by(name="auditor").one().id
        transact(lambda: people.revoke_token(found, SYSTEM, clock.now()))
    assert till.get("/products", who="auditor").code == "sign_in"
    assert len(EVERYBODY) > 5
