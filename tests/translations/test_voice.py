"""The spoken prompts: every text has its file in both languages, small, and nothing else lies there."""

import pytest

from pos.translations.voice import FOLDER, LANGUAGE, PROMPTS, spoken

MOST = 600_000
"""Bytes of all of them together."""


@pytest.mark.parametrize("language", sorted(LANGUAGE))
def test_every_text_has_its_file_and_no_file_is_left_over(language: str) -> None:
    files = {path.stem for path in (FOLDER / language).iterdir()}
    assert files == spoken()[language].keys()
    assert all(path.read_bytes().startswith(b"OggS") for path in (FOLDER / language).iterdir())


def test_what_is_said_is_translated() -> None:
    same = {name for name in PROMPTS if spoken()["id"][name][1] == spoken()["en"][name][1]}
    assert same <= {"total"}


def test_they_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.ogg")) <= MOST
