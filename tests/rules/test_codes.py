"""The list of refusals that the till's scripts are tested with names every code of the program."""

import json
import re
from pathlib import Path

from pos.doors.problems import HTTP_CODES, STATUS
from pos.paths import PACKAGE

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "codes.json"
RAISED = re.compile(r'PosError\(\s*"([a-z_]+)"')


def test_the_vectors_name_every_code_and_its_status() -> None:
    codes = set(STATUS) | {code for code, _ in HTTP_CODES.values()}
    for file in PACKAGE.rglob("*.py"):
        codes |= set(RAISED.findall(file.read_text("utf-8")))
    assert json.loads(VECTORS.read_text("utf-8")) == {code: STATUS.get(code, 409) for code in sorted(codes)}
