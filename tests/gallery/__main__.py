"""Photograph every page and state of the product into tests/e2e/gallery: `make gallery`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.gallery import scenes
from tests.gallery.axe import violations
from tests.gallery.index import write_index
from tests.gallery.shop import open_shop
from tests.gallery.stage import SIZE, Stage
from tests.support.browser import running_chromium

OUT = Path(__file__).parents[1] / "e2e" / "gallery"


def main(arguments: list[str] | None = None) -> None:
    """Photograph what was asked for, and say what could not be shown."""
    asked = _parser().parse_args(arguments)
    only = tuple(asked.only.replace(",", " ").split())
    found = scenes.flows(only)
    if asked.list or not found:
        print("\n".join(name for flow in scenes.flows() for name in flow.names))
        sys.exit("" if asked.list else f"Nothing is called {asked.only}; the names stand above.")
    OUT.mkdir(exist_ok=True)
    states = sum(scenes.wanted(name, only) for flow in found for name in flow.names)
    print(f"Making a shop with a week behind it, then {states} states in {asked.languages}.", flush=True)
    failed: list[str] = []
    kept = Path(asked.shop) if asked.shop else None
    with (
        tempfile.TemporaryDirectory(prefix="karya-gallery-") as folder,
        running_chromium() as browser,
        open_shop(Path(folder), kept) as shop,
    ):
        for language in asked.languages.split(","):
            stage = Stage(shop, browser, language)
            failed += _walk(stage, found, only, asked)
            stage.close()
        said = (Path(folder) / "server.log").read_text()
    write_index(OUT)
    if "Traceback" in said:
        failed.append(f"The server said: {said[-4_000:]}")
    print(f"{OUT / 'index.html'}")
    if failed:
        sys.exit("\n".join(["Not as it should be:", *failed]))


def _walk(
    stage: Stage, found: list[scenes.Flow], only: tuple[str, ...], asked: argparse.Namespace
) -> list[str]:
    """Go through the flows in one language; say what went wrong."""
    wrong: list[str] = []
    for number, flow in enumerate(found, 1):
        began = time.monotonic()
        try:
            for name in steps(stage, flow):
                if not scenes.wanted(name, only):
                    continue
                _photograph(stage, flow, name, asked.theme)
                if asked.axe:
                    wrong += [f"{name} ({stage.language}): {one}" for one in violations(stage.page)]
        except Exception as error:  # noqa: BLE001 - the others are photographed all the same
            stage.page.screenshot(path=OUT / f"failed-{flow.names[0]}--{stage.language}.png")
            wrong.append(f"{flow.names} ({stage.language}): {str(error).strip()[:600]}")
        took = time.monotonic() - began
        print(
            f"{stage.language} {number}/{len(found)} {', '.join(flow.names)} ({took:.1f} s)",
            flush=True,
        )
    return wrong


def steps(stage: Stage, flow: scenes.Flow) -> Iterator[str]:
    """Go through a flow: each of its names, in order, once it shows."""
    said = []
    for name in flow.show(stage):
        said.append(name)
        stage.ready()
        yield name
    assert tuple(said) == flow.names, f"{flow.names} were promised, {said} were shown"


def _photograph(stage: Stage, flow: scenes.Flow, name: str, theme: str) -> None:
    page = stage.page
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for width, height in flow.sizes:
        page.set_viewport_size({"width": width, "height": height})
        suffix = "" if theme == "light" else f"-{theme}"
        path = OUT / f"{name}--{width}x{height}-{stage.language}{suffix}.png"
        page.screenshot(path=path, full_page=flow.whole, animations="disabled")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--only", default="", help="names, or beginnings with a star: till-change,kiosk-*")
    parser.add_argument("--list", action="store_true", help="show the names and end")
    parser.add_argument("--languages", default="id,en", help="id, en or both (default)")
    parser.add_argument("--theme", default="light", choices=["light", "dark"], help="light (default) or dark")
    parser.add_argument(
        "--shop", help="a folder where the shop is kept for the next time; quicker while one draws"
    )
    parser.add_argument("--axe", action="store_true", help="have axe look at each state too")
    return parser


if __name__ == "__main__":
    main()
