import ast
import gettext
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.paths import PACKAGE
from pos.translations import check, scripts
from pos.translations import compile as catalogue

HEADER = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

# What is raised or listed for a person to read; the text is translated where it is shown.
SPOKEN = {"PosError", "FieldError", "NotFound", "Forbidden", "ApprovalNeeded"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    return tmp_path


def fragment(root: Path, name: str, *entries: tuple[str, str]) -> Path:
    path = root / "src" / f"{name}.po"
    path.write_text(HEADER + "\n".join(f'msgid "{text}"\nmsgstr "{said}"\n' for text, said in entries))
    return path


def said(root: Path, text: str) -> str:
    with catalogue.catalogue_path(root).open("rb") as file:
        return gettext.GNUTranslations(file).gettext(text)


def age(path: Path, seconds: int) -> None:
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


def test_every_marked_text_has_an_indonesian_translation() -> None:
    assert check.untranslated() == []


def test_every_translation_is_still_used() -> None:
    assert check.unused() == []


def test_every_error_text_is_marked_for_translation() -> None:
    assert [f"{path}:{line}" for path, line in bare_error_texts()] == []


def test_every_text_of_a_script_is_written_so_that_it_is_found() -> None:
    other_quotes = re.compile(r"\bt\(\s*['`]")
    assert [path.name for path in scripts.FOLDER.rglob("*.js") if other_quotes.search(path.read_text())] == []


def test_texts_of_scripts_are_found_on_any_line() -> None:
    script = 'say(t("Pay"));\nlet words = t(\n  "Say \\"yes\\"", { n: 1 });\nformat("not me");\n'
    assert scripts.marked(script) == [(1, "Pay"), (2, 'Say "yes"')]


def bare_error_texts() -> Iterator[tuple[Path, int]]:
    """Sentences given to an error as they are: no extractor finds them, so nobody would translate them."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and " " in str(argument.value):
                        yield path.relative_to(PACKAGE.parent), argument.lineno


def test_a_text_of_any_fragment_is_in_the_catalogue(root: Path) -> None:
    fragment(root, "till", ("Pay", "Bayar"))
    fragment(root, "office", ("Stock", "Stok"))
    catalogue.compile_catalogue(root)
    assert (said(root, "Pay"), said(root, "Stock")) == ("Bayar", "Stok")


def test_two_areas_may_share_a_text_with_the_same_translation(root: Path) -> None:
    fragment(root, "till", ("Pay", "Bayar"))
    fragment(root, "office", ("Pay", "Bayar"))
    catalogue.compile_catalogue(root)
    assert said(root, "Pay") == "Bayar"


def test_two_areas_that_disagree_are_refused_by_name(root: Path) -> None:
    fragment(root, "office", ("Pay", "Bayar"))
    fragment(root, "till", ("Pay", "Lunasi"))
    with pytest.raises(catalogue.CatalogueError, match=r"till\.po:\d+: 'Pay' is 'Bayar' in another"):
        catalogue.compile_catalogue(root)


def test_an_empty_translation_is_refused(root: Path) -> None:
    fragment(root, "till", ("Pay", ""))
    with pytest.raises(catalogue.CatalogueError, match="'Pay' has no translation"):
        catalogue.compile_catalogue(root)


@pytest.mark.parametrize("translation", ["Kurang", "Kurang %(sum)s", "Kurang %(amount)s %(extra)s"])
def test_a_translation_that_asks_for_other_values_is_refused(root: Path, translation: str) -> None:
    fragment(root, "till", ("Short by %(amount)s", translation))
    with pytest.raises(catalogue.CatalogueError, match="asks for"):
        catalogue.compile_catalogue(root)


def test_a_broken_file_is_refused_by_name(root: Path) -> None:
    (root / "src" / "till.po").write_text(HEADER + 'msgid "Pay"\nBayar\n')
    with pytest.raises(catalogue.CatalogueError, match=r"till\.po"):
        catalogue.compile_catalogue(root)


def test_a_refused_compile_leaves_the_old_catalogue_and_no_rubbish(root: Path) -> None:
    path = fragment(root, "till", ("Pay", "Bayar"))
    catalogue.compile_catalogue(root)
    path.write_text(HEADER + 'msgid "Pay"\nmsgstr ""\n')
    with pytest.raises(catalogue.CatalogueError):
        catalogue.compile_catalogue(root)
    assert said(root, "Pay") == "Bayar"
    assert [file.name for file in catalogue.catalogue_path(root).parent.iterdir()] == ["messages.mo"]


def test_a_newer_fragment_is_compiled_at_the_start(root: Path) -> None:
    fragment(root, "till", ("Pay", "Bayar"))
    catalogue.ensure_compiled(root)
    age(catalogue.catalogue_path(root), 60)
    fragment(root, "till", ("Pay", "Lunasi"))
    catalogue.ensure_compiled(root)
    assert said(root, "Pay") == "Lunasi"


def test_an_up_to_date_catalogue_is_left_alone(root: Path) -> None:
    age(fragment(root, "till", ("Pay", "Bayar")), 60)
    catalogue.ensure_compiled(root)
    before = catalogue.catalogue_path(root).stat().st_mtime_ns
    catalogue.ensure_compiled(root)
    assert catalogue.catalogue_path(root).stat().st_mtime_ns == before


def test_without_fragments_an_installed_catalogue_is_left_alone(tmp_path: Path) -> None:
    catalogue.ensure_compiled(tmp_path)
    assert not catalogue.catalogue_path(tmp_path).exists()
