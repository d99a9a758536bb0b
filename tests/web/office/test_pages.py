"""What holds on every page: one heading, labelled fields, no inline script or style."""

import re

import pytest

from tests.factories import Shop
from tests.web.office.conftest import Office
from tests.web.office.person import Person
from tests.web.office.test_roles import MAY


def pages(till: Shop) -> list[str]:
    till.sell({"KTO-100": 1}, qris=True)
    (payment,) = till.get("/payments")["items"]
    sale = till.sell({"KTO-100": 1})
    shift = till.get("/shifts/current?register=K1")["id"]
    return [page.format(sale=sale["id"], shift=shift, payment=payment["id"]) for page in [*MAY, "pin"]]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_well_made(office: Office, till: Shop, language: str) -> None:
    person = office("Manajer")
    person.client.set_cookie("pos_language", language)
    for page in pages(till):
        person.see(page)
        source = person.source
        assert f'<html lang="{language}"' in source, page
        assert len(re.findall(r"<h1\b", source)) == 1, page
        assert re.search(r"\sstyle=|\son\w+=|javascript:", re.sub(r"<pre.*?</pre>", "", source)) is None, page
        assert "<main" in source, page
        ids = re.findall(r'\sid="([^"]+)"', source)
        assert len(ids) == len(set(ids)), (page, sorted(i for i in ids if ids.count(i) > 1))
        labels = set(re.findall(r'<label for="([^"]+)"', source))
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", source):
            if 'type="hidden"' in field or 'type="checkbox"' in field:
                continue
            name = re.search(r'\sid="([^"]+)"', field)
            assert name is not None, (page, field)
            assert name.group(1) in labels, (page, field)


def test_no_page_is_kept_by_the_browser(office: Office, till: Shop) -> None:
    person = office("Manajer")
    for page in pages(till):
        answer = person.client.get(f"/back-office/{page}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_database_that_does_not_answer_is_said_calmly(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy.exc

    from pos.web.office import home

    person = office("Manajer")

    def broken(*_args: object, **_more: object) -> None:
        raise sqlalchemy.exc.OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(home.lots, "low", broken)
    assert "The database does not answer." in person.see("", status=503)


def test_the_frame_names_who_is_here(office: Office) -> None:
    person: Person = office("Bendahara")
    assert "Bendahara treasurer" in person.see("")
