"""The Chromium that tests and measurements open pages in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

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
