"""Help: a page for every screen, in both languages, and a search over them; served by this machine alone.

The texts are files in `templates/help`, one a screen and language, as `pos.domain.help_text` reads them.
"""

from functools import cache

from flask import Blueprint, abort, render_template, request
from flask_babel import get_locale

from pos.domain import help_text
from pos.domain.help_text import HelpText
from pos.paths import resource_dir
from pos.web.help_topics import CONTENTS, TOPICS
from pos.web.inside import inside

bp = Blueprint("help", __name__, url_prefix="/help")

MOST_TYPED = 80


@cache
def text_of(topic: str, language: str) -> HelpText:
    """Return the help of a screen. Texts are a part of the program, so each is read once."""
    path = resource_dir("templates") / "help" / language / f"{topic}.txt"
    return help_text.read(path.read_text("utf-8"))


def _language() -> str:
    return str(get_locale() or "id")


def _back() -> str:
    return inside(request.args.get("from", ""))


@bp.get("/")
def index() -> str:
    """The contents, or what has the words that are looked for."""
    typed = request.args.get("q", "").strip()[:MOST_TYPED]
    words = typed.lower().split()
    texts = {topic: text_of(topic, _language()) for topic in TOPICS}
    found = [topic for _, topics in CONTENTS for topic in topics if texts[topic].has(words)] if words else []
    # What has the words in its title is likelier meant.
    found.sort(key=lambda topic: not any(word in texts[topic].title.lower() for word in words))
    return render_template(
        "help/index.html", contents=CONTENTS, texts=texts, typed=typed, found=found, back=_back()
    )


@bp.get("/<topic>")
def page(topic: str) -> str:
    """The help of one screen."""
    if topic not in TOPICS:
        abort(404)
    heading, others = next((name, topics) for name, topics in CONTENTS if topic in topics)
    return render_template(
        "help/page.html",
        text=text_of(topic, _language()),
        heading=heading,
        others=[(one, text_of(one, _language()).title) for one in others],
        topic=topic,
        back=_back(),
    )
