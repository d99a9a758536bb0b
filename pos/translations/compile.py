"""Makes the Indonesian catalogue out of its fragments: `python -m pos.translations.compile`.

Each area of the shop (till, office, errors, receipts, cli) keeps its words in `src/<area>.po`, so people who
work on different pages do not meet in one file. The build merges them; two areas may share an English text
only with the same translation.
Imports nothing of pos, because the wheel's build runs it before pos is installed.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

HERE = Path(__file__).resolve().parent
LOCALE = "id"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


class CatalogueError(ValueError):
    """The fragments cannot become one catalogue; says every reason, one a line."""


def texts(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the forms of a msgid or msgstr: one, or several when it has a plural."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def placeholders(text: str) -> set[str]:
    """Return the names that `%(name)s` asks for in a text."""
    return set(_PLACEHOLDER.findall(text))


def merge(fragments: list[Path]) -> Catalog:
    """Return one catalogue of all fragments, or refuse and name every empty, fuzzy or contradicting entry."""
    merged = Catalog(locale=LOCALE, charset="utf-8", fuzzy=False)
    wrong: list[str] = []
    for path in fragments:
        try:
            with path.open("rb") as file:
                fragment = read_po(file, locale=LOCALE, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{path.name}: {error}") from error
        for message in fragment:
            if message.id:
                wrong += [f"{path.name}:{message.lineno}: {fault}" for fault in _faults(message, merged)]
                merged[message.id] = Message(message.id, message.string, context=message.context)
    if wrong:
        raise CatalogueError("\n".join(wrong))
    return merged


def _faults(message: Message, merged: Catalog) -> list[str]:
    """Return what is wrong with one entry, by itself and against what was merged before it."""
    name = repr(texts(message.id)[0])
    translated = texts(message.string)
    if message.fuzzy or not all(translated):
        return [f"{name} has no translation"]
    wanted = set().union(*(placeholders(text) for text in texts(message.id)))
    faults = [
        f"{name} asks for {sorted(wanted)}, its translation for {sorted(placeholders(text))}"
        for text in translated
        if placeholders(text) != wanted
    ]
    before = merged.get(texts(message.id)[0], message.context)
    if before is not None and texts(before.string) != translated:
        faults.append(f"{name} is {texts(before.string)[0]!r} in another fragment, here {translated[0]!r}")
    return faults


def fragments(root: Path = HERE) -> list[Path]:
    """Return the fragment files, in the order of their names."""
    return sorted((root / "src").glob("*.po"))


def catalogue_path(root: Path = HERE) -> Path:
    """Return where the compiled catalogue lies."""
    return root / LOCALE / "LC_MESSAGES" / "messages.mo"


def compile_catalogue(root: Path = HERE) -> Path:
    """Merge the fragments and write the compiled catalogue; a reader never sees half a file."""
    catalogue = merge(fragments(root))
    target = catalogue_path(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            write_mo(file, catalogue)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def ensure_compiled(root: Path = HERE) -> None:
    """Compile the catalogue when a fragment is newer; in an installed wheel it is there already and stays."""
    sources = fragments(root)
    target = catalogue_path(root)
    if not sources:
        return
    if target.exists() and target.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return
    compile_catalogue(root)


def main() -> int:
    """Compile, and say where the catalogue is or why there is none."""
    try:
        target = compile_catalogue()
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{target.relative_to(HERE.parent.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
