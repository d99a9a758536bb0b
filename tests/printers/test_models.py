"""Printer records: the shipped file, a file of one's own over it, and what is refused."""

from dataclasses import fields
from pathlib import Path

import pytest

from printers.layout import Paper
from printers.models import KEYS, UNHEARD_OF, ModelError, PrinterModel, load_models, overridden
from printers.render import to_escpos, to_text
from printers.text import encode, safe
from tests.escpos_reader import read
from tests.printers.samples import everything, receipt

SHIPPED = Path(__file__).parents[2] / "config" / "printers.toml"
MODELS = load_models(SHIPPED)


def own(tmp_path: Path, text: str) -> dict[str, PrinterModel]:
    path = tmp_path / "printer-models.toml"
    path.write_text(text, encoding="utf-8")
    return load_models(SHIPPED, path)


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_every_shipped_record_prints_a_receipt_that_fits_its_paper(model: PrinterModel) -> None:
    paper = model.paper("image")
    lines = read(to_escpos(receipt(), paper)).lines
    assert max(map(len, lines)) <= model.columns
    out = read(to_escpos(everything(), paper))
    assert all(picture.width <= model.dots for picture in out.pictures)
    assert out.cuts == (1 if model.cutter else 0)
    assert out.pictures or model.image == "none"


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_every_shipped_record_has_a_page_that_shows_indonesian(model: PrinterModel) -> None:
    text = "Rp 45.500 – Keripik “pedas” café"
    assert "?" not in safe(text, model.codec)
    assert encode(safe(text, model.codec), model.codec)


def test_the_widths_of_well_known_printers() -> None:
    known = {name: (model.columns, model.dots) for name, model in MODELS.items()}
    assert known["generic-58"] == known["xp-58"] == known["zj-5870"] == known["sunmi"] == (32, 384)
    assert known["generic-80"] == known["epson-tm-t20"] == known["rongta-rp326"] == (48, 576)
    assert known["epson-tm-t88"] == known["bixolon-srp-350"] == (42, 512), "180 dpi"
    assert known["epson-tm-t88vi-576"] == (48, 576)


def test_the_first_record_is_what_is_assumed_without_any() -> None:
    assert MODELS["generic-58"] == UNHEARD_OF
    assert set(KEYS) == {field.name for field in fields(PrinterModel)} - {"name"}


def test_an_impact_printer_prints_a_code_as_its_text() -> None:
    paper = MODELS["epson-tm-u220"].paper("image")
    out = read(to_escpos(everything(), paper))
    assert not out.pictures
    assert "https://example.org/r/7KQ2" in "".join(line.strip() for line in out.lines)
    assert "https://example.org/r/7KQ2" in to_text(everything(), paper)


def test_a_file_of_one_s_own_adds_and_replaces_records(tmp_path: Path) -> None:
    models = own(
        tmp_path,
        '[panda]\ntitle = "Panda PRJ-58D"\nlike = "pos-5890"\nfeed = 5\n'
        '[xp-58]\nlike = "xp-58"\ncutter = true\n',
    )
    assert models["panda"] == PrinterModel(name="panda", title="Panda PRJ-58D", cutter=False, feed=5)
    assert (models["xp-58"].cutter, models["xp-58"].feed) == (True, MODELS["xp-58"].feed)
    assert models["zj-5870"] == MODELS["zj-5870"]


def test_there_need_be_no_file_of_one_s_own(tmp_path: Path) -> None:
    assert load_models(SHIPPED, tmp_path / "none.toml") == MODELS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\ncolums = 32", "printer-models.toml a.colums: unknown setting; known are: title, columns, "),
        ("[a]\ncolumns = 12", "printer-models.toml a.columns: must be a whole number from 24 to 64"),
        ("[a]\ncolumns = true", "printer-models.toml a.columns: must be a whole number"),
        ("[a]\ndots = 385", "printer-models.toml a.dots: must be a multiple of 8"),
        ('[a]\ncutter = "yes"', "printer-models.toml a.cutter: must be true or false"),
        ('[a]\nprocess_id = "maybe"', "printer-models.toml a.process_id: must be one of no, probe, yes"),
        ("[a]\ndrawer_pin = 3", "printer-models.toml a.drawer_pin: must be one of 2, 5, 0"),
        ("[a]\ndrawer_pin = false", "printer-models.toml a.drawer_pin: must be one of 2, 5, 0"),
        ('[a]\ncodec = "gb18030"', "printer-models.toml a.codec: must be a code page of single bytes"),
        ('[a]\ncodec = "utf-16"', "printer-models.toml a.codec: must be a code page of single bytes"),
        ('[a]\ncodec = "no such"', "printer-models.toml a.codec: must be a code page of single bytes"),
        ("[a]\ncode_page = 40", "printer-models.toml a.codec: name the codec of code page 40"),
        ('[a]\nlike = "b"', "printer-models.toml a.like: must be the name of another record, not 'b'"),
        ('[a]\nlike = "b"\n[b]\nlike = "a"', ".like: must be the name of another record"),
        ("[a]\nlike = []", "printer-models.toml a.like: must be the name of another record"),
        ("[a]\nlike = 3", "printer-models.toml a.like: must be the name of another record"),
        ("a = 1", "printer-models.toml a: must be a table"),
        ("[a", "is not valid TOML"),
    ],
)
def test_a_wrong_record_is_refused_in_one_line_that_names_the_key(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ModelError) as caught:
        own(tmp_path, text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_that_is_set_wins_over_the_record() -> None:
    model = MODELS["epson-tm-t20"]
    assert overridden(model, {"columns": 42}, "").dots == 512, "columns bring their dots"
    assert overridden(model, {"columns": 42, "dots": 576}, "").dots == 576
    assert overridden(model, {"code_page": 16}, "").codec == "cp1252", "a usual page brings its codec"
    assert overridden(model, {"code_page": 77, "codec": "cp858"}, "").codec == "cp858"
    assert overridden(model, {"cutter": False}, "").cutter is False
    assert overridden(model, {}, "") == model


def test_the_paper_of_a_record_is_what_the_renderer_obeys() -> None:
    model = overridden(UNHEARD_OF, {"code_page": 16, "cutter": False, "feed": 9, "line_pitch": 28}, "")
    out = to_escpos(receipt("Café"), model.paper("image"))
    assert b"\x1bt\x10" in out
    assert "Café".encode("cp1252") in out
    assert b"\x1bd\x09" in out
    assert b"\x1b3\x1c" in out
    assert b"\x1dV" not in out
    assert model.paper("native") == Paper(
        columns=32, dots=384, cutter=False, qr="native", code_page=16, codec="cp1252", feed=9, line_pitch=28
    )
