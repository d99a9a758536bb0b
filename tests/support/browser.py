"""The Chromium that tests and measurements open pages in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

NAMES = ("chromium-headless-shell", "chromium")
"""Debian's two builds of one Chromium; the first draws no window and needs half the processor."""
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), f"/usr/bin/{NAMES[0]}")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start a browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def till_context(browser: Browser, url: str, size: tuple[int, int] = (1280, 800)) -> BrowserContext:
    """Return a profile of its own as a till's browser is: touch, Indonesian, the clock of Jakarta."""
    return browser.new_context(
        base_url=url,
        viewport={"width": size[0], "height": size[1]},
        has_touch=True,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
