"""Finds texts that nobody translated yet: `python -m pos.translations.check`, in a checkout.

Reads every text that is marked in the code, in the templates and in the scripts, and looks it up in the
merged fragments. A text is marked by `_("...")`, `N_("...")` and other names of gettext in Python and Jinja,
and by `t("...")` in JavaScript.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_from_file

from pos.paths import PACKAGE, resource_dir
from pos.translations import scripts
from pos.translations.compile import CatalogueError, fragments, merge, texts

# The name of each marker and how many of its arguments are texts; the second one is the plural.
MARKERS = {"_": 1, "N_": 1, "gettext": 1, "lazy_gettext": 1, "ngettext": 2, "lazy_ngettext": 2}


@dataclass(frozen=True, slots=True)
class Use:
    """A marked text, with its plural if it has one, and the place where it stands."""

    msgid: tuple[str, ...]
    where: str


def uses() -> list[Use]:
    """Return every marked text of the program."""
    root = PACKAGE.parent
    found: list[Use] = []
    for path in sorted([*PACKAGE.rglob("*.py"), *(root / "printers").rglob("*.py")]):
        found += _in_python(path, str(path.relative_to(root)))
    for path in sorted(path for path in resource_dir("templates").rglob("*") if path.is_file()):
        found += _in_template(path, str(path.relative_to(root)))
    for path in sorted(scripts.FOLDER.rglob("*.js")):
        name = path.relative_to(root)
        found += [Use((text,), f"{name}:{line}") for line, text in scripts.marked(path.read_text("utf-8"))]
    return found


def _in_python(path: Path, name: str) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if count := MARKERS.get(function):
                literal = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
                if len(literal) == count and all(isinstance(text, str) for text in literal):
                    yield Use(tuple(str(text) for text in literal), f"{name}:{node.lineno}")


def _in_template(path: Path, name: str) -> Iterator[Use]:
    keywords = {marker: None if count == 1 else (1, 2) for marker, count in MARKERS.items()}
    options = {"silent": "false"}
    for line, message, *_ in extract_from_file("jinja2.ext:babel_extract", path, keywords, (), options):
        yield Use(tuple(texts(message)), f"{name}:{line}")


def untranslated() -> list[str]:
    """Return each marked text that the fragments do not have, with its place."""
    catalogue = merge(fragments())
    missing: dict[tuple[str, ...], str] = {}
    for use in uses():
        entry = catalogue.get(use.msgid[0])
        if entry is None or (len(use.msgid) > 1 and not entry.pluralizable):
            missing.setdefault(use.msgid, use.where)
    return [f"{where}: {msgid[0]!r} has no translation" for msgid, where in missing.items()]


def unused() -> list[str]:
    """Return each translated text that no code marks any more."""
    used = {use.msgid[0] for use in uses()}
    return [
        f"{texts(entry.id)[0]!r} is translated and nowhere used"
        for entry in merge(fragments())
        if entry.id and texts(entry.id)[0] not in used
    ]


def main() -> int:
    """Print what is missing and what is left over; only what is missing fails."""
    try:
        missing = untranslated()
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in [*missing, *unused()])
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
