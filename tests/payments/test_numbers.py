"""A provider may give one payment two numbers, and two payments one code."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from pos.db import db, transact
from pos.models.payments import Payment
from pos.operations import collecting
from pos.payments.base import Answer, Money
from tests.factories import Shop

RRN = "661192725442"


def asked(till: Shop) -> str:
    """A sale of 16.000 that waits, its code known to a provider under numbers; the payment's id."""
    sale = till.sell({"KTP-100": 1}, qris=True)["id"]
    with till.app.app_context():

        def name() -> str:
            numbers = {"our_reference": "OURS", "their_reference": "THEIRS"}
            db.session.execute(update(Payment).where(Payment.sale_id == sale).values(numbers))
            return db.session.query(Payment.id).filter_by(sale_id=sale).scalar() or ""

        return str(transact(name))


def told(till: Shop, payment: str, number: str, amount: int = 16_000) -> None:
    """The provider says that it was paid."""
    answer = Answer("paid", (Money(number, amount),))
    with till.app.app_context():
        transact(lambda: collecting.apply(payment, answer, datetime.now(UTC)))


def late(till: Shop) -> list[tuple[int, str]]:
    return [(item["paid_amount"], item["reference"]) for item in till.get("/payments?status=late")["items"]]


@pytest.mark.parametrize(
    "numbers", [("THEIRS", RRN), (RRN, "THEIRS"), (RRN, "OURS"), ("OURS", "THEIRS", RRN)]
)
def test_the_same_payment_under_another_number_is_not_a_second_one(
    till: Shop, numbers: tuple[str, ...]
) -> None:
    payment = asked(till)
    for number in numbers:
        told(till, payment, number)
    assert late(till) == []
    [paid] = till.get("/payments?status=paid")["items"]
    assert paid["reference"] == numbers[0]


def test_a_second_payment_of_one_code_is_kept(till: Shop) -> None:
    payment = asked(till)
    for number in (RRN, "000000000017", RRN):
        told(till, payment, number)
    assert late(till) == [(16_000, "000000000017")]


def test_money_of_another_amount_is_kept_once_under_whatever_number(till: Shop) -> None:
    payment = asked(till)
    for number in ("THEIRS", RRN, "THEIRS"):
        told(till, payment, number, 15_999)
    assert late(till) == [(15_999, "THEIRS")]


def test_what_a_person_confirmed_is_verified_by_the_number_of_the_code_too(till: Shop) -> None:
    payment = asked(till)
    sale = till.get("/payments?status=waiting")["items"][0]["sale"]
    till.post(f"/sales/{sale}/confirm", {"reference": "TRX 1"}, who="cashier")
    told(till, payment, "THEIRS")
    told(till, payment, RRN)
    assert late(till) == []
    with till.app.app_context():
        assert db.session.query(Payment.verified_by).filter_by(id=payment).scalar() == "provider"
