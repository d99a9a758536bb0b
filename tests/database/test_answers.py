"""A sale is answered from what was just written; reading it again must give the same."""

from tests.factories import Shop, cart


def test_the_answer_to_a_sale_is_what_reading_it_again_gives(till: Shop) -> None:
    goods = [
        {"sku": "KTO-100", "quantity": 2, "discount": 500, "reason": "penyok"},
        {"sku": "MBT-250", "quantity": 1},
        {"sku": "KTO-100", "quantity": 1},
    ]
    body = cart(goods, cash=100_000, discount=730, reason="langganan")
    said = till.post("/sales", body)
    assert said.status == 201, said.body
    assert said["rounding"] != 0
    assert till.get(f"/sales/{body['id']}").body == said.body
    assert till.post("/sales", body).body == said.body


def test_the_answer_to_a_waiting_sale_is_what_reading_it_again_gives(till: Shop) -> None:
    body = cart({"KTO-100": 2}, qris=True)
    said = till.post("/sales", body)
    assert said.status == 202, said.body
    assert till.get(f"/sales/{body['id']}").body == said.body
