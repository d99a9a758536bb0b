"""Corrections of a payment at once with each other, refunds, voids and the close: one order counts."""

from collections.abc import Callable

import pytest

from tests.cast import approval
from tests.factories import Answer, Body, back, new_id
from tests.faults.serving import Hosted
from tests.faults.test_races import at_once

pytestmark = pytest.mark.faults

EXACT = 15_000


def cash(amount: int) -> Body:
    return {"id": new_id(), "tenders": [{"method": "cash", "amount": amount}]}


def to_qris(reference: str) -> Body:
    return {"id": new_id(), "tenders": [{"method": "qris"}], "reference": reference}


def correct(hosted: Hosted, sale: str, body: Body) -> Callable[[], Answer]:
    return lambda: hosted.post(f"/sales/{sale}/tenders", body)


def expected(hosted: Hosted, register: str = "K1") -> int:
    shift = hosted.get(f"/shifts/current?register={register}")["id"]
    return int(hosted.get(f"/shifts/{shift}/report")["expected_cash"])


def test_corrections_of_one_sale_at_once_follow_each_other(hosted: Hosted) -> None:
    sale = hosted.sell({"KTO-100": 1}, cash=50_000)["id"]
    bodies = [cash(20_000), cash(30_000), to_qris("R-1")]
    answers = at_once([correct(hosted, sale, body) for body in bodies])
    assert [answer.status for answer in answers] == [201] * 3
    found = hosted.get(f"/sales/{sale}")
    assert sorted(one["id"] for one in found["corrections"]) == sorted(body["id"] for body in bodies)
    befores = [one["before"]["tenders"] for one in found["corrections"]]
    afters = [one["tenders"] for one in found["corrections"]]
    assert befores[1:] == afters[:-1]
    assert found["tenders"] == afters[-1]
    hosted.verify()


def test_one_correction_sent_many_times_is_one(hosted: Hosted) -> None:
    sale = hosted.sell({"KTO-100": 1}, cash=50_000)["id"]
    body = cash(20_000)
    answers = at_once([correct(hosted, sale, body)] * 8)
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert len(hosted.get(f"/sales/{sale}")["corrections"]) == 1


def test_one_reference_is_given_to_one_of_two_sales(hosted: Hosted) -> None:
    for n in range(3):
        sales = [hosted.sell({"KTO-100": 1}, register=register)["id"] for register in ("K1", "G1")]
        answers = at_once([correct(hosted, sale, to_qris(f"R-{n}")) for sale in sales])
        assert sorted(answer.status for answer in answers) == [201, 409]
        assert max(answers, key=lambda answer: answer.status).code == "reference_used"
    hosted.verify()


def test_a_correction_and_money_back_at_once_agree_on_what_was_paid(hosted: Hosted) -> None:
    before = expected(hosted)
    for n in range(4):
        sale = hosted.sell({"KTO-100": 1})["id"]
        back_at = "G1" if n % 2 else "K1"
        refund = back({"KTO-100": 1}, register=back_at)
        corrected, given = at_once(
            [
                correct(hosted, sale, to_qris(f"R-{n}")),
                lambda sale=sale, refund=refund: hosted.post(
                    f"/sales/{sale}/refunds", refund, who="supervisor"
                ),
            ]
        )
        assert given.status == 201, given.body
        assert (corrected.status, corrected.code) in ((201, ""), (409, "sale_not_correctable"))
        sold = 0 if corrected.status == 201 else EXACT
        paid_here = EXACT if back_at == "K1" else 0
        assert expected(hosted) - before == sold - paid_here
        before = expected(hosted)
    hosted.verify()


def test_a_correction_and_a_void_at_once_leave_the_drawer_right(hosted: Hosted) -> None:
    before = expected(hosted)
    for n in range(4):
        sale = hosted.sell({"KTO-100": 1})["id"]
        void = {"id": new_id(), "reason": "r"}
        corrected, voided = at_once(
            [
                correct(hosted, sale, to_qris(f"R-{n}")),
                lambda sale=sale, void=void: hosted.post(f"/sales/{sale}/void", void),
            ]
        )
        assert voided.status == 201, voided.body
        assert voided["method"] == ("qris" if corrected.status == 201 else "cash")
        assert expected(hosted) == before
    hosted.verify()


def test_a_correction_and_the_close_at_once_are_on_one_side(hosted: Hosted) -> None:
    sale = hosted.sell({"KTO-100": 1})["id"]
    shift = str(hosted.get("/shifts/current?register=K1")["id"])
    close = {"id": new_id(), "counted": 115_000, "reason": "r", "approval": approval()}
    corrected, z = at_once(
        [correct(hosted, sale, to_qris("R-1")), lambda: hosted.post(f"/shifts/{shift}/close", close)]
    )
    assert z.status == 201, z.body
    assert (corrected.status, corrected.code) in (
        (201, ""),
        (409, "shift_closed"),
        (409, "shift_not_open"),
    )
    assert z["by_method"]["qris"] == (EXACT if corrected.status == 201 else 0)
    assert z["tender_corrections"] == (1 if corrected.status == 201 else 0)
    hosted.verify()
