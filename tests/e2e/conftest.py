"""A real Chromium with touch against a real `pos serve` on a demo shop of the test's own.

shop    the running server: its address, its data folder, its paper; can be stopped and started again
page    a browser page of that shop that must end without a script error or a broken content policy
till    the same page as a person uses it, at register K1
"""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.person import Till
from tests.support.browser import running_chromium, till_context
from tests.support.command import run_forked
from tests.support.program import Program

CONFIG = """
[[printers]]
name = "kasir"
registers = ["K1"]
{connection}
"""


class RunningShop:
    """A demo shop in a folder of its own, served on a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paper = folder / "paper.bin"
        self.paper.touch()
        self.config = folder / "pos.toml"
        self.use_printer(f'connection = "file"\npath = "{self.paper}"')
        self.port = 0
        self.process: Program | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def use_printer(self, connection: str) -> None:
        """Hang a printer on the machine; counts from the next start."""
        self.config.write_text(CONFIG.format(connection=connection), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        return {**os.environ, "POS_DATA_DIR": str(self.folder / "instance"), "POS_CONFIG": str(self.config)}

    def start(self) -> None:
        log = self.folder / "server.log"
        self.process = Program(
            ("serve", "--port", str(self.port)), self.environment(), self.folder / "server.out", log
        )
        self.port = self.process.port()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=15)
            self.process = None


# A busy machine may take its time; what never comes is still found.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a fresh demo shop, to copy."""
    folder = tmp_path_factory.mktemp("demo") / "instance"
    assert run_forked({**os.environ, "POS_DATA_DIR": str(folder)}, "init", "--demo").code == 0
    return folder


@pytest.fixture
def kind() -> type[RunningShop]:
    """What the shop is served as; a test of another kind of shop names its own."""
    return RunningShop


@pytest.fixture
def shop(demo_shop: Path, tmp_path: Path, kind: type[RunningShop]) -> Iterator[RunningShop]:
    shutil.copytree(demo_shop, tmp_path / "instance")
    running = kind(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def size() -> tuple[int, int]:
    """The screen of the till; tests of layout ask for others."""
    return (1280, 800)


@pytest.fixture
def page(shop: RunningShop, chromium: Browser, size: tuple[int, int]) -> Iterator[Page]:
    context = till_context(chromium, shop.url, size)
    context.set_default_timeout(20_000)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    foreign: list[str] = []
    opened.on("request", lambda asked: None if asked.url.startswith(shop.url) else foreign.append(asked.url))
    yield opened
    context.close()
    assert wrong == []
    assert foreign == []


@pytest.fixture
def till(page: Page) -> Till:
    person = Till(page)
    person.at("K1")
    return person
