"""What our sessions ask of PostgreSQL."""

from pathlib import Path

from pos.db import db
from tests.support.demo import Copies, opened

DEAR = "EXPLAIN ANALYZE SELECT count(*) FROM generate_series(1, 1000) AS numbers"


def test_no_query_is_compiled_to_machine_code_however_dear_it_looks(
    demo_copies: Copies, data_dir: Path
) -> None:
    url = demo_copies.take()
    with opened(data_dir, url) as app, app.app_context():
        cursor = db.session.connection().connection.cursor()
        cursor.execute("SET LOCAL jit_above_cost = 0")
        cursor.execute(DEAR)
        plan = [line for (line,) in cursor.fetchall()]
        db.session.rollback()
    demo_copies.give_back(url)
    assert plan
    assert not [line for line in plan if "JIT" in line]
