"""Many at once, over real connections: the last piece, one id fifty times, goods in every order."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest

from tests.cast import approval
from tests.factories import Answer, back, cart, new_id
from tests.faults.serving import Hosted

pytestmark = pytest.mark.faults
T = TypeVar("T")


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Start all at the same instant, each in a thread of its own."""
    start = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_tills_racing_for_the_last_piece_sell_it_once(hosted: Hosted) -> None:
    hosted.adjust("KTO-100", -199)
    for _ in range(12):
        answers = at_once(
            [
                lambda register=register: hosted.post("/sales", cart({"KTO-100": 1}, register=register))
                for register in ("K1", "G1")
            ]
        )
        assert sorted(answer.status for answer in answers) == [201, 409]
        loser = max(answers, key=lambda answer: answer.status)
        assert loser.code == "insufficient_stock"
        assert loser["lines"] == [{"sku": "KTO-100", "quantity": 1, "available": 0}]
        assert hosted.on_hand("KTO-100") == 0
        hosted.adjust("KTO-100", 1)
    hosted.verify()


def test_cash_and_qris_racing_for_the_last_piece_give_it_to_one(hosted: Hosted) -> None:
    hosted.adjust("KTO-100", -199)
    for _ in range(6):
        answers = at_once(
            [
                lambda: hosted.post("/sales", cart({"KTO-100": 1})),
                lambda: hosted.post("/sales", cart({"KTO-100": 1}, register="G1", qris=True)),
                lambda: hosted.post("/sales", cart({"KTO-100": 1}, register="K2", qris=True)),
            ]
        )
        won = [answer for answer in answers if answer.status in (201, 202)]
        assert len(won) == 1
        assert [answer.code for answer in answers if answer.status == 409] == ["insufficient_stock"] * 2
        if won[0].status == 202:
            hosted.post(f"/sales/{won[0]['id']}/cancel")
        else:
            hosted.adjust("KTO-100", 1)


def test_fifty_posts_of_one_id_make_one_sale(hosted: Hosted) -> None:
    body = cart({"KTO-100": 1, "MBT-250": 2}, cash=50_000)
    answers = at_once([lambda: hosted.post("/sales", body)] * 50)
    assert sorted({answer.status for answer in answers}) == [200, 201]
    assert [answer.status for answer in answers].count(201) == 1
    assert {str(answer.body) for answer in answers} == {str(answers[0].body)}
    assert [sale["number"] for sale in hosted.sales()] == ["K1-000001"]
    assert hosted.on_hand("KTO-100") == 199
    assert len(hosted.jobs(kind="drawer")) == 1


def test_one_id_for_two_things_at_once_is_used_for_one(hosted: Hosted) -> None:
    body = cart({"KTO-100": 1})
    others = [body, body | {"register": "G1"}] * 5
    answers = at_once([lambda asked=asked: hosted.post("/sales", asked) for asked in others])
    kinds = [answer.status for answer in answers]
    assert (kinds.count(201), kinds.count(200), kinds.count(409)) == (1, 4, 5)
    assert {answer.code for answer in answers if answer.status == 409} == {"id_conflict"}


def test_one_waiting_sale_is_confirmed_cancelled_or_voided_by_one_of_many(hosted: Hosted) -> None:
    for n in range(5):
        sale = hosted.sell({"KTO-100": 1}, qris=True)["id"]
        confirmed, cancelled = at_once(
            [
                lambda sale=sale, n=n: hosted.post(f"/sales/{sale}/confirm", {"reference": f"R{n}"}),
                lambda sale=sale: hosted.post(f"/sales/{sale}/cancel"),
            ]
        )
        assert confirmed["status"] == "completed"
        assert (cancelled.status, cancelled.code) in ((200, ""), (409, "sale_not_waiting"))
        assert hosted.get(f"/sales/{sale}")["status"] == "completed"
    hosted.verify()


def test_one_reference_confirms_one_of_two_sales(hosted: Hosted) -> None:
    for n in range(5):
        sales = [hosted.sell({"KTO-100": 1}, register=register, qris=True)["id"] for register in ("K1", "G1")]
        answers = at_once(
            [
                lambda sale=sale, n=n: hosted.post(f"/sales/{sale}/confirm", {"reference": f"R{n}"})
                for sale in sales
            ]
        )
        assert sorted(answer.status for answer in answers) == [200, 409]
        assert max(answers, key=lambda answer: answer.status).code == "reference_used"


def test_two_drawers_never_pay_the_same_piece_back(hosted: Hosted) -> None:
    for _ in range(4):
        sale = hosted.sell({"KTO-100": 1})["id"]
        answers = at_once([lambda sale=sale, at=at: refund(hosted, sale, at) for at in ("K1", "G1")])
        assert sorted(answer.status for answer in answers) == [201, 409]
        assert hosted.get(f"/sales/{sale}")["refunded"] == 15_000
    hosted.verify()


def refund(hosted: Hosted, sale: str, register: str) -> Answer:
    return hosted.post(f"/sales/{sale}/refunds", back({"KTO-100": 1}, register=register), who="supervisor")


