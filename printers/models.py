"""Printer records: what a kind of printer can do, read from a TOML file that people can extend.

A file has one table a record, `[xp-58]`, with the keys of `PrinterModel`; a record may be `like` another and
then says only what differs. `config/printers.toml` is the shipped file; another of its shape is laid over it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from printers.layout import ImageStyle, Paper, QRStyle
from printers.words import N_

UNKNOWN: Final = N_("unknown setting; known are: %(known)s")
WHOLE: Final = N_("must be a whole number from %(low)s to %(high)s")
ONE_OF: Final = N_("must be one of %(allowed)s")
TEXT: Final = N_("must be text in quotes")

ProcessId: TypeAlias = Literal["no", "probe", "yes"]
InTurn: TypeAlias = Literal["no", "probe"]

# What the usual numbers of ESC t mean. From 6 on clones have numbers of their own.
PAGES: Final = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 19: "cp858"}
_ASCII: Final = "".join(map(chr, range(0x20, 0x7F)))
_DOTS_BY_COLUMNS: Final = {32: "generic-58", 42: "generic-80-180dpi", 48: "generic-80"}


class ModelError(ValueError):
    """A record or a printer is wrong; the text names the key and what is allowed, a msgid with its words."""

    def __init__(self, where: str, key: str, message: str, **words: object) -> None:
        self.key, self.message, self.words = key, message, words
        super().__init__(f"{where}{key}: {message % words if words else message}")


@dataclass(frozen=True, slots=True)
class PrinterModel:
    """What one kind of printer can do. As it stands: a 58 mm printer that nobody has heard of."""

    name: str = "generic-58"
    title: str = "58 mm"
    columns: int = 32
    dots: int = 384  # printable dots across
    dpi: int = 203
    code_page: int = 0  # the printer's own number of its page, for ESC t
    codec: str = "cp437"  # what that page is called here
    cutter: bool = True  # one without a cutter lets the command pass
    feed: int = 6  # lines from the print head to the cutter or the tear bar
    line_pitch: int = 0  # dots from line to line; 0: as the printer does it by itself
    native_qr: bool = False  # whether it can draw a QR code itself
    image: ImageStyle = "raster"  # the command that draws pictures; none: it draws none fit to be read
    drawer_pin: int = 2  # 2 or 5; 0: no socket for a drawer
    pulse_on: int = 100  # milliseconds
    pulse_off: int = 100
    realtime_pulse: bool = False  # whether DLE DC4 opens the drawer while paper or cover stop the printer
    status: bool = True  # whether it is asked how it is (DLE EOT); one that is silent is found out
    process_id: ProcessId = "probe"  # whether it says when a job is printed (GS ( H); probe: ask it once
    in_turn: InTurn = "probe"  # whether it answers in its turn (GS r), when it has read everything before

    def paper(self, qr: QRStyle) -> Paper:
        """The paper its documents are laid out for."""
        return Paper(
            columns=self.columns,
            dots=self.dots,
            cutter=self.cutter,
            qr=qr,
            code_page=self.code_page,
            codec=self.codec,
            feed=self.feed,
            image=self.image,
            line_pitch=self.line_pitch,
        )


UNHEARD_OF: Final = PrinterModel()


def default_name(columns: int) -> str:
    """The record for a printer of which only the columns are known."""
    return _DOTS_BY_COLUMNS.get(columns, "generic-58" if columns < 40 else "generic-80")


def load_models(*files: Path) -> dict[str, PrinterModel]:
    """The records of the files by name; later files win, and may be missing. Raises ModelError."""
    known: dict[str, PrinterModel] = {}
    for number, file in enumerate(files):
        if not number or file.exists():
            tables = _read(file)
            known |= {name: _resolved(name, file.name, tables, known) for name in tables}
    return known


def overridden(model: PrinterModel, values: Mapping[str, object], where: str) -> PrinterModel:
    """The record with some of its fields replaced; ModelError for a key or a value it cannot have.

    Columns without dots bring the dots of the usual cell, and a usual code page brings its codec.
    """
    checked: dict[str, Any] = {key: _checked(key, value, where) for key, value in values.items()}
    if checked.get("columns", model.columns) != model.columns:
        checked.setdefault("dots", Paper.of(checked["columns"]).dots)
    page = checked.get("code_page", model.code_page)
    if page != model.code_page and "codec" not in checked:
        if page not in PAGES:
            message = N_("name the codec of code page %(page)s, for example cp1252")
            raise ModelError(where, "codec", message, page=page)
        checked["codec"] = PAGES[page]
    return replace(model, **checked)


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(str(file), "", N_("can't be read (%(why)s)"), why=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(str(file), "", N_("is not valid TOML: %(why)s"), why=error) from error


def _resolved(
    name: str,
    file: str,
    tables: Mapping[str, object],
    known: Mapping[str, PrinterModel],
    seen: frozenset[str] = frozenset(),
) -> PrinterModel:
    """One record of a file with what it has from the one it is like, in the same file or an earlier one."""
    where = f"{file} {name}"
    table = tables[name]
    if not isinstance(table, dict):
        raise ModelError(where, "", N_("must be a table, [%(name)s]"), name=name)
    values = dict(table)
    like = values.pop("like", None)
    if like is None:
        base = PrinterModel()
    elif not isinstance(like, str):
        raise _no_record(where, like)
    elif like in tables and like not in seen | {name}:
        base = _resolved(like, file, tables, known, seen | {name})
    elif like in known:
        base = known[like]
    else:
        raise _no_record(where, like)
    return overridden(replace(base, name=name, title=name), values, f"{where}.")


def _no_record(where: str, like: object) -> ModelError:
    return ModelError(f"{where}.", "like", N_("must be the name of another record, not %(like)r"), like=like)


def _checked(key: str, value: object, where: str) -> object:
    if key not in _RULES:
        raise ModelError(where, key, UNKNOWN, known=", ".join(_RULES))
    rule = _RULES[key]
    if not rule.holds(value):
        raise ModelError(where, key, rule.message, **rule.words)
    return value


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a field may be, and how to say so."""

    holds: Callable[[object], bool]
    message: str
    words: Mapping[str, object] = field(default_factory=dict)


