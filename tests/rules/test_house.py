"""The house rules that no linter knows; each failure names the place."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = ("pos", "printers", "templates", "tests", "config")
TEXT = {
    ".py",
    ".js",
    ".mjs",
    ".html",
    ".css",
    ".toml",
    ".txt",
    ".md",
    ".po",
    ".sh",
    ".json",
    ".service",
    ".rules",
}


def files(*suffixes: str, folders: tuple[str, ...] = OURS) -> Iterator[Path]:
    """The project's own files of some kinds; what others wrote stands in vendor/."""
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in suffixes and "vendor" not in path.parts and "__pycache__" not in path.parts:
                yield path


def lines(path: Path) -> list[tuple[str, str]]:
    """Each line of a file with the place it stands at."""
    name = path.relative_to(CHECKOUT)
    return [(f"{name}:{number}", line) for number, line in enumerate(path.read_text().splitlines(), 1)]


def places(pattern: str, *suffixes: str, folders: tuple[str, ...] = OURS) -> list[str]:
    """Where a pattern stands."""
    found = re.compile(pattern)
    return [
        place
        for path in files(*suffixes, folders=folders)
        for place, line in lines(path)
        if found.search(line)
    ]


def test_only_the_database_module_commits() -> None:
    places_of_commit = places(r"\bcommit\(", ".py", folders=("pos", "printers"))
    assert {place.rsplit(":", 1)[0] for place in places_of_commit} == {"pos/db.py"}
    # The convoy carries it out for SQLite; a backup and the bare driver have files of their own.
    in_words = places(r"\"COMMIT\"", ".py", folders=("pos", "printers"))
    assert {place.rsplit(":", 1)[0] for place in in_words} == {
        "pos/convoy.py",
        "pos/operations/backup.py",
        "pos/bench/bare.py",
    }


def test_time_and_ids_have_one_source_each() -> None:
    elsewhere = places(
        r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(|\buuid[147]\(", ".py", folders=("pos",)
    )
    assert [place for place in elsewhere if not place.startswith(("pos/clock.py", "pos/ids.py"))] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(CHECKOUT)): count
        for path in files(".py", ".js", ".html", ".css")
        if (count := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno} {node.name}"
        for path in files(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_nothing_is_left_to_do_skipped_or_expected_to_fail() -> None:
    # In brackets, so that this line does not find itself.
    left = r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b|raise NotImplemente[d]|mark\.(ski[p]|xfai[l])|pytest\.ski[p]"
    assert places(left, *TEXT) == []


def test_no_registry_and_no_developers_machine_is_named() -> None:
    address = r"--(extra-)?index-url|https?://[^\s\"']*(pypi|npmjs|registry)|(?<![\w.])/(root|work)/"
    assert places(address, *TEXT) == []


def test_pages_obey_the_content_security_policy() -> None:
    inline = places(r"\sstyle=|\son(click|change|submit|input|load)=|<style|javascript:", ".html")
    scripts = [
        place
        for path in files(".html", folders=("templates",))
        for place, line in lines(path)
        if "<script" in line and "src=" not in line and "application/json" not in line
    ]
    assert inline + scripts == []


@pytest.mark.parametrize("name", ["build", "run", "test"])
def test_each_locked_package_has_a_version_and_hashes(name: str) -> None:
    lock = (CHECKOUT / "config" / "lock" / f"{name}.txt").read_text()
    entries = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert len(entries) >= 8
    pinned = re.compile(r"[\w.-]+==\S+.*--hash=sha256:[0-9a-f]{64}", re.DOTALL)
    assert [entry.split("\n")[0] for entry in entries if not pinned.match(entry)] == []


def test_what_the_program_needs_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    locked = re.findall(r"^([\w.-]+)==", (CHECKOUT / "config" / "lock" / "run.txt").read_text(), re.MULTILINE)
    wanted = {re.split(r"[\[<>=!~ ]", line)[0] for line in project["project"]["dependencies"]}
    assert wanted <= set(locked)
