"""The words that the scripts show: there they stand as `t("English")`, and the page carries translations."""

import re
from functools import cache

from flask_babel import gettext

from pos.web.assets import ROOT

_CALL = re.compile(r'(?<![\w.])t\(\s*"((?:[^"\\]|\\.)*)"')


@cache
def english() -> tuple[str, ...]:
    """Every text of the scripts, found in the scripts themselves, so that the list can't be forgotten."""
    found: set[str] = set()
    for path in (ROOT / "js").rglob("*.js"):
        found.update(match.replace('\\"', '"') for match in _CALL.findall(path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def words() -> dict[str, str]:
    """English text to the reader's language; what is the same in both is left out."""
    translated = {text: gettext(text) for text in english()}
    return {text: word for text, word in translated.items() if word != text}
