"""Every word that a script shows has its Indonesian translation, and asks for the same values."""

import re

from pos.translations.compile import fragments, merge
from pos.web.till_words import english

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def catalogue() -> dict[str, str]:
    """All areas together: a script's words stand in the one they belong to."""
    return {str(message.id): str(message.string) for message in merge(fragments()) if message.id}


def test_the_scripts_words_are_found_in_the_scripts() -> None:
    assert {"Exact cash", "Change", "Only %(count)s left"} <= set(english())
    assert len(english()) > 150


def test_every_word_of_the_scripts_is_translated() -> None:
    translated = catalogue()
    assert [text for text in english() if not translated.get(text)] == []
    for text in english():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(translated[text]))
