"""Finds texts that nobody translated yet: `python -m pos.translations.check`, in a checkout.

Reads every text that is marked in the code, in the templates and in the scripts, and looks it up in the
merged fragments. A text is marked by `_("...")`, `N_("...")` and other names of gettext in Python and Jinja,
and by `t("...")` in JavaScript.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_from_file

from pos.paths import PACKAGE, resource_dir
from pos.translations.compile import CatalogueError, fragments, merge, texts

Markers = Mapping[str, tuple[int | tuple[int, str], ...] | None]
MARKERS: Markers = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SCRIPT_MARKERS: Markers = {"t": None}


@dataclass(frozen=True, slots=True)
class Use:
    """A marked text and the place where it stands."""

    msgid: tuple[str, ...]
    context: str | None
    where: str


def uses() -> list[Use]:
    """Return every marked text of the program."""
    root = PACKAGE.parent
    found: list[Use] = []
    for path in sorted([*PACKAGE.rglob("*.py"), *(root / "printers").rglob("*.py")]):
        found += _extract("python", path, MARKERS)
    for path in sorted(resource_dir("templates").rglob("*.*")):
        found += _extract("jinja2.ext:babel_extract", path, MARKERS)
    for path in sorted((PACKAGE / "static" / "js").rglob("*.js")):
        found += _extract("javascript", path, SCRIPT_MARKERS)
    return found


def _extract(method: str, path: Path, markers: Markers) -> Iterator[Use]:
    options = {"silent": "false"} if method.startswith("jinja2") else {}
    for line, message, _comments, context in extract_from_file(method, path, markers, (), options):
        yield Use(texts(message), context, f"{path.relative_to(PACKAGE.parent)}:{line}")


def untranslated() -> list[str]:
    """Return each marked text that the fragments do not have, with its place."""
    catalogue = merge(fragments())
    missing: dict[tuple[tuple[str, ...], str | None], str] = {}
    for use in uses():
        entry = catalogue.get(use.msgid[0], use.context)
        plural_missing = entry is not None and len(use.msgid) > 1 and not entry.pluralizable
        if entry is None or plural_missing:
            missing.setdefault((use.msgid, use.context), use.where)
    return [f"{where}: {msgid[0]!r} has no translation" for (msgid, _context), where in missing.items()]


def unused() -> list[str]:
    """Return each translated text that no code marks any more."""
    used = {(use.msgid[0], use.context) for use in uses()}
    return [
        f"{texts(entry.id)[0]!r} is translated and nowhere used"
        for entry in merge(fragments())
        if entry.id and (texts(entry.id)[0], entry.context) not in used
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
