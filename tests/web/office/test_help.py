"""The help: a page for every screen in both languages, reachable from it, readable without a network."""

import re
from pathlib import Path

import pytest

from pos.domain.help_text import read
from pos.doors.service import Service
from pos.paths import resource_dir
from pos.web.help_topics import TOPICS, topic_of
from tests.web.office.conftest import Office
from tests.web.office.person import Person

FOLDER = resource_dir("templates") / "help"
NO_SCREEN = {"office.static"}


def _texts(language: str) -> dict[str, Path]:
    return {path.stem: path for path in (FOLDER / language).glob("*.txt")}


def test_every_screen_of_the_office_has_its_help(app: Service) -> None:
    app.load_all()
    screens = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("office.")
        and "GET" in (rule.methods or ())
        and rule.endpoint not in NO_SCREEN
    }
    assert len(screens) > 60
    without = {screen for screen in screens if topic_of(screen) not in TOPICS}
    assert not without, f"say in pos/web/help_topics.py which help belongs to {without}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_topic_is_written_in_each_language_and_nothing_else(language: str) -> None:
    assert _texts(language).keys() == TOPICS


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_both_languages_say_the_same_things(topic: str) -> None:
    ours, english = (read(_texts(language)[topic].read_text("utf-8")) for language in ("id", "en"))
    assert len(ours.cases) == len(english.cases) >= 2
    assert ours.title != english.title or ours.lead != english.lead
    assert "napi" not in " ".join((ours.title, ours.lead, *ours.steps)).lower().split()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_link_of_the_help_resolves_and_each_page_leads_back(anybody: Person, language: str) -> None:
    anybody.client.set_cookie("pos_language", language)
    back = "?from=/back-office/sales/"
    anybody.see(f"/help/{back}")
    links = set(re.findall(r'href="(/help/[a-z-]+)\?', anybody.source))
    assert {link.rsplit("/", 1)[1] for link in links} == TOPICS
    for link in sorted(links):
        anybody.see(link + back)
        assert 'href="/back-office/sales/"' in anybody.source, link
        assert len(re.findall(r"<h1\b", anybody.source)) == 1


def test_a_page_of_the_office_leads_to_its_own_help(office: Office) -> None:
    person = office("Manajer")
    for page, topic in {"stock/receive": "receive", "audit/": "audit", "products/KTO-100": "product"}.items():
        person.see(page)
        found = re.search(r'href="(/help/[^"]+)"', person.source)
        assert found is not None
        assert found[1].startswith(f"/help/{topic}?"), found[1]
        assert read(_texts("en")[topic].read_text("utf-8")).title in person.see(found[1])


def test_help_is_found_by_its_words_and_says_so_when_it_is_not(anybody: Person) -> None:
    assert (
        "Counting and closing the till" in anybody.see("/help/?q=float+drawer")
        or "Opening the till" in anybody.text
    )
    assert anybody.text.index("Labels") > 0
    assert "Nothing has these words" in anybody.see("/help/?q=zzz<b>")
    assert "<b>" not in anybody.source
    anybody.see("/help/nothing", status=404)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_the_way_back_leads_nowhere_else(anybody: Person, elsewhere: str) -> None:
    anybody.client.get("/help/till", query_string={"from": elsewhere})
    page = anybody.client.get("/help/till", query_string={"from": elsewhere}).text
    assert "evil" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Title\nlead",
        "# T\n1. a\n2. b\n3. c\n? d\ne",
        "# T\nl\n1. a\n3. b\n2. c\n? d\ne",
        "# T\nl\n1. a\n2. b\n3. c\n? d",
    ],
)
def test_a_text_that_lacks_a_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"begins|out of place|has"):
        read(text)
