"""The texts that the pages' scripts show: every `t("...")` in static/js.

A page carries their translations in its own data, since a script cannot ask gettext.
"""

import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "js"
_CALL = re.compile(r'(?<![\w.])t\(\s*("(?:[^"\\\n]|\\.)*")')


def marked(script: str) -> list[tuple[int, str]]:
    """Return each marked text of a script with the number of its line; we write them in double quotes."""
    calls = _CALL.finditer(script)
    return [(script.count("\n", 0, call.start()) + 1, json.loads(call.group(1))) for call in calls]


def _scripts(place: Path) -> list[Path]:
    return [place] if place.suffix == ".js" else list(place.rglob("*.js"))


@cache
def script_texts(*names: str) -> tuple[str, ...]:
    """Return every text that some script shows, each once, in a fixed order.

    `names` are folders of scripts, or single files such as `till/cart.js`; none: all of them.
    """
    paths = [path for name in names or (".",) for path in _scripts(FOLDER / name)]
    scripts = (path.read_text("utf-8") for path in paths)
    return tuple(sorted({text for script in scripts for _line, text in marked(script)}))
