"""The words that the scripts show: there they stand as `t("English")`, and the page carries translations."""

from flask_babel import force_locale, gettext

from pos.translations.scripts import FOLDER, script_texts


def english() -> tuple[str, ...]:
    """Every text of the scripts, found in the scripts themselves, so that the list can't be forgotten.

    A kiosk's page carries its own.
    """
    return script_texts(*sorted(place.name for place in FOLDER.iterdir() if place.name != "kiosk"))


def words() -> dict[str, str]:
    """English text to the reader's language; what is the same in both is left out."""
    translated = {text: gettext(text) for text in english()}
    return {text: word for text, word in translated.items() if word != text}


def indonesian(*scripts: str) -> dict[str, str]:
    """English text to Indonesian, whatever the reader's language is: for pages that change it by themselves.

    `scripts` are folders of scripts or single files, as `script_texts` takes them.
    """
    with force_locale("id"):
        return {text: gettext(text) for text in script_texts(*scripts)}
