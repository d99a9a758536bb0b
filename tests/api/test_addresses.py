"""Addresses and queries that make no sense are refused without a fault."""

from pos.ids import new_id
from tests.factories import Shop

NO_SENSE = (
    "/sales?date=yesterday",
    "/sales?date=2026-02-30",
    "/sales?date=20260230",
    "/sales?limit=0",
    "/sales?limit=-1",
    "/sales?limit=x",
    "/sales?limit=99999999999999999999",
    "/sales?limit=1e3",
    "/sales?cursor=x",
    "/sales?cursor=%00",
    "/sales?cursor=~",
    "/sales?cursor=2026-01-01~x",
    "/stock/movements?since=x",
    "/stock/movements?since=9999-12-31T23:59:59-14:00",
    "/stock/movements?cursor=x",
    "/stock/movements?cursor=a~b~c~d",
    "/stock/movements?cursor=2026-01-01T00:00:00Z~1~1~99999999999999999999999",
    "/stock/movements?limit=0",
    "/print-jobs?limit=0",
    "/print-jobs?cursor=x",
    "/payments?limit=x",
    "/payments?cursor=x",
    "/reports/day?date=x",
    "/reports/day?date=0000-00-00",
)
"""Queries that name a value of the wrong kind."""

ODD = (
    "/stock/movements?since=0001-01-01",
    "/products?query=%00",
    "/products?barcode=%00",
    "/products?query=%25_%5C",
    "/products?query=" + "x+" * 500,
    "/stock?location=%00",
    "/sales?register=%00",
    "/sales?status=%00",
    "/print-jobs?status=%00",
    "/print-jobs?sale=%00",
    "/payments?status=%00",
    "/stock/movements?sku=%00",
    "/stock/movements?location=%00",
    "/sales/%00",
    "/shifts/%00/report",
    "/shifts/current?register=%00",
    "/reports/day?outlet=%00&date=2026-01-01",
    "/sales/%F0%9F%92%A9",
    "/sales/%ff",
    "/products?query=%ff",
    "/products?query=%F0%9F%92%A9",
)
"""Queries with bytes no person types; they find nothing, or say what is wrong."""


def test_queries_that_make_no_sense_name_their_field(till: Shop) -> None:
    for path in NO_SENSE:
        answer = till.get(path)
        assert (answer.status, answer.code) == (422, "validation_error"), (path, answer.body)


def test_odd_bytes_in_an_address_are_no_fault(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    for path in (*ODD, f"/sales/{sale}%00"):
        answer = till.get(path)
        assert answer.status in (200, 404, 422), (path, answer.body)


def test_odd_bytes_in_the_address_of_an_act_are_no_fault(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})["id"]
    for path in (
        f"/sales/{sale}%00/void",
        "/shifts/%00/count",
        "/print-jobs/%00/resolve",
        "/registers/%00/clock",
    ):
        answer = till.post(path, {"id": new_id(), "reason": "x", "counted": 5})
        assert answer.status in (404, 422), (path, answer.body)


def test_an_address_that_does_not_exist_says_so_in_json(till: Shop) -> None:
    answer = till.send("GET", "/api/v1/nothing", check=False)
    assert (answer.status, answer.code) == (404, "not_found")
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    answer = till.send("DELETE", "/api/v1/sales", check=False)
    assert (answer.status, answer.headers["Content-Type"]) == (405, "application/problem+json")