def _whole(low: int, high: int) -> _Rule:
    return _Rule(lambda value: type(value) is int and low <= value <= high, WHOLE, {"low": low, "high": high})


def _one_of(*allowed: object) -> _Rule:
    return _Rule(
        lambda value: any(type(value) is type(each) and value == each for each in allowed),
        ONE_OF,
        {"allowed": ", ".join(map(str, allowed))},
    )


def _is_codec(value: object) -> bool:
    """Whether the name is of a page of single bytes that begins with ASCII, as those of printers do."""
    try:
        encoded = (_ASCII + "é").encode(value if isinstance(value, str) else "", "replace")
    except (LookupError, UnicodeError):
        return False
    return len(encoded) == len(_ASCII) + 1 and encoded.startswith(_ASCII.encode("ascii"))


_YES_NO: Final = _Rule(lambda value: isinstance(value, bool), N_("must be true or false"))
_RULES: Final[dict[str, _Rule]] = {
    "title": _Rule(lambda value: isinstance(value, str) and value != "", TEXT),
    "columns": _whole(24, 64),
    "dots": _Rule(
        lambda value: type(value) is int and 192 <= value <= 832 and value % 8 == 0,
        N_("must be a multiple of 8 from 192 to 832"),
    ),
    "dpi": _whole(60, 400),
    "code_page": _whole(0, 255),
    "codec": _Rule(_is_codec, N_("must be a code page of single bytes that Python knows, for example cp437")),
    "cutter": _YES_NO,
    "feed": _whole(0, 30),
    "line_pitch": _whole(0, 255),
    "native_qr": _YES_NO,
    "image": _one_of(*get_args(ImageStyle)),
    "drawer_pin": _one_of(2, 5, 0),
    "pulse_on": _whole(2, 510),
    "pulse_off": _whole(2, 510),
    "realtime_pulse": _YES_NO,
    "status": _YES_NO,
    "process_id": _one_of(*get_args(ProcessId)),
    "in_turn": _one_of(*get_args(InTurn)),
}
KEYS: Final = tuple(_RULES)
