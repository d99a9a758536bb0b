"""A shop made in bulk is one that the product would have made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pos.db import db
from pos.models import Book, PrintJob, Sale, ZReport
from pos.queries.shifts import shift_report
from tests.bench.bulk import grown_shop
from tests.bench.years import CARTS
from tests.support.postgres import Cluster

SALES = 2_150
"""A day of 2,000 and the rest of one before it."""


@pytest.fixture(params=("sqlite", "postgresql"))
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    yield cluster.create("grown")
    cluster.drop("grown")


@pytest.mark.parametrize("carts", [CARTS, (1,)], ids=["of all sizes", "of one line"])
def test_a_shop_made_in_bulk_is_verified_and_sells_on(
    address: str, carts: tuple[int, ...], tmp_path: Path
) -> None:
    from pos.operations.verify import verify

    shop = grown_shop(tmp_path, SALES, address, registers=2, carts=carts, quiet=True)
    register = shop.registers[0]
    with shop.app() as app:
        answer = app.test_client().post(
            "/api/v1/sales", json=register.sale(), headers={"Authorization": f"Bearer {register.token}"}
        )
        assert answer.status_code == 201, answer.text
        with app.app_context():
            verdict = verify()
            assert verdict.good, verdict.problems[:3]
            assert verdict.rows["sale"] == SALES + 1
            same_shape()


def same_shape() -> None:
    """What the product wrote last has, column by column, the kinds of values that the years have."""
    code = db.session.execute(select(Book.code).where(Book.code == "B1")).scalar_one()
    new, old = (
        db.session.execute(
            select(Sale.__table__).where(Sale.number.startswith(code)).order_by(order).limit(1)
        )
        .mappings()
        .one()
        for order in (Sale.number.desc(), Sale.number)
    )
    assert [type(value) for value in new.values()] == [type(value) for value in old.values()]
    jobs = [
        db.session.execute(
            select(PrintJob.document).where(PrintJob.sale_id == sale["id"], PrintJob.kind == "receipt")
        ).scalar_one()
        for sale in (new, old)
    ]
    assert jobs[0].replace(new["number"], "").count('"type"') >= jobs[1].count('"type"') > 10
    assert db.session.execute(select(func.count()).select_from(ZReport)).scalar_one() == 4
    frozen = db.session.execute(select(ZReport.report, ZReport.shift_id)).first()
    assert frozen is not None
    open_shift = db.session.execute(select(Sale.shift_id).where(Sale.id == new["id"])).scalar_one()
    assert shift_report(open_shift).keys() >= shift_report(frozen[1]).keys() - {"reason", "approved_by"}