def test_tills_that_sell_the_same_goods_in_every_order_never_lock_each_other_out(hosted: Hosted) -> None:
    chance = random.Random(7)
    skus = ["KTO-100", "KTP-100", "KTB-250", "MBT-250", "MBL-250", "TBT-020"]

    def carts(register: str) -> list[dict[str, Any]]:
        return [
            cart(dict.fromkeys(chance.sample(skus, 4), 1), register=register, qris=register == "K2")
            for _ in range(8)
        ]

    tills = [carts(register) for register in ("K1", "G1", "K2", "K1", "G1", "K2")]
    answers = at_once(
        [lambda bodies=bodies: [hosted.post("/sales", body) for body in bodies] for bodies in tills]
    )
    assert {answer.status for till in answers for answer in till} == {201, 202}
    numbers = sorted(sale["number"] for sale in hosted.sales() if sale["number"])
    assert numbers == sorted(f"{code}-{n:06d}" for code in ("K1", "G1") for n in range(1, 17))
    hosted.verify()


def test_a_close_and_sales_at_once_leave_every_sale_on_one_side(hosted: Hosted) -> None:
    shift = str(hosted.get("/shifts/current?register=K1")["id"])
    close = {
        "id": new_id(),
        "counted": 100_000,
        "reason": "r",
        "approval": {"user": "Pengawas", "pin": "222222"},
    }
    works: list[Callable[[], Answer]] = [
        lambda: hosted.post("/sales", cart({"KTO-100": 1})) for _ in range(8)
    ]
    works.insert(4, lambda: hosted.post(f"/shifts/{shift}/close", close))
    answers = at_once(works)
    z = answers.pop(4)
    assert z.status == 201, z.body
    sold = [answer for answer in answers if answer.status == 201]
    assert {answer.code for answer in answers if answer.status != 201} <= {"shift_closed", "shift_not_open"}
    assert z["sales_count"] == len(sold)
    assert z["net"] == 15_000 * len(sold)


def test_copies_at_two_registers_are_counted_one_by_one(hosted: Hosted) -> None:
    sale = hosted.sell({"KTO-100": 1})["id"]
    bodies = [{"id": new_id(), "register": register} for register in ("K1", "G1") * 4]
    answers = at_once([lambda body=body: hosted.post(f"/sales/{sale}/reprint", body) for body in bodies])
    assert [answer.status for answer in answers] == [201] * 8
    titles = sorted(job["title"] for job in hosted.jobs(sale, "copy"))
    assert titles == [f"K1-000001 ({n})" for n in range(1, 9)]
    hosted.verify()


def test_wrong_pins_at_the_same_instant_are_all_counted(hosted: Hosted) -> None:
    sale = hosted.sell({"KTO-100": 1})["id"]

    def guess(pin: str) -> Answer:
        body = {"id": new_id(), "reason": "r", "approval": approval(pin=pin)}
        return hosted.post(f"/sales/{sale}/void", body, who="cashier")

    answers = at_once([lambda: guess("000000")] * 8)
    assert {answer.code for answer in answers} <= {"approval_wrong", "slow_down"}
    assert guess("222222").code == "slow_down"


def test_one_new_lot_from_two_papers_at_once_is_one_lot(hosted: Hosted) -> None:
    line = {"sku": "KTO-100", "quantity": 5, "lot": "BARU", "expires_on": "2099-01-01"}
    papers = [{"id": new_id(), "location": "GUDANG", "lines": [line]} for _ in range(6)]
    answers = at_once([lambda paper=paper: hosted.post("/stock/receipts", paper) for paper in papers])
    assert [answer.status for answer in answers] == [201] * 6
    assert hosted.on_hand("KTO-100") == 230
    hosted.verify()


def test_one_register_is_opened_once_by_many(hosted: Hosted) -> None:
    shift = hosted.get("/shifts/current?register=G1")["id"]
    hosted.post(f"/shifts/{shift}/close", {"id": new_id(), "counted": 100_000})
    bodies = [{"id": new_id(), "register": "G1", "float": n} for n in range(6)]
    answers = at_once([lambda body=body: hosted.post("/shifts", body) for body in bodies])
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5
    assert {answer.code for answer in answers if answer.status == 409} == {"shift_already_open"}


def test_a_kiosk_that_is_used_twice_at_once_opens_one_shift(hosted: Hosted) -> None:
    bodies = [cart({"KTO-100": 1}, register="K2", qris=True) for _ in range(6)]
    answers = at_once([lambda body=body: hosted.post("/sales", body) for body in bodies])
    assert [answer.status for answer in answers] == [202] * 6
    assert len({answer["shift"] for answer in answers}) == 1


def test_a_lost_receipt_is_printed_again_once_by_many_hands(hosted: Hosted) -> None:
    from sqlalchemy import update

    from pos.db import db, transact
    from pos.models import PrintJob

    sale = hosted.sell({"KTO-100": 1})["id"]
    (job,) = hosted.jobs(sale, "receipt")
    with hosted.app.app_context():
        transact(
            lambda: db.session.execute(
                update(PrintJob).where(PrintJob.id == job["id"]).values(status="unknown")
            )
        )
    answers = at_once([lambda: hosted.post(f"/print-jobs/{job['id']}/retry")] * 6)
    assert sorted(answer.status for answer in answers) == [200] + [409] * 5
    shift = hosted.get("/shifts/current?register=K1")["id"]
    assert hosted.get(f"/shifts/{shift}/report")["copies"] == 1
