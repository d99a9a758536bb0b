"""Many at once for one order: one till wins, the others are told; nobody gets a number twice."""

import random

import pytest

from tests.api.orders import order
from tests.factories import cart, new_id
from tests.faults.serving import Hosted
from tests.faults.test_races import at_once

pytestmark = pytest.mark.faults


@pytest.fixture
def two_tills(hosted: Hosted) -> Hosted:
    """A second till, K3, beside K1."""
    from pos import clock
    from pos.db import transact
    from pos.operations import catalogue
    from pos.operations.actor import SYSTEM

    with hosted.app.app_context():
        transact(lambda: catalogue.add_register("K3", "Kasir 3", "KUNJUNGAN", "till", SYSTEM, clock.now()))
    hosted.open("K3")
    return hosted


def held(hosted: Hosted, goods: dict[str, int], **more: str) -> str:
    answer = hosted.post("/orders", order(goods, **more))
    assert answer.status == 201, answer.body
    return str(answer["id"])


def test_of_two_tills_that_sell_one_order_one_wins(two_tills: Hosted) -> None:
    two_tills.adjust("KTO-100", -195)
    for _ in range(8):
        made = held(two_tills, {"KTO-100": 3})
        answers = at_once(
            [
                lambda register=register, made=made: two_tills.post(
                    "/sales", cart({"KTO-100": 3}, register=register, order=made)
                )
                for register in ("K1", "K3")
            ]
        )
        assert sorted(answer.status for answer in answers) == [201, 409], [a.body for a in answers]
        lost = max(answers, key=lambda answer: answer.status)
        assert (lost.code, lost["order"]["status"]) == ("order_not_open", "used")
        two_tills.adjust("KTO-100", 3)
    two_tills.verify()


def test_a_sale_a_drop_and_the_end_of_its_time_race_for_one_order(two_tills: Hosted) -> None:
    from datetime import timedelta

    from pos import clock
    from pos.db import transact
    from pos.operations import orders

    def expire(made: str) -> object:
        with two_tills.app.app_context():
            transact(lambda: orders.expire(made, clock.now() + timedelta(seconds=1)))
        return None

    for turn in range(8):
        made = held(two_tills, {"KTO-100": 1, "MBT-250": 2})
        at_once(
            [
                lambda made=made: two_tills.post("/sales", cart({"KTO-100": 1}, register="K3", order=made)),
                lambda made=made: two_tills.send("DELETE", f"/orders/{made}", {}),
                lambda made=made: two_tills.post("/orders", order({"MBT-250": 1}, order=made)),
                lambda made=made: expire(made),
            ]
        )
        assert two_tills.get(f"/orders/{made}")["status"] in ("used", "dropped"), turn
    two_tills.verify()


def test_orders_made_at_once_at_three_registers_get_a_number_each(two_tills: Hosted) -> None:
    bodies = [order({"KTO-100": 1}, register=register) for register in ("K1", "K2", "K3") * 6]
    answers = at_once([lambda body=body: two_tills.post("/orders", body) for body in bodies])
    assert [answer.status for answer in answers] == [201] * 18, [answer.body for answer in answers]
    assert sorted(answer["number"] for answer in answers) == list(range(1, 19))
    two_tills.verify()


def test_the_last_pieces_go_to_an_order_or_to_a_sale(two_tills: Hosted) -> None:
    two_tills.adjust("KTO-100", -198)
    for _ in range(6):
        made = order({"KTO-100": 2}, register="K2")
        answers = at_once(
            [
                lambda made=made: two_tills.post("/orders", made),
                lambda: two_tills.post("/sales", cart({"KTO-100": 2}, register="K3")),
            ]
        )
        assert sorted(answer.status for answer in answers) == [201, 409]
        if answers[0].status == 201:
            assert two_tills.send("DELETE", f"/orders/{made['id']}", {}).status == 200
        else:
            two_tills.adjust("KTO-100", 2)
    two_tills.verify()


def test_orders_and_sales_of_many_goods_in_any_order_never_lock_up(two_tills: Hosted) -> None:
    skus = ["KTO-100", "KTP-100", "KTB-250", "MBT-250", "MBL-250", "TBT-020"]
    chance = random.Random(7)

    def day(register: str) -> list[int]:
        seen = []
        for _ in range(10):
            goods = dict.fromkeys(chance.sample(skus, 4), 2)
            made = two_tills.post("/orders", order(goods, register=register))
            other = dict.fromkeys(chance.sample(skus, 4), 2)
            sale = two_tills.post("/sales", cart(other, register=register, order=made["id"]))
            seen += [made.status, sale.status]
        return seen

    answers = at_once([lambda register=register: day(register) for register in ("K1", "K3")])
    assert {status for seen in answers for status in seen} == {201}
    two_tills.verify()


def test_fifty_posts_of_one_order_hold_it_once(two_tills: Hosted) -> None:
    body = order({"KTO-100": 2}) | {"id": new_id()}
    answers = at_once([lambda: two_tills.post("/orders", body)] * 50)
    assert [answer.status for answer in answers].count(201) == 1
    assert {answer.status for answer in answers} == {200, 201}
    stock = next(item for item in two_tills.get("/stock")["items"] if item["sku"] == "KTO-100")
    assert stock["reserved"] == 2
