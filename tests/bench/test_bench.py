"""The measurements run and say what they promise; how quick anything is, no test judges."""

import json

import pytest

from pos.bench.bare import _maker
from pos.bench.figures import percentile
from pos.ids import is_id
from tests.bench.__main__ import main


def test_a_second_of_selling_gives_every_figure_beside_the_bare_driver(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["sale", "--database", "sqlite", "--clients", "2", "--seconds", "0.4", "--rounds", "1", "--json"])
    found = json.loads(capsys.readouterr().out)["sale"]["sqlite"]
    assert set(found) == {"statements_a_sale", "clients_1", "clients_2"}
    for crowd in (found["clients_1"], found["clients_2"]):
        assert crowd["errors"] == 0
        assert set(crowd["ratio"]) == {"rate", "median", "p99"}
        for side in (crowd["http"], crowd["bare"]):
            assert side["sales_a_second"] > 0
            assert side["median_ms"] <= side["p99_ms"] <= side["slowest_ms"] + 0.05


@pytest.mark.parametrize(
    ("first", "second", "third"), [(7, 8, 9), (100, 250, 400), ("K1-000009", "K1-000010", "K1-000011")]
)
def test_a_counter_goes_on_in_its_steps(first: object, second: object, third: object) -> None:
    make = _maker(first, second)
    assert make is not None
    assert make(0, {}) == third


def test_an_id_is_new_for_each_replay_and_one_within_it() -> None:
    old, new = "01a20dfc-0b73-71e1-b60a-af415bc2f25c", "01a20dfc-0b73-71e1-b60a-af415bc2f25d"
    make = _maker(old, new)
    assert make is not None
    one: dict[object, object] = {}
    made = make(0, one)
    assert is_id(str(made))
    assert make(0, one) == made
    assert make(1, {}) != made


def test_text_that_merely_differs_is_sent_as_it_was() -> None:
    assert _maker('{"at":"14:05"}', '{"at":"14:06"}') is None


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0
