"""What axe-core finds wrong with a page: WCAG 2.2 AA and its best practices.

The file under tests/e2e/vendor is axe-core's own, unchanged, with its licence (MPL-2.0). Its hash is the
one that its authors publish in the same package (sri-history.json).
"""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VERSION = "4.14.1"
FOLDER = Path(__file__).parents[1] / "e2e" / "vendor" / f"axe-core-{VERSION}"
SHA = "KTSJmUUM3yhJqOcLeRL8LahahJ2jnA0NU5T1HUqe2Vw="
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (options) => {
  const {violations} = await axe.run(document, options);
  return violations.map(({id, impact, help, nodes}) => (
    {id, impact, help, nodes: nodes.map((one) => [one.target.join(" "), one.failureSummary])}));
}"""
STILL = """async () => {
  await new Promise((run) => setTimeout(run, 150));
  for (const one of document.getAnimations())
    if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
}"""
"""A colour on its way to another is neither, and a button that a finger just left is still pressed."""
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"], "preload": False}
ALL = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}


@cache
def source() -> str:
    """The program as it stands in the checkout; changed by nobody."""
    data = (FOLDER / "axe.min.js").read_bytes()
    assert b64encode(hashlib.sha256(data).digest()).decode() == SHA, "axe.min.js is not what its authors made"
    return data.decode()


def violations(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """Say in a line each what axe finds wrong with a page as it stands now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    page.evaluate(STILL)
    found = page.evaluate(RUN, options or ALL)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {target}\n      {' '.join(why.split())}"
        for one in found
        for target, why in one["nodes"]
    ]
