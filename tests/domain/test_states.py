"""States: every move that may happen, and no other."""

from itertools import product

import pytest

from pos.domain.states import PAYMENT, PAYMENT_REFUND, PERSON_ONLY, PRINT_JOB, SALE, WITHDRAWN, allowed

MOVES = {
    "sale": (
        SALE,
        {
            ("awaiting_payment", "completed"),
            ("awaiting_payment", "cancelled"),
            ("awaiting_payment", "expired"),
            ("expired", "completed"),
            ("cancelled", "completed"),
            ("completed", "voided"),
        },
    ),
    "payment": (
        PAYMENT,
        {
            ("waiting", "paid"),
            ("waiting", "expired"),
            ("waiting", "cancelled"),
            ("waiting", "failed"),
            ("waiting", "late"),
            ("expired", "paid"),
            ("expired", "late"),
            ("cancelled", "paid"),
            ("cancelled", "late"),
            ("failed", "paid"),
            ("failed", "late"),
            ("paid", "refunded"),
            ("late", "refunded"),
            ("late", "paid"),
        },
    ),
    "money back": (
        PAYMENT_REFUND,
        {("waiting", "done"), ("waiting", "refused"), ("refused", "cash")},
    ),
    "print job": (
        PRINT_JOB,
        {
            ("queued", "printing"),
            ("queued", "expired"),
            ("queued", "failed"),
            ("printing", "printed"),
            ("printing", "unknown"),
            ("printing", "queued"),
            ("printing", "failed"),
            ("unknown", "printed"),
            ("unknown", "queued"),
        },
    ),
}


@pytest.mark.parametrize("thing", MOVES)
def test_exactly_the_moves_of_the_table_are_allowed(thing):
    table, moves = MOVES[thing]
    states = {*table, "nonsense", ""}
    assert {pair for pair in product(states, repeat=2) if allowed(table, *pair)} == moves


@pytest.mark.parametrize("thing", MOVES)
def test_every_state_that_can_be_reached_is_in_the_table(thing):
    table, _ = MOVES[thing]
    assert {follower for followers in table.values() for follower in followers} <= set(table)


def test_a_sale_that_was_voided_stays_voided():
    assert not any(allowed(SALE, "voided", to) for to in SALE)


def test_a_completed_sale_never_waits_again_and_is_never_cancelled():
    assert not allowed(SALE, "completed", "awaiting_payment")
    assert not allowed(SALE, "completed", "cancelled")
    assert not allowed(SALE, "completed", "completed")


def test_money_that_came_is_never_dropped():
    for state in ("paid", "late"):
        assert not any(allowed(PAYMENT, state, to) for to in ("expired", "cancelled", "failed", "waiting"))


def test_only_a_person_takes_back_the_word_that_money_came():
    assert WITHDRAWN == ("paid", "cancelled")
    assert not allowed(PAYMENT, *WITHDRAWN)


def test_only_a_person_can_say_what_became_of_a_print_job_that_was_cut_off():
    assert {
        (from_, to)
        for from_, to in product(PRINT_JOB, repeat=2)
        if from_ == "unknown" and allowed(PRINT_JOB, from_, to)
    } == PERSON_ONLY
