"""Every word that a script shows has its Indonesian translation, and asks for the same values."""

import re

from babel.messages.pofile import read_po

from pos.web.assets import ROOT
from pos.web.till_words import english

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def catalogue() -> dict[str, str]:
    path = ROOT.parent / "translations" / "src" / "till.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="id") if message.id}


def test_the_scripts_words_are_found_in_the_scripts() -> None:
    assert {"Exact cash", "Change", "Only %(count)s left"} <= set(english())
    assert len(english()) > 150


def test_every_word_of_the_scripts_is_translated() -> None:
    translated = catalogue()
    assert [text for text in english() if not translated.get(text)] == []
    for text in english():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(translated[text]))
